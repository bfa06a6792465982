"""Many mentees read at once: checked, and laid out in flat columns without an object for each gap."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
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
    for mentee in given:
        if not isinstance(mentee, Mentee):
            raise InvalidInput("bad_record", expected="Mentee", value=repr(mentee)[:80])
    ids = checked_ids([mentee.id for mentee in given])
    order = np.argsort(ids, kind="stable")
    given = [given[at] for at in order.tolist()]
    numbers = _Numbers()
    parts: list[_Part] = []
    for start in range(0, len(given), CHUNK):
        some = given[start : start + CHUNK]
        if not _usual(some, known):
            some = given[start : start + CHUNK] = [_plain(checked_mentee(mentee, known)) for mentee in some]
        parts.append(_read(some, start, numbers))
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


def _usual(some: Sequence[Mentee], known: Collection[str] | None) -> bool:
    """Tell whether every value is of the plainest kind and in its range: most often so, and told at once."""
    levels, required, priorities = ([getattr(m, name) for m in some] for name in ("levels", "required", "priorities"))
    if not set(map(type, chain(levels, required))) <= {dict} or not all(map(_is_dict_or_empty, priorities)):
        return False
    codes = set(chain.from_iterable(levels)) | set(chain.from_iterable(required))
    if not set(map(type, codes)) <= {str} or "" in codes or (known is not None and not codes <= set(known)):
        return False
    values = [value for each in (levels, required) for value in chain.from_iterable([one.values() for one in each])]
    if not set(map(type, values)) <= {int} or (values and not (min(values) >= 0 and max(values) <= TOP_LEVEL)):
        return False
    weighed = [value for each in priorities if each for value in each.values()]
    if not set(map(type, weighed)) <= {int, float} or not all(0.1 <= value <= 10 and math.isfinite(value) for value in weighed):
        return False
    for name, most in (("years", MOST_YEARS), ("grade", TOP_GRADE)):
        figures = {getattr(m, name) for m in some} if _kinds(some, name) <= _NUMBERS else {-math.inf}
        figures.discard(None)
        if any(not (0 if name == "years" else -most) <= figure <= most for figure in figures):
            return False
    if not all(_kinds(some, name) <= _WORDS for name in ("field", "time_zone", "place")) or not _kinds(some, "text") <= {str}:
        return False
    if not _kinds(some, "unit") <= {tuple} or not set(map(type, chain.from_iterable([m.unit for m in some]))) <= {int, str}:
        return False
    if not _kinds(some, "languages") <= _SETS:
        return False
    if not set(map(type, chain.from_iterable([m.languages for m in some]))) <= {str}:
        return False
    return all(
        _kinds(some, name) <= _SETS and set(map(type, chain.from_iterable([getattr(m, name) for m in some]))) <= {int}
        for name in _PEOPLE
    )


def _kinds(some: Sequence[Mentee], name: str) -> set[type]:
    return {type(getattr(mentee, name)) for mentee in some}


def _is_dict_or_empty(value: object) -> bool:
    return type(value) is dict or value == {}


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


def _read(some: Sequence[Mentee], first: int, numbers: _Numbers) -> _Part:
    return _Part(
        _gaps(some, first, numbers),
        [frozenset(mentee.languages) for mentee in some],
        {name: _people([getattr(mentee, name) for mentee in some], first) for name in _PEOPLE},
    )


def _gaps(some: Sequence[Mentee], first: int, numbers: _Numbers) -> tuple[npt.NDArray[Any], ...]:
    held_rows, held_codes, held = _flat([mentee.levels for mentee in some], numbers)
    rows, codes, required = _flat([mentee.required for mentee in some], numbers)
    levels = np.zeros((len(some), len(numbers)), np.uint8)
    levels[held_rows, held_codes] = held
    actual = levels[rows, codes]
    lacking = np.flatnonzero(required > actual)
    rows, codes = rows[lacking], codes[lacking]
    tenths = np.full(len(lacking), 10, np.int16)
    if any(mentee.priorities for mentee in some):
        weighed = np.full((len(some), len(numbers)), 10, np.int16)
        for row, mentee in enumerate(some):
            for code, value in mentee.priorities.items():
                if code in numbers:
                    weighed[row, numbers[code]] = round(float(value) * 10)
        tenths = weighed[rows, codes]
    return (rows + first).astype(np.int32), codes, actual[lacking], required[lacking], tenths


def _no_gaps() -> list[npt.NDArray[Any]]:
    return [np.empty(0, kind) for kind in (np.int32, np.int32, np.uint8, np.uint8, np.int16)]


def _flat(each: Sequence[Any], numbers: _Numbers) -> tuple[Longs, Lines, npt.NDArray[np.uint8]]:
    """Return rows, numbers of codes and levels, one after the other."""
    rows = np.repeat(np.arange(len(each)), [len(one) for one in each])
    codes = np.fromiter(map(numbers.__getitem__, chain.from_iterable(each)), np.int32, len(rows))
    levels = np.fromiter(chain.from_iterable([one.values() for one in each]), np.uint8, len(rows))
    return rows, codes, levels


def _people(listed: Sequence[Collection[int]], first: int) -> People:
    counts = [len(each) for each in listed]
    rows = np.repeat(np.arange(first, first + len(listed), dtype=np.int32), counts)
    try:
        return rows, np.fromiter(chain.from_iterable(listed), np.int64, len(rows))
    except OverflowError:
        # nobody has an id that is wider than 64 bits
        known = [
            (row, person) for row, person in zip(rows.tolist(), chain.from_iterable(listed), strict=True) if abs(person) < 2**63
        ]
        return np.array([row for row, _ in known], np.int32), np.array([person for _, person in known], np.int64)


def _joined(parts: Sequence[People]) -> People:
    return (
        np.concatenate([np.empty(0, np.int32), *(rows for rows, _ in parts)]),
        np.concatenate([np.empty(0, np.int64), *(people for _, people in parts)]),
    )
