"""Needs that nobody covers, as people told them to HR: counts by need, never names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Competency, CurrentLevel
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.groups import enough
from mentorlink.pairing.models import NeedVoice, Offer, Waiting
from mentorlink.pairing.policy import may_see_needs
from mentorlink.people.models import Person, Unit


@dataclass(frozen=True)
class Need:
    """What people told HR about one competency."""

    kind: str
    code: str
    name: Mapping[str, str]
    level: int
    """The highest level that somebody's job asks for."""
    voices: int | None
    """How many told it; None: fewer than five."""
    since: datetime | None
    """When the first of them did; None where they are fewer than five."""
    waiting: int | None
    """How many of the manager's units stand in line for help in it; None: fewer than five, but not nobody."""
    places: int
    """Free places of offers in the manager's units whose people hold that level."""


def covered(actor: Actor, person_id: Any) -> sa.ColumnElement[bool]:
    """The condition on a column of person ids that holds for people of the units that a manager's role covers."""
    paths = [grant.unit_path for grant in actor.grants if grant.role is Role.MANAGER]
    if actor.is_system or None in paths:
        return sa.true()
    inside = sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in paths if path))
    inside_units = sa.select(Person.id).join(Unit, Person.unit_id == Unit.id).where(inside)
    found: sa.ColumnElement[bool] = person_id.in_(inside_units)
    return found


def needs_told_for(actor: Actor) -> list[Need]:
    """Needs that HR has not taken up, those of most people first. Three queries."""
    if not may_see_needs(actor):
        raise NotFound()
    rows = db.session.execute(
        sa.select(
            NeedVoice.kind, NeedVoice.competency_id, Competency.code, Competency.name, sa.func.max(NeedVoice.level),
            sa.func.count(), sa.func.min(NeedVoice.said_at),
        )
        .join(Competency, NeedVoice.competency_id == Competency.id)
        .where(NeedVoice.settled_at.is_(None), covered(actor, NeedVoice.person_id))
        .group_by(NeedVoice.kind, NeedVoice.competency_id, Competency.code, Competency.name)
    ).all()  # fmt: skip
    ids = {row.competency_id for row in rows}
    waiting, places = _waiting(actor, ids), _places(actor, {(row.kind, row.competency_id): row[4] for row in rows})
    found = [
        Need(
            kind, code, name, level, enough(voices), None if enough(voices) is None else since, enough(waiting[kind, number]),
            places[kind, number],
        )
        for kind, number, code, name, level, voices, since in rows
    ]  # fmt: skip
    return sorted(found, key=lambda need: (-(need.voices or 0), need.code, need.kind))


def told_of(actor: Actor, kind: str, codes: set[str]) -> dict[str, tuple[int | None, bool]]:
    """Code → how many told HR of this need (None: fewer than five), and whether the actor is one of them."""
    mine = sa.func.max(sa.case((NeedVoice.person_id == actor.person_id, 1), else_=0))
    rows = db.session.execute(
        sa.select(Competency.code, sa.func.count(), mine)
        .join(NeedVoice, NeedVoice.competency_id == Competency.id)
        .where(NeedVoice.kind == kind, NeedVoice.settled_at.is_(None), Competency.code.in_(sorted(codes)))
        .group_by(Competency.code)
    )
    return {code: (enough(number), bool(own)) for code, number, own in rows}


def competency_told(actor: Actor, code: str) -> Competency:
    """The competency of a need that a programme manager looks at."""
    found = db.session.scalar(sa.select(Competency).where(Competency.code == code)) if may_see_needs(actor) else None
    if found is None:
        raise NotFound()
    return found


def _waiting(actor: Actor, competency_ids: set[int]) -> Counter[tuple[str, int]]:
    rows = db.session.execute(
        sa.select(Waiting.kind, Waiting.competency_id, sa.func.count())
        .where(Waiting.state == "waiting", Waiting.competency_id.in_(competency_ids), covered(actor, Waiting.person_id))
        .group_by(Waiting.kind, Waiting.competency_id)
    )
    return Counter({(kind, number): count for kind, number, count in rows if number is not None})


def _places(actor: Actor, levels: Mapping[tuple[str, int], int]) -> Counter[tuple[str, int]]:
    rows = db.session.execute(
        sa.select(
            Offer.kind, CurrentLevel.competency_id, CurrentLevel.level,
            sa.func.sum(Offer.capacity - Offer.taken - Offer.held),
        )
        .join(Person, Offer.person_id == Person.id)
        .join(CurrentLevel, CurrentLevel.person_id == Offer.person_id)
        .where(
            Offer.closed_at.is_(None), Person.state == "active",
            CurrentLevel.competency_id.in_({number for _kind, number in levels}), covered(actor, Offer.person_id),
        )
        .group_by(Offer.kind, CurrentLevel.competency_id, CurrentLevel.level)
    )  # fmt: skip
    found: Counter[tuple[str, int]] = Counter()
    for kind, number, level, places in rows:
        if level >= levels.get((kind, number), 9):
            found[kind, number] += int(places)
    return found
