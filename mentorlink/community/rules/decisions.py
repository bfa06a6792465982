"""How a community decides: stances in, an outcome out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

QUORUM = Fraction(1, 3)
"""Of the members, so many must have said where they stand."""


@dataclass(frozen=True)
class Said:
    """Where one member stands."""

    stance: str
    alternative_id: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a decision: chosen, objected, tie or too_few."""

    code: str
    chosen_id: int | None = None


def needed(members: int) -> int:
    """How many must say something for a decision to stand."""
    return max(1, -(-members * QUORUM.numerator // QUORUM.denominator))


def conclude(method: str, alternatives: Sequence[int], said: Collection[Said], members: int) -> Outcome:
    """By consent the first alternative stands unless somebody objects; by vote the one most want, unless two have as many."""
    if len(said) < needed(members):
        return Outcome("too_few")
    if method == "consent":
        objected = any(one.stance == "object" for one in said)
        return Outcome("objected") if objected else Outcome("chosen", alternatives[0])
    votes = tally(alternatives, said)
    most = max(votes.values(), default=0)
    first = [alternative for alternative in alternatives if votes[alternative] == most]
    if not most:
        return Outcome("too_few")
    return Outcome("chosen", first[0]) if len(first) == 1 else Outcome("tie")


def tally(alternatives: Sequence[int], said: Collection[Said]) -> Mapping[int, int]:
    """Alternative → how many want it; who stands aside wants none."""
    votes = dict.fromkeys(alternatives, 0)
    for one in said:
        if one.stance == "agree" and one.alternative_id in votes:
            votes[one.alternative_id] += 1
    return votes
