"""Outcomes by group, so that nobody can be singled out: small groups are held back, also where subtraction would give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mentorlink.kernel.groups import FEWEST, hidden_groups

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Group(Generic[K]):
    """How a group fared; figures are None where the group is held back."""

    key: K
    people: int | None
    matched: int | None
    fit: float | None
    """Mean score of those matched, in hundredths."""
    missed: int | None
    """How many had missed an earlier round."""

    @property
    def shown(self) -> bool:
        """False for a group that is held back."""
        return self.people is not None

    @property
    def rate(self) -> float | None:
        """Share matched, in hundredths."""
        return None if not self.people or self.matched is None else 100 * self.matched / self.people


@dataclass(frozen=True)
class Outcome:
    """What a group is counted from: one person."""

    matched: bool
    score: int
    """Millionths; 0 when not matched."""
    missed: bool


def groups_of(outcomes: Iterable[tuple[K, Outcome]], *, least: int = FEWEST) -> list[Group[K]]:
    """The groups, largest first, those held back last.

    Held back is a group under ``least`` people. As the total is known, one such group alone could be had by subtraction: then
    the smallest shown group is held back with it. The same holds for those without a mentor: a group of whom only 1 … least − 1
    are unmatched is shown, since its size says nothing about whom.
    """
    rows: dict[K, list[Outcome]] = defaultdict(list)
    for key, outcome in outcomes:
        rows[key].append(outcome)
    hidden = hidden_groups({key: len(found) for key, found in rows.items()}, least=least)
    order = sorted(rows, key=lambda key: (key in hidden, -len(rows[key]), str(key)))
    return [_group(key, rows[key]) if key not in hidden else Group(key, None, None, None, None) for key in order]


def _group(key: K, found: list[Outcome]) -> Group[K]:
    matched = [each for each in found if each.matched]
    fit = sum(each.score for each in matched) / len(matched) / 10_000 if matched else None
    return Group(key, len(found), len(matched), fit, sum(each.missed for each in found))
