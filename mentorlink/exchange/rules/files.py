"""A file's bytes as one table of texts: CSV in whatever encoding and delimiter, or XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from mentorlink.exchange.rules import limits
from mentorlink.exchange.rules.columns import folded
from mentorlink.exchange.rules.limits import column_letters
from mentorlink.kernel.errors import Fault, Invalid

ROUNDED = "\ue000"
"""Before a number that a spreadsheet has rounded: its last digits are lost."""

BROKEN = "\ue001"
"""A cell that holds an error such as #N/A."""

DELIMITERS = (",", ";", "\t", "|")
HEAD_WITHIN = 15
EXACT = 10**15
"""From here on a spreadsheet keeps only the first fifteen digits of a number."""


@dataclass(frozen=True)
class Notice:
    """Something about the whole file that the reader should know; it is taken in all the same."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table of texts. ``rows``: number of the row in the file (from 1, as a spreadsheet counts) and its cells."""

    head: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    notices: tuple[Notice, ...] = ()
    kind: str = "csv"


Recognise = Callable[[Sequence[str]], int]


def read_table(data: bytes, *, recognise: Recognise | None = None) -> Table:
    """The table in ``data``; raises Invalid with one clear fault where there is none.

    ``recognise`` says how many of a row's cells are known headings: so a title above the head is passed over.
    """
    limits.refuse_other_kinds(data)
    if data.startswith(b"PK\x03\x04"):
        rows, notices = _read_xlsx(data)
        return _headed(rows, notices, recognise, "xlsx")
    rows, notices = _read_csv(data)
    return _headed(rows, notices, recognise, "csv")


Rows = list[list[str]]


def _headed(rows: Rows, notices: list[Notice], recognise: Recognise | None, kind: str) -> Table:
    at = _head_position(rows, recognise)
    if at is None:
        raise Invalid(Fault("file", "file_empty"))
    width = max(len(row) for row in rows[at:])
    limits.check_size(len(rows) - at, width)
    head = [cell.strip() for cell in rows[at]] + [""] * (width - len(rows[at]))
    body = [
        (number, row + [""] * (width - len(row))) for number, row in enumerate(rows[at + 1 :], at + 2) if "".join(row).strip()
    ]
    if not body:
        raise Invalid(Fault("file", "no_rows"))
    used = [place for place in range(width) if head[place] or any(row[place].strip() for _, row in body)]
    head, twice = _distinct(head, used)
    if twice:
        notices = [
            *notices,
            *(Notice("heading_twice", {"heading": name, "columns": ", ".join(places)}) for name, places in twice),
        ]
    return Table(
        tuple(head[place] for place in used),
        [(number, [row[place] for place in used]) for number, row in body],
        tuple(notices),
        kind,
    )


def _head_position(rows: Rows, recognise: Recognise | None) -> int | None:
    filled = [place for place, row in enumerate(rows[:200]) if any(map(str.strip, row))]
    if recognise is not None and filled:
        best = max(filled[:HEAD_WITHIN], key=lambda place: (recognise(rows[place]), -place))
        if recognise(rows[best]) >= 2:
            return best
    return filled[0] if filled else None


