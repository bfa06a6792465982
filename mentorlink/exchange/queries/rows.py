"""One row of a file by itself: everything that is wrong with it, and what of it can be believed all the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mentorlink.exchange.inputs import AssessmentFileRow, OfferFileRow, StandardFileRow
from mentorlink.exchange.rules import cells
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.inputs import Input, read
from mentorlink.people.inputs import JobRow, PersonRow, UnitRow

_INPUTS: Mapping[str, type[Input]] = {
    "units": UnitRow, "jobs": JobRow, "people": PersonRow, "standards": StandardFileRow, "assessments": AssessmentFileRow,
    "offers": OfferFileRow,
}  # fmt: skip
_SOUND: Mapping[str, Mapping[str, Any]] = {
    "units": {"code": "x", "name_id": "x"},
    "jobs": {"code": "x", "name_id": "x", "tier": "x"},
    "people": {"contract": "other"},
    "standards": {"tier": "x", "job": "x", "competency": "x", "required": 1},
    "assessments": {"person": "x", "competency": "x", "source": "self", "level": 1, "assessed_on": date(2000, 1, 1)},
    "offers": {"person": "x", "capacity": 1},
}
"""What stands in for a faulty cell while the others are checked; nobody ever sees it."""


def row_input(kind: str, texts: Mapping[str, str], known: cells.Known, *, number: int = 0) -> tuple[Any, list[Fault]]:
    """What one row says and what is wrong with it by itself; names are those that ``known`` has.

    Of a faulty row a column that is at fault says nothing (None), so that what the others refer to can be looked up in the
    same breath. A code at fault is one that nothing else has: rows without a code are not about the same thing.
    """
    values, faults = cells.values_of(kind, texts, known)
    model, told = _INPUTS[kind], {fault.field for fault in faults}
    row, more = _checked(model, _mended(kind, values, told))
    faults += [fault for fault in more if fault.field not in told]
    if not faults:
        return row, faults
    told |= {fault.field for fault in faults}
    if row is None:
        row, more = _checked(model, _mended(kind, values, told))
        faults += [fault for fault in more if fault.field not in told]
        row = row or model.model_construct(**_mended(kind, values, told))
    gone: dict[str, Any] = {name: None for name in told if name in model.model_fields}
    return row.model_copy(update=gone | ({"code": f"\0{number}"} if "code" in gone else {})), faults


def _mended(kind: str, values: Mapping[str, Any], told: set[str]) -> dict[str, Any]:
    sound = {name: value for name, value in _SOUND[kind].items() if name in told}
    return {name: value for name, value in values.items() if name not in told} | sound


def _checked(model: type[Input], values: Mapping[str, Any]) -> tuple[Any, list[Fault]]:
    try:
        return read(model, values), []
    except Invalid as error:
        return None, [_top(fault) for fault in error.faults]


def _top(fault: Fault) -> Fault:
    return Fault(fault.field.split(".")[0], "cell_empty" if fault.code == "missing" else fault.code, fault.facts)
