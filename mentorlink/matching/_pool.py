"""The mentors as columns of bytes and small numbers, one slot each, changed in place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ._check import Checked
from ._codes import ABSENT, BIT

_HEADROOM = 8
_SPARE_COLUMNS = 8


class Names:
    """Values → small numbers. 0 is "unknown" and stands for None and for whatever is empty."""

    def __init__(self) -> None:
        self.values: list[Any] = [None]
        self._number_of: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self.values)

    def learn(self, values: Iterable[Hashable]) -> npt.NDArray[np.int32]:
        """Return the numbers of values, giving new ones where needed."""
        return np.array([self._learn_one(value) for value in values], dtype=np.int32)

    def number(self, value: Hashable) -> int:
        """Return a value's number; 0 if it is empty, −1 if nobody has it."""
        return self._number_of.get(value, -1) if value else 0

    def _learn_one(self, value: Hashable) -> int:
        if not value:
            return 0
        number = self._number_of.get(value)
        if number is None:
            number = self._number_of[value] = len(self.values)
            self.values.append(value)
        return number


class Pool:
    """Columns of `size` slots; freed slots carry the bit ``ABSENT`` and are used again.

    Attributes
    ----------
    levels : ndarray of shape (competencies, capacity), uint8
        One contiguous row per competency: a mentee touches only the rows of their gaps.
    state : ndarray of shape (capacity,), uint32
        Bits of the rules that depend on the mentor alone (``no_room``, ``paused``) and ``ABSENT``.
    """

    def __init__(self, checked: Checked, codes: Iterable[str]) -> None:
        capacity = len(checked) + len(checked) // _HEADROOM + 64
        self.codes = list(codes)
        self.column_of = {code: column for column, code in enumerate(self.codes)}
        self.levels = np.zeros((len(self.codes) + _SPARE_COLUMNS, capacity), np.uint8)
        self.ids = np.zeros(capacity, np.int64)
        self.state = np.full(capacity, ABSENT, np.uint32)
        self.grade = np.zeros(capacity, np.int16)
        self.years = np.zeros(capacity, np.uint8)
        self.numbers = {name: np.zeros(capacity, np.int32) for name in ("unit", "field", "languages", "time_zone", "place")}
        self.names = {name: Names() for name in self.numbers}
        self.blocked: list[frozenset[int]] = []
        self.failed_with: list[frozenset[int]] = []
        self.texts: list[str] = []
        self.blocked_by: dict[int, set[int]] = {}
        self.failed_by: dict[int, set[int]] = {}
        self.row_of: dict[int, int] = {}
        self.free: list[int] = []
        self.size = 0
        self.put(self._slots(len(checked)), checked)

    def __len__(self) -> int:
        return len(self.row_of)

    def slot(self, person: int) -> int:
        """Return the person's row, a new one if the person is new."""
        row = self.row_of.get(person)
        if row is not None:
            return row
        return self.free.pop() if self.free else int(self._slots(1)[0])

    def put(self, rows: npt.NDArray[np.int64], checked: Checked) -> None:
        """Write people into rows, replacing what was there."""
        columns = np.array([self._column(code) for code in checked.codes], dtype=np.int64)
        self.levels[:, rows] = 0
        self.levels[columns[checked.held_codes], rows[checked.held_rows]] = checked.held_levels
        self.ids[rows] = checked.ids
        self.grade[rows] = checked.grades
        self.years[rows] = checked.years
        self.state[rows] = ~checked.room * np.uint32(BIT["no_room"]) | checked.paused * np.uint32(BIT["paused"])
        for name, values in (
            ("unit", checked.units),
            ("field", checked.fields),
            ("languages", checked.languages),
            ("time_zone", checked.time_zones),
            ("place", checked.places),
        ):
            self.numbers[name][rows] = self.names[name].learn(values)
        for at, (row, person) in enumerate(zip(rows.tolist(), checked.ids.tolist(), strict=True)):
            self.row_of[person] = row
            self.texts[row] = checked.texts[at]
            _point(self.blocked_by, self.blocked, row, checked.blocked[at])
            _point(self.failed_by, self.failed_with, row, checked.failed_with[at])

    def drop(self, person: int) -> int:
        """Free the person's row and return it."""
        row = self.row_of.pop(person)
        self.state[row] = ABSENT
        self.levels[:, row] = 0
        self.ids[row] = 0
        self.texts[row] = ""
        _point(self.blocked_by, self.blocked, row, frozenset())
        _point(self.failed_by, self.failed_with, row, frozenset())
        self.free.append(row)
        return row

    def rows_of(self, people: frozenset[int]) -> list[int]:
        """Return the rows of those who are here."""
        if len(people) > len(self.row_of):
            return [row for person, row in self.row_of.items() if person in people]
        return [self.row_of[person] for person in people if person in self.row_of]

    def _column(self, code: str) -> int:
        column = self.column_of.get(code)
        if column is None:
            column = self.column_of[code] = len(self.codes)
            self.codes.append(code)
            if column >= len(self.levels):
                spare = np.zeros((_SPARE_COLUMNS + column // _HEADROOM, self.levels.shape[1]), np.uint8)
                self.levels = np.concatenate([self.levels, spare])
        return column

    def _slots(self, count: int) -> npt.NDArray[np.int64]:
        start, self.size = self.size, self.size + count
        if self.size > len(self.ids):
            self._grow(self.size + self.size // _HEADROOM + 64)
        self.blocked.extend([frozenset()] * count)
        self.failed_with.extend([frozenset()] * count)
        self.texts.extend([""] * count)
        return np.arange(start, self.size)

    def _grow(self, capacity: int) -> None:
        more = capacity - len(self.ids)
        self.levels = np.pad(self.levels, ((0, 0), (0, more)))
        self.ids = np.pad(self.ids, (0, more))
        self.grade = np.pad(self.grade, (0, more))
        self.years = np.pad(self.years, (0, more))
        self.state = np.pad(self.state, (0, more), constant_values=ABSENT)
        self.numbers = {name: np.pad(column, (0, more)) for name, column in self.numbers.items()}


def _point(back: dict[int, set[int]], forth: list[frozenset[int]], row: int, people: frozenset[int]) -> None:
    """Point a row at people, and people back at the row."""
    for person in forth[row] - people:
        back[person].discard(row)
    for person in people - forth[row]:
        back.setdefault(person, set()).add(row)
    forth[row] = people
