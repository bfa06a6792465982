"""A period is built, checked, approved by another, frozen; what is frozen never changes, whoever asks and by whatever way."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision, PeriodStep, Reason
from mentorlink.learning.models import Claim, HoursEntry, LearningPeriod, RecapRow
from mentorlink.learning.queries.periods import recap_sums_for
from mentorlink.learning.rules.periods import faults_of_period, months_between
from mentorlink.notifications.models import Notice
from tests import story
from tests.cast import Cast
from tests.exchange.files import written
from tests.learning.closing import AFTER, SAID, begin, freeze, step

MAY = datetime(2026, 5, 12, 5, tzinfo=UTC)
LINK = "https://drive.example/bukti"


@pytest.fixture
def half(cast: Cast) -> Cast:
    """In May the mentee met the mentor three times and learned two other things, one called like a formula."""
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    mentee = cast.mentee
    db.session.execute(sa.update(type(mentee)).where(type(mentee).id == mentee.id).values(nip="198503122010012007"))
    db.session.commit()
    with clock.at(MAY):
        pair = story.pair(cast)
    for day in range(3):
        with clock.at(MAY + timedelta(days=day, hours=2)):
            story.met(cast, pair)
    claim(cast, '=HYPERLINK("http://x")', path="seminar")
    claim(cast, "Technical training", path="technical", stated_jp=12, certificate_no="DIK-77")
    return cast


def claim(cast: Cast, activity: str, *, approve: bool = True, on: datetime = MAY, **more: object) -> Claim:
    said = {
        "client_id": f"client-{activity}"[:60],
        "activity": activity,
        "starts_on": on.date(),
        "ends_on": on.date(),
        "link": LINK,
    }
    with clock.at(on + timedelta(days=8)):
        row = actions.claim_hours(cast.actor(cast.mentee), cast.mentee, ClaimInput.model_validate(said | more))
        if approve:
            actions.decide_claim(cast.actor(cast.supervisor), row, Decision(decision="approve", revision=1))
    return row


@pytest.mark.one_database
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 400))
def test_every_day_of_a_period_lies_in_one_of_its_months(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    months = months_between(first, last)
    assert months == sorted(set(months))
    assert {(first + timedelta(days=n)).replace(day=1) for n in range(length + 1)} == set(months)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("begins", "ends", "codes"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), []),
        (date(2026, 1, 2), date(2026, 12, 30), ["period_first_of_month", "period_last_of_month"]),
        (date(2026, 3, 1), date(2026, 2, 28), ["period_ends_before"]),
        (date(2025, 11, 1), date(2026, 1, 31), ["period_over_years"]),
    ],
)
def test_a_period_is_whole_months_of_one_year(begins: date, ends: date, codes: list[str]) -> None:
    assert [fault.code for fault in faults_of_period(begins, ends)] == codes


def test_no_month_lies_in_two_periods(half: Cast) -> None:
    begin(half)
    other = SAID.model_copy(update={"begins_on": date(2026, 6, 1), "ends_on": date(2026, 9, 30)})
    with pytest.raises(Invalid) as refusal:
        actions.add_period(half.actor(half.coordinator), other)
    assert [fault.code for fault in refusal.value.faults] == ["period_overlaps"]


def test_the_recap_says_what_the_ledger_holds_and_no_word_of_the_talks(half: Cast) -> None:
    period = step(half.actor(half.coordinator), begin(half), "build")
    rows = {row.source.split(":")[0] + row.path: row for row in db.session.scalars(sa.select(RecapRow))}
    assert period.state == "built"
    assert set(rows) == {"mentorshipmentoring", "claimseminar", "claimtechnical"}
    talks = rows["mentorshipmentoring"]
    assert (talks.held, talks.counted, talks.jp, talks.certifies) == (3, 2, 4, True)
    assert (talks.facts["helper"], talks.nip) == (half.mentor.full_name, "198503122010012007")
    assert (rows["claimtechnical"].facts["certificate"], rows["claimtechnical"].certifies) == ("DIK-77", False)
    assert sum(row.jp for row in rows.values()) == db.session.scalar(sa.select(sa.func.sum(HoursEntry.jp)))
    assert "talked" not in str([row.facts for row in rows.values()])


def test_a_build_that_was_cut_off_is_begun_again_and_doubles_nothing(half: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hr, period = half.actor(half.coordinator), begin(half)
    with clock.at(AFTER):
        actions.take_period_step(hr, period, PeriodStep(step="build", revision=1))
        build = db.session.get_one(LearningPeriod, period.id).build
        actions.write_recap_part(Actor.system(), period.id, build=build, after=0)
        actions.write_recap_part(Actor.system(), period.id, build=build, after=0)
        jobs.run_due()
        jobs.handlers["learning.recap"]({"period_id": period.id, "build": build, "after": 0})
    assert db.session.get_one(LearningPeriod, period.id).state == "built"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecapRow)) == 3


def test_a_building_whose_worker_dies_is_taken_up_where_its_lease_ends(half: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two parts, the job is nobody's until the lease runs out; then another worker writes each line once."""
    people = [half.person(f"learner {number}", half.budget) for number in range(3)]
    for person in people:
        said = {"path": "technical", "happened_on": MAY.date(), "origin": "claim:77", "jp": 5}
        actions.credit_deed(Actor.system(), person.id, **said)  # type: ignore[arg-type]
    monkeypatch.setattr("mentorlink.learning.actions.periods.PART", 1)
    parts: list[int | None] = []

    def dies(*args: Any, **more: Any) -> int | None:
        if len(parts) == 2:
            parts.append(None)
            raise KeyboardInterrupt
        parts.append(actions.write_recap_part(*args, **more))
        return parts[-1]

    monkeypatch.setattr("mentorlink.learning.effects.write_recap_part", dies)
    hr, period = half.actor(half.coordinator), begin(half)
    with clock.at(AFTER):
        actions.take_period_step(hr, period, PeriodStep(step="build", revision=1))
        with pytest.raises(KeyboardInterrupt):
            jobs.run_due()
        db.session.rollback()
        assert jobs.run_due() == 0, "its lease still runs"
    sources = sa.select(RecapRow.person_id, RecapRow.path, RecapRow.source)
    assert 0 < len(db.session.execute(sources).all()) < 6
    assert db.session.get_one(LearningPeriod, period.id).state == "building"
    with clock.at(AFTER + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due() >= 1
    found = db.session.execute(sources).all()
    assert (len(found), len(set(found))) == (6, 6)
    assert db.session.get_one(LearningPeriod, period.id).state == "built"


def test_who_checked_does_not_approve_and_a_stale_page_does_nothing(half: Cast) -> None:
    hr, period = half.actor(half.coordinator), begin(half)
    step(hr, period, "build")
    old = period.revision
    step(hr, period, "check")
    with pytest.raises(Denied):
        step(hr, period, "approve")
    with pytest.raises(Conflict) as stale:
        actions.take_period_step(hr, period, PeriodStep(step="return", revision=old, note="Look again"))
    assert stale.value.code == "period_changed"
    with pytest.raises(Denied):
        step(half.actor(half.supervisor), period, "approve")


def test_hours_that_came_since_must_be_built_in_first(half: Cast) -> None:
    hr, period = half.actor(half.coordinator), begin(half)
    step(hr, period, "build")
    claim(half, "Late seminar", path="seminar", on=MAY + timedelta(days=14))
    assert recap_sums_for(hr, db.session.get_one(LearningPeriod, period.id)).outdated
    with pytest.raises(Conflict) as refusal:
        step(hr, period, "check")
    assert refusal.value.code == "recap_outdated"
    assert freeze(half, period).state == "frozen"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RecapRow)) == 4


