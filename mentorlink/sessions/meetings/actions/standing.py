"""What must stand before anything is done in a series."""

from __future__ import annotations

from mentorlink.kernel.db import lock
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.meetings.models import Meeting, Series


def must_be_open(series: Series) -> None:
    """Takes the lock of the series, so that nobody pauses or closes it under what is being done."""
    must_not_be_closed(series)
    if series.state == "paused":
        raise Conflict("series_paused")


def must_not_be_closed(series: Series) -> None:
    if lock(series).state == "closed":
        raise Conflict("series_closed")


def must_be_workable(meeting: Meeting) -> None:
    must_not_be_closed(meeting.series)
    if lock(meeting).state not in ("planned", "held"):
        raise Conflict("meeting_settled", state=meeting.state)
