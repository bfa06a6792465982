"""Codes and names of what there is, so that a file may use either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.people.models import Field, Job, Tier, Unit

_TABLES: Mapping[str, tuple[Any, ...]] = {
    "unit": (Unit, Unit.closed_at.is_(None)),
    "job": (Job,),
    "tier": (Tier,),
    "field": (Field,),
    "competency": (Competency, Competency.retired_at.is_(None)),
}
_NEEDED = {
    "units": ("unit",), "jobs": ("tier", "field"), "people": ("unit", "job"), "standards": ("job", "tier", "competency"),
    "assessments": ("competency",), "offers": ("competency",),
}  # fmt: skip


def known_words(kind: str) -> dict[str, dict[str, str]]:
    """For each thing that a file of ``kind`` names: folded code or name → code. A query each."""
    return {name: _words(*_TABLES[name]) for name in _NEEDED[kind]}


def names_of(kind: str) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """For each of them codes and names, in order of code: for choosing."""
    return {
        name: [
            (row.code, row.name)
            for row in db.session.execute(sa.select(model.code, model.name).where(*where).order_by(model.code))
        ]
        for name in _NEEDED[kind]
        for model, *where in (_TABLES[name],)
    }


def _words(model: Any, *where: Any) -> dict[str, str]:
    rows = db.session.execute(sa.select(model.code, model.name).where(*where)).all()
    by_name: dict[str, set[str]] = {}
    for code, name in rows:
        for word in _distinct(name.values()):
            by_name.setdefault(word, set()).add(code)
    unique = {word: next(iter(codes)) for word, codes in by_name.items() if len(codes) == 1}
    return unique | {fold(code): code for code, _name in rows} | {code: code for code, _name in rows}


def _distinct(names: Iterable[str]) -> set[str]:
    return {fold(name) for name in names if name}
