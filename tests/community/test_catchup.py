"""Away and back: what mattered, a digest by choice, hours of quiet."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community.queries.catchup import catch_up
from mentorlink.community.rules.catchup import Weight, order
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import Task
from mentorlink.notifications import actions as notifications
from mentorlink.notifications.actions import choose_rhythm, notify, send_digests
from mentorlink.notifications.effects import send_due_digests
from mentorlink.notifications.inputs import RhythmInput
from mentorlink.notifications.rules import after_quiet, digest_due
from mentorlink.people.actions import block_person
from mentorlink.web.mail import compose
from tests.cast import Cast
from tests.community.living import Living

HOURS = st.integers(0, 23)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # the bounds are naive
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


@pytest.mark.one_database
@given(INSTANTS, ZONES, HOURS, HOURS)
def test_no_mail_goes_out_in_quiet_hours_and_none_waits_for_longer_than_them(
    instant: datetime, zone: str, begins: int, ends: int
) -> None:
    out = after_quiet(instant, zone, begins, ends)
    assert after_quiet(out, zone, begins, ends) == out
    assert timedelta() <= out - instant < timedelta(hours=24)
    if begins == ends:
        assert out == instant


@pytest.mark.one_database
@given(INSTANTS, HOURS)
def test_a_weekly_digest_comes_on_monday_once(here: datetime, hour: int) -> None:
    due = digest_due("weekly", hour, None, here)
    assert due == (here.weekday() == 0 and here.hour >= hour)
    assert not digest_due("daily", hour, here.date(), here)


@pytest.mark.one_database
def test_who_is_named_comes_before_who_is_answered_before_what_is_busy() -> None:
    weights = [Weight(500), Weight(1, replies=1), Weight(1, mentions=1), Weight(3, mine=True)]
    assert sorted(weights, key=order) == [weights[2], weights[1], weights[3], weights[0]]


def test_after_a_while_away_one_sees_what_concerns_one_first(living: Living, cast: Cast) -> None:
    mine = living.begin(cast.mentee, "My question")
    living.say(cast.mentor, "Thirty", topic_id=mine.topic_id, reply_to_id=mine.id)
    for number in range(5):
        living.begin(cast.mentor, f"Topic {number}")
    named = living.begin(cast.mentor, "A word to @Mentee", "Dear @Mentee, look")
    living.plan()
    living.ask()
    news = catch_up(cast.actor(cast.mentee))
    assert [one.topic.id for one in news.topics[:2]] == [named.topic_id, mine.topic_id]
    assert (len(news.topics), len(news.gatherings), len(news.decisions)) == (7, 1, 1)
    assert catch_up(cast.actor(cast.stranger)).empty
    page = cast.client(cast.mentee).get("/catch-up").text
    assert page.index("A word to") < page.index("Topic 4")


def test_what_somebody_blocked_says_is_not_news(living: Living, cast: Cast) -> None:
    living.begin(cast.mentor, "Numbers")
    assert len(catch_up(cast.actor(cast.mentee)).topics) == 1
    block_person(cast.actor(cast.mentee), cast.mentor)
    assert catch_up(cast.actor(cast.mentee)).topics == ()


def test_everybody_gets_a_digest_however_few_are_looked_at_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "AT_ONCE", 2)
    people = [cast.person(f"reader-{number}") for number in range(5)]
    for person in people:
        choose_rhythm(cast.actor(person), RhythmInput(digest="daily", hour=0))
    with clock.at(datetime(2030, 5, 6, 3, tzinfo=UTC)):
        for _again in range(2):
            send_due_digests({})
    jobs = db.session.scalars(sa.select(Task).where(Task.dedupe_key.startswith("digest:"))).all()
    assert sorted(job.payload["to_person_id"] for job in jobs) == [person.id for person in people]


def test_a_digest_comes_once_on_its_day_in_ones_own_hours_and_tells_no_words(living: Living, cast: Cast) -> None:
    living.begin(cast.mentor, "Numbers", "Kerahasiaan-9Z")
    choose_rhythm(cast.actor(cast.mentee), RhythmInput(digest="daily", hour=7))
    morning = datetime(2030, 5, 6, 0, 30, tzinfo=UTC)  # half past seven in Jakarta
    for hours, sent in ((-2, 0), (0, 1), (1, 0), (24, 1)):
        with clock.at(morning + timedelta(hours=hours)):
            assert send_digests(Actor.system()) == (sent, None)
    task = db.session.scalars(sa.select(Task).where(Task.kind == "mail.send", Task.dedupe_key.startswith("digest:"))).first()
    assert task is not None
    mail = compose(cast.mentee.email, cast.mentee, task.payload)
    assert mail is not None
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Numbers" in text
    assert "Kerahasiaan-9Z" not in mail.as_string()


def test_a_mail_in_quiet_hours_goes_out_when_they_are_over(living: Living, cast: Cast) -> None:
    choose_rhythm(cast.actor(cast.mentee), RhythmInput(digest="never", quiet_from=21, quiet_to=6))
    with clock.at(datetime(2030, 5, 6, 15, 0, tzinfo=UTC)):  # ten in the evening in Jakarta
        for person in (cast.mentee, cast.mentor):
            notify(Actor.system(), person.id, kind="meeting_planned", about="meeting", about_id=1,
                   facts={"who": "X", "starts_at": "2030-05-07T02:00:00+00:00"})  # fmt: skip
    rows = db.session.execute(sa.select(Task.payload, Task.run_at).where(Task.kind == "mail.send")).all()
    found = {row.payload["to_person_id"]: row.run_at for row in rows}
    assert found[cast.mentee.id] == datetime(2030, 5, 6, 23, 0, tzinfo=UTC)
    assert found[cast.mentor.id] == datetime(2030, 5, 6, 15, 0, tzinfo=UTC)


def test_the_rhythm_is_chosen_on_the_page_of_notices(living: Living, cast: Cast) -> None:
    client = cast.client(cast.mentee)
    wrong = client.post("/notices/rhythm", data={"digest": "daily", "hour": "7", "quiet_from": "21"})
    assert wrong.status_code == 422
    good = client.post("/notices/rhythm", data={"digest": "weekly", "hour": "7", "quiet_from": "21", "quiet_to": "6"})
    assert good.status_code == 303
    page = client.get("/notices/settings").text
    assert re.search(r'value="weekly"[^>]*selected', page)
