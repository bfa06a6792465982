"""What people write about themselves, as weighted words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ._base import Estimator
from ._errors import InvalidInput, InvalidParameter
from ._stem import TOKEN, stem, words

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Weighed = tuple[Ints, Floats, Longs]
"""Columns and weights of several texts, one after the other, and where each text ends (with a 0 before the first)."""
CHUNK = 1 << 14
_FIRST = np.zeros(1, np.int64)
_LOGS = np.array([0.0, *(1.0 + math.log(count) for count in range(1, 1024))])


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
    max_terms : int, default=200_000
        Keep only so many terms, those in most texts, then in alphabetical order: bounds the memory of large pools, where most
        pairs of words are chance.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Term → column, in alphabetical order.
    idf_ : ndarray of shape (n_terms,), float64
    n_documents_ : int
    """

    def __init__(self, *, pairs: bool = True, min_df: int = 1, max_terms: int = 200_000) -> None:
        self.pairs = pairs
        self.min_df = min_df
        self.max_terms = max_terms

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
        self._check()
        numbers = _Stems()
        keys, spread, self.n_documents_ = np.empty(0, np.int64), np.empty(0, np.int64), 0
        for chunk in _chunks(texts):
            rows, found = self._occurrences(chunk, numbers)
            different, place = np.unique(found, return_inverse=True)
            standing = np.unique(rows * max(1, len(different)) + place) % max(1, len(different))
            keys, merged = np.unique(np.concatenate([keys, different]), return_inverse=True)
            counts = np.concatenate([spread, np.bincount(standing, minlength=len(different))])
            spread = np.bincount(merged, weights=counts, minlength=len(keys)).astype(np.int64)
            self.n_documents_ += len(chunk)
        self._choose(keys, spread, numbers)
        return self

    def fit_transform(self, texts: Sequence[str], y: None = None) -> Any:
        """Learn, and return the weights of the same texts.

        Returns
        -------
        scipy.sparse.csr_matrix of shape (n, n_terms), float64
        """
        return self.fit(texts).transform(texts)

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
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        listed = list(texts)
        parts = [self.weigh_all(chunk) for chunk in _chunks(listed)]
        columns = np.concatenate([np.empty(0, np.int32), *(part[0] for part in parts)])
        weights = np.concatenate([np.empty(0), *(part[1] for part in parts)])
        ends = np.cumsum([0, *(count for part in parts for count in np.diff(part[2]).tolist())])
        return csr_matrix((weights, columns, ends), shape=(len(listed), len(self.vocabulary_)))

    def weigh_all(self, texts: Sequence[str]) -> Weighed:
        """Return columns, ascending within a text, weights, and ends, of a handful of texts."""
        numbers = _Stems(self._stems, grow=False)
        rows, keys = self._occurrences(texts, numbers)
        place = np.minimum(np.searchsorted(self._keys, keys), max(0, len(self._keys) - 1))
        known = self._keys[place] == keys if len(self._keys) else np.zeros(len(keys), np.bool_)
        width = max(1, len(self.vocabulary_))
        standing, counts = np.unique(rows[known] * width + self._columns[place[known]], return_counts=True)
        columns = (standing % width).astype(np.int32)
        ends = np.searchsorted(standing, np.arange(len(texts) + 1) * width)
        return columns, _scaled(_damped(counts) * self.idf_[columns], ends), ends

    def weigh(self, text: str) -> tuple[Ints, Floats]:
        """Return one text's columns, ascending, and weights: two arrays of equal length, the second of length 1 in space."""
        columns, weights, _ = self.read(text)
        return columns, weights

    def read(self, text: str) -> tuple[Ints, Floats, dict[int, str]]:
        """Return what `weigh` returns, and for each column the first form in which its term stands in the text."""
        self._check_fitted()
        column_of, pairs = self.vocabulary_.get, self.pairs
        counts: dict[int, int] = {}
        first: dict[int, str] = {}
        stem_before = written_before = ""
        for written in TOKEN.findall(_text(text).lower()):
            stemmed = stem(written)
            if stemmed:
                column = column_of(stemmed)
                if column is not None:
                    if column in counts:
                        counts[column] += 1
                    else:
                        counts[column], first[column] = 1, written
                if stem_before and pairs:
                    column = column_of(f"{stem_before} {stemmed}")
                    if column is not None:
                        if column in counts:
                            counts[column] += 1
                        else:
                            counts[column], first[column] = 1, f"{written_before} {written}"
            stem_before, written_before = stemmed, written
        columns = np.array(sorted(counts), dtype=np.int32)
        weights = self.idf_[columns]
        if len(counts) < sum(counts.values()):
            weights *= _damped(np.array([counts[column] for column in columns.tolist()], dtype=np.int64))
        return columns, weights / _length(weights) if counts else weights, first

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order, repeated as they stand."""
        found: list[str] = []
        before = ""
        for word in words(_text(text)):
            if word is not None:
                found.append(word[0])
                if before and self.pairs:
                    found.append(f"{before} {word[0]}")
            before = word[0] if word is not None else ""
        return found

    def get_feature_names_out(self, input_features: None = None) -> npt.NDArray[np.object_]:
        """Return the terms in the order of the columns."""
        self._check_fitted()
        return np.array(list(self.vocabulary_), dtype=object)

    @property
    def feature_names_in_(self) -> npt.NDArray[np.object_]:
        self._check_fitted()
        return np.array(["text"], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "vocabulary_")

    def restore(self, terms: Sequence[str], idf: Floats, n_documents: int) -> Self:
        """Take over what an equal encoder has learnt: terms in the order of their columns, and their rarities."""
        self.vocabulary_ = {term: column for column, term in enumerate(terms)}
        self.idf_, self.n_documents_ = idf, n_documents
        self._stems: dict[str, int] = {}
        keys = [self._key(term) for term in terms]
        order = np.argsort(np.array(keys, np.int64), kind="stable")
        self._keys, self._columns = np.array(keys, np.int64)[order], order.astype(np.int64)
        return self

    def _key(self, term: str) -> int:
        one, _, other = term.partition(" ")
        key = self._stems.setdefault(one, len(self._stems) + 1) << 32
        return key | self._stems.setdefault(other, len(self._stems) + 1) if other else key

    def _occurrences(self, texts: Sequence[str], numbers: _Stems) -> tuple[Longs, Longs]:
        """Return row and key of each word and pair of words that stands in some texts: number << 32 | number of the next."""
        found: list[int] = []
        ends = []
        for text in texts:
            found.extend(map(numbers.__getitem__, TOKEN.findall(_text(text).lower())))
            found.append(0)
            ends.append(len(found))
        each = np.array(found, dtype=np.int64)
        rows = np.repeat(np.arange(len(texts)), np.diff([0, *ends]))
        singles = each > 0
        if not self.pairs:
            return rows[singles], each[singles] << 32
        both = singles[:-1] & singles[1:]
        pairs = (each[:-1][both] << 32) | each[1:][both]
        return np.concatenate([rows[singles], rows[:-1][both]]), np.concatenate([each[singles] << 32, pairs])

    def _choose(self, keys: Longs, spread: Longs, numbers: _Stems) -> None:
        kept = np.flatnonzero(spread >= self.min_df)
        written = dict(zip(numbers.known.values(), numbers.known, strict=True))

        def term(at: int) -> str:
            one, other = int(keys[at]) >> 32, int(keys[at]) & 0xFFFFFFFF
            return f"{written[one]} {written[other]}" if other else written[one]

        if len(kept) > self.max_terms:
            least = np.partition(spread[kept], len(kept) - self.max_terms)[len(kept) - self.max_terms]
            sure, tied = kept[spread[kept] > least], kept[spread[kept] == least]
            tied = np.array(sorted(tied.tolist(), key=term)[: self.max_terms - len(sure)], np.int64)
            kept = np.concatenate([sure, tied])
        terms = sorted((term(at), at) for at in kept.tolist())
        counts = spread[np.array([at for _, at in terms], np.int64)]
        idf = 1.0 + np.log((1 + self.n_documents_) / (1 + counts))
        self.restore([name for name, _ in terms], idf, self.n_documents_)

    def _check(self) -> None:
        if not isinstance(self.pairs, bool):
            raise InvalidParameter("bad_parameter", name="pairs", value=self.pairs)
        for name in ("min_df", "max_terms"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise InvalidParameter("bad_parameter", name=name, value=value)


class _Stems(dict[str, int]):
    """Token → number of its stem, from 1; 0 for what is not compared, or not known when no more may be learnt."""

    def __init__(self, known: dict[str, int] | None = None, *, grow: bool = True) -> None:
        super().__init__()
        self.known = {} if known is None else known
        self._grow = grow

    def __missing__(self, token: str) -> int:
        stemmed = stem(token)
        if not stemmed:
            number = 0
        elif self._grow:
            number = self.known.setdefault(stemmed, len(self.known) + 1)
        else:
            # A word that was not learnt still parts its neighbours, as one that is left out does.
            number = self.known.get(stemmed, 0)
        self[token] = number
        return number


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    left = iter(texts)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("bad_text", value=repr(value)[:80])
    return value


def _damped(counts: npt.NDArray[Any]) -> Floats:
    """Return 1 + ln of counts."""
    return np.asarray(_LOGS[np.minimum(counts, len(_LOGS) - 1)])


def _scaled(values: Floats, ends: npt.NDArray[Any]) -> Floats:
    """Scale each row to length 1. Summed row by row in the order of columns: a row comes out the same wherever it stands."""
    counts = np.diff(ends)
    starts = np.asarray(ends)[:-1][counts > 0]
    if not len(starts):
        return values
    return np.asarray(values / np.repeat(_length(values, starts), counts[counts > 0]))


def _length(values: Floats, starts: npt.ArrayLike = _FIRST) -> Floats:
    """Return the length of each row; `starts`: where they start."""
    return np.asarray(np.sqrt(np.add.reduceat(values * values, starts)))
