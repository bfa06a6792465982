"""The index over mentors: fit, rank, explain, change one row."""

from __future__ import annotations

import copy
import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from . import _kernel
from ._asked import asked_of
from ._base import Estimator
from ._batch import Batch
from ._bridge import TextBridge
from ._check import MOST_YEARS, checked_mentee, checked_mentors
from ._codes import BIT, FILTERS, RULES
from ._encoders import LevelEncoder
from ._errors import InvalidInput, InvalidParameter, UnknownCompetency, UnknownMentor
from ._explain import explanations
from ._files import packed, read, write
from ._kernels import checked_kernel, kernel_named, kernel_of_batch
from ._pool import Pool, digest
from ._query import STEPS, Compiler, Query, attainable, rounded, shares_of
from ._records import Filters, Mentee, Mentor, MentorColumns, Rules, Weights
from ._results import Choice, Explanation, Match, Ranking
from ._text import TextEncoder
from ._texts import Texts

UTC_OFFSETS: Mapping[str, int] = MappingProxyType({
    "WIB": 420, "Asia/Jakarta": 420, "Asia/Pontianak": 420,
    "WITA": 480, "Asia/Makassar": 480,
    "WIT": 540, "Asia/Jayapura": 540,
})  # fmt: skip
_FEATURES = ("text", "years", "grade", "place", "time_zone", "field", "languages")
_KEPT = ("weights", "rules", "lead_years", "utc_offsets", "competencies", "kernel")
_PLAIN = {tuple, list, set, frozenset, type(None), int, float, str}
_WEIGHTS, _RULES, _FILTERS = Weights(), Rules(), Filters()
_USUAL = {id(_WEIGHTS), id(_RULES), id(_FILTERS), id(UTC_OFFSETS)}
"""What is asked for most often; nobody can change it."""
MOST_SCORE = STEPS * 2
YEARS_OFFERED = (5, 10, 15, 20, 25)


