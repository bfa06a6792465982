"""Files come in: brought, read by a mapping, applied once, dropped, tidied away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.actions import save_assessments, save_standards
from mentorlink.exchange.events import FileApplied
from mentorlink.exchange.inputs import Mapping as FileMapping
from mentorlink.exchange.models import ImportFile
from mentorlink.exchange.policy import may_bring_file, may_settle_import, may_tidy_imports
from mentorlink.exchange.queries.imports import table_of, usual_mapping, whole_preview
from mentorlink.exchange.queries.preview import Preview, preview_of
from mentorlink.exchange.rules.columns import COLUMNS, recognised
from mentorlink.exchange.rules.files import Table, read_table
from mentorlink.exchange.rules.mapping import check
from mentorlink.exchange.shapes import leftover_rows
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound
from mentorlink.pairing.actions import save_offers
from mentorlink.people.actions import record_audit, save_jobs, save_people, save_units

KEPT = timedelta(days=1)
"""Bytes of a file that nobody applied, and faulty rows of one that somebody did, go after so long."""


@dataclass(frozen=True)
class Outcome:
    """What came of a file."""

    counts: Mapping[str, int]
    preview: Preview


@action
def bring_file(actor: Actor, kind: str, name: str, *, content: bytes) -> ImportFile:
    """The file waits, with the mapping that its headings ask for. Twice brought it waits once; what is no table is refused."""
    ensure(may_bring_file, actor)
    if kind not in COLUMNS:
        raise NotFound()
    if len(content) > settings.current().max_upload_mb * 2**20:
        raise Invalid(Fault("file", "file_too_large", {"limit": settings.current().max_upload_mb}))
    digest = hashlib.sha256(content).hexdigest()
    same = db.session.scalar(
        sa.select(ImportFile).where(
            ImportFile.kind == kind,
            ImportFile.sha256 == digest,
            ImportFile.state == "uploaded",
            ImportFile.uploaded_by_id == actor.person_id,
        )
    )
    if same is not None:
        return same
    table = read_table(content, recognise=partial(recognised, kind))
    mapping, mapping_name = usual_mapping(kind, table.head)
    row = ImportFile(
        kind=kind, name=_safe_name(name), size=len(content), sha256=digest, content=content, mapping=mapping.model_dump(),
        mapping_name=mapping_name, state="uploaded", counts={}, uploaded_by_id=actor.person_id, uploaded_at=clock.now(),
    )  # fmt: skip
    with or_refuse(Conflict("import_waits")):
        db.session.add(row)
    return row


@action
def remap_import(actor: Actor, row: ImportFile, mapping: FileMapping, *, name: str | None = None) -> ImportFile:
    """The waiting file is read by another mapping from now on; one that does not fit is refused."""
    ensure(may_settle_import, actor, row)
    if row.state != "uploaded":
        raise Conflict("import_settled", state=row.state)
    check(row.kind, mapping, table_of(row).head)
    row.mapping, row.mapping_name = mapping.model_dump(), name
    return row


@action
def read_as(actor: Actor, row: ImportFile, kind: str) -> ImportFile:
    """The waiting file waits as one of another kind, with the mapping that its headings ask for; what is none is refused."""
    ensure(may_settle_import, actor, row)
    if row.state != "uploaded" or row.content is None:
        raise Conflict("import_settled", state=row.state)
    other = bring_file(actor, kind, row.name, content=row.content)
    if other.id != row.id:
        drop_import(actor, row)
    return other


@action
def apply_import(actor: Actor, row: ImportFile, *, seen: str) -> Outcome:
    """The good rows are in, the faulty ones are kept for correction: exactly what was seen in the preview, once; else nothing."""
    ensure(may_settle_import, actor, row)
    claimed = db.session.execute(
        sa.update(ImportFile)
        .where(ImportFile.id == row.id, ImportFile.state == "uploaded")
        .values(state="applied", settled_at=clock.now(), settled_by_id=actor.person_id)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        db.session.refresh(row)
        raise Conflict("import_settled", state=row.state)
    preview = whole_preview(actor, row)
    if preview.digest != seen:
        raise Conflict("preview_changed")
    if not preview.does_something:
        raise Conflict("nothing_to_apply")
    _save(actor, preview)
    passed_over = {"remarks": len(preview.remarks)} if preview.remarks else {}
    row.counts, row.leftover, row.content = preview.counts | passed_over, leftover_rows(preview), None
    record_audit(actor, "file_applied", "import_file", row.id, kind=row.kind, counts=preview.counts)
    record(FileApplied(row.kind))
    return Outcome(preview.counts, preview)


@action
def take_in(actor: Actor, kind: str, table: Table, *, mapping: FileMapping) -> Outcome:
    """The good rows of a table are in; what the preview of the same moment says. For commands, which bring and apply at once."""
    ensure(may_bring_file, actor)
    preview = preview_of(actor, kind, table, mapping)
    if preview.does_something:
        _save(actor, preview)
        record_audit(actor, "file_applied", "import_file", None, kind=kind, counts=preview.counts)
        record(FileApplied(kind))
    return Outcome(preview.counts, preview)


@action
def drop_import(actor: Actor, row: ImportFile) -> None:
    """The file is gone and nothing of it was applied. Dropping twice is dropping once."""
    ensure(may_settle_import, actor, row)
    dropped = db.session.execute(
        sa.update(ImportFile)
        .where(ImportFile.id == row.id, ImportFile.state == "uploaded")
        .values(state="dropped", content=None, settled_at=clock.now(), settled_by_id=actor.person_id)
    )
    db.session.refresh(row)
    if dropped.rowcount != 1 and row.state == "applied":  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("import_settled", state=row.state)


@action
def tidy_imports(actor: Actor) -> int:
    """Files that waited a day are dropped, and faulty rows that nobody fetched in a day are gone. Returns how many files."""
    ensure(may_tidy_imports, actor)
    before = clock.now() - KEPT
    waited = db.session.execute(
        sa.update(ImportFile)
        .where(ImportFile.state == "uploaded", ImportFile.uploaded_at < before)
        .values(state="dropped", content=None, settled_at=clock.now())
    )
    kept = db.session.execute(
        sa.update(ImportFile).where(ImportFile.leftover.is_not(None), ImportFile.settled_at < before).values(leftover=sa.null())
    )
    return int(waited.rowcount + kept.rowcount)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


def _save(actor: Actor, preview: Preview) -> None:
    if preview.deed.save:
        _SAVERS[preview.kind](actor, preview.deed.save)


def _safe_name(name: str) -> str:
    plain = "".join(character for character in name.replace("\\", "/").rsplit("/", 1)[-1] if character.isprintable())
    return plain.strip()[:200] or "file"


_SAVERS: Mapping[str, Callable[[Actor, Sequence[Any]], Any]] = {
    "units": save_units, "jobs": save_jobs, "people": save_people, "standards": save_standards, "assessments": save_assessments,
    "offers": save_offers,
}  # fmt: skip
