"""Who is told of sessions, and to whom dates go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import notify
from mentorlink.notifications.effects.telling import tell
from mentorlink.notifications.queries import preferences_of
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.events import (
    ActionItemAgreed,
    MeetingCancelled,
    MeetingEvent,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MeetingNear,
    MeetingPlanned,
    MeetingUndone,
    MemberAdded,
    MemberExcused,
    MemberRemoved,
    MemberReturned,
    TimesDeclined,
    TimesProposed,
    TimesWithdrawn,
)
from mentorlink.sessions.meetings.models import ActionItem, Meeting, SeriesMember, TimeProposal


def _tell_others(event: MeetingEvent, kind: str) -> None:
    meeting = db.session.get_one(Meeting, event.meeting_id)
    members = db.session.scalars(sa.select(SeriesMember.person_id).where(SeriesMember.series_id == event.series_id)).all()
    for person_id in members:
        if person_id != event.by_id:
            tell(person_id, kind, "meeting", event.meeting_id, who=event.by_id, starts_at=meeting.starts_at.isoformat())


def _tell_of_date(event: MeetingPlanned | MeetingMoved | MeetingCancelled, kind: str, method: str) -> None:
    """The others are told; a mail that calendar programs read goes to everybody who wants mails, whoever did it included."""
    meeting = db.session.get_one(Meeting, event.meeting_id)
    ids = [event.meeting_id, *getattr(event, "more_ids", ())]
    of_mail = {"meeting_ids": ids, "method": method, "revision": meeting.revision}
    facts = {"starts_at": meeting.starts_at.isoformat(), "number": len(ids)}
    if event.by_id is not None:
        facts["who"] = db.session.get_one(Person, event.by_id).full_name
    for person_id in members_of(event.series_id, meeting):
        if person_id == event.by_id:
            _mail_to_oneself(person_id, meeting, of_mail)
            continue
        notify(
            Actor.system(), person_id, kind=kind, about="meeting", about_id=meeting.id, facts=facts, mail="meetings/invitation",
            mail_facts=of_mail,
        )  # fmt: skip


def _mail_to_oneself(person_id: int, meeting: Meeting, of_mail: dict[str, Any]) -> None:
    """Who plans has it in their own calendar too."""
    if preferences_of(person_id)["meetings"].by_mail:
        payload = {"to_person_id": person_id, "template": "meetings/invitation", "facts": of_mail}
        jobs.enqueue("mail.soon", payload, dedupe_key=f"mail:meeting:{meeting.id}:{meeting.revision}:{person_id}")


def members_of(series_id: int, meeting: Meeting | None = None) -> list[int]:
    """Who meets in the series; of a ``meeting`` without those who said that they cannot come."""
    query = sa.select(SeriesMember.person_id).where(SeriesMember.series_id == series_id).order_by(SeriesMember.person_id)
    away = meeting.away_ids if meeting is not None else set()
    return [person_id for person_id in db.session.scalars(query) if person_id not in away]


def tell_of_plan(event: MeetingPlanned) -> None:
    """Everybody learns of the date."""
    _tell_of_date(event, "meeting_planned", "REQUEST")


def tell_of_move(event: MeetingMoved) -> None:
    """Everybody learns of the new date."""
    _tell_of_date(event, "meeting_moved", "REQUEST")
    meeting = db.session.get_one(Meeting, event.meeting_id)
    for person_id in meeting.away_ids:  # the other time may suit them
        tell(person_id, "meeting_moved", "meeting", meeting.id, who=event.by_id, starts_at=meeting.starts_at.isoformat())


def tell_of_cancellation(event: MeetingCancelled) -> None:
    """Everybody learns that it is off."""
    _tell_of_date(event, "meeting_cancelled", "CANCEL")


def _some(names: Iterable[str]) -> str:
    """Everybody of a few; of many the first two and how many more."""
    every = list(names)
    return ", ".join(every) if len(every) <= 3 else f"{every[0]}, {every[1]} +{len(every) - 2}"


def send_dates_to_member(event: MemberAdded) -> None:
    """Who joins several has the dates to come in their calendar."""
    _mail_dates(event, "REQUEST")


def take_dates_from_member(event: MemberRemoved) -> None:
    """Who meets there no more has the dates taken out of their calendar."""
    _mail_dates(event, "CANCEL")


def _mail_dates(event: MemberAdded | MemberRemoved, method: str) -> None:
    """A mail for each date, or for a repetition as a whole: calendar programs take one thing a mail."""
    if not preferences_of(event.person_id)["meetings"].by_mail:
        return
    runs: dict[str, list[Meeting]] = {}
    for meeting in db.session.scalars(sa.select(Meeting).where(Meeting.id.in_(event.meeting_ids)).order_by(Meeting.starts_at)):
        runs.setdefault(meeting.run_uid or meeting.uid, []).append(meeting)
    for meetings in runs.values():
        _mail_to_one(event.person_id, meetings, method)


def _mail_to_one(person_id: int, meetings: Sequence[Meeting], method: str) -> None:
    """For one of several: the others' dates stay as they are."""
    ids = [meeting.id for meeting in meetings]
    facts = {"meeting_ids": ids, "method": method, "revision": meetings[0].revision, "alone": clock.now().isoformat()}
    jobs.enqueue("mail.soon", {"to_person_id": person_id, "template": "meetings/invitation", "facts": facts})


