"""Tables as files: CSV in pieces, XLSX in constant memory, every cell inert and every long number whole."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter

from mentorlink.exchange.queries.preview import Preview
from mentorlink.exchange.rules.cells import guarded
from mentorlink.exchange.rules.columns import COLUMNS, VERDICT, VERDICTS, folded
from mentorlink.exchange.rules.files import BROKEN, ROUNDED
from mentorlink.kernel.cells import inert

FORMATS = ("csv", "xlsx")
_LONG_NUMBER = re.compile(r"[0-9]{16,}")
_PIECE = 2**16
_MOST_FAULTS = 3


def outgoing(text: Any) -> Any:
    """A text as a cell that is no formula; bringing the file back takes the same apostrophe off again."""
    if isinstance(text, str):
        return f"'{text}" if guarded(text) else inert(text)
    return inert(text)


def csv_pieces(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file piece by piece: UTF-8 with a mark, so that spreadsheets read it; long numbers behind an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow([outgoing(cell) for cell in head])
    for row in rows:
        writer.writerow([_as_text(outgoing(cell)) for cell in row])
        if out.tell() > _PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _as_text(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and _LONG_NUMBER.fullmatch(cell) else cell


def xlsx_file(
    head: Sequence[str], rows: Iterable[Sequence[Any]], *, notes: Sequence[Sequence[str]] = (), sheet: str = "Data"
) -> IO[bytes]:
    """An XLSX file, written in constant memory, open at its start. ``notes`` make a second sheet."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes what it sends
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": False,
    }
    book = xlsxwriter.Workbook(file, options)
    bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    page.set_column(0, max(0, len(head) - 1), 22, text)
    for place, cell in enumerate(head):
        page.write_string(0, place, str(outgoing(cell)), bold)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if cell not in ("", None):
                page.write_string(number, place, str(outgoing(cell)), text)
    if notes:
        _write_notes(book, notes, bold)
    book.close()
    file.seek(0)
    return file


def _write_notes(book: Any, notes: Sequence[Sequence[str]], bold: Any) -> None:
    page = book.add_worksheet("Info")
    page.set_column(0, 0, 30)
    page.set_column(1, 2, 60)
    for number, row in enumerate(notes):
        for place, cell in enumerate(row):
            page.write_string(number, place, str(outgoing(cell)), *([bold] if number == 0 else []))


def example(kind: str, language: str) -> tuple[list[str], list[list[str]]]:
    """Head and one example row of a file of ``kind``."""
    return [column.name[language] for column in COLUMNS[kind]], [[column.example for column in COLUMNS[kind]]]


def leftover_rows(preview: Preview) -> dict[str, Any]:
    """The faulty rows of a preview as they stood, to be kept: head, and per row its number, cells and faults."""
    faults: dict[int, list[dict[str, Any]]] = {}
    for fault in preview.faults:
        faults.setdefault(fault.row, []).append(
            {"column": fault.column, "heading": fault.heading, "code": fault.fault.code, "facts": fault.fault.facts}
        )
    return {"head": list(preview.head), "rows": [[number, list(cells), faults[number]] for number, cells in preview.bad_rows]}


def faults_table(
    leftover: dict[str, Any], language: str, say: Callable[[dict[str, Any]], str]
) -> tuple[list[str], Iterator[list[str]]]:
    """Head and rows of the file of faulty rows: the same columns, and a last one that says what to correct."""
    kept = [place for place, heading in enumerate(leftover["head"]) if folded(heading) not in VERDICTS]
    head = [leftover["head"][place] for place in kept] + [VERDICT[language]]

    def rows() -> Iterator[list[str]]:
        for _number, cells, faults in leftover["rows"]:
            told = list(dict.fromkeys(say(fault) for fault in faults))
            more = f" (+{len(told) - _MOST_FAULTS})" if len(told) > _MOST_FAULTS else ""
            yield [_visible(cells[place]) for place in kept] + [" ".join(told[:_MOST_FAULTS]) + more]

    return head, rows()


def _visible(cell: str) -> str:
    """A cell of a file that was brought: without our marks and without the apostrophe that it is given again."""
    cell = cell.replace(ROUNDED, "").replace(BROKEN, "#N/A")
    return cell[1:] if guarded(cell) and cell[1:2] else cell
