"""A series, its meetings, and what one member sees of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.meetings.models import (
    ActionItem,
    AgendaItem,
    Meeting,
    MeetingAttendance,
    NotesRevision,
    PrivateNote,
    Series,
    SeriesMember,
    TimeProposal,
)
from mentorlink.sessions.meetings.policy import is_member, may_change_action_item, may_see_meeting
from mentorlink.sessions.meetings.queries.times import can_be_answered

_WITH_MEMBERS = selectinload(Series.members).selectinload(SeriesMember.person)
_MEMBERS_OF_MEETING = selectinload(Meeting.series).selectinload(Series.members).selectinload(SeriesMember.person)


def series_for(actor: Actor, series_id: int) -> Series:
    """The series, if the actor meets in it."""
    series = db.session.get(Series, series_id, options=(_WITH_MEMBERS,))
    if series is None or not is_member(actor, series):
        raise NotFound()
    return series


def meeting_for(actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, if the actor meets there, or was there."""
    meeting = db.session.get(Meeting, meeting_id, options=(_MEMBERS_OF_MEETING, selectinload(Meeting.attendance)))
    if meeting is None or not may_see_meeting(actor, meeting):
        raise NotFound()
    return meeting


def agenda_item_for(actor: Actor, item_id: int) -> AgendaItem:
    """The agenda item, if the actor is a member of its series."""
    item = db.session.get(AgendaItem, item_id)
    if item is None:
        raise NotFound()
    meeting_for(actor, item.meeting_id)
    return item


def action_item_for(actor: Actor, item_id: int) -> ActionItem:
    """The action, if the actor is a member of its series."""
    item = db.session.get(ActionItem, item_id)
    if item is None:
        raise NotFound()
    if not may_change_action_item(actor, item, series_for(actor, item.series_id)):
        raise NotFound()
    return item


@dataclass(frozen=True)
class MeetingRoom:
    """All that one member sees of one meeting."""

    meeting: Meeting
    previous: Meeting | None
    """The last meeting held before this one."""
    agenda: list[AgendaItem]
    notes: NotesRevision | None
    private_note: PrivateNote | None
    """The reader's own."""
    carried: list[ActionItem]
    """Open actions from earlier meetings."""
    agreed: list[ActionItem]
    """Actions agreed in this meeting."""


def room_for(actor: Actor, meeting: Meeting) -> MeetingRoom:
    """What the actor sees of the meeting: six queries, however long the series."""
    if not may_see_meeting(actor, meeting):
        raise NotFound()
    since = _since(actor, meeting)
    items = db.session.scalars(
        sa.select(ActionItem)
        .outerjoin(Meeting, ActionItem.meeting_id == Meeting.id)
        .where(
            ActionItem.series_id == meeting.series_id,
            sa.or_(ActionItem.meeting_id == meeting.id, ActionItem.created_at >= since),
            sa.or_(
                ActionItem.meeting_id == meeting.id,
                sa.and_(
                    sa.or_(ActionItem.meeting_id.is_(None), Meeting.starts_at < meeting.starts_at),
                    sa.or_(ActionItem.state == "open", ActionItem.settled_at >= meeting.starts_at),
                ),
            ),
        )
        .options(joinedload(ActionItem.owner), joinedload(ActionItem.meeting))
        .order_by(ActionItem.state == "open", ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    ).all()
    return MeetingRoom(
        meeting=meeting,
        previous=db.session.scalar(
            sa.select(Meeting)
            .where(
                Meeting.series_id == meeting.series_id,
                Meeting.state == "held",
                Meeting.of_id.is_(None),
                Meeting.starts_at < meeting.starts_at,
                Meeting.starts_at >= since,
            )
            .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
            .limit(1)
        ),
        agenda=list(
            db.session.scalars(
                sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, AgendaItem.id)
            )
        ),
        notes=notes_of(meeting),
        private_note=db.session.get(PrivateNote, (meeting.id, actor.person_id)),
        carried=sorted((i for i in items if i.meeting_id != meeting.id), key=lambda i: i.state != "open"),
        agreed=sorted((i for i in items if i.meeting_id == meeting.id), key=lambda i: i.state != "open"),
    )


def _since(actor: Actor, meeting: Meeting) -> datetime:
    """From when on the reader may look back: who came later from then on, who left not at all."""
    mine = next((member for member in meeting.series.members if actor.is_person(member.person_id)), None)
    return meeting.starts_at if mine is None else mine.since or datetime.min.replace(tzinfo=UTC)


def notes_of(meeting: Meeting) -> NotesRevision | None:
    """The newest shared notes; the caller has shown that the reader is a member."""
    return db.session.scalar(
        sa.select(NotesRevision)
        .where(NotesRevision.meeting_id == meeting.id, NotesRevision.number == meeting.notes_version)
        .options(joinedload(NotesRevision.author))
    )


def notes_history_for(actor: Actor, meeting: Meeting, *, before: int | None = None, limit: int = 50) -> list[NotesRevision]:
    """The saved states of the shared notes, newest first, a page at a time (``before``: the number of the last one seen)."""
    if not may_see_meeting(actor, meeting):
        raise NotFound()
    return list(
        db.session.scalars(
            sa.select(NotesRevision)
            .where(NotesRevision.meeting_id == meeting.id, sa.true() if before is None else NotesRevision.number < before)
            .options(joinedload(NotesRevision.author))
            .order_by(NotesRevision.number.desc())
            .limit(limit)
        )
    )


PAGE = 20


