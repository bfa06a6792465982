"""The plan of a year: proposed by the person, revised and approved by the superior, summed up by HR, exported inert."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import python_calamine
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Fault, Invalid, NotFound
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision, LineInput, PlanDecision, RuleInput
from mentorlink.learning.models import DevelopmentPlan, HoursEntry, HoursRule, PlanLine
from mentorlink.learning.queries import jp_of, plan_for, plan_sums_for, progress_for, rule_on, waiting_plans_for
from mentorlink.learning.rules import balance_of, paths_of, progress_of, shipped_paths, suppressed
from mentorlink.learning.rules.giving import shipped_givings
from mentorlink.people.models import Person
from tests import story
from tests.cast import Cast
from tests.exchange.files import written

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)
PATHS = paths_of(shipped_paths())


@pytest.mark.one_database
@given(st.lists(st.integers(0, 12), max_size=9))
def test_what_is_hidden_follows_from_no_total(people: list[int]) -> None:
    hidden = suppressed(people)
    assert all(gone for number, gone in zip(people, hidden, strict=True) if 0 < number < 5)
    gone = [number for number, away in zip(people, hidden, strict=True) if away]
    shown = [number for number in people if number >= 5 and number not in gone]
    assert not gone or not shown or (len(gone) >= 2 and sum(gone) >= 5)


@pytest.mark.one_database
@given(st.lists(st.tuples(st.sampled_from(sorted(PATHS)), st.integers(1, 60)), max_size=8))
def test_the_balance_of_a_plan_sums_to_a_hundred(lines: list[tuple[str, int]]) -> None:
    balance = balance_of([SimpleNamespace(id=1, path=path, jp=jp) for path, jp in lines], PATHS)
    assert [part.share for part in balance] == [10, 20, 70]
    assert sum(part.percent for part in balance) == (100 if lines else 0)


@pytest.mark.one_database
def test_hours_fill_the_line_they_were_claimed_for_and_then_their_path() -> None:
    lines = [SimpleNamespace(id=number, path=path, jp=4) for number, path in ((1, "seminar"), (2, "seminar"), (3, "mentoring"))]
    assert progress_of(lines, {2: 4}, {"seminar": 3, "mentoring": 9}) == {1: 3, 2: 4, 3: 4}


@pytest.fixture
def june(cast: Cast) -> Any:
    """The middle of June 2026, the shipped rule in force, a superior and HR there."""
    with clock.at(NOON):
        actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
        assert cast.supervisor
        assert cast.coordinator
        yield


def begun(cast: Cast, person: Person | None = None, *, lines: int = 1, **said: Any) -> DevelopmentPlan:
    """A plan with so many lines."""
    person = person or cast.mentee
    plan = actions.begin_plan(cast.actor(person), person, 2026)
    for number in range(lines):
        actions.add_line(cast.actor(person), plan, line(cast, f"line-number-{number}", **said))
    return plan


def line(cast: Cast, client_id: str = "line-number-9", **said: Any) -> LineInput:
    data = {"client_id": client_id, "competency_id": cast.competencies[0].id, "path": "seminar", "activity": "Seminar",
            "jp": 4, "month_from": 1, "month_to": 12, "budget": 500_000}  # fmt: skip
    return LineInput.model_validate(data | said)


def take(cast: Cast, who: Person, plan: DevelopmentPlan, step: str, note: str = "", revision: int | None = None) -> None:
    data = PlanDecision.model_validate({"step": step, "note": note, "revision": revision or plan.revision})
    actions.take_plan_step(cast.actor(who), plan, data)


@pytest.mark.usefixtures("june")
def test_a_plan_is_proposed_revised_approved_and_filled_by_the_ledger(cast: Cast) -> None:
    plan = begun(cast)
    assert (plan.lines[0].required, plan.lines[0].actual) == (3, 1)
    take(cast, cast.mentee, plan, "send")
    assert [row.id for row in waiting_plans_for(cast.actor(cast.supervisor))] == [plan.id]
    with pytest.raises(Conflict):
        actions.add_line(cast.actor(cast.mentee), plan, line(cast))
    actions.change_line(cast.actor(cast.supervisor), plan.lines[0], line(cast, jp=8))
    with pytest.raises(Invalid):
        take(cast, cast.supervisor, plan, "return")
    take(cast, cast.supervisor, plan, "return", "One more, please.")
    assert plan.state == "needs_revision"
    actions.add_line(cast.actor(cast.mentee), plan, line(cast, path="mentoring", jp=12))
    take(cast, cast.mentee, plan, "send")
    take(cast, cast.supervisor, plan, "approve")
    first = plan.lines[0]
    said = ClaimInput(client_id="for-the-line", path="seminar", activity="Seminar", starts_on=date(2026, 6, 1),
                      ends_on=date(2026, 6, 1), link="https://example.org", plan_line_id=first.id)  # fmt: skip
    claim = actions.claim_hours(cast.actor(cast.mentee), cast.mentee, said)
    actions.decide_claim(cast.actor(cast.supervisor), claim, Decision(decision="approve", revision=claim.revision))
    assert progress_for(cast.actor(cast.mentee), plan)[first.id] == 4
    take(cast, cast.supervisor, plan, "reopen", "The year changed.")
    assert plan.state == "needs_revision"


@pytest.mark.usefixtures("june")
def test_the_page_shows_the_plan_its_balance_and_what_would_help_with_the_rest(cast: Cast) -> None:
    story.offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    assert "Begin the plan of 2026" in client.get("/development-plan").text
    plan_page = client.post("/development-plan", data={"year": "2026"}).headers["Location"]
    empty = client.get(plan_page).text
    assert "1 mentor with room" in empty
    begun(cast)
    full = client.get(plan_page).text
    assert "People learn about 10% from training" in full
    assert "1 of 3" in full


@pytest.mark.usefixtures("june")
def test_nobody_approves_their_own_plan_another_revision_or_an_empty_one(cast: Cast) -> None:
    plan = begun(cast, lines=0)
    with pytest.raises(Conflict) as refusal:
        take(cast, cast.mentee, plan, "send")
    assert refusal.value.code == "plan_empty"
    actions.add_line(cast.actor(cast.mentee), plan, line(cast))
    take(cast, cast.mentee, plan, "send")
    for person in (cast.mentee, cast.coordinator, cast.stranger, cast.other_head):
        with pytest.raises((Conflict, Denied)):
            take(cast, person, plan, "approve")
    with pytest.raises(Conflict) as refusal:
        take(cast, cast.supervisor, plan, "approve", revision=plan.revision + 1)
    assert refusal.value.code == "plan_changed"
    for person in (cast.stranger, cast.other_head, cast.administrator, cast.mentor):
        with pytest.raises(NotFound):
            plan_for(cast.actor(person), plan.id)
    with pytest.raises(Invalid) as wrong:
        actions.begin_plan(cast.actor(cast.mentee), cast.mentee, 2024)
    assert wrong.value.faults == (Fault("year", "year_not_open"),)


@pytest.mark.usefixtures("june")
def test_hr_sees_sums_of_many_and_none_of_few_and_takes_the_annual_plan_inert(cast: Cast) -> None:
    people = [cast.person(f"planner_{number}", cast.budget, levels=(1, 3, 3)) for number in range(6)]
    for person in people:
        plan = begun(cast, person, activity="=cmd|' /C calc'!A0")
        take(cast, person, plan, "send")
    few = cast.person("only_one", cast.statistics, levels=(1, 3, 3))
    take(cast, few, begun(cast, few), "send")
    cast.person("without_plan", cast.budget, levels=(1, 3, 3))
    sums = plan_sums_for(cast.actor(cast.coordinator), 2026)
    by_unit = {row.unit.code: row for row in sums.units}
    assert (by_unit["finance"].planned, by_unit["finance"].jp, by_unit["finance"].budget) == (6, 24, 3_000_000)
    assert by_unit["statistics"].hidden
    assert by_unit["finance"].hidden  # else the total would tell the one of Statistics
    first = next(row for row in sums.competencies if row.competency.code == "T.1")
    assert (first.needing, first.planned, first.uncovered) == (8, 7, 1)
    assert not first.told
    client = cast.client(cast.coordinator)
    page = client.get("/plans?year=2026")
    assert page.status_code == 200
    assert "fewer than 5" in page.text
    rows = list(csv.reader(io.StringIO(client.get("/plans/annual.csv?year=2026").data.decode("utf-8-sig"))))
    assert len(rows) == 8
    assert rows[1][11] == "'=cmd|' /C calc'!A0"
    book = python_calamine.load_workbook(io.BytesIO(client.get("/plans/annual.xlsx?year=2026").data))
    assert [[written(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()] == rows
    sums_rows = list(csv.reader(io.StringIO(client.get("/plans/sums.csv?year=2026").data.decode("utf-8-sig"))))
    book = python_calamine.load_workbook(io.BytesIO(client.get("/plans/sums.xlsx?year=2026").data))
    cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [[str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row] for row in cells] == sums_rows
    assert len(sums_rows) == 1 + len(sums.units) + len(sums.competencies)
    assert "fewer than 5" in str(sums_rows)
    for person in (cast.mentee, cast.supervisor, cast.administrator):
        assert cast.client(person).get("/plans").status_code == 403


def table() -> dict[str, dict[str, Any]]:
    """The shipped paths as the form of a version says them."""
    rows = {code: dict(row) for code, row in shipped_paths().items()}
    for row in rows.values():
        row |= {f"name_{language}": name for language, name in row.pop("name").items()}
    return rows


@pytest.mark.usefixtures("june")
def test_a_cap_by_the_year_is_granted_once(cast: Cast) -> None:
    """Versions beside a yearly cap begin with a year, so none of them grants it anew in the middle."""
    hr, credit = cast.actor(cast.coordinator), {"path": "mentoring", "minutes": 60}
    said = {"valid_from": date(2027, 1, 1), "floor": 20, "ceiling": 24, "based_on": 1, "giving": shipped_givings()}
    said["paths"] = table()
    said["paths"]["mentoring"] |= {"cap": 3, "cap_unit": "session", "cap_period": "year"}  # type: ignore[index]
    actions.save_hours_rule(hr, RuleInput.model_validate(said))
    with clock.at(datetime(2027, 5, 3, 5, tzinfo=UTC)):
        with pytest.raises(Invalid) as refusal:
            actions.save_hours_rule(hr, RuleInput.model_validate(said | {"valid_from": date(2027, 7, 1), "based_on": 2}))
        assert [fault.code for fault in refusal.value.faults] == ["rule_mid_year"]
        for month in range(1, 13):
            on = date(2027, month, 2)
            actions.credit_deed(Actor.system(), cast.mentee.id, happened_on=on, origin=f"meeting:{month}", **credit)  # type: ignore[arg-type]
    assert jp_of([cast.mentee.id], 2027) == {cast.mentee.id: 6}


@pytest.mark.usefixtures("june")
def test_a_new_rule_holds_from_its_day_and_old_entries_keep_theirs(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)

    def changed(**more: Any) -> RuleInput:
        paths = table()
        paths["mentoring"] |= {"jp": 3} | more.pop("mentoring", {})
        rest = {"valid_from": date(2026, 7, 1), "floor": 24, "ceiling": 24, "based_on": 1, "giving": shipped_givings()}
        return RuleInput.model_validate(rest | {"paths": paths} | more)

    def said(**more: Any) -> list[str]:
        with pytest.raises(Invalid) as refusal:
            actions.save_hours_rule(hr, changed(**more))
        return [fault.code for fault in refusal.value.faults]

    with pytest.raises(Denied):
        actions.save_hours_rule(cast.actor(cast.administrator), changed())
    assert said(valid_from=date(2026, 6, 15)) == ["rule_in_past"]
    assert said(valid_from=date(2026, 7, 2)) == ["rule_mid_month"]
    by_year = {"cap": 9, "cap_unit": "session", "cap_period": "year"}
    assert said(mentoring=by_year) == ["rule_mid_year"]
    assert said(mentoring={"retired": True}) == ["path_credits_itself"]
    assert said(new={**table()["seminar"], "code": "seminar"}) == ["path_there_already"]
    credit = {"path": "mentoring", "minutes": 60}
    actions.credit_deed(Actor.system(), cast.mentee.id, happened_on=date(2026, 6, 3), origin="meeting:1", **credit)
    made = actions.save_hours_rule(hr, changed())
    with pytest.raises(Conflict):
        actions.save_hours_rule(hr, changed())
    assert (rule_on(date(2026, 6, 30)).number, rule_on(date(2026, 7, 1)).number) == (1, made.number)
    actions.credit_deed(Actor.system(), cast.mentee.id, happened_on=date(2026, 6, 4), origin="meeting:2", **credit)
    actions.credit_deed(Actor.system(), cast.mentee.id, happened_on=date(2026, 7, 4), origin="meeting:3", **credit)
    entries = db.session.execute(
        sa.select(HoursEntry.jp, HoursRule.number).join(HoursRule, HoursEntry.rule_id == HoursRule.id).order_by(HoursEntry.id)
    ).all()
    assert [tuple(entry) for entry in entries] == [(2, 1), (2, 1), (3, 2)]


@pytest.mark.usefixtures("june")
def test_hr_makes_a_version_on_the_page_and_a_half_said_cap_comes_back(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    assert client.get("/learning-rules/new").status_code == 200
    data: dict[str, Any] = {"valid_from": "2026-08-01", "floor": "20", "ceiling": "24", "based_on": "1"}
    for code, row in table().items():
        for name, value in row.items():
            if value not in (None, False):
                data[f"paths.{code}.{name}"] = "1" if value is True else str(value)
    data |= {"giving.gathering_attended.path": "community", "giving.page_written.path": "community"}
    data |= {"giving.page_written.minutes": "60"}
    wrong = client.post("/learning-rules", data=data | {"paths.seminar.cap": "3"})
    assert wrong.status_code == 422
    assert "A cap says how many" in wrong.text
    more = {"paths.seminar.name_en": "Seminar or talk", "paths.upgrading.retired": "1", "new.code": "reading_circle"}
    more |= {"new.name_id": "Lingkar baca", "new.share": "20", "new.rule": "per_activity", "new.jp": "2", "new.record_id": "25"}
    assert client.post("/learning-rules", data=data | more).headers["Location"].endswith("/learning-rules/2")
    kept = db.session.scalars(sa.select(HoursRule).where(HoursRule.number == 2)).one()
    changed = {code for code, row in kept.paths.items() if row != shipped_paths().get(code)}
    assert changed == {"seminar", "upgrading", "reading_circle"}
    assert (kept.paths["seminar"]["name"]["en"], kept.paths["upgrading"]["retired"]) == ("Seminar or talk", True)
    assert kept.paths["reading_circle"]["name"] == {"id": "Lingkar baca", "en": "Lingkar baca"}
    assert kept.giving["page_written"] == {"path": "community", "minutes": 60}
    assert kept.giving["answer_accepted"] == {"path": None, "minutes": None}
    assert cast.client(cast.mentee).get("/learning-rules/2").status_code == 200
    assert db.session.scalars(sa.select(PlanLine)).all() == []
