"""Meetings as plain values, for JSON and export. Shared texts go to members only; of private notes the reader's own."""

from __future__ import annotations

from typing import Any

from mentorlink.sessions.meetings.models import ActionItem, AgendaItem, Meeting, TimeProposal
from mentorlink.sessions.meetings.notes.models import NoteChange
from mentorlink.sessions.meetings.notes.queries import Afterthoughts
from mentorlink.sessions.meetings.queries import MeetingRoom
from mentorlink.sessions.meetings.rules.free import Hours


def meeting_shape(meeting: Meeting) -> dict[str, Any]:
    """A meeting as one of its members sees it in a list."""
    return {
        "id": meeting.id,
        "series_id": meeting.series_id,
        "number": meeting.number,
        "state": meeting.state,
        "starts_at": meeting.starts_at.isoformat(),
        "minutes": meeting.minutes,
        "mode": meeting.mode,
        "place": meeting.place,
        "summary": meeting.summary,
        "logged": meeting.logged,
    }


def room_shape(room: MeetingRoom, *, notes_seq: int, said: Afterthoughts | None) -> dict[str, Any]:
    """All that one member sees of a meeting; ``said`` is how it was, once it was held."""
    meeting, notes, mine, before = room.meeting, room.notes, room.private_note, room.previous
    return meeting_shape(meeting) | {
        "reason": meeting.reason,
        "people": [{"id": member.person_id, "name": member.person.name} for member in meeting.series.members],
        "away": sorted(meeting.away_ids),
        "present": sorted(meeting.present_ids),
        "previous": {"id": before.id, "starts_at": before.starts_at.isoformat(), "summary": before.summary} if before else None,
        "agenda": [agenda_item_shape(item) for item in room.agenda],
        "notes": {"text": notes.body if notes else "", "seq": notes_seq},
        "private_note": {"body": mine.body if mine else "", "version": mine.version if mine else 0},
        "carried": [action_item_shape(item) for item in room.carried],
        "agreed": [action_item_shape(item) for item in room.agreed],
        "afterwards": afterthoughts_shape(said) if said else None,
    }


def agenda_item_shape(item: AgendaItem) -> dict[str, Any]:
    """Something to talk about."""
    return {"id": item.id, "text": item.text, "added_by_id": item.added_by_id, "done": item.done_at is not None}


def afterthoughts_shape(said: Afterthoughts) -> dict[str, Any]:
    """How it was: one's own answers; the others' once everybody has said everything, in a group without saying whose."""
    return {
        "mine": said.mine,
        "others": {str(person_id): answers for person_id, answers in said.others.items()},
        "tallies": {question: {str(answer): count for answer, count in told.items()} for question, told in said.tallies.items()},
        "waiting": said.waiting,
        "open": said.open,
    }


def note_change_shape(change: NoteChange) -> dict[str, Any]:
    """One change of the shared notes."""
    return {"seq": change.seq, "id": change.client_id, "by_id": change.author_id, "change": change.change}


def action_item_shape(item: ActionItem) -> dict[str, Any]:
    """An action as a member sees it."""
    return {
        "id": item.id,
        "text": item.text,
        "owner_id": item.owner_id,
        "due_on": item.due_on.isoformat() if item.due_on else None,
        "state": item.state,
        "meeting_id": item.meeting_id,
    }


def times_shape(proposal: TimeProposal) -> dict[str, Any]:
    """Proposed times as a member sees them."""
    return {
        "id": proposal.id,
        "series_id": proposal.series_id,
        "meeting_id": proposal.meeting_id,
        "proposed_by_id": proposal.proposed_by_id,
        "state": proposal.state,
        "minutes": proposal.minutes,
        "mode": proposal.mode,
        "place": proposal.place,
        "agenda": proposal.agenda,
        "words": proposal.words,
        "times": [time.starts_at.isoformat() for time in proposal.times],
    }


def hours_shape(hours: Hours) -> dict[str, Any]:
    """When somebody can be met, for themselves: minutes of the day by weekday (0 is Monday), on their own clock."""
    return {
        "timezone": hours.zone,
        "said": hours.said,
        "weekly": [{"weekday": day, "from": starts, "to": ends} for day, starts, ends in sorted(hours.weekly)],
        "exceptions": [
            {
                "kind": each.kind,
                "from_on": each.from_on.isoformat(),
                "to_on": each.to_on.isoformat(),
                "from": each.starts,
                "to": each.ends,
            }
            for each in hours.exceptions
        ],
        "notice_hours": int(hours.notice.total_seconds() // 3600),
        "gap_minutes": int(hours.gap.total_seconds() // 60),
    }
