"""What a run solves, whole: people, rules, weights, wishes. Packed so that the same round can be solved again years later."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mentorlink.matching import Mentee, Mentor, Quota, RoundInput, RoundSolver, Rules, Weights

_MENTEE_SETS = ("languages", "line", "blocked", "failed_with")
_MENTOR_SETS = ("languages", "blocked", "failed_with")


@dataclass(frozen=True)
class Cohort:
    """Everything that decides over the answer, and nothing else."""

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    rules: Rules
    weights: Weights
    capacity: Mapping[int, int]
    params: Mapping[str, Any]
    values: tuple[float, ...]
    locks: Collection[tuple[int, int]] = ()
    bans: Collection[tuple[int, int]] = ()
    mentee_wishes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    mentor_wishes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    previous: Mapping[int, int] = field(default_factory=dict)
    missed: Mapping[int, int] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    """What the dictionaries of the day say in both languages: by it texts in either are compared."""

    @property
    def given(self) -> RoundInput:
        """What the solver takes beside the scores."""
        return RoundInput(
            capacity=self.capacity, locks=self.locks, bans=self.bans, mentee_wishes=self.mentee_wishes,
            mentor_wishes=self.mentor_wishes, previous=self.previous, missed=self.missed, quotas=self.quotas,
        )  # fmt: skip

    @property
    def solver(self) -> RoundSolver:
        """The solver as this round wants it."""
        return RoundSolver(**self.params)


def pack(cohort: Cohort) -> str:
    """The cohort as a short text; equal cohorts give equal texts, in whatever order their people came."""
    return base64.b85encode(zlib.compress(_canonical(cohort), 6)).decode("ascii")


def unpack(text: str) -> Cohort:
    """The cohort that ``pack`` made this text of."""
    told = json.loads(zlib.decompress(base64.b85decode(text)))
    return Cohort(
        mentees=tuple(Mentee(row.pop("id"), row.pop("levels"), row.pop("required"), **_sets(row, _MENTEE_SETS))
                      for row in told["mentees"]),
        mentors=tuple(Mentor(row.pop("id"), row.pop("levels"), **_sets(row, _MENTOR_SETS)) for row in told["mentors"]),
        rules=Rules(**told["rules"]),
        weights=Weights(**(told["weights"] | {"grade_points": _numbered(told["weights"]["grade_points"])})),
        capacity=_numbered(told["capacity"]),
        params=told["params"],
        values=tuple(told["values"]),
        locks=tuple((one, other) for one, other in told["locks"]),
        bans=tuple((one, other) for one, other in told["bans"]),
        mentee_wishes=_ranked(told["mentee_wishes"]),
        mentor_wishes=_ranked(told["mentor_wishes"]),
        previous=_numbered(told["previous"]),
        missed=_numbered(told["missed"]),
        quotas=tuple(Quota(code, side, tuple(members), *bounds) for code, side, members, *bounds in told.get("quotas", ())),
        said=tuple((one, other) for one, other in told.get("said", ())),
    )  # fmt: skip


def fingerprint(cohort: Cohort) -> str:
    """A hash over everything that went in."""
    return hashlib.sha256(_canonical(cohort)).hexdigest()


def weights_fingerprint(cohort: Cohort) -> str:
    """A hash over weights, rules and the solver's settings."""
    told = _told(cohort)
    return hashlib.sha256(_json({name: told[name] for name in ("weights", "rules", "params", "values")})).hexdigest()


def _canonical(cohort: Cohort) -> bytes:
    return _json(_told(cohort))


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _told(cohort: Cohort) -> dict[str, Any]:
    return (
        {
            "mentees": [_row(one, _MENTEE_SETS) for one in sorted(cohort.mentees, key=lambda one: one.id)],
            "mentors": [_row(one, _MENTOR_SETS) for one in sorted(cohort.mentors, key=lambda one: one.id)],
            "rules": asdict(cohort.rules),
            "weights": asdict(cohort.weights) | {"grade_points": _keyed(cohort.weights.grade_points)},
            "capacity": _keyed(cohort.capacity),
            "params": dict(cohort.params),
            "values": list(cohort.values),
            "locks": sorted(list(pair) for pair in cohort.locks),
            "bans": sorted(list(pair) for pair in cohort.bans),
            "mentee_wishes": _keyed({key: list(wished) for key, wished in cohort.mentee_wishes.items()}),
            "mentor_wishes": _keyed({key: list(wished) for key, wished in cohort.mentor_wishes.items()}),
            "previous": _keyed(cohort.previous),
            "missed": _keyed(cohort.missed),
        }
        | _quotas(cohort)
        | ({"said": sorted(list(pair) for pair in cohort.said)} if cohort.said else {})
    )


def _quotas(cohort: Cohort) -> dict[str, Any]:
    """Told only where there are any, so that what was stored before there were quotas keeps its fingerprint."""
    if not cohort.quotas:
        return {}
    rows = sorted([one.code, one.side, sorted(one.members), one.at_least, one.at_most] for one in cohort.quotas)
    return {"quotas": rows}


def _row(record: Mentee | Mentor, sets: Collection[str]) -> dict[str, Any]:
    told = {name: getattr(record, name) for name in record.__slots__ if not name.startswith("_")}
    told |= {name: sorted(told[name]) for name in sets}
    return told | {"unit": list(told["unit"]), "levels": dict(told["levels"])}


def _sets(row: dict[str, Any], sets: Collection[str]) -> dict[str, Any]:
    return row | {name: frozenset(row[name]) for name in sets} | {"unit": tuple(row["unit"])}


def _keyed(mapping: Mapping[int, Any]) -> dict[str, Any]:
    return {str(key): mapping[key] for key in sorted(mapping)}


def _numbered(mapping: Mapping[str, Any]) -> dict[int, Any]:
    return {int(key): value for key, value in mapping.items()}


def _ranked(mapping: Mapping[str, Sequence[int]]) -> dict[int, tuple[int, ...]]:
    return {int(key): tuple(wished) for key, wished in mapping.items()}
