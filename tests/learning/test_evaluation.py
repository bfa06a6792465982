"""Evaluation: gains with their edges, intervals, silence below five; tests in their order; questions months later."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import python_calamine
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid, NotFound
from mentorlink.learning import actions
from mentorlink.learning.actions.evaluation import two_sets
from mentorlink.learning.actions.giving import credit_giving
from mentorlink.learning.inputs import ConsentInput, FeedbackInput, FormInput, IndicatorInput, ItemInput, ValueInput
from mentorlink.learning.models import BehaviourReview, Feedback, TestForm, TestItem, TestSitting
from mentorlink.learning.queries.evaluation import evaluation_for, open_tests_for, questions_of, set_of, unsaid_for
from mentorlink.learning.queries.settings import settings_now
from mentorlink.learning.rules.evaluation import gain, gain_class, gains_of, mean_of, means_by
from mentorlink.learning.rules.settings import Settings
from mentorlink.notifications.models import Notice
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Series
from tests import story
from tests.cast import Cast

NOW = datetime(2026, 6, 15, 5, tzinfo=UTC)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("before", "after", "value", "name"),
    [
        (2, 6, 0.5, "medium"), (0, 10, 1.0, "high"), (5, 6, 0.2, "low"), (0, 3, 0.3, "medium"), (0, 7, 0.7, "medium"),
        (4, 4, 0.0, "low"), (8, 4, -0.5, "loss"), (10, 5, -0.5, "loss"), (5, 0, -1.0, "loss"), (0, 0, 0.0, "low"),
    ],
)  # fmt: skip
def test_gain_at_its_edges(before: int, after: int, value: float, name: str) -> None:
    found = gain(before, after, 10)
    assert found == pytest.approx(value)
    assert gain_class(value) == name


@pytest.mark.one_database
def test_who_knew_all_before_has_no_gain_and_is_counted_apart() -> None:
    assert gain(10, 10, 10) is None
    found = gains_of([(10, 10, 10)] * 6 + [(5, 8, 10)] * 6)
    assert (found.n, found.full_before) == (12, 6)
    assert found.mean_of_gains
    assert found.mean_of_gains.value == pytest.approx(0.6)
    assert found.gain_of_means == pytest.approx((0.9 - 0.75) / 0.25)


@pytest.mark.one_database
def test_of_fewer_than_five_nothing_is_told_not_even_by_subtraction() -> None:
    assert mean_of([1.0] * 4) is None
    found = gains_of([(1, 2, 10)] * 4)
    assert (found.mean_of_gains, found.before, found.classes) == (None, None, None)
    assert gains_of([(1, 2, 10)] * 9 + [(1, 9, 10)]).classes is None
    told = means_by({"mentoring": [5.0] * 20, "coaching": [4.0] * 3, "community": [3.0] * 8}, bounds=(1, 5))
    assert told["coaching"] is None
    assert told["community"] is None
    assert told["mentoring"]


@pytest.mark.one_database
@given(st.lists(st.floats(1, 5), min_size=5, max_size=80))
def test_the_interval_holds_the_mean_within_its_bounds(values: list[float]) -> None:
    found = mean_of(values, bounds=(1, 5))
    assert found
    assert found.low is not None
    assert found.high is not None
    assert 1 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 5


@pytest.mark.one_database
@given(st.lists(st.integers(1, 5), min_size=2, max_size=40), st.data())
def test_two_sets_share_no_question_and_are_alike(levels: list[int], data: st.DataObject) -> None:
    bank = list(enumerate(levels))
    size = data.draw(st.integers(1, len(bank) // 2))
    before, after = two_sets(bank, size)
    assert len(set(before)) == len(set(after)) == size
    assert not set(before) & set(after)
    assert two_sets(bank, size) == (before, after)


def a_form(cast: Cast, questions: int = 2) -> TestForm:
    hr, competency = cast.actor(cast.coordinator), cast.competencies[0]
    for number in range(2 * questions):
        said = ItemInput(
            competency_id=competency.id, level=2, stem=f"Which of these is right, {number}?", options=["a", "b"], correct=1
        )
        actions.add_item(hr, said)
    more = {"after_from": date(2026, 7, 1), "closes_on": date(2026, 7, 31)}
    return actions.make_form(hr, FormInput(title="Budget", competency_id=competency.id, questions=questions, **more))  # type: ignore[arg-type]


def answers(form: TestForm, part: str, right: int, person_id: int) -> dict[int, int]:
    ids = [item.id for item in questions_of(set_of(form, part, person_id))]
    return {item_id: 1 if place < right else 0 for place, item_id in enumerate(ids)}


def test_a_test_is_sat_before_and_after_each_once_and_in_its_time(cast: Cast) -> None:
    with clock.at(NOW):
        form, who, me = a_form(cast), cast.actor(cast.mentee), cast.mentee.id
        with pytest.raises(Conflict):
            actions.sit_test(who, form, "after", answers=answers(form, "after", 2, me))
        with pytest.raises(Invalid):
            actions.sit_test(who, form, "before", answers={})
        actions.sit_test(who, form, "before", answers=answers(form, "before", 1, me))
        with pytest.raises(Conflict) as again:
            actions.sit_test(who, form, "before", answers=answers(form, "before", 2, me))
        assert again.value.code == "test_done"
    with clock.at(NOW + timedelta(days=20)):
        page = cast.client(cast.mentee)
        with clock.at(NOW + timedelta(days=20), everywhere=True):
            assert "Second part" in page.get(f"/tests/{form.id}").text
            data = {f"q{item_id}": str(value) for item_id, value in answers(form, "after", 2, me).items()}
            assert page.post(f"/tests/{form.id}", data=data).status_code == 303
    row = db.session.get_one(TestSitting, (form.id, cast.mentee.id))
    assert (row.before, row.after, row.most) == (1, 2, 2)
    with clock.at(NOW), pytest.raises(Invalid) as small:
        actions.make_form(cast.actor(cast.coordinator), FormInput(title="Too many", competency_id=cast.competencies[0].id,
                          questions=9, after_from=date(2026, 7, 1), closes_on=date(2026, 7, 2)))  # fmt: skip
    assert small.value.faults[0].facts == {"there": 4, "needed": 18}


def test_feedback_counts_from_five_people_on_and_not_of_who_said_no(cast: Cast) -> None:
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    people = [cast.person(f"learner {n}", cast.budget) for n in range(5)]
    hr = cast.actor(cast.coordinator)
    with clock.at(NOW):
        for number in range(5):
            was_there(people[0], number)
            say(cast, people[0], 5, origin=f"gathering:{number}")
        found = evaluation_for(hr, 2026)
        assert (found.useful, found.by_path["community"], found.answers) == (None, None, 5)
        for person in people:
            was_there(person, 7)
            for useful in (2, 4):
                say(cast, person, useful, origin="gathering:7")
        for number in range(5):
            say(cast, people[0], 4, origin=f"gathering:{number}")
        found = evaluation_for(hr, 2026)
        assert found.useful
        assert (found.useful.n, found.useful.value) == (5, 4)
        actions.say_consent(cast.actor(people[0]), people[0], ConsentInput(purpose="evaluation", given=False))
        assert evaluation_for(hr, 2026).useful is None
        actions.say_consent(cast.actor(people[0]), people[0], ConsentInput(purpose="evaluation", given=True))
        assert evaluation_for(hr, 2026).useful
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Feedback)) == 10


def was_there(person: Person, number: int) -> None:
    """At a gathering of a community, a fortnight ago."""
    said = {"deed": "gathering_attended", "origin": f"gathering:{number}", "at": NOW - timedelta(days=13), "minutes": 90}
    credit_giving(Actor.system(), person.id, **said)  # type: ignore[arg-type]


def say(cast: Cast, person: Person, useful: int, *, origin: str) -> None:
    """How useful it was."""
    actions.give_feedback(cast.actor(person), person, FeedbackInput(origin=origin, useful=useful, usable=3))


def test_both_who_met_can_say_how_it_was_also_where_it_brings_no_hours(cast: Cast) -> None:
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    with clock.at(NOW - timedelta(days=3)):
        meeting = story.met(cast, story.pair(cast))
    origin = f"meeting:{meeting.id}"
    with clock.at(NOW):
        for person in (cast.mentee, cast.mentor):
            other = cast.mentor if person is cast.mentee else cast.mentee
            unsaid = unsaid_for(cast.actor(person), person)
            assert [(deed.origin, deed.path, deed.title) for deed in unsaid] == [(origin, "mentoring", other.full_name)]
            say(cast, person, 4, origin=origin)
            assert unsaid_for(cast.actor(person), person) == []
        assert unsaid_for(cast.actor(cast.stranger), cast.stranger) == []
        with pytest.raises(NotFound):
            say(cast, cast.stranger, 4, origin=origin)
        actions.withdraw_deed(Actor.system(), cast.mentee.id, origin=origin)
        with pytest.raises(NotFound):
            say(cast, cast.mentee, 5, origin=origin)
    with clock.at(NOW + timedelta(days=60)), pytest.raises(NotFound):
        say(cast, cast.mentor, 4, origin=origin)


def test_an_answer_left_empty_does_not_move_the_right_one(cast: Cast) -> None:
    said = {"competency_id": str(cast.competencies[0].id), "level": "2", "stem": "Which of these is right?", "correct": "2"}
    page = cast.client(cast.coordinator)
    assert page.post("/evaluation/bank", data={**said, "options": ["first", "", "third", " "]}).status_code == 303
    item = db.session.scalars(sa.select(TestItem)).one()
    assert (item.options, item.options[item.correct]) == (["first", "third"], "third")
    assert page.post("/evaluation/bank", data={**said, "correct": "1", "options": ["first", "", "third"]}).status_code == 422


def test_a_test_of_a_programme_is_for_its_learners_and_can_be_closed_early(cast: Cast) -> None:
    with clock.at(NOW, everywhere=True):
        pair, form, hr = story.pair(cast), a_form(cast), cast.client(cast.coordinator)
        named = {"id": "Program", "en": "Programme"}
        spring = cast.add(Programme(code="spring", kind="mentoring", name=named, state="active", rules={}, weights={},
                                     created_at=NOW, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)))  # fmt: skip
        for row in (pair, form):
            db.session.execute(sa.update(type(row)).where(type(row).id == row.id).values(programme_id=spring.id))
        db.session.commit()
        assert [row.form.id for row in open_tests_for(cast.actor(cast.mentee))] == [form.id]
        assert open_tests_for(cast.actor(cast.stranger)) == []
        assert cast.client(cast.stranger).get(f"/tests/{form.id}").status_code == 404
        assert "Which of these is right" in hr.get(f"/evaluation/tests/{form.id}").text
        assert cast.client(cast.mentee).get(f"/evaluation/tests/{form.id}").status_code == 404
        assert hr.post(f"/evaluation/tests/{form.id}/close").status_code == 303
        assert open_tests_for(cast.actor(cast.mentee)) == []
        with pytest.raises(Conflict):
            actions.sit_test(cast.actor(cast.mentee), db.session.get_one(TestForm, form.id), "before", answers={})


@pytest.mark.one_database
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_everybody_is_asked_both_sets_and_half_the_other_way_round(form_id: int, person_id: int) -> None:
    form = TestForm(id=form_id, before=[1, 2], after=[3, 4])
    asked = [set_of(form, part, person_id) for part in ("before", "after")]
    assert sorted(asked) == [[1, 2], [3, 4]]
    assert asked == [set_of(form, part, person_id + 1) for part in ("after", "before")]


def test_hr_sets_who_signs_and_which_gain_is_high(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    assert 'value="0.3"' in client.get("/learning-settings").text
    said = {**Settings().told(), "based_on": 0, "gain_high": 0.5, "reaction_days": 30}
    wrong = client.post("/learning-settings", data=said | {"signatory_name": "Dr. Sri Wahyuni"})
    assert (wrong.status_code, settings_now().reaction_days) == (422, 60)
    signs = {"issuing_unit": "Biro SDM", "signatory_name": "Dr. Sri Wahyuni", "signatory_title": "Kepala", "place": "Jakarta"}
    assert client.post("/learning-settings", data=said | signs).status_code == 303
    assert (settings_now().signs, settings_now().gain_high, settings_now().reaction_days) == (signs, 0.5, 30)
    assert client.post("/learning-settings", data=said).status_code == 409
    assert cast.client(cast.mentee).get("/learning-settings").status_code == 403


def test_three_months_after_closing_both_are_asked_once(cast: Cast) -> None:
    assert cast.supervisor.id
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    with clock.at(NOW - timedelta(days=100)):
        story.walk(cast, story.pair(cast))
    with clock.at(NOW):
        assert actions.ask_behaviour(Actor.system(), NOW.date()) == 1
        assert actions.ask_behaviour(Actor.system(), NOW.date()) == 0
        rows = db.session.scalars(sa.select(BehaviourReview)).all()
        assert {(row.side, row.asked_id) for row in rows} == {("self", cast.mentee.id), ("superior", cast.supervisor.id)}
        kinds = db.session.scalars(sa.select(Notice.kind).where(Notice.kind.startswith("behaviour"))).all()
        assert sorted(kinds) == ["behaviour_self", "behaviour_superior"]
        review = next(row for row in rows if row.side == "superior")
        with clock.at(NOW, everywhere=True):
            assert cast.client(cast.mentee).get(f"/behaviour/{review.id}").status_code == 404
            asked = cast.client(cast.supervisor).get(f"/behaviour/{review.id}").text
            assert f"Since the mentoring of {cast.mentee.full_name} ended on" in asked
            assert cast.client(cast.supervisor).post(f"/behaviour/{review.id}", data={"score": "4"}).status_code == 303
    assert db.session.get_one(BehaviourReview, review.id).score == 4


def test_months_after_a_coaching_both_are_asked_too_and_the_answer_counts_beside(cast: Cast) -> None:
    assert cast.supervisor.id
    began, ended = NOW - timedelta(days=200), NOW - timedelta(days=100)
    for state, coach, end in (("closed", cast.mentor, ended), ("ended_early", cast.second_mentor, ended)):
        series = cast.add(Series(state="closed", created_at=began))
        cast.add(Engagement(coach_id=coach.id, coachee_id=cast.mentee.id, series_id=series.id, state=state, started_at=began,
                             coach_yes_at=began, coachee_yes_at=began, engaged_at=began, ended_at=end))  # fmt: skip
    with clock.at(NOW):
        assert actions.ask_behaviour(Actor.system(), NOW.date()) == 1, "what broke off early is not asked about"
        assert actions.ask_behaviour(Actor.system(), NOW.date()) == 0
        rows = db.session.scalars(sa.select(BehaviourReview)).all()
        assert {(row.side, row.asked_id, row.origin.split(":")[0]) for row in rows} == {
            ("self", cast.mentee.id, "engagement"), ("superior", cast.supervisor.id, "engagement")
        }  # fmt: skip
        mine = next(row for row in rows if row.side == "self")
        with clock.at(NOW, everywhere=True):
            client = cast.client(cast.mentee)
            assert f"Since your coaching with {cast.mentor.full_name} ended on" in client.get(f"/behaviour/{mine.id}").text
            assert client.post(f"/behaviour/{mine.id}", data={"score": "5"}).status_code == 303
        found = evaluation_for(cast.actor(cast.coordinator), 2026)
    assert (found.asked, found.told, found.behaviour["self"]) == (2, 1, None)


def test_an_indicator_is_measured_within_its_time(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    row = actions.add_indicator(hr, IndicatorInput.model_validate({
        "kind": "public_satisfaction", "name": "Survey", "measure": "%", "baseline": "72", "target": "82.8",
        "source": "Yearly survey of visitors", "begins_on": "2026-01-01", "ends_on": "2026-12-31",
    }))  # fmt: skip
    with pytest.raises(Invalid):
        actions.note_value(hr, row, ValueInput.model_validate({"measured_on": "2027-01-01", "value": "80"}))
    actions.note_value(hr, row, ValueInput.model_validate({"measured_on": "2026-06-01", "value": "77.4", "people": 312}))
    with clock.at(NOW, everywhere=True):
        client = cast.client(cast.coordinator)
        wrong = client.post(f"/evaluation/indicators/{row.id}/values", data={"measured_on": "2027-01-01", "value": "80"})
        assert wrong.status_code == 422
        assert '<details class="card" open>' not in wrong.text
        page = client.get("/evaluation?year=2026").text
        figures = list(csv.reader(io.StringIO(client.get("/evaluation.csv?year=2026").text.lstrip("\ufeff"))))
        book = python_calamine.load_workbook(io.BytesIO(client.get("/evaluation.xlsx?year=2026").data))
        assert cast.client(cast.mentee).get("/evaluation.csv").status_code == 404
    assert figures[-1][2:5] == ["The whole agency", "312", "77.4"]
    cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    told = [[cell.removesuffix(".0") for cell in row] for row in figures]
    assert [[f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row] for row in cells] == told
    assert "77.4" in page
    assert "312" in page
    assert cast.client(cast.mentee).get("/evaluation").status_code == 404
