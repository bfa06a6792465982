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
    """What a group is counted from: some of its people."""

    people: int
    matched: int
    score: int
    """Millionths, of those matched together."""


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
    whole = {key: _together(found) for key, found in rows.items()}
    hidden = hidden_groups({key: found.people for key, found in whole.items()}, least=least)
    order = sorted(whole, key=lambda key: (key in hidden, -whole[key].people, str(key)))
    silent = _silent({key: found for key, found in whole.items() if key not in hidden}, alone=not hidden, least=least)
    return [Group(key, None) if key in hidden else _group(key, whole[key], told=key not in silent, least=least) for key in order]


def _together(found: Sequence[Outcome]) -> Outcome:
    return Outcome(sum(each.people for each in found), sum(each.matched for each in found), sum(each.score for each in found))


def _silent(groups: Mapping[K, Outcome], *, alone: bool, least: int) -> set[K]:
    """Shown groups of which it is not told how many have a mentor."""
    silent = {key for key, of in groups.items() if not all(_enough(part, least) for part in (of.matched, of.people - of.matched))}
    others = sorted(groups.keys() - silent, key=lambda key: (groups[key].people, str(key)))
    return silent | set(others[:1]) if alone and len(silent) == 1 else silent


def _enough(number: int, least: int) -> bool:
    return number == 0 or number >= least


def _group(key: K, found: Outcome, *, told: bool, least: int) -> Group[K]:
    fit = found.score / found.matched / 10_000 if found.matched >= least else None
    return Group(key, found.people, found.matched if told else None, fit)
