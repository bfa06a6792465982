"""What a round is asked: places, pins, forbidden pairs, wishes of both sides, the last run, quotas; checked before anything
runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ._batch import MASKED
from ._errors import InvalidInput, MatchingError

LOCK_FAULTS = ("lock_twice", "lock_forbidden", "lock_unknown", "lock_and_ban", "locks_over_capacity", "lock_left_out")
MOST_PLACES = 10_000
MOST_SCORE = 2_000_000
MOST_MISSED = 3
"""Rounds gone without that count."""

Ids = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
PairOfIds = tuple[int, int]


class RoundError(MatchingError):
    """A round that cannot be run as asked.

    Codes: ``lock_twice`` (mentee, mentors), ``lock_forbidden`` (mentee, mentor): a hard rule forbids the pinned pair,
    ``lock_unknown``
    (mentee, mentor): one of them is not in the round, ``lock_and_ban`` (mentee, mentor), ``locks_over_capacity`` (mentor, locks,
    capacity), ``lock_left_out`` (mentee, mentor), ``bad_capacity`` (mentor, value), ``bad_quota`` (quota, reason),
    ``wish_for_oneself`` (id), ``bad_wishes`` (id, value): not a list of ids,
    ``wish_twice`` (id, wish), ``bad_score`` (reason), ``no_such_pair`` (mentee, mentor).
    """


class RoundCancelled(MatchingError):
    """The run was cancelled: ``cancelled`` (stage). Nothing half done is left."""


class Scores(Protocol):
    """What a round needs of the pairs' scores: `MentorIndex.batch` gives it, and so does `DenseScores`."""

    mentee_ids: Ids
    mentor_ids: Ids

    def scores(self, row: int) -> Ints:
        """Return one mentee's scores, millionths, `MASKED` where forbidden: shape (m,)."""
        ...

    def best(
        self, k: int, *, prices: Ids | None = None, rows: Any = None, least: Ids | None = None, jitter: int = 0, seed: int = 0
    ) -> tuple[Ints, Ints]:
        """Return columns and scores of the best k of score − price of each mentee, −1 and `MASKED` where there are fewer.

        `least`: for each mentee asked about, what does not come up to it need not be returned.
        """
        ...


class DenseScores:
    """Scores as a matrix of whole numbers, for small rounds, for tests and for scores from elsewhere.

    Parameters
    ----------
    mentee_ids : array-like of shape (n,), integer
    mentor_ids : array-like of shape (m,), integer
        In any order; kept ascending.
    scores : array-like of shape (n, m), whole numbers
        Millionths; below 0: forbidden. At most 2,000,000. A float array is taken when every value is whole.
    bans : collection of (mentee id, mentor id)
        Forbidden in addition.

    Raises
    ------
    InvalidInput
        ``duplicate_id``, ``bad_id``, ``length_mismatch``, ``not_a_number``.
    RoundError
        ``bad_score``.
    """

    def __init__(
        self, mentee_ids: npt.ArrayLike, mentor_ids: npt.ArrayLike, scores: npt.ArrayLike, *, bans: Collection[PairOfIds] = ()
    ) -> None:
        mentees, mentors = _ids(mentee_ids), _ids(mentor_ids)
        table = np.asarray(scores)
        if table.size == 0:
            table = np.zeros((len(mentees), len(mentors)), np.int32)
        if table.shape != (len(mentees), len(mentors)):
            raise InvalidInput("length_mismatch", column="scores", expected=(len(mentees), len(mentors)), found=table.shape)
        if table.dtype.kind == "f" and not np.isfinite(table).all():
            raise InvalidInput("not_a_number", column="scores")
        if table.dtype.kind not in "iuf" or (table.dtype.kind == "f" and not (table == np.rint(table)).all()):
            raise RoundError("bad_score", reason="not_whole")
        if table.size and table.max() > MOST_SCORE:
            raise RoundError("bad_score", reason="too_great")
        rows, cols = np.argsort(mentees), np.argsort(mentors)
        self.mentee_ids, self.mentor_ids = mentees[rows], mentors[cols]
        table = table[np.ix_(rows, cols)]
        self.table = np.where(table < 0, MASKED, table).astype(np.int32)
        row_of, col_of = _places(self.mentee_ids), _places(self.mentor_ids)
        for mentee, mentor in bans:
            if mentee in row_of and mentor in col_of:
                self.table[row_of[mentee], col_of[mentor]] = MASKED

    def scores(self, row: int) -> Ints:
        """Return one mentee's scores: shape (m,)."""
        return self.table[row].copy()

    def best(
        self, k: int, *, prices: Ids | None = None, rows: Any = None, least: Ids | None = None, jitter: int = 0, seed: int = 0
    ) -> tuple[Ints, Ints]:
        """Return the best k of each mentee; `least` and `jitter` are not used: a small table needs no sparing or spreading."""
        asked = np.arange(len(self.mentee_ids)) if rows is None else np.asarray(rows, np.int64)
        width = len(self.mentor_ids)
        columns = np.full((len(asked), k), -1, np.int32)
        scores = np.full((len(asked), k), MASKED, np.int32)
        take = min(k, width)
        if not take:
            return columns, scores
        for first in range(0, len(asked), 256):
            part = self.table[asked[first : first + 256]]
            # the position makes every value different, so that ties go by id
            value = (part.astype(np.int64) - (0 if prices is None else prices)) * width - np.arange(width)
            value[part == MASKED] = -(1 << 62)
            at = (
                np.argpartition(-value, take - 1, axis=1)[:, :take] if take < width else np.tile(np.arange(width), (len(part), 1))
            )
            at = np.take_along_axis(at, np.argsort(-np.take_along_axis(value, at, 1), axis=1, kind="stable"), 1)
            got = np.take_along_axis(part, at, 1)
            columns[first : first + 256, :take] = np.where(got == MASKED, -1, at)
            scores[first : first + 256, :take] = got
        return columns, scores


