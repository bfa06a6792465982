"""JSON of files that come in: brought, looked at, carried out; for HR's own systems."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, read_json, requires
from mentorlink.exchange import actions, queries
from mentorlink.exchange.inputs import Mapping, SeenInput
from mentorlink.exchange.models import ImportFile
from mentorlink.exchange.shapes import import_shape, preview_shape
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.inputs import read

api = APIBlueprint("api_exchange", __name__)
hr = requires(Role.MANAGER, Role.ADMINISTRATOR)


@api.get("/imports")
@hr
def imports() -> dict[str, Any]:
    """The newest files that were brought, by whichever door."""
    return {"imports": [import_shape(row) for row in queries.imports_for(actor())]}


@api.post("/imports/<string(maxlength=12):kind>")  # longer than any kind: a number, of which there is no import
@hr
def bring(kind: str) -> tuple[dict[str, Any], int]:
    """Bring a file (field ``file``), read by the saved mapping named in ``mapping``, else by its headings. Nothing is applied."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid(Fault("file", "missing"))
    row = actions.bring_file(actor(), kind, upload.filename, content=upload.read())
    if name := request.form.get("mapping", "").strip():
        kept = queries.mapping_for(actor(), row.kind, name)
        row = actions.remap_import(actor(), row, read(Mapping, kept.content), name=kept.name)
    return _told(row), 201


@api.get("/imports/<int:import_id>")
@hr
def show(import_id: int) -> dict[str, Any]:
    """Where a file stands: what applying it would do now, or what it did."""
    return _told(queries.import_for(actor(), import_id))


@api.post("/imports/<int:import_id>/apply")
@hr
def apply(import_id: int) -> dict[str, Any]:
    """Carry out exactly what the preview of this ``digest`` showed; 409 where it would be something else by now."""
    row = queries.import_for(actor(), import_id)
    actions.apply_import(actor(), row, seen=read_json(SeenInput).digest)
    return _told(row)


@api.post("/imports/<int:import_id>/drop")
@hr
def drop(import_id: int) -> dict[str, Any]:
    """Let go of a file that waits."""
    row = queries.import_for(actor(), import_id)
    actions.drop_import(actor(), row)
    return _told(row)


def _told(row: ImportFile) -> dict[str, Any]:
    found = import_shape(row)
    if row.state == "uploaded":
        found["preview"] = preview_shape(queries.preview_for(actor(), row))
    elif row.state == "applied" and row.leftover and row.leftover["rows"]:
        head, rows = queries.leftover_of(actor(), row)
        found["left"] = {
            "head": head,
            "rows": [{"row": number, "cells": line, "faults": faults} for number, line, faults in rows],
        }
    return found
