"""Meetings as plain values, for JSON and export. Shared texts go to members only; private notes are in no shape."""

from __future__ import annotations

from typing import Any

from mentorlink.sessions.meetings.models import ActionItem, Meeting


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