@dataclass(frozen=True, slots=True)
class Quota:
    """How many pairs of a group there must or may be.

    Parameters
    ----------
    code : str
    side : {"mentee", "mentor"}
        Whose ids `members` are.
    members : collection of int
    at_least, at_most : int or None
        Number of pairs in which a member takes part; pinned pairs count.
    """

    code: str
    side: Literal["mentee", "mentor"]
    members: Collection[int]
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class RoundInput:
    """Everything about a round besides the scores.

    Parameters
    ----------
    capacity : mapping of int to int
        Mentor id → places in this round, 0 … 10,000. A mentor not named has none; ids that are not in the round are ignored.
    locks : collection of (mentee id, mentor id)
        Pairs that must be made.
    bans : collection of (mentee id, mentor id)
        Pairs that must not be made. The scores must know them too (`MentorIndex.batch(bans=…)`, `DenseScores(bans=…)`): the
        proof runs over the scores.
    mentee_wishes, mentor_wishes : mapping of int to sequence of int
        Whom somebody wants, the most wanted first. Wishes for people who are not in the round, or whom a rule forbids, have no
        effect and stand in `RoundResult.ignored_wishes`.
    previous : mapping of int to int
        Mentee id → mentor id of the last run, for the stay bonus.
    missed : mapping of int to int
        Mentee id → rounds gone without a mentor; three count at most.
    left_out : mapping of int to str
        Mentee id → code: takes no part and is among the unmatched with this code.
    quotas : sequence of Quota
    """

    capacity: Mapping[int, int]
    locks: Collection[PairOfIds] = ()
    bans: Collection[PairOfIds] = ()
    mentee_wishes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    mentor_wishes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    previous: Mapping[int, int] = field(default_factory=dict)
    missed: Mapping[int, int] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)
    quotas: Sequence[Quota] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A round's input by position, every value sound."""

    capacity: Ids
    """(m,): places, pinned pairs included."""
    locked: dict[int, int]
    """Row → column."""
    active: Ids
    """Rows that take part and are not pinned, ascending."""
    free: Ids
    """(m,): places that are left beside the pinned pairs."""
    missed: Ids
    """(n,)"""
    left_out: dict[int, str]
    row_of: dict[int, int]
    column_of: dict[int, int]


def checked(scores: Scores, given: RoundInput) -> Checked:
    """Check a round's input against who is in it; of several faults the one with the lowest ids is told."""
    row_of, column_of = _places(scores.mentee_ids), _places(scores.mentor_ids)
    capacity = np.zeros(len(scores.mentor_ids), np.int64)
    for mentor, places in sorted(given.capacity.items()):
        if isinstance(places, bool) or not isinstance(places, int | np.integer) or not 0 <= places <= MOST_PLACES:
            raise RoundError("bad_capacity", mentor=mentor, value=repr(places)[:40])
        if mentor in column_of:
            capacity[column_of[mentor]] = places
    for wishes in (given.mentee_wishes, given.mentor_wishes):
        _check_wishes(wishes)
    for quota in given.quotas:
        _check_quota(quota)
    missed = np.zeros(len(scores.mentee_ids), np.int64)
    for mentee, rounds in given.missed.items():
        if isinstance(rounds, bool) or not isinstance(rounds, int | np.integer) or rounds < 0:
            raise InvalidInput("not_a_number", id=mentee, column="missed", value=repr(rounds)[:40])
        if mentee in row_of:
            missed[row_of[mentee]] = min(MOST_MISSED, rounds)
    locked = _locked(scores, given, row_of, column_of, capacity)
    left_out = {row_of[mentee]: str(code) for mentee, code in given.left_out.items() if mentee in row_of}
    active = np.array([row for row in range(len(row_of)) if row not in locked and row not in left_out], np.int64)
    free = capacity.copy()
    for column in locked.values():
        free[column] -= 1
    return Checked(capacity, locked, active, free, missed, left_out, row_of, column_of)