def test_into_a_frozen_period_nothing_comes_and_each_is_told_why(half: Cast) -> None:
    waiting = claim(half, "Waiting", path="seminar", approve=False, on=MAY + timedelta(days=20))
    approved = db.session.scalars(sa.select(Claim).where(Claim.state == "approved")).first()
    assert approved
    freeze(half)
    before = db.session.execute(sa.select(HoursEntry.id, HoursEntry.jp).order_by(HoursEntry.id)).all()
    with clock.at(AFTER):
        with pytest.raises(Invalid) as refused:
            claim(half, "Too late", path="seminar", on=MAY + timedelta(days=25))
        assert [fault.code for fault in refused.value.faults] == ["period_frozen"]
        for act in (
            lambda: actions.decide_claim(half.actor(half.supervisor), waiting, Decision(decision="approve", revision=1)),
            lambda: actions.reverse_claim(half.actor(half.coordinator), approved, Reason(note="Counted twice")),
        ):
            with pytest.raises(Conflict) as refusal:
                act()
            assert refusal.value.code == "period_frozen"
        actions.decide_claim(half.actor(half.supervisor), waiting, Decision(decision="refuse", revision=1, note="Too late."))
        late = {"path": "mentoring", "happened_on": date(2026, 6, 3), "origin": "meeting:99"}
        actions.credit_deed(Actor.system(), half.mentee.id, **late)  # type: ignore[arg-type]
        assert actions.credit_year(Actor.system(), 2026) == 0
    assert db.session.execute(sa.select(HoursEntry.id, HoursEntry.jp).order_by(HoursEntry.id)).all() == before
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "deed_too_late")).one()
    assert (told.person_id, told.facts["day"]) == (half.mentee.id, "2026-06-03")