class MentorIndex(Estimator):
    """Rank mentors for a mentee, exactly, with hard rules inside the scan and an explanation that is the score.

    Score of mentor *m* for mentee *e*, each line at most its weight, all lines together at most 1:

    ========== ======================================================================================================
    cover      ``Σ_c p_c · min(gap_c, max(0, m_c − e_c)) / Σ_c p_c · gap_c`` over the mentee's gaps, p the priorities
    text       cosine of the two texts, in steps of 0.001 (`TextEncoder`); where they are in two languages, the bridge's if that
               is more (`TextBridge`)
    experience ``min(lead_years, max(0, years_m − years_e)) / lead_years``: more is never worse, so that it says
               nothing about anybody's age
    place      ½ for the same place, ½ for the shared part of an eight-hour day: ``max(0, 8 − hours apart) / 8``
    field      1 for the same job family
    language   1 for at least one language in common: which or how many does not count, a regional language would
               stand for an ethnicity
    grade      what ``Weights.grade_points`` names for the distance of the two grades
    ========== ======================================================================================================

    What is unknown on either side adds 0. Terms are whole numbers of 1e-9 and the score their sum rounded to 1e-6, so equal
    merit is an equal score; order is by (−score, id) and does not depend on the order of the input.

    Parameters
    ----------
    weights : Weights or None
        None: ``Weights()``.
    rules : Rules or None
        None: ``Rules()``.
    lead_years : int, default=5
        Years of lead that earn the whole experience term, 1–80.
    utc_offsets : mapping of str to int, or None
        Time zone → minutes ahead of UTC, −840…840. None: Indonesia's, by short and by IANA name. Zones not
        named are compared by name alone.
    competencies : sequence of str, or None
        All competencies there are. None: whatever the mentors hold; others may come with `update`.
    text_encoder : TextEncoder or None
        Template of the text model; it is copied, not fitted itself. None: ``TextEncoder()``.
    text_bridge : TextBridge or None
        A fitted bridge, over which texts in two languages find each other; used as it is. None: words alone.
    kernel : {"auto", "numpy", "numba"}, default="auto"
        All give the same. ``"auto"``: numba from 2,000 mentors on as soon as it is installed and compiled (beside the requests,
        see `prepare_kernel`), else NumPy.

    Attributes
    ----------
    ids_ : ndarray of shape (n,), int64
        Ids of the pool, ascending.
    feature_names_in_ : ndarray of str, object
        ``level:<competency>`` …, then the other compared features.
    n_features_in_ : int
    competencies_ : tuple of str
    text_encoder_ : TextEncoder
        Fitted.

    Notes
    -----
    *Threads*: one lock for each index. A reader sees a row before or after an update, never half of it; results are copies.
    `fit` builds beside the old pool and swaps at the end.

    *Texts*: vocabulary and rarity of words are those of the last `fit`. ``update`` reads a text with them, so an updated index
    equals a fresh one fitted with the same `text_model`; new words count from the next plain `fit` on. Several processes rank
    alike if they share the text model.

    *Cost*: memory is one byte for each mentor and competency, about 150 bytes for each mentor besides, and 6 to 12 bytes for each
    different term of each text.

    Examples
    --------
    >>> from mentorlink.matching import Mentee, Mentor, MentorIndex
    >>> index = MentorIndex().fit([Mentor(7, {"M.1": 4}), Mentor(8, {"M.1": 3}), Mentor(9, {"M.1": 5}, room=0)])
    >>> ranking = index.rank(Mentee(1, {"M.1": 2}, {"M.1": 4}), k=1)
    >>> ranking.matches[0].mentor_id, ranking.total, ranking.masked
    (7, 2, {'no_room': 1})
    >>> index.why_not(Mentee(1), 9)
    ('no_room',)
    """

    def __init__(
        self,
        *,
        weights: Weights | None = None,
        rules: Rules | None = None,
        lead_years: int = 5,
        utc_offsets: Mapping[str, int] | None = None,
        competencies: Sequence[str] | None = None,
        text_encoder: TextEncoder | None = None,
        text_bridge: TextBridge | None = None,
        kernel: str = "auto",
    ) -> None:
        self.weights = weights
        self.rules = rules
        self.lead_years = lead_years
        self.utc_offsets = utc_offsets
        self.competencies = competencies
        self.text_encoder = text_encoder
        self.text_bridge = text_bridge
        self.kernel = kernel
        self._lock = threading.RLock()

    def fit(
        self,
        mentors: Iterable[Mentor] | MentorColumns,
        y: None = None,
        *,
        text_model: TextEncoder | None = None,
    ) -> Self:
        """Take over a pool.

        Parameters
        ----------
        mentors : iterable of Mentor, or MentorColumns
            May be empty: every ranking is then empty.
        y : None
            Ignored.
        text_model : TextEncoder or None
            A fitted encoder to use as it is. None: learn from these mentors' texts.

        Returns
        -------
        self

        Raises
        ------
        InvalidInput
            The first fault by id: a value of a wrong kind or out of range, NaN, an id given twice. The old pool stays.
        InvalidParameter
            A parameter of the index out of range.
        NotFitted
            The bridge is not.
        UnknownCompetency
            A level in a competency that is not in `competencies`.
        """
        self._check_parameters()
        checked = checked_mentors(mentors, self.competencies)
        levels = LevelEncoder(competencies=self.competencies)
        levels.partial_fit(sorted(checked.codes if self.competencies is None else self.competencies))
        pool = Pool(checked, levels)
        encoder = text_model
        if encoder is None:
            encoder = TextEncoder(**(self.text_encoder or TextEncoder()).get_params()).fit(checked.texts)
        rows = np.array([pool.row_of[person] for person in checked.ids.tolist()], np.int64)
        texts = Texts(encoder, self.text_bridge).fill(checked.texts, rows, pool.capacity)
        with self._lock:
            self.text_encoder_, self._pool, self._texts = encoder, pool, texts
        self._kernel()
        return self

    def rank(
        self,
        mentee: Mentee,
        k: int | None = 20,
        *,
        offset: int = 0,
        filters: Filters | None = None,
        rules: Rules | None = None,
        weights: Weights | None = None,
        choices: bool = False,
        explain: bool = True,
    ) -> Ranking:
        """Rank the mentors who break no rule and pass all filters: one exact scan.

        Parameters
        ----------
        mentee : Mentee
            Need not be in the pool. Without gaps the other terms rank.
        k : int or None, default=20
            Length of the page, at least 1. None: all.
        offset : int, default=0
            Lines to leave out before the page. Beyond the end: no matches.
        filters : Filters or None
        rules, weights
            For this call in place of the index's own.
        choices : bool, default=False
            Also count what each choice of each filter would give.
        explain : bool, default=True

        Returns
        -------
        Ranking

        Raises
        ------
        NotFitted
        InvalidInput
            A faulty mentee, or ``bad_page``.
        InvalidParameter
            Faulty filters, rules or weights.
        UnknownCompetency
            Only with the parameter `competencies`.
        """
        _check_page(k, offset)
        rules, filters = self._policy(rules, filters)
        with self._lock:
            query = self._compiler(rules, weights, filters).query(checked_mentee(mentee, self.competencies))
            pool, kernel = self._pool, self._kernel()
            last = len(pool) if k is None else min(offset + k, len(pool))
            rows, places, ties, scores = _page(pool.ids, *kernel.best(pool, self._texts, query, last), last, offset)
            told: Sequence[Explanation | None] = [None] * len(rows)
            if explain and len(rows):
                told = explanations(rows, pool, self._texts, query, self._offsets(), kernel)
            matches = zip(pool.ids[rows].tolist(), places, ties, scores, told, strict=True)
            counts = kernel.counts(pool, query)
            masked, masked_only = counts.told(RULES)
            filtered, filtered_only = counts.told(FILTERS)
            return Ranking(
                matches=tuple(map(Match._make, matches)),
                offset=offset,
                total=counts.listed,
                pool=len(pool),
                masked=masked,
                masked_only=masked_only,
                filtered=filtered,
                filtered_only=filtered_only,
                choices=_choices(pool, query, *kernel.tallies(pool, query)) if choices else {},
                attainable=rounded(attainable(query)) / STEPS,
            )

    def allowed(self, mentee: Mentee, *, filters: Filters | None = None, rules: Rules | None = None) -> npt.NDArray[np.int64]:
        """Return who breaks no rule and passes all filters, without looking at any score: ids, ascending.

        The very people whom `rank` lists, for lists in another order.

        Raises
        ------
        NotFitted, InvalidInput, InvalidParameter
        """
        rules, filters = self._policy(rules, filters)
        with self._lock:
            query = self._compiler(rules, None, filters).query(checked_mentee(mentee, self.competencies))
            return np.sort(self._pool.ids[: self._pool.size][_kernel.failures(self._pool, query) == 0])

    def kneighbors(
        self, mentees: Mentee | Iterable[Mentee], n_neighbors: int = 5, *, return_distance: bool = True
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]] | npt.NDArray[np.int64]:
        """Return the best mentors of several mentees, in scikit-learn's manner.

        Parameters
        ----------
        mentees : Mentee or iterable of Mentee, length m
        n_neighbors : int, default=5
        return_distance : bool, default=True

        Returns
        -------
        distances : ndarray of shape (m, n_neighbors), float64
            1 − score. Only if `return_distance`. ``inf`` where a mentee has fewer.
        ids : ndarray of shape (m, n_neighbors), int64
            Mentor ids; −1 where a mentee has fewer.
        """
        asked = [mentees] if isinstance(mentees, Mentee) else list(mentees)
        _check_page(n_neighbors, 0)
        distances = np.full((len(asked), n_neighbors), np.inf)
        ids = np.full((len(asked), n_neighbors), -1, np.int64)
        self._check_fitted()
        for row, mentee in enumerate(asked):
            for column, match in enumerate(self.rank(mentee, n_neighbors, explain=False)):
                distances[row, column] = 1.0 - match.score
                ids[row, column] = match.mentor_id
        return (distances, ids) if return_distance else ids

    def batch(
        self,
        mentees: Iterable[Mentee],
        *,
        rules: Rules | None = None,
        weights: Weights | None = None,
        bans: Iterable[tuple[int, int]] = (),
        mentors: Iterable[int] | None = None,
    ) -> Batch:
        """Freeze the pool against many mentees, for a whole round.

        Parameters
        ----------
        mentees : iterable of Mentee
            No id twice; ordered by id in the batch.
        rules, weights
            In place of the index's own. ``Rules(with_room=False)`` where the round counts places itself.
        bans : iterable of (mentee id, mentor id)
            Pairs forbidden besides. Ids that are not here do not matter.
        mentors : iterable of int or None
            Only these of the pool; ids that are not in it do not matter. None: everybody.

        Returns
        -------
        Batch

        Raises
        ------
        NotFitted, InvalidParameter, UnknownCompetency
        InvalidInput
            A faulty mentee, or ``duplicate_id``.
        """
        rules, _ = self._policy(rules, None)
        known = None if self.competencies is None else frozenset(self.competencies)
        asked = asked_of(mentees, known)
        with self._lock:
            there = self._pool.row_of
            ids = self.ids_ if mentors is None else np.array(sorted({one for one in mentors if one in there}), np.int64)
            rows = np.array([self._pool.row_of[person] for person in ids.tolist()], np.int64)
            pool = self._pool.frozen(rows)
            texts = self._texts.chosen(rows, len(rows))
        compiler = self._compiler(rules, weights, None, pool=pool, texts=texts)
        return Batch(compiler, asked, bans=bans, kernel=kernel_of_batch(self.kernel, len(asked) * len(rows)))

    def explain(self, mentee: Mentee, mentor_id: int, *, weights: Weights | None = None) -> Explanation:
        """Explain one pair's score, whether or not a rule forbids the pair.

        Raises
        ------
        UnknownMentor
            The id is not in the pool.
        NotFitted, InvalidInput, InvalidParameter
        """
        return self.explain_all(mentee, [mentor_id], weights=weights)[0]

    def explain_all(self, mentee: Mentee, mentor_ids: Iterable[int], *, weights: Weights | None = None) -> list[Explanation]:
        """Explain one mentee's scores with several mentors, in the order of the ids: as `explain`, the mentee read once.

        Raises
        ------
        UnknownMentor
            An id is not in the pool.
        NotFitted, InvalidInput, InvalidParameter
        """
        self._check_fitted()
        with self._lock:
            query = self._compiler(None, weights, None).query(checked_mentee(mentee, self.competencies))
            rows = np.array([self._row(mentor_id) for mentor_id in mentor_ids], np.int64)
            told = [rows, self._pool, self._texts, query, self._offsets(), self._kernel()]
            return explanations(*told) if len(rows) else []

    def why_not(
        self, mentee: Mentee, mentor_id: int, *, rules: Rules | None = None, filters: Filters | None = None
    ) -> tuple[str, ...]:
        """Return what keeps a mentor off a mentee's list: rule codes, then ``filter:<name>``. Empty: nothing.

        Raises
        ------
        UnknownMentor
            The id is not in the pool.
        NotFitted, InvalidInput, InvalidParameter
        """
        rules, filters = self._policy(rules, filters)
        with self._lock:
            query = self._compiler(rules, None, filters).query(checked_mentee(mentee, self.competencies))
            bits = _kernel.failures_of(self._pool, query, self._row(mentor_id))
        broken = [name for name in RULES if bits & BIT[name]]
        return (*broken, *(f"filter:{name}" for name in FILTERS if bits & BIT[name]))

    def update(self, mentor: Mentor) -> None:
        """Insert a mentor, or replace the row with this id.

        Raises
        ------
        NotFitted, InvalidInput, UnknownCompetency
            The row is left as it was.

        Notes
        -----
        Under a millisecond. Room is kept for twice as many mentors as at `fit`; only the row beyond that copies the others.
        """
        self._check_fitted()
        checked = checked_mentors([mentor], self.competencies)
        with self._lock:
            row = self._pool.slot(mentor.id)
            text_is_new = mentor.id not in self._pool.row_of or self._pool.digests[row] != digest(mentor.text)
            self._pool.put(np.array([row]), checked)
            self._texts.grow(self._pool.capacity)
            if text_is_new:
                self._texts.put(row, mentor.text)

    def remove(self, mentor_id: int) -> None:
        """Take a mentor out.

        Raises
        ------
        UnknownMentor
            The id is not in the pool.
        NotFitted
        """
        self._check_fitted()
        with self._lock:
            self._row(mentor_id)
            row = self._pool.drop(mentor_id)
            self._texts.put(row, "")

    def discard(self, mentor_id: int) -> bool:
        """Take a mentor out if there, and return whether there was one."""
        self._check_fitted()
        with self._lock:
            if mentor_id not in self._pool.row_of:
                return False
            self.remove(mentor_id)
            return True

    def restate(self, states: Mapping[int, tuple[int, bool]]) -> None:
        """Write free places and pauses of everybody anew; whoever is not named is paused until their row is written again.

        For when many have changed and their rows are still to be read: nobody is listed meanwhile who may not be.

        Parameters
        ----------
        states : mapping of int to (int, bool)
            Mentor id → free places, whether paused. Strangers among them do not matter.

        Raises
        ------
        NotFitted
        """
        self._check_fitted()
        people = np.array(sorted(states), np.int64)
        told = [states[person] for person in people.tolist()]
        room, paused = np.array([free > 0 for free, _ in told], np.bool_), np.array([each for _, each in told], np.bool_)
        with self._lock:
            self._pool.restate(people, room, paused)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to a file and put it in the place of an older one at once; who has mapped that one keeps it.

        Raises
        ------
        NotFitted
        OSError
            No room, no right.
        """
        self._check_fitted()
        with self._lock:
            parameters = {name: value for name, value in self.get_params(deep=False).items() if name in _KEPT}
            facts, arrays = packed(parameters, self._pool, self._texts)
        write(path, facts, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, mmap: bool = True) -> Self:
        """Return the index of a file, ranking as the saved one did.

        Parameters
        ----------
        path : path-like
        mmap : bool, default=True
            Map the file instead of reading it: processes that load the same file share its pages. An update copies the pages it
            touches and is seen by its own process alone.

        Raises
        ------
        OSError
            There is no such file, or it may not be read.
        UnreadableFile
            ``not_an_index``: something else; ``other_version``: written by another version, to be made anew; ``damaged``: cut off
            or changed, with the part.
        """
        parameters, pool, texts = read(path, mapped=mmap)
        index = cls(**parameters, text_encoder=TextEncoder(**texts.encoder.get_params()), text_bridge=texts.bridge)
        index.text_encoder_, index._pool, index._texts = texts.encoder, pool, texts
        index._kernel()
        return index

    def compact(self) -> None:
        """Fold the changed texts into the inverted index. Changes no ranking; wipes what removed people wrote.

        Nothing waits for it: a page takes a little longer for each changed text that could reach it. For a nightly job.
        """
        self._check_fitted()
        with self._lock:
            self._texts = self._texts.compact()

    @property
    def ids_(self) -> npt.NDArray[np.int64]:
        self._check_fitted()
        with self._lock:
            return np.array(sorted(self._pool.row_of), dtype=np.int64)

    @property
    def competencies_(self) -> tuple[str, ...]:
        self._check_fitted()
        return tuple(self._pool.level_encoder.competencies_)

    @property
    def feature_names_in_(self) -> npt.NDArray[np.object_]:
        return np.array([*(f"level:{code}" for code in self.competencies_), *_FEATURES], dtype=object)

    @property
    def n_features_in_(self) -> int:
        return len(self.feature_names_in_)

    def __len__(self) -> int:
        self._check_fitted()
        return len(self._pool)

    def __bool__(self) -> bool:
        return True

    def __contains__(self, mentor_id: object) -> bool:
        self._check_fitted()
        return mentor_id in self._pool.row_of

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_lock", "_last")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_pool")

    def _compiler(
        self,
        rules: Rules | None,
        weights: Weights | None,
        filters: Filters | None,
        *,
        pool: Pool | None = None,
        texts: Texts | None = None,
    ) -> Compiler:
        asked: dict[str, Any] = {
            "weights": weights or self.weights or _WEIGHTS, "rules": rules or self.rules or _RULES,
            "filters": filters or _FILTERS, "lead_years": self.lead_years, "utc_offsets": self._offsets(),
        }  # fmt: skip
        pool, texts = self._pool if pool is None else pool, self._texts if texts is None else texts
        narrow = asked["filters"]
        plain = narrow is _FILTERS or _PLAIN.issuperset([type(getattr(narrow, name)) for name in Filters.__slots__])
        if pool is not self._pool or not plain:
            return Compiler(pool, texts, **asked)
        last, before = getattr(self, "_last", (None, None))
        if last is None or last.pool is not pool or last.texts is not texts or last.sizes != pool.sizes or before != asked:
            last = Compiler(pool, texts, **asked)
            self._last = last, {name: value if id(value) in _USUAL else copy.deepcopy(value) for name, value in asked.items()}
        return last

    def _kernel(self) -> Any:
        return kernel_named(self.kernel, len(self._pool))

    def _row(self, mentor_id: int) -> int:
        if mentor_id not in self._pool.row_of:
            raise UnknownMentor("unknown_mentor", id=mentor_id)
        return self._pool.row_of[mentor_id]

    def _offsets(self) -> Mapping[str, int]:
        return UTC_OFFSETS if self.utc_offsets is None else self.utc_offsets

    def _policy(self, rules: Rules | None, filters: Filters | None) -> tuple[Rules, Filters]:
        self._check_fitted()
        rules, filters = rules or self.rules or _RULES, filters or _FILTERS
        if rules is not _RULES:
            _check_rules(rules)
        if filters is not _FILTERS:
            _check_filters(filters, self.competencies)
        return rules, filters

    def _check_parameters(self) -> None:
        shares_of(self.weights or Weights())
        _check_rules(self.rules or Rules())
        checked_kernel(self.kernel)
        _in_range("lead_years", self.lead_years, 1, MOST_YEARS)
        for zone, minutes in self._offsets().items():
            _in_range(f"utc_offsets.{zone}", minutes, -840, 840)
        if self.competencies is not None:
            codes = list(self.competencies)
            if isinstance(self.competencies, str) or len(set(codes)) != len(codes) or not all(isinstance(c, str) for c in codes):
                raise InvalidParameter("bad_parameter", name="competencies", value=repr(self.competencies)[:80])
        if self.text_encoder is not None and not isinstance(self.text_encoder, TextEncoder):
            raise InvalidParameter("bad_parameter", name="text_encoder", value=repr(self.text_encoder)[:80])
        if self.text_bridge is not None and not isinstance(self.text_bridge, TextBridge):
            raise InvalidParameter("bad_parameter", name="text_bridge", value=repr(self.text_bridge)[:80])
        if self.text_bridge is not None:
            self.text_bridge._check_fitted()


def _page(
    ids: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], scores: npt.NDArray[np.int32], last: int, offset: int
) -> tuple[npt.NDArray[np.int64], list[int], list[int], list[float]]:
    """Return the rows of a page, their places, with how many each ties, and their scores. `rows` are all who reach the page."""
    people, beyond = ids[rows], len(rows) - last
    least = int(scores.min(initial=MOST_SCORE))
    if beyond > 0:
        # Of those who tie with the last line only the lowest ids are shown; sorting them all could take long.
        tied = np.flatnonzero(scores == least)
        lowest = tied[np.argpartition(people[tied], len(tied) - beyond - 1)[: len(tied) - beyond]]
        kept = np.concatenate([np.flatnonzero(scores > least), lowest])
        rows, scores, people = rows[kept], scores[kept], people[kept]
    order = np.lexsort((people, -scores))
    falling = scores[order].tolist()
    counts = Counter(falling)
    counts[least] += max(0, beyond)
    first: dict[int, int] = {}
    for place, score in enumerate(falling, 1):
        first.setdefault(score, place)
    shown = falling[offset:]
    return (
        rows[order[offset:]],
        [first[score] for score in shown],
        [counts[score] for score in shown],
        [score / STEPS for score in shown],
    )


def _choices(
    pool: Pool, query: Query, by_number: dict[str, npt.NDArray[np.int64]], above: list[int]
) -> dict[str, dict[Choice, int]]:
    """Return per filter and choice how many would be listed, the largest first."""
    found: dict[str, dict[Choice, int]] = {}
    for name, tally in by_number.items():
        encoder = pool.encoders[_kernel.COLUMN_OF[name]]
        numbers = [number for number in np.flatnonzero(tally).tolist() if number]
        if name == "min_years":
            years = encoder.distances(0)
            found[name] = {least: n for least in YEARS_OFFERED if (n := int(tally[1:][years[1:] >= least].sum()))}
            continue
        counted: dict[Choice, int] = {}
        for number in numbers:
            value = encoder.value(number)
            for choice in set(value) if name in ("languages", "unit") else (value,):
                counted[choice] = counted.get(choice, 0) + int(tally[number])
        found[name] = counted
    found["covers"] = {gap.code: n for gap, n in zip(query.gaps, above, strict=True) if n}
    return {
        name: found[name] if name == "min_years" else dict(sorted(found[name].items(), key=lambda item: (-item[1], str(item[0]))))
        for name in FILTERS
    }


def _check_page(k: Any, offset: Any) -> None:
    for name, value, least in (("k", k, 1), ("offset", offset, 0)):
        if value is None and name == "k":
            continue
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise InvalidInput("bad_page", name=name, value=value)


def _in_range(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise InvalidParameter("bad_parameter", name=name, value=value)


def _check_rules(rules: Rules) -> None:
    if not isinstance(rules, Rules):
        raise InvalidParameter("bad_parameter", name="rules", value=repr(rules)[:80])
    for name in ("outside_line", "with_room", "same_field", "other_unit"):
        if not isinstance(getattr(rules, name), bool):
            raise InvalidParameter("bad_parameter", name=f"rules.{name}", value=getattr(rules, name))
    for name in ("grade_min", "grade_max"):
        if getattr(rules, name) is not None:
            _in_range(f"rules.{name}", getattr(rules, name), -2000, 2000)
    if rules.grade_min is not None and rules.grade_max is not None and rules.grade_min > rules.grade_max:
        raise InvalidParameter("bad_parameter", name="rules.grade_min", value=rules.grade_min, grade_max=rules.grade_max)


def _check_filters(filters: Filters, known: Sequence[str] | None) -> None:
    if not isinstance(filters, Filters):
        raise InvalidParameter("bad_parameter", name="filters", value=repr(filters)[:80])
    for name in ("fields", "time_zones", "places", "languages", "covers", "grades"):
        values = getattr(filters, name)
        kind = int if name == "grades" else str
        if isinstance(values, str) or not all(isinstance(value, kind) for value in values):
            raise InvalidParameter("bad_parameter", name=f"filters.{name}", value=repr(values)[:80])
    if known is not None and not set(filters.covers) <= set(known):
        raise UnknownCompetency("unknown_competency", competencies=tuple(sorted(set(filters.covers) - set(known))))
    least = filters.min_years
    if least is not None and (isinstance(least, bool) or not isinstance(least, int | float) or not least >= 0):
        raise InvalidParameter("bad_parameter", name="filters.min_years", value=least)
