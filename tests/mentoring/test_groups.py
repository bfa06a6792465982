"""One mentor with several mentees: how a group comes to be, meets, and lets people go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.learning.models import HoursEntry
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import block_person
from mentorlink.people.models import Person
from mentorlink.programmes.actions import make_default_programme
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import (
    AgendaText,
    MeetingLog,
    MeetingOutcome,
    MeetingPlan,
    PrivateText,
    Promise,
    Reason,
)
from mentorlink.sessions.meetings.models import Hold, Meeting
from mentorlink.sessions.meetings.notes.actions import save_notes, say_afterwards
from mentorlink.sessions.meetings.notes.inputs import Afterwards, NotesText
from mentorlink.sessions.meetings.notes.queries import afterthoughts_for
from mentorlink.sessions.meetings.queries import (
    action_items_for,
    meeting_for,
    meetings_for,
    reader_of_feed,
    room_for,
    series_for,
    upcoming_for,
)
from mentorlink.sessions.mentoring import actions as mentoring
from mentorlink.sessions.mentoring.groups import actions, queries
from mentorlink.sessions.mentoring.groups.inputs import Asking, GroupInput, Invited
from mentorlink.sessions.mentoring.groups.models import Group, GroupMember
from mentorlink.sessions.mentoring.groups.policy import may_see_group
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import facts_of, mentorship_for, standings_for, team_for
from mentorlink.web.mail import compose
from tests.cast import Cast
from tests.meetings.threads import at_once
from tests.mentoring.pair import Pair


class Circle:
    """The cast's mentor with a group; its mentees work in Budget."""

    def __init__(self, cast: Cast, *, places: int = 3) -> None:
        self.cast = cast
        said = GroupInput(name="Reading a budget", about="We read one budget together each month.", places=places,
                          competency_ids=[cast.competencies[0].id])  # fmt: skip
        self.id = actions.open_group(self.mentor, said).id

    @property
    def mentor(self) -> Actor:
        return self.cast.actor(self.cast.mentor)

    @property
    def group(self) -> Group:
        return queries.group_to_lead_for(self.mentor, self.id)

    def who(self, name: str) -> Person:
        return self.cast.person(name, self.cast.budget)

    def actor(self, name: str) -> Actor:
        return self.cast.actor(self.who(name))

    def ask(self, name: str) -> GroupMember:
        return actions.ask_to_join(self.actor(name), db.session.get_one(Group, self.id), Asking(words="I would learn from it."))

    def join(self, *names: str) -> Circle:
        for name in names:
            actions.join_group(self.mentor, self.ask(name))
        return self

    def member(self, name: str) -> GroupMember:
        newest = sa.select(GroupMember).where(GroupMember.group_id == self.id, GroupMember.person_id == self.who(name).id)
        return db.session.scalars(newest.order_by(GroupMember.id.desc())).first()  # type: ignore[return-value]

    def plan(self, *, days: int = 2, **more: Any) -> Meeting:
        slot = (clock.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        return meetings.plan_meeting(self.mentor, self.group.series, MeetingPlan(slots=[slot], anyway=True, **more))

    def hold(self, meeting: Meeting, *names: str) -> Meeting:
        there = [self.who(name).id for name in names]
        with clock.at(meeting.ends_at + timedelta(minutes=5)):
            return meetings.hold_meeting(self.mentor, meeting, MeetingOutcome(summary="We read", counted=True, present=there))

    def held_by(self, name: str) -> list[Meeting]:
        pair = self.pair(name)
        return list(db.session.scalars(sa.select(Meeting).where(Meeting.series_id == pair.series_id, Meeting.state == "held")))

    def pair(self, name: str) -> Mentorship:
        newest = sa.select(Mentorship).where(
            Mentorship.mentor_id == self.cast.mentor.id, Mentorship.mentee_id == self.who(name).id
        )
        return db.session.scalars(newest.order_by(Mentorship.id.desc())).one()


@pytest.fixture
def circle(pair: Pair) -> Circle:
    """A group beside the cast's pair, of which the ledger of hours is laid."""
    return Circle(pair.cast)


def notices(person: Person) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


def test_who_asks_is_in_once_the_mentor_says_yes_and_has_a_way_of_their_own(circle: Circle) -> None:
    member = circle.ask("ratna")
    assert "group_asked" in notices(circle.cast.mentor)
    with pytest.raises(Denied):
        actions.join_group(circle.actor("ratna"), member)
    actions.join_group(circle.mentor, member)
    pair = circle.pair("ratna")
    assert (pair.stage, pair.state, circle.group.taken) == ("prescriptive", "active", 1)
    assert circle.member("ratna").mentorship_id == pair.id
    assert pair.series_id != circle.group.series_id
    assert notices(circle.who("ratna")) == ["group_welcome"]


def test_a_mentee_of_the_mentors_is_invited_and_keeps_their_mentorship(circle: Circle, pair: Pair) -> None:
    member = actions.invite_to_group(circle.mentor, circle.group, Invited(person_id=pair.mentee_id))
    with pytest.raises(Denied):
        actions.join_group(circle.mentor, member)
    actions.join_group(pair.mentee, member)
    assert db.session.get_one(GroupMember, member.id).mentorship_id == pair.id
    standing = next(one for one in standings_for(pair.mentee) if one.mentorship.id == pair.id)
    assert standing.group is not None
    assert standing.group.id == circle.id


def test_said_twice_stands_once_and_two_who_mean_the_same_are_joined(circle: Circle) -> None:
    asked = circle.ask("ratna")
    assert circle.ask("ratna").id == asked.id
    inside = actions.invite_to_group(circle.mentor, circle.group, Invited(person_id=circle.who("ratna").id))
    assert (inside.id, inside.state) == (asked.id, "in")
    assert actions.join_group(circle.mentor, inside).state == "in"
    assert circle.group.taken == 1


def test_the_last_place_is_given_once(pair: Pair) -> None:
    circle = Circle(pair.cast, places=2).join("ratna")
    asked = [circle.ask(name).id for name in ("bayu", "citra", "dewi")]

    def accept(member_id: int) -> object:
        return actions.join_group(circle.mentor, queries.membership_for(circle.mentor, member_id)).state

    results = at_once(circle.cast.app, *(lambda id_=id_: accept(id_) for id_ in asked))
    assert sorted(str(getattr(one, "code", one)) for one in results) == ["group_full", "group_full", "in"]
    assert (circle.group.taken, circle.group.places) == (2, 2)


def test_no_place_beyond_six_nor_fewer_than_are_in(circle: Circle) -> None:
    circle.join("ratna", "bayu", "citra")
    data = {"name": circle.group.name, "about": circle.group.about}
    with pytest.raises(Invalid):
        actions.change_group(circle.mentor, circle.group, GroupInput(**data, places=2))
    with pytest.raises(ValueError, match="less than or equal to 6"):
        GroupInput(**data, places=7)
    assert actions.change_group(circle.mentor, circle.group, GroupInput(**data, places=6)).room == 3


def test_line_of_command_block_and_a_failed_pair_keep_somebody_out(circle: Circle) -> None:
    cast = circle.cast
    with pytest.raises(Conflict, match="group_in_line"):
        actions.ask_to_join(cast.actor(cast.other_head), circle.group, Asking())
    mentoring.end_early(circle.mentor, circle.join("ratna").pair("ratna"), EarlyEndInput(code="other"))
    assert circle.member("ratna").state == "left"
    with pytest.raises(Conflict, match="group_does_not_fit"):
        circle.ask("ratna")
    circle.join("bayu")
    block_person(circle.actor("citra"), circle.who("bayu"))
    assert circle.id not in [one.group.id for one in queries.open_groups_for(circle.actor("citra"))[0]]
    with pytest.raises(NotFound):
        queries.group_to_join_for(circle.actor("citra"), circle.id)
    with pytest.raises(Conflict, match="group_does_not_fit"):
        circle.ask("citra")


def test_a_session_is_planned_once_and_takes_the_time_of_everybody(circle: Circle) -> None:
    circle.join("ratna", "bayu")
    meeting = circle.plan()
    people = db.session.scalars(sa.select(Hold.person_id).where(Hold.meeting_id == meeting.id).distinct()).all()
    assert set(people) == {circle.cast.mentor.id, circle.who("ratna").id, circle.who("bayu").id}
    own = MeetingPlan(slots=[meeting.starts_at], anyway=True)
    with pytest.raises(Conflict, match="person_busy"):
        meetings.plan_meeting(circle.actor("bayu"), circle.pair("bayu").series, own)
    assert "meeting_planned" in notices(circle.who("ratna"))


def test_only_who_leads_plans_moves_and_says_how_it_went(circle: Circle) -> None:
    meeting = circle.join("ratna", "bayu").plan()
    ratna = circle.actor("ratna")
    for refused in (
        lambda: meetings.plan_meeting(ratna, series_for(ratna, circle.group.series_id), MeetingPlan(slots=[meeting.starts_at])),
        lambda: meetings.cancel_meeting(ratna, meeting, Reason(reason="No")),
        lambda: meetings.propose_times(circle.mentor, circle.group.series, MeetingPlan(slots=[meeting.starts_at])),
        lambda: meetings.set_series_state(ratna, meeting.series, "closed"),
    ):
        with pytest.raises(Denied):
            refused()
    item = meetings.add_agenda_item(ratna, meeting_for(ratna, meeting.id), AgendaText(text="What I read"))
    save_notes(ratna, meeting_for(ratna, meeting.id), NotesText(body="Together"))
    promise = meetings.agree_action_item(
        ratna, meeting.series, Promise(text="Bring a table", owner_id=circle.who("bayu").id), meeting=meeting
    )
    assert item.id
    assert promise.owner_id == circle.who("bayu").id


def test_what_was_held_counts_for_each_who_was_there_and_for_nobody_else(circle: Circle) -> None:
    circle.join("ratna", "bayu", "citra")
    meeting = circle.plan()
    meetings.excuse_oneself(circle.actor("citra"), meeting_for(circle.actor("citra"), meeting.id))
    assert "meeting_excused" in notices(circle.cast.mentor)
    circle.hold(meeting, "ratna")
    assert {row.person_id: row.state for row in db.session.get_one(Meeting, meeting.id).attendance} == {
        circle.cast.mentor.id: "present", circle.who("ratna").id: "present", circle.who("bayu").id: "absent",
        circle.who("citra").id: "excused",
    }  # fmt: skip
    counted = circle.held_by("ratna")
    assert [(one.of_id, one.summary) for one in counted] == [(meeting.id, None)]
    assert circle.held_by("bayu") == circle.held_by("citra") == []
    hours = sa.select(HoursEntry.person_id).where(HoursEntry.path == "mentoring")
    assert db.session.scalars(hours).all() == [circle.who("ratna").id]
    assert facts_of([circle.pair("ratna")])[circle.pair("ratna").id].meetings == {"prescriptive": 1}
    assert circle.cast.supervisor.id
    team = {row.mentee: (row.sessions, row.minutes) for row in team_for(circle.cast.actor(circle.cast.supervisor)).rows}
    assert (team[circle.who("ratna").name], team[circle.who("bayu").name]) == ((1, 60), (0, 0))
    meetings.note_present(circle.mentor, meeting_for(circle.mentor, meeting.id), circle.who("bayu").id)
    meetings.note_present(circle.mentor, meeting_for(circle.mentor, meeting.id), circle.who("bayu").id)
    assert len(circle.held_by("bayu")) == 1
    assert len(db.session.scalars(hours).all()) == 2


def test_a_session_of_the_group_that_is_taken_back_counts_for_nobody(circle: Circle) -> None:
    circle.join("ratna", "bayu")
    meeting = circle.plan()
    circle.hold(meeting, "ratna", "bayu")
    earned = sa.select(sa.func.sum(HoursEntry.jp)).where(HoursEntry.path == "mentoring").group_by(HoursEntry.person_id)
    assert db.session.scalars(earned).all() == [2, 2]
    with pytest.raises(Denied):
        meetings.undo_meeting(circle.actor("ratna"), meeting_for(circle.actor("ratna"), meeting.id))
    db.session.rollback()
    for _ in range(2):
        assert meetings.undo_meeting(circle.mentor, meeting_for(circle.mentor, meeting.id)).state == "cancelled"
    assert circle.held_by("ratna") == circle.held_by("bayu") == []
    assert db.session.scalars(earned).all() == [0, 0]
    assert facts_of([circle.pair("ratna")])[circle.pair("ratna").id].meetings == {}
    assert [kind for kind in notices(circle.who("bayu")) if "undone" in kind] != []
    page = circle.cast.client(circle.who("bayu")).get(f"/meetings/{meeting.id}").text
    assert "did not take place after all" in page


def test_somebody_has_to_have_been_there(circle: Circle) -> None:
    meeting = circle.join("ratna").plan()
    with pytest.raises(Invalid):
        circle.hold(meeting)
    assert db.session.get_one(Meeting, meeting.id).state == "planned"


def test_a_talk_of_the_group_is_logged_with_who_was_there(circle: Circle) -> None:
    circle.join("ratna", "bayu")
    here = clock.now() + timedelta(hours=7)
    with clock.at(clock.now() + timedelta(hours=1)):
        said = MeetingLog(day=here.date(), at=here.time(), summary="In the corridor", counted=True,
                          present=[circle.who("bayu").id])  # fmt: skip
        meetings.log_meeting(circle.mentor, circle.group.series, said)
    assert (len(circle.held_by("bayu")), len(circle.held_by("ratna"))) == (1, 0)


def test_who_comes_late_finds_only_what_begins_from_then_on(circle: Circle) -> None:
    circle.join("ratna")
    first = circle.plan(days=1)
    meetings.agree_action_item(
        circle.mentor, first.series, Promise(text="Before", owner_id=circle.who("ratna").id), meeting=first
    )
    circle.hold(first, "ratna")
    second = circle.plan(days=5)
    with clock.at(first.starts_at + timedelta(days=2)):
        circle.join("bayu")
        bayu = circle.actor("bayu")
        with pytest.raises(NotFound):
            meeting_for(bayu, first.id)
        room = room_for(bayu, meeting_for(bayu, second.id))
        assert (room.previous, room.carried) == (None, [])
        assert [one.id for one in meetings_for(bayu, series_for(bayu, second.series_id))] == [second.id]
        assert action_items_for(bayu) == []
        assert room_for(circle.mentor, meeting_for(circle.mentor, second.id)).carried
        assert [one.id for one in upcoming_for(bayu)] == [second.id]
        assert db.session.scalar(sa.select(sa.func.count()).where(Hold.meeting_id == second.id, Hold.person_id == bayu.person_id))


def test_who_leaves_reads_what_they_were_at_and_is_free_of_the_rest(circle: Circle) -> None:
    circle.join("ratna", "bayu")
    first, second = circle.plan(days=1), circle.plan(days=4)
    circle.hold(first, "ratna", "bayu")
    ratna = circle.actor("ratna")
    meetings.save_private_note(ratna, meeting_for(ratna, first.id), PrivateText(body="Mine"))
    actions.leave_group(ratna, circle.member("ratna"))
    assert circle.group.taken == 1
    assert "group_withdrawn" in notices(circle.cast.mentor)
    assert room_for(ratna, meeting_for(ratna, first.id)).private_note is not None
    with pytest.raises(NotFound):
        meeting_for(ratna, second.id)
    with pytest.raises(Denied):
        save_notes(ratna, meeting_for(ratna, first.id), NotesText(body="Afterwards"))
    assert not db.session.scalar(
        sa.select(sa.func.count()).where(Hold.meeting_id == second.id, Hold.person_id == ratna.person_id)
    )
    assert mentorship_for(ratna, circle.pair("ratna").id).state == "active"
    assert not may_see_group(ratna, queries.group_to_lead_for(circle.mentor, circle.id))


def test_the_way_of_one_mentee_does_not_exist_for_another(circle: Circle) -> None:
    circle.join("ratna", "bayu")
    with pytest.raises(NotFound):
        mentorship_for(circle.actor("bayu"), circle.pair("ratna").id)
    with pytest.raises(NotFound):
        series_for(circle.actor("bayu"), circle.pair("ratna").series_id)
    with pytest.raises(NotFound):
        queries.memberships_to_lead_for(circle.actor("bayu"), queries.group_to_join_for(circle.actor("bayu"), circle.id))
    with pytest.raises(NotFound):
        queries.membership_for(circle.actor("bayu"), circle.member("ratna").id)


def test_how_it_was_is_told_without_saying_who_said_what(circle: Circle) -> None:
    circle.join("ratna", "bayu", "citra")
    meeting = circle.hold(circle.plan(), "ratna", "bayu")
    everything = Afterwards(agenda="other", proposed="both", decided="me", useful=4)
    for who in (circle.mentor, circle.actor("ratna")):
        say_afterwards(who, meeting_for(who, meeting.id), everything)
    assert not afterthoughts_for(circle.mentor, meeting_for(circle.mentor, meeting.id)).open
    with pytest.raises(Denied):
        say_afterwards(circle.actor("citra"), meeting_for(circle.actor("citra"), meeting.id), everything)
    say_afterwards(circle.actor("bayu"), meeting_for(circle.actor("bayu"), meeting.id), everything)
    said = afterthoughts_for(circle.actor("bayu"), meeting_for(circle.actor("bayu"), meeting.id))
    assert said.open
    assert said.others == {}
    assert said.tallies["useful"] == {4: 2}


def test_a_group_that_ends_calls_off_what_is_planned_and_leaves_each_way_as_it_is(circle: Circle) -> None:
    meeting = circle.join("ratna").plan()
    circle.ask("bayu")
    actions.end_group(circle.mentor, circle.group)
    assert db.session.get_one(Meeting, meeting.id).state == "cancelled"
    assert (circle.member("ratna").state, circle.member("bayu").state) == ("left", "withdrawn")
    assert circle.pair("ratna").state == "active"
    assert not db.session.scalar(sa.select(sa.func.count()).where(Hold.meeting_id == meeting.id))
    assert "group_ended" in notices(circle.who("ratna"))


def test_the_calendar_of_each_holds_the_session_once(circle: Circle) -> None:
    circle.join("ratna")
    meeting = circle.hold(circle.plan(), "ratna")
    token = meetings.renew_feed(circle.actor("ratna")).token
    with clock.at(meeting.ends_at + timedelta(days=1)):
        assert [one.id for one in reader_of_feed(token)[1]] == [meeting.id]


def test_a_mentorship_that_begins_in_a_group_belongs_to_the_usual_programme(pair: Pair) -> None:
    programme = make_default_programme(Actor.system())
    circle = Circle(pair.cast).join("ratna")
    assert circle.pair("ratna").programme_id == programme.id


def test_dates_come_to_who_joins_and_go_from_who_leaves_by_mail(circle: Circle) -> None:
    meeting = circle.join("ratna").plan()
    with clock.at(clock.now() + timedelta(minutes=1)):
        circle.join("bayu")
        actions.leave_group(circle.actor("bayu"), circle.member("bayu"))
    mine = [
        task.payload["facts"]
        for task in db.session.scalars(sa.select(jobs.Task).where(jobs.Task.kind == "mail.soon").order_by(jobs.Task.id))
        if task.payload["to_person_id"] == circle.who("bayu").id
    ]
    assert [(facts["method"], facts["meeting_ids"]) for facts in mine] == [("REQUEST", [meeting.id]), ("CANCEL", [meeting.id])]
    person = circle.who("bayu")
    texts = []
    for facts in mine:
        mail = compose(person.email, person, {"template": "meetings/invitation", "facts": facts})
        assert mail is not None
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        texts.append(Calendar.from_ical(part.get_payload(decode=True)))
    came, went = (next(iter(text.walk("VEVENT"))) for text in texts)
    assert (str(came["STATUS"]), str(went["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert came["UID"] == went["UID"]
    assert went["DTSTAMP"].dt >= came["DTSTAMP"].dt


def test_the_next_session_of_the_group_is_the_next_of_the_mentee(circle: Circle) -> None:
    meeting = circle.join("ratna").plan()
    standing = standings_for(circle.actor("ratna"))[0]
    assert standing.meetings.next is not None
    assert (standing.meetings.next.id, standing.silent_days) == (meeting.id, 0)
    assert isinstance(meeting.starts_at, datetime)
