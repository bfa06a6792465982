"""One next step for everyone, and the home page that shows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.exchange.actions import apply_import, bring_file
from mentorlink.exchange.queries import preview_for
from mentorlink.insights.queries import home_for
from mentorlink.insights.queries.programme import WAITING_DAYS
from mentorlink.insights.rules import NextStep, Situation, next_step, step_of_coaching, step_of_pair
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import ask_about_data, load_hours_rule
from mentorlink.learning.inputs import DataRequestInput
from mentorlink.learning.models import DevelopmentPlan, HoursRule
from mentorlink.people.actions import grant_role
from mentorlink.people.models import Person
from mentorlink.rounds.actions import open_round, save_wishes
from mentorlink.rounds.inputs import OpenInput, WishesInput
from mentorlink.sessions.mentoring.rules import Condition
from mentorlink.sessions.mentoring.stages import Check
from tests import story
from tests.cast import Cast
from tests.exchange.files import csv_bytes
from tests.queries import count_queries
from tests.rounds.ground import contested

OF_TWO = {
    step_of_coaching("wait"),
    step_of_coaching("resting"),
    step_of_coaching("plan_meeting"),
    step_of_coaching("goal_set"),
} | {
    step_of_pair(act, meets=meets, planned=False)
    for act in ("wait", "paused", "plan_meeting", "settle_meeting", "agreement_signed", "advance")
    for meets in (True, False)
}
"""All that a pair or a coaching may come to, but a session that is planned: that is counted."""

counts = st.integers(0, 3)
situations = st.builds(
    Situation, requests_waiting_for_me=counts, own_requests_open=counts, meeting_within_a_day=st.booleans(),
    together=st.frozensets(st.sampled_from(NextStep)), meetings_planned=counts, gaps=counts, unassessed=counts,
    has_mentor=st.booleans(), may_help=st.booleans(), has_offer=st.booleans(), unread=counts, communities=counts,
    learning_to_decide=counts, pairs_that_stand_still=counts, place_kept=st.booleans(), invitations=counts,
    data_requests=counts, named_mentor=st.booleans(),
)  # fmt: skip


@pytest.mark.one_database
@given(situations)
def test_who_waits_comes_first_and_there_is_always_a_step(now: Situation) -> None:
    step = next_step(now)
    if now.data_requests:
        assert step == NextStep.ANSWER_DATA
    elif now.requests_waiting_for_me:
        assert step == NextStep.ANSWER_REQUEST
    if step == NextStep.FIND_MENTOR:
        assert now.gaps
        assert not now.has_mentor
        assert not now.own_requests_open
    if step in (NextStep.FIND_MENTOR, NextStep.SELF_ASSESS, NextStep.OFFER_HELP):
        assert not now.learning_to_decide
        assert not now.pairs_that_stand_still
    if step == NextStep.OFFER_HELP:
        assert not now.has_offer
    if step == NextStep.OFFER_HELP and not now.named_mentor:
        assert not now.unassessed
        assert not now.own_requests_open
        assert not now.together & OF_TWO
    if step == NextStep.FIND_MENTOR:
        assert now.has_offer or not now.named_mentor


def test_the_home_page_follows_the_journey(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))

    def step(person: Person) -> NextStep:
        return home_for(cast.actor(person), person).step

    offered = story.offer(cast, cast.mentor)
    assert step(cast.mentee) == NextStep.FIND_MENTOR
    asked = story.request(cast, cast.mentee, offered, "T.1")
    assert step(cast.mentee) == NextStep.WAIT_FOR_ANSWER
    assert step(cast.mentor) == NextStep.ANSWER_REQUEST
    cast.client(cast.mentor).post(f"/requests/{asked.id}/accept")
    assert step(cast.mentor) == NextStep.TAKE_TURN
    assert step(cast.mentee) == NextStep.WAIT_FOR_PARTNER  # first comes what the mentor proposes
    page = cast.client(cast.mentee).get("/").text
    assert f"{cast.mentor.name} proposes the agreement" in page
    assert "Offer to mentor" not in page
    assert "Propose the agreement" in cast.client(cast.mentor).get("/").text
    assert cast.client(cast.stranger).get("/").status_code == 200


@pytest.mark.one_database
def test_who_waits_is_told_for_whom_and_on_what_whatever_the_gate_asks(whole_app: Flask) -> None:
    facts = {"version": 1, "revision": 1, "total": 2}
    with whole_app.test_request_context():
        say = whole_app.jinja_env.get_template("home/_next.html").make_module({"locale": "en"}).waits_for  # type: ignore[attr-defined]
        said = {check: str(say(Condition(check, False, frozenset({"mentor"}), facts), "Rosmaini")).strip() for check in Check}
        first = str(say(Condition(Check.AGREEMENT_SIGNED, False, frozenset({"mentor"}), {"version": 0}), "Rosmaini"))
    assert all("Rosmaini" in words for check, words in said.items() if check is not Check.SUPERIOR_AGREED)
    assert "Rosmaini" not in said[Check.SUPERIOR_AGREED]
    assert first not in said.values()


def test_who_was_asked_and_who_covers_nothing_are_not_suggested_while_others_are_there(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    offered = story.offer(cast, cast.mentor)
    other, beginner = cast.person("other", cast.budget, levels=(4, 4, 4)), cast.person("beginner", cast.budget, levels=(0, 0, 0))
    others = story.offer(cast, other)
    story.offer(cast, beginner)

    def suggested() -> list[str]:
        return [each.offer.person.name for each in home_for(cast.actor(cast.mentee), cast.mentee).suggestions]

    assert set(suggested()) == {cast.mentor.name, other.name}
    story.request(cast, cast.mentee, offered, "T.1")
    assert suggested() == [other.name]
    assert f'"/find/{offered.id}"' not in cast.client(cast.mentee).get("/find/best").text
    story.request(cast, cast.mentee, others, "T.1")
    assert suggested() == [beginner.name]
    assert "covers 0" not in cast.client(cast.mentee).get("/").text


def test_superiors_and_hr_are_told_first_what_waits_for_them(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    head = cast.supervisor
    person = cast.person("employee_of_head", cast.finance, levels=(1, 1, 1))
    instant = clock.now()
    row = DevelopmentPlan(person_id=person.id, year=instant.year, state="awaiting", sent_at=instant, created_at=instant)
    db.session.add(row)
    db.session.commit()
    found = home_for(cast.actor(head), head)
    assert (found.step, found.duties.plans, found.duties.claims) == (NextStep.DECIDE_LEARNING, 1, 0)
    assert home_for(cast.actor(person), person).duties.learning == 0
    story.request(cast, person, story.offer(cast, cast.mentor), "T.1")
    with clock.at(instant + timedelta(days=WAITING_DAYS, hours=1)):
        hr = home_for(cast.actor(cast.coordinator), cast.coordinator)
    assert (hr.duties.unanswered, hr.duties.quiet) == (1, 0)
    assert "Decide" in cast.client(head).get("/").text


def test_who_brings_files_is_led_through_setting_up_until_two_people_are_a_pair(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    administrator, nobody = cast.administrator, cast.person("without_job", cast.agency, job_id=None)
    found = home_for(cast.actor(administrator), administrator)
    assert found.step == NextStep.SET_UP
    assert found.beginning is not None
    assert found.beginning.next == "assessments"
    assert "/files?kind=assessments" in cast.client(administrator).get("/").text
    assert "No job is entered yet" in cast.client(nobody).get("/").text
    assert cast.mentee.id
    cast.person("not_asked_in", cast.agency, state="invited")
    found = home_for(cast.actor(administrator), administrator)
    assert found.step == NextStep.SET_UP
    assert found.beginning is not None
    assert (found.beginning.next, found.beginning.then) == (None, {"roles": 1, "invitations": 1, "mentors": 1})
    page = cast.client(administrator).get("/").text
    assert [words in page for words in ("Say who is HR", "Invite 1 person", "Win the first mentors")] == [True] * 3
    hr = home_for(cast.actor(cast.coordinator), cast.coordinator)
    assert hr.beginning is not None
    assert hr.beginning.then == {"invitations": 1, "mentors": 1}
    asked = story.request(cast, cast.mentee, story.offer(cast, cast.mentor), "T.1")
    cast.client(cast.mentor).post(f"/requests/{asked.id}/accept")
    assert home_for(cast.actor(administrator), administrator).beginning is None
    assert home_for(cast.actor(nobody), nobody).beginning is None


def test_home_tells_hr_first_of_a_question_about_data_and_how_long_is_left(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    said = DataRequestInput(client_id="asked-once", kind="correction", text="Gelar saya salah ditulis.")
    ask_about_data(cast.actor(cast.mentee), cast.mentee, said)
    page = cast.client(cast.coordinator).get("/").text
    assert home_for(cast.actor(cast.coordinator), cast.coordinator).step == NextStep.ANSWER_DATA
    assert "hours are left for an answer" in page
    assert home_for(cast.actor(cast.administrator), cast.administrator).step != NextStep.ANSWER_DATA
    assert "/data-requests" in cast.client(cast.coordinator).get("/programme").text
    with clock.at(clock.now() + timedelta(days=9)):
        assert "The time for an answer has run out" in cast.client(cast.coordinator).get("/").text


def test_home_promises_nobody_where_nobody_offers(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    assert "Nobody who could help offers a place right now" in cast.client(cast.mentee).get("/").text
    story.offer(cast, cast.mentor)
    assert "Colleagues who have walked this way" in cast.client(cast.mentee).get("/").text


def test_who_was_named_a_mentor_is_asked_to_offer_before_looking_for_one(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    assert home_for(cast.actor(cast.mentee), cast.mentee).step == NextStep.FIND_MENTOR
    grant_role(cast.actor(cast.administrator), cast.mentee, "mentor")
    assert home_for(cast.actor(cast.mentee), cast.mentee).step == NextStep.OFFER_HELP
    assert "You are a mentor of your agency" in cast.client(cast.mentee).get("/").text


def test_rows_that_were_refused_stand_on_home_of_who_brings_files(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    who = cast.actor(cast.coordinator)
    data = csv_bytes(["Kode", "Nama"], ["A", "Satu"], ["", "Dua"])
    row = bring_file(who, "units", "unit.csv", content=data)
    apply_import(who, row, seen=preview_for(who, row).digest)
    page = cast.client(cast.coordinator).get("/").text
    assert "1 row to correct" in page
    assert f"/files/{row.id}" in page
    assert "row to correct" not in cast.client(cast.mentee).get("/").text


def test_the_home_page_takes_the_same_queries_however_much_there_is(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    client = cast.client(cast.mentor)

    def queries() -> int:
        client.get("/")
        with count_queries() as statements:
            assert client.get("/").status_code == 200
        return len(statements)

    offered = story.offer(cast, cast.mentor, places=6)
    story.request(cast, cast.person("first", cast.budget, levels=(1, 1, 1)), offered)
    few = queries()
    for number in range(5):
        story.request(cast, cast.person(f"next{number}", cast.budget, levels=(1, 1, 1)), offered)
    assert queries() <= few + 1


def test_the_home_page_asks_for_what_hr_made_the_rule(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    db.session.scalars(sa.select(HoursRule)).one().floor = 32
    db.session.commit()
    assert home_for(cast.actor(cast.mentee), cast.mentee).target.floor == 32


def test_an_open_round_that_awaits_a_ranking_is_on_the_home_page_and_so_is_the_result(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    ground = contested(cast, mentees=3, mentors=1)
    alone = next(line.mentee for line in ground.lines() if line.mentor_id is None)
    until = clock.today() + timedelta(days=5)
    assert home_for(cast.actor(alone), alone).step == NextStep.FIND_MENTOR
    open_round(ground.hr, ground.round, OpenInput(open_until=until, revision=ground.revision))
    assert home_for(cast.actor(alone), alone).step == NextStep.RANK_IN_ROUND
    assert "Say whom you would like in First half" in cast.client(alone).get("/").text
    save_wishes(cast.actor(alone), ground.round, "mentee", WishesInput(wished=(ground.mentor_ids[0],)))
    assert home_for(cast.actor(alone), alone).calls == []
    ground.publish()
    assert [call.kind for call in home_for(cast.actor(alone), alone).calls] == ["nobody"]
    assert "It had nobody for you this time" in cast.client(alone).get("/").text
    with clock.at(clock.now() + timedelta(days=15)):
        assert home_for(cast.actor(alone), alone).calls == []
