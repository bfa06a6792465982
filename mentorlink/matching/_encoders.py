"""Values of mentors → small numbers, 0 for "unknown"; values of a mentee → what each number is worth to them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ._base import Estimator
from ._check import TOP_LEVEL, checked_codes, checked_levels, whole_number
from ._errors import InvalidInput, InvalidParameter, UnknownCompetency

Numbers = npt.NDArray[np.int32]
Shares = npt.NDArray[np.float64]


class LevelEncoder(Estimator):
    """Competency levels as byte columns, and a mentee's gaps as thermometer codes over them.

    ``min(gap, max(0, m − l)) = Σ_t [l < t ≤ required] · [m ≥ t]``: what a mentor covers is an inner product of two such codes,
    and equals the mentor's level clipped to [actual, required], less actual.

    Parameters
    ----------
    competencies : sequence of str or None
        All there are. None: whatever occurs in `fit`, more with `partial_fit`.

    Attributes
    ----------
    competencies_ : list of str
        Names of the columns.
    feature_names_in_ : ndarray of str, object
    """

    def __init__(self, *, competencies: Sequence[str] | None = None) -> None:
        self.competencies = competencies

    def fit(self, levels: Iterable[Mapping[str, int]], y: None = None) -> Self:
        """Learn the columns, in the order of their codes.

        Parameters
        ----------
        levels : iterable of mapping of str to int, length n
            Competency code → level 0–5.
        y : None
            Ignored.

        Returns
        -------
        self

        Raises
        ------
        InvalidInput, InvalidParameter, UnknownCompetency
        """
        codes = checked_codes(code for each in levels for code in each)
        known = self.competencies
        if known is not None and (isinstance(known, str) or len(set(known)) != len(known)):
            raise InvalidParameter("bad_parameter", name="competencies", value=repr(known)[:80])
        self.competencies_, self.column_of_ = [], {}
        self.partial_fit(sorted(codes) if known is None else sorted(known))
        self._known_only(codes)
        return self

    def partial_fit(self, codes: Iterable[str], y: None = None) -> Self:
        """Add columns for codes that have none, at the end."""
        if not hasattr(self, "competencies_"):
            self.competencies_, self.column_of_ = [], {}
        for code in codes:
            if code not in self.column_of_:
                self.column_of_[code] = len(self.competencies_)
                self.competencies_.append(code)
        return self

    def transform(self, levels: Sequence[Mapping[str, int]]) -> npt.NDArray[np.uint8]:
        """Return levels by person and column: shape (n, n_competencies), uint8; 0 where none is named.

        Raises
        ------
        NotFitted
        InvalidInput
            ``level_out_of_range``, ``not_a_number``; its id is the position in the input.
        UnknownCompetency
            A code that was not learnt.
        """
        self._check_fitted()
        self._known_only(code for each in levels for code in each)
        found = np.zeros((len(levels), len(self.competencies_)), np.uint8)
        for row, each in enumerate(levels):
            codes = list(each)
            held = checked_levels(list(each.values()), lambda at, codes=codes, row=row: (row, codes[at]))
            found[row, [self.column_of_[code] for code in codes]] = held
        return found

    def gaps(self, levels: Mapping[str, int], required: Mapping[str, int]) -> npt.NDArray[np.uint8]:
        """Return a mentee's gaps as thermometer code: shape (n_competencies, 5), uint8; 1 at [c, t − 1] where level t lacks."""
        actual, needed = self.transform([levels])[0], self.transform([required])[0]
        steps = np.arange(1, TOP_LEVEL + 1)
        return ((actual[:, None] < steps) & (steps <= needed[:, None])).astype(np.uint8)

    @property
    def feature_names_in_(self) -> npt.NDArray[np.object_]:
        self._check_fitted()
        return np.array([f"level:{code}" for code in self.competencies_], dtype=object)

    def get_feature_names_out(self, input_features: None = None) -> npt.NDArray[np.object_]:
        """Return the names of the columns."""
        return self.feature_names_in_

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "competencies_")

    def _known_only(self, codes: Iterable[str]) -> None:
        strange = set(codes) - self.column_of_.keys()
        if strange:
            raise UnknownCompetency("unknown_competency", competencies=tuple(sorted(strange)))


class _OneFeature(Estimator):
    """What the encoders of a single column share."""

    feature: str

    @property
    def feature_names_in_(self) -> npt.NDArray[np.object_]:
        self._check_fitted()
        return np.array([self.feature], dtype=object)

    def get_feature_names_out(self, input_features: None = None) -> npt.NDArray[np.object_]:
        """Return the name of the column."""
        return self.feature_names_in_

    def _check_feature(self) -> None:
        if not isinstance(self.feature, str) or not self.feature:
            raise InvalidParameter("bad_parameter", name="feature", value=repr(self.feature)[:80])


