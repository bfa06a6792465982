"""An XLSX file of one sheet as it is written, piece by piece: nothing of it is held, and the first piece is out at once.

A workbook is a ZIP of a few XML parts (ECMA-376, parts 1 and 2). Texts stand in their cells (``inlineStr``) instead of in a table
that could only be written once all of them are known; sizes stand behind the parts, since what is sent cannot be gone back to.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from mentorlink.kernel.outlet import Outlet

_PIECE = 1 << 16
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Letters that XML has no place for."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">'
        '<alignment wrapText="1"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_TEXT, _HEAD = 1, 2
"""Places of the formats of a cell in ``cellXfs``: text as it stands, and bold."""
_LONGEST = 32_767
"""Letters of a cell."""


def workbook_pieces(head: Sequence[Any], rows: Iterable[Sequence[Any]], *, sheet: str) -> Iterator[bytes]:
    """The file, bytes after bytes. Every cell is a text; empty ones are left out; the head stays in sight."""
    out = Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as book:
        for name, part in (*_PARTS.items(), ("xl/workbook.xml", _workbook(sheet))):
            book.writestr(name, _XML + part)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as page:
            page.write(_opening(len(head)).encode())
            held: list[str] = [_row(1, head, _HEAD)]
            for number, row in enumerate(rows, 2):
                held.append(_row(number, row, _TEXT))
                if len(held) > 200:
                    page.write("".join(held).encode())
                    held.clear()
                    if out.held >= _PIECE:
                        yield out.taken()
            page.write(("".join(held) + "</sheetData></worksheet>").encode())
    yield out.taken()


def _workbook(sheet: str) -> str:
    name = escape(_NEVER.sub("", re.sub(r"[\[\]:*?/\\]", " ", sheet))[:31] or "1", {'"': "&quot;"})
    listed = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{listed}</workbook>'


def _opening(columns: int) -> str:
    wide = f'<cols><col min="1" max="{columns}" width="22" style="{_TEXT}" customWidth="1"/></cols>' if columns else ""
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return f'{_XML}<worksheet xmlns="{_MAIN}">{views}{wide}<sheetData>'


def _row(number: int, cells: Sequence[Any], form: int) -> str:
    written = [
        f'<c r="{_letters(place)}{number}" s="{form}" t="inlineStr"><is><t xml:space="preserve">{_said(cell)}</t></is></c>'
        for place, cell in enumerate(cells)
        if cell not in ("", None)
    ]
    return f'<row r="{number}">{"".join(written)}</row>'


def _said(cell: Any) -> str:
    return escape(_NEVER.sub("", str(cell))[:_LONGEST])


def _letters(place: int) -> str:
    """Name of a column, counted from 0."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
