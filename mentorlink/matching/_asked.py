"""Many mentees read at once: checked, and laid out in flat columns without an object for each gap."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import MOST_YEARS, TOP_GRADE, TOP_LEVEL, CheckedMentee, checked_ids, checked_mentee
from ._errors import InvalidInput
from ._records import Mentee

CHUNK = 4096
_SETS = {frozenset, set, tuple, list}
_WORDS = {str, type(None)}
_NUMBERS = {int, type(None)}
_PEOPLE = ("line", "blocked", "failed_with")
_KINDS: dict[str, set[type]] = {
    "levels": {dict}, "required": {dict}, "field": _WORDS, "time_zone": _WORDS, "place": _WORDS, "text": {str},
    "years": _NUMBERS, "grade": _NUMBERS, "unit": {tuple}, "languages": _SETS, **dict.fromkeys(_PEOPLE, _SETS),
}  # fmt: skip
_HELD: dict[str, set[type]] = {"unit": {int, str}, "languages": {str}, **{name: {int} for name in _PEOPLE}}

Lines = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
People = tuple[Lines, Longs]
"""Row of the mentee, id of somebody else; one after the other."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Mentees by id as columns, every value sound. `gap_*` are the gaps as (row, code, actual, required, priority) by row."""

    mentees: list[Mentee]
    ids: Longs
    codes: list[str]
    gap_rows: Lines
    gap_codes: Lines
    actual: npt.NDArray[np.uint8]
    required: npt.NDArray[np.uint8]
    tenths: npt.NDArray[np.int16]
    """Priority in tenths."""
    languages: list[frozenset[str]]
    line: People
    blocked: People
    failed_with: People

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> list[Any]:
        """Return a feature of each mentee."""
        return self.languages if name == "languages" else [getattr(mentee, name) for mentee in self.mentees]


def asked_of(mentees: Iterable[Mentee], known: Collection[str] | None) -> Asked:
    """Check mentees, order them by id and lay them out. The fault of the lowest id is told.

    Raises
    ------
    InvalidInput, UnknownCompetency
    """
    given = list(mentees)
    for mentee in given if set(map(type, given)) - {Mentee} else ():
        if not isinstance(mentee, Mentee):
            raise InvalidInput("bad_record", expected="Mentee", value=repr(mentee)[:80])
    ids = checked_ids([mentee.id for mentee in given])
    order = np.argsort(ids, kind="stable")
    given = [given[at] for at in order.tolist()]
    numbers = _Numbers()
    parts: list[_Part] = []
    for start in range(0, len(given), CHUNK):
        some = given[start : start + CHUNK]
        read = _read(some, start, numbers, known)
        if read is None:
            some = given[start : start + CHUNK] = [_plain(checked_mentee(mentee, known)) for mentee in some]
            read = _read(some, start, numbers, None)
        parts.append(read)  # type: ignore[arg-type]
    people = {name: _joined([part.people[name] for part in parts]) for name in _PEOPLE}
    gaps = [np.concatenate(columns) for columns in zip(*(part.gaps for part in parts), strict=True)] or _no_gaps()
    return Asked(
        given,
        ids[order],
        list(numbers),
        *gaps,
        [languages for part in parts for languages in part.languages],
        **people,
    )


class _Numbers(dict[str, int]):
    """Code → number, in the order in which they are met."""

    def __missing__(self, code: str) -> int:
        self[code] = len(self)
        return self[code]


@dataclass(frozen=True, slots=True)
class _Part:
    gaps: tuple[npt.NDArray[Any], ...]
    languages: list[frozenset[str]]
    people: dict[str, People]


def _plain(checked: CheckedMentee) -> Mentee:
    """Return a mentee of plain values who asks for the same."""
    mentee = checked.mentee
    line, blocked, failed_with = checked.excluded
    return Mentee(
        mentee.id,
        {code: actual for code, actual, _, _ in checked.gaps},
        {code: required for code, _, required, _ in checked.gaps},
        priorities={code: tenths / 10 for code, _, _, tenths in checked.gaps},
        unit=tuple(mentee.unit),
        field=mentee.field,
        grade=checked.grade,
        years=checked.years,
        languages=checked.languages,
        time_zone=mentee.time_zone,
        place=mentee.place,
        text=mentee.text,
        line=line,
        blocked=blocked,
        failed_with=failed_with,
    )


