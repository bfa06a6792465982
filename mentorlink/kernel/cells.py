"""Cells of files that people open in a spreadsheet: inert whatever somebody wrote into them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def inert(value: Any) -> Any:
    """``value`` as a cell that no spreadsheet takes for a formula; numbers and dates stay what they are."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.lstrip(" ").startswith(_DANGEROUS):
        return "'" + value
    return value


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV file as text, UTF-8 with a byte order mark so that spreadsheets read it, every cell inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
    return "\ufeff" + out.getvalue()
