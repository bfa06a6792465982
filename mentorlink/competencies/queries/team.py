"""The people whom somebody answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from mentorlink.competencies import rules
from mentorlink.competencies.models import Assessment
from mentorlink.competencies.queries.needs import among, needs_of
from mentorlink.competencies.queries.standards import limits_on
from mentorlink.competencies.rules import JobMatch
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, Unit

TEAM = 200


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One of one's own people, with their gaps and when their superior last looked."""

    person: Person
    match: JobMatch
    gaps: int
    unassessed: int
    assessed_on: date | None


def team_for(actor: Actor) -> list[TeamMember]:
    """Who reports to ``actor`` directly: the people of the units they head, and the heads of the units right below."""
    mine = sa.select(Unit.id).where(Unit.head_id == actor.person_id)
    heads = sa.select(Unit.head_id).where(Unit.parent_id.in_(mine), Unit.head_id.is_not(None))
    query = (
        sa.select(Person)
        .where(sa.or_(Person.unit_id.in_(mine), Person.id.in_(heads)), Person.id != actor.person_id, Person.state != "disabled")
        .order_by(Person.folded_name, Person.id)
        .limit(TEAM)
    )
    people = list(db.session.scalars(query)) if actor.heads else []
    needs = needs_of([person.id for person in people]) if people else {}
    limits = limits_on(clock.today())
    seen = _last_looked([person.id for person in people]) if people else {}
    return [
        TeamMember(
            person,
            rules.job_person_match(needs[person.id], limits),
            sum(1 for need in needs[person.id] if need.gap),
            sum(1 for need in needs[person.id] if not need.is_assessed),
            seen.get(person.id),
        )
        for person in people
    ]


def _last_looked(person_ids: list[int]) -> dict[int, date]:
    query = (
        sa.select(Assessment.person_id, sa.func.max(Assessment.assessed_on))
        .where(among(Assessment.person_id, person_ids), Assessment.source == "superior")
        .group_by(Assessment.person_id)
    )
    return dict(db.session.execute(query).all())
