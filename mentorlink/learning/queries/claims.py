"""Reads of claims, and of who decides over somebody's learning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, undefer

from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import Claim, Evidence, HoursEntry
from mentorlink.learning.policy import may_change_claim, may_see_hours
from mentorlink.people.models import Person, RoleGrant, Unit
from mentorlink.people.queries import line_heads

SHOWN = 100


def claim_for(actor: Actor, claim_id: int) -> Claim:
    """One claim: one's own, or of somebody whose hours the actor may see."""
    claim = db.session.get(Claim, claim_id, options=[joinedload(Claim.person), joinedload(Claim.evidence)])
    if claim is None or not may_see_hours(actor, claim.person):
        raise NotFound()
    return claim


def own_claim_for(actor: Actor, claim_id: int) -> Claim:
    """A claim of the actor's own."""
    claim = claim_for(actor, claim_id)
    if not may_change_claim(actor, claim):
        raise NotFound()
    return claim


def entries_of_claim(actor: Actor, claim: Claim) -> Sequence[HoursEntry]:
    """What a claim has brought into the ledger, with its corrections, in order."""
    if not may_see_hours(actor, claim.person):
        raise NotFound()
    return db.session.scalars(
        sa.select(HoursEntry).where(HoursEntry.claim_id == claim.id).order_by(HoursEntry.happened_on, HoursEntry.id)
    ).all()


def claims_for(actor: Actor, person: Person, year: int) -> Sequence[Claim]:
    """The claims of somebody that are not in the ledger: those of a year that wait, were returned, refused or withdrawn."""
    if not may_see_hours(actor, person):
        raise NotFound()
    query = (
        sa.select(Claim)
        .where(
            Claim.person_id == person.id,
            Claim.ends_on >= date(year, 1, 1),
            Claim.ends_on <= date(year, 12, 31),
            Claim.state.in_(("sent", "returned", "refused")),
        )
        .order_by(Claim.id.desc())
        .limit(SHOWN)
    )
    return db.session.scalars(query).all()


def claims_beside(actor: Actor, claim: Claim) -> Sequence[Claim]:
    """Other claims of the same person with some of these days that stand: whoever decides sees what else is said of them."""
    if not may_see_hours(actor, claim.person):
        raise NotFound()
    return db.session.scalars(
        sa.select(Claim)
        .where(
            Claim.person_id == claim.person_id, Claim.id != claim.id, Claim.state.in_(("sent", "returned", "approved")),
            Claim.starts_on <= claim.ends_on, Claim.ends_on >= claim.starts_on,
        )
        .order_by(Claim.starts_on, Claim.id)
        .limit(10)
    ).all()  # fmt: skip


def evidence_for(actor: Actor, claim_id: int) -> Evidence:
    """The file of a claim with its bytes, for whoever may see the claim."""
    claim_for(actor, claim_id)
    evidence = db.session.get(Evidence, claim_id, options=[undefer(Evidence.content)])
    if evidence is None:
        raise NotFound()
    return evidence


def superior_deciding(person: Person) -> Person | None:
    """Who decides over somebody's learning first; None when nobody of the line is there, so that HR of the unit does."""
    upward = [head for head in reversed(line_heads(person.unit.path)) if head != person.id]
    there = {
        head.id: head for head in db.session.scalars(sa.select(Person).where(Person.id.in_(upward), Person.state != "disabled"))
    }
    return next((there[head] for head in upward if head in there), None)


def decider_ids(person: Person) -> list[int]:
    """Who is told that something of ``person`` waits: the superior, or HR over the unit."""
    superior = superior_deciding(person)
    return [superior.id] if superior is not None else hr_ids(person)


def hr_ids(person: Person) -> list[int]:
    """HR over somebody's unit, without themself."""
    grants = db.session.execute(
        sa.select(RoleGrant.person_id, Unit.path)
        .join(Person, RoleGrant.person_id == Person.id)
        .outerjoin(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.role == Role.MANAGER, Person.state != "disabled", RoleGrant.person_id != person.id)
    )
    return sorted({person_id for person_id, over in grants if over is None or person.unit.path.startswith(over)})


def waiting_claims_for(actor: Actor) -> Sequence[Claim]:
    """Claims that wait for the actor before anybody else, oldest first."""
    mine = falls_to(actor)
    if mine is None:
        return ()
    query = (
        sa.select(Claim)
        .join(Person, Claim.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .options(joinedload(Claim.person), joinedload(Claim.evidence))
        .where(Claim.state == "sent", Claim.person_id != actor.person_id, mine)
        .order_by(Claim.sent_at, Claim.id)
        .limit(SHOWN)
    )
    return db.session.scalars(query).unique().all()


def falls_to(actor: Actor) -> sa.ColumnElement[bool] | None:
    """The condition, over joined ``Person`` and ``Unit``, that the actor is the nearest who decides; None when never.

    A superior decides where no other head stands between; HR decides where nobody heads anything in the line.
    """
    between, head = aliased(Unit), aliased(Person)
    other_head = (
        sa.select(sa.literal(1))
        .select_from(between)
        .join(head, between.head_id == head.id)
        .where(
            head.id != Person.id,
            head.state != "disabled",
            Unit.path.startswith(between.path),
        )
    )
    ways = [
        sa.and_(
            Unit.path.startswith(path, autoescape=True),
            ~other_head.where(head.id != actor.person_id, between.path.startswith(path, autoescape=True)).exists(),
        )
        for path in actor.heads
    ]
    over = [grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER]
    if over:
        reach = sa.true() if None in over else sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in over if path))
        ways.append(sa.and_(reach, ~other_head.exists()))
    return sa.or_(*ways) if ways else None
