"""What people write about themselves, as weighted words; and an inverted index over the mentors' texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ._base import Estimator
from ._errors import InvalidInput, InvalidParameter
from ._stem import words

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Shared = tuple[npt.NDArray[np.int64], Ints, Floats]
Weighed = tuple[Ints, npt.NDArray[np.float32]]


class TextEncoder(Estimator):
    """Words and pairs of words, weighted by rarity, for texts in Indonesian and English.

    Letters are made small, Indonesian affixes and function words are taken off, figures are dropped, and so are words that tell
    of sex, religion, ethnicity, marital status or age. Weight of a term that stands *tf* times in the text and in *df* of *n*:
    ``(1 + ln tf) · (1 + ln((1 + n) / (1 + df)))``, the vector then scaled to length 1 (scikit-learn's `TfidfVectorizer`
    with ``sublinear_tf``; Salton & Buckley 1988).

    Parameters
    ----------
    pairs : bool, default=True
        Also two words in a row.
    min_df : int, default=1
        Leave out terms that stand in fewer texts.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Term → column, in alphabetical order.
    idf_ : ndarray of shape (n_terms,), float64
    n_documents_ : int

    Notes
    -----
    Fitting imports scikit-learn; everything else does not.
    """

    def __init__(self, *, pairs: bool = True, min_df: int = 1) -> None:
        self.pairs = pairs
        self.min_df = min_df

    def fit(self, texts: Sequence[str], y: None = None) -> Self:
        """Learn vocabulary and rarities.

        Parameters
        ----------
        texts : sequence of str, length n
            May be empty, and so may each text.
        y : None
            Ignored.

        Returns
        -------
        self

        Raises
        ------
        InvalidInput
            ``bad_text``: not a string.
        InvalidParameter
            ``bad_parameter``.
        """
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[str], y: None = None) -> Any:
        """Learn, and return the weights of the same texts.

        Returns
        -------
        scipy.sparse.csr_matrix of shape (n, n_terms), float64
        """
        self._check()
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        analysed = [self.terms(text) for text in texts]
        self.n_documents_ = len(analysed)
        if not self._has_terms(analysed):
            self.vocabulary_, self.idf_ = {}, np.empty(0)
            return csr_matrix((len(analysed), 0))
        from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

        model = TfidfVectorizer(analyzer=_as_it_is, min_df=self.min_df, sublinear_tf=True, norm=None)
        matrix = model.fit_transform(analysed).tocsr()
        matrix.sort_indices()
        matrix.data = _scaled(matrix.data, matrix.indptr)
        self.vocabulary_ = {term: int(column) for term, column in model.vocabulary_.items()}
        self.idf_ = np.asarray(model.idf_, dtype=np.float64)
        return matrix

    def transform(self, texts: Iterable[str]) -> Any:
        """Return the weights of texts; terms that were not learnt are left out.

        Returns
        -------
        scipy.sparse.csr_matrix of shape (n, n_terms), float64

        Raises
        ------
        NotFitted, InvalidInput
        """
        self._check_fitted()
        from scipy.sparse import csr_matrix

        rows = [self.weigh(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([np.empty(0, np.int32), *(columns for columns, _ in rows)])
        values = np.concatenate([np.empty(0), *(values for _, values in rows)])
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self.vocabulary_)))

    def weigh(self, text: str) -> tuple[Ints, Floats]:
        """Return one text's columns, ascending, and weights: two arrays of equal length, the second of length 1 in space."""
        columns, weights, _ = self.read(text)
        return columns, weights

    def read(self, text: str) -> tuple[Ints, Floats, dict[int, str]]:
        """Return what `weigh` returns, and for each column the first form in which its term stands in the text."""
        self._check_fitted()
        counts: dict[int, int] = {}
        first: dict[int, str] = {}
        for term, written in self._terms_as_written(text):
            column = self.vocabulary_.get(term)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
                first.setdefault(column, written)
        found = sorted(counts.items())
        columns = np.array([column for column, _ in found], dtype=np.int32)
        weights = (1.0 + np.log(np.array([count for _, count in found], dtype=np.float64))) * self.idf_[columns]
        return columns, _scaled(weights, np.array([0, len(weights)])), first

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order, repeated as they stand."""
        found: list[str] = []
        before = ""
        for word in words(_text(text)):
            after = word[0] if word else ""
            if after:
                found.append(after)
                if before and self.pairs:
                    found.append(f"{before} {after}")
            before = after
        return found

    def get_feature_names_out(self, input_features: None = None) -> npt.NDArray[np.object_]:
        """Return the terms in the order of the columns."""
        self._check_fitted()
        return np.array(sorted(self.vocabulary_), dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "vocabulary_")

    def _terms_as_written(self, text: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        before: tuple[str, str] | None = None
        for word in words(_text(text)):
            if word is not None:
                found.append(word)
                if before is not None and self.pairs:
                    found.append((f"{before[0]} {word[0]}", f"{before[1]} {word[1]}"))
            before = word
        return found

    def _has_terms(self, analysed: list[list[str]]) -> bool:
        if self.min_df == 1:
            return any(analysed)
        spread = Counter(term for each in analysed for term in set(each))
        return any(count >= self.min_df for count in spread.values())

    def _check(self) -> None:
        if not isinstance(self.pairs, bool):
            raise InvalidParameter("bad_parameter", name="pairs", value=self.pairs)
        if isinstance(self.min_df, bool) or not isinstance(self.min_df, int) or self.min_df < 1:
            raise InvalidParameter("bad_parameter", name="min_df", value=self.min_df)


class Postings:
    """Term → rows, with changed rows kept apart until `compact`.

    Weights are kept as float32, sums are float64 in ascending order of terms, so that a row has the same sum wherever it stands.
    """

    def __init__(self, matrix: Any) -> None:
        self._base = matrix.astype(np.float32)
        by_term = self._base.tocsc()
        by_term.sort_indices()
        self._starts = by_term.indptr.astype(np.int64)
        self._rows = by_term.indices.astype(np.int32, copy=False)
        self._weights = by_term.data
        self._scratch = np.zeros(matrix.shape[1], np.int32)
        self._changed: dict[int, Weighed] = {}
        self._changed_by_term: dict[int, dict[int, float]] = {}

    @property
    def changed(self) -> int:
        """How many rows are kept apart."""
        return len(self._changed)

    def row(self, row: int) -> Weighed:
        """Return a row's terms, ascending, and their weights."""
        if row in self._changed:
            return self._changed[row]
        if row >= self._base.shape[0]:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        part = slice(self._base.indptr[row], self._base.indptr[row + 1])
        return self._base.indices[part].astype(np.int32, copy=False), self._base.data[part]

    def put(self, row: int, terms: Ints, weights: Floats) -> None:
        """Replace a row."""
        for term in self._changed.get(row, (np.empty(0, np.int32), None))[0].tolist():
            del self._changed_by_term[term][row]
        rounded = weights.astype(np.float32)
        self._changed[row] = terms, rounded
        for term, weight in zip(terms.tolist(), rounded.tolist(), strict=True):
            self._changed_by_term.setdefault(term, {})[row] = weight

    def similarities(self, terms: Ints, weights: Floats, n_rows: int) -> Floats:
        """Return the cosine of a weighed text with each row: shape (n_rows,), float64, 0–1."""
        if not len(terms):
            return np.zeros(n_rows)
        starts, ends = self._starts[terms], self._starts[terms + 1]
        pieces = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        rows = np.concatenate([self._rows[piece] for piece in pieces])
        products = np.concatenate([self._weights[piece] for piece in pieces]) * np.repeat(weights, ends - starts)
        found: Floats = np.bincount(rows, weights=products, minlength=n_rows).astype(np.float64, copy=False)
        if self._changed:
            self._add_changed(found, terms, weights)
        return found

    def shared(self, rows: npt.NDArray[np.int64], terms: Ints, weights: Floats) -> Shared:
        """Return the terms that a weighed text shares with some rows.

        Returns
        -------
        at : ndarray of shape (m,), int64
            Position in `rows`.
        terms : ndarray of shape (m,), int32
            Ascending within a position.
        products : ndarray of shape (m,), float64
            Their sums over each position, in this order, are what `similarities` gives, to the bit.
        """
        ends = self._base.indptr
        known = rows < len(ends) - 1
        starts = np.where(known, ends[np.where(known, rows, 0)], 0).astype(np.int64)
        counts = np.where(known, ends[np.where(known, rows + 1, 0)], 0) - starts
        changed = [at for at, row in enumerate(rows.tolist()) if row in self._changed] if self._changed else []
        counts[changed] = 0
        until = np.cumsum(counts)
        places = np.arange(counts.sum()) + np.repeat(starts - until + counts, counts)
        held = np.take(self._base.indices, places)
        met, both = self._meet(held, terms)
        at = np.searchsorted(until, both, side="right")
        products = np.take(self._base.data, places[both]) * weights[met]
        if not changed:
            return at, terms[met], products
        return self._with_changed(rows, changed, (at, terms[met], products), terms, weights)

    def compact(self, n_rows: int) -> Postings:
        """Return postings of the same rows with nothing kept apart."""
        from scipy.sparse import csr_matrix

        weighed = [self.row(row) for row in range(n_rows)]
        ends = np.cumsum([0, *(len(terms) for terms, _ in weighed)])
        terms = np.concatenate([np.empty(0, np.int32), *(terms for terms, _ in weighed)])
        weights = np.concatenate([np.empty(0, np.float32), *(weights for _, weights in weighed)])
        return Postings(csr_matrix((weights, terms, ends), shape=(n_rows, self._base.shape[1])))

    def _meet(self, held: Ints, terms: Ints) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return, for the held terms that are asked for, where among the asked and where among the held they stand."""
        self._scratch[terms] = np.arange(1, len(terms) + 1)
        asked = np.take(self._scratch, held, mode="clip")
        self._scratch[terms] = 0
        both = np.flatnonzero(asked)
        return asked[both].astype(np.int64) - 1, both

    def _with_changed(
        self, rows: npt.NDArray[np.int64], changed: list[int], found: Shared, terms: Ints, weights: Floats
    ) -> Shared:
        parts = [self._changed[int(rows[position])] for position in changed]
        met, both = self._meet(np.concatenate([each for each, _ in parts]), terms)
        at = np.repeat(changed, [len(each) for each, _ in parts])[both]
        products = np.concatenate([each for _, each in parts])[both] * weights[met]
        return np.concatenate([found[0], at]), np.concatenate([found[1], terms[met]]), np.concatenate([found[2], products])

    def _add_changed(self, found: Floats, terms: Ints, weights: Floats) -> None:
        changed = np.fromiter(self._changed, np.int64, len(self._changed))
        found[changed] = 0.0
        for term, weight in zip(terms.tolist(), weights.tolist(), strict=True):
            for row, held in self._changed_by_term.get(term, {}).items():
                found[row] += weight * held


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("bad_text", value=repr(value)[:80])
    return value


def _as_it_is(terms: list[str]) -> list[str]:
    return terms


def _scaled(values: Floats, ends: npt.NDArray[Any]) -> Floats:
    """Scale each row to length 1. Summed row by row in the order of columns: a row comes out the same wherever it stands."""
    counts = np.diff(ends)
    starts = np.asarray(ends)[:-1][counts > 0]
    if not len(starts):
        return values
    lengths = np.sqrt(np.add.reduceat(values * values, starts))
    return np.asarray(values / np.repeat(lengths, counts[counts > 0]))
