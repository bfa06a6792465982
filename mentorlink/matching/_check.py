"""Reading what comes in: records or columns → checked columns, or an error that names the person with the lowest id."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from ._errors import InvalidInput, UnknownCompetency
from ._records import Code, Mentee, Mentor, MentorColumns

TOP_LEVEL = 5
MOST_YEARS = 80
NO_YEARS = 255
NO_GRADE = -(2**15)
TOP_GRADE = 1000
_ID = np.iinfo(np.int64)
_COLUMN_OF = {
    "units": "unit", "fields": "field", "grades": "grade", "years": "years", "languages": "languages",
    "time_zones": "time_zone", "places": "place", "texts": "text", "rooms": "room", "paused": "paused",
    "blocked": "blocked", "failed_with": "failed_with",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """Mentors as columns of n rows, every value sound. `held_*` are the levels as (row, code, level) triples."""

    ids: npt.NDArray[np.int64]
    codes: tuple[str, ...]
    held_rows: npt.NDArray[np.int64]
    held_codes: npt.NDArray[np.int64]
    held_levels: npt.NDArray[np.uint8]
    units: list[tuple[Code, ...]]
    fields: list[str | None]
    grades: npt.NDArray[np.int16]
    years: npt.NDArray[np.uint8]
    languages: list[frozenset[str]]
    time_zones: list[str | None]
    places: list[str | None]
    texts: list[str]
    room: npt.NDArray[np.bool_]
    paused: npt.NDArray[np.bool_]
    blocked: list[frozenset[int]]
    failed_with: list[frozenset[int]]

    def __len__(self) -> int:
        return len(self.ids)


def checked_mentors(mentors: Iterable[Mentor] | MentorColumns, known: Collection[str] | None) -> Checked:
    """Check a pool. `known` is the fixed list of competencies, or None when any may come."""
    if isinstance(mentors, MentorColumns):
        return _from_columns(mentors, known)
    records = list(mentors)
    for record in records:
        if not isinstance(record, Mentor):
            raise InvalidInput("bad_record", expected="Mentor", value=repr(record)[:80])
    ids = checked_ids([record.id for record in records])
    for record in records:
        if not isinstance(record.levels, Mapping):
            _fault("bad_record", record.id, column="levels", value=record.levels)
    rows = np.repeat(np.arange(len(records)), [len(record.levels) for record in records])
    names = list(chain.from_iterable(record.levels for record in records))
    values = list(chain.from_iterable(record.levels.values() for record in records))
    codes = tuple(sorted(checked_codes(names)))
    _known_only(codes, known)
    place_of = {code: place for place, code in enumerate(codes)}
    held_codes = np.fromiter((place_of[name] for name in names), np.int64, len(names))
    held = checked_levels(values, lambda bad: (int(ids[rows[bad]]), names[bad]))
    rest = {many: [getattr(record, one) for record in records] for many, one in _COLUMN_OF.items()}
    return _checked(ids, codes, rows, held_codes, held, rest)


@dataclass(frozen=True, slots=True)
class CheckedMentee:
    """The mentee with every value sound; `gaps` by code."""

    mentee: Mentee
    gaps: tuple[tuple[str, int, int, int], ...]
    """(code, actual, required, priority in tenths), only where required > actual, by code."""
    years: int | None
    grade: int | None
    languages: frozenset[str]
    excluded: tuple[frozenset[int], frozenset[int], frozenset[int]]
    """Ids of the line of command, of the blocked, of past failed pairs."""


def checked_mentee(mentee: Mentee, known: Collection[str] | None) -> CheckedMentee:
    """Check who asks."""
    if not isinstance(mentee, Mentee):
        raise InvalidInput("bad_record", expected="Mentee", value=repr(mentee)[:80])
    if type(mentee.id) is not int or not _ID.min <= mentee.id <= _ID.max:
        checked_ids([mentee.id])
    actual, required = _mapping(mentee, "levels", known), _mapping(mentee, "required", known)
    priorities = {code: _tenths(mentee.id, code, value) for code, value in mentee.priorities.items()}
    lacking = sorted([code for code, need in required.items() if need > actual.get(code, 0)])
    gaps = tuple([(code, actual.get(code, 0), required[code], priorities.get(code, 10)) for code in lacking])
    _text_or_none(mentee.id, {name: getattr(mentee, name) for name in ("field", "time_zone", "place")})
    if not isinstance(mentee.text, str):
        _fault("bad_text", mentee.id, column="text", value=mentee.text)
    _unit(mentee.id, mentee.unit)
    years, grade = mentee.years, mentee.grade
    if type(years) is not int or not 0 <= years <= MOST_YEARS:
        years = int(_years_of([years], [mentee.id])[0])
    if type(grade) is not int or not -TOP_GRADE <= grade <= TOP_GRADE:
        grade = int(_grades([grade], [mentee.id])[0])
    return CheckedMentee(
        mentee,
        gaps,
        None if years == NO_YEARS else years,
        None if grade == NO_GRADE else grade,
        _strings(mentee.id, mentee.languages),
        (
            _people(mentee.id, "line", mentee.line),
            _people(mentee.id, "blocked", mentee.blocked),
            _people(mentee.id, "failed_with", mentee.failed_with),
        ),
    )


def whole_number(value: Any) -> int | None:
    """Return the value as an int if it is a whole number and not a truth value, else None."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, float | np.floating) and math.isfinite(value) and float(value).is_integer():
        return int(value)
    return None


