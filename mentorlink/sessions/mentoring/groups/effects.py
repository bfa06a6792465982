"""What groups do when others have spoken."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.events import Blocked, PersonLeft
from mentorlink.sessions.meetings.actions import count_meeting
from mentorlink.sessions.meetings.events import AttendanceSaid
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.events import MentorshipClosed, MentorshipEndedEarly
from mentorlink.sessions.mentoring.groups.actions import decline_group, end_group, leave_group
from mentorlink.sessions.mentoring.groups.models import Group, GroupMember
from mentorlink.sessions.mentoring.groups.queries import group_of_series
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.stages import OPEN_STATES


def count_group_meeting(event: AttendanceSaid) -> None:
    """A session of a group counts on the way of each mentee who was there."""
    group = group_of_series(event.series_id)
    if group is None:
        return
    meeting = db.session.get_one(Meeting, event.meeting_id)
    pairs = sa.select(Mentorship).where(
        Mentorship.mentor_id == group.mentor_id, Mentorship.mentee_id.in_(event.person_ids), Mentorship.state.in_(OPEN_STATES)
    )
    for mentorship in db.session.scalars(pairs.order_by(Mentorship.id)).all():
        count_meeting(Actor.system(), meeting, mentorship.series)


def leave_when_over(event: MentorshipClosed | MentorshipEndedEarly) -> None:
    """Whose mentorship is over meets with the group no more."""
    inside = sa.select(GroupMember).where(GroupMember.mentorship_id == event.mentorship_id, GroupMember.state == "in")
    for member in db.session.scalars(inside).all():
        leave_group(Actor.system(), member)


def end_what_a_leaver_led(event: PersonLeft) -> None:
    """Groups of a mentor who left end; what a leaver asked or was invited to is void."""
    led = sa.select(Group).where(Group.mentor_id == event.person_id, Group.state != "ended").order_by(Group.id)
    for group in db.session.scalars(led).all():
        end_group(Actor.system(), group)
    waiting = sa.select(GroupMember).where(GroupMember.person_id == event.person_id, GroupMember.state.in_(("asked", "invited")))
    _withdraw(waiting)


def end_what_waits_between(event: Blocked) -> None:
    """What waits for an answer between two of whom one blocked the other is void, and nobody learns why."""
    two = {event.person_id, event.blocked_id}
    waiting = (
        sa.select(GroupMember)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id.in_(two), Group.mentor_id.in_(two), GroupMember.state.in_(("asked", "invited")))
    )
    _withdraw(waiting)


def _withdraw(waiting: sa.Select[tuple[GroupMember]]) -> None:
    for member in db.session.scalars(waiting).all():
        decline_group(Actor.system(), member)
