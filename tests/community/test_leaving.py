"""What becomes of places, posts and plans when somebody goes, and when the community closes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.community.actions import change_role, join_community, leave_community, let_go, remove_member
from mentorlink.community.actions import gatherings as meeting
from mentorlink.community.actions.lives import name_keeper
from mentorlink.community.actions.safety import name_moderator
from mentorlink.community.inputs import RoleInput
from mentorlink.community.inputs.gatherings import CancelInput, ComingInput, PresentInput
from mentorlink.community.inputs.lives import KeeperInput
from mentorlink.community.inputs.safety import ModeratorInput
from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.community.models.lives import Keeper
from mentorlink.community.models.safety import Moderator
from mentorlink.community.queries.decisions import decision_for
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import Task
from mentorlink.learning.models import HoursEntry
from mentorlink.notifications.models import Notice
from mentorlink.people.models import Person
from mentorlink.web.mail import compose
from tests.cast import Cast
from tests.community.living import Living


@pytest.fixture
def living(cast: Cast) -> Living:
    found = Living(cast)
    join_community(cast.actor(cast.stranger), found.community)
    return found


def come(living: Living, person: Person, row: Gathering, answer: str = "going") -> str:
    return meeting.answer_gathering(living.actor(person), living.gathering(row.id), ComingInput(answer=answer))  # type: ignore[arg-type]


def told(kind: str) -> list[int]:
    return sorted(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


def mails(cast: Cast, *, after: int = 0) -> list[tuple[int, str, str]]:
    """To whom, which method, and what the calendar program reads, of mails with a gathering's date; only what still stands."""
    tasks = db.session.scalars(sa.select(Task).where(Task.id > after).order_by(Task.id)).all()
    found: list[tuple[int, str, str]] = []
    for task in tasks:
        payload: dict[str, Any] = dict(task.payload)
        if payload.get("template") == "meetings/gathering":
            person = db.session.get_one(Person, payload["to_person_id"])
            message = compose(person.email, person, payload)
            if message is not None:
                part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
                found.append((person.id, part.get_param("method"), part.get_content().replace("\r\n ", "")))
    return found


def newest(cast: Cast) -> int:
    return db.session.scalar(sa.select(sa.func.max(Task.id))) or 0


def test_who_goes_gives_back_a_place_a_post_and_what_they_host_and_hears_no_more(living: Living, cast: Cast) -> None:
    steer = cast.actor(cast.mentor)
    row = living.plan(places=2, host_id=cast.mentee.id)
    assert [come(living, one, row) for one in (cast.mentor, cast.mentee, cast.stranger)] == ["going", "going", "waiting"]
    name_moderator(steer, living.community, ModeratorInput(person_id=cast.mentee.id, named=True))
    name_keeper(steer, living.community, "minutes", KeeperInput(person_id=cast.mentee.id))
    remove_member(steer, living.community, cast.mentee.id)
    now = living.gathering(row.id)
    assert (now.host_id, now.taken, told("gathering_host")) == (cast.mentor.id, 2, [cast.mentor.id])
    assert told("place_freed") == [cast.stranger.id]
    assert db.session.scalars(sa.select(Moderator.person_id).union(sa.select(Keeper.person_id))).all() == []
    db.session.rollback()
    living.steer(meeting.cancel_gathering, living.gathering(row.id), meeting.CancelInput(reason="No room"))
    assert told("gathering_cancelled") == [cast.stranger.id]


def test_where_the_only_facilitator_leaves_the_agency_who_takes_over_hosts_too(living: Living, cast: Cast) -> None:
    row_id = living.plan().id
    living.steer(change_role, living.community, cast.mentee.id, RoleInput(role="expert"))
    let_go(Actor.system(), cast.mentor.id)
    assert db.session.get_one(Gathering, row_id).host_id == cast.mentee.id


def test_closing_calls_off_what_was_planned_counts_what_was_attended_and_withdraws_questions(living: Living, cast: Cast) -> None:
    living.prepare()
    living.go("begin", "preparation")
    living.work()
    living.go("evaluate", "implementation")
    living.look_back()
    ahead, begun, missed = living.plan(), living.plan(hours=-2), living.plan(hours=-3)
    come(living, cast.mentee, ahead)
    living.steer(meeting.note_presence, living.gathering(begun.id), PresentInput(person_id=cast.mentee.id, present=True))
    asked = living.ask()
    living.go("close", "evaluation")
    states = [db.session.get_one(Gathering, one.id).state for one in (ahead, begun, missed)]
    assert states == ["cancelled", "held", "cancelled"]
    assert told("gathering_cancelled") == [cast.mentee.id]
    assert db.session.scalar(sa.select(HoursEntry.id).where(HoursEntry.origin == f"gathering:{begun.id}")) is not None
    assert decision_for(cast.actor(cast.mentee), asked.id).state == "withdrawn"
    assert [(to, method) for to, method, _text in mails(cast)] == [(cast.mentee.id, "CANCEL")]


