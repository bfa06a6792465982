"""A workbook that is sent while it is written."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
import python_calamine

from mentorlink.exchange.rules.streaming import workbook_pieces

pytestmark = pytest.mark.one_database


def read(pieces: list[bytes]) -> list[list[str]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(b"".join(pieces)))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


def test_cells_come_back_as_they_were_written_and_none_is_a_formula() -> None:
    rows = [["=SUM(A1:A9)", "x & <b>y</b>", "Ṣàáb 😀"], ["", None, 3.5], ["bell\x07rings", "a\nb", "  kept  "], *[["wide"] * 30]]
    pieces = list(workbook_pieces(["Nama", "Unit", "Nilai"], rows, sheet="Pasangan: 1/2"))
    width = [""] * 27
    assert read(pieces) == [
        ["Nama", "Unit", "Nilai", *width], ["=SUM(A1:A9)", "x & <b>y</b>", "Ṣàáb 😀", *width], ["", "", "3.5", *width],
        ["bellrings", "a\nb", "  kept  ", *width], ["wide"] * 30,
    ]  # fmt: skip
    page = zipfile.ZipFile(io.BytesIO(b"".join(pieces))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert 'r="AD5"' in page


def test_the_first_piece_is_out_before_the_last_row_is_read() -> None:
    dice, read_so_far = random.Random(1), []

    def rows() -> object:
        for number in range(4000):
            read_so_far.append(number)
            yield [f"{dice.getrandbits(256):x}"]

    pieces = workbook_pieces(["code"], rows(), sheet="S")  # type: ignore[arg-type]
    first = next(pieces)
    assert 0 < len(read_so_far) < 4000
    assert len(read([first, *pieces])) == 4001
