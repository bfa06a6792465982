"""Reads of programmes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.programmes import rules
from mentorlink.programmes.models import Programme
from mentorlink.programmes.policy import may_see_programme
from mentorlink.programmes.rules import ProgrammeRules


def default_programme(kind: str = "mentoring") -> Programme | None:
    """The programme that a new pair belongs to where no unit has one of its own: the newest active one of the whole agency."""
    return nearest_programmes(kind, ("/",))["/"]


def nearest_programmes(kind: str, paths: Collection[str]) -> dict[str, Programme | None]:
    """Path of a unit → the programme that holds for its people: the newest active one of it, else of the next unit above, else
    of the whole agency. One query."""
    running = db.session.scalars(
        sa.select(Programme)
        .options(joinedload(Programme.unit))
        .where(Programme.kind == kind, Programme.state == "active")
        .order_by(Programme.starts_on, Programme.id)
    )
    there = {programme.unit.path if programme.unit else "/": programme for programme in running}
    return {path: next((there[above] for above in _upwards(path) if above in there), None) for path in paths}


def _upwards(path: str) -> Iterator[str]:
    while path != "/":
        yield path
        path = path[: path.rstrip("/").rfind("/") + 1]
    yield path


def rules_of(programme: Programme | None) -> ProgrammeRules:
    """The rules of ``programme``; the usual ones where there is none."""
    return ProgrammeRules.model_validate(programme.rules if programme else {})


def weights_of(programme: Programme | None) -> dict[str, float]:
    """Part of the score → what it adds at most (cover, text, experience, place, field, language, grade)."""
    return rules.weights(programme.weights if programme else {}, rules_of(programme).points)


def has_own_weights(programme: Programme | None) -> bool:
    """True where HR gave points, or made any part more or less important than it usually is: then nothing else ranks."""
    if programme is None:
        return False
    unusual = (rules.USUAL_IMPORTANCE.get(term) != importance for term, importance in programme.weights.items())
    return any(rules_of(programme).points.values()) or any(unusual)


def programmes_for(actor: Actor) -> list[Programme]:
    """The programmes that ``actor`` may see, running ones first."""
    order = sa.case({"active": 0, "draft": 1, "closed": 2}, value=Programme.state, else_=3)
    rows = db.session.scalars(
        sa.select(Programme)
        .options(selectinload(Programme.owner), selectinload(Programme.unit))
        .order_by(order, Programme.starts_on.desc(), Programme.id)
        .limit(200)
    )
    return [row for row in rows if may_see_programme(actor, row)]


def programme_for(actor: Actor, programme_id: int) -> Programme:
    """The programme; to whoever may not see it there is none."""
    programme = db.session.get(Programme, programme_id)
    if programme is None or not may_see_programme(actor, programme):
        raise NotFound()
    return programme