class BinEncoder(_OneFeature):
    """Whole numbers of a small range, one bin each, such as years of experience or grades.

    Parameters
    ----------
    feature : str, default="years"
    low, high : int, default=0 and 80
        The range, both ends included.

    Attributes
    ----------
    n_bins_ : int
        One more than there are values: bin 0 is "unknown".
    """

    def __init__(self, *, feature: str = "years", low: int = 0, high: int = 80) -> None:
        self.feature = feature
        self.low = low
        self.high = high

    def fit(self, values: object = None, y: None = None) -> Self:
        """Check the parameters; there is nothing to learn from `values`."""
        self._check_feature()
        for name in ("low", "high"):
            if whole_number(getattr(self, name)) is None:
                raise InvalidParameter("bad_parameter", name=name, value=repr(getattr(self, name))[:80])
        if not 0 <= self.high - self.low < 60_000:
            raise InvalidParameter("bad_parameter", name="low", value=self.low, high=self.high)
        self.n_bins_ = self.high - self.low + 2
        return self

    def transform(self, values: Iterable[float | None]) -> Numbers:
        """Return the bins of values, rounded down: shape (n,), int32; 0 for None.

        Raises
        ------
        NotFitted
        InvalidInput
            ``not_a_number``, ``out_of_range``.
        """
        self._check_fitted()
        return np.array([self._bin(value) for value in values], dtype=np.int32)

    def distances(self, own: int) -> npt.NDArray[np.int64]:
        """Return for each bin its value less `own`: shape (n_bins,), int64. What stands for bin 0 means nothing."""
        self._check_fitted()
        return np.arange(self.n_bins_, dtype=np.int64) + (self.low - 1 - own)

    def value(self, number: int) -> int | None:
        """Return the value of a bin."""
        return number - 1 + self.low if number else None

    def __len__(self) -> int:
        return self.n_bins_

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_bins_")

    def _bin(self, value: Any) -> int:
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or value != value:
            raise InvalidInput("not_a_number", column=self.feature, value=repr(value)[:80])
        if not self.low <= value <= self.high:
            raise InvalidInput("out_of_range", column=self.feature, value=repr(value)[:80])
        return int(value // 1) - self.low + 1


class CategoryEncoder(_OneFeature):
    """Codes, sets of codes or paths as numbers in the order in which they were learnt.

    Parameters
    ----------
    feature : str, default="field"

    Attributes
    ----------
    categories_ : list
        Number → value; 0 is None and stands for whatever is empty.
    """

    def __init__(self, *, feature: str = "field") -> None:
        self.feature = feature

    def fit(self, values: Iterable[Hashable], y: None = None) -> Self:
        """Learn values: strings, tuples or frozensets, or None.

        Returns
        -------
        self

        Raises
        ------
        InvalidParameter, InvalidInput
        """
        self._check_feature()
        self.categories_: list[Any] = [None]
        self._number_of: dict[Hashable, int] = {}
        return self.partial_fit(values)

    def partial_fit(self, values: Iterable[Hashable], y: None = None) -> Self:
        """Learn more values; numbers given before stay."""
        self.learn(values)
        return self

    def transform(self, values: Iterable[Hashable]) -> Numbers:
        """Return the numbers of values: shape (n,), int32; 0 for what is empty, −1 for what was not learnt."""
        self._check_fitted()
        return np.array([self.number(value) for value in values], dtype=np.int32)

    def learn(self, values: Iterable[Hashable]) -> Numbers:
        """Learn values and return their numbers."""
        return np.array([self._learn_one(value) for value in values], dtype=np.int32)

    def number(self, value: Hashable) -> int:
        """Return a value's number; 0 if it is empty, −1 if it was not learnt."""
        return self._number_of.get(value, -1) if value else 0

    def value(self, number: int) -> Any:
        """Return the value of a number."""
        return self.categories_[number]

    def same(self, own: Hashable) -> Shares:
        """Return for each number 1 where it is the very value: shape (n_categories,), float64."""
        found = np.zeros(len(self.categories_))
        if self.number(own) > 0:
            found[self.number(own)] = 1.0
        return found

    def shared(self, own: Collection[Hashable]) -> Shares:
        """Return for each number 1 where its set has a member of `own`: shape (n_categories,), float64."""
        mine = frozenset(own)
        return np.array([float(bool(value) and not mine.isdisjoint(value)) for value in self.categories_])

    def __len__(self) -> int:
        return len(self.categories_)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "categories_")

    def _learn_one(self, value: Hashable) -> int:
        if not value:
            return 0
        number = self._number_of.get(value)
        if number is None:
            if isinstance(value, int | float):
                raise InvalidInput("bad_code", column=self.feature, value=repr(value)[:80])
            number = self._number_of[value] = len(self.categories_)
            self.categories_.append(value)
        return number
