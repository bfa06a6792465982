"""Synthetic cohorts with the field's structure, for benchmarks, tests and demonstrations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._errors import InvalidParameter
from ._records import Mentee, Mentor, MentorColumns, Rules

COMMON = (*(f"M.{n}" for n in range(1, 9)), "SK.1")
TECHNICAL = tuple(f"T.{n:03}" for n in range(191))
CODES = COMMON + TECHNICAL
FAMILIES = 40
_ZONES = ("WIB", "WITA", "WIT")
_SYLLABLES = (
    "ba", "ri", "tu", "lang", "ke", "sa", "mi", "do", "pur", "nan", "gi", "ra", "wi", "te", "lo", "han", "su", "bi", "ja", "mar",
)  # fmt: skip

_RULES = Rules(grade_min=-4, with_room=False)


@dataclass(frozen=True, slots=True)
class SyntheticCohort:
    """Made by `make_cohort`.

    Attributes
    ----------
    mentors : MentorColumns
    mentees : tuple of Mentee
        Ids below 0, so that nobody is both.
    capacity : dict of int to int
        Mentor id → places.
    rules : Rules
        Leave about nine pairs of ten: nobody is mentored from more than four grades below, nor in the line of command; without
        room, which a
        round counts itself.
    """

    mentors: MentorColumns
    mentees: tuple[Mentee, ...]
    capacity: dict[int, int]
    rules: Rules = _RULES

    def mentor_records(self) -> list[Mentor]:
        """Return the mentors as one record each."""
        levels = np.asarray(self.mentors.levels)
        columns = [
            getattr(self.mentors, name) for name in ("units", "fields", "grades", "years", "languages", "time_zones", "places")
        ]
        texts = self.mentors.texts or [""] * len(levels)
        return [
            Mentor(
                int(person), {CODES[at]: int(levels[row, at]) for at in np.flatnonzero(levels[row])}, unit=unit, field=field,
                grade=grade, years=years, languages=languages, time_zone=zone, place=place, text=texts[row],
                room=self.capacity[int(person)],
            )
            for row, (person, unit, field, grade, years, languages, zone, place) in enumerate(
                zip(np.asarray(self.mentors.ids).tolist(), *columns, strict=True)
            )
        ]  # fmt: skip


def make_cohort(
    n_mentees: int = 500,
    n_mentors: int = 150,
    *,
    seed: int = 0,
    places: float = 1.05,
    texts: bool = False,
) -> SyntheticCohort:
    """Make a cohort: 40 job families of Zipf sizes; everybody has 9 common competencies and the 8–18 of 191 technical ones of
    the family,
    levels 1–5; mentees about eleven gaps of one or two levels.

    Parameters
    ----------
    n_mentees, n_mentors : int
    seed : int, default=0
        Same seed, same people. A larger cohort of the same seed is another one.
    places : float, default=1.05
        Places for each mentee, shared out at random over the mentors, one each at least.
    texts : bool, default=False
        Also write 30–40 made-up words for each person, of the family and of all.

    Returns
    -------
    SyntheticCohort

    Raises
    ------
    InvalidParameter
        ``bad_parameter``.
    """
    for name, value, least in (("n_mentees", n_mentees, 0), ("n_mentors", n_mentors, 0), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InvalidParameter("bad_parameter", name=name, value=repr(value)[:40])
    if not 0 <= places <= 1000:
        raise InvalidParameter("bad_parameter", name="places", value=repr(places)[:40])
    maker = _Maker(seed, texts)
    mentors = maker.mentors(n_mentors)
    ids = np.asarray(mentors.ids)
    capacity = np.ones(n_mentors, np.int64)
    spare = round(places * n_mentees) - n_mentors
    if n_mentors and spare > 0:
        capacity += np.bincount(maker.rng.integers(0, n_mentors, spare), minlength=n_mentors)
    mentees = tuple(maker.mentee(number, n_mentors) for number in range(1, n_mentees + 1))
    return SyntheticCohort(mentors, mentees, dict(zip(ids.tolist(), capacity.tolist(), strict=True)))


class _Maker:
    def __init__(self, seed: int, texts: bool) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.texts = texts
        sizes = 1 / np.arange(1, FAMILIES + 1)
        self.shares = sizes / sizes.sum()
        self.technical = [np.sort(rng.choice(len(TECHNICAL), rng.integers(8, 19), replace=False)) for _ in range(FAMILIES)]
        self.codes = [(*COMMON, *(TECHNICAL[at] for at in held)) for held in self.technical]
        if texts:
            words = sorted({"".join(rng.choice(_SYLLABLES, rng.integers(2, 4))) for _ in range(6000)})
            self.words = np.array(words)
            self.own_words = [rng.choice(self.words, 300, replace=False) for _ in range(FAMILIES)]

    def text(self, family: int, length: int) -> str:
        """Return words of the family and of all, the frequent ones more often."""
        if not self.texts:
            return ""
        rng = self.rng
        own = self.own_words[family][np.minimum(299, rng.zipf(1.3, length // 2) - 1)]
        common = self.words[np.minimum(len(self.words) - 1, rng.zipf(1.2, length - length // 2) - 1)]
        return " ".join(rng.permutation(np.concatenate([own, common])))

    def mentors(self, count: int) -> MentorColumns:
        """Return a pool."""
        rng = self.rng
        families = rng.choice(FAMILIES, count, p=self.shares)
        levels = np.zeros((count, len(CODES)), np.uint8)
        levels[:, : len(COMMON)] = rng.integers(1, 6, (count, len(COMMON)))
        for row, family in enumerate(families):
            held = self.technical[family]
            levels[row, len(COMMON) + held] = rng.integers(1, 6, len(held))
        return MentorColumns(
            np.arange(1, count + 1) * 3,
            CODES,
            levels,
            units=[(1, int(unit) // 20 + 10, int(unit) + 1000) for unit in rng.integers(0, 500, count)],
            fields=[f"F{family:02}" for family in families],
            grades=rng.integers(1, 14, count).tolist(),
            years=rng.integers(1, 36, count).tolist(),
            languages=[("id", "en") if english else ("id",) for english in rng.random(count) < 0.3],
            time_zones=rng.choice(_ZONES, count, p=[0.8, 0.15, 0.05]).tolist(),
            places=[f"P{place}" for place in rng.integers(0, 60, count)],
            texts=[self.text(family, 40) for family in families] if self.texts else None,
        )

    def mentee(self, number: int, n_mentors: int) -> Mentee:
        """Return one who asks."""
        rng = self.rng
        family = int(rng.choice(FAMILIES, p=self.shares))
        codes = self.codes[family]
        needs = rng.integers(2, 6, len(codes))
        held = np.maximum(0, needs - rng.choice(3, len(codes), p=[0.5, 0.3, 0.2]))
        return Mentee(
            -number,
            dict(zip(codes, held.tolist(), strict=True)),
            dict(zip(codes, needs.tolist(), strict=True)),
            unit=(1, 12, 1047),
            field=f"F{family:02}",
            grade=int(rng.integers(1, 10)),
            years=int(rng.integers(0, 20)),
            languages=("id",),
            time_zone=_ZONES[int(rng.choice(3, p=[0.8, 0.15, 0.05]))],
            place=f"P{rng.integers(0, 60)}",
            text=self.text(family, 30),
            line=frozenset((rng.integers(1, max(2, n_mentors + 1), 30) * 3).tolist()),
        )