@pytest.mark.one_database
def test_a_calendar_has_the_date_of_who_comes_and_loses_it_with_them(living: Living, cast: Cast) -> None:
    row = living.plan(title="Bedah laporan", place="Room 3")
    come(living, cast.mentee, row)
    come(living, cast.mentee, row)
    ((to, method, text),) = mails(cast)
    assert (to, method) == (cast.mentee.id, "REQUEST")
    for line in ("SUMMARY:Bedah laporan", "LOCATION:Room 3", "STATUS:CONFIRMED", "SEQUENCE:0", f"UID:gathering-{row.id}@"):
        assert line in text, line
    feed = cast.client(cast.mentee)
    assert "SUMMARY:Bedah laporan" in feed.get(f"/gatherings/{row.id}/gathering.ics").text
    before = newest(cast)
    come(living, cast.mentee, row, "not_going")
    ((to, method, text),) = mails(cast, after=before)
    assert (to, method, "STATUS:CANCELLED" in text, f"UID:gathering-{row.id}@" in text) == (cast.mentee.id, "CANCEL", True, True)
    assert mails(cast) == mails(cast, after=before), "who comes no more is not asked to a date that waited in the outbox"


@pytest.mark.one_database
def test_a_moved_gathering_moves_in_calendars(living: Living, cast: Cast) -> None:
    row = living.plan()
    come(living, cast.mentee, row)
    before = newest(cast)
    values = {"title": row.title, "day": row.starts_at.date(), "at": row.starts_at.time(), "minutes": 45}
    living.steer(meeting.change_gathering, living.gathering(row.id), meeting.GatheringInput(**values))
    assert [(to, "SEQUENCE:1" in text) for to, _method, text in mails(cast, after=before)] == [(cast.mentee.id, True)]
    assert len(mails(cast)) == 1, "the date as it was first is told no more"


@pytest.mark.one_database
def test_leaving_of_ones_own_accord_takes_the_date_along(living: Living, cast: Cast) -> None:
    row = living.plan()
    come(living, cast.mentee, row)
    before = newest(cast)
    leave_community(cast.actor(cast.mentee), living.community)
    assert [(to, method) for to, method, _text in mails(cast, after=before)] == [(cast.mentee.id, "CANCEL")]
    assert db.session.get_one(Attendance, (row.id, cast.mentee.id)).state == "not_going"


def test_who_comes_is_reminded_a_day_and_an_hour_before_once_and_of_nothing_that_is_off(living: Living, cast: Cast) -> None:
    db.session.execute(sa.update(Person).where(Person.id == cast.mentee.id).values(timezone="Asia/Jayapura"))
    db.session.commit()
    row, off = living.plan(hours=72), living.plan(hours=72, title="Called off")
    starts, comes = row.starts_at, sorted([cast.mentee.id, cast.mentor.id])  # the mentor hosts it
    for person in (cast.mentee, cast.stranger):
        come(living, person, row)
    come(living, cast.mentee, off)
    come(living, cast.stranger, row, "not_going")
    living.steer(meeting.cancel_gathering, living.gathering(off.id), CancelInput(reason="Nobody has time"))
    jobs.run_due(only=False)
    assert told("gathering_day") == []
    with clock.at(starts - timedelta(hours=23)):
        for _twice in range(2):
            jobs.run_due(only=False)
        assert told("gathering_day") == comes
        assert [who for who, _words in reminders()] == comes
        assert all("First gathering" in words for _who, words in reminders())
        assert len({words for _who, words in reminders()}) == 2, "each on their own clock"
    with clock.at(starts - timedelta(minutes=50)):
        jobs.run_due(only=False)
        assert told("gathering_hour") == comes
        come(living, cast.mentee, row, "not_going")
        assert {who for who, _words in reminders()} == {cast.mentor.id}, "who does not come after all is not reminded"
    with clock.at(starts + timedelta(minutes=1)):
        assert reminders() == [], "once it has begun nobody is reminded"


def test_after_a_night_without_power_a_reminder_comes_late_or_not_at_all(living: Living, cast: Cast) -> None:
    row = living.plan(hours=72)
    was = row.starts_at
    come(living, cast.mentee, row)
    values = {"title": row.title, "day": row.starts_at.date() + timedelta(days=2), "at": row.starts_at.time(), "minutes": 90}
    living.steer(meeting.change_gathering, living.gathering(row.id), meeting.GatheringInput(**values))
    with clock.at(was - timedelta(minutes=30)):
        jobs.run_due(only=False)
        assert (told("gathering_day"), told("gathering_hour")) == ([], []), "it was moved"
    starts = living.gathering(row.id).starts_at
    with clock.at(starts - timedelta(minutes=30)):
        jobs.run_due(only=False)
        assert (told("gathering_day"), told("gathering_hour")) == ([], sorted([cast.mentee.id, cast.mentor.id]))


def reminders() -> list[tuple[int, str]]:
    """Whom the mails that wait remind, and of what; only what still stands."""
    found: list[tuple[int, str]] = []
    for task in db.session.scalars(sa.select(Task).order_by(Task.id)).all():
        payload: dict[str, Any] = dict(task.payload)
        if payload.get("template") == "meetings/reminder":
            person = db.session.get_one(Person, payload["to_person_id"])
            message = compose(person.email, person, payload)
            found += [(person.id, str(message["Subject"]))] if message is not None else []
    return sorted(found)
