"""What meetings do by themselves."""

from __future__ import annotations

from typing import Any

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.sessions.meetings.actions import remind_of_meeting
from mentorlink.sessions.meetings.models import Meeting


def remind_when_due(payload: dict[str, Any]) -> None:
    """Job ``meetings.remind``: a day or an hour is left, or the meeting is over."""
    if (meeting := db.session.get(Meeting, payload["meeting_id"])) is not None:
        remind_of_meeting(Actor.system(), meeting, which=payload["which"], revision=payload["revision"])
