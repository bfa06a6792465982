"""What must stand before anything is done in a series."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.db import db, lock
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


def number_by_date(series_id: int) -> None:
    """Number the meetings of a series, whose row is locked, in the order in which they begin, whenever they were written down."""
    rows = db.session.execute(
        sa.select(Meeting.id, Meeting.number).where(Meeting.series_id == series_id).order_by(Meeting.starts_at, Meeting.id)
    ).all()
    wanted = {row.id: place for place, row in enumerate(rows, start=1) if row.number != place}
    if not wanted:
        return
    for number in (-Meeting.number, sa.case(wanted, value=Meeting.id)):  # first out of each other's way
        changed = sa.update(Meeting).where(Meeting.id.in_(wanted)).values(number=number)
        db.session.execute(changed.execution_options(synchronize_session=False))
    for meeting in db.session.identity_map.values():
        if isinstance(meeting, Meeting) and meeting.id in wanted:
            db.session.expire(meeting, ["number"])
