"""A file's bytes become a table of texts, or one clear fault."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorlink.exchange.queries.preview import disagreements, veil
from mentorlink.exchange.rules import limits
from mentorlink.exchange.rules.files import BROKEN, ROUNDED, read_table
from mentorlink.kernel.errors import Invalid
from tests.exchange.files import csv_bytes, xlsx_bytes, zip_bytes

pytestmark = pytest.mark.one_database
NIP = "198503152010121001"
BOMB = 16 * 2**20


def fault_of(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(Invalid) as refused:
        read_table(data)
    (fault,) = refused.value.faults
    return fault.code, fault.facts


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_delimiter_and_encoding_is_read_alike(delimiter: str, encoding: str) -> None:
    table = read_table(
        csv_bytes(["NIP", "Nama"], [NIP, "Ni Wayan Suartini, S.E."], ["", "Zoë; Ahmad"], delimiter=delimiter, encoding=encoding)
    )
    assert table.head == ("NIP", "Nama")
    assert table.rows == [(2, [NIP, "Ni Wayan Suartini, S.E."]), (3, ["", "Zoë; Ahmad"])]
    assert table.notices == ()


def test_windows_text_is_read_and_said_to_be_so() -> None:
    table = read_table(csv_bytes(["Nama"], ["José Ramírez"], encoding="cp1252"))
    assert table.rows[0][1] == ["José Ramírez"]
    assert [(notice.code, notice.facts["sample"]) for notice in table.notices] == [("read_as_cp1252", "José")]


def test_bytes_that_no_encoding_explains_are_refused() -> None:
    assert fault_of(b"Nama\n\x81\x8d\x8f\n")[0] == "encoding_unknown"


def test_rows_are_numbered_as_in_the_file_over_empty_and_broken_lines() -> None:
    table = read_table(b'\r\n\r\nKode,Nama\r\nA,"satu\r\ndua"\r\n,\r\n\r\nB,tiga\r\n')
    assert table.rows == [(4, ["A", "satu\ndua"]), (7, ["B", "tiga"])]


def test_a_separator_line_of_excel_is_obeyed_and_counted_as_a_row() -> None:
    assert read_table(b"sep=;\nKode;Nama\nA;x,y,z\n").rows == [(3, ["A", "x,y,z"])]


def test_an_open_quotation_mark_is_told_with_its_row() -> None:
    assert fault_of(b'Kode,Nama\nA,satu\nB,"dua\nC,tiga\n') == ("quote_open", {"row": 3})


def test_a_stray_quotation_mark_inside_a_cell_is_no_fault() -> None:
    assert read_table(b'Kode,Nama\nA,Bidang "Pajak" Daerah\n').rows[0][1] == ["A", 'Bidang "Pajak" Daerah']
    assert read_table(b'Kode,Nama\nA,"Bidang" Pajak\n').rows[0][1] == ["A", "Bidang Pajak"]


def test_headings_that_stand_twice_are_told_apart_by_their_column() -> None:
    table = read_table(csv_bytes(["Nama", "NIP", "nama "], ["a", "1", "b"]))
    assert table.head == ("Nama [A]", "NIP", "nama [C]")
    assert table.notices[0].facts == {"heading": "Nama", "columns": "A, C"}


def test_a_title_above_the_headings_is_passed_over() -> None:
    known = {"nip", "nama"}
    table = read_table(
        csv_bytes(["DATA PEGAWAI 2026", ""], ["", ""], ["NIP", "Nama"], [NIP, "Budi"]),
        recognise=lambda cells: sum(cell.casefold() in known for cell in cells),
    )
    assert table.head == ("NIP", "Nama")
    assert table.rows == [(4, [NIP, "Budi"])]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n0000", "image"),
        (b"\xff\xd8\xff\xe0JFIF", "image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
        (b"<html><table><tr><td>NIP</td></tr></table></html>", "web_page"),
        (zip_bytes(word__document_dot_xml=b"<w/>"), "document"),
        (zip_bytes(ppt__presentation_dot_xml=b"<p/>"), "slides"),
        (zip_bytes(foto_dot_jpg=b"x"), "archive"),
        (b"a\x00\x01\x02\x03\xff\xfe" * 50, "program"),
    ],
)
def test_a_file_of_another_kind_is_named(data: bytes, what: str) -> None:
    assert fault_of(data) == ("file_other_kind", {"what": what})


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_told(data: bytes) -> None:
    assert fault_of(data)[0] == "file_empty"


def test_headings_alone_are_told() -> None:
    assert fault_of(b"NIP,Nama\n")[0] == "no_rows"


# XLSX


def test_a_sheet_keeps_its_leading_empty_rows_and_columns() -> None:
    table = read_table(xlsx_bytes([[], ["", "Kode", "Nama"], ["", "A", "satu"]]))
    assert table.head == ("Kode", "Nama")
    assert table.rows == [(3, ["A", "satu"])]


def test_cells_of_a_sheet_become_the_texts_one_sees() -> None:
    table = read_table(xlsx_bytes([["teks", "tahun", "level", "hari", "ya"], ["'0012", 2015, 2.5, date(2026, 3, 31), True]]))
    assert table.rows[0][1][:3] == ["'0012", "2015", "2.5"]
    assert table.rows[0][1][4] == "true"


def test_eighteen_digits_survive_as_text_and_are_marked_when_a_spreadsheet_rounded_them() -> None:
    table = read_table(xlsx_bytes([["NIP", "Nama"], [NIP, "teks"], [int(NIP), "angka"]]))
    assert table.rows[0][1][0] == NIP
    assert table.rows[1][1][0].startswith(ROUNDED)
    assert read_table(csv_bytes(["NIP", "Nama"], ["1,98503E+17", "x"], delimiter=";")).rows[0][1][0] == f"{ROUNDED}1,98503E+17"


def test_formulas_give_their_last_result_and_are_told() -> None:
    data = xlsx_bytes([["Kode", "Level"], ["A", ""], ["B", 3]], formulas={"B2": ("=1+1", 2)})
    table = read_table(data)
    assert table.rows[0][1] == ["A", "2"]
    assert [(notice.code, notice.facts) for notice in table.notices] == [("holds_formulas", {"num": 1, "cells": "B2"})]


def test_an_error_in_a_cell_is_marked_and_not_taken_for_empty() -> None:
    data = xlsx_bytes([["Kode", "Level"], ["A", ""]], formulas={"B2": ("=NA()", "#N/A")})
    assert read_table(data).rows[0][1] == ["A", BROKEN]


def test_only_the_first_sheet_with_content_is_read_and_that_is_told() -> None:
    table = read_table(xlsx_bytes([], [["Kode"], ["A"]], [["lain"], ["x"]]))
    assert table.head == ("Kode",)
    assert table.notices[0].code == "first_sheet_read"


def broken_xlsx(name: str, change: object) -> bytes:
    """A good workbook with one part changed by ``change(bytes) -> bytes``."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes([["Kode"], ["A"]]))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for entry in good.infolist():
            content = good.read(entry)
            bad.writestr(entry.filename, change(content) if entry.filename == name else content)  # type: ignore[operator]
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    good = read_table(broken_xlsx(SHEET, lambda content: content))
    assert good.rows == [(2, ["A"])]
    bomb = broken_xlsx(SHEET, lambda content: content.replace(b"<sheetData>", b" " * BOMB + b"<sheetData>"))
    assert len(bomb) < 2**20
    assert fault_of(bomb)[0] == "file_bomb"


