"""Files that were brought, and saved mappings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.exchange.inputs import Mapping
from mentorlink.exchange.models import ImportFile, SavedMapping
from mentorlink.exchange.policy import may_bring_file, may_read_numbers
from mentorlink.exchange.queries.preview import Preview, preview_of, veil, veiled
from mentorlink.exchange.rules.columns import recognised
from mentorlink.exchange.rules.files import Table, read_table
from mentorlink.exchange.rules.mapping import headings_key, suggested
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.kernel.text import fold


def import_for(actor: Actor, import_id: int) -> ImportFile:
    """The file that was brought; to whoever may not bring files there is none."""
    row = db.session.get(ImportFile, import_id) if may_bring_file(actor) else None
    if row is None:
        raise NotFound()
    return row


def imports_for(actor: Actor, *, limit: int = 12) -> list[ImportFile]:
    """The newest files that were brought. Two queries."""
    if not may_bring_file(actor):
        return []
    query = sa.select(ImportFile).options(selectinload(ImportFile.uploaded_by))
    return list(db.session.scalars(query.order_by(ImportFile.uploaded_at.desc(), ImportFile.id.desc()).limit(limit)))


def rejected_for(actor: Actor) -> list[ImportFile]:
    """Applied files whose faulty rows are still kept, the newest first: to be corrected and brought again. One query."""
    if not may_bring_file(actor):
        return []
    kept = sa.select(ImportFile).where(ImportFile.state == "applied", ImportFile.leftover.is_not(None))
    return [row for row in db.session.scalars(kept.order_by(ImportFile.id.desc()).limit(5)) if row.counts.get("faulty")]


def table_of(row: ImportFile) -> Table:
    """The table in the file; Conflict when its bytes are gone. The last one read is kept in memory: look, look again, apply."""
    if row.state != "uploaded" and row.content is None:
        raise Conflict("import_settled", state=row.state)
    key = (row.sha256, row.kind)
    kept = _last.get(key)
    if kept is None:
        if row.content is None:
            raise Conflict("import_settled", state=row.state)
        kept = read_table(row.content, recognise=partial(recognised, row.kind))
        _last.clear()
        _last[key] = kept
    return kept


_last: dict[tuple[str, str], Table] = {}
"""At most one table, by the hash of its bytes and its kind."""


def preview_for(actor: Actor, row: ImportFile) -> Preview:
    """What applying the file would do now, as the actor may see it."""
    preview = whole_preview(actor, row)
    return preview if may_read_numbers(actor, row) else veiled(preview)


def whole_preview(actor: Actor, row: ImportFile) -> Preview:
    """What applying the file would do now, to be applied."""
    return preview_of(actor, row.kind, table_of(row), read(Mapping, row.mapping))


def cells_for(actor: Actor, row: ImportFile) -> Callable[[str], str]:
    """How the actor may see what stands in a cell of the file."""
    return str if may_read_numbers(actor, row) else veil


def leftover_of(actor: Actor, row: ImportFile) -> tuple[list[str], list[tuple[int, list[str], list[dict[str, object]]]]]:
    """Head and faulty rows that an applied file left behind: number, cells, faults; NotFound once they are gone."""
    if not row.leftover or not row.leftover["rows"]:
        raise NotFound()
    seen = cells_for(actor, row)
    return row.leftover["head"], [(number, list(map(seen, cells)), faults) for number, cells, faults in row.leftover["rows"]]


def mappings_for(actor: Actor, kind: str) -> list[SavedMapping]:
    """Saved mappings of a kind, by name."""
    if not may_bring_file(actor):
        return []
    return list(db.session.scalars(sa.select(SavedMapping).where(SavedMapping.kind == kind).order_by(SavedMapping.folded_name)))


def mapping_for(actor: Actor, kind: str, name: str) -> SavedMapping:
    """The saved mapping of that name."""
    row = db.session.scalar(sa.select(SavedMapping).where(SavedMapping.kind == kind, SavedMapping.folded_name == fold(name)))
    if row is None or not may_bring_file(actor):
        raise NotFound("mapping_not_found", name=name)
    return row


def usual_mapping(kind: str, headings: Sequence[str]) -> tuple[Mapping, str | None]:
    """The newest mapping saved for these very headings and its name; else what the headings suggest."""
    row = db.session.scalar(
        sa.select(SavedMapping)
        .where(SavedMapping.kind == kind, SavedMapping.headings == headings_key(headings))
        .order_by(SavedMapping.made_at.desc(), SavedMapping.id.desc())
        .limit(1)
    )
    return (read(Mapping, row.content), row.name) if row else (suggested(kind, headings), None)