def meetings_for(actor: Actor, series: Series, *, before: datetime | None = None, limit: int = PAGE) -> list[Meeting]:
    """The series' meetings, latest first, a page at a time (``before``: the start of the last one seen)."""
    if not is_member(actor, series):
        raise NotFound()
    mine = next(member for member in series.members if actor.is_person(member.person_id))
    query = sa.select(Meeting).where(Meeting.series_id == series.id)
    if mine.since is not None:
        query = query.where(Meeting.starts_at >= mine.since)
    if before is not None:
        query = query.where(Meeting.starts_at < before)
    return list(db.session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(limit)))


def meetings_of_run(actor: Actor, meeting: Meeting) -> list[Meeting]:
    """The planned meetings that were booked in one go with this one, itself included, soonest first."""
    if not is_member(actor, meeting.series):
        raise NotFound()
    if meeting.run_uid is None:
        return [meeting]
    together = sa.select(Meeting).where(Meeting.run_uid == meeting.run_uid, Meeting.state == "planned")
    return list(db.session.scalars(together.order_by(Meeting.starts_at, Meeting.id)))


def later_ones(meeting: Meeting) -> list[Meeting]:
    """The planned meetings that repeat this one later; for actions."""
    if meeting.run_uid is None:
        return []
    later = sa.select(Meeting).where(
        Meeting.run_uid == meeting.run_uid, Meeting.run_at > meeting.run_at, Meeting.state == "planned"
    )
    return list(db.session.scalars(later.order_by(Meeting.run_at, Meeting.id)))


def place_in_run(meeting: Meeting) -> tuple[int, int] | None:
    """Which of how many that were booked in one go, counting what has been called off; for who has shown they may see it."""
    if meeting.run_uid is None:
        return None
    began = sa.select(Meeting.run_at).where(Meeting.run_uid == meeting.run_uid).order_by(Meeting.run_at)
    moments = list(db.session.scalars(began))
    return moments.index(meeting.run_at) + 1, len(moments)


def upcoming_for(actor: Actor, *, limit: int = 5) -> list[Meeting]:
    """The actor's next meetings in all their series, soonest first, with members loaded."""
    return list(
        db.session.scalars(
            sa.select(Meeting)
            .join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
            .where(
                SeriesMember.person_id == actor.person_id,
                Meeting.state == "planned",
                Meeting.starts_at >= clock.now(),
                sa.not_(excused(actor.person_id)),
            )
            .options(joinedload(Meeting.series).selectinload(Series.members).joinedload(SeriesMember.person))
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(limit)
        )
    )


def excused(person_id: int | None) -> sa.Exists:
    """The condition that the person said of a meeting that they cannot come."""
    return sa.exists().where(
        MeetingAttendance.meeting_id == Meeting.id, MeetingAttendance.person_id == person_id, MeetingAttendance.state == "excused"
    )


def action_items_for(actor: Actor, series: Series | None = None, *, limit: int = 50) -> list[ActionItem]:
    """Open actions, soonest due first: of one series, or of all the actor's."""
    query = (
        sa.select(ActionItem)
        .join(SeriesMember, SeriesMember.series_id == ActionItem.series_id)
        .where(
            SeriesMember.person_id == actor.person_id,
            ActionItem.state == "open",
            sa.or_(SeriesMember.since.is_(None), ActionItem.created_at >= SeriesMember.since),
        )
        .options(joinedload(ActionItem.owner), joinedload(ActionItem.meeting))
        .order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
        .limit(limit)
    )
    if series is not None:
        query = query.where(ActionItem.series_id == series.id)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class SeriesSummary:
    """Where a series stands, without a word of what was said."""

    held: int = 0
    minutes: int = 0
    last_held_at: datetime | None = None
    next: Meeting | None = None
    """The soonest meeting still to come."""
    unsettled: Meeting | None = None
    """The oldest planned meeting that is over and of which nobody has said how it went."""
    planned: int = 0
    """Meetings still to come."""
    times: TimeProposal | None = None
    """Times proposed by one for the other to choose from, of which some are to come."""

    def asks(self, person_id: int | None) -> bool:
        """Times wait for this member to choose one."""
        return self.times is not None and self.times.proposed_by_id != person_id


def summaries_of(series_ids: Iterable[int]) -> dict[int, SeriesSummary]:
    """Series → where it stands: three queries for any number of series."""
    ids = list(series_ids)
    held = {
        row.series_id: row
        for row in db.session.execute(
            sa.select(
                Meeting.series_id,
                sa.func.count().label("held"),
                sa.func.sum(Meeting.minutes).label("minutes"),
                sa.type_coerce(sa.func.max(Meeting.starts_at), Meeting.starts_at.type).label("last"),
            )
            .where(Meeting.series_id.in_(ids), Meeting.state == "held")
            .group_by(Meeting.series_id)
        )
    }
    planned: dict[int, list[Meeting]] = {}
    for meeting in db.session.scalars(
        sa.select(Meeting).where(Meeting.series_id.in_(ids), Meeting.state == "planned").order_by(Meeting.starts_at, Meeting.id)
    ):
        planned.setdefault(meeting.series_id, []).append(meeting)
    instant = clock.now()
    waiting = sa.select(TimeProposal).where(TimeProposal.series_id.in_(ids), can_be_answered())
    times = {proposal.series_id: proposal for proposal in db.session.scalars(waiting)}
    return {
        series_id: SeriesSummary(
            held=held[series_id].held if series_id in held else 0,
            minutes=held[series_id].minutes if series_id in held else 0,
            last_held_at=held[series_id].last if series_id in held else None,
            next=next((m for m in planned.get(series_id, []) if m.ends_at > instant), None),
            unsettled=next((m for m in planned.get(series_id, []) if m.ends_at <= instant), None),
            planned=sum(m.ends_at > instant for m in planned.get(series_id, [])),
            times=times.get(series_id),
        )
        for series_id in ids
    }