def tell_of_excuse(event: MemberExcused) -> None:
    """Who leads the group learns who cannot come; the date leaves that one's calendar."""
    _tell_leader(event, "meeting_excused", "CANCEL")


def tell_of_coming(event: MemberReturned) -> None:
    """Who leads the group learns who comes after all; the date is back in that one's calendar."""
    _tell_leader(event, "meeting_coming", "REQUEST")


def _tell_leader(event: MemberExcused | MemberReturned, kind: str, method: str) -> None:
    meeting = db.session.get_one(Meeting, event.meeting_id)
    tell(meeting.series.host_id, kind, "meeting", meeting.id, who=event.by_id, starts_at=meeting.starts_at.isoformat())
    if preferences_of(event.by_id)["meetings"].by_mail:
        _mail_to_one(event.by_id, [meeting], method)


def remind_of_meeting(event: MeetingNear) -> None:
    """Everybody is reminded before, and asked after."""
    meeting = db.session.get_one(Meeting, event.meeting_id)
    names = dict(
        db.session.execute(
            sa.select(Person.id, Person.name).where(Person.id.in_(members_of(event.series_id, meeting))).order_by(Person.name)
        ).all()
    )
    of_mail = {"meeting_id": meeting.id, "revision": meeting.revision, "which": event.which}
    for person_id in names:
        who = _some(name for other, name in names.items() if other != person_id)
        notify(
            Actor.system(), person_id, kind=f"meeting_{event.which}", about="meeting", about_id=meeting.id,
            facts={"who": who, "starts_at": meeting.starts_at.isoformat()}, mail="meetings/reminder", mail_facts=of_mail,
            dedupe_key=f"near:{meeting.id}:{meeting.revision}:{event.which}",
        )  # fmt: skip


def tell_of_times(event: TimesProposed) -> None:
    """The others are asked to choose."""
    for person_id in members_of(event.series_id):
        if person_id != event.by_id:
            tell(person_id, "times_proposed", "times", event.proposal_id, who=event.by_id)


def tell_of_no_time(event: TimesDeclined) -> None:
    """Who proposed learns that none suits."""
    proposal = db.session.get_one(TimeProposal, event.proposal_id)
    tell(proposal.proposed_by_id, "times_declined", "times", proposal.id, who=event.by_id)


def tell_of_withdrawn_times(event: TimesWithdrawn) -> None:
    """The others need not choose any more."""
    for person_id in members_of(event.series_id):
        if person_id != event.by_id:
            tell(person_id, "times_withdrawn", "times", event.proposal_id, who=event.by_id)


def tell_of_meeting(event: MeetingHeld) -> None:
    """The others learn that it was written down."""
    _tell_others(event, "meeting_held")


def tell_of_undone_meeting(event: MeetingUndone) -> None:
    """The others learn that it was taken back, and may say otherwise by writing it down anew."""
    _tell_others(event, "meeting_undone")


def tell_of_absence(event: MeetingMissed) -> None:
    """The others learn that it was marked as missed."""
    _tell_others(event, "meeting_missed")


def tell_of_action(event: ActionItemAgreed) -> None:
    """The owner learns what they took on, unless they wrote it themselves."""
    if event.owner_id != event.by_id:
        item = db.session.get_one(ActionItem, event.action_item_id)
        tell(event.owner_id, "action_agreed", "meeting", item.meeting_id, who=event.by_id)
