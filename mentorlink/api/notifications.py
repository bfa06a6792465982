"""JSON of notices: what the caller was told, and that it was read."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, number, signed_in
from mentorlink.notifications.actions import read_all_notices, read_notice
from mentorlink.notifications.models import Notice
from mentorlink.notifications.queries import PAGE, notice_for, notices_for, unread_count
from mentorlink.notifications.shapes import as_json

api = APIBlueprint("api_notifications", __name__)


@api.get("/notices")
@signed_in
def notices() -> dict[str, Any]:
    """The newest notices; ``before`` (an id) goes back a page, ``next_before`` says with which id."""
    before = number("before", 0, most=2**31 - 1)
    found = notices_for(actor(), before=before if before > 1 else None)
    return {
        "notices": [as_json(notice) for notice in found[:PAGE]],
        "unread": unread_count(actor()),
        "next_before": found[PAGE - 1].id if len(found) > PAGE else None,
    }


@api.post("/notices/<int:notice_id>/read")
@signed_in
def read_one(notice_id: int) -> dict[str, Any]:
    """Mark one as read."""
    notice: Notice = notice_for(actor(), notice_id)
    read_notice(actor(), notice)
    return as_json(notice)


@api.post("/notices/read")
@signed_in
def read_all() -> dict[str, Any]:
    """Mark all as read."""
    read_all_notices(actor())
    return {"unread": 0}
