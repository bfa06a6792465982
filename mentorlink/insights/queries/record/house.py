"""What the house keeps of somebody as its user: the way in, notices, time, calendars, what they may do."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.community.models import PresenceChoice
from mentorlink.insights.queries.record.part import Part, part
from mentorlink.notifications.models import Notice, Preference, PushDevice, Rhythm
from mentorlink.people.models import Account, AuditEntry, Block, Link, Person, RoleGrant, SignIn, Unit
from mentorlink.sessions.meetings.models import (
    BusyTime,
    CalendarFeed,
    CalendarSource,
    HoursException,
    MeetingHabits,
    WeeklyHours,
)


def parts(me: int) -> Iterator[Part]:
    """Part by part."""
    other = aliased(Person)
    yield part("roles", "hr", me, RoleGrant.person_id, {"role": RoleGrant.role, "unit": Unit.name, "at": RoleGrant.granted_at},
               (Unit, RoleGrant.unit_id == Unit.id))  # fmt: skip
    yield part("units_headed", "agency", me, Unit.head_id, {"unit": Unit.name})
    yield part("account", "me", me, Account.person_id, {"at": Account.password_changed_at})
    yield part("links", "me", me, Link.person_id, {"kind": Link.kind, "until": Link.expires_at, "used_at": Link.used_at})
    yield part(
        "devices", "me", me, SignIn.person_id,
        {"device": SignIn.user_agent, "address": SignIn.address, "at": SignIn.created_at, "seen_at": SignIn.seen_at,
         "ended_at": SignIn.ended_at},
    )  # fmt: skip
    yield part("presence", "me", me, PresenceChoice.person_id, {"at": PresenceChoice.chosen_at})
    yield part(
        "hours_of_mine", "agency_times", me, WeeklyHours.person_id,
        {"weekday": WeeklyHours.weekday, "starts": WeeklyHours.starts, "ends": WeeklyHours.ends},
    )  # fmt: skip
    yield part(
        "hours_apart", "agency_times", me, HoursException.person_id,
        {"kind": HoursException.kind, "day": HoursException.from_on, "last": HoursException.to_on,
         "starts": HoursException.starts, "ends": HoursException.ends},
    )  # fmt: skip
    yield part(
        "habits", "agency_times", me, MeetingHabits.person_id,
        {"hours": MeetingHabits.notice_hours, "minutes": MeetingHabits.gap_minutes, "at": MeetingHabits.said_at},
    )  # fmt: skip
    yield part(
        "calendars", "me", me, CalendarSource.person_id,
        {"name": CalendarSource.name, "address": CalendarSource.address, "state": CalendarSource.state,
         "at": CalendarSource.created_at},
    )  # fmt: skip
    yield part("calendar_feed", "me", me, CalendarFeed.person_id, {"at": CalendarFeed.made_at})
    yield part("busy", "agency_times", me, BusyTime.person_id, {"starts": BusyTime.starts_at, "ends": BusyTime.ends_at})
    yield part("notices", "me", me, Notice.person_id,
               {"kind": Notice.kind, "at": Notice.created_at, "read_at": Notice.read_at})  # fmt: skip
    yield part("push", "me", me, PushDevice.person_id, {"device": PushDevice.user_agent, "at": PushDevice.created_at})
    yield part("notice_choices", "me", me, Preference.person_id,
               {"kind": Preference.group, "in_app": Preference.in_app, "by_mail": Preference.by_mail})  # fmt: skip
    yield part(
        "notice_rhythm", "me", me, Rhythm.person_id,
        {"kind": Rhythm.digest, "hours": Rhythm.hour, "starts": Rhythm.quiet_from, "ends": Rhythm.quiet_to},
    )  # fmt: skip
    yield part("blocks", "me", me, Block.person_id, {"with": other.name, "at": Block.created_at},
               (other, Block.blocked_id == other.id))  # fmt: skip
    deeds = sa.select(AuditEntry.act, AuditEntry.at).where(AuditEntry.actor_id == me).order_by(AuditEntry.id)
    yield Part("deeds", "administrator", ("kind", "at"), deeds)
