"""Somebody else's files of mentors and mentees, read by a pack of mappings through the same import as any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from mentorlink.competencies.actions import load_framework
from mentorlink.competencies.models import Framework
from mentorlink.exchange.actions.imports import take_in
from mentorlink.exchange.inputs import Condition, Pack, Side
from mentorlink.exchange.policy import may_load_pack
from mentorlink.exchange.queries.preview import Preview
from mentorlink.exchange.rules.files import Table
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.people.models import Field, Person, Tier
from mentorlink.programmes.actions import add_programme
from mentorlink.programmes.inputs import ProgrammeInput, ProgrammeName


@dataclass
class PackReport:
    """What came of one side's file."""

    rows: int
    previews: dict[str, Preview] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    """Ids of everybody in the file, in its order."""
    asking: list[int] = field(default_factory=list)
    """Ids of those who ask for a mentor, in the order of the file."""


@action
def load_pack(actor: Actor, pack: Pack, *, with_rules: bool = False) -> None:
    """Tiers, fields and dictionary that a pack refers to are there. What there is already stays as it is.

    ``with_rules`` also makes a running programme with the pack's rules: for a database that serves nothing else.
    """
    ensure(may_load_pack, actor)
    tiers, fields = set(db.session.scalars(sa.select(Tier.code))), set(db.session.scalars(sa.select(Field.code)))
    db.session.add_all(
        Tier(code=tier.code, grade=tier.grade, name=tier.name.model_dump()) for tier in pack.tiers if tier.code not in tiers
    )
    db.session.add_all(Field(code=item.code, name=item.name.model_dump()) for item in pack.fields if item.code not in fields)
    db.session.flush()
    if pack.framework and db.session.scalar(sa.select(Framework.id).where(Framework.code == pack.framework.code)) is None:
        load_framework(actor, pack.framework.model_dump())
    if with_rules and pack.rules is not None:
        name = ProgrammeName(id=pack.name, en=pack.name)
        year = clock.today().year
        add_programme(
            actor,
            ProgrammeInput(
                name=name, state="active", starts_on=date(year, 12, 31), ends_on=date(year + 1, 12, 31), rules=pack.rules
            ),
        )


@action
def take_in_pack(actor: Actor, pack: Pack, side: str, *, table: Table, both: bool = True) -> PackReport:
    """The good rows of one side's file are in, as people with their units, jobs, standards, levels and offers.

    ``both`` False: nobody stands on the other side too, whatever the file says.
    """
    ensure(may_load_pack, actor)
    plan: Side = pack.sides[side]  # type: ignore[index]  # a name that the pack does not have is the caller's mistake
    report = PackReport(rows=len(table.rows))
    for step in plan.steps:
        if not both and step.mapping.only is not None:
            continue
        report.previews[step.kind] = take_in(actor, step.kind, table, mapping=step.mapping).preview
    ids = _ids(report.previews["people"])
    report.people = list(ids.values())
    report.asking = _asking(plan.asks if both or plan.asks is True else False, table, ids)
    return report


def _ids(preview: Preview) -> dict[int, int]:
    """Row of the file → the person it is about."""
    known = {email: id_ for id_, email in db.session.execute(sa.select(Person.id, Person.email))}
    return {number: known[row.email] for number, row in preview.good if row.email in known}


def _asking(asks: bool | Condition, table: Table, ids: Mapping[int, int]) -> list[int]:
    if isinstance(asks, bool):
        return list(ids.values()) if asks else []
    place = next((at for at, heading in enumerate(table.head) if fold(heading) == fold(asks.column)), None)
    if place is None:
        return []
    words = {fold(word) for word in asks.words}
    return [ids[number] for number, cells in table.rows if number in ids and fold(cells[place]) in words]