def test_the_database_itself_keeps_ledger_and_frozen_period(half: Cast) -> None:
    statements = [
        sa.update(HoursEntry).values(jp=99),
        sa.delete(HoursEntry),
    ]
    period = freeze(half)
    entry = {c.name: getattr(db.session.scalars(sa.select(HoursEntry)).first(), c.name) for c in HoursEntry.__table__.c}
    statements += [
        sa.update(LearningPeriod).where(LearningPeriod.id == period.id).values(state="open", frozen_at=None),
        sa.delete(LearningPeriod),
        sa.update(RecapRow).values(jp=99),
        sa.delete(RecapRow),
        sa.insert(HoursEntry).values(**(entry | {"id": 9999, "origin": "forged:1"})),
    ]
    for statement in statements:
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_the_head_of_the_agency_reads_the_recap_without_whole_numbers_of_people(half: Cast) -> None:
    period = freeze(half)
    head = half.client(half.person("head", half.agency, heads=half.agency))
    with clock.at(AFTER, everywhere=True):
        for file in ("recap.csv", "record-system.csv"):
            text = text_of(head, f"/learning-periods/{period.id}/{file}").read()
            assert "198503122010012007" not in text
            assert text.count("007") == 3


def test_the_files_hold_what_the_recap_holds_cell_by_cell(half: Cast, tmp_path: Path) -> None:
    period = freeze(half)
    client = half.client(half.coordinator)
    with clock.at(AFTER, everywhere=True):
        file = tmp_path / "recap.xlsx"
        file.write_bytes(client.get(f"/learning-periods/{period.id}/recap.xlsx").data)
        sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
        plain = list(csv.reader(io.StringIO(client.get(f"/learning-periods/{period.id}/recap.csv").text.lstrip("\ufeff"))))
        system = list(
            csv.DictReader(io.StringIO(client.get(f"/learning-periods/{period.id}/record-system.csv").text.lstrip("\ufeff")))
        )
        rows = csv.reader(text_of(client, f"/learning-periods/{period.id}/record-system.csv"))
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/learning-periods/{period.id}/record-system.xlsx").data))
        people = list(csv.DictReader(text_of(client, f"/learning-periods/{period.id}/record-system.csv")))
        assert half.client(half.supervisor).get(f"/learning-periods/{period.id}/recap.csv").status_code == 404
    cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [[written(cell) for cell in row] for row in cells] == list(rows)
    assert {type(row[0]) for row in cells} == {str}, "a number of 18 digits stands as text"
    assert [row["nipBaru"] for row in people] == ["198503122010012007"] * 3
    assert [len(sheet), len(plain)] == [4, 4]
    assert [[cell.removeprefix("'") for cell in row] for row in plain] == [
        [written(cell).removeprefix("'") for cell in row] for row in sheet
    ]
    kinds = {name: type(cell) for name, cell in zip(sheet[0], sheet[1], strict=True)}
    assert (kinds["NIP"], kinds["JP"], kinds["Start"]) == (str, float, date), "a spreadsheet adds up hours and sorts days"
    head = plain[0]
    for row in plain[1:]:
        said = dict(zip(head, row, strict=True))
        assert said["NIP"] == "'198503122010012007"
        assert said["Goal"] in ("", '\'=HYPERLINK("http://x")', "Technical training")
    by_path = {row["jenisDiklatId"]: row for row in system}
    assert set(by_path) == {"15", "9", "3"}
    assert {row["nipBaru"] for row in system} == {"198503122010012007"}
    training = by_path["3"]
    assert (training["tanggalKursus"], training["tahunKursus"], training["jumlahJam"]) == ("12-05-2026", "2026", "12")
    assert (training["noSertipikat"], by_path["9"]["namaKursus"]) == ("DIK-77", '\'=HYPERLINK("http://x")')


