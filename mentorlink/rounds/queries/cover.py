"""The cover map: before anything is solved, which gaps the mentors of a round can fill, and whom one could win over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel.db import db
from mentorlink.pairing.models import Offer
from mentorlink.people.models import Person, Unit
from mentorlink.programmes.models import Programme
from mentorlink.rounds.models import Round
from mentorlink.rounds.queries.cohort import cohort_of
from mentorlink.rounds.rules import cover_rows

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


@dataclass(frozen=True)
class Cover:
    """The cover map."""

    lines: Sequence[CoverLine]

    @property
    def lacking(self) -> list[CoverLine]:
        """Competencies for which somebody is to be won over, the widest lack first."""
        return [line for line in self.lines if line.recruit]


def cover_of(round_: Round) -> Cover:
    """The cover map of a round as of now; ten queries and one scan, whatever the number of people."""
    cohort = cohort_of(round_)
    rows = cover_rows(cohort)
    names = {
        row.code: row for row in db.session.scalars(sa.select(Competency).where(Competency.code.in_([row.code for row in rows])))
    }
    lines = [
        CoverLine(names[row.code], row.needed, row.levels, row.covered, row.unfillable, row.level, row.recruit)
        for row in rows
        if row.code in names
    ]
    wanted = [line for line in lines if line.recruit]
    found = _candidates(round_.programme, wanted, {mentor.id for mentor in cohort.mentors})
    return Cover([replace(line, candidates=found.get(line.competency.id, ())) for line in lines])


def _candidates(programme: Programme, wanted: Sequence[CoverLine], there: set[int]) -> Mapping[int, Sequence[tuple[Person, int]]]:
    """Who holds enough of a competency and has no open offer; at most a handful each. One query for each of the first lines."""
    found: dict[int, Any] = {}
    offering = sa.select(Offer.person_id).where(Offer.kind == "mentor", Offer.closed_at.is_(None))
    for line in wanted[:10]:
        query = (
            sa.select(Person, CurrentLevel.level)
            .join(CurrentLevel, CurrentLevel.person_id == Person.id)
            .join(Unit, Person.unit_id == Unit.id)
            .where(
                CurrentLevel.competency_id == line.competency.id,
                CurrentLevel.level >= line.level,
                Person.state == "active",
                Person.id.not_in(offering),
            )
            .order_by(CurrentLevel.level.desc(), Person.folded_name, Person.id)
            .limit(MOST_CANDIDATES)
        )
        if programme.unit is not None:
            query = query.where(Unit.path.startswith(programme.unit.path, autoescape=True))
        found[line.competency.id] = [(person, level) for person, level in db.session.execute(query) if person.id not in there]
    return found
