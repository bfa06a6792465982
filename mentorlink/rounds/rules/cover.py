"""The cover map: per competency, who needs it, whom the round's mentors can serve, and how many mentors are missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mentorlink.matching import MentorIndex, cover_map
from mentorlink.rounds.rules.cohort import Cohort

USUAL_PLACES = 2
"""So many places a mentor who is won over is taken to bring, where the round has none to go by."""


@dataclass(frozen=True)
class CoverRow:
    """One competency."""

    code: str
    needed: int
    """Mentees with a gap here."""
    levels: int
    """Levels that they miss together."""
    covered: int
    """Mentees whom the places could serve here, if they served nothing else."""
    unfillable: int
    """Mentees for whom nobody whom they may have holds more than they do."""
    level: int
    """Level that most of those who are not served need."""
    recruit: int
    """How many more mentors would serve those who cannot be served now."""


def cover_rows(cohort: Cohort) -> list[CoverRow]:
    """Every competency in which somebody has a gap, those that nobody can fill first.

    Hard rules count, and a mentor without places counts as none. Each competency is looked at as if the places served it alone
    (``mentorlink.matching.cover_map``), so the map says what is impossible, not how the places will be shared out.
    """
    index = MentorIndex().fit([replace(mentor, text="") for mentor in cohort.mentors])
    batch = index.batch(cohort.mentees, rules=cohort.rules, bans=cohort.bans)
    told = cover_map(batch, cohort.mentors, cohort.mentees, cohort.given)
    usual = max(1, round(told.places / told.mentors)) if told.mentors else USUAL_PLACES
    wanted: dict[str, tuple[int, int]] = {}  # code → how many need it, of what level
    for each in told.recruit:
        wanted[each.code] = max(wanted.get(each.code, (0, 0)), (each.how_many, each.level))
    rows = []
    for row in told.rows:
        _most, level = wanted.get(row.code, (0, 0))
        mentors = -(-row.short // usual)
        rows.append(CoverRow(row.code, row.needed, row.levels, row.servable, row.unfillable, level, mentors))
    return sorted(rows, key=lambda row: (-row.unfillable, row.covered - row.needed, row.code))