def text_of(client: FlaskClient, path: str) -> io.StringIO:
    return io.StringIO(client.get(path).text.lstrip("\ufeff"))


def test_the_pages_lead_from_the_ledger_to_the_frozen_period(half: Cast) -> None:
    client, head = half.client(half.coordinator), half.client(half.person("agency_head", half.agency, heads=half.agency))
    with clock.at(AFTER, everywhere=True):
        form = SAID.model_dump(mode="json")
        page = client.get("/learning-periods").text
        assert "first of a month" in page
        assert 'value="2025-01-01"' in page
        assert client.post("/learning-periods", data=form | {"begins_on": "2026-01-02"}).status_code == 422
        where = client.post("/learning-periods", data=form).headers["Location"]
        period_id = int(where.rsplit("/", 1)[1])
        for browser, code in ((client, "build"), (client, "check"), (head, "approve"), (client, "freeze")):
            page = browser.get(where).text
            assert f'value="{code}"' in page
            revision = db.session.get_one(LearningPeriod, period_id).revision
            assert browser.post(f"{where}/step", data={"step": code, "revision": revision}).status_code == 303
            jobs.run_due()
            db.session.rollback()
        assert db.session.get_one(LearningPeriod, period_id).state == "frozen"
        assert "Issue 2 certificates" in client.get(where).text
        assert half.client(half.mentee).get(where).status_code == 404
        assert 'value="2026-07-01"' in client.get("/learning-periods").text, "the half-year after it is offered next"


def test_before_freezing_the_page_names_the_claims_that_would_come_too_late(half: Cast) -> None:
    late = claim(half, "A seminar that waits", approve=False, path="seminar", on=MAY + timedelta(days=9))
    hr, period = half.actor(half.coordinator), begin(half)
    head = half.actor(half.person("agency_head", half.agency, heads=half.agency))
    for who, code in ((hr, "build"), (hr, "check"), (head, "approve")):
        step(who, period, code)
    with clock.at(AFTER, everywhere=True):
        page = half.client(half.coordinator).get(f"/learning-periods/{period.id}").text
    assert page.count(f'href="/claims/{late.id}"') == 2
    assert "1 claim would come too late" in page
