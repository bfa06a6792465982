"""Many mentees against one pool, frozen: scores of pairs, the best few of each, and the most each could gain at given prices."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

MASKED = -(2**30)
"""Score of a pair that a hard rule forbids."""

Ints = npt.NDArray[np.int32]
Ids = npt.NDArray[np.int64]


class Batch:
    """Scores of n mentees against m mentors, as the pool was when `MentorIndex.batch` was called.

    Attributes
    ----------
    mentee_ids : ndarray of shape (n,), int64, ascending
    mentor_ids : ndarray of shape (m,), int64, ascending
        Columns of everything below are positions in it.
    """

    def __init__(self, mentee_ids: Ids, mentor_ids: Ids, table: Ints) -> None:
        self.mentee_ids = mentee_ids
        self.mentor_ids = mentor_ids
        self._table = table

    def __len__(self) -> int:
        return len(self.mentee_ids)

    def scores(self, row: int) -> Ints:
        """Return one mentee's scores: shape (m,), int32, millionths; `MASKED` where a hard rule forbids the pair."""
        return self._table[row].copy()

    def best(
        self, k: int, *, prices: Ids | None = None, rows: Iterable[int] | None = None, jitter: int = 0, seed: int = 0
    ) -> tuple[Ints, Ints]:
        """Return the best k of *score − price* for each mentee, ordered by (−(score − price), mentor id).

        Parameters
        ----------
        k : int
        prices : ndarray of shape (m,), int64, or None
            Millionths.
        rows : iterable of int or None
            Which mentees, in this order. None: all.
        jitter : int, default=0
            Seeded noise of at most so many millionths that takes part in the choosing (and the order) alone.
        seed : int, default=0

        Returns
        -------
        columns : ndarray of shape (r, k), int32
            −1 where a mentee has fewer.
        scores : ndarray of shape (r, k), int32
            Without price and noise; `MASKED` where a mentee has fewer.
        """
        asked = self._rows(rows)
        columns = np.full((len(asked), k), -1, np.int32)
        scores = np.full((len(asked), k), MASKED, np.int32)
        for at, row in enumerate(asked.tolist()):
            allowed = np.flatnonzero(self._table[row] > MASKED)
            value = self._table[row, allowed].astype(np.int64)
            if prices is not None:
                value -= prices[allowed]
            if jitter:
                value += noise(self.mentee_ids[row], self.mentor_ids[allowed], jitter, seed)
            order = np.lexsort((allowed, -value))[:k]
            columns[at, : len(order)] = allowed[order]
            scores[at, : len(order)] = self._table[row, allowed[order]]
        return columns, scores

    def reduced(self, prices: Ids, rows: Iterable[int] | None = None) -> Ids:
        """Return for each mentee the most of *score − price* over all allowed mentors: shape (r,), int64; `MASKED` if none."""
        asked = self._rows(rows)
        found = np.full(len(asked), MASKED, np.int64)
        for at, row in enumerate(asked.tolist()):
            allowed = np.flatnonzero(self._table[row] > MASKED)
            if len(allowed):
                found[at] = (self._table[row, allowed] - prices[allowed]).max()
        return found

    def _rows(self, rows: Iterable[int] | None) -> Ids:
        return np.arange(len(self)) if rows is None else np.fromiter(rows, np.int64)


def noise(mentee_id: int, mentor_ids: Ids, most: int, seed: int) -> Ids:
    """Return whole numbers from 0 to `most`, a hash of the two ids and the seed (splitmix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        start = _mixed(np.uint64(np.int64(mentee_id).view(np.uint64)) ^ _mixed(np.uint64(seed & (2**64 - 1))))
        mixed = _mixed(mentor_ids.view(np.uint64) ^ start)
    return (mixed % np.uint64(most + 1)).astype(np.int64)


def _mixed(value: np.uint64 | npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
