"""Pages of files, through a browser without script."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.competencies.models import Standard
from mentorlink.exchange.models import ImportFile, SavedMapping
from mentorlink.kernel import settings
from mentorlink.kernel.db import db
from mentorlink.people.models import AuditEntry, Job, Person
from tests.cast import Cast
from tests.exchange.files import csv_bytes, xlsx_bytes
from tests.queries import count_queries

NIP = "198503152010121001"
HEAD = ["NIP", "Email", "Nama", "Unit kerja"]
GOOD = csv_bytes(HEAD, [NIP, "a@nusaraya.example", "Ahmad", "finance"])


@pytest.fixture
def hr(cast: Cast) -> FlaskClient:
    """A browser of the coordinator."""
    return cast.client(cast.coordinator)


def bring(client: FlaskClient, kind: str, data: bytes, name: str = "pegawai.csv") -> Any:
    return client.post("/files", data={"kind": kind, "file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def digest(client: FlaskClient, where: str) -> str:
    field = BeautifulSoup(client.get(where).text, "html.parser").find("input", {"name": "seen"})
    return str(field["value"]) if field else ""


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(html, "html.parser").get_text(" "))


def test_a_file_is_brought_looked_at_and_applied(cast: Cast, hr: FlaskClient) -> None:
    answer = bring(hr, "people", GOOD)
    assert answer.status_code == 303
    where = answer.headers["Location"]
    page = hr.get(where)
    assert page.status_code == 200
    assert "Ahmad · a@nusaraya.example" in page.text
    assert f"NIP: {NIP}" in text_of(page.text)
    assert re.search(r"Unit code: [^·]+ \(finance\) ·", text_of(page.text))
    assert "Kind of contract: PNS" in text_of(page.text)
    assert db.session.scalar(sa.select(Person).where(Person.email == "a@nusaraya.example")) is None
    applied = hr.post(f"{where}/apply", data={"seen": digest(hr, where)}, follow_redirects=True)
    assert applied.status_code == 200
    assert "1 row is in." in applied.text
    assert db.session.scalar(sa.select(Person.name).where(Person.email == "a@nusaraya.example")) == "Ahmad"


def test_a_new_row_says_all_that_is_written_with_days_as_the_reader_writes_them(cast: Cast, hr: FlaskClient) -> None:
    data = csv_bytes(
        ["Pegawai", "Kompetensi", "Sumber", "Level", "Tanggal", "Metode"],
        [cast.mentee.email, "T.1", "pusat penilaian", "4", "02/03/2024", "simulasi"],
    )
    shown = text_of(hr.get(bring(hr, "assessments", data).headers["Location"]).text)
    for words in (f"{cast.mentee.name} ({cast.mentee.email})", "(T.1)", "Date of assessment: 2 March 2024", "Method: simulasi"):
        assert words in shown
    assert "assessment_centre" not in shown


def test_new_rows_of_every_kind_name_what_their_codes_stand_for(cast: Cast, hr: FlaskClient) -> None:
    head = cast.mentor
    files: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "units": (
            csv_bytes(["Kode", "Nama", "Induk", "Kepala", "Zona waktu"], ["A", "Satu", "finance", head.email, "WIT"]),
            ("(finance)", f"{head.name} ({head.email})", "Time zone: WIT"),
        ),
        "jobs": (csv_bytes(["Kode", "Nama", "Jenjang"], ["J9", "Penata", "jf_ahli_muda"]), ("(jf_ahli_muda)", "J9")),
        "standards": (
            csv_bytes(["Jenjang", "Kompetensi", "Level"], ["jf_ahli_muda", "T.3", "2"]),
            ("(jf_ahli_muda)", "(T.3)", "Required level: 2"),
        ),
        "offers": (
            csv_bytes(["Surel", "Tempat", "Kompetensi", "Bahasa"], [head.email, "2", "T.1", "id, en"]),
            (f"{head.name} ({head.email})", "(T.1)", "Languages: Indonesian, English", "As: Mentor", "Places: 2"),
        ),
    }
    for kind, (data, told) in files.items():
        shown = text_of(hr.get(bring(hr, kind, data, f"{kind}.csv").headers["Location"]).text).partition("What is new")[2]
        assert [words for words in told if words not in shown] == [], kind


def test_an_administrator_does_not_read_the_numbers_in_a_file_that_hr_brought(cast: Cast, hr: FlaskClient) -> None:
    data = csv_bytes(HEAD, [NIP, "a@nusaraya.example", "Ahmad", "finance"], [NIP[:-1] + "2", "salah", "", "nowhere"])
    where = bring(hr, "people", data).headers["Location"]
    addresses = [where, f"{where}/columns", f"{where}/faults.csv"]
    administrator = cast.client(cast.administrator)
    number = NIP[:-4]
    assert all(number in hr.get(address).text for address in addresses)
    assert not any(number in administrator.get(address).text for address in addresses)
    administrator.post(f"{where}/apply", data={"seen": digest(administrator, where)})
    assert db.session.scalar(sa.select(Person.nip).where(Person.email == "a@nusaraya.example")) == NIP
    assert number in hr.get(f"{where}/faults.csv").text
    assert number not in administrator.get(f"{where}/faults.csv").text


def test_what_comes_next_is_what_home_says(cast: Cast, hr: FlaskClient) -> None:
    def next_of(kind: str, data: bytes) -> list[str]:
        where = bring(hr, kind, data, f"{kind}.csv").headers["Location"]
        answer = hr.post(f"{where}/apply", data={"seen": digest(hr, where)}, follow_redirects=True)
        return [name for name in ("Jobs", "Job standards") if f"Next: {name} Bring" in text_of(answer.text)]

    assert cast.finance
    db.session.execute(sa.delete(Standard))
    db.session.execute(sa.update(Person).values(job_id=None))
    db.session.execute(sa.delete(Job))
    db.session.commit()
    assert next_of("people", GOOD) == ["Jobs"]
    assert re.search(r"Jobs with tier and field Next", text_of(hr.get("/").text))
    assert next_of("jobs", csv_bytes(["Kode", "Nama", "Jenjang"], ["J1", "Analis", "jf_ahli_muda"])) == ["Job standards"]


def test_a_file_beyond_the_limit_leads_back_to_where_it_was_chosen(cast: Cast, hr: FlaskClient) -> None:
    limit = settings.current().max_upload_mb
    cast.app.config["MAX_CONTENT_LENGTH"], before = 1000, cast.app.config["MAX_CONTENT_LENGTH"]
    try:
        refused = bring(hr, "people", b"x" * 2000)
    finally:
        cast.app.config["MAX_CONTENT_LENGTH"] = before
    assert refused.status_code == 413
    assert f"A file may have at most {limit} MB." in refused.text
    (back,) = (a for a in BeautifulSoup(refused.text, "html.parser").find_all("a") if "Choose another file" in a.get_text())
    assert back["href"] == "/files"


def test_applying_twice_says_so_and_applies_once(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    seen = digest(hr, where)
    hr.post(f"{where}/apply", data={"seen": seen})
    again = hr.post(f"{where}/apply", data={"seen": seen})
    assert again.status_code == 409
    assert "applied already" in again.text


def test_another_outcome_than_seen_is_shown_and_not_applied(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    answer = hr.post(f"{where}/apply", data={"seen": "0" * 64})
    assert answer.status_code == 409
    assert "nothing was applied" in answer.text
    assert digest(hr, where) in answer.text
    assert db.session.scalar(sa.select(Person).where(Person.email == "a@nusaraya.example")) is None


def test_faults_are_shown_with_row_column_value_and_what_to_do_and_come_back_as_a_file(cast: Cast, hr: FlaskClient) -> None:
    data = csv_bytes(
        [*HEAD, "Catatan"],
        ["1,98503E+17", "a@nusaraya.example", "Ahmad", "finance", ""],
        ["", "b@nusaraya.example", "Budi", "nowhere", "new"],
    )
    where = bring(hr, "people", data).headers["Location"]
    page = text_of(hr.get(where).text)
    assert "1 column of this file is not read: Catatan." in page
    assert "2 NIP 1,98503E+17 The spreadsheet rounded this number" in page
    assert "3 Unit kerja nowhere There is no unit with the code “nowhere”." in page
    file = hr.get(f"{where}/faults.csv")
    assert file.mimetype == "text/csv"
    lines = file.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0] == "Row in the original file,NIP,Email,Nama,Unit kerja,Catatan,What to correct"
    assert lines[2].startswith("3,,b@nusaraya.example,Budi,nowhere,")
    assert hr.get(f"{where}/faults.xlsx").data.startswith(b"PK")


def test_thousands_of_alike_faults_are_one_line_on_the_page_and_all_in_the_file(cast: Cast, hr: FlaskClient) -> None:
    rows = [["", f"p{number}@nusaraya.example", f"Orang {number}", "nowhere"] for number in range(1200)]
    where = bring(hr, "people", csv_bytes(HEAD, *rows)).headers["Location"]
    page = hr.get(where)
    assert page.text.count("There is no unit with the code") == 1
    assert "and 1194 more" in text_of(page.text).replace(",", "")
    assert len(hr.get(f"{where}/faults.csv").get_data(as_text=True).splitlines()) == 1201


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "This file is a PDF"),
        (b"", "nothing in this file"),
        (b"a\x00b\x00\xff\xfe\x00", "This file is no table"),
        (b'Kode,"Nama\n', "quotation mark"),
    ],
)
def test_a_file_that_is_no_table_is_told_beside_its_field(cast: Cast, hr: FlaskClient, data: bytes, words: str) -> None:
    answer = bring(hr, "people", data)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 0


def test_no_file_and_no_kind_are_told(cast: Cast, hr: FlaskClient) -> None:
    assert hr.post("/files", data={"kind": "people"}).status_code == 422
    assert bring(hr, "passwords", GOOD).status_code == 422


def test_a_missing_column_leads_to_the_columns(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "units", csv_bytes(["K", "Nama"], ["A", "Satu"])).headers["Location"]
    page = hr.get(where)
    assert "Which column is which?" in page.text
    refused = hr.post(f"{where}/columns", data={"column.name_id": "Nama"})
    assert refused.status_code == 422
    assert "Please choose the column" in refused.text
    fixed = hr.post(
        f"{where}/columns", data={"column.name_id": "Nama", "column.code": "K", "save_as": "Dari SIMPEG"}, follow_redirects=True
    )
    assert "A · Satu" in fixed.text
    assert db.session.scalars(sa.select(SavedMapping.name)).all() == ["Dari SIMPEG"]
    other = bring(hr, "units", csv_bytes(["Nama", "K"], ["Dua", "B"])).headers["Location"]
    assert "B · Dua" in hr.get(other).text


def test_words_of_the_file_get_their_meaning_once(cast: Cast, hr: FlaskClient) -> None:
    data = csv_bytes(["Kode", "Nama", "Jenjang"], ["J1", "Analis", "Grade 7"], ["J2", "Penata", "grade 7"])
    where = bring(hr, "jobs", data).headers["Location"]
    assert "Say what they mean" in hr.get(where).text
    form = BeautifulSoup(hr.get(f"{where}/columns").text, "html.parser")
    words = {field["name"]: field["value"] for field in form.select("input[name^='word.tier']")}
    assert words["word.tier.1"] == "Grade 7"
    sent = {"column.code": "Kode", "column.name_id": "Nama", "column.tier": "Jenjang", **words, "means.tier.1": "jf_ahli_muda"}
    hr.post(f"{where}/columns", data=sent)
    hr.post(f"{where}/apply", data={"seen": digest(hr, where)})
    assert set(db.session.scalars(sa.select(Job.code).where(Job.code.in_(["J1", "J2"])))) == {"J1", "J2"}


def test_a_saved_mapping_can_be_chosen_and_forgotten(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "units", csv_bytes(["K", "N"], ["A", "Satu"])).headers["Location"]
    hr.post(f"{where}/columns", data={"column.name_id": "N", "column.code": "K", "save_as": "Satu"})
    hr.post(f"{where}/columns", data={"column.name_id": "K", "column.code": "N"})
    assert "Satu · A" in hr.get(where).text
    hr.post(f"{where}/columns", data={"use_saved": "Satu"})
    assert "A · Satu" in hr.get(where).text
    hr.post("/files/mappings/units/forget", data={"name": "Satu"})
    assert db.session.scalar(sa.select(SavedMapping)) is None


def test_a_dropped_file_is_gone(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    assert hr.post(f"{where}/drop").status_code == 303
    assert "was not applied" in hr.get(where).text
    assert hr.get(f"{where}/faults.csv").status_code == 404
    assert hr.post(f"{where}/apply", data={"seen": "x"}).status_code == 409


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["units", "jobs", "people", "standards", "assessments", "offers"])
def test_every_kind_can_be_taken_and_has_an_example(cast: Cast, hr: FlaskClient, kind: str, form: str) -> None:
    assert cast.mentee
    for where in (f"/files/take-{kind}.{form}", f"/files/example-{kind}.{form}"):
        answer = hr.get(where)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert len(answer.data) > 20
    db.session.rollback()
    assert db.session.scalar(sa.select(AuditEntry.facts).where(AuditEntry.act == "file_taken")) == {"kind": kind, "form": form}


def test_what_is_taken_over_the_page_and_brought_back_changes_nothing(cast: Cast, hr: FlaskClient) -> None:
    assert cast.mentee
    assert cast.mentor
    where = bring(hr, "people", hr.get("/files/take-people.xlsx").data, "people.xlsx").headers["Location"]
    assert "There is nothing to apply" in hr.get(where).text


@pytest.mark.parametrize("who", ["mentee", "mentor", "supervisor", "stranger"])
def test_who_is_not_hr_has_no_files(cast: Cast, hr: FlaskClient, who: str) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    client = cast.client(getattr(cast, who))
    assert hr.get(where).status_code == 200
    for path in (
        "/files",
        where,
        f"{where}/columns",
        f"{where}/faults.csv",
        "/files/take-people.csv",
        "/files/example-people.csv",
    ):
        assert client.get(path).status_code in (403, 404), path
    assert client.post(f"{where}/apply", data={"seen": digest(hr, where)}).status_code in (403, 404)
    assert bring(client, "people", GOOD).status_code == 403
    assert db.session.scalar(sa.select(Person).where(Person.email == "a@nusaraya.example")) is None


def test_hr_of_one_unit_takes_its_part_and_sees_no_ones_imports(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    local = cast.person("local", cast.finance)
    from mentorlink.kernel import clock
    from mentorlink.people.models import RoleGrant

    db.session.add(RoleGrant(person_id=local.id, role="manager", unit_id=cast.finance.id, granted_at=clock.now()))
    db.session.commit()
    assert cast.mentor
    assert cast.mentee
    client = cast.client(local)
    assert client.get("/files").status_code == 200
    taken = client.get("/files/take-people.csv").get_data(as_text=True)
    assert "mentee@" in taken
    assert "mentor@" not in taken
    assert client.get(where).status_code == 404
    assert bring(client, "people", GOOD).status_code == 403


def test_an_unknown_file_kind_or_form_is_not_there(cast: Cast, hr: FlaskClient) -> None:
    for path in (
        "/files/999",
        "/files/take-passwords.csv",
        "/files/take-people.pdf",
        "/files/example-people.exe",
        "/files/999/faults.csv",
    ):
        assert hr.get(path).status_code == 404, path


def test_what_somebody_wrote_stays_text_on_the_page(cast: Cast, hr: FlaskClient) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    data = csv_bytes([*HEAD, nasty], [nasty, f"{nasty}@x", nasty, nasty, nasty])
    where = bring(hr, "people", data, f"{nasty}.csv").headers["Location"]
    for path in (where, f"{where}/columns", "/files"):
        page = hr.get(path)
        assert "onerror=alert(1)" in page.text
        assert "<img src=x" not in page.text


def test_the_pages_take_few_queries(cast: Cast, hr: FlaskClient) -> None:
    for number in range(12):
        bring(hr, "people", csv_bytes(HEAD, [NIP, f"a{number}@nusaraya.example", "Ahmad", "finance"]))
    where = bring(
        hr, "people", xlsx_bytes([HEAD, *[["", f"p{n}@nusaraya.example", "Orang", "finance"] for n in range(200)]])
    ).headers["Location"]
    for path, most in (("/files", 15), (where, 20), (f"{where}/columns", 20)):
        with count_queries() as sent:
            assert hr.get(path).status_code == 200
        assert len(sent) <= most, (path, len(sent))


def test_a_word_without_its_column_changes_nothing(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    assert hr.post(f"{where}/columns", data={"word.x": "y", "word": "z"}).status_code in (303, 422)


def test_a_file_brought_as_another_kind_is_taken_over_as_what_it_is(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "units", GOOD).headers["Location"]
    page = hr.get(where)
    assert "This looks like a file of another kind: People" in text_of(page.text)
    answer = hr.post(f"{where}/kind", data={"kind": "people"})
    assert answer.status_code == 303
    shown = text_of(hr.get(answer.headers["Location"]).text)
    assert "Ahmad · a@nusaraya.example" in shown
    assert "of another kind" not in shown
    assert "This file was not applied" in hr.get(where).text


def test_what_a_word_means_stays_chosen_when_a_column_is_refused(cast: Cast, hr: FlaskClient) -> None:
    assert cast.finance
    data = csv_bytes(HEAD, [NIP, "a@nusaraya.example", "Ahmad", "Bagian Uang"])
    where = bring(hr, "people", data).headers["Location"]
    sent = {"column.name": "Nama", "column.unit": "Unit kerja", "word.unit.1": "Bagian Uang", "means.unit.1": "finance"}
    refused = hr.post(f"{where}/columns", data=sent)
    assert refused.status_code == 422
    field = BeautifulSoup(refused.text, "html.parser").select_one("select[name='means.unit.1'] option[selected]")
    assert field is not None
    assert field["value"] == "finance"


def test_who_would_be_called_otherwise_is_asked_about_first(cast: Cast, hr: FlaskClient) -> None:
    where = bring(hr, "people", GOOD).headers["Location"]
    hr.post(f"{where}/apply", data={"seen": digest(hr, where)})
    other = csv_bytes(HEAD, [NIP, "q@nusaraya.example", "Qori Santoso", "finance"])
    page = text_of(hr.get(bring(hr, "people", other).headers["Location"]).text)
    for words in ("1 row may be about another person", "Apply 1 row (1 doubtful)", "Another person?", "Apply all the same"):
        assert words in page


def test_an_empty_cell_is_not_read_as_a_word_and_no_remark_names_its_column_twice(cast: Cast, hr: FlaskClient) -> None:
    data = csv_bytes(HEAD, ["12", "a@nusaraya.example", "", "finance"])
    where = bring(hr, "people", data).headers["Location"]
    assert "empty cell" in text_of(hr.get(where).text)
    remarks = hr.get(f"{where}/faults.csv").text
    assert "A NIP has 18 digits." in remarks
    assert "NIP: A NIP" not in remarks
    assert "Nama: If this person is new" in remarks
