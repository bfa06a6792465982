"""Dictionaries and their editions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.competencies.inputs import CompetencyInput, FrameworkInput
from mentorlink.competencies.models import Competency, Edition, Framework, Level
from mentorlink.competencies.policy import may_edit_frameworks
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Field


@action
def load_framework(actor: Actor, content: FrameworkInput | Mapping[str, Any], *, based_on: int | None = None) -> Edition:
    """The framework reads as ``content`` from now on, kept as an edition of its own. The same content again adds none.

    Codes stay: a competency that is left out is retired, with all its findings, and comes back when an edition names it.
    With ``based_on`` (the edition one had before oneself) it is refused when somebody published another meanwhile.
    """
    ensure(may_edit_frameworks, actor)
    data = content if isinstance(content, FrameworkInput) else read(FrameworkInput, content)
    _check(data)
    framework = _framework(data)
    newest = newest_edition(framework.id)
    wording = [competency.model_dump() for competency in data.competencies]
    if newest is not None and based_on is None and newest.content == wording:
        return newest
    number = (based_on if based_on is not None else newest.number if newest else 0) + 1
    edition = Edition(
        framework=framework, number=number, content=wording, published_at=clock.now(), published_by_id=actor.person_id
    )
    with or_refuse(Conflict("edition_taken", number=number)):
        db.session.add(edition)
    _reword(framework, data)
    db.session.flush()
    return edition


@action
def edit_competency(actor: Actor, competency: Competency, data: CompetencyInput, *, based_on: int) -> Edition:
    """The competency reads as ``data``, in a new edition of its framework that leaves all others as they are."""
    ensure(may_edit_frameworks, actor)
    if data.code != competency.code:
        raise Invalid(Fault("code", "code_stays"))
    framework = competency.framework
    newest = newest_edition(framework.id)
    if newest is None or newest.number != based_on:
        raise Conflict("edition_taken", number=based_on + 1)
    others = [data.model_dump() if item["code"] == data.code else item for item in newest.content]
    whole = {
        "code": framework.code, "type": framework.kind, "name": framework.name, "source": framework.source,
        "competencies": others,
    }  # fmt: skip
    return load_framework(actor, whole, based_on=based_on)


def newest_edition(framework_id: int) -> Edition | None:
    """The edition whose wording is current."""
    return db.session.scalar(
        sa.select(Edition).where(Edition.framework_id == framework_id).order_by(Edition.number.desc()).limit(1)
    )


def _check(data: FrameworkInput) -> None:
    """Refuse fields of work nobody knows, and codes that belong to another framework."""
    fields = {item.field for item in data.competencies if item.field}
    known = set(db.session.scalars(sa.select(Field.code).where(Field.code.in_(fields))))
    others = set(
        db.session.scalars(
            sa.select(Competency.code)
            .join(Framework)
            .where(Framework.code != data.code, Competency.code.in_([item.code for item in data.competencies]))
        )
    )
    faults = []
    for place, item in enumerate(data.competencies):
        if item.field and item.field not in known:
            faults.append(Fault(f"competencies.{place}.field", "unknown_field", {"code": item.field}))
        if item.code in others:
            faults.append(Fault(f"competencies.{place}.code", "code_elsewhere", {"code": item.code}))
    if faults:
        raise Invalid(*faults)


def _framework(data: FrameworkInput) -> Framework:
    framework = db.session.scalar(sa.select(Framework).where(Framework.code == data.code))
    if framework is None:
        framework = Framework(code=data.code, kind=data.type, name=data.name.model_dump(), source=data.source)
        with or_refuse(Conflict("edition_taken", number=1)):
            db.session.add(framework)
        return framework
    if framework.kind != data.type:
        raise Invalid(Fault("type", "kind_stays", {"kind": framework.kind}))
    framework.name, framework.source = data.name.model_dump(), data.source
    return framework


def _reword(framework: Framework, data: FrameworkInput) -> None:
    there = {
        row.code: row
        for row in db.session.scalars(
            sa.select(Competency).where(Competency.framework_id == framework.id).options(selectinload(Competency.levels))
        )
    }
    fields = dict(db.session.execute(sa.select(Field.code, Field.id)).all())
    for place, item in enumerate(data.competencies):
        row = there.pop(item.code, None)
        if row is None:
            row = Competency(framework=framework, code=item.code, levels=[])
            db.session.add(row)
        _write(row, item, place=place, field_id=fields[item.field] if item.field else None)
    for row in there.values():
        row.retired_at = row.retired_at or clock.now()


def _write(row: Competency, item: CompetencyInput, *, place: int, field_id: int | None) -> None:
    row.name, row.definition = item.name.model_dump(), item.definition.model_dump()
    row.position, row.field_id, row.retired_at = place, field_id, None
    levels = {level.number: level for level in row.levels}
    for wanted in item.levels:
        level = levels.get(wanted.level)
        if level is None:
            level = Level(number=wanted.level)
            row.levels.append(level)
        level.title, level.description = wanted.title.model_dump(), wanted.description.model_dump()
        level.indicators = [indicator.model_dump() for indicator in wanted.indicators]