def digest(*parts: Any) -> str:
    """Return a SHA-256 over arrays and plain values, the same whatever order mappings and sets came in."""
    told = hashlib.sha256()
    for part in parts:
        told.update(part.tobytes() if isinstance(part, np.ndarray) else json.dumps(_plain(part)).encode())
        told.update(b"\0")
    return told.hexdigest()


def input_digest(scores: Scores, given: RoundInput, firsts: Any) -> str:
    """Return the hash of a round's input: who, places, pins, wishes …, and each mentee's best scores `firsts`."""
    parts = (
        {k: v for k, v in given.capacity.items() if v}, set(given.locks), set(given.bans), given.mentee_wishes,
        given.mentor_wishes,
        given.previous, given.missed, given.left_out,
        sorted(_plain([q.code, q.side, set(q.members), q.at_least, q.at_most]) for q in given.quotas),
    )  # fmt: skip
    return digest(scores.mentee_ids, scores.mentor_ids, *(np.ascontiguousarray(each) for each in firsts), *parts)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted([_plain(key), _plain(each)] for key, each in value.items())
    if isinstance(value, set | frozenset):
        return sorted(_plain(each) for each in value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return (
        value.item() if isinstance(value, np.generic) else value if isinstance(value, int | float | str | None) else repr(value)
    )


def _locked(
    scores: Scores, given: RoundInput, row_of: dict[int, int], column_of: dict[int, int], capacity: Ids
) -> dict[int, int]:
    locked: dict[int, int] = {}
    bans = set(given.bans)
    for mentee, mentor in sorted(set(given.locks)):
        if mentee not in row_of or mentor not in column_of:
            raise RoundError("lock_unknown", mentee=mentee, mentor=mentor)
        row, column = row_of[mentee], column_of[mentor]
        if row in locked:
            raise RoundError("lock_twice", mentee=mentee, mentors=(int(scores.mentor_ids[locked[row]]), mentor))
        if (mentee, mentor) in bans:
            raise RoundError("lock_and_ban", mentee=mentee, mentor=mentor)
        if mentee in given.left_out:
            raise RoundError("lock_left_out", mentee=mentee, mentor=mentor)
        if scores.scores(row)[column] < 0:
            raise RoundError("lock_forbidden", mentee=mentee, mentor=mentor)
        locked[row] = column
    held = np.bincount(np.array(list(locked.values()), np.int64), minlength=len(capacity))
    for column in np.flatnonzero(held > capacity).tolist():
        raise RoundError(
            "locks_over_capacity", mentor=int(scores.mentor_ids[column]), locks=int(held[column]), capacity=int(capacity[column])
        )
    return locked


def _check_wishes(wishes: Mapping[int, Sequence[int]]) -> None:
    for person, wanted in sorted(wishes.items()):
        if not isinstance(wanted, Sequence | np.ndarray) or not all(isinstance(each, int | np.integer) for each in wanted):
            raise RoundError("bad_wishes", id=person, value=repr(wanted)[:80])
        if person in wanted:
            raise RoundError("wish_for_oneself", id=person)
        if len(set(wanted)) != len(wanted):
            twice = min(each for each in wanted if list(wanted).count(each) > 1)
            raise RoundError("wish_twice", id=person, wish=twice)


def _check_quota(quota: Quota) -> None:
    if not isinstance(quota, Quota):
        raise RoundError("bad_quota", quota=repr(quota)[:80], reason="not_a_quota")
    for name in ("at_least", "at_most"):
        value = getattr(quota, name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise RoundError("bad_quota", quota=quota.code, reason=name)
    if quota.side not in ("mentee", "mentor"):
        raise RoundError("bad_quota", quota=quota.code, reason="side")
    if quota.at_least is not None and quota.at_most is not None and quota.at_least > quota.at_most:
        raise RoundError("bad_quota", quota=quota.code, reason="crossed")


def _places(ids: Ids) -> dict[int, int]:
    return {person: place for place, person in enumerate(ids.tolist())}


def _ids(values: npt.ArrayLike) -> Ids:
    given = np.asarray(values)
    if given.size == 0:
        return np.empty(0, np.int64)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InvalidInput("bad_id", value=repr(values)[:80])
    ids = given.astype(np.int64)
    ordered = np.sort(ids)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        raise InvalidInput("duplicate_id", id=int(twice[0]))
    return ids
