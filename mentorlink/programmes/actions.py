"""Use cases of programmes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies import actions as competencies
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.models import Unit
from mentorlink.programmes.inputs import ProgrammeInput
from mentorlink.programmes.models import Programme
from mentorlink.programmes.policy import may_add_programme, may_edit_programme
from mentorlink.programmes.rules import USUAL_IMPORTANCE, ProgrammeRules, default_content


@action
def add_programme(actor: Actor, data: ProgrammeInput) -> Programme:
    """There is a new programme, owned by who made it."""
    ensure(may_add_programme, actor, _unit_path(data.unit_id))
    programme = Programme(
        code=_code(data), kind=data.kind, owner_id=actor.person_id, unit_id=data.unit_id, created_at=clock.now(), revision=1,
        **_columns(data),
    )  # fmt: skip
    with or_refuse(Conflict("programme_exists")):
        db.session.add(programme)
    return programme


@action
def edit_programme(actor: Actor, programme: Programme, data: ProgrammeInput) -> Programme:
    """The programme is as ``data`` says, unless somebody saved another version after the one that was edited."""
    ensure(may_edit_programme, actor, programme)
    if data.kind != programme.kind:
        raise Invalid(Fault("kind", "kind_stays", {"kind": programme.kind}))
    saved = db.session.execute(
        sa.update(Programme)
        .where(Programme.id == programme.id, Programme.revision == data.revision)
        .values(revision=data.revision + 1, **_columns(data))
    )
    if saved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("programme_changed")
    db.session.refresh(programme)
    return programme


@action
def make_default_programme(actor: Actor, *, kind: str = "mentoring", year: int | None = None) -> Programme:
    """The agency has its programme of the year, with the usual rules. One that is there stays as it is."""
    ensure(may_add_programme, actor, None)
    year = year or clock.today().year
    code = f"{kind}-{year}"
    there = db.session.scalar(sa.select(Programme).where(Programme.code == code))
    if there is not None:
        return there
    names = default_content()["name"][kind]
    programme = Programme(
        code=code, kind=kind, name={language: text.format(year=year) for language, text in names.items()}, state="active",
        starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), owner_id=actor.person_id, revision=1, created_at=clock.now(),
        rules=ProgrammeRules().model_dump(mode="json"), weights=dict(USUAL_IMPORTANCE),
    )  # fmt: skip
    with or_refuse(Conflict("programme_exists")):
        db.session.add(programme)
    return programme


@action
def load_reference(actor: Actor) -> Programme:
    """A new agency has the reference tables of competencies and its mentoring programme of the year."""
    ensure(may_add_programme, actor, None)
    competencies.load_reference(actor)
    return make_default_programme(actor)


def _unit_path(unit_id: int | None) -> str | None:
    if unit_id is None:
        return None
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        raise Invalid(Fault("unit_id", "unknown_unit"))
    return unit.path


def _columns(data: ProgrammeInput) -> dict[str, Any]:
    return {
        "name": data.name.model_dump(),
        "state": data.state,
        "starts_on": data.starts_on,
        "ends_on": data.ends_on,
        "rules": data.rules.model_dump(mode="json"),
        "weights": dict(USUAL_IMPORTANCE) | data.weights,
    }


def _code(data: ProgrammeInput) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", data.name.en.lower()).strip("-")[:26]
    return f"{stem}-{crypto.new_token()[:8].lower().replace('_', 'x')}"
