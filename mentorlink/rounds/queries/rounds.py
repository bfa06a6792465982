"""Rounds, what was done to them, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.models import Offer
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import programmes_for, rules_of
from mentorlink.programmes.rules import USUAL_IMPORTANCE, Enrolment
from mentorlink.programmes.rules import weights as weights_by
from mentorlink.rounds.models import Proposal, Round, RoundChange, RoundMember, RoundRun
from mentorlink.rounds.policy import may_add_round, may_see_round
from mentorlink.rounds.rules import Standing
from mentorlink.rounds.stages import UNSETTLED


def round_for(actor: Actor, round_id: int) -> Round:
    """The round; to whoever does not run its programme there is none."""
    found = db.session.get(Round, round_id)
    if found is None or not may_see_round(actor, found):
        raise NotFound()
    return found


def rounds_for(actor: Actor) -> list[Round]:
    """The rounds of the programmes that the actor runs, newest first."""
    rows = db.session.scalars(sa.select(Round).order_by(Round.created_at.desc(), Round.id.desc()).limit(200))
    return [row for row in rows if may_see_round(actor, row)]


def rounds_of(programme: Programme) -> Sequence[Round]:
    """The rounds of one programme, newest first."""
    newest = sa.select(Round).where(Round.programme_id == programme.id).order_by(Round.created_at.desc(), Round.id.desc())
    return db.session.scalars(newest).all()


def programmes_for_rounds(actor: Actor) -> list[Programme]:
    """Mentoring programmes in which the actor may begin a round, running ones first."""
    rows = programmes_for(actor)
    return [row for row in rows if row.kind == "mentoring" and row.state != "closed" and may_add_round(actor, row)]


def enrolment_of(round_: Round) -> Enrolment:
    """By which rules people take part."""
    return Enrolment.model_validate(round_.enrolment)


def limits_like(round_: Round) -> Round | None:
    """The round of its programme that its rules and limits were taken from; None once people were enrolled, or there was none."""
    done = sa.select(RoundChange.revision).where(RoundChange.round_id == round_.id, RoundChange.act == "enrolled").limit(1)
    if round_.state not in UNSETTLED or db.session.scalar(done) is not None:
        return None
    before = sa.select(Round).where(Round.programme_id == round_.programme_id, Round.id < round_.id).order_by(Round.id.desc())
    last = db.session.scalars(before.limit(1)).first()
    return last if last is not None and last.enrolment == round_.enrolment else None


def weights_of_round(round_: Round) -> dict[str, float]:
    """Part of the score → what it adds at most in this round, scaled to a sum of 1."""
    points = rules_of(round_.programme).points if round_.own_points else None
    found = weights_by(importances_of(round_), points)
    total = sum(found.values()) or 1.0
    return {term: weight / total for term, weight in found.items()}


def importances_of(round_: Round) -> dict[str, str]:
    """Part of the score → how important it is in this round."""
    return dict(USUAL_IMPORTANCE) | round_.importances


def changes_since(round_id: int, revision: int, *, most: int = 5) -> list[RoundChange]:
    """What HR did to a round after ``revision``, the newest first."""
    rows = (
        sa.select(RoundChange)
        .options(joinedload(RoundChange.by))
        .where(RoundChange.round_id == round_id, RoundChange.revision > revision)
        .order_by(RoundChange.revision.desc())
        .limit(most)
    )
    return list(db.session.scalars(rows))


@dataclass(frozen=True)
class Sizes:
    """How many take part."""

    mentees: int = 0
    mentors: int = 0
    places: int = 0
    """Places of the mentors, as this round counts them."""
    missed: int = 0
    """Mentees who went without in an earlier round."""


def places_of() -> sa.ColumnElement[int]:
    """A mentor's places in a round as a column: those that HR set, never more than their offer has free."""
    free = Offer.capacity - Offer.taken - Offer.held
    return sa.case((sa.and_(RoundMember.places.is_not(None), RoundMember.places < free), RoundMember.places), else_=free)


