"""How large a file may be, and what is checked before anything of it is opened."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from mentorlink.kernel.errors import Fault, Invalid

ROWS = 100_000
COLUMNS = 200
CELLS = 4_000_000
CELL_CHARACTERS = 32_767
UNPACKED = 256 * 2**20
RATIO = 400
ENTRIES = 2_000
TEXT = 512 * 2**20
"""Characters that all cells of a sheet may hold together: one long text may be named by every cell."""

_KINDS = (
    (b"%PDF", "pdf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"BM6", "image"),
    (b"RIFF", "image"),
    (b"\xd0\xcf\x11\xe0", "old_office"), (b"\x1f\x8b", "archive"), (b"7z\xbc\xaf", "archive"), (b"Rar!", "archive"),
    (b"{\\rtf", "document"), (b"SQLite format 3", "database"), (b"\x7fELF", "program"), (b"MZ", "program"),
)  # fmt: skip
_SHARED = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\st=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]{1,3}[0-9]{1,7})["'][^>]*>\s*<(?:\w+:)?f\b""")
_MAY_CALCULATE = re.compile(rb"<(?:\w+:)?f\b")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\st=["']e["'][^>]*>""")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


@dataclass
class Inspection:
    """What a look at an XLSX without opening it has found, over all sheets."""

    formulas: list[str] = field(default_factory=list)
    errors: set[tuple[int, int]] = field(default_factory=set)
    """(row, column) from 1 of cells that hold an error such as #N/A; only where there is a single sheet with any."""


def refuse_other_kinds(data: bytes) -> None:
    """Raise Invalid for anything that its first bytes tell to be no table."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Invalid(Fault("file", "file_empty"))
    for magic, what in _KINDS:
        if data.startswith(magic) and not _is_text(data, magic):
            raise Invalid(Fault("file", "file_other_kind", {"what": what}))
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise Invalid(Fault("file", "file_other_kind", {"what": "web_page"}))


def _is_text(data: bytes, magic: bytes) -> bool:
    """Short magics of letters may begin a table too, such as a column called MZ."""
    return len(magic) <= 3 and magic.isalnum() and b"\x00" not in data[:4096]


def inspect_xlsx(data: bytes) -> Inspection:
    """Unpack every part within bounds and look at references, before a reader allocates what they claim."""
    try:
        return _inspect(data)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, OSError) as error:
        raise Invalid(Fault("file", "file_damaged")) from error


def _inspect(data: bytes) -> Inspection:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise Invalid(Fault("file", "file_other_kind", {"what": _office_kind(names)}))
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
            raise Invalid(Fault("file", "file_bomb"))
        if any(entry.flag_bits & 1 for entry in entries):
            raise Invalid(Fault("file", "file_other_kind", {"what": "old_office"}))
        if any(entry.file_size > 2**20 and entry.file_size > RATIO * max(1, entry.compress_size) for entry in entries):
            raise Invalid(Fault("file", "file_bomb"))
        left, strings, sheets = UNPACKED, b"", []
        for entry in entries:
            content = _unpack(data, entry, left)
            left -= len(content)
            if entry.filename == "xl/sharedStrings.xml":
                strings = content
            elif _SHEET.fullmatch(entry.filename):
                sheets.append(content)
    return _look_into(sheets, strings)


def _office_kind(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "document"
    if any(name.startswith("ppt/") for name in names):
        return "slides"
    if "xl/workbook.bin" in names or "content.xml" in names:
        return "other_sheet"
    return "archive"


def _unpack(data: bytes, entry: zipfile.ZipInfo, left: int) -> bytes:
    """One part, by what its bytes really unpack to and not by the size that the directory claims."""
    head = data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        content = zlib.decompressobj(-15).decompress(packed, left + 1)
    else:
        raise NotImplementedError
    if len(content) > left:
        raise Invalid(Fault("file", "file_bomb"))
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile
    return content


def _look_into(sheets: list[bytes], strings: bytes) -> Inspection:
    found = Inspection()
    with_errors = 0
    for sheet in sheets:
        if sheet[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise zipfile.BadZipFile
        _refuse_far_cells(sheet)
        _refuse_repeated_text(sheet, strings)
        if _MAY_CALCULATE.search(sheet):
            found.formulas += [reference.decode() for reference in _FORMULA.findall(sheet)]
        if b't="e"' not in sheet and b"t='e'" not in sheet:
            continue
        cells = {
            (int(row), column_number(column.decode())) for tag in _ERROR.findall(sheet) for column, row in _REFERENCE.findall(tag)
        }
        with_errors += bool(cells)
        found.errors |= cells
    if with_errors > 1:
        found.errors = set()
    return found


def _refuse_far_cells(sheet: bytes) -> None:
    references = set(_REFERENCE.findall(sheet))
    rows = max((int(row) for row in {row for _, row in references}), default=0)
    columns = max((column_number(column.decode()) for column in {column for column, _ in references}), default=0)
    check_size(rows, columns)


def check_size(rows: int, columns: int) -> None:
    """Raise Invalid when a table of this size is more than is taken in."""
    if rows > ROWS + 20 or columns > COLUMNS or rows * columns > CELLS:
        raise Invalid(
            Fault("file", "table_too_large", {"rows": rows, "columns": columns, "row_limit": ROWS, "column_limit": COLUMNS})
        )


def _refuse_repeated_text(sheet: bytes, strings: bytes) -> None:
    if sheet.count(b"<c") * len(strings) <= TEXT:
        return
    sizes = [len(part) for part in re.split(rb"</(?:\w+:)?si>", strings)]
    if sheet.count(b"<c") * max(sizes) <= TEXT:
        return
    total = sum(sizes[number] for text in _SHARED.findall(sheet) if (number := int(text)) < len(sizes))
    if total > TEXT:
        raise Invalid(Fault("file", "file_bomb"))


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
