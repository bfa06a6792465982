"""Gains from tests, means with their intervals, and which of them may be told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mentorlink.kernel.groups import FEWEST, hidden_groups

_T975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110,
    2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t for 95 % on both sides, 1 to 30 degrees of freedom."""

K = TypeVar("K")


def gain(before: int, after: int, most: int) -> float | None:
    """Normalised gain (after − before) / (most − before); of a loss (after − before) / before.

    None where nothing could be gained: all was right before, and still is.
    """
    if after < before:
        return (after - before) / before
    return None if before == most else (after - before) / (most - before)


def gain_class(value: float, *, low: float = 0.3, high: float = 0.7) -> str:
    """``loss``; ``low`` below the first limit, ``high`` above the second, ``medium`` between."""
    if value < 0:
        return "loss"
    if value < low:
        return "low"
    return "medium" if value <= high else "high"


@dataclass(frozen=True)
class Mean:
    """A mean of ``n`` values, with the interval that holds the true one in 95 of 100 cases where that says something."""

    n: int
    value: float
    low: float | None
    high: float | None


def mean_of(values: Sequence[float], *, bounds: tuple[float, float] | None = None) -> Mean | None:
    """The mean, told from five values on; the interval is cut at ``bounds``."""
    n = len(values)
    if n < FEWEST:
        return None
    value = sum(values) / n
    spread = math.sqrt(sum((each - value) ** 2 for each in values) / (n - 1))
    reach = (_T975[n - 2] if n - 1 <= len(_T975) else 1.96) * spread / math.sqrt(n)
    low, high = value - reach, value + reach
    if bounds is not None:
        low, high = max(low, bounds[0]), min(high, bounds[1])
    return Mean(n, value, low, high)


@dataclass(frozen=True)
class Gains:
    """What came of a test before and after. All are None together where fewer than five sat both."""

    n: int
    before: Mean | None
    after: Mean | None
    mean_of_gains: Mean | None
    """Over those whose gain is defined."""
    gain_of_means: float | None
    full_before: int
    """People whose gain is not defined: all was right before."""
    classes: dict[str, int] | None


def gains_of(sittings: Sequence[tuple[int, int, int]], *, low: float = 0.3, high: float = 0.7) -> Gains:
    """The figures of sittings (before, after, most) by people who sat both; ``low`` and ``high`` part the classes of gain."""
    n = len(sittings)
    if n < FEWEST:
        return Gains(n, None, None, None, None, 0, None)
    shares = [(before / most, after / most) for before, after, most in sittings]
    defined = [value for value in (gain(*sitting) for sitting in sittings) if value is not None]
    before, after = (mean_of([pair[side] for pair in shares], bounds=(0, 1)) for side in (0, 1))
    if before is None or after is None:
        raise AssertionError("five and more have a mean")
    of_means = None
    if after.value < before.value:
        of_means = (after.value - before.value) / before.value
    elif before.value < 1:
        of_means = (after.value - before.value) / (1 - before.value)
    counts = dict.fromkeys(("loss", "low", "medium", "high"), 0)
    for value in defined:
        counts[gain_class(value, low=low, high=high)] += 1
    told = all(not 0 < count < FEWEST for count in (*counts.values(), n - len(defined)))
    return Gains(
        n, before, after, mean_of(defined, bounds=(-1, 1)), of_means,
        n - len(defined) if told else 0, counts if told else None,
    )  # fmt: skip


def per_person(answers: Iterable[tuple[int, float]]) -> list[float]:
    """One value for each person of ``answers`` (person, value): the mean of theirs. Who answers often does not count more."""
    found: dict[int, list[float]] = {}
    for person_id, value in answers:
        found.setdefault(person_id, []).append(value)
    return [sum(values) / len(values) for values in found.values()]


def means_by(values: Mapping[K, Sequence[float]], *, bounds: tuple[float, float]) -> dict[K, Mean | None]:
    """The mean of each group beside a known whole; None for groups that are too small, also by subtraction."""
    hidden = hidden_groups({name: len(each) for name, each in values.items()})
    return {name: None if name in hidden else mean_of(each, bounds=bounds) for name, each in values.items()}


def reached(baseline: float, target: float, value: float) -> float:
    """How far from baseline to target a value is: 0 at the baseline, 1 at the target; below 0 it went the wrong way."""
    return (value - baseline) / (target - baseline)
