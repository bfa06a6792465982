"""Mappings are kept by name and used again."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from mentorlink.exchange.inputs import Mapping, MappingName
from mentorlink.exchange.models import SavedMapping
from mentorlink.exchange.policy import may_bring_file
from mentorlink.exchange.rules.mapping import headings_key
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.kernel.text import fold


@action
def save_mapping(actor: Actor, kind: str, data: MappingName, *, mapping: Mapping, headings: Sequence[str]) -> SavedMapping:
    """The mapping is there under its name, for files with these headings; one of the same name is replaced."""
    ensure(may_bring_file, actor)
    row = db.session.scalar(sa.select(SavedMapping).where(SavedMapping.kind == kind, SavedMapping.folded_name == fold(data.name)))
    if row is None:
        row = SavedMapping(kind=kind, folded_name=fold(data.name))
    row.name, row.content, row.headings = data.name, mapping.model_dump(), headings_key(headings)
    row.made_by_id, row.made_at = actor.person_id, clock.now()
    with or_refuse(Conflict("mapping_taken")):
        db.session.add(row)
    return row


@action
def forget_mapping(actor: Actor, row: SavedMapping) -> None:
    """The mapping is gone; files that were read by it stay what they became."""
    ensure(may_bring_file, actor)
    db.session.delete(row)
