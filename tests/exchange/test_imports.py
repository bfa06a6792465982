"""What a file would do, does, and never does."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, Standard
from mentorlink.exchange import actions, queries
from mentorlink.exchange.effects import tidy
from mentorlink.exchange.inputs import Condition, Mapping, MappingName, Source
from mentorlink.exchange.models import ImportFile
from mentorlink.exchange.queries import Preview
from mentorlink.exchange.rules.columns import COLUMNS, KINDS, likelier, recognised, suggestion
from mentorlink.exchange.rules.files import Table, read_table
from mentorlink.exchange.rules.mapping import suggested
from mentorlink.exchange.shapes import csv_pieces, example, faults_table, leftover_rows, xlsx_file
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.jobs import Task
from mentorlink.pairing.models import Offer
from mentorlink.people.models import AuditEntry, Job, Person, Unit
from tests.cast import Cast
from tests.exchange.files import csv_bytes, xlsx_bytes
from tests.queries import count_queries

HOUSE = Actor.system()
NIP = "198503152010121001"
OTHER_NIP = "199001022015031002"
HEAD = ["NIP", "Email", "Nama", "Unit kerja", "Jabatan"]


def people_file(*rows: list[str]) -> bytes:
    return csv_bytes(HEAD, *rows)


def table_of(kind: str, data: bytes) -> Table:
    return read_table(data, recognise=lambda headings: recognised(kind, headings))


def preview(kind: str, data: bytes, mapping: Mapping | None = None) -> Preview:
    table = table_of(kind, data)
    return queries.preview_of(HOUSE, kind, table, mapping or suggested(kind, table.head))


def take(kind: str, data: bytes, mapping: Mapping | None = None) -> Preview:
    table = table_of(kind, data)
    return actions.take_in(HOUSE, kind, table, mapping=mapping or suggested(kind, table.head)).preview


def faults_of(found: Preview) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.fault.code) for fault in found.faults]


def everybody() -> dict[str, tuple[Any, ...]]:
    rows = db.session.execute(
        sa.select(Person.email, Person.nip, Person.name, Unit.code, Job.code)
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(Job, Person.job_id == Job.id)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


# Columns


def test_headings_in_either_language_and_any_order_are_recognised() -> None:
    for kind in KINDS:
        for language in ("id", "en"):
            head = [column.name[language] for column in COLUMNS[kind]]
            random.Random(3).shuffle(head)
            assert suggestion(kind, head) == {column.code: column.name[language] for column in COLUMNS[kind]}


def test_usual_headings_of_personnel_systems_find_their_columns() -> None:
    assert suggestion("people", ["NIP Baru", "NAMA PEGAWAI", "Gol. Ruang", "Unit Kerja", "E-mail Address"]) == {
        "nip": "NIP Baru",
        "name": "NAMA PEGAWAI",
        "rank": "Gol. Ruang",
        "unit": "Unit Kerja",
        "email": "E-mail Address",
    }


def test_the_example_rows_fit_their_own_columns(cast: Cast) -> None:
    for kind in KINDS:
        head, rows = example(kind, "id")
        found = preview(kind, csv_bytes(head, *rows))
        allowed = {
            "unit_unknown",
            "job_unknown",
            "tier_unknown",
            "field_unknown",
            "person_not_here",
            "competency_code_unknown",
        }
        assert {code for _, _, code in faults_of(found)} <= allowed


# People


def test_good_rows_go_in_and_faulty_ones_are_told_all_at_once(cast: Cast) -> None:
    data = people_file(
        [NIP, "Ni.Wayan@nusaraya.example", "Ni Wayan Suartini", "finance", "analis"],
        ["12345", "bukan surel", "", "nowhere", "analis"],
        [OTHER_NIP, "budi@nusaraya.example", "Budi", "Statistics", ""],
    )
    found = take("people", data)
    assert found.counts == {"add": 2, "change": 0, "same": 0, "repeat": 0, "left_out": 0, "faulty": 1}
    assert faults_of(found) == [
        (3, "email", "email_form"), (3, "name", "needed_if_new"), (3, "nip", "nip_digits"), (3, "unit", "unit_unknown"),
    ]  # fmt: skip
    assert everybody()["ni.wayan@nusaraya.example"] == (NIP, "Ni Wayan Suartini", "finance", "analis")
    assert everybody()["budi@nusaraya.example"] == (OTHER_NIP, "Budi", "statistics", None)


@pytest.mark.parametrize(
    ("kind", "head", "row", "told"),
    [
        ("people", HEAD, ["1985", "", "", "U777", "pilot"],
         {"nip": "nip_digits", "email": "needed_if_new", "name": "needed_if_new", "unit": "unit_unknown", "job": "job_unknown"}),
        ("people", HEAD, ["", "x", "", "U888", ""], {"email": "email_form", "name": "needed_if_new", "unit": "unit_unknown"}),
        ("people", [*HEAD, "Status kepegawaian"], [NIP, "a@nusaraya.example", "1", "U888", "analis", "magang"],
         {"contract": "word_unknown", "name": "name_letters", "unit": "unit_unknown"}),
        ("units", ["Kode", "Nama", "Induk", "Kepala", "Zona waktu"], ["", "", "U777", "nobody@nusaraya.example", "GMT"],
         {"code": "cell_empty", "name_id": "cell_empty", "parent": "unit_unknown",
          "timezone": "word_unknown"}),
        ("jobs", ["Kode", "Nama", "Jenjang", "Bidang"], ["", "", "raja", "sihir"],
         {"code": "cell_empty", "name_id": "cell_empty", "tier": "tier_unknown", "field": "field_unknown"}),
        ("standards", ["Jabatan", "Jenjang", "Kompetensi", "Level"], ["pilot", "", "T.99", "9"],
         {"job": "job_unknown", "competency": "competency_code_unknown", "required": "less_than_equal"}),
        ("standards", ["Jabatan", "Jenjang", "Kompetensi", "Level"], ["pilot", "raja", "T.99", ""],
         {"job": "job_unknown", "tier": "tier_unknown", "competency": "competency_code_unknown", "required": "cell_empty",
          "": "tier_or_job"}),
        ("assessments", ["Pegawai", "Kompetensi", "Sumber", "Level", "Tanggal", "NIP penilai"],
         ["nobody@nusaraya.example", "T.99", "boss", "7", "2999-01-01", "noone@nusaraya.example"],
         {"person": "person_not_here", "competency": "competency_code_unknown", "source": "word_unknown",
          "level": "less_than_equal", "assessed_on": "in_future", "assessor": "person_not_here"}),
        ("assessments", ["Pegawai", "Kompetensi", "Sumber", "Level", "Tanggal"],
         ["nobody@nusaraya.example", "T.1", "self", "2", "2999-01-01"],
         {"person": "person_not_here", "assessed_on": "in_future"}),
        ("offers", ["Surel", "Sebagai", "Tempat"], ["nobody@nusaraya.example", "raja", "70"],
         {"person": "person_not_here", "kind": "word_unknown", "capacity": "less_than_equal"}),
    ],
)  # fmt: skip
def test_a_row_is_told_every_fault_of_every_column_at_once(
    cast: Cast, kind: str, head: list[str], row: list[str], told: dict[str, str]
) -> None:
    data = csv_bytes(head, row, row)
    found = preview(kind, data)
    assert {(fault.row, fault.column): fault.fault.code for fault in found.faults} == {
        (number, column): code for number in (2, 3) for column, code in told.items()
    }
    leftover = leftover_rows(found)
    _head, (line, _twin) = faults_table(leftover, "id", lambda kept: kept["code"])
    assert (line[0], set(line[-1].split())) == ("2", set(told.values()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_that_cannot_be_read_is_told_in_any_column_alone_and_beside_the_others(cast: Cast, kind: str) -> None:
    head, (sound,) = example(kind, "id")
    sound = [cast.mentee.email if column.form == "person" else cell for column, cell in zip(COLUMNS[kind], sound, strict=True)]
    sound = ["T.1" if column.form == "competency" else cell for column, cell in zip(COLUMNS[kind], sound, strict=True)]
    rows = [[*sound[:at], "Jos\ufffd", *sound[at + 1 :]] for at in range(len(head))]
    told = {(row, column) for row, column, code in faults_of(preview(kind, csv_bytes(head, *rows))) if code == "characters_lost"}
    assert told == {(at, column.code) for at, column in enumerate(COLUMNS[kind], 2)}
    every = faults_of(preview(kind, csv_bytes(head, ["Jos\ufffd"] * len(head))))
    assert {column for _, column, code in every if code == "characters_lost"} == {column.code for column in COLUMNS[kind]}


@pytest.mark.parametrize("seed", range(4))
def test_who_mends_all_that_was_told_is_told_nothing_new(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    bad = {"nip": ["12", ""], "email": ["x", ""], "name": ["", "1"], "unit": ["", "U777"], "job": ["pilot", ""]}
    good = [
        {"nip": f"{NIP[:15]}{at:03}", "email": f"p{at}@nusaraya.example", "name": "Ahmad", "unit": "finance", "job": "analis"}
        for at in range(1, 41)
    ]
    rows = [{name: dice.choice([*bad[name], value]) for name, value in row.items()} for row in good]
    rows = [row | {"unit": row["unit"] or "U777"} for row in rows]
    told = {(fault.row, fault.column) for fault in preview("people", people_file(*[list(row.values()) for row in rows])).faults}
    assert told
    mended = [[good[at][name] if (at + 2, name) in told else value for name, value in row.items()] for at, row in enumerate(rows)]
    assert faults_of(preview("people", people_file(*mended))) == []


def test_a_sound_row_and_a_faulty_one_about_the_same_person_are_both_told(cast: Cast) -> None:
    found = preview(
        "people", people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", ""], [NIP, "salah", "Ahmad", "nowhere", ""])
    )
    assert faults_of(found) == [
        (2, "nip", "rows_disagree"), (3, "email", "email_form"), (3, "nip", "rows_disagree"), (3, "unit", "unit_unknown"),
    ]  # fmt: skip


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    data = people_file(
        [NIP, "a@nusaraya.example", "Ahmad", "finance", "analis"], [OTHER_NIP, "b@nusaraya.example", "Budi", "budget", ""]
    )
    assert take("people", data).counts["add"] == 2
    before = everybody()
    again = take("people", data)
    assert again.counts == {"add": 0, "change": 0, "same": 2, "repeat": 0, "left_out": 0, "faulty": 0}
    assert not again.does_something
    assert everybody() == before


def test_the_preview_says_what_changes_from_what_to_what(cast: Cast) -> None:
    take("people", people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", "analis"]))
    found = preview("people", people_file([NIP, "a@nusaraya.example", "Ahmad Fauzi", "budget", "analis"]))
    (sample,) = found.samples("change")
    assert {(change.column, change.before, change.after) for change in sample.changes} == {
        ("name", "Ahmad", "Ahmad Fauzi"),
        ("unit", "finance", "budget"),
    }
    assert everybody()["a@nusaraya.example"][1:3] == ("Ahmad", "finance")


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_rows_and_columns_changes_the_result(cast: Cast, seed: int) -> None:
    rows = [
        [NIP, "a@nusaraya.example", "Ahmad", "finance", "analis"],
        [NIP, "c@nusaraya.example", "Citra", "finance", "analis"],
        [OTHER_NIP, "b@nusaraya.example", "Budi", "budget", ""],
        [OTHER_NIP, "b@nusaraya.example", "Budi", "budget", ""],
        ["", "d@nusaraya.example", "Dewi", "nowhere", ""],
        ["", "D@nusaraya.example", "Dewi", "statistics", ""],
        ["", "e@nusaraya.example", "Eka", "statistics", ""],
    ]
    dice = random.Random(seed)
    dice.shuffle(rows)
    order = dice.sample(range(len(HEAD)), len(HEAD))
    take("people", csv_bytes([HEAD[place] for place in order], *[[row[place] for place in order] for row in rows]))
    assert sorted(everybody()) == ["b@nusaraya.example", "e@nusaraya.example"]


def test_rows_that_disagree_about_one_person_are_all_faulty_and_name_each_other(cast: Cast) -> None:
    found = preview(
        "people",
        people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", ""], [NIP, "b@nusaraya.example", "Budi", "finance", ""]),
    )
    assert [(fault.row, fault.column, fault.fault.code, fault.fault.facts["rows"]) for fault in found.faults] == [
        (2, "nip", "rows_disagree", "3"),
        (3, "nip", "rows_disagree", "2"),
    ]


def test_each_repeated_value_is_told_by_itself_with_its_column(cast: Cast) -> None:
    third = "199001022015031003"
    found = preview(
        "people",
        people_file(
            [NIP, "a@nusaraya.example", "Ahmad", "finance", ""],
            [NIP, "b@nusaraya.example", "Budi", "finance", ""],
            [OTHER_NIP, "c@nusaraya.example", "Citra", "finance", ""],
            [third, "c@nusaraya.example", "Dewi", "finance", ""],
        ),
    )
    assert [(group.column, group.rows, group.values) for group in found.groups] == [
        ("nip", [2, 3], [NIP]),
        ("email", [4, 5], ["c@nusaraya.example"]),
    ]
    assert {group.told.code for group in found.groups} == {"rows_disagree_all"}


def test_findings_that_disagree_name_what_they_are_about(cast: Cast) -> None:
    rows = [[cast.mentee.email, "T.1", "self", level, "2024-01-01"] for level in ("2", "3")]
    (group,) = preview("assessments", csv_bytes(ASSESSED, *rows)).groups
    assert (group.rows, group.values) == ([2, 3], [f"{cast.mentee.email} · T.1 · self · 2024-01-01"])


def test_somebody_known_who_would_be_called_otherwise_is_doubted(cast: Cast) -> None:
    take("people", people_file([NIP, "a@nusaraya.example", "Eka Tampubolon", "finance", ""]))
    take("people", people_file([OTHER_NIP, "b@nusaraya.example", "Soedarmo", "finance", ""]))
    found = preview(
        "people",
        people_file(
            [NIP, "q@nusaraya.example", "Qori Santoso", "budget", ""], [OTHER_NIP, "b@nusaraya.example", "Sudarmo", "budget", ""]
        ),
    )
    assert (found.doubts, [sample.doubted for sample in found.samples("change")]) == ({2}, [True, False])
    assert preview("people", people_file([NIP, "", "Eka T. Siregar", "", ""])).doubts == set()


@pytest.mark.parametrize(
    ("kind", "head", "row", "near"),
    [
        ("people", HEAD, [NIP, "a@nusaraya.example", "Ahmad", "finanse", ""], ["finance"]),
        ("people", HEAD, [NIP, "a@nusaraya.example", "Ahmad", "finance", "analist"], ["analis"]),
        ("people", HEAD, [NIP, "a@nusaraya.example", "Ahmad", "xyzzy-0", ""], ["agency", "budget", "finance", "statistics"]),
        ("assessments", ["Pegawai", "Kompetensi", "Sumber", "Level", "Tanggal"],
         ["mentee@nusaraya.example", "T.1", "boss", "2", "2024-01-01"],
         ["assessment_centre", "peer", "self", "superior"]),
    ],
)  # fmt: skip
def test_beside_a_word_that_is_unknown_stands_what_may_have_been_meant(
    cast: Cast, kind: str, head: list[str], row: list[str], near: list[str]
) -> None:
    assert cast.mentee.email == "mentee@nusaraya.example"
    assert {unit.code for unit in (cast.agency, cast.finance, cast.budget, cast.statistics)} >= {"finance"}
    (fault,) = preview(kind, csv_bytes(head, row)).faults
    assert sorted(one["code"] for one in fault.fault.facts.get("near") or fault.fault.facts["choice"]) == near


def test_units_go_in_though_their_heads_are_not_here_yet_and_the_same_file_later_brings_the_heads(cast: Cast) -> None:
    data = csv_bytes(["Kode", "Nama", "Kepala"], ["A", "Satu", "a@nusaraya.example"], ["B", "Dua", "b@nusaraya.example"])
    found = take("units", data)
    assert (found.faults, found.counts["add"], [remark.row for remark in found.remarks]) == ([], 2, [2, 3])
    take("people", people_file([NIP, "a@nusaraya.example", "Ahmad", "A", ""]))
    again = take("units", data)
    assert (again.counts["change"], [remark.value for remark in again.remarks]) == (1, ["b@nusaraya.example"])
    head = sa.select(Person.email).join(Unit, Unit.head_id == Person.id).where(Unit.code == "A")
    assert db.session.scalar(head) == "a@nusaraya.example"


def test_a_file_of_another_kind_is_known_as_such() -> None:
    people = ["NIP", "Surel", "Nama", "Unit kerja", "Jabatan"]
    assert [likelier(kind, people) for kind in ("units", "assessments", "people")] == ["people", "people", None]
    assert all(likelier(kind, [column.name["id"] for column in COLUMNS[kind]]) is None for kind in KINDS)


def test_the_numbers_of_rows_are_passed_over_when_the_faulty_rows_come_back(cast: Cast) -> None:
    found = preview("people", people_file(["1", "a@nusaraya.example", "Ahmad", "finance", ""]))
    head, rows = faults_table(leftover_rows(found), "id", lambda kept: kept["code"])
    lines = [[cell.replace("1", NIP) if at == 1 else cell for at, cell in enumerate(row)] for row in rows]
    again = preview("people", csv_bytes(head, *lines))
    assert (head[0], lines[0][0], again.counts["add"]) == ("Baris di berkas asal", "2", 1)


def test_two_rows_that_reach_one_person_by_different_keys_disagree(cast: Cast) -> None:
    take("people", people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", ""]))
    found = preview("people", people_file([NIP, "", "Ahmad Satu", "", ""], ["", "a@nusaraya.example", "Ahmad Dua", "", ""]))
    assert [code for _, _, code in faults_of(found)] == ["rows_disagree", "rows_disagree"]


def test_rows_that_repeat_word_for_word_count_once(cast: Cast) -> None:
    row = [NIP, "a@nusaraya.example", "Ahmad", "finance", ""]
    assert take("people", people_file(row, row, row)).counts == {
        "add": 1,
        "change": 0,
        "same": 0,
        "repeat": 2,
        "left_out": 0,
        "faulty": 0,
    }


def test_two_heads_of_one_unit_are_both_told(cast: Cast) -> None:
    data = csv_bytes(
        [*HEAD[1:4], "Kepala unit"],
        ["a@nusaraya.example", "Ahmad", "finance", "ya"],
        ["b@nusaraya.example", "Budi", "finance", "Ya"],
    )
    assert faults_of(preview("people", data)) == [(2, "heads_unit", "heads_twice"), (3, "heads_unit", "heads_twice")]


def test_eighteen_digits_survive_both_kinds_of_file_with_spaces_and_apostrophe(cast: Cast) -> None:
    for at, data in enumerate(
        (
            people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", ""]),
            people_file([f"'{NIP}", "a@nusaraya.example", "Ahmad", "finance", ""]),
            people_file(["19850315 201012 1 001", "a@nusaraya.example", "Ahmad", "finance", ""]),
            xlsx_bytes([HEAD, [NIP, "a@nusaraya.example", "Ahmad", "finance", ""]]),
            xlsx_bytes([HEAD, [f"'{NIP}", "a@nusaraya.example", "Ahmad", "finance", ""]]),
        )
    ):
        assert take("people", data).counts["add" if at == 0 else "same"] == 1
    assert everybody()["a@nusaraya.example"][0] == NIP


@pytest.mark.parametrize(
    "data",
    [
        people_file(["1.98503152010121E+17", "a@nusaraya.example", "Ahmad", "finance", ""]),
        people_file(["1,98503E+17", "a@nusaraya.example", "Ahmad", "finance", ""]),
        people_file(["198503152010121000", "a@nusaraya.example", "Ahmad", "finance", ""]),
        xlsx_bytes([HEAD, [198503152010121001, "a@nusaraya.example", "Ahmad", "finance", ""]]),
    ],
)
def test_a_number_that_the_spreadsheet_rounded_is_a_fault_of_its_own(cast: Cast, data: bytes) -> None:
    assert faults_of(preview("people", data)) == [(2, "nip", "number_rounded")]


def test_lost_letters_and_errors_of_formulas_are_faults(cast: Cast) -> None:
    assert faults_of(preview("people", people_file([NIP, "a@nusaraya.example", "Jos\ufffd", "finance", ""]))) == [
        (2, "name", "characters_lost")
    ]
    broken = xlsx_bytes([HEAD, [NIP, "a@nusaraya.example", "", "finance", ""]], formulas={"C2": ("=NA()", "#N/A")})
    assert faults_of(preview("people", broken)) == [(2, "name", "cell_error")]


def test_a_hyphen_clears_and_an_empty_cell_leaves_as_it_is(cast: Cast) -> None:
    head = ["Surel", "Nama", "Unit", "Gelar depan", "Tempat"]
    take("people", csv_bytes(head, ["a@nusaraya.example", "Ahmad", "finance", "Dr.", "Makassar"]))
    take("people", csv_bytes(head, ["a@nusaraya.example", "", "", "-", ""]))
    person = db.session.scalars(sa.select(Person)).one()
    assert (person.name, person.title_before, person.place) == ("Ahmad", None, "Makassar")


# Other kinds


def test_units_come_in_any_order_and_children_of_faulty_ones_stay_out(cast: Cast) -> None:
    data = csv_bytes(
        ["Kode", "Nama", "Induk"],
        ["C", "Cucu", "B"],
        ["B", "Anak", "A"],
        ["A", "Atas", ""],
        ["X", "", ""],
        ["Y", "Anak X", "X"],
        ["Z", "Cucu X", "Y"],
    )
    found = take("units", data)
    assert found.counts["add"] == 3
    assert {row for row, _, _ in faults_of(found)} == {5, 6, 7}
    paths = dict(db.session.execute(sa.select(Unit.code, Unit.path)).all())
    assert paths["C"].startswith(paths["B"])
    assert paths["B"].startswith(paths["A"])


def test_units_in_a_circle_are_all_told_whatever_the_order(cast: Cast) -> None:
    rows = [["A", "Satu", "B"], ["B", "Dua", "A"], ["C", "Tiga", ""]]
    for order in (rows, rows[::-1]):
        found = preview("units", csv_bytes(["Kode", "Nama", "Induk"], *order))
        assert {
            order[row - 2][0] for row, column, code in faults_of(found) if (column, code) == ("parent", "unit_below_itself")
        } == {"A", "B"}
        assert found.counts["add"] == 1


def test_jobs_know_tier_and_field_by_code_or_name(cast: Cast) -> None:
    take(
        "jobs",
        csv_bytes(
            ["Kode", "Nama jabatan", "Jenjang", "Bidang"],
            ["J1", "Analis", "JF Ahli Muda", "keuangan"],
            ["J2", "Penata", "jf_ahli_pertama", "Statistics"],
        ),
    )
    jobs = {
        job.code: (job.tier.code, job.field.code)
        for job in db.session.scalars(sa.select(Job))
        if job.code.startswith("J") and job.field
    }
    assert jobs == {"J1": ("jf_ahli_muda", "keuangan"), "J2": ("jf_ahli_pertama", "statistik")}


def test_standards_are_added_changed_or_left_alone(cast: Cast) -> None:
    data = csv_bytes(
        ["Jabatan", "Jenjang", "Kompetensi", "Level"],
        ["analis", "", "T.1", "4"],
        ["analis", "", "T.2", "3,0"],
        ["", "jf_ahli_muda", "T.3", "2"],
    )
    found = take("standards", data)
    assert (found.counts["add"], found.counts["change"], found.counts["same"]) == (1, 1, 1)
    required = db.session.scalar(
        sa.select(Standard.required).where(Standard.job_id == cast.job.id, Standard.competency_id == cast.competencies[0].id)
    )
    assert required == 4
    assert not take("standards", data).does_something


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (["analis", "jf_ahli_muda", "T.1", "3"], ("", "tier_or_job")),
        (["", "", "T.1", "3"], ("", "tier_or_job")),
        (["analis", "", "T.99", "3"], ("competency", "competency_code_unknown")),
        (["analis", "", "T.1", "2,5"], ("required", "int_parsing")),
        (["analis", "", "T.1", "6"], ("required", "less_than_equal")),
        (["analis", "", "T.1", ""], ("required", "cell_empty")),
        (["pilot", "", "T.1", "3"], ("job", "job_unknown")),
    ],
)
def test_a_faulty_standard_is_told_at_its_column(cast: Cast, cells: list[str], fault: tuple[str, str]) -> None:
    found = preview("standards", csv_bytes(["Jabatan", "Jenjang", "Kompetensi", "Level"], cells))
    assert [(column, code) for _, column, code in faults_of(found)] == [fault]


ASSESSED = ["Pegawai", "Kompetensi", "Sumber", "Level", "Tanggal"]


def test_findings_go_in_once_and_levels_follow(cast: Cast) -> None:
    mentee = cast.mentee
    data = csv_bytes(
        ASSESSED,
        [mentee.email, "T.1", "pusat penilaian", "3", "31/03/2026"],
        [mentee.email, "Kompetensi 2", "superior", "mumpuni", "1 April 2026"],
    )
    with clock.at(clock.now() + timedelta(days=400)):
        assert take("assessments", data).counts["add"] == 2
        assert not take("assessments", data).does_something
    rows = db.session.execute(
        sa.select(Assessment.source, Assessment.level, Assessment.assessed_on)
        .where(Assessment.origin.like("import:%"))
        .order_by(Assessment.id)
    ).all()
    assert [(source, level, day.isoformat()) for source, level, day in rows] == [
        ("assessment_centre", 3, "2026-03-31"),
        ("superior", 4, "2026-04-01"),
    ]


def test_a_finding_that_stands_already_however_it_came_is_the_same(cast: Cast) -> None:
    mentee = cast.mentee
    data = csv_bytes(ASSESSED, [mentee.email, "T.1", "assessment_centre", "1", clock.today().isoformat()])
    assert preview("assessments", data).counts["same"] == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["nobody@nusaraya.example", "T.1", "self", "2", "2024-01-01"], "person_not_here"),
        (["mentee@nusaraya.example", "T.1", "mentorship", "5", "2024-01-01"], "mentorship_speaks"),
        (["mentee@nusaraya.example", "T.1", "boss", "2", "2024-01-01"], "word_unknown"),
        (["mentee@nusaraya.example", "T.1", "self", "2", "2024-13-01"], "date_parsing"),
        (["mentee@nusaraya.example", "T.1", "self", "2", "2999-01-01"], "in_future"),
    ],
)
def test_a_faulty_finding_is_told(cast: Cast, cells: list[str], code: str) -> None:
    assert cast.mentee.email == "mentee@nusaraya.example"
    assert [fault for _, _, fault in faults_of(preview("assessments", csv_bytes(ASSESSED, cells)))] == [code]


def test_two_levels_for_one_finding_are_both_told(cast: Cast) -> None:
    rows = [[cast.mentee.email, "T.1", "self", level, "2024-01-01"] for level in ("2", "3")]
    assert [code for _, _, code in faults_of(preview("assessments", csv_bytes(ASSESSED, *rows)))] == [
        "rows_disagree",
        "rows_disagree",
    ]


def test_a_finding_and_its_correction_of_the_same_day_go_out_and_come_back(cast: Cast) -> None:
    mentee, day = cast.mentee, clock.today().isoformat()
    assert take("assessments", csv_bytes(ASSESSED, [mentee.email, "T.1", "assessment_centre", "4", day])).counts["add"] == 1
    known = [mentee.email, "T.1", "assessment_centre", "1", day]
    both = csv_bytes(ASSESSED, known, [mentee.email, "T.1", "assessment_centre", "4", day])
    found = preview("assessments", both)
    assert (faults_of(found), found.counts["same"]) == ([], 2)
    again = csv_bytes(ASSESSED, known, [mentee.email, "T.1", "assessment_centre", "3", day])
    assert take("assessments", again).counts["add"] == 1


def test_the_preview_of_an_offer_keeps_the_places_that_are_taken_or_held(cast: Cast) -> None:
    mentor = cast.mentor
    take("offers", csv_bytes(["Surel", "Tempat"], [mentor.email, "4"]))
    db.session.execute(sa.update(Offer).values(taken=1, held=2))
    db.session.commit()
    less = csv_bytes(["Surel", "Tempat"], [mentor.email, "1"])
    (sample,) = preview("offers", less).samples("change")
    assert [(change.column, change.after) for change in sample.changes] == [("capacity", "3")]
    assert take("offers", less).counts["change"] == 1
    assert db.session.scalar(sa.select(Offer.capacity)) == 3


def test_offers_are_opened_and_what_a_row_does_not_say_stays(cast: Cast) -> None:
    mentor = cast.mentor
    take("offers", csv_bytes(["Surel", "Tempat", "Kompetensi", "Pesan"], [mentor.email, "2", "T.1, T.2", "Silakan"]))
    found = take("offers", csv_bytes(["Surel", "Tempat"], [mentor.email, "3"]))
    assert found.counts["change"] == 1
    offer = db.session.scalars(sa.select(Offer)).one()
    assert (offer.capacity, offer.message, len(offer.chosen)) == (3, "Silakan", 2)


# Mappings


def test_words_of_another_system_are_turned_into_ours(cast: Cast) -> None:
    mapping = Mapping(
        columns={
            "code": Source(parts=(Source(column="grade"), Source(column="team")), join="."),
            "name_id": Source(column="team"),
            "tier": Source(column="grade", values={"Grade 7": "jf_ahli_muda", "*": "jf_ahli_pertama"}),
            "field": Source(column="field", otherwise=Source(value="keuangan")),
        },
        only=Condition(column="use", words=("yes",)),
    )
    data = csv_bytes(
        ["grade", "team", "field", "use"],
        ["grade 7", "One", "", "Yes"],
        ["HEO", "Two", "statistik", "YES"],
        ["HEO", "Three", "", "no"],
    )
    found = take("jobs", data, mapping)
    assert found.counts == {"add": 2, "change": 0, "same": 0, "repeat": 0, "left_out": 1, "faulty": 0}
    jobs = {job.code: (job.tier.code, job.field and job.field.code) for job in db.session.scalars(sa.select(Job))}
    assert jobs["grade 7.One"] == ("jf_ahli_muda", "keuangan")
    assert jobs["HEO.Two"] == ("jf_ahli_pertama", "statistik")


def test_a_saved_mapping_is_found_by_the_headings_in_any_order(cast: Cast) -> None:
    who = cast.actor(cast.coordinator)
    mapping = Mapping(columns={"code": Source(column="K"), "name_id": Source(column="N")})
    actions.save_mapping(who, "units", MappingName(name="Dari SIMPEG"), mapping=mapping, headings=["K", "N", "x"])
    row = actions.bring_file(who, "units", "b.csv", content=csv_bytes(["x", "N", "K"], ["", "Satu", "A"]))
    assert row.mapping_name == "Dari SIMPEG"
    assert queries.preview_for(who, row).counts["add"] == 1
    other = actions.bring_file(who, "units", "c.csv", content=csv_bytes(["N", "K"], ["Satu", "A"]))
    assert other.mapping_name is None


def test_a_mapping_that_does_not_fit_is_refused_with_every_reason(cast: Cast) -> None:
    table = table_of("units", csv_bytes(["K", "N"], ["A", "Satu"]))
    with pytest.raises(Invalid) as refused:
        queries.preview_of(
            HOUSE, "units", table, Mapping(columns={"name_id": Source(column="Gone"), "colour": Source(column="N")})
        )
    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("columns.colour", "mapping_column_unknown"),
        ("columns.name_id", "heading_missing"),
        ("columns.code", "column_needed"),
    }


# Applying


def brought(cast: Cast, *rows: list[str]) -> tuple[Actor, ImportFile]:
    who = cast.actor(cast.coordinator)
    rows = rows or ([NIP, "a@nusaraya.example", "Ahmad", "finance", ""],)
    return who, actions.bring_file(who, "people", "pegawai.csv", content=people_file(*rows))


def test_a_file_is_applied_once_and_its_bytes_go(cast: Cast) -> None:
    who, row = brought(cast)
    seen = queries.preview_for(who, row).digest
    assert actions.apply_import(who, row, seen=seen).counts["add"] == 1
    assert (row.state, row.content) == ("applied", None)
    with pytest.raises(Conflict) as refused:
        actions.apply_import(who, row, seen=seen)
    assert refused.value.code == "import_settled"
    assert db.session.scalar(sa.select(AuditEntry.facts).where(AuditEntry.act == "file_applied"))["counts"]["add"] == 1


def test_a_file_brought_twice_waits_once(cast: Cast) -> None:
    _, row = brought(cast)
    _, again = brought(cast)
    assert row.id == again.id


def test_if_the_world_changed_meanwhile_nothing_is_applied(cast: Cast) -> None:
    who, row = brought(cast)
    seen = queries.preview_for(who, row).digest
    take("people", people_file([NIP, "a@nusaraya.example", "Orang Lain", "finance", ""]))
    with pytest.raises(Conflict) as refused:
        actions.apply_import(who, row, seen=seen)
    assert refused.value.code == "preview_changed"
    assert everybody()["a@nusaraya.example"][1] == "Orang Lain"
    assert db.session.get_one(ImportFile, row.id).state == "uploaded"
    actions.apply_import(who, row, seen=queries.preview_for(who, row).digest)
    assert everybody()["a@nusaraya.example"][1] == "Ahmad"


def test_after_a_file_the_figures_of_the_agency_are_worked_out_anew_once_for_all_of_a_minute(cast: Cast) -> None:
    take("people", people_file([OTHER_NIP, "b@nusaraya.example", "Budi", "finance", ""]))
    who, row = brought(cast)
    actions.apply_import(who, row, seen=queries.preview_for(who, row).digest)
    due = db.session.scalars(sa.select(Task.run_at).where(Task.kind == "insights.refresh", Task.done_at.is_(None))).all()
    assert due
    assert max(due) <= clock.now() + timedelta(minutes=1)
    assert len(due) <= 2


def test_what_a_colleague_wrote_since_the_preview_is_not_overwritten(cast: Cast) -> None:
    take("people", people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", ""]))
    file = people_file([NIP, "a@nusaraya.example", "Ahmad", "budget", ""])
    who = cast.actor(cast.coordinator)
    row = actions.bring_file(who, "people", "pegawai.csv", content=file)
    seen = queries.preview_for(who, row).digest
    db.session.execute(sa.update(Person).where(Person.nip == NIP).values(unit_id=cast.statistics.id))
    db.session.commit()
    with pytest.raises(Conflict) as refused:
        actions.apply_import(who, row, seen=seen)
    assert refused.value.code == "preview_changed"
    assert everybody()["a@nusaraya.example"][2] == "statistics"


def test_a_level_that_a_colleague_asked_since_the_preview_is_not_overwritten(cast: Cast) -> None:
    head = ["Jenjang", "Kompetensi", "Level"]
    take("standards", csv_bytes(head, ["jf_ahli_muda", "T.3", "2"]))
    who = cast.actor(cast.coordinator)
    row = actions.bring_file(who, "standards", "standar.csv", content=csv_bytes(head, ["jf_ahli_muda", "T.3", "4"]))
    seen = queries.preview_for(who, row).digest
    take("standards", csv_bytes(head, ["jf_ahli_muda", "T.3", "3"]))
    with pytest.raises(Conflict) as refused:
        actions.apply_import(who, row, seen=seen)
    assert refused.value.code == "preview_changed"


def test_a_change_elsewhere_that_makes_no_difference_does_not_stop_it(cast: Cast) -> None:
    who, row = brought(cast)
    seen = queries.preview_for(who, row).digest
    take("people", people_file([OTHER_NIP, "b@nusaraya.example", "Budi", "finance", ""]))
    assert actions.apply_import(who, row, seen=seen).counts["add"] == 1


def test_of_many_who_apply_one_file_exactly_one_does(cast: Cast) -> None:
    who, row = brought(cast)
    seen, row_id = queries.preview_for(who, row).digest, row.id
    db.session.rollback()
    told: list[str] = []
    gate = threading.Barrier(6)

    def apply() -> None:
        with cast.app.app_context():
            gate.wait()
            try:
                actions.apply_import(who, db.session.get_one(ImportFile, row_id), seen=seen)
                told.append("applied")
            except Conflict as refused:
                told.append(refused.code)

    threads = [threading.Thread(target=apply) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["applied", *["import_settled"] * 5]
    db.session.expire_all()
    assert sum(email == "a@nusaraya.example" for email in everybody()) == 1


def test_if_saving_fails_nothing_happened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    who, row = brought(cast)
    seen = queries.preview_for(who, row).digest
    monkeypatch.setattr("mentorlink.exchange.actions.imports.leftover_rows", lambda _preview: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.apply_import(who, row, seen=seen)
    db.session.expire_all()
    assert "a@nusaraya.example" not in everybody()
    assert db.session.get_one(ImportFile, row.id).state == "uploaded"


def test_a_dropped_file_cannot_be_applied(cast: Cast) -> None:
    who, row = brought(cast)
    seen = queries.preview_for(who, row).digest
    actions.drop_import(who, row)
    actions.drop_import(who, row)
    with pytest.raises(Conflict):
        actions.apply_import(who, row, seen=seen)


def test_files_that_wait_a_day_and_faulty_rows_kept_a_day_go(cast: Cast) -> None:
    who, waiting = brought(cast)
    _, other = brought(cast, [OTHER_NIP, "b@nusaraya.example", "Budi", "finance", ""], ["1", "x", "", "", ""])
    actions.apply_import(who, other, seen=queries.preview_for(who, other).digest)
    assert queries.leftover_of(who, other)[1]
    with clock.at(clock.now() + timedelta(hours=25)):
        tidy_once()
    db.session.expire_all()
    assert (waiting.state, waiting.content) == ("dropped", None)
    with pytest.raises(NotFound):
        queries.leftover_of(who, other)


def tidy_once() -> None:
    tidy({})


@pytest.mark.parametrize("who", ["mentee", "supervisor", "stranger"])
def test_only_hr_of_the_agency_brings_files(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(Denied):
        actions.bring_file(actor, "people", "x.csv", content=people_file([NIP, "a@nusaraya.example", "Ahmad", "finance", ""]))
    _, row = brought(cast)
    with pytest.raises(NotFound):
        queries.import_for(actor, row.id)


def test_hr_of_a_unit_takes_its_people_and_brings_nothing(cast: Cast) -> None:
    actor = Actor(person_id=cast.coordinator.id, grants=(Grant(Role.MANAGER, cast.finance.path),))
    assert cast.mentee.unit.path.startswith(cast.finance.path)
    assert cast.mentor.unit.path == cast.statistics.path
    emails = {row[1] for row in queries.rows_for(actor, "people")}
    assert emails == {cast.mentee.email}
    assert {row[0] for row in queries.rows_for(actor, "assessments")} == {cast.mentee.email}
    with pytest.raises(Denied):
        actions.bring_file(actor, "units", "x.csv", content=b"Kode,Nama\nA,B\n")


# Round trips


@pytest.fixture
def agency(cast: Cast) -> Cast:
    """The cast with everything that a file can hold, awkward texts among it."""
    cast.mentee, cast.mentor, cast.supervisor, cast.other_head  # noqa: B018  made when first asked for
    take("units", csv_bytes(["Kode", "Nama", "Induk", "Zona waktu"], ["=1+1", "+Unit", "agency", "WIT"]))
    head = [column.name["id"] for column in COLUMNS["people"]]
    awkward = [
        NIP,
        "x@nusaraya.example",
        "'Aisyah =1",
        "Dr.",
        "M.Si., Ph.D.",
        "PNS",
        "III/d",
        "'=1+1",
        "analis",
        "ya",
        "2012",
        "id, en",
        "Kota Makassar",
        "WITA",
        "en",
        "''quoted\nsecond; line",
        "=cmd|' /C calc'!A0",
        "@menulis, -berhitung",
    ]
    found = take("people", csv_bytes(head, awkward))
    assert faults_of(found) == []
    take("offers", csv_bytes(["Surel", "Tempat", "Kompetensi", "Pesan"], [cast.mentor.email, "2", "T.1", "-10 menit saja"]))
    return cast


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_taken_and_brought_back_changes_nothing(agency: Cast, kind: str, language: str, form: str) -> None:
    head, rows = queries.head_of(kind, language), list(queries.rows_for(HOUSE, kind))
    assert rows
    data = "".join(csv_pieces(head, rows)).encode() if form == "csv" else xlsx_file(head, rows).read()
    found = preview(kind, data)
    assert faults_of(found) == []
    assert found.counts["same"] == len(rows)


def test_no_cell_that_goes_out_begins_like_a_formula(agency: Cast) -> None:
    for kind in KINDS:
        rows = list(queries.rows_for(HOUSE, kind))
        table = read_table("".join(csv_pieces(queries.head_of(kind, "id"), rows)).encode())
        assert not [cell for _, line in table.rows for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        sheet = read_table(xlsx_file(queries.head_of(kind, "id"), rows).read())
        assert not any(notice.code == "holds_formulas" for notice in sheet.notices)
        assert not [cell for _, line in sheet.rows for cell in line if cell.startswith(("=", "+", "-", "@"))]


def test_faulty_rows_come_back_as_a_file_that_can_be_corrected_and_brought_again(cast: Cast) -> None:
    data = people_file([NIP, "salah", "Ahmad", "finance", ""], [OTHER_NIP, "b@nusaraya.example", "=Budi", "finance", ""])
    found = take("people", data)
    head, rows = faults_table(leftover_rows(found), "id", lambda kept: kept["code"])
    (line,) = list(rows)
    assert head == ["Baris di berkas asal", *HEAD, "Yang perlu diperbaiki"]
    assert line == ["2", NIP, "salah", "Ahmad", "finance", "", "email_form"]
    corrected = [line[0], NIP, "a@nusaraya.example", *line[3:]]
    again = take("people", "".join(csv_pieces(head, [corrected])).encode())
    assert (again.counts["add"], again.counts["faulty"]) == (1, 0)
    assert everybody()["b@nusaraya.example"][1] == "=Budi"
    still_wrong = take("people", "".join(csv_pieces(head, [line])).encode())
    assert faults_table(leftover_rows(still_wrong), "en", lambda kept: kept["code"])[0][1:] == [*HEAD, "What to correct"]


@pytest.mark.parametrize("seed", range(12))
def test_no_row_is_lost(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    nips, names = [NIP, OTHER_NIP, "123", "", "1E+17"], ["Ahmad", "", "Budi", "1"]
    emails = ["a@nusaraya.example", "A@nusaraya.example", "b@nusaraya.example", "x", ""]
    units, jobs = ["finance", "Budget", "nowhere", ""], ["analis", "pilot", ""]
    rows = [
        [dice.choice(nips), dice.choice(emails), dice.choice(names), dice.choice(units), dice.choice(jobs)] for _ in range(40)
    ]
    rows = [row for row in rows if any(row)]
    found = take("people", people_file(*rows))
    assert sum(found.counts.values()) == found.total == len(rows)
    assert {row for row, _, _ in faults_of(found)} == {number for number, _ in found.bad_rows}
    assert found.counts["add"] == len(everybody())


def test_the_number_of_queries_does_not_grow_with_the_file(cast: Cast) -> None:
    def queries_for(number: int) -> int:
        rows = [["", f"p{number}.{at}@nusaraya.example", f"Orang {at}", "finance", "analis"] for at in range(number)]
        with count_queries() as few:
            preview("people", people_file(*rows))
        return len(few)

    assert queries_for(10) == queries_for(1500)


def test_taking_a_file_takes_the_same_number_of_queries_at_any_size(cast: Cast) -> None:
    def queries_now() -> int:
        with count_queries() as sent:
            list(queries.rows_for(HOUSE, "people"))
        return len(sent)

    cast.mentee  # noqa: B018  made when first asked for
    few = queries_now()
    take("people", people_file(*[["", f"p{at}@nusaraya.example", f"Orang {at}", "finance", "analis"] for at in range(300)]))
    assert queries_now() == few
