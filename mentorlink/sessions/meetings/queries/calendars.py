"""What a calendar that somebody brought says of when they are taken."""

from __future__ import annotations

from datetime import datetime, timedelta

from mentorlink.kernel import clock, settings
from mentorlink.kernel.aside import TooMuch, run_aside
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.sessions.meetings.rules.free import Span

MOST_BYTES = 2 * 2**20
SECONDS = 10
"""Of computing that one calendar may cost."""
BACK, AHEAD = timedelta(days=1), timedelta(days=180)
"""Busy times are taken over from yesterday to half a year ahead."""


def read_busy_times(content: bytes, zone: str) -> list[Span]:
    """The busy times of a calendar, on the clock in ``zone`` where it names none; Invalid where it is none, or too much.

    Takes seconds where the calendar is large: never inside an action, which holds the database.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(Fault("file", "calendar_too_big", {"megabytes": MOST_BYTES // 2**20}))
    arguments = {
        "text": content.decode("utf-8", errors="replace").lstrip("\ufeff"),
        "zone": zone,
        "first": (clock.now() - BACK).isoformat(),
        "last": (clock.now() + AHEAD).isoformat(),
        "own": f"@{settings.current().base_url.partition('://')[2].partition('/')[0].partition(':')[0]}",
    }
    if "BEGIN:VCALENDAR" not in arguments["text"][:2000].upper():
        raise Invalid(Fault("file", "not_a_calendar"))
    try:
        found = run_aside("mentorlink.sessions.meetings.rules.busy:busy_times", arguments, seconds=SECONDS)
    except TooMuch:
        raise Invalid(Fault("file", "calendar_too_much")) from None
    if "fault" in found:
        raise Invalid(Fault("file", found["fault"]))
    return [(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in found["spans"]]
