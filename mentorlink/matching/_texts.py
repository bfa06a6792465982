"""The mentors' weighed texts: term by row for comparing two, row by term for finding who may compare well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ._bridge import TextBridge
from ._pool import BLOCK, BLOCK_BITS
from ._text import CHUNK, Floats, Ints, Longs, TextEncoder

ONE = 1 << 15
"""A weight of 1. Weights are whole numbers of this part, so that sums do not depend on the order of additions."""
STEP_BITS = 30
PART = 1.0 / (1 << STEP_BITS)
"""A product of two weights as a part of 1."""
TEXT_STEPS = 1000
COMMON = 16
"""A term in more than every so-manieth text has no list of rows: it tells nobody apart."""
CHANGED = 1 << 7
LONGEST = np.iinfo(np.int64).max
_SPARE = 1 << 16

Weights = npt.NDArray[np.uint16]


class Words(NamedTuple):
    """A mentee's text: terms with the rarest first, weights in parts of `ONE`, and the text as a point of the bridge."""

    terms: Ints
    weights: Ints
    tongue: int
    point: npt.NDArray[np.int8]


class ManyWords(NamedTuple):
    """Mentees' texts one after the other: mentee i has ``terms[ends[i]:ends[i + 1]]``, each with the rarest first."""

    terms: Ints
    weights: Ints
    ends: Longs
    tongues: npt.NDArray[np.uint8]
    points: npt.NDArray[np.int8]


