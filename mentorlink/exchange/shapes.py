"""Tables as files: CSV in pieces, XLSX in constant memory, every cell inert and every long number whole."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from mentorlink.exchange.models import ImportFile
from mentorlink.exchange.queries.paired import PairLine
from mentorlink.exchange.queries.preview import Preview
from mentorlink.exchange.rules.cells import guarded
from mentorlink.exchange.rules.columns import COLUMNS, PLACE, VERDICT, VERDICTS, folded
from mentorlink.exchange.rules.files import BROKEN, ROUNDED
from mentorlink.kernel.cells import inert

FORMATS = ("csv", "xlsx")
_LONG_NUMBER = re.compile(r"[0-9]{16,}")
_PIECE = 2**16
_WHOLE = 10**15
"""Below this a spreadsheet keeps every digit of a number."""
MOST_ROWS, MOST_GROUPS = 100, 60
"""So many numbers of rows are named for one fault, and so many faults of a file, where a program looks at it."""


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
    """An XLSX file, written in constant memory, open at its start. ``notes`` make a second sheet.

    Numbers and days are cells that a spreadsheet adds up and sorts; everything else is text.
    """
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
    number_form, day = book.add_format({"num_format": "General"}), book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    page.set_column(0, max(0, len(head) - 1), 22, text)
    for place, cell in enumerate(head):
        page.write_string(0, place, str(outgoing(cell)), bold)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and abs(cell) < _WHOLE:
                page.write_number(number, place, cell, number_form)
            elif isinstance(cell, date) and not isinstance(cell, datetime):
                page.write_datetime(number, place, cell, day)
            else:
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


def import_shape(row: ImportFile) -> dict[str, Any]:
    """A file that was brought, without what stands in it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "size": row.size,
        "state": row.state,
        "mapping": row.mapping_name,
        "counts": row.counts or None,
        "brought_at": row.uploaded_at.isoformat(),
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
    }


def preview_shape(preview: Preview) -> dict[str, Any]:
    """What applying would do now; ``digest`` names just this, and faults of more rows than shown stand in their numbers."""
    return {
        "digest": preview.digest,
        "rows": preview.total,
        "counts": preview.counts,
        "does_something": preview.does_something,
        "changes": [
            {"row": sample.row, "what": sample.label, "fate": fate,
             "changes": [{"column": change.column, "before": change.before, "after": change.after} for change in sample.changes]}
            for fate in ("add", "change")
            for sample in preview.samples(fate)
        ],
        "faults": [
            {"column": group.column, "heading": group.heading, "code": group.fault.code, "facts": group.fault.facts,
             "rows": group.rows[:MOST_ROWS], "in_rows": len(group.rows), "values": group.values}
            for group in preview.groups[:MOST_GROUPS]
        ],
    }  # fmt: skip


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
    """Head and rows of the file of faulty rows: their numbers, the same columns, and a last one that says what to correct."""
    kept = [place for place, heading in enumerate(leftover["head"]) if folded(heading) not in VERDICTS]
    head = [PLACE[language], *(leftover["head"][place] for place in kept), VERDICT[language]]

    def rows() -> Iterator[list[str]]:
        for number, cells, faults in leftover["rows"]:
            told = list(dict.fromkeys(say(fault) for fault in faults))
            yield [str(number), *(_visible(cells[place]) for place in kept), " ".join(told)]

    return head, rows()


def _visible(cell: str) -> str:
    """A cell of a file that was brought: without our marks and without the apostrophe that it is given again."""
    cell = cell.replace(ROUNDED, "").replace(BROKEN, "#N/A")
    return cell[1:] if guarded(cell) and cell[1:2] else cell


def pair_head() -> list[str]:
    """The headings of a file of pairs."""
    return [
        _("Round"), _("Mentee"), _("Mentee's e-mail"), _("Mentor"), _("Mentor's e-mail"), _("Unit"), _("Job"),
        _("Points"), _("Reasons"),
    ]  # fmt: skip


def pair_row(line: PairLine) -> list[Any]:
    """One pair of a round, or whom it leaves without and why."""
    mentee = [str(line.round), line.mentee.name, shown_address(line.mentee.email)]
    if line.mentor is None:
        why = _("the rules leave nobody") if line.nobody_allowed else _("everybody who may is taken")
        return [*mentee, "", "", "", "", "", why]
    unit, job = line.mentor.unit, line.mentor.job
    return [
        *mentee, line.mentor.name, shown_address(line.mentor.email), in_words(unit.name) if unit else "",
        in_words(job.name) if job else "", f"{line.points:.1f}".removesuffix(".0"), "; ".join(_pair_reasons(line)),
    ]  # fmt: skip


def _pair_reasons(line: PairLine) -> Iterator[str]:
    mentor = line.mentor
    if line.parts.get("grade") and mentor and mentor.job and line.mentee.job:
        steps = mentor.job.tier.grade - line.mentee.job.tier.grade
        yield ngettext("%(num)s grade above", "%(num)s grades above", steps)
    if line.parts.get("field") and mentor and mentor.field:
        yield _("same field: %(field)s", field=in_words(mentor.field.name))
    yield _("nobody would fit better") if line.first_choice else _("who would fit better is taken")


def shown_address(email: str) -> str:
    """An address, or nothing where it only stood in for one."""
    return "" if email.endswith("@no-address.invalid") else email


def in_words(words: Mapping[str, str]) -> str:
    """What a thing is called in the reader's language."""
    return words.get(str(get_locale())) or words.get("id") or next(iter(words.values()), "")
