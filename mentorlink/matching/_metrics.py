"""Figures about a plan: how good, for whom, how fair. Groups under five are not shown, and cannot be worked out from the
others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._errors import InvalidParameter
from ._index import MentorIndex
from ._records import Mentee
from ._round_input import RoundInput, Scores
from ._round_results import RoundResult

LEAST_GROUP = 5
LARGE = 0.8
"""From this share on, a gap counts as covered."""
_STEPS = 1_000_000


class GroupRow(NamedTuple):
    """Figures of a group. All but `group` are None where the group is suppressed."""

    group: str | None
    """None: people without a group."""
    people: int | None
    matched: int | None
    matched_share: float | None
    mean_score: float | None
    """Of the matched; None also when fewer than five of them are matched, or fewer than five are not and the mean could be
    traced."""
    first_choices: int | None
    suppressed: bool


def round_metrics(scores: Scores, given: RoundInput, result: RoundResult) -> dict[str, Any]:
    """Return the figures of a plan.

    Parameters
    ----------
    scores, given, result
        As they went into and came out of `RoundSolver.solve`.

    Returns
    -------
    dict
        ``gap``, ``exact``; ``people`` (taking part), ``matched``, ``matched_share``, ``unmatched`` (code → how many);
        ``total``, ``mean``, ``min``,
        ``worst_1``, ``worst_10`` (mean of the worst 1 % and 10 % of the matched, at least one), ``gini`` of the scores;
        ``first_choice`` and
        ``first_three`` (shares of the matched); ``blocking`` (pairs who would both rather have each other, by score, see
        `blocking_pairs`); ``places``, ``used``, ``idle`` (mentors with places and nobody), ``full``; ``loads`` (pairs →
        mentors); ``moved``,
        ``kept`` against `given.previous`. Means of nothing are None.
    """
    values = np.array([pair.score for pair in result.pairs])
    codes: dict[str, int] = {}
    for each in result.unmatched:
        codes[each.code] = codes.get(each.code, 0) + 1
    left_out = sum(each.mentee in given.left_out for each in result.unmatched)
    people = len(result.pairs) + len(result.unmatched) - left_out
    here = set(scores.mentor_ids.tolist())
    capacity = {mentor: places for mentor, places in given.capacity.items() if places and mentor in here}
    load: dict[int, int] = {}
    for pair in result.pairs:
        load[pair.mentor] = load.get(pair.mentor, 0) + 1
    loads: dict[int, int] = {}
    for mentor in capacity:
        loads[load.get(mentor, 0)] = loads.get(load.get(mentor, 0), 0) + 1
    ranks = [pair.rank for pair in result.pairs]
    moves = people_moved(dict(given.previous), result.mentor_of)
    return {
        "gap": result.gap, "exact": result.exact,
        "people": people, "matched": len(values), "matched_share": len(values) / people if people else None,
        "unmatched": dict(sorted(codes.items())),
        "total": result.total, **_spread(values),
        "first_choice": _share(sum(rank == 1 for rank in ranks), len(ranks)),
        "first_three": _share(sum(rank is not None and rank <= 3 for rank in ranks), len(ranks)),
        "blocking": blocking_pairs(scores, given, result),
        "places": sum(capacity.values()), "used": len(values), "idle": loads.get(0, 0),
        "full": sum(load.get(mentor, 0) >= places for mentor, places in capacity.items()),
        "loads": dict(sorted(loads.items())),
        "moved": moves["moved"], "kept": moves["kept"],
    }  # fmt: skip


def blocking_pairs(scores: Scores, given: RoundInput, result: RoundResult) -> int:
    """Count allowed pairs who are not paired and would both have a higher score together than with whom they have.

    A mentee without a mentor, and a mentor with a free place, would rather have anybody allowed. Only the index's score is
    asked, not wishes. Pinned
    and left out mentees do not count. Reads the scores of every mentee once.
    """
    row_of = {mentee: row for row, mentee in enumerate(scores.mentee_ids.tolist())}
    column_of = {mentor: column for column, mentor in enumerate(scores.mentor_ids.tolist())}
    lowest = np.full(len(column_of), 2**31 - 1, np.int64)
    room = np.array([given.capacity.get(mentor, 0) for mentor in column_of], np.int64)
    own = np.full(len(row_of), -1, np.int64)
    for pair in result.pairs:
        column = column_of[pair.mentor]
        base = round(pair.base * _STEPS)
        own[row_of[pair.mentee]] = base
        room[column] -= 1
        if not pair.locked:
            lowest[column] = min(lowest[column], base)
    lowest[room > 0] = -1
    asked = set(row_of) - set(given.left_out) - {pair.mentee for pair in result.pairs if pair.locked}
    count = 0
    for mentee in sorted(asked):
        row = row_of[mentee]
        base = scores.scores(row)
        count += int(np.count_nonzero((base > own[row]) & (base >= 0) & (base > lowest)))
    return count


def gap_cover(index: MentorIndex, mentees: Iterable[Mentee], result: RoundResult) -> dict[str, Any]:
    """Return how much of the gaps the plan covers: ``mean`` share over matched mentees with gaps, ``large`` share of them with
    at least
    80 %, ``levels`` missing and ``covered`` in all, ``people`` with gaps and a mentor. Shares of nothing are None."""
    shares: list[float] = []
    missing = covered = 0
    for mentee in mentees:
        mentor = result.mentor_of.get(mentee.id)
        if mentor is None:
            continue
        told = index.explain(mentee, mentor)
        if told.gap:
            shares.append(told.covered / told.gap)
            missing += told.gap
            covered += told.covered
    return {
        "people": len(shares),
        "mean": float(np.mean(shares)) if shares else None,
        "large": _share(sum(share >= LARGE for share in shares), len(shares)),
        "levels": missing,
        "covered": covered,
    }


def people_moved(old: Mapping[int, int], new: Mapping[int, int]) -> dict[str, Any]:
    """Compare two plans, mentee id → mentor id: ``kept``, ``moved`` (another mentor), ``entered``, ``left``, ``share`` moved
    of those in both."""
    both = old.keys() & new.keys()
    moved = sum(old[mentee] != new[mentee] for mentee in both)
    return {
        "kept": len(both) - moved,
        "moved": moved,
        "entered": len(new.keys() - old.keys()),
        "left": len(old.keys() - new.keys()),
        "share": _share(moved, len(both)),
    }


def group_metrics(result: RoundResult, groups: Mapping[int, str | None], *, least: int = LEAST_GROUP) -> tuple[GroupRow, ...]:
    """Return the outcome by group, by name of the group.

    Parameters
    ----------
    result : RoundResult
        Whoever was left out beforehand does not count.
    groups : mapping of int to str or None
        Mentee id → group: a tier, a unit, a place.
    least : int, default=5
        Smaller groups are suppressed. If only one is, or all that are come to fewer than `least` people, the smallest other is
        suppressed as
        well: what is not shown cannot be had by taking the shown ones from the whole. A mean is shown only over so many
        people, and
        counts of matched people only if the matched and the others are each none or at least so many.
    """
    if isinstance(least, bool) or not isinstance(least, int) or least < 1:
        raise InvalidParameter("bad_parameter", name="least", value=repr(least)[:40])
    own_codes = {"no_places", "no_allowed_mentor", "below_floor", "below_value", "quota", "outbid"}
    people: dict[str | None, list[int]] = {}
    pairs = {pair.mentee: pair for pair in result.pairs}
    taking_part = [*pairs, *(each.mentee for each in result.unmatched if each.code in own_codes)]
    for mentee in taking_part:
        people.setdefault(groups.get(mentee), []).append(mentee)
    hidden = _hidden({group: len(members) for group, members in people.items()}, least)
    rows: list[GroupRow] = []
    for group, members in sorted(people.items(), key=lambda item: (item[0] is None, item[0] or "")):
        if group in hidden:
            rows.append(GroupRow(group, None, None, None, None, None, True))
            continue
        made = [pairs[mentee] for mentee in members if mentee in pairs]
        others = len(members) - len(made)
        told = (not made or len(made) >= least) and (not others or others >= least)
        firsts = sum(pair.rank == 1 for pair in made)
        firsts_told = told and (not firsts or firsts >= least) and (firsts == len(made) or len(made) - firsts >= least)
        rows.append(
            GroupRow(
                group, len(members), len(made) if told else None, len(made) / len(members) if told else None,
                round(float(np.mean([pair.score for pair in made])), 6) if len(made) >= least else None,
                firsts if firsts_told else None, False,
            )
        )  # fmt: skip
    return tuple(rows)


def gini(values: npt.ArrayLike) -> float | None:
    """Return the Gini coefficient, 0 (all equal) … 1; None for no values, 0 if all are 0."""
    ordered = np.sort(np.asarray(values, np.float64))
    if not len(ordered):
        return None
    whole = ordered.sum()
    if whole <= 0:
        return 0.0
    places = np.arange(1, len(ordered) + 1)
    return float(max(0.0, (2 * places - len(ordered) - 1) @ ordered / (len(ordered) * whole)))


def _hidden(sizes: Mapping[str | None, int], least: int) -> set[str | None]:
    """Return the groups not to be shown."""
    ordered = sorted(sizes, key=lambda group: (sizes[group], group is None, group or ""))
    hidden = {group for group in ordered if sizes[group] < least}
    for group in ordered:
        if not hidden or (len(hidden) > 1 and sum(sizes[each] for each in hidden) >= least):
            break
        hidden.add(group)
    return hidden


def _spread(values: npt.NDArray[np.float64]) -> dict[str, float | None]:
    ordered = np.sort(values)

    def worst(share: float) -> float | None:
        return float(ordered[: max(1, round(share * len(ordered)))].mean()) if len(ordered) else None

    return {
        "mean": float(values.mean()) if len(values) else None,
        "min": float(ordered[0]) if len(values) else None,
        "worst_1": worst(0.01),
        "worst_10": worst(0.10),
        "gini": gini(values),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
