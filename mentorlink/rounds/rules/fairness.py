"""Outcomes by group, so that nobody can be singled out: small groups are held back, also where subtraction would give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mentorlink.kernel.groups import FEWEST, hidden_groups

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Group(Generic[K]):
    """How a group fared; figures are None where the group is held back."""

    key: K
    people: int | None
    matched: int | None = None
    """None also where only few have, or only few have not, a mentor: that would tell of persons."""
    fit: float | None = None
    """Mean score of those matched, in hundredths; of enough people."""

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


def groups_of(outcomes: Iterable[tuple[K, Outcome]], *, least: int = FEWEST) -> list[Group[K]]:
    """The groups, largest first, those held back last.

    Held back is a group under ``least`` people. As the total is known, one such group alone could be had by subtraction: then
    the smallest shown group is held back with it. The same holds for outcomes: how many of a group have a mentor is told only
    where those who have one and those who have none are each nobody or at least so many (``mentorlink.matching.group_metrics``),
    and where a single group would be left out, the next smallest keeps it company.
    """
    rows: dict[K, list[Outcome]] = defaultdict(list)
    for key, outcome in outcomes:
        rows[key].append(outcome)
    hidden = hidden_groups({key: len(found) for key, found in rows.items()}, least=least)
    order = sorted(rows, key=lambda key: (key in hidden, -len(rows[key]), str(key)))
    silent = _silent({key: found for key, found in rows.items() if key not in hidden}, alone=not hidden, least=least)
    return [Group(key, None) if key in hidden else _group(key, rows[key], told=key not in silent, least=least) for key in order]


def _silent(rows: Mapping[K, Sequence[Outcome]], *, alone: bool, least: int) -> set[K]:
    """Shown groups of which it is not told how many have a mentor."""
    matched = {key: sum(each.matched for each in found) for key, found in rows.items()}
    silent = {key for key, some in matched.items() if not all(_enough(part, least) for part in (some, len(rows[key]) - some))}
    others = sorted(rows.keys() - silent, key=lambda key: (len(rows[key]), str(key)))
    return silent | set(others[:1]) if alone and len(silent) == 1 else silent


def _enough(number: int, least: int) -> bool:
    return number == 0 or number >= least


def _group(key: K, found: Sequence[Outcome], *, told: bool, least: int) -> Group[K]:
    scores = [each.score for each in found if each.matched]
    fit = sum(scores) / len(scores) / 10_000 if len(scores) >= least else None
    return Group(key, len(found), len(scores) if told else None, fit)