class Texts:
    """Weighed texts by row, changed in place.

    A changed row is written behind the others and marked: the lists of rows do not know it, so it is compared whenever its other
    terms let it reach the page. Folding such rows into the lists is `compact`, which nobody has to wait for.

    Attributes
    ----------
    starts, counts : ndarray of shape (capacity,), int64 and int32
        Where a row's terms stand in `terms` (int32, ascending within a row) and `weights` (uint16).
    list_ends : ndarray of shape (n_terms + 1,), int64
        Where a term's list ends in `list_rows` (int32) and `list_weights` (uint16).
    common : ndarray of shape (n_terms,), bool
        Terms without a list.
    lengths : ndarray of shape (n_terms,), int64
        Of each term's list; a term without one is longer than any.
    changed : ndarray of shape (capacity,), uint8
    odd_blocks : ndarray of shape (capacity / BLOCK,), uint8
        Bit for each language that a text of the block is in, or was in, and `CHANGED` if any of them is changed.
    tongues : ndarray of shape (capacity,), uint8
        Language of each text, 0: unknown.
    points : ndarray of shape (capacity, bridge's dimensions), int8
    """

    def __init__(self, encoder: TextEncoder, bridge: TextBridge | None) -> None:
        self.encoder = encoder
        self.bridge = bridge
        self.size = 0
        self.changes = 0
        self._asked = np.zeros(len(encoder.vocabulary_), np.int32)

    def fill(self, texts: Sequence[str], rows: Longs, capacity: int) -> Self:
        """Read texts into rows."""
        columns, weights, counts = [np.empty(0, np.int32)], [np.empty(0, np.uint16)], [np.empty(0, np.int64)]
        tongues, points = np.zeros(capacity, np.uint8), np.zeros((capacity, self._dimensions), np.int8)
        left, at = iter(texts), 0
        while chunk := list(islice(left, CHUNK)):
            found, weighed, ends = self.encoder.weigh_all(chunk)
            columns.append(found)
            weights.append(_whole(weighed))
            counts.append(np.diff(ends))
            if self.bridge is not None:
                here = rows[at : at + len(chunk)]
                tongues[here], points[here] = self.bridge.place(chunk)
            at += len(chunk)
        lengths = np.concatenate(counts)
        self.starts, self.counts = np.zeros(capacity, np.int64), np.zeros(capacity, np.int32)
        self.starts[rows], self.counts[rows] = np.cumsum(lengths) - lengths, lengths
        self.used = int(lengths.sum())
        self.terms, self.weights = _gathered(columns, self.used), _gathered(weights, self.used)
        self.tongues, self.points = tongues, points
        self.size = len(texts)
        self._list()
        return self

    def row(self, row: int) -> tuple[Ints, Weights]:
        """Return a row's terms, ascending, and their weights."""
        part = slice(self.starts.item(row), self.starts.item(row) + self.counts.item(row))
        return self.terms[part], self.weights[part]

    def put(self, row: int, text: str) -> None:
        """Replace a row."""
        terms, weights = self.encoder.weigh(text)
        self.size = max(self.size, row + 1)
        if len(terms) > self.counts[row]:
            self._reserve(len(terms))
            self.starts[row] = self.used
            self.used += len(terms)
        part = slice(self.starts.item(row), self.starts.item(row) + len(terms))
        self.terms[part], self.weights[part] = terms, _whole(weights)
        self.counts[row] = len(terms)
        if self.bridge is not None:
            tongues, points = self.bridge.place([text])
            self.tongues[row], self.points[row] = tongues[0], points[0]
        self.odd_blocks[row >> BLOCK_BITS] |= CHANGED | (1 << self.tongues.item(row))
        if not self.changed[row]:
            self.changed[row] = 1
            self.changes += 1

    @property
    def nothing(self) -> Words:
        """A text that says nothing."""
        return Words(np.empty(0, np.int32), np.empty(0, np.int32), 0, np.zeros(self._dimensions, np.int8))

    def read(self, text: str) -> tuple[Words, dict[int, str]]:
        """Return a mentee's text, and for each term the first form in which it stands there."""
        terms, weights, written = self.encoder.read(text)
        tongue, point = 0, np.zeros(self._dimensions, np.int8)
        if self.bridge is not None and text:
            tongues, points = self.bridge.place([text])
            tongue, point = int(tongues[0]), points[0]
        return self._words(terms, weights, tongue, point), written

    def read_all(self, texts: Sequence[str]) -> ManyWords:
        """Return the texts of many mentees."""
        terms, weights, counts = [np.empty(0, np.int32)], [np.empty(0, np.int32)], [np.zeros(1, np.int64)]
        tongues, points = np.zeros(len(texts), np.uint8), np.zeros((len(texts), self._dimensions), np.int8)
        left, at = iter(texts), 0
        while chunk := list(islice(left, CHUNK)):
            if any(chunk):
                found, weighed, ends = self.encoder.weigh_all(chunk)
                order = np.lexsort((self.lengths[found], np.repeat(np.arange(len(chunk)), np.diff(ends))))
                terms.append(found[order])
                weights.append(_whole(weighed)[order].astype(np.int32))
                counts.append(np.diff(ends))
                if self.bridge is not None:
                    tongues[at : at + len(chunk)], points[at : at + len(chunk)] = self.bridge.place(chunk)
            else:
                counts.append(np.zeros(len(chunk), np.int64))
            at += len(chunk)
        return ManyWords(np.concatenate(terms), np.concatenate(weights), np.cumsum(np.concatenate(counts)), tongues, points)

    def similarity(self, rows: Longs, words: Words) -> Ints:
        """Return the similarity of a mentee's text with some rows: shape (m,), int32, steps of 0.001."""
        return self._led(self._plain(rows, words), rows, words).astype(np.int32)

    def told(self, rows: Longs, words: Words, most: int) -> tuple[Longs, Longs, list[list[tuple[int, float]]]]:
        """Return for each row its similarity by shared words, its similarity, and the `most` shared terms that add most.

        Terms are told as their column with what they add to the cosine, the most first, then by column.
        """
        at, found, products = self._products(rows, words)
        plain = self._steps(np.bincount(at, weights=products, minlength=len(rows)))
        # terms stand by column within a row, and the order keeps that among equals
        order = np.argsort(at << (STEP_BITS + 1) | ((1 << STEP_BITS) - np.minimum(products, 1 << STEP_BITS)), kind="stable")
        firsts = np.searchsorted(at, np.arange(len(rows) + 1)).tolist()
        listed = list(zip(self.terms[found[order]].tolist(), (products[order] * PART).tolist(), strict=True))
        shared = [listed[start : min(end, start + most)] for start, end in pairwise(firsts)]
        return plain, self._led(plain.copy(), rows, words), shared

    def grow(self, capacity: int) -> None:
        """Make room for more rows."""
        more = capacity - len(self.starts)
        if more > 0:
            self.starts, self.counts = np.pad(self.starts, (0, more)), np.pad(self.counts, (0, more))
            self.changed, self.tongues = np.pad(self.changed, (0, more)), np.pad(self.tongues, (0, more))
            self.points = np.pad(self.points, ((0, more), (0, 0)))
            self.odd_blocks = np.pad(self.odd_blocks, (0, -(-capacity // BLOCK) - len(self.odd_blocks)))

    def compact(self) -> Texts:
        """Return the same rows with all of them in the lists and nothing left of what stood there before."""
        return self.chosen(np.arange(self.size), len(self.starts))

    def chosen(self, rows: Longs, capacity: int) -> Texts:
        """Return a copy of some rows, in this order."""
        found = Texts(self.encoder, self.bridge)
        counts = self.counts[rows].astype(np.int64)
        ends = np.cumsum(counts)
        found.used = int(counts.sum())
        places = np.arange(found.used) + np.repeat(self.starts[rows] - ends + counts, counts)
        found.terms, found.weights = _gathered([self.terms[places]], found.used), _gathered([self.weights[places]], found.used)
        found.starts, found.counts = np.zeros(capacity, np.int64), np.zeros(capacity, np.int32)
        found.starts[: len(rows)], found.counts[: len(rows)] = ends - counts, counts
        found.tongues, found.points = np.zeros(capacity, np.uint8), np.zeros((capacity, self._dimensions), np.int8)
        found.tongues[: len(rows)], found.points[: len(rows)] = self.tongues[rows], self.points[rows]
        found.size = len(rows)
        found._list()
        return found

    @property
    def _dimensions(self) -> int:
        return 0 if self.bridge is None else self.bridge.dimensions_

    def _words(self, terms: Ints, weights: Floats, tongue: int, point: npt.NDArray[np.int8]) -> Words:
        order = np.argsort(self.lengths[terms], kind="stable")
        return Words(terms[order], np.rint(weights[order] * ONE).astype(np.int32), tongue, point)

    def _plain(self, rows: Longs, words: Words) -> Longs:
        if not len(words.terms):
            return np.zeros(len(rows), np.int64)
        at, _, products = self._products(rows, words)
        return self._steps(np.bincount(at, weights=products, minlength=len(rows)))

    def _steps(self, sums: Floats) -> Longs:
        found = np.rint(sums).astype(np.int64)
        return np.minimum((found * TEXT_STEPS + (1 << (STEP_BITS - 1))) >> STEP_BITS, TEXT_STEPS)

    def _led(self, steps: Longs, rows: Longs, words: Words) -> Longs:
        """Raise the similarity of rows in another language than the mentee's to what the bridge finds."""
        if self.bridge is not None and words.tongue:
            across = np.flatnonzero((self.tongues[rows] != words.tongue) & (self.tongues[rows] != 0))
            steps[across] = np.maximum(steps[across], self.bridge.steps(self.points[rows[across]], words.point))
        return steps

    def _products(self, rows: Longs, words: Words) -> tuple[Longs, Longs, Longs]:
        """Return, for the terms rows share with a mentee's text: position in `rows`, place in `terms`, product of weights."""
        counts = self.counts[rows].astype(np.int64)
        until = np.cumsum(counts)
        places = np.arange(counts.sum()) + np.repeat(self.starts[rows] - until + counts, counts)
        self._asked[words.terms] = words.weights
        weights = self._asked[self.terms[places]]
        self._asked[words.terms] = 0
        both = np.flatnonzero(weights)
        at = np.searchsorted(until, both, side="right")
        return at, places[both], weights[both].astype(np.int64) * self.weights[places[both]]

    def _list(self) -> None:
        """Make the lists of rows anew."""
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        width = len(self.encoder.vocabulary_)
        order = np.argsort(self.starts[: self.size], kind="stable")
        rows = np.repeat(order, self.counts[order])
        terms, weights = self.terms[: self.used], self.weights[: self.used]
        self.common = np.bincount(terms, minlength=width) > max(64, self.size // COMMON)
        kept = ~self.common[terms]
        by_row = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=self.size)[order])])
        lists = csr_matrix((weights[kept], terms[kept], by_row), shape=(self.size, width)).tocsc()
        self.list_ends = lists.indptr.astype(np.int64)
        self.list_rows = order[lists.indices].astype(np.int32)
        self.list_weights = lists.data.astype(np.uint16, copy=False)
        self.changed, self.changes = np.zeros(len(self.starts), np.uint8), 0
        self.look_through()

    def look_through(self) -> None:
        """Make `lengths` and `odd_blocks` anew."""
        self.lengths = np.where(self.common, LONGEST, np.diff(self.list_ends))
        odd = np.uint8(1) << self.tongues | self.changed * np.uint8(CHANGED)
        self.odd_blocks = np.zeros(-(-len(odd) // BLOCK), np.uint8)
        if len(odd):
            self.odd_blocks[:] = np.bitwise_or.reduceat(odd, np.arange(0, len(odd), BLOCK))

    def _reserve(self, more: int) -> None:
        if self.used + more > len(self.terms):
            self.terms, self.weights = _gathered([self.terms], len(self.terms)), _gathered([self.weights], len(self.weights))


def _whole(weights: Floats) -> Weights:
    return np.rint(weights * ONE).astype(np.uint16)


def _gathered(parts: Iterable[npt.NDArray[Any]], used: int) -> npt.NDArray[Any]:
    """Return the parts one after the other, with room behind them in pages that cost nothing until they are written."""
    listed = list(parts)
    found = np.empty(used + used // 2 + _SPARE, listed[0].dtype)
    np.concatenate(listed, out=found[:used])
    return found