def places_told() -> sa.ColumnElement[int]:
    """The same as a page tells them: a round that was published keeps those it had, whatever is free since.

    Where it did not write them down, those that it gave.
    """
    given = (
        sa.select(sa.func.count())
        .where(
            Proposal.round_id == RoundMember.round_id,
            Proposal.mentor_id == RoundMember.person_id,
            Proposal.mentorship_id.is_not(None),
        )
        .correlate(RoundMember)
        .scalar_subquery()
    )
    return sa.case((Round.state == "published", sa.func.coalesce(RoundMember.places, given)), else_=places_of())


def offers_of_members() -> sa.ColumnElement[bool]:
    """Joins a mentor's membership to their open offer."""
    return sa.and_(Offer.person_id == RoundMember.person_id, Offer.kind == "mentor", Offer.closed_at.is_(None))


def sizes_of(round_: Round) -> Sizes:
    """How many take part on each side. Two queries."""
    mentees, missed = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((RoundMember.missed > 0, 1), else_=0)), 0)).where(
            RoundMember.round_id == round_.id, RoundMember.side == "mentee", RoundMember.out.is_(False)
        )
    ).one()
    mentors, places = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(places_told()), 0))
        .select_from(RoundMember)
        .join(Round, RoundMember.round_id == Round.id)
        .outerjoin(Offer, offers_of_members())
        .where(RoundMember.round_id == round_.id, RoundMember.side == "mentor", RoundMember.out.is_(False))
    ).one()
    return Sizes(mentees, mentors, int(places), int(missed))


def standing_of(round_: Round, sizes: Sizes, *, stale: bool = False) -> Standing:
    """Where the round stands; ``stale``: its draft does not know what came since."""
    runs = db.session.scalar(sa.select(sa.func.count()).where(RoundRun.round_id == round_.id)) or 0
    lines = db.session.scalar(sa.select(sa.func.count()).where(Proposal.round_id == round_.id)) or 0
    return Standing(round_.state, sizes.mentees, sizes.mentors, sizes.places, runs, bool(lines), stale)


@dataclass(frozen=True)
class RoundLine:
    """A round in a list."""

    round: Round
    sizes: Sizes
    matched: int
    standing: Standing


def round_lines(rounds: Sequence[Round]) -> list[RoundLine]:
    """What a list says of each round. Five queries however many rounds."""
    ids = [row.id for row in rounds]
    mentees, mentors, runs, lines = _counts(ids)
    return [
        RoundLine(
            row,
            sizes := Sizes(mentees.get(row.id, 0), *mentors.get(row.id, (0, 0))),
            lines.get(row.id, (0, 0))[1],
            Standing(row.state, sizes.mentees, sizes.mentors, sizes.places, runs.get(row.id, 0), row.id in lines),
        )
        for row in rounds
    ]


def _counts(ids: Sequence[int]) -> tuple[dict[int, int], dict[int, tuple[int, int]], dict[int, int], dict[int, tuple[int, int]]]:
    here = sa.and_(RoundMember.round_id.in_(ids), RoundMember.out.is_(False))
    mentees = db.session.execute(
        sa.select(RoundMember.round_id, sa.func.count()).where(here, RoundMember.side == "mentee").group_by(RoundMember.round_id)
    )
    mentors = db.session.execute(
        sa.select(RoundMember.round_id, sa.func.count(), sa.func.coalesce(sa.func.sum(places_told()), 0))
        .select_from(RoundMember)
        .join(Round, RoundMember.round_id == Round.id)
        .outerjoin(Offer, offers_of_members())
        .where(here, RoundMember.side == "mentor")
        .group_by(RoundMember.round_id)
    )
    runs = db.session.execute(
        sa.select(RoundRun.round_id, sa.func.count()).where(RoundRun.round_id.in_(ids)).group_by(RoundRun.round_id)
    )
    lines = db.session.execute(
        sa.select(Proposal.round_id, sa.func.count(), sa.func.count(Proposal.mentor_id))
        .where(Proposal.round_id.in_(ids))
        .group_by(Proposal.round_id)
    )
    return (
        dict(mentees.all()),
        {row[0]: (row[1], int(row[2])) for row in mentors},
        dict(runs.all()),
        {row[0]: (row[1], row[2]) for row in lines},
    )
