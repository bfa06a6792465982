"""Texts in two languages as points of one space, learnt from texts that say the same in both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ._base import Estimator
from ._errors import InvalidInput, InvalidParameter
from ._stem import TOKEN, stem, words

UNIT = 127
"""Length of a point, in whole steps of its coordinates."""
TEXT_STEPS = 1000
FINE, COARSE = 1 << 22, 1 << 16
"""Directions and weights of words are whole numbers of such parts."""
CHUNK = 1 << 14
_SURE = 2
"""So many times as many words of one language as of the other make a text one of it."""

Points = npt.NDArray[np.int8]
Tongues = npt.NDArray[np.uint8]


class TextBridge(Estimator):
    """Cross-language latent semantic indexing: a singular value decomposition of texts that say the same in two languages.

    Each training text is a text and its translation put together, so that words of one meaning lie in one direction whichever
    language they are of; a text of either language is then the sum of its words (Littman, Dumais & Landauer 1998). Similarity is
    the cosine less what unlike texts have as well, so that it can stand beside a plain cosine.

    Parameters
    ----------
    dimensions : int, default=256
        Of the space, 2–1024; fewer if there are fewer texts.
    unlike : float, default=0.99
        The quantile of the cosines of pairs that are *not* translations of each other which counts as no similarity at all,
        0–1.

    Attributes
    ----------
    dimensions_ : int
    vocabulary_ : dict of str to int
        Stem → row of `directions_`.
    directions_ : ndarray of shape (n_words, dimensions_), float32
    tongues_ : dict of str to int
        Word → language, 1 or 2; words that stand in both are left out.
    scale_ : tuple of int
        Products of two points that count as no similarity, and as the same.

    Notes
    -----
    Without texts to learn from there is no bridge: every text is then of an unknown language.

    A fitted bridge is a parameter of an index, so ``clone`` gives it on as it is; one that is not fitted is copied.
    """

    def __init__(self, *, dimensions: int = 256, unlike: float = 0.99) -> None:
        self.dimensions = dimensions
        self.unlike = unlike

    def fit(self, pairs: Iterable[tuple[str, str]], y: None = None) -> Self:
        """Learn from translations.

        Parameters
        ----------
        pairs : iterable of (str, str), length n
            The same said in the first and in the second language. Pairs without words on a side are left out.
        y : None
            Ignored.

        Returns
        -------
        self

        Raises
        ------
        InvalidInput
            ``bad_text``.
        InvalidParameter
            ``bad_parameter``.
        """
        self._check()
        said = sorted({(_text(one), _text(other)) for one, other in pairs})
        sides = [tuple(zip(map(_counts, pair), pair, strict=True)) for pair in said]
        both = [pair for pair in sides if pair[0][0] and pair[1][0]]
        counts = [(pair[0][0], pair[1][0]) for pair in both]
        self.tongues_ = _tongues(*([pair[side][1] for pair in both] for side in (0, 1)))
        spread = Counter(word for pair in counts for side in pair for word in side)
        self.vocabulary_ = {word: row for row, word in enumerate(sorted(spread))}
        self.idf_ = np.array([1.0 + math.log((1 + 2 * len(counts)) / (1 + spread[word])) for word in self.vocabulary_])
        one, other = (self._matrix([pair[side] for pair in counts]) for side in (0, 1))
        self.dimensions_ = max(1, min(self.dimensions, len(counts) - 1))
        self.directions_ = _directions(one + other, self.dimensions_)
        self._whole = _whole(self.directions_, FINE)
        self.scale_ = self._scale(*(self.place([pair[side][1] for pair in both])[1] for side in (0, 1)))
        return self

    def transform(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return texts as points: shape (n, dimensions_), float64, of length 1 or, without a known word, 0."""
        self._check_fitted()
        return _of_length_1(self._sums([self._read(_text(text))[0] for text in texts]))

    def place(self, texts: Sequence[str]) -> tuple[Tongues, Points]:
        """Return the languages of texts, 0: unknown, shape (n,), and their points in whole steps, shape (n, dimensions_)."""
        self._check_fitted()
        tongues, points = np.zeros(len(texts), np.uint8), np.zeros((len(texts), self.dimensions_), np.int8)
        for start in range(0, len(texts), CHUNK):
            some = slice(start, start + CHUNK)
            read = [self._read(_text(text)) for text in texts[some]]
            tongues[some] = [tongue for _, tongue in read]
            points[some] = np.rint(_of_length_1(self._sums([weights for weights, _ in read])) * UNIT)
        tongues[~points.any(axis=1)] = 0
        return tongues, points

    def steps(self, points: Points, point: Points) -> npt.NDArray[np.int64]:
        """Return the similarity of points with a point, in steps of 0.001: shape (n,), int64."""
        floor, ceiling = self.scale_
        products = (points.astype(np.int32) @ point.astype(np.int32)).astype(np.int64)
        return np.minimum(np.maximum(products - floor, 0) * TEXT_STEPS // (ceiling - floor), TEXT_STEPS)

    def words(self, text: str, points: Points) -> list[list[tuple[str, float]]]:
        """Return for each point the words of a text, as written, that lean towards it, and their parts, together 1."""
        written = {
            self.vocabulary_[word[0]]: word[1] for word in reversed([*words(text)]) if word and word[0] in self.vocabulary_
        }
        weights, _ = self._read(text)
        products = (points.astype(np.float64) @ self._whole[list(weights)].T * [*weights.values()]).tolist()
        told = []
        for leans in products:
            total = sum([lean for lean in leans if lean > 0])
            told.append([(written[row], lean / total) for row, lean in zip(weights, leans, strict=True) if lean > 0])
        return told

    def get_feature_names_out(self, input_features: None = None) -> npt.NDArray[np.object_]:
        """Return the names of the dimensions."""
        self._check_fitted()
        return np.array([f"bridge{number}" for number in range(self.dimensions_)], dtype=object)

    @property
    def feature_names_in_(self) -> npt.NDArray[np.object_]:
        self._check_fitted()
        return np.array(["text"], dtype=object)

    def restore(
        self,
        vocabulary: Sequence[str],
        tongues: dict[str, int],
        scale: tuple[int, int],
        directions: npt.NDArray[np.float32],
        idf: npt.NDArray[np.float64],
    ) -> Self:
        """Take over what an equal bridge has learnt."""
        self.vocabulary_ = {word: row for row, word in enumerate(vocabulary)}
        self.tongues_, self.scale_ = tongues, scale
        self.directions_, self.idf_, self.dimensions_ = directions, idf, directions.shape[1]
        self._whole = _whole(directions, FINE)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "directions_")

    def __sklearn_clone__(self) -> Self:
        return self if self.__sklearn_is_fitted__() else type(self)(**self.get_params())

    def _matrix(self, counts: Sequence[Counter[str]]) -> npt.NDArray[np.float64]:
        found = np.zeros((len(counts), len(self.vocabulary_)))
        for row, each in enumerate(counts):
            for word, count in each.items():
                column = self.vocabulary_.get(word)
                if column is not None:
                    found[row, column] = (1.0 + math.log(count)) * self.idf_[column]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(np.divide(found, lengths, out=found, where=lengths > 0))

    def _scale(self, one: Points, other: Points) -> tuple[int, int]:
        products = one.astype(np.int32) @ other.astype(np.int32).T
        apart = products[~np.eye(len(products), dtype=np.bool_)]
        floor = int(np.quantile(apart, self.unlike)) if len(apart) else 0
        return min(max(0, floor), UNIT * UNIT - 1), UNIT * UNIT

    def _read(self, text: str) -> tuple[dict[int, float], int]:
        """Return the weights of a text's words, by their rows, and its language."""
        told = [0, 0, 0]
        counts: dict[int, int] = {}
        tongue_of, row_of = self.tongues_.get, self.vocabulary_.get
        for word in TOKEN.findall(text.lower()):
            told[tongue_of(word, 0)] += 1
            row = row_of(stem(word))
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        weights = {row: float(round((1.0 + math.log(n)) * self.idf_.item(row) * COARSE)) for row, n in counts.items()}
        return weights, 1 if told[1] > _SURE * told[2] else 2 if told[2] > _SURE * told[1] else 0

    def _sums(self, weights: Sequence[dict[int, float]]) -> npt.NDArray[np.float64]:
        """Add up the directions of words: whole numbers below 2⁵³, so the order in which they are added does not matter."""
        if len(weights) == 1:
            rows = list(weights[0])
            return np.asarray(np.array([*weights[0].values()]) @ self._whole[rows])[None, :]
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        rows = [row for each in weights for row in each]
        values = [value for each in weights for value in each.values()]
        ends = np.cumsum([0, *map(len, weights)])
        return np.asarray(csr_matrix((values, rows, ends), shape=(len(weights), len(self._whole))) @ self._whole)

    def _check(self) -> None:
        if isinstance(self.dimensions, bool) or not isinstance(self.dimensions, int) or not 2 <= self.dimensions <= 1024:
            raise InvalidParameter("bad_parameter", name="dimensions", value=repr(self.dimensions)[:80])
        if isinstance(self.unlike, bool) or not isinstance(self.unlike, int | float) or not 0 <= self.unlike <= 1:
            raise InvalidParameter("bad_parameter", name="unlike", value=repr(self.unlike)[:80])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput("bad_text", value=repr(value)[:80])
    return value


def _counts(text: str) -> Counter[str]:
    return Counter(word[0] for word in words(text) if word is not None)


def _tongues(one: Sequence[str], other: Sequence[str]) -> dict[str, int]:
    first, second = ({word for text in side for word in TOKEN.findall(text.lower()) if word.isalpha()} for side in (one, other))
    return {**dict.fromkeys(sorted(first - second), 1), **dict.fromkeys(sorted(second - first), 2)}


def _directions(matrix: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.float32]:
    """Return the right singular vectors of the greatest values, by way of the texts' products, which are fewer than the words."""
    found = np.zeros((matrix.shape[1], most), np.float32)
    if len(matrix) > 1:
        squares, left = np.linalg.eigh(matrix @ matrix.T)
        kept = np.argsort(-squares, kind="stable")[:most]
        kept = kept[squares[kept] > 1e-9]
        found[:, : len(kept)] = matrix.T @ (left[:, kept] / np.sqrt(squares[kept]))
    return found


def _of_length_1(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def _whole(values: npt.NDArray[Any], parts: int) -> npt.NDArray[np.float64]:
    """Return values as whole numbers of parts."""
    return np.rint(values.astype(np.float64) * parts)
