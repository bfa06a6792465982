"""HR's figures: right, within the manager's units, without a word of what was said; and one next step for everyone."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.insights.queries import SILENT_DAYS, funnel_for, home_for, pairs_for, silent_pairs_for, waiting_requests_for
from mentorlink.insights.rules import NextStep, Situation, next_step
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.actions import load_hours_rule
from mentorlink.learning.models import HoursRule
from mentorlink.pairing.actions import decline_request
from mentorlink.pairing.inputs import DeclineInput
from mentorlink.people.models import Person, RoleGrant
from mentorlink.sessions.mentoring.actions import end_early
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from tests import story
from tests.cast import Cast
from tests.queries import count_queries

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def year(cast: Cast) -> Cast:
    """One pair finished, one ended early, one request waits, one was declined."""
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    with clock.at(clock.now() - timedelta(days=40)):
        story.walk(cast, story.pair(cast))
        second = story.pair(cast, mentor=cast.second_mentor, mentee=cast.person("leaver", cast.budget, levels=(1, 1, 1)))
        end_early(cast.actor(cast.second_mentor), second, EarlyEndInput(code="distance", text="SECRETREASON"))
    third = story.offer(cast, cast.person("third_mentor", cast.statistics, levels=(4, 4, 4)), places=3)
    with clock.at(clock.now() - timedelta(days=5)):
        story.request(cast, cast.person("waiter", cast.budget, levels=(1, 1, 1)), third)
        asked = story.request(cast, cast.person("declined", cast.statistics, levels=(1, 1, 1)), third)
        decline_request(cast.actor(cast.person("third_mentor")), asked, DeclineInput(reason="time", words="SECRETWORDS"))
    return cast


def test_the_funnel_counts_what_happened(year: Cast) -> None:
    funnel = funnel_for(year.actor(year.coordinator), since=LONG_AGO)
    assert (funnel.mentors_offering, funnel.places, funnel.places_free) == (3, 7, 7)
    assert (funnel.people_who_asked, funnel.requests, funnel.requests_open, funnel.requests_accepted) == (4, 4, 1, 2)
    assert (funnel.pairs, funnel.pairs_who_met, funnel.finished, funnel.ended_early, funnel.paused) == (2, 1, 1, 1, 0)
    assert sum(funnel.in_stage.values()) == 0


def test_what_began_before_is_left_out(year: Cast) -> None:
    funnel = funnel_for(year.actor(year.coordinator), since=clock.now() - timedelta(days=10))
    assert (funnel.requests, funnel.pairs, funnel.finished) == (2, 0, 0)


def test_a_manager_of_one_unit_sees_that_unit_only(year: Cast) -> None:
    manager = year.person("unit_manager", year.statistics)
    db.session.add(RoleGrant(person_id=manager.id, role="manager", unit_id=year.statistics.id, granted_at=clock.now()))
    db.session.commit()
    actor = year.actor(manager)
    funnel = funnel_for(actor, since=LONG_AGO)
    assert (funnel.requests, funnel.pairs) == (1, 0)
    assert waiting_requests_for(actor) == []
    assert list(pairs_for(actor, since=LONG_AGO)) == []


def test_who_is_no_manager_gets_no_figures(year: Cast) -> None:
    for person in (year.mentee, year.supervisor, year.administrator):
        with pytest.raises(NotFound):
            funnel_for(year.actor(person), since=LONG_AGO)
        assert year.client(person).get("/programme").status_code == 403
        assert year.client(person).get("/programme/pairs.csv").status_code == 403


def test_a_request_that_waits_is_named_and_an_answered_one_is_not(year: Cast) -> None:
    waiting = waiting_requests_for(year.actor(year.coordinator))
    assert [(request.asker, request.mentor) for request in waiting] == [("Waiter", "Third Mentor")]


def test_a_pair_without_a_session_for_long_is_quiet_until_they_meet(cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    actor = cast.actor(cast.coordinator)
    with clock.at(clock.now() - timedelta(days=SILENT_DAYS + 5)):
        mentorship = story.pair(cast)
    assert [pair.mentorship_id for pair in silent_pairs_for(actor)] == [mentorship.id]
    story.met(cast, mentorship)
    assert silent_pairs_for(actor) == []
    with clock.at(clock.now() + timedelta(days=SILENT_DAYS + 1)):
        quiet = silent_pairs_for(actor)
    assert [(pair.mentorship_id, pair.sessions_held) for pair in quiet] == [(mentorship.id, 1)]


def test_the_export_has_every_pair_and_no_word_of_theirs(year: Cast) -> None:
    answer = year.client(year.coordinator).get("/programme/pairs.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["Mentee"], row["State"], row["Sessions held"]) for row in rows] == [
        ("Mentee", "complete", "3"),
        ("Leaver", "ended early", "0"),
    ]
    for secret in ("SECRETREASON", "SECRETWORDS", "Better budgets", "talked"):
        assert secret not in answer.text


def test_the_page_shows_figures_and_standstills(year: Cast) -> None:
    page = year.client(year.coordinator).get("/programme")
    assert page.status_code == 200
    assert "Waiter" in page.text
    assert "SECRETREASON" not in page.text


def test_the_figures_take_the_same_queries_for_one_pair_and_for_many(cast: Cast) -> None:
    client = cast.client(cast.coordinator)

    def queries() -> int:
        client.get("/programme")
        with count_queries() as statements:
            assert client.get("/programme").status_code == 200
        return len(statements)

    story.pair(cast)
    few = queries()
    for number in range(8):
        story.pair(cast, mentor=cast.person(f"mentor{number}", cast.statistics, levels=(4, 4, 4)),
                   mentee=cast.person(f"mentee{number}", cast.budget, levels=(1, 1, 1)))  # fmt: skip
    assert queries() == few


counts = st.integers(0, 3)
situations = st.builds(
    Situation, requests_waiting_for_me=counts, own_requests_open=counts, meeting_within_a_day=st.booleans(),
    meeting_to_write_down=st.booleans(), my_turn=counts, pairs=counts, meetings_planned=counts, gaps=counts, unassessed=counts,
    has_mentor=st.booleans(), may_help=st.booleans(), has_offer=st.booleans(), unread=counts, communities=counts,
)  # fmt: skip


@pytest.mark.one_database
@given(situations)
def test_who_waits_comes_first_and_there_is_always_a_step(now: Situation) -> None:
    step = next_step(now)
    if now.requests_waiting_for_me:
        assert step == NextStep.ANSWER_REQUEST
    if step == NextStep.FIND_MENTOR:
        assert now.gaps
        assert not now.has_mentor
        assert not now.own_requests_open
    if step == NextStep.OFFER_HELP:
        assert not now.has_offer
        assert not now.unassessed


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
    assert cast.client(cast.mentor).get("/").status_code == 200
    assert cast.client(cast.stranger).get("/").status_code == 200


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
