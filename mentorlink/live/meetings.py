"""Tells those who meet that their room has changed. What changed they read from the page: a push says nothing of it."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.live.push import to_person
from mentorlink.sessions.meetings.models import SeriesMember
from mentorlink.sessions.meetings.notes.events import AfterthoughtsOpened, RoomChanged


def show_room(event: RoomChanged | AfterthoughtsOpened) -> None:
    """Every member's open pages look again."""
    part = event.part if isinstance(event, RoomChanged) else "room"
    members = sa.select(SeriesMember.person_id).where(SeriesMember.series_id == event.series_id)
    for person_id in db.session.scalars(members).all():
        to_person(person_id, "meeting", {"meeting_id": event.meeting_id, "series_id": event.series_id, "part": part})
