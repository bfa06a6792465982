"""The way on where a list has nobody: which needs nobody covers with a free place, who waits, who told HR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.competencies.rules import Need
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.pairing.models import Waiting
from mentorlink.pairing.queries.suggestions import Suggestions
from mentorlink.pairing.queries.voices import told_of
from mentorlink.pairing.stages import IN_LINE


@dataclass(frozen=True)
class Uncovered:
    """A gap that nobody in the list could help with."""

    need: Need
    waits: bool
    """The person stands in line for it."""
    told: bool
    """The person told HR."""
    voices: int | None
    """How many told HR of it, the person included; None: fewer than five, but not nobody."""


@dataclass(frozen=True)
class WayOn:
    """What can be done where nobody is there."""

    uncovered: Sequence[Uncovered]
    waits_for_any: bool


def way_on_for(actor: Actor, found: Suggestions) -> WayOn:
    """What the actor can do about needs that nobody in their unfiltered list covers. At most two queries."""
    covered = found.choices.get("covers", {})
    missing = [need for need in found.asking.gaps if not covered.get(need.code)]
    if not missing and found.total:
        return WayOn([], False)
    waits, for_any = _waits(actor, found.wanted.kind)
    codes = {need.code for need in missing}
    told = told_of(actor, found.wanted.kind, codes) if codes else {}
    rows = []
    for need in missing:
        voices, mine = told.get(need.code, (0, False))
        rows.append(Uncovered(need, need.code in waits, mine, voices))
    return WayOn(rows, for_any)


def _waits(actor: Actor, kind: str) -> tuple[set[str], bool]:
    rows = db.session.execute(
        sa.select(Competency.code)
        .select_from(Waiting)
        .outerjoin(Competency, Waiting.competency_id == Competency.id)
        .where(
            Waiting.person_id == actor.person_id,
            Waiting.kind == kind,
            Waiting.state.in_(IN_LINE),
            Waiting.offer_id.is_(None),
        )
    ).all()
    codes = {code for (code,) in rows}
    return codes - {None}, None in codes
