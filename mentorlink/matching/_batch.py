"""Many mentees against one pool, frozen: scores of pairs, the best few of each, and the most each could gain at given prices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ._asked import Asked, asked_of
from ._query import Compiler
from ._records import Mentee

MASKED = -(2**30)
"""Score of a pair that a hard rule forbids."""

Ints = npt.NDArray[np.int32]
Ids = npt.NDArray[np.int64]


class Batch:
    """Scores of n mentees against m mentors, as the pool was when `MentorIndex.batch` was called.

    Memory: two copies of the pool and about 400 bytes for each mentee; scores are made anew whenever they are asked for.

    Attributes
    ----------
    mentee_ids : ndarray of shape (n,), int64, ascending
    mentor_ids : ndarray of shape (m,), int64, ascending
        Columns of everything below are positions in it.
    """

    def __init__(
        self, compiler: Compiler, asked: Asked, *, bans: Iterable[tuple[int, int]], kernel: Any, like: Any = None
    ) -> None:
        self.mentee_ids = asked.ids
        self.mentor_ids = compiler.pool.ids
        self._compiler, self._kernel = compiler, kernel
        self._many = kernel.Many(compiler, asked, list(bans), like)

    def others(self, mentees: Iterable[Mentee], *, bans: Iterable[tuple[int, int]] = ()) -> Batch:
        """Return a batch of other mentees against the very same mentors, by the same policy, without a copy of the pool.

        Whoever comes late is so compared with the mentors as the round knows them. Parameters and errors as `MentorIndex.batch`;
        competencies that are not known are no error here.
        """
        return Batch(self._compiler, asked_of(mentees, None), bans=bans, kernel=self._kernel, like=self._many)

    def __len__(self) -> int:
        return len(self.mentee_ids)

    def scores(self, row: int) -> Ints:
        """Return one mentee's scores: shape (m,), int32, millionths; `MASKED` where a hard rule forbids the pair."""
        found: Ints = self._many.scores(row)
        return found

    def best(
        self,
        k: int,
        *,
        prices: Ids | None = None,
        rows: Iterable[int] | None = None,
        least: Ids | None = None,
        jitter: int = 0,
        seed: int = 0,
    ) -> tuple[Ints, Ints]:
        """Return the best k of *score − price* for each mentee, ordered by (−(score − price), mentor id).

        Parameters
        ----------
        k : int
        prices : ndarray of shape (m,), int64, or None
            Millionths, 0 or more.
        rows : iterable of int or None
            Which mentees, in this order. None: all.
        least : ndarray of shape (r,), int64, or None
            For each mentee asked about, the least *score − price* (noise included) that counts: the higher, the sooner done.
            None: any.
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
        from_ = None if least is None else np.ascontiguousarray(least, np.int64)
        found: tuple[Ints, Ints] = self._many.best(self._rows(rows), k, self._prices(prices), jitter, seed & (2**63 - 1), from_)
        return found

    def reduced(self, prices: Ids, rows: Iterable[int] | None = None) -> Ids:
        """Return for each mentee the most of *score − price* over all allowed mentors: shape (r,), int64; `MASKED` if none."""
        asked = self._rows(rows)
        columns, scores = self.best(1, prices=prices, rows=asked)
        known = columns[:, 0] >= 0
        found = np.full(len(asked), MASKED, np.int64)
        found[known] = scores[known, 0] - np.asarray(prices)[columns[known, 0]]
        return found

    def _prices(self, prices: Ids | None) -> Ids:
        if prices is None:
            return np.zeros(len(self.mentor_ids), np.int64)
        return np.ascontiguousarray(prices, np.int64)

    def _rows(self, rows: Iterable[int] | None) -> Ids:
        if rows is None:
            return np.arange(len(self))
        return np.ascontiguousarray(rows, np.int64) if isinstance(rows, np.ndarray) else np.fromiter(rows, np.int64)
