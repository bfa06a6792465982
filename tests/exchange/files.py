"""Makes the files that the tests bring."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter


def csv_bytes(head: Sequence[str], *rows: Sequence[Any], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(*sheets: Sequence[Sequence[Any]], formulas: dict[str, Any] | None = None) -> bytes:
    """An XLSX file of these sheets; a str starting with ``=`` is a formula only through ``formulas`` (cell → (text, value))."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_numbers": False})
    for rows in sheets:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(number, place, cell)
                elif cell not in ("", None):
                    sheet.write(number, place, cell)
        for reference, (text, value) in (formulas or {}).items():
            sheet.write_formula(reference, text, None, value)
    book.close()
    return out.getvalue()


def zip_bytes(**members: bytes) -> bytes:
    """A zip archive; ``__`` in a name stands for ``/``, ``_dot_`` for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def written(cell: Any) -> str:
    """A cell of a spreadsheet as a file of text has it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