def _from_columns(columns: MentorColumns, known: Collection[str] | None) -> Checked:
    ids = checked_ids(columns.ids)
    count = len(ids)
    names = tuple(columns.competencies)
    _known_only(checked_codes(names), known)
    if len(set(names)) != len(names):
        raise InvalidInput("bad_code", reason="twice", value=Counter(names).most_common(1)[0][0])
    levels = np.asarray(columns.levels)
    if levels.size == 0:
        levels = np.zeros((count, len(names)), np.uint8)
    if levels.shape != (count, len(names)):
        raise InvalidInput("length_mismatch", column="levels", expected=(count, len(names)), found=levels.shape)
    flat = levels.ravel()
    width = max(1, len(names))
    held = checked_levels(flat, lambda bad: (int(ids[bad // width]), names[bad % width]))
    rest = {}
    for many, one in _COLUMN_OF.items():
        given = getattr(columns, many)
        rest[many] = [_default(one)] * count if given is None else list(given)
        if len(rest[many]) != count:
            raise InvalidInput("length_mismatch", column=many, expected=count, found=len(rest[many]))
    present = np.flatnonzero(held)
    return _checked(ids, names, present // width, present % width, held[present], rest)


def _checked(
    ids: npt.NDArray[np.int64],
    codes: tuple[str, ...],
    rows: npt.NDArray[np.int64],
    held_codes: npt.NDArray[np.int64],
    held: npt.NDArray[np.uint8],
    rest: dict[str, list[Any]],
) -> Checked:
    order = np.argsort(ids, kind="stable").tolist()
    people = ids.tolist()
    for name in ("fields", "time_zones", "places"):
        if not {type(value) for value in rest[name]} <= {str, type(None)}:
            for row in order:
                _text_or_none(people[row], {_COLUMN_OF[name]: rest[name][row]})
    if not {type(text) for text in rest["texts"]} <= {str}:
        for row in order:
            if not isinstance(rest["texts"][row], str):
                _fault("bad_text", people[row], column="text", value=rest["texts"][row])
    if not {type(flag) for flag in rest["paused"]} <= {bool, np.bool_}:
        for row in order:
            if not isinstance(rest["paused"][row], bool | np.bool_):
                _fault("bad_record", people[row], column="paused", value=rest["paused"][row])
    for row in order:
        _unit(people[row], rest["units"][row])
    return Checked(
        ids=ids,
        codes=codes,
        held_rows=rows,
        held_codes=held_codes,
        held_levels=held,
        units=[tuple(unit) for unit in rest["units"]],
        fields=rest["fields"],
        grades=_grades(rest["grades"], people),
        years=_years_of(rest["years"], people),
        languages=[_strings(person, value) for person, value in zip(people, rest["languages"], strict=True)],
        time_zones=rest["time_zones"],
        places=rest["places"],
        texts=rest["texts"],
        room=_rooms(rest["rooms"], people),
        paused=np.array(rest["paused"], dtype=np.bool_),
        blocked=[_people(person, "blocked", value) for person, value in zip(people, rest["blocked"], strict=True)],
        failed_with=[_people(person, "failed_with", value) for person, value in zip(people, rest["failed_with"], strict=True)],
    )


def _default(name: str) -> Any:
    blank = Mentor(0)
    return getattr(blank, name)


def _fault(code: str, person: Any, **facts: Any) -> NoReturn:
    if "value" in facts:
        facts["value"] = _plain(facts["value"])
    raise InvalidInput(code, id=person, **facts)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, int | float | bool | None) else repr(value)[:80]


def checked_ids(values: Any) -> npt.NDArray[np.int64]:
    """Return ids as whole numbers, none twice."""
    listed = values.tolist() if isinstance(values, np.ndarray) and values.ndim == 1 else values
    try:
        listed = list(listed)
    except TypeError:
        raise InvalidInput("bad_id", value=repr(values)[:80]) from None
    for value in listed if set(map(type, listed)) - {int} or (listed and max(map(abs, listed)) > _ID.max) else ():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not _ID.min <= value <= _ID.max:
            raise InvalidInput("bad_id", value=_plain(value))
    ids = np.array(listed, dtype=np.int64)
    ordered = np.sort(ids)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        raise InvalidInput("duplicate_id", id=int(twice[0]))
    return ids


def checked_codes(names: Iterable[Any]) -> set[str]:
    """Return the different codes."""
    codes = set(names)
    for code in codes:
        if not isinstance(code, str) or not code:
            raise InvalidInput("bad_code", value=_plain(code))
    return codes


def _known_only(codes: Iterable[str], known: Collection[str] | None) -> None:
    if known is not None:
        strange = sorted(set(codes) - set(known))
        if strange:
            raise UnknownCompetency("unknown_competency", competencies=tuple(strange))


def checked_levels(values: Sequence[Any] | npt.NDArray[Any], who: Any) -> npt.NDArray[np.uint8]:
    """Check levels; ``who(position) → (id, code)`` names an offender, the one with the lowest id and code is reported."""
    given = np.asarray(values) if len(values) else np.empty(0, np.uint8)
    if given.dtype.kind in "iu" and given.ndim == 1:
        wrong = np.flatnonzero((given < 0) | (given > TOP_LEVEL))
    elif given.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            wrong = np.flatnonzero(~((given >= 0) & (given <= TOP_LEVEL) & (given == np.floor(given))))
    else:
        read = [whole_number(value) for value in values]
        wrong = np.array([at for at, value in enumerate(read) if value is None or not 0 <= value <= TOP_LEVEL], np.int64)
    if len(wrong):
        at = min(wrong.tolist(), key=lambda position: who(position))
        person, code = who(at)
        value = values[at]
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool) and not math.isnan(value)
        _fault("level_out_of_range" if number else "not_a_number", person, competency=code, value=value)
    return given.astype(np.uint8)


def _mapping(mentee: Mentee, column: str, known: Collection[str] | None) -> dict[str, int]:
    given = getattr(mentee, column)
    if not isinstance(given, Mapping):
        _fault("bad_record", mentee.id, column=column, value=given)
    if type(given) is dict and _in_order(given, known):
        return given
    _known_only(checked_codes(given), known)
    names = list(given)
    levels = checked_levels(list(given.values()), lambda at: (mentee.id, names[at]))
    return dict(zip(names, levels.tolist(), strict=True))


def _in_order(given: dict[Any, Any], known: Collection[str] | None) -> bool:
    """Whether nothing is to be said of codes and levels; most often so, and told at once."""
    values = given.values()
    return (
        set(map(type, given)) <= {str}
        and set(map(type, values)) <= {int}
        and "" not in given
        and (not given or (min(values) >= 0 and max(values) <= TOP_LEVEL))
        and (known is None or all(map(known.__contains__, given)))
    )


def _tenths(person: int, code: str, value: Any) -> int:
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not math.isfinite(value):
        _fault("not_a_number", person, column="priorities", competency=code, value=value)
    if not 0.1 <= value <= 10:
        _fault("bad_priority", person, competency=code, value=value)
    return round(float(value) * 10)


def _years_of(values: Sequence[Any], people: Sequence[int]) -> npt.NDArray[np.uint8]:
    years = np.full(len(values), NO_YEARS, np.uint8)
    faults = []
    for row, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or math.isnan(value):
            faults.append((people[row], "not_a_number", value))
        elif not 0 <= value <= MOST_YEARS:
            faults.append((people[row], "years_out_of_range", value))
        else:
            years[row] = int(value)
    _report(faults, "years")
    return years


def _grades(values: Sequence[Any], people: Sequence[int]) -> npt.NDArray[np.int16]:
    grades = np.full(len(values), NO_GRADE, np.int16)
    faults = []
    for row, value in enumerate(values):
        if value is None:
            continue
        grade = whole_number(value)
        if grade is None or not -TOP_GRADE <= grade <= TOP_GRADE:
            faults.append((people[row], "bad_grade", value))
        else:
            grades[row] = grade
    _report(faults, "grade")
    return grades


def _rooms(values: Sequence[Any], people: Sequence[int]) -> npt.NDArray[np.bool_]:
    read = [whole_number(value) for value in values]
    _report([(people[row], "bad_room", values[row]) for row, room in enumerate(read) if room is None], "room")
    return np.array([room is not None and room > 0 for room in read], dtype=np.bool_)


def _report(faults: list[tuple[int, str, Any]], column: str) -> None:
    if faults:
        person, code, value = min(faults, key=lambda fault: fault[0])
        _fault(code, person, column=column, value=value)


def _text_or_none(person: int, values: dict[str, Any]) -> None:
    for column, value in values.items():
        if value is not None and not isinstance(value, str):
            _fault("bad_code", person, column=column, value=value)


def _unit(person: int, path: Any) -> None:
    if not isinstance(path, tuple | list) or not {type(step) for step in path} <= {int, str}:
        _fault("bad_unit", person, value=path)


def _strings(person: int, values: Any) -> frozenset[str]:
    if isinstance(values, str) or not isinstance(values, Collection) or not {type(value) for value in values} <= {str}:
        _fault("bad_set", person, column="languages", value=values)
    return frozenset(values)


def _people(person: int, column: str, values: Any) -> frozenset[int]:
    if isinstance(values, frozenset) and not values:
        return values
    if isinstance(values, str) or not isinstance(values, Collection):
        _fault("bad_set", person, column=column, value=values)
    if set(map(type, values)) <= {int}:
        return frozenset(values)
    if not all(isinstance(value, int | np.integer) and not isinstance(value, bool) for value in values):
        _fault("bad_set", person, column=column, value=values)
    return frozenset(map(int, values))
