"""A quiet pair: reminded at 7, 14 and 21 days, told at 28, ended only after the notice; each once, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.db import db
from mentorlink.notifications.models import Notice
from mentorlink.sessions.care.models import Silence
from mentorlink.sessions.care.queries import last_signs
from mentorlink.sessions.care.rules import ANNOUNCED, look
from mentorlink.sessions.coaching.actions import rest_engagement, resume_engagement
from mentorlink.sessions.coaching.inputs import Rest
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingPlan, Reason
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.queries import upcoming_for
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.models import EarlyEnd
from tests.cast import Cast
from tests.coaching.two import Two
from tests.mentoring.pair import Pair

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
days = st.floats(min_value=0.01, max_value=60)


@given(st.lists(days, min_size=1, max_size=25), st.sets(st.integers(min_value=0, max_value=24)))
def test_no_pair_ends_without_notice_and_no_reminder_comes_twice(waits: list[float], signs: set[int]) -> None:
    now = last = since = BEGAN
    step, closes_at, announced = 0, None, None
    for turn, wait in enumerate(waits):
        now += timedelta(days=wait)
        if turn in signs:
            last, announced = now, None
        found = look(now, last, since, step, closes_at, every=7, notice=7)
        if found.deed == "close":
            assert announced is not None
            assert now - announced >= timedelta(days=7)
            return
        if found.deed == "announce":
            assert announced is None
            assert now - last >= timedelta(days=28)
            announced = now
        if found.deed == "remind":
            assert found.step > (0 if last > since else step)
            assert found.step == (now - last) // timedelta(days=7) < ANNOUNCED
        assert found.due_at > now or found.deed == "wait"
        since, step, closes_at = last, found.step, found.closes_at


def told(pair: Pair, kind: str) -> list[int]:
    """Whom a kind of notice reached."""
    db.session.rollback()
    rows = db.session.query(Notice).filter(Notice.kind == kind).order_by(Notice.id)
    return [row.person_id for row in rows]


def run(days: float, began: datetime) -> None:
    """The worker, so many days after the beginning, more often than needed."""
    with clock.at(began + timedelta(days=days)):
        for _ in range(3):
            with transaction():
                jobs.handlers["care.watch_silence"]({})


def test_whose_turn_it_is_is_reminded_and_after_notice_it_ends(pair: Pair) -> None:
    began = clock.now()
    run(6.9, began)
    assert told(pair, "quiet") == []
    run(7.1, began)
    assert told(pair, "quiet") == [pair.mentor_id], "the mentor proposes the agreement"
    run(14.1, began)
    run(21.1, began)
    assert len(told(pair, "quiet")) == 3
    run(28.1, began)
    assert sorted(told(pair, "quiet_closing")) == sorted([pair.mentor_id, pair.mentee_id])
    with clock.at(began + timedelta(days=29), everywhere=True):
        page = pair.cast.client(pair.cast.mentee)
        assert "We are still on it" in page.get(f"/mentoring/{pair.id}").text
    run(35.0, began)
    assert pair.row().state == "active"
    run(35.2, began)
    db.session.rollback()
    assert pair.row().state == "ended_early"
    assert db.session.get_one(EarlyEnd, pair.id).by_id is None


def test_the_day_of_an_announced_end_is_that_of_the_agency_wherever_the_machine_stands(pair: Pair) -> None:
    with clock.at(datetime(2030, 1, 1, 20, tzinfo=UTC)):  # three in the morning of the second in Jakarta
        actions.say_still_on(pair.mentee, pair.row(pair.mentee))
        began = clock.now()
    run(28.1, began)
    watch = db.session.get_one(Silence, pair.id)
    notice = db.session.query(Notice).filter(Notice.kind == "quiet_closing").first()
    assert notice is not None
    assert watch.closes_at is not None
    assert notice.facts["day"] == watch.closes_at.astimezone(ZoneInfo("Asia/Jakarta")).date().isoformat()
    assert notice.facts["day"] != watch.closes_at.date().isoformat(), "else the test says nothing"


def test_a_sign_takes_the_announcement_off(pair: Pair) -> None:
    began = clock.now()
    run(40, began)
    assert told(pair, "quiet") == [], "one thing at a time, and after a long absence the announcement"
    with clock.at(began + timedelta(days=41)):
        actions.say_still_on(pair.mentee, pair.row(pair.mentee))
    run(60, began)
    assert pair.row().state == "active"
    assert len(told(pair, "quiet")) == 1


def test_a_pair_that_rests_is_left_alone(pair: Pair) -> None:
    began = clock.now()
    actions.pause_mentorship(pair.mentor, pair.row(), inputs.PauseInput(returns_on=clock.today() + timedelta(days=100)))
    for day in (8, 30, 60):
        run(day, began)
    assert told(pair, "quiet") == told(pair, "quiet_closing") == []


def test_of_what_is_planned_the_next_session_alone_is_a_sign(pair: Pair) -> None:
    began = clock.now()
    in_days = [(clock.today() + timedelta(days=day), day) for day in (10, 180)]
    for day, _ in in_days:
        meetings.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(day=day, at="09:00", anyway=True))
    run(9, began)
    run(14, began)
    assert told(pair, "quiet") == [], "a session lies ahead, or has just been"
    signs = last_signs([pair.row()])[pair.id]
    assert signs == meetings_ahead(pair)[0], "not the one half a year off"
    with clock.at(began + timedelta(days=20)):
        assert last_signs([pair.row()])[pair.id] == meetings_ahead(pair)[1], "the next one counts, however far"
        for meeting in upcoming_for(pair.mentee):
            meetings.cancel_meeting(pair.mentee, meeting, Reason(reason="Ill"))
        db.session.rollback()
        assert last_signs([pair.row()])[pair.id] < began + timedelta(days=1), (
            "a past one of which nobody says how it went is none"
        )


def meetings_ahead(pair: Pair) -> list[datetime]:
    """When the pair's planned sessions begin."""
    db.session.rollback()
    query = db.session.query(Meeting.starts_at).filter(Meeting.series_id == pair.row().series_id, Meeting.state == "planned")
    return [row.starts_at for row in query.order_by(Meeting.starts_at)]


def test_a_quiet_coaching_is_reminded_told_and_ended_like_a_mentoring(cast: Cast) -> None:
    two, began = Two(cast).engage().set_goal(), clock.now()

    def reached(kind: str) -> list[int]:
        db.session.rollback()
        return sorted(row.person_id for row in db.session.query(Notice).filter(Notice.kind == kind))

    both = sorted(two.row().person_ids)
    run(6.9, began)
    assert reached("coaching_quiet") == []
    run(7.1, began)
    assert reached("coaching_quiet") == both
    run(28.2, began)
    assert reached("coaching_quiet_closing") == both
    with clock.at(began + timedelta(days=29), everywhere=True):
        client = cast.client(cast.mentee)
        assert "We are still on it" in client.get(f"/coaching/{two.id}").text
        assert client.post(f"/coaching/{two.id}/still-on").status_code == 303
    run(36, began)
    assert two.row().state == "engaged", "a sign takes it off"
    with clock.at(began + timedelta(days=36)):
        rest_engagement(two.coach, two.row(), Rest(returns_on=clock.today() + timedelta(days=100)))
    run(90, began)
    assert len(reached("coaching_quiet_closing")) == 2, "who rests is left alone"
    resume_engagement(two.coachee, two.row())
    run(91, began)
    run(98.1, began)
    assert two.row().state == "ended_early"