def _distinct(head: list[str], used: list[int]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Headings that tell columns apart: one that stands twice or is empty carries its column's letter."""
    count = Counter(folded(head[place]) for place in used)
    named = list(head)
    twice: dict[str, tuple[str, list[str]]] = {}
    for place in used:
        word = folded(head[place])
        if not word or count[word] > 1:
            letters = column_letters(place + 1)
            named[place] = f"{head[place]} [{letters}]".strip()
            if word:
                twice.setdefault(word, (head[place], []))[1].append(letters)
    return named, list(twice.values())


# CSV


def _read_csv(data: bytes) -> tuple[Rows, list[Notice]]:
    text, notices = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = _delimiter(text)
    if text.lower().startswith("sep="):
        text = "\n" + text.split("\n", 1)[-1]
    return _parse(text, delimiter), notices


def _decode(data: bytes) -> tuple[str, list[Notice]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16"), []
    guess = _utf16_without_mark(data)
    if guess:
        return _strictly(data, guess), []
    if b"\x00" in data:
        raise Invalid(Fault("file", "file_other_kind", {"what": "program"}))
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = _strictly(data, "cp1252")
        sample = next((word for word in re.findall(r"\S*[^\x00-\x7f]\S*", text)), "")
        return text, [Notice("read_as_cp1252", {"sample": sample[:60]})]


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(Fault("file", "encoding_unknown")) from None


def _utf16_without_mark(data: bytes) -> str | None:
    start = data[:2000]
    if len(start) >= 4 and start[1::2].count(0) > 0.6 * len(start[1::2]) and not start[::2].count(0):
        return "utf-16-le"
    if len(start) >= 4 and start[::2].count(0) > 0.6 * len(start[::2]) and not start[1::2].count(0):
        return "utf-16-be"
    return None


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into most columns, alike in every line."""
    named = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    if named:
        return named[1]
    start = text.lstrip("\n")[:65536]
    return max(DELIMITERS, key=lambda delimiter: (_evenness(start, delimiter), -DELIMITERS.index(delimiter)))


def _evenness(start: str, delimiter: str) -> float:
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(start), delimiter=delimiter):
            if row and any(map(str.strip, row)):
                widths.append(len(row))
            if len(widths) >= 30:
                break
    except csv.Error:
        pass
    if not widths:
        return 0.0
    usual, times = Counter(widths).most_common(1)[0]
    return 0.0 if usual < 2 else usual * times / len(widths)


def _parse(text: str, delimiter: str) -> Rows:
    csv.field_size_limit(limits.CELL_CHARACTERS * 4)
    try:
        return _rows(text, delimiter, strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error) or "field larger" in str(error):
            raise Invalid(Fault("file", "quote_open", {"row": _last_row(text, delimiter)})) from None
    try:
        return _rows(text, delimiter, strict=False)
    except csv.Error:
        raise Invalid(Fault("file", "quote_open", {"row": _last_row(text, delimiter)})) from None


def _rows(text: str, delimiter: str, *, strict: bool) -> Rows:
    rows: Rows = []
    cells = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict):
        rows.append([_plain(cell) for cell in row])
        cells += len(row)
        if len(rows) > limits.ROWS + 200 or cells > limits.CELLS or len(row) > limits.COLUMNS * 5:
            raise Invalid(
                Fault("file", "table_too_large",
                      {"rows": len(rows), "columns": len(row), "row_limit": limits.ROWS, "column_limit": limits.COLUMNS})
            )  # fmt: skip
    return rows


def _last_row(text: str, delimiter: str) -> int:
    number = 0
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
    except csv.Error:
        pass
    return number + 1


_ROUNDED_TEXT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?(\d{1,3})")


def _plain(cell: str) -> str:
    """The cell as it was meant; a number in powers of ten is marked, its digits are gone."""
    if "E" in cell or "e" in cell:
        matched = _ROUNDED_TEXT.fullmatch(cell.strip())
        if matched and int(matched[1]) >= 10:
            return ROUNDED + cell.strip()
    return cell


# XLSX


def _read_xlsx(data: bytes) -> tuple[Rows, list[Notice]]:
    inspection = limits.inspect_xlsx(data)
    sheets = _sheets(data)
    filled = [(name, rows) for name, rows in sheets if any(cell not in ("", None) for row in rows for cell in row)]
    if not filled:
        raise Invalid(Fault("file", "file_empty"))
    notices = []
    name, rows = filled[0]
    if len(filled) > 1:
        notices.append(Notice("first_sheet_read", {"sheet": name, "others": ", ".join(other for other, _ in filled[1:4])}))
    if inspection.formulas:
        notices.append(Notice("holds_formulas", {"num": len(inspection.formulas), "cells": ", ".join(inspection.formulas[:3])}))
    texts = [[_text(cell) for cell in row] for row in rows]
    if len(sheets) == 1:
        _mark_errors(texts, inspection.errors)
    return texts, notices


def _sheets(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        found = []
        for sheet in book.sheets_metadata:
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet and sheet.visible == python_calamine.SheetVisibleEnum.Visible:
                found.append((sheet.name, book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)))
        return found
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # the reader's own panics are no Exception
        raise Invalid(Fault("file", "file_damaged")) from error


def _mark_errors(rows: Rows, errors: set[tuple[int, int]]) -> None:
    for row, column in errors:
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = BROKEN


def _text(cell: Any) -> str:
    """A cell of a spreadsheet as text: whole numbers without a point, days as 2026-11-21."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _plain(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= EXACT:
        return f"{ROUNDED}{cell:.0f}"
    return str(int(cell)) if cell == int(cell) else repr(cell)
