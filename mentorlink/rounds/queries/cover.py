"""The cover map: before anything is solved, which gaps the mentors of a round can fill, and whom one could win over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel.db import db
from mentorlink.pairing.models import Offer
from mentorlink.people.models import AuditEntry, Person, Unit
from mentorlink.programmes.models import Programme
from mentorlink.rounds.models import Round
from mentorlink.rounds.rules import CoverRow

MOST_CANDIDATES = 6


@dataclass(frozen=True)
class CoverLine:
    """One competency as the round meets it."""

    competency: Competency
    needed: int
    """Mentees with a gap here."""
    levels: int
    """Levels that they miss together."""
    covered: int
    """Mentees whom a place could serve."""
    unfillable: int
    """Mentees whom no mentor they may have can serve."""
    level: int
    """Level a new mentor would need to hold."""
    recruit: int
    """How many mentors are missing."""
    candidates: Sequence[tuple[Person, int]] = ()
    """Who holds that level and offers nothing yet, with the level."""

    @property
    def beyond(self) -> int:
        """Mentees whom somebody could serve, if there were a place left."""
        return max(0, self.needed - self.covered - self.unfillable)


@dataclass(frozen=True)
class Cover:
    """The cover map."""

    lines: Sequence[CoverLine]

    @property
    def lacking(self) -> list[CoverLine]:
        """Competencies for which somebody is to be won over, the widest lack first."""
        return [line for line in self.lines if line.recruit]


def asked_in(round_: Round) -> dict[tuple[int, int], datetime]:
    """(competency, person) → when they were asked first to offer help for this round. One query."""
    rows = db.session.execute(
        sa.select(AuditEntry.at, AuditEntry.facts)
        .where(AuditEntry.thing == "round", AuditEntry.thing_id == round_.id, AuditEntry.act == "mentors_sought")
        .order_by(AuditEntry.id.desc())
    )
    return {(facts["competency"], person_id): at for at, facts in rows for person_id in facts.get("asked", ())}


def candidates_of(programme: Programme, rows: Sequence[CoverRow], there: set[int]) -> dict[str, list[tuple[int, int]]]:
    """Code → who holds enough of a competency and has no open offer, with the level; a handful each.

    One query for each of the first ten competencies that lack somebody.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    offering = sa.select(Offer.person_id).where(Offer.kind == "mentor", Offer.closed_at.is_(None))
    for row in [row for row in rows if row.recruit][:10]:
        query = (
            sa.select(Person.id, CurrentLevel.level)
            .join(CurrentLevel, CurrentLevel.person_id == Person.id)
            .join(Competency, CurrentLevel.competency_id == Competency.id)
            .join(Unit, Person.unit_id == Unit.id)
            .where(
                Competency.code == row.code,
                CurrentLevel.level >= row.level,
                Person.state == "active",
                Person.id.not_in(offering),
            )
            .order_by(CurrentLevel.level.desc(), Person.folded_name, Person.id)
            .limit(MOST_CANDIDATES)
        )
        if programme.unit is not None:
            query = query.where(Unit.path.startswith(programme.unit.path, autoescape=True))
        found[row.code] = [(person_id, level) for person_id, level in db.session.execute(query) if person_id not in there]
    return found
