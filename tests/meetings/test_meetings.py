"""Planning, holding, moving, cancelling, missing and logging meetings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.learning.models import HoursEntry
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import (
    Absence,
    AgendaText,
    MeetingLog,
    MeetingOutcome,
    MeetingPlan,
    MeetingTime,
    PrivateText,
    Promise,
    Reason,
)
from mentorlink.sessions.meetings.models import AgendaItem, Meeting
from mentorlink.sessions.meetings.notes.actions import save_notes
from mentorlink.sessions.meetings.notes.inputs import NotesText
from mentorlink.sessions.meetings.queries import (
    action_items_for,
    meeting_for,
    meetings_for,
    notes_history_for,
    room_for,
    series_for,
    summaries_of,
    upcoming_for,
)
from mentorlink.sessions.meetings.stages import STEPS
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from mentorlink.sessions.mentoring.queries import standing_for
from tests.mentoring.pair import Pair
from tests.queries import count_queries


def plan(pair: Pair, days: int = 1, at: str = "09:00", **more: object) -> Meeting:
    data = MeetingPlan(day=clock.today() + timedelta(days=days), at=at, **more)
    return actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, data)


def later(meeting: Meeting, minutes: int = 5):  # type: ignore[no-untyped-def]  # a context manager
    return clock.at(meeting.ends_at + timedelta(minutes=minutes))


def agenda(pair: Pair, meeting: Meeting) -> list[str]:
    return [item.text for item in room_for(pair.mentor, meeting).agenda]


def test_a_day_and_time_are_those_on_the_planners_wall(pair: Pair) -> None:
    pair.cast.mentee.timezone = "Asia/Jayapura"
    db.session.commit()
    with clock.at(datetime(2026, 3, 1, 0, 0, tzinfo=UTC)):
        meeting = actions.plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(day="2026-03-02", at="09:00"))
    assert meeting.starts_at == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def test_each_line_of_the_agenda_is_an_item(pair: Pair) -> None:
    meeting = plan(pair, agenda="- First\n\n• Second\n  Third ")
    assert agenda(pair, meeting) == ["First", "Second", "Third"]


def test_nothing_is_planned_into_the_past_or_far_ahead(pair: Pair) -> None:
    for days, code in ((-1, "in_the_past"), (500, "too_far_ahead")):
        with pytest.raises(Invalid) as refused:
            plan(pair, days)
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [("day", code)]


def test_a_plan_sent_twice_stands_once(pair: Pair) -> None:
    plan(pair)
    with pytest.raises(Conflict, match="meeting_at_that_time"):
        plan(pair)
    assert len(meetings_for(pair.mentor, pair.row().series)) == 1


def test_what_was_cancelled_leaves_its_time_free(pair: Pair) -> None:
    actions.cancel_meeting(pair.mentor, plan(pair), Reason(reason="Ill"))
    assert plan(pair).number == 2


def test_sessions_are_numbered_by_their_days_whenever_they_are_written_down(pair: Pair) -> None:
    with clock.at(clock.now() + timedelta(days=3)):
        later, soon = plan(pair, 30), plan(pair, 10)
        talk = pair.meet(hours_ago=5)
        assert [each.number for each in (talk, soon, later)] == [1, 2, 3]
        actions.move_meeting(pair.mentor, soon, MeetingTime(slots=[later.starts_at + timedelta(days=1)]))
        assert [each.number for each in (talk, later, soon)] == [1, 2, 3]


def test_a_meeting_is_held_once_it_began(pair: Pair) -> None:
    meeting = plan(pair)
    with pytest.raises(Conflict, match="meeting_ahead"):
        actions.hold_meeting(pair.mentor, meeting, MeetingOutcome())
    with later(meeting):
        actions.hold_meeting(pair.mentor, meeting, MeetingOutcome(summary="Good"))
        with pytest.raises(Conflict, match="meeting_settled") as refused:
            actions.hold_meeting(pair.mentee, meeting, MeetingOutcome(summary="Twice"))
    assert refused.value.facts == {"state": "held"}
    db.session.rollback()
    assert meeting_for(pair.mentor, meeting.id).summary == "Good"


def test_a_missed_meeting_may_turn_out_to_have_been_held(pair: Pair) -> None:
    meeting = plan(pair)
    with pytest.raises(Conflict, match="meeting_ahead"):
        actions.miss_meeting(pair.mentor, meeting, Absence())
    with later(meeting):
        with pytest.raises(Invalid):
            actions.miss_meeting(pair.mentor, meeting, Absence(absent_id=pair.cast.stranger.id))
        actions.miss_meeting(pair.mentor, meeting, Absence(absent_id=pair.mentee_id, reason="Flooded road"))
        assert (meeting.state, meeting.absent_id) == ("missed", pair.mentee_id)
        actions.hold_meeting(pair.mentee, meeting, MeetingOutcome())
    assert (meeting.state, meeting.absent_id) == ("held", None)


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_what_is_settled_stays(pair: Pair, state: str) -> None:
    meeting = plan(pair)
    assert STEPS[state] == ()
    with later(meeting):
        if state == "held":
            actions.hold_meeting(pair.mentor, meeting, MeetingOutcome())
        else:
            actions.cancel_meeting(pair.mentor, meeting, Reason(reason="Ill"))
        tries = (
            lambda: actions.hold_meeting(pair.mentor, meeting, MeetingOutcome()),
            lambda: actions.cancel_meeting(pair.mentor, meeting, Reason(reason="x")),
            lambda: actions.miss_meeting(pair.mentor, meeting, Absence()),
            lambda: actions.move_meeting(pair.mentor, meeting, MeetingTime(day=clock.today() + timedelta(days=9), at="10:00")),
        )
        for act in tries:
            with pytest.raises(Conflict, match="meeting_settled"):
                act()
    assert meeting.state == state


def test_moving_counts_up_the_revision_and_keeps_the_agenda(pair: Pair) -> None:
    meeting = plan(pair, agenda="One")
    moved = actions.move_meeting(pair.mentor, meeting, MeetingTime(day=clock.today() + timedelta(days=3), at="13:00", minutes=45))
    assert (moved.revision, moved.minutes, moved.state) == (1, 45, "planned")
    assert agenda(pair, moved) == ["One"]


def test_a_meeting_is_not_moved_onto_another(pair: Pair) -> None:
    plan(pair, 1)
    second = plan(pair, 2)
    with pytest.raises(Conflict, match="meeting_at_that_time"):
        actions.move_meeting(pair.mentor, second, MeetingTime(day=clock.today() + timedelta(days=1), at="09:00"))


def test_a_talk_is_logged_from_the_past_only_and_not_from_before_the_pair(pair: Pair) -> None:
    series = pair.row(pair.mentee).series
    for days, code in ((1, "not_yet_happened"), (-40, "before_the_pair")):
        data = MeetingLog(day=clock.today() + timedelta(days=days), at="09:00", summary="x")
        with pytest.raises(Invalid) as refused:
            actions.log_meeting(pair.mentee, series, data)
        assert [fault.code for fault in refused.value.faults] == [code]
    for minutes_ago, minutes in ((10, 30), (29, 30)):
        with pytest.raises(Invalid) as refused:
            log(pair, minutes_ago, minutes)
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [("minutes", "not_over_yet")]
    assert log(pair, 30, 30).ends_at <= clock.now(), "what is just over is"
    meeting = pair.meet(summary="Corridor")
    assert (meeting.state, meeting.logged, meeting.summary) == ("held", True, "Corridor")


def log(pair: Pair, minutes_ago: int, minutes: int) -> Meeting:
    """A talk of the two that began so many minutes ago, written down by the mentee."""
    moment = (clock.now() - timedelta(minutes=minutes_ago)).astimezone(pair.zone).replace(second=0, microsecond=0)
    data = MeetingLog(day=moment.date(), at=moment.time(), minutes=minutes, summary="x")
    return actions.log_meeting(pair.mentee, pair.row(pair.mentee).series, data)


def test_nobody_is_in_two_talks_at_once(pair: Pair) -> None:
    with clock.at(clock.now()):  # a minute that began between two of them would part them
        log(pair, 120, 60)
        with pytest.raises(Conflict, match="meeting_at_that_time"):
            log(pair, 120, 60)
        db.session.rollback()
        for began, minutes in ((90, 15), (150, 60), (61, 5)):
            with pytest.raises(Conflict, match="two_at_once") as refused:
                log(pair, began, minutes)
            assert refused.value.facts == {"mine": True, "name": "Mentor"}
            db.session.rollback()
        log(pair, 60, 30)
    planned = plan(pair, 1)
    with clock.at(planned.starts_at + timedelta(minutes=30)), pytest.raises(Conflict, match="planned_then"):
        log(pair, 15, 15)


def test_either_takes_a_wrong_session_back_within_a_day_and_it_counts_no_more(pair: Pair) -> None:
    pair.agree()
    pair.advance()
    meeting = pair.meet(minutes=120)

    def standing() -> tuple[bool, bool]:
        db.session.rollback()
        credited = db.session.scalar(sa.select(sa.func.sum(HoursEntry.jp)).where(HoursEntry.person_id == pair.mentee_id))
        return standing_for(pair.mentor, pair.row()).conditions[0].done, bool(credited)

    assert standing() == (True, True)
    with clock.at(meeting.settled_at + actions.UNDO_WITHIN + timedelta(seconds=1)), pytest.raises(Conflict, match="too_late"):
        actions.undo_meeting(pair.mentor, meeting_for(pair.mentor, meeting.id))
    db.session.rollback()
    for _ in range(2):
        undone = actions.undo_meeting(pair.mentor, meeting_for(pair.mentor, meeting.id))
    assert (undone.state, undone.settled_by_id) == ("cancelled", pair.mentor_id)
    assert standing() == (False, False)
    with pytest.raises(Conflict, match="meeting_settled"):
        actions.hold_meeting(pair.mentee, meeting_for(pair.mentee, meeting.id), MeetingOutcome())
    db.session.rollback()
    page = pair.cast.client(pair.cast.mentee).get(f"/meetings/{meeting.id}").text
    assert "Mentor said that it did not take place after all" in page


def test_a_link_is_https_or_words(pair: Pair) -> None:
    assert plan(pair, place="Room 3").place == "Room 3"
    assert plan(pair, 2, place="https://meet.example.id/x").place
    for bad in ("http://meet.example.id/x", "javascript://alert(1)"):
        with pytest.raises(ValueError, match="link_not_https"):
            MeetingPlan(day=clock.today(), at="09:00", place=bad)


# Agenda


def test_both_add_order_tick_and_take_off(pair: Pair) -> None:
    meeting = plan(pair, agenda="A\nB")
    third = actions.add_agenda_item(pair.mentor, meeting, AgendaText(text="C"))
    actions.move_agenda_item(pair.mentee, third, up=True)
    assert agenda(pair, meeting) == ["A", "C", "B"]
    for _ in range(3):
        actions.move_agenda_item(pair.mentee, third, up=True)
    assert agenda(pair, meeting) == ["C", "A", "B"], "at the edge it stays"
    assert actions.tick_agenda_item(pair.mentee, third, done=True).done_at
    assert actions.tick_agenda_item(pair.mentor, third, done=False).done_at is None
    actions.drop_agenda_item(pair.mentor, third)
    assert agenda(pair, meeting) == ["A", "B"]


def test_an_agenda_has_an_end(pair: Pair) -> None:
    meeting = plan(pair, agenda="\n".join(f"Item {n}" for n in range(actions.AGENDA_ITEMS + 5)))
    assert len(agenda(pair, meeting)) == actions.AGENDA_ITEMS
    with pytest.raises(Conflict, match="agenda_full"):
        actions.add_agenda_item(pair.mentor, meeting, AgendaText(text="One more"))


# Actions


def test_unfinished_actions_come_along_until_they_are_settled(pair: Pair) -> None:
    first = pair.meet(hours_ago=2)
    series = pair.row().series
    item = actions.agree_action_item(pair.mentor, series, Promise(text="Write", owner_id=pair.mentee_id), meeting=first)
    actions.agree_action_item(pair.mentor, series, Promise(text="Read", owner_id=pair.mentor_id), meeting=first)
    second = plan(pair)
    room = room_for(pair.mentee, second)
    assert [each.text for each in room.carried] == ["Write", "Read"]
    assert room.agreed == []
    with clock.at(clock.now() + timedelta(minutes=1)):
        actions.settle_action_item(pair.mentee, item, series, "done")
    assert [each.text for each in room_for(pair.mentee, second).carried] == ["Read"]
    assert [each.text for each in action_items_for(pair.mentee)] == ["Read"]
    assert [each.text for each in room_for(pair.mentor, first).agreed] == ["Read", "Write"], "the open one first"


def test_an_action_belongs_to_one_of_the_two(pair: Pair) -> None:
    meeting, promise = plan(pair), Promise(text="x", owner_id=pair.cast.stranger.id)
    with pytest.raises(Invalid) as refused:
        actions.agree_action_item(pair.mentor, meeting.series, promise, meeting=meeting)
    assert [fault.code for fault in refused.value.faults] == ["not_a_member"]


# Who


def test_to_everybody_else_a_meeting_does_not_exist(pair: Pair) -> None:
    meeting = plan(pair)
    for person in (pair.cast.supervisor, pair.cast.coordinator, pair.cast.administrator, pair.cast.stranger):
        actor = pair.cast.actor(person)
        for read in (
            lambda a=actor: meeting_for(a, meeting.id),
            lambda a=actor: series_for(a, meeting.series_id),
            lambda a=actor: room_for(a, meeting),
            lambda a=actor: meetings_for(a, meeting.series),
            lambda a=actor: notes_history_for(a, meeting),
        ):
            with pytest.raises(NotFound):
                read()
        assert upcoming_for(actor) == []
        assert action_items_for(actor, meeting.series) == []
        with pytest.raises(Denied):
            actions.cancel_meeting(actor, meeting, Reason(reason="x"))
        with pytest.raises(Denied):
            actions.save_private_note(actor, meeting, PrivateText(body="x"))
    assert meeting_for(pair.mentor, meeting.id).state == "planned"


def test_a_private_note_is_read_by_its_writer_alone_through_every_door(pair: Pair) -> None:
    meeting = plan(pair)
    actions.save_private_note(pair.mentee, meeting, PrivateText(body="Heron feathers"))
    save_notes(pair.mentee, meeting, NotesText(body="Shared words"))
    addresses = (
        f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/notes", f"/mentoring/{pair.id}", f"/mentoring/{pair.id}/meetings",
        f"/mentoring/{pair.id}/history", "/mentoring", f"/api/v1/mentorships/{pair.id}", "/api/v1/mentorships",
    )  # fmt: skip
    cast = pair.cast
    mine = cast.client(cast.mentee).get(addresses[0]).text
    assert "Heron feathers" in mine
    assert "Shared words" in mine
    partner = cast.client(cast.mentor)
    assert "Shared words" in partner.get(addresses[0]).text
    for address in addresses:
        answer = partner.get(address)
        assert answer.status_code == 200, address
        assert "Heron" not in answer.text, address
    for person in (cast.supervisor, cast.other_head, cast.coordinator, cast.administrator, cast.stranger):
        client = cast.client(person)
        never = client.get("/meetings/99999").status_code
        assert never == 404
        for address in addresses:
            answer = client.get(address)
            assert "Heron" not in answer.text
            assert "Shared words" not in answer.text
            if any(part.isdigit() for part in address.split("/")):
                assert answer.status_code == 404, (person.name, address)


def test_after_the_end_shared_things_are_read_only(pair: Pair) -> None:
    from mentorlink.sessions.mentoring.actions import end_early

    meeting = pair.meet()
    end_early(pair.mentor, pair.row(), EarlyEndInput(code="other"))
    for act in (
        lambda: save_notes(pair.mentor, meeting, NotesText(body="Late")),
        lambda: actions.add_agenda_item(pair.mentor, meeting, AgendaText(text="Late")),
        lambda: actions.agree_action_item(
            pair.mentor, meeting.series, Promise(text="x", owner_id=pair.mentor_id), meeting=meeting
        ),
        lambda: plan(pair),
    ):
        with pytest.raises(Conflict, match="series_closed"):
            act()
    assert actions.save_private_note(pair.mentor, meeting, PrivateText(body="For myself")), "one's own notes stay open"


# Size


def test_the_number_of_queries_does_not_grow_with_the_meetings(pair: Pair) -> None:
    def counts() -> list[int]:
        db.session.expire_all()
        found = []
        for read in (
            lambda: room_for(pair.mentee, meeting),
            lambda: summaries_of([meeting.series_id]),
            lambda: meetings_for(pair.mentee, meeting.series),
        ):
            with count_queries() as statements:
                read()
            found.append(len(statements))
        return found

    meeting = plan(pair, agenda="One")
    few = counts()
    for hours in range(1, 25):
        actions.agree_action_item(
            pair.mentor,
            meeting.series,
            Promise(text=f"Do {hours}", owner_id=pair.mentee_id),
            meeting=pair.meet(hours_ago=hours / 2, minutes=25),
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 25
    assert counts() == few
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaItem)) == 1
