"""The mentors as columns of bytes and small numbers, one slot each, changed in place."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import MOST_YEARS, NO_GRADE, NO_YEARS, TOP_GRADE, Checked
from ._codes import ABSENT, BIT
from ._encoders import BinEncoder, CategoryEncoder, LevelEncoder

FEATURES = ("years", "grade", "field", "place", "time_zone", "languages", "unit")
"""Rows of `Pool.numbers`."""
ROW = {name: row for row, name in enumerate(FEATURES)}
BLOCK_BITS = 12
BLOCK = 1 << BLOCK_BITS
"""Slots scanned at once: their work rows stay in the nearest cache."""
_SPARE_COLUMNS = 64
_SMALL = np.iinfo(np.uint16).max


class Pool:
    """Columns of `size` slots; freed slots carry the bit ``ABSENT`` and are used again.

    Room is kept for as many slots again and for more competencies, in pages that cost nothing until they are written, so that
    a new row does not copy the others.

    Attributes
    ----------
    levels : ndarray of shape (competencies, capacity), uint8
        One contiguous row per competency: a mentee touches only the rows of their gaps.
    tops : ndarray of shape (competencies, capacity / BLOCK), uint8
        No level of the block is higher: what a block can cover at most, without a look at it.
    numbers : ndarray of shape (features, capacity), uint16
        int32 as soon as a feature has more values than 16 bits tell apart.
    state : ndarray of shape (capacity,), uint8
        Bits of the rules that depend on the mentor alone (``no_room``, ``paused``) and ``ABSENT``.
    digests : ndarray of shape (capacity,), uint64
        Fingerprint of each text: a text that has not changed is not read again.
    """

    def __init__(self, checked: Checked, levels: LevelEncoder) -> None:
        self._make(levels, 2 * len(checked) + 64)
        self.put(self._slots(len(checked))[_near_alike(checked)], checked)

    @classmethod
    def empty(cls, levels: LevelEncoder) -> Pool:
        """Return a pool without people, whose columns are to be replaced."""
        pool = cls.__new__(cls)
        pool._make(levels, 0)
        return pool

    def _make(self, levels: LevelEncoder, capacity: int) -> None:
        self.level_encoder = levels
        self.encoders: dict[str, Any] = {
            "years": BinEncoder(feature="years", low=0, high=MOST_YEARS).fit(),
            "grade": BinEncoder(feature="grade", low=-TOP_GRADE, high=TOP_GRADE).fit(),
        }
        for name in FEATURES[2:]:
            self.encoders[name] = CategoryEncoder(feature=name).fit([])
        self.levels = np.zeros((len(levels.competencies_) + _SPARE_COLUMNS, capacity), np.uint8)
        self.tops = np.zeros((len(self.levels), -(-capacity // BLOCK)), np.uint8)
        self.ids = np.zeros(capacity, np.int64)
        self.state = np.full(capacity, ABSENT, np.uint8)
        self.digests = np.zeros(capacity, np.uint64)
        self.numbers = np.zeros((len(FEATURES), capacity), np.uint16)
        self.blocked: dict[int, frozenset[int]] = {}
        self.failed_with: dict[int, frozenset[int]] = {}
        self.blocked_by: dict[int, set[int]] = {}
        self.failed_by: dict[int, set[int]] = {}
        self.row_of: dict[int, int] = {}
        self.free: list[int] = []
        self._states: list[tuple[int, int]] | None = None
        self.size = 0

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def capacity(self) -> int:
        """Slots there is room for."""
        return len(self.ids)

    def slot(self, person: int) -> int:
        """Return the person's row, a new one if the person is new."""
        row = self.row_of.get(person)
        if row is not None:
            return row
        return self.free.pop() if self.free else int(self._slots(1)[0])

    def put(self, rows: npt.NDArray[np.int64], checked: Checked) -> None:
        """Write people into rows, replacing what was there."""
        self.level_encoder.partial_fit(checked.codes)
        self._widen(len(self.level_encoder.competencies_))
        columns = np.array([self.level_encoder.column_of_[code] for code in checked.codes], dtype=np.int64)
        if len(self):
            self.levels[:, rows] = 0
        at = columns[checked.held_codes], rows[checked.held_rows]
        self.levels[at] = checked.held_levels
        np.maximum.at(self.tops, (at[0], at[1] >> BLOCK_BITS), checked.held_levels)
        self.ids[rows] = checked.ids
        self.state[rows] = ~checked.room * np.uint8(BIT["no_room"]) | checked.paused * np.uint8(BIT["paused"])
        self._write("years", rows, np.where(checked.years == NO_YEARS, 0, checked.years.astype(np.int32) + 1))
        self._write("grade", rows, np.where(checked.grades == NO_GRADE, 0, checked.grades.astype(np.int32) + TOP_GRADE + 1))
        for name, values in (
            ("unit", checked.units),
            ("field", checked.fields),
            ("languages", checked.languages),
            ("time_zone", checked.time_zones),
            ("place", checked.places),
        ):
            self._write(name, rows, self.encoders[name].learn(values))
        self._states = None
        self.digests[rows] = [digest(text) for text in checked.texts]
        for at_, (row, person) in enumerate(zip(rows.tolist(), checked.ids.tolist(), strict=True)):
            self.row_of[person] = row
            _point(self.blocked_by, self.blocked, row, checked.blocked[at_])
            _point(self.failed_by, self.failed_with, row, checked.failed_with[at_])

    def restate(self, people: npt.NDArray[np.int64], room: npt.NDArray[np.bool_], paused: npt.NDArray[np.bool_]) -> None:
        """Write room and pause of people by id, ascending; whoever is not among them is paused."""
        ids = self.ids[: self.size]
        at = np.minimum(np.searchsorted(people, ids), max(0, len(people) - 1))
        named = people[at] == ids if len(people) else np.zeros(self.size, np.bool_)
        state = np.full(self.size, BIT["paused"], np.uint8)
        state[named] = (~room * np.uint8(BIT["no_room"]) | paused * np.uint8(BIT["paused"]))[at[named]]
        state[self.free] = ABSENT
        self.state[: self.size], self._states = state, None

    def drop(self, person: int) -> int:
        """Free the person's row and return it."""
        row = self.row_of.pop(person)
        self.state[row] = ABSENT
        self._states = None
        self.levels[:, row] = 0
        self.numbers[:, row] = 0
        self.ids[row] = 0
        self.digests[row] = 0
        _point(self.blocked_by, self.blocked, row, frozenset())
        _point(self.failed_by, self.failed_with, row, frozenset())
        self.free.append(row)
        return row

    def frozen(self, rows: npt.NDArray[np.int64]) -> Pool:
        """Return a copy of some rows, in this order, that no update touches."""
        found = copy.copy(self)
        place = {row: at for at, row in enumerate(rows.tolist())}
        found.levels = np.ascontiguousarray(self.levels[:, rows])
        found.tops = np.zeros((len(self.levels), -(-max(1, len(rows)) // BLOCK)), np.uint8)
        for block in range(found.tops.shape[1] if len(rows) else 0):
            found.tops[:, block] = found.levels[:, block << BLOCK_BITS : (block + 1) << BLOCK_BITS].max(axis=1)
        found.numbers = np.ascontiguousarray(self.numbers[:, rows])
        found.ids, found.state, found.digests = self.ids[rows], self.state[rows], self.digests[rows]
        found.row_of = {person: at for at, person in enumerate(found.ids.tolist())}
        found.blocked_by, found.failed_by = (
            {person: {place[row] for row in listed if row in place} for person, listed in back.items()}
            for back in (self.blocked_by, self.failed_by)
        )
        found.free, found.size, found._states = [], len(rows), None
        return found

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many numbers each column has: a table made for as many is still right."""
        return tuple([len(self.encoders[name]) for name in FEATURES])

    @property
    def states(self) -> list[tuple[int, int]]:
        """Each pattern of `state` that there is, and how many slots have it."""
        if self._states is None:
            counts = np.bincount(self.state[: self.size])
            self._states = [(pattern, counts.item(pattern)) for pattern in np.flatnonzero(counts).tolist()]
        return self._states

    def point(self, name: str, people: dict[int, frozenset[int]]) -> None:
        """Take over who is ``blocked`` or ``failed_with``, by row."""
        back = self.blocked_by if name == "blocked" else self.failed_by
        for row, listed in people.items():
            _point(back, getattr(self, name), row, listed)

    def rows_of(self, people: frozenset[int]) -> list[int]:
        """Return the rows of those who are here."""
        row_of = self.row_of
        return [row_of[person] for person in people if person in row_of]

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return the numbers of a feature: shape (size,)."""
        return self.numbers[ROW[name], : self.size]

    def value(self, name: str, row: int) -> Any:
        """Return a feature of a row as it came in; None if it is unknown."""
        return self.encoders[name].value(self.numbers.item(ROW[name], row))

    def _write(self, name: str, rows: npt.NDArray[np.int64], numbers: npt.NDArray[Any]) -> None:
        if len(self.encoders[name]) > _SMALL and self.numbers.dtype == np.uint16:
            self.numbers = self.numbers.astype(np.int32)
        self.numbers[ROW[name], rows] = numbers

    def _widen(self, competencies: int) -> None:
        more = competencies - len(self.levels)
        if more > 0:
            self.levels = np.pad(self.levels, ((0, more + _SPARE_COLUMNS), (0, 0)))
            self.tops = np.pad(self.tops, ((0, more + _SPARE_COLUMNS), (0, 0)))

    def _slots(self, count: int) -> npt.NDArray[np.int64]:
        start, self.size = self.size, self.size + count
        if self.size > self.capacity:
            self._grow(2 * self.size + 64)
        return np.arange(start, self.size)

    def _grow(self, capacity: int) -> None:
        more = capacity - self.capacity
        self.levels = _longer(self.levels, capacity)
        self.tops = _longer(self.tops, -(-capacity // BLOCK))
        self.ids = _longer(self.ids, capacity)
        self.digests = _longer(self.digests, capacity)
        self.numbers = _longer(self.numbers, capacity)
        self.state = np.concatenate([self.state, np.full(more, ABSENT, np.uint8)])


def digest(text: str) -> int:
    """Return a text's fingerprint, equal in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _longer(column: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
    longer = np.zeros((*column.shape[:-1], length), column.dtype)
    longer[..., : column.shape[-1]] = column
    return longer


def _near_alike(checked: Checked) -> npt.NDArray[np.int64]:
    """Return for each person a slot such that people of one field stand together: they hold the same competencies."""
    order = sorted(range(len(checked)), key=lambda at: checked.fields[at] or "")
    slots = np.empty(len(checked), np.int64)
    slots[order] = np.arange(len(checked))
    return slots


def _point(back: dict[int, set[int]], forth: dict[int, frozenset[int]], row: int, people: frozenset[int]) -> None:
    """Point a row at people, and people back at the row."""
    before = forth.get(row, frozenset())
    if before == people:
        return
    for person in before - people:
        back[person].discard(row)
    for person in people - before:
        back.setdefault(person, set()).add(row)
    if people:
        forth[row] = people
    else:
        del forth[row]
