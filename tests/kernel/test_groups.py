"""Figures by group: whoever adds and subtracts all that is told never comes to a figure about few people."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.kernel.groups import FEWEST, Count, harmless, hidden_groups, hidden_parts, tellable

pytestmark = pytest.mark.one_database

people = st.one_of(st.integers(0, 12), st.integers(0, 40))
counts = people.flatmap(lambda number: st.builds(Count, st.just(number), st.integers(0, number)))


def solvable(sums: list[frozenset[int]], parts: list[Count]) -> list[Count]:
    """Every figure that linear algebra gives to who knows the sums over some sets of parts: of any set of parts at all."""
    known = np.array([[place in each for place in range(len(parts))] for each in sums], float).reshape(-1, len(parts))
    onto = np.linalg.pinv(known) @ known
    every = chain.from_iterable(combinations(range(len(parts)), size) for size in range(1, len(parts) + 1))
    found = []
    for chosen in every:
        wanted = np.zeros(len(parts))
        wanted[list(chosen)] = 1
        if np.allclose(wanted @ onto, wanted):
            found.append(sum((parts[place] for place in chosen), Count(0)))
    return found


@given(st.lists(counts, min_size=1, max_size=7))
def test_beside_a_known_total_nothing_harmful_can_be_solved_for(parts: list[Count]) -> None:
    total = sum(parts, Count(0))
    hidden = hidden_parts(dict(enumerate(parts)))
    sums = [frozenset({place}) for place in range(len(parts)) if place not in hidden]
    everything = frozenset(range(len(parts)))
    if harmless(total):
        assert all(map(harmless, solvable([everything, *sums], parts)))
    assert all(harmless(parts[place]) for place in range(len(parts)) if place not in hidden)


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[Count], dict[int, int | None]]:
    """What each unit holds by itself, and the unit above it."""
    own = draw(st.lists(counts, min_size=1, max_size=6))
    return own, {place: draw(st.integers(0, place - 1)) if place else None for place in range(len(own))}


@settings(max_examples=150)
@given(trees())
def test_in_a_tree_of_units_nothing_harmful_can_be_solved_for(tree: tuple[list[Count], dict[int, int | None]]) -> None:
    own, over = tree
    within: dict[str, frozenset[int]] = {f"itself {place}": frozenset({place}) for place in over}
    above: dict[str, str | None] = {f"itself {place}": f"all {place}" for place in over}
    for place, parent in over.items():
        above[f"all {place}"] = None if parent is None else f"all {parent}"
        below = {place}
        for each in sorted(over):
            below |= {each} if over[each] in below else set()
        within[f"all {place}"] = frozenset(below)
    sizes = {key: sum((own[place] for place in parts), Count(0)) for key, parts in within.items()}
    told = tellable(sizes, above)
    assert all(map(harmless, solvable([within[key] for key in told], own)))
    if all(map(harmless, sizes.values())):
        assert told == set(sizes), "nothing is held back for nothing"


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ({"a": (30, 10), "b": (20, 8), "c": (10, 2)}, {"b", "c"}),  # of 20 together, c would be 2
        ({"a": (30, 10), "b": (20, 8), "c": (10, 0)}, set()),
        ({"a": (30, 10), "b": (10, 9), "c": (12, 6)}, {"b", "c"}),  # all of b but one
        ({"a": (30, 10), "b": (3, 1), "c": (2, 1)}, {"a", "b", "c"}),  # 2 of the 5 who are left
    ],
)
def test_a_group_hidden_by_its_count_takes_another_with_it(parts: dict[str, tuple[int, int]], hidden: set[str]) -> None:
    assert hidden_parts({name: Count(*each) for name, each in parts.items()}) == hidden


def test_of_means_only_the_people_behind_them_matter() -> None:
    assert hidden_groups({"a": 30, "b": 1, "c": 1, "d": 7}) == {"b", "c", "d"}
    assert hidden_groups({"a": 9, "c": FEWEST}) == set()
