"""Meetings as plain values, for JSON and export. Shared texts go to members only; private notes are in no shape."""

from __future__ import annotations

from typing import Any

from mentorlink.sessions.meetings.models import ActionItem, Meeting, TimeProposal
from mentorlink.sessions.meetings.rules.free import Hours


def meeting_shape(meeting: Meeting) -> dict[str, Any]:
    """A meeting as one of its members sees it in a list."""
    return {
        "id": meeting.id,
        "number": meeting.number,
        "state": meeting.state,
        "starts_at": meeting.starts_at.isoformat(),
        "minutes": meeting.minutes,
        "mode": meeting.mode,
        "place": meeting.place,
        "summary": meeting.summary,
        "logged": meeting.logged,
    }


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
