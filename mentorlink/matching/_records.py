"""What goes in: plain records of people, columns for many at once, and the policy of a programme.

No field here says or stands for sex, religion, ethnicity, marital status, age or birth date, and none may be added.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from dataclasses import field as default
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

Code = int | str
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _no_mapping() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Mentor:
    """One row of the pool: somebody who offers to help.

    Parameters
    ----------
    id : int
        Stable id of the person (not of the offer): ties are ordered by it, and the rules compare people by it.
    levels : mapping of str to int
        Competency code → level held, 0–5. A competency that is not named counts as 0.
    unit : tuple of int or str
        Path of unit ids from the root to the person's own unit. Empty: unknown.
    field : str or None
        Code of the job family.
    grade : int or None
        Place of the person's tier on the agency's ladder; greater is higher.
    years : float or None
        Years of experience, 0–80. Counted in whole years, rounded down.
    languages : collection of str
        Language codes.
    time_zone : str or None
        ``"WIB"``, ``"WITA"``, ``"WIT"``, ``"Asia/Jakarta"`` …, or any code that ``MentorIndex(utc_offsets=…)`` knows.
    place : str or None
        Code or name of the place of work, compared as it is.
    text : str
        What the person can help with, and the biography. Separate texts by a line break.
    room : int
        Free places. Zero or less: no room.
    paused : bool
        Does not take requests at the moment.
    blocked : collection of int
        People this person does not want to be paired with.
    failed_with : collection of int
        People with whom an earlier pair failed.

    Notes
    -----
    Values are checked when the record is used (`MentorIndex.fit`, `MentorIndex.update`), not when it is made.
    """

    id: int
    levels: Mapping[str, int] = default(default_factory=_no_mapping)
    _: KW_ONLY
    unit: tuple[Code, ...] = ()
    field: str | None = None
    grade: int | None = None
    years: float | None = None
    languages: Collection[str] = frozenset()
    time_zone: str | None = None
    place: str | None = None
    text: str = ""
    room: int = 1
    paused: bool = False
    blocked: Collection[int] = frozenset()
    failed_with: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mentee:
    """Who asks.

    Parameters
    ----------
    id : int
        Stable id of the person; never ranked for themselves.
    levels : mapping of str to int
        Competency code → level held now, 0–5.
    required : mapping of str to int
        Competency code → level the job asks for, 0–5. **Only these make gaps**: ``gap = max(0, required − level)``; a
        required competency without a level counts from 0, a level without a requirement makes no gap.
    priorities : mapping of str to float
        Competency code → weight of its gap, 0.1–10, rounded to tenths. Not named: 1. A code without a gap is ignored.
    unit, field, grade, years, languages, time_zone, place
        As in `Mentor`. What is unknown earns no points and costs none.
    text : str
        Goals, wishes.
    line : collection of int
        Everybody in this person's line of command, upwards and downwards, at any depth.
    blocked : collection of int
        People this person does not want to be paired with.
    failed_with : collection of int
        People with whom an earlier pair failed.
    """

    id: int
    levels: Mapping[str, int] = default(default_factory=_no_mapping)
    required: Mapping[str, int] = default(default_factory=_no_mapping)
    _: KW_ONLY
    priorities: Mapping[str, float] = default(default_factory=_no_mapping)
    unit: tuple[Code, ...] = ()
    field: str | None = None
    grade: int | None = None
    years: float | None = None
    languages: Collection[str] = frozenset()
    time_zone: str | None = None
    place: str | None = None
    text: str = ""
    line: Collection[int] = frozenset()
    blocked: Collection[int] = frozenset()
    failed_with: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MentorColumns:
    """Many mentors at once, column by column: the fast way into `MentorIndex.fit`.

    Parameters
    ----------
    ids : array-like of shape (n,), integer
    competencies : sequence of str, length c
        Names of the columns of `levels`.
    levels : array-like of shape (n, c), integer 0–5
        A float array is taken when every value is whole; NaN is an error, not "unknown": write 0.
    units, fields, grades, years, languages, time_zones, places, texts, rooms, paused, blocked, failed_with
        Sequences of length n with the values described in `Mentor`, or None for "all at their default".
    """

    ids: npt.ArrayLike
    competencies: Sequence[str]
    levels: npt.ArrayLike
    _: KW_ONLY
    units: Sequence[tuple[Code, ...]] | None = None
    fields: Sequence[str | None] | None = None
    grades: Sequence[int | None] | None = None
    years: Sequence[float | None] | None = None
    languages: Sequence[Collection[str]] | None = None
    time_zones: Sequence[str | None] | None = None
    places: Sequence[str | None] | None = None
    texts: Sequence[str] | None = None
    rooms: Sequence[int] | None = None
    paused: Sequence[bool] | None = None
    blocked: Sequence[Collection[int]] | None = None
    failed_with: Sequence[Collection[int]] | None = None

    def __len__(self) -> int:
        return len(np.atleast_1d(np.asarray(self.ids)))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the score may add at most. Non-negative; scaled so that they sum to 1.

    Parameters
    ----------
    cover : float
        Share of the mentee's weighted gap that the mentor covers.
    text : float
        Cosine of what the mentee wants and what the mentor offers.
    experience : float
        Lead in years of experience.
    place : float
        Same place, and overlap of working hours; half each.
    field : float
        Same job family.
    language : float
        At least one language in common.
    grade : float
        Distance of grades, by `grade_points`.
    grade_points : mapping of int to float
        Mentor's grade − mentee's grade → share of the grade term, 0–1. Distances not named: 0.
    curves : mapping of str to sequence of (float, float), or None
        Term → corners (share, share instead), 0–1, both never falling, straight lines between them and level beyond the
        outermost; for any term but ``cover``. None: each share counts as it is. From fitted models.
    """

    cover: float = 0.55
    text: float = 0.15
    experience: float = 0.10
    place: float = 0.08
    field: float = 0.07
    language: float = 0.05
    grade: float = 0.0
    grade_points: Mapping[int, float] = default(default_factory=_no_mapping)
    curves: Mapping[str, Sequence[tuple[float, float]]] | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Hard rules of a programme. A pair that breaks one never appears, whatever its score.

    Always in force and without a switch: ``self``, ``paused``, ``blocked`` (by either), ``past_failed_pair``.

    Parameters
    ----------
    outside_line : bool, default=True
        Code ``line_of_command``. Off for coaching by one's own superior.
    with_room : bool, default=True
        Code ``no_room``. Off to see who would fit once there is room.
    same_field : bool, default=False
        Code ``other_field``: only the mentee's own job family. Unknown on either side breaks the rule.
    other_unit : bool, default=False
        Code ``same_unit``: nobody of the very same unit. An unknown unit does not break the rule.
    grade_min, grade_max : int or None
        Code ``grade_distance``: mentor's grade − mentee's grade must lie between them, both ends included. Unknown on either
        side breaks the rule.
    """

    outside_line: bool = True
    with_room: bool = True
    same_field: bool = False
    other_unit: bool = False
    grade_min: int | None = None
    grade_max: int | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the mentee narrows the list by. Several values of one filter mean "any of these"; filters add up.

    Parameters
    ----------
    fields, time_zones, places, languages, grades : collection
        Keep mentors with one of these values. Empty: no filter. A value nobody has keeps nobody.
    unit : int, str or None
        Keep mentors in this unit or below it.
    covers : collection of str
        Keep mentors who hold a higher level than the mentee in *each* of these competencies.
    min_years : float or None
        Keep mentors with at least this many years of experience; unknown years are not kept.
    """

    fields: Collection[str] = ()
    time_zones: Collection[str] = ()
    places: Collection[str] = ()
    languages: Collection[str] = ()
    unit: Code | None = None
    covers: Collection[str] = ()
    min_years: float | None = None
    grades: Collection[int] = ()
