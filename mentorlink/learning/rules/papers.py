"""What a certificate says, from the line of the recap it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol


class Row(Protocol):
    """What is needed of a line of the recap."""

    nip: Any
    starts_on: Any
    ends_on: Any
    counted: Any
    jp: Any
    path: Any
    facts: Any


def facts_of_row(row: Row, signed: Mapping[str, Any], issued_on: date) -> dict[str, Any]:
    """The facts of a certificate, as they stay from this day on."""
    facts = row.facts
    return {
        "name": facts["name"],
        "nip": row.nip,
        "job": facts["job"],
        "unit": facts["unit"],
        "path": row.path,
        "path_name": facts["path"],
        "theme": facts["goal"],
        "helper": facts["helper"],
        "competencies": facts["competencies"],
        "began_on": row.starts_on.isoformat(),
        "ended_on": row.ends_on.isoformat(),
        "sessions": row.counted if facts["helper"] else None,
        "jp": row.jp,
        "rules": facts["rules"],
        "issued_on": issued_on.isoformat(),
        **signed,
    }
