"""The mentors' weighed texts: term by row for comparing two, row by term for finding who may compare well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
TEXT_STEPS = 1000
COMMON = 16
"""A term in more than every so-manieth text has no list of rows: it tells nobody apart."""
CHANGED = 1 << 7
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
                order = np.lexsort((self._lengths(found), np.repeat(np.arange(len(chunk)), np.diff(ends))))
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
        steps = self._plain(rows, words)
        if self.bridge is not None and words.tongue:
            across = self._across(rows, words)
            steps[across] = np.maximum(steps[across], self.bridge.steps(self.points[rows[across]], words.point))
        return steps.astype(np.int32)

    def told(
        self, rows: Longs, words: Words, written: Mapping[int, str], most: int
    ) -> tuple[list[int], list[list[tuple[str, float]]]]:
        """Return for each row its similarity with a mentee's text, and the `most` shared terms that add most to the cosine.

        Terms are told as `written`, with what they add, the greatest first, equal ones in alphabetical order.
        """
        at, places, products = self._products(rows, words)
        sums = np.zeros(len(rows), np.int64)
        np.add.at(sums, at, products)
        steps = np.minimum((sums * TEXT_STEPS + (1 << (STEP_BITS - 1))) >> STEP_BITS, TEXT_STEPS).tolist()
        terms = self.terms[places]
        order = _by_weight(at, products, _alphabetical(terms, written), len(written))
        at = at[order]
        firsts = np.searchsorted(at, np.arange(len(rows) + 1))
        kept = np.flatnonzero(np.arange(len(at)) < firsts[at] + most)
        parts = (products[order[kept]] / (1 << STEP_BITS)).tolist()
        told = list(zip([written[term] for term in terms[order[kept]].tolist()], parts, strict=True))
        shared = [told[start:end] for start, end in pairwise(np.searchsorted(at[kept], np.arange(len(rows) + 1)).tolist())]
        if self.bridge is not None and words.tongue:
            across = self._across(rows, words)
            for row, step in zip(
                across.tolist(), self.bridge.steps(self.points[rows[across]], words.point).tolist(), strict=True
            ):
                steps[row] = max(steps[row], step)
        return steps, shared

    def leads_across(self, row: int, words: Words) -> bool:
        """Tell whether a row is likelier across the bridge than by the words that both texts share."""
        if self.bridge is None or not words.tongue or self.tongues[row] in (0, words.tongue):
            return False
        across = int(self.bridge.steps(self.points[row : row + 1], words.point)[0])
        return across > self._plain(np.array([row]), words).item()

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
        order = np.argsort(self._lengths(terms), kind="stable")
        return Words(terms[order], _whole(weights)[order].astype(np.int32), tongue, point)

    def _lengths(self, terms: Ints) -> Longs:
        """Return the length of each term's list; a term without a list is longer than any."""
        return np.where(self.common[terms], np.iinfo(np.int64).max, self.list_ends[terms + 1] - self.list_ends[terms])

    def _plain(self, rows: Longs, words: Words) -> Longs:
        found = np.zeros(len(rows), np.int64)
        if len(words.terms):
            at, _, products = self._products(rows, words)
            found = np.rint(np.bincount(at, weights=products, minlength=len(rows))).astype(np.int64)
        return np.minimum((found * TEXT_STEPS + (1 << (STEP_BITS - 1))) >> STEP_BITS, TEXT_STEPS)

    def _across(self, rows: Longs, words: Words) -> Longs:
        """Return the places of rows in another language than the mentee's."""
        return np.flatnonzero((self.tongues[rows] != words.tongue) & (self.tongues[rows] != 0))

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
        self.look_at_blocks()

    def look_at_blocks(self) -> None:
        """Make `odd_blocks` anew."""
        odd = np.uint8(1) << self.tongues | self.changed * np.uint8(CHANGED)
        self.odd_blocks = np.zeros(-(-len(odd) // BLOCK), np.uint8)
        if len(odd):
            self.odd_blocks[:] = np.bitwise_or.reduceat(odd, np.arange(0, len(odd), BLOCK))

    def _reserve(self, more: int) -> None:
        if self.used + more > len(self.terms):
            self.terms, self.weights = _gathered([self.terms], len(self.terms)), _gathered([self.weights], len(self.weights))


def _by_weight(rows: Longs, products: Longs, place: Longs, places: int) -> Longs:
    """Return the order by (row, −product, place); one key where it fits, since that is sorted in a fraction of the time."""
    if places < 1 << 12 and len(rows) and int(rows[-1]) < 1 << 20:
        return np.argsort(rows << 43 | ((1 << STEP_BITS) - np.minimum(products, 1 << STEP_BITS)) << 12 | place)
    return np.lexsort((place, -products, rows))


def _alphabetical(terms: Ints, written: Mapping[int, str]) -> Longs:
    """Return for each term the place of its written form among all of them."""
    if not len(terms):
        return np.empty(0, np.int64)
    known = np.array(sorted(written), np.int64)
    place = np.empty(len(known), np.int64)
    place[sorted(range(len(known)), key=[written[term] for term in known.tolist()].__getitem__)] = np.arange(len(known))
    return np.asarray(place[np.searchsorted(known, terms)])


def _whole(weights: Floats) -> Weights:
    return np.rint(weights * ONE).astype(np.uint16)


def _gathered(parts: Iterable[npt.NDArray[Any]], used: int) -> npt.NDArray[Any]:
    """Return the parts one after the other, with room behind them in pages that cost nothing until they are written."""
    listed = list(parts)
    found = np.empty(used + used // 2 + _SPARE, listed[0].dtype)
    np.concatenate(listed, out=found[:used])
    return found
