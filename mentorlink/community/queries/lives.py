"""Reads about the life of a community: where it stands, what its steps must yield, what was promised and measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload, load_only

from mentorlink.community import stages
from mentorlink.community.models.communities import Community, Membership
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import FollowUp, Gathering
from mentorlink.community.models.knowledge import KnowledgePage
from mentorlink.community.models.lives import CycleReview, Focus, Keeper, Life, Measure, Promise
from mentorlink.community.policy import lives as policy
from mentorlink.community.policy.communities import barred_from
from mentorlink.community.rules import lives as rules
from mentorlink.competencies.models import Competency
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person, Unit
from mentorlink.programmes.models import Programme


@dataclass(frozen=True)
class Duty:
    """Something a step must yield: whether it is there, and who has it."""

    code: str
    by: str
    gate: bool
    done: bool
    have: int
    of: int | None
    keeper: Person | None


@dataclass(frozen=True)
class Standing:
    """Where a community stands, and what each of its steps must yield."""

    life: Life
    duties: dict[str, tuple[Duty, ...]]

    @property
    def now(self) -> tuple[Duty, ...]:
        """What the present step must yield."""
        return self.duties[self.life.step]

    @property
    def ready(self) -> bool:
        """True when the step can be left forward."""
        return all(duty.done for duty in self.now if duty.gate)


def community_to_assign_for(actor: Actor, community_id: int) -> Community:
    """A community into which the actor may send people of a programme, whether they may see it otherwise or not."""
    community = db.session.get(Community, community_id)
    if community is None or not policy.may_assign_members(actor, community):
        raise NotFound()
    return community


def to_assign_from(community_id: int, unit: Unit) -> sa.Select[tuple[int]]:
    """Ids of who would come if a unit with all below it were sent: active, no member yet, and not removed."""
    members = sa.select(Membership.person_id).where(Membership.community_id == community_id)
    return (
        sa.select(Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(
            Person.state == "active",
            Unit.path.startswith(unit.path, autoescape=True),
            Person.id.not_in(members),
            Person.id.not_in(barred_from(community_id)),
        )
        .order_by(Person.id)
    )


def count_to_assign(community_id: int, unit: Unit) -> int:
    """How many would come with ``to_assign_from``."""
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(to_assign_from(community_id, unit).order_by(None).subquery()))
        or 0
    )


def life_of(community_id: int) -> Life:
    """The life of a community."""
    return db.session.get_one(Life, community_id)


def standing_for(actor: Actor, community: Community) -> Standing:
    """Where the community stands; to who is not a member its life is closed off."""
    if not policy.may_see_inside(actor, community):
        raise NotFound()
    return standing_of(community)


def standing_of(community: Community) -> Standing:
    """Where the community stands. Three queries."""
    life = life_of(community.id)
    facts = facts_of(community, life)
    keepers = {
        row.code: row.person
        for row in db.session.scalars(
            sa.select(Keeper).where(Keeper.community_id == community.id).options(with_person(Keeper.person))
        )
    }
    duties: dict[str, tuple[Duty, ...]] = {}
    for step, parts in stages.YIELDS.items():
        found = []
        for part in parts:
            verdict = rules.verdict(part.code, facts)
            found.append(Duty(part.code, part.by, part.gate, verdict.done, verdict.have, verdict.of, keepers.get(part.code)))
        duties[step] = tuple(found)
    return Standing(life, duties)


def facts_of(community: Community, life: Life) -> rules.Facts:
    """What there is of the present cycle, counted in one query."""
    here = community.id
    since = life.started_at or life.entered_at
    cycle = sa.and_(Promise.community_id == here, Promise.cycle == life.cycle)
    measured = sa.and_(Measure.community_id == here, Measure.cycle == life.cycle)
    held = sa.and_(Gathering.community_id == here, Gathering.state == "held", Gathering.held_at >= since)
    opened = sa.and_(Decision.community_id == here, Decision.opened_at >= since)
    owed = sa.and_(FollowUp.gathering_id == Gathering.id, held)
    counts = db.session.execute(
        sa.select(
            _count(Membership, Membership.community_id == here),
            _count(Membership, Membership.community_id == here, Membership.role == "expert"),
            _count(Measure, measured),
            _count(Measure, measured, Measure.result.is_not(None)),
            _count(Promise, cycle, _belongs(Promise.person_id, here)),
            _count(Promise, cycle, _belongs(Promise.person_id, here), Promise.state != "open"),
            _count(Gathering, held),
            _count(Gathering, held, Gathering.minutes_version > 0),
            _count(Decision, Decision.community_id == here, Decision.decided_at >= since, Decision.state == "decided"),
            _count(Decision, opened, Decision.state == "open"),
            _count(FollowUp, owed),
            _count(FollowUp, owed, FollowUp.state == "open"),
            _count(KnowledgePage, KnowledgePage.community_id == here, KnowledgePage.reviewed_at >= since),
        )
    ).one()
    review = db.session.get(CycleReview, (here, life.cycle))
    members, experts, measures, results, promises, settled, gatherings, minuted, decided, undecided, owing, open_, pages = counts
    return rules.Facts(
        problem=bool(community.purpose), belongs=bool(life.belongs), why=bool(community.why), members=members, experts=experts,
        measures=measures, results=results, promises=promises, settled=settled, held=gatherings, with_minutes=minuted,
        decided=decided, undecided=undecided, follow_ups=owing, open_follow_ups=open_, pages=pages,
        changed=bool(review and review.changed), keep=bool(review and review.keep),
    )  # fmt: skip


def promises_for(actor: Actor, community: Community, *, limit: int = 200) -> list[Promise]:
    """What members promise in the present cycle, by name."""
    if not policy.may_see_inside(actor, community):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(Promise)
            .join(Promise.person)
            .where(Promise.community_id == community.id, Promise.cycle == life_of(community.id).cycle)
            .options(with_person(Promise.person))
            .order_by(Person.folded_name, Promise.id)
            .limit(limit)
        )
    )


def promise_for(actor: Actor, commitment_id: int) -> Promise:
    """A promise in a community of which the actor is a member."""
    row = db.session.get(Promise, commitment_id)
    if row is None or not policy.may_see_inside(actor, db.session.get_one(Community, row.community_id)):
        raise NotFound()
    return row


def measures_for(actor: Actor, community: Community) -> list[Measure]:
    """By what the community measures itself in the present cycle."""
    if not policy.may_see_inside(actor, community):
        raise NotFound()
    now = sa.select(Measure).where(Measure.community_id == community.id, Measure.cycle == life_of(community.id).cycle)
    return list(db.session.scalars(now.order_by(Measure.id).limit(50)))


def measure_for(actor: Actor, measure_id: int) -> Measure:
    """A measure in a community of which the actor is a member."""
    row = db.session.get(Measure, measure_id)
    if row is None or not policy.may_see_inside(actor, db.session.get_one(Community, row.community_id)):
        raise NotFound()
    return row


def reviews_for(actor: Actor, community: Community) -> list[CycleReview]:
    """What each cycle came to, newest first."""
    if not policy.may_see_inside(actor, community):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(CycleReview)
            .where(CycleReview.community_id == community.id)
            .options(with_person(CycleReview.written_by))
            .order_by(CycleReview.cycle.desc())
            .limit(50)
        )
    )


def focus_of(community_id: int) -> list[Competency]:
    """The competencies that a community works on."""
    return list(
        db.session.scalars(
            sa.select(Competency)
            .join(Focus, Focus.competency_id == Competency.id)
            .where(Focus.community_id == community_id)
            .order_by(Competency.framework_id, Competency.position)
        )
    )


def competencies_by_id(ids: Iterable[int]) -> list[Competency]:
    """Competencies in use with these ids, in the order of the frameworks."""
    return list(
        db.session.scalars(
            sa.select(Competency)
            .where(Competency.id.in_(set(ids)), Competency.retired_at.is_(None))
            .order_by(Competency.framework_id, Competency.position)
        )
    )


def competencies_by_framework() -> list[tuple[dict[str, str], list[Competency]]]:
    """Every competency in use under the name of its framework: for choosing some."""
    rows = db.session.scalars(
        sa.select(Competency)
        .where(Competency.retired_at.is_(None))
        .order_by(Competency.framework_id, Competency.position, Competency.id)
        .limit(1000)
    )
    found: dict[int, tuple[dict[str, str], list[Competency]]] = {}
    for row in rows:
        found.setdefault(row.framework_id, (row.framework.name, []))[1].append(row)
    return list(found.values())


def running_programmes() -> list[Programme]:
    """The programmes that a community may join."""
    query = sa.select(Programme).where(Programme.state == "active").order_by(Programme.starts_on.desc())
    return list(db.session.scalars(query.limit(100)))


def with_person(relation: Any) -> Any:
    """Loads of a person what a line shows."""
    return joinedload(relation).options(load_only(Person.id, Person.name), lazyload("*"))


def _count(table: type[Any], *conditions: Any) -> Any:
    return sa.select(sa.func.count()).select_from(table).where(*conditions).scalar_subquery()


def _belongs(column: Any, community_id: int) -> Any:
    return column.in_(sa.select(Membership.person_id).where(Membership.community_id == community_id))