def test_a_bomb_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", BOMB // 2)
    bomb = bytearray(broken_xlsx(SHEET, lambda content: content + b" " * BOMB))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as archive:
        true = next(entry for entry in archive.infolist() if entry.filename == SHEET).file_size
    assert bytes(bomb).count(true.to_bytes(4, "little")) >= 1
    lying = bytes(bomb).replace(true.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert fault_of(lying)[0] == "file_bomb"


def test_a_cell_at_the_far_end_of_the_sheet_is_refused_before_memory_is_taken() -> None:
    far = broken_xlsx(
        SHEET, lambda content: content.replace(b'r="A2"', b'r="XFD1048576"').replace(b'<row r="2"', b'<row r="1048576"')
    )
    code, facts = fault_of(far)
    assert (code, facts["rows"], facts["columns"]) == ("table_too_large", 1048576, 16384)


def test_one_long_text_named_by_every_cell_is_refused() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(1, 60_001))
    data = broken_xlsx(
        SHEET, lambda content: content.split(b"<sheetData>")[0] + f"<sheetData>{rows}</sheetData></worksheet>".encode()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as some, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in some.infolist():
            content = some.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                letters = "".join(random.Random(1).choices("abcdefghij", k=32_000))
                content = content.replace(b"<t>Kode</t>", f"<t>{letters}</t>".encode())
            bad.writestr(entry.filename, content)
    assert fault_of(out.getvalue())[0] == "file_bomb"


def test_a_workbook_cut_short_is_told_to_be_damaged() -> None:
    whole = xlsx_bytes([["Kode"], ["A"]])
    assert fault_of(whole[: len(whole) // 2])[0] == "file_damaged"


def test_too_many_rows_are_told_with_the_limit() -> None:
    assert fault_of(b"Kode\n" + b"A\n" * 100_500)[0] == "table_too_large"


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_the_answer_is_a_table_or_one_fault(data: bytes) -> None:
    found = rows_or_faults(data)
    assert found


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_a_workbook_with_a_broken_part_is_a_table_or_one_fault(noise: bytes) -> None:
    found = rows_or_faults(
        broken_xlsx(SHEET, lambda content: content[: len(content) // 2] + noise + content[len(content) // 2 :])
    )
    assert found


def rows_or_faults(data: bytes) -> int:
    """How many rows; or that there was exactly one fault."""
    try:
        return len(read_table(data).rows)
    except Invalid as error:
        return int(len(error.faults) == 1)


@given(st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True), max_size=6))
def test_rows_disagree_with_all_that_stand_in_one_of_their_groups(groups: list[list[int]]) -> None:
    rows = [(at + 2, None) for at in range(31)]
    told = {number: fault.facts for number, fault in disagreements(rows, [groups[:3], groups[3:]], "nip")}
    for number in range(2, 33):
        others = sorted({at + 2 for group in groups if number - 2 in group for at in group} - {number})
        expected = (
            {"rows": ", ".join(map(str, others[:5])), "num": len(others), "first": min(number, *others)} if others else None
        )
        assert told.get(number) == expected


@pytest.mark.parametrize("between", ["", " ", ".", "-", "\u00a0", "  ", "/", "_", " - "])
def test_of_a_number_that_is_somebodys_no_more_than_the_end_is_read(between: str) -> None:
    assert veil(f"NIP {between.join(('19850315', '201012', '1', '003'))} salah") == "NIP …003 salah"
