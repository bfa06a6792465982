"""The cover map: per competency, who needs it, whom the round's mentors can serve, and how many mentors are missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mentorlink.matching import Mentee, Mentor, MentorIndex
from mentorlink.rounds.rules.cohort import Cohort

Need = tuple[int, int, int]
"""Mentee, level held, level asked."""

Levels = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

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
    """How many more mentors would serve those whom nobody can serve now."""


def cover_rows(cohort: Cohort) -> list[CoverRow]:
    """Every competency in which somebody has a gap, those that nobody can fill first.

    Hard rules count, and a mentor without places counts as none. A place is counted for every competency that its mentor could
    serve, so the map says what is impossible, not how the places will be shared out.
    """
    mentors = sorted(cohort.mentors, key=lambda mentor: mentor.id)
    gaps = _gaps(cohort.mentees)
    if not gaps:
        return []
    places = np.array([cohort.capacity.get(mentor.id, 0) for mentor in mentors], dtype=np.int64)
    allowed = _allowed(cohort, mentors)
    usual = max(1, round(float(places[places > 0].mean()))) if (places > 0).any() else USUAL_PLACES
    rows = []
    for code, needs in gaps.items():
        held = np.array([mentor.levels.get(code, 0) for mentor in mentors], dtype=np.int64)
        rows.append(_row(code, needs, held, places, allowed, usual))
    return sorted(rows, key=lambda row: (-row.unfillable, row.covered - row.needed, row.code))


def _row(code: str, needs: Sequence[Need], held: Levels, places: Levels, allowed: Mapping[int, Mask], usual: int) -> CoverRow:
    lost, useful = [], np.zeros(len(places), dtype=bool)
    for mentee_id, actual, required in needs:
        could = allowed[mentee_id] & (held > actual) & (places > 0)
        useful |= could
        if not could.any():
            lost.append(required)
    served = min(len(needs) - len(lost), int(places[useful].sum()))
    level = Counter(lost or [required for _id, _actual, required in needs]).most_common(1)[0][0]
    return CoverRow(
        code,
        len(needs),
        sum(required - actual for _id, actual, required in needs),
        served,
        len(lost),
        level,
        -(-len(lost) // usual),
    )


def _gaps(mentees: Sequence[Mentee]) -> dict[str, list[Need]]:
    """Competency → mentee, level held, level asked; where something is missing."""
    found: dict[str, list[Need]] = defaultdict(list)
    for mentee in sorted(mentees, key=lambda mentee: mentee.id):
        for code, required in mentee.required.items():
            if (actual := mentee.levels.get(code, 0)) < required:
                found[code].append((mentee.id, actual, required))
    return dict(sorted(found.items()))


def _allowed(cohort: Cohort, mentors: Sequence[Mentor]) -> dict[int, Mask]:
    """Mentee → for each mentor, by id, whether no rule forbids the pair."""
    if not mentors:
        return {mentee.id: np.zeros(0, dtype=bool) for mentee in cohort.mentees}
    index = MentorIndex().fit([replace(mentor, text="") for mentor in mentors])
    batch = index.batch(cohort.mentees, rules=cohort.rules, bans=cohort.bans)
    return {int(mentee): batch.scores(row) >= 0 for row, mentee in enumerate(batch.mentee_ids)}