def _read(some: Sequence[Mentee], first: int, numbers: _Numbers, known: Collection[str] | None) -> _Part | None:
    """Read a few mentees if every value is of the plainest kind and in its range: most often so, and told at once."""
    of = {name: list(map(attrgetter(name), some)) for name in (*_KINDS, "priorities")}
    if not all(set(map(type, of[name])) <= kinds for name, kinds in _KINDS.items()):
        return None
    held = {name: list(chain.from_iterable(of[name])) for name in _HELD}
    if not all(set(map(type, held[name])) <= kinds for name, kinds in _HELD.items()):
        return None
    if not _within(of["years"], 0, MOST_YEARS) or not _within(of["grade"], -TOP_GRADE, TOP_GRADE):
        return None
    gaps = _gaps(of, first, numbers, known)
    if gaps is None:
        return None
    return _Part(gaps, list(map(frozenset, of["languages"])), {name: _people(of[name], held[name], first) for name in _PEOPLE})


def _within(values: Sequence[int | None], least: int, most: int) -> bool:
    figures = set(values) - {None}
    return not figures or (min(figures) >= least and max(figures) <= most)  # type: ignore[type-var, operator]


def _gaps(
    of: dict[str, list[Any]], first: int, numbers: _Numbers, known: Collection[str] | None
) -> tuple[npt.NDArray[Any], ...] | None:
    priorities = of["priorities"]
    if any(priorities) and not all(map(_are_sound, priorities)):
        return None
    read = [_flat(of[name], numbers, known) for name in ("levels", "required")]
    if read[0] is None or read[1] is None:
        return None
    (held_rows, held_codes, held), (rows, codes, required) = read[0], read[1]
    levels = np.zeros((len(priorities), len(numbers)), np.uint8)
    levels[held_rows, held_codes] = held
    actual = levels[rows, codes]
    lacking = np.flatnonzero(required > actual)
    rows, codes = rows[lacking], codes[lacking]
    tenths = np.full(len(lacking), 10, np.int16)
    if any(priorities):
        weighed = np.full((len(priorities), len(numbers)), 10, np.int16)
        for row, each in enumerate(priorities):
            for code, value in each.items():
                if code in numbers:
                    weighed[row, numbers[code]] = round(float(value) * 10)
        tenths = weighed[rows, codes]
    return (rows + first).astype(np.int32), codes, actual[lacking], required[lacking], tenths


def _are_sound(priorities: Any) -> bool:
    return type(priorities) is dict and all(
        type(value) in (int, float) and math.isfinite(value) and 0.1 <= value <= 10 for value in priorities.values()
    )


def _no_gaps() -> list[npt.NDArray[Any]]:
    return [np.empty(0, kind) for kind in (np.int32, np.int32, np.uint8, np.uint8, np.int16)]


def _flat(
    each: Sequence[dict[str, int]], numbers: _Numbers, known: Collection[str] | None
) -> tuple[Longs, Lines, npt.NDArray[np.uint8]] | None:
    """Return rows, numbers of codes and levels, one after the other."""
    codes, levels = list(chain.from_iterable(each)), list(chain.from_iterable(map(dict.values, each)))
    if not set(map(type, codes)) <= {str} or not set(map(type, levels)) <= {int}:
        return None
    if levels and not (min(levels) >= 0 and max(levels) <= TOP_LEVEL):
        return None
    if known is not None or not all(map(numbers.__contains__, codes)):
        different = set(codes)
        if "" in different or (known is not None and not different <= set(known)):
            return None
    rows = np.repeat(np.arange(len(each)), list(map(len, each)))
    return rows, np.fromiter(map(numbers.__getitem__, codes), np.int32, len(codes)), np.array(levels, np.uint8)


def _people(listed: Sequence[Collection[int]], people: Sequence[int], first: int) -> People:
    rows = np.repeat(np.arange(first, first + len(listed), dtype=np.int32), list(map(len, listed)))
    try:
        return rows, np.array(people, np.int64)
    except OverflowError:
        # nobody has an id that is wider than 64 bits
        known = [at for at, person in enumerate(people) if abs(person) < 2**63]
        return rows[known], np.array([people[at] for at in known], np.int64)


def _joined(parts: Sequence[People]) -> People:
    return (
        np.concatenate([np.empty(0, np.int32), *(rows for rows, _ in parts)]),
        np.concatenate([np.empty(0, np.int64), *(people for _, people in parts)]),
    )
