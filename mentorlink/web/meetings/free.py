"""Free times to choose from, as the pages of planning and moving show them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import request

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.meetings.inputs.planning import MOST_TIMES
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.meetings.queries import free_times_for, hours_of
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor
from mentorlink.web.words import error_sentence

WINDOW = 7
"""Days that are looked at together."""
FURTHEST = 371
LENGTHS = (15, 30, 45, 60, 90, 120)
USUAL = 60
"""Minutes of a session where nothing is agreed."""
TAKEN = frozenset({"person_busy", "days_taken", "meeting_at_that_time", "times_changed"})
"""Refusals after which one chooses another time, on the same page."""


@dataclass(frozen=True)
class FreeTimes:
    """What the members have in common in some days."""

    minutes: int
    first: date
    last: date
    days: list[tuple[date, list[datetime]]]
    previous: date | None
    following: date | None
    unsaid: list[str]
    """Who has not said when they can be met; office hours are assumed of them."""


def lengths_with(minutes: int | None) -> list[int]:
    """The lengths to choose from, what was agreed among them."""
    return sorted({*LENGTHS, *([minutes] if minutes else [])})


def free_times(
    series: Series, *, minutes: int | None = None, usual: int | None = None, moving: Meeting | None = None
) -> FreeTimes:
    """The free times of the days that the address asks for (``from``), or of the week that begins today.

    ``minutes``: chosen in the form; ``usual``: what was agreed.
    """
    today = clock.today(actor().timezone)
    first = min(max(_asked_day() or today, today), today + timedelta(days=FURTHEST))
    length = minutes or request.args.get("minutes", type=int) or (moving.minutes if moving else usual or USUAL)
    length = length if 5 <= length <= 480 else USUAL
    found = free_times_for(
        actor(), series, minutes=length, first=first, days=WINDOW, but=moving.id if moving is not None else None
    )
    here = ZoneInfo(actor().timezone)
    days = [(day, list(moments)) for day, moments in groupby(found, key=lambda moment: moment.astimezone(here).date())]
    names = {member.person_id: member.person.name for member in series.members if member.person_id != actor().person_id}
    said = hours_of(names)
    before, behind = first - timedelta(days=WINDOW), first + timedelta(days=WINDOW)
    return FreeTimes(
        length,
        first,
        behind - timedelta(days=1),
        days,
        None if first == today else max(before, today),
        behind if behind < today + timedelta(days=FURTHEST) else None,
        [name for person_id, name in names.items() if not said[person_id].said],
    )


def chosen_times(form: Form) -> list[datetime]:
    """The moments that are chosen in ``form``, as far as they are any and to come, soonest first."""
    said = form.data.get("slots") or []
    found = set()
    for text in [said] if isinstance(said, str) else said[:MOST_TIMES]:
        with suppress(ValueError):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None and moment > clock.now():
                found.add(moment)
    return sorted(found)


def chosen_elsewhere(form: Form, free: FreeTimes) -> list[datetime]:
    """Those of them that lie on other days than the page shows: they are kept while one looks further."""
    here = ZoneInfo(actor().timezone)
    return [moment for moment in chosen_times(form) if not free.first <= moment.astimezone(here).date() <= free.last]


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return None


def form_of(refusal: Conflict) -> Form:
    """The form as it was sent, with the refusal beside the times; another refusal goes on to the page of errors."""
    if refusal.code not in TAKEN:
        raise refusal
    form = sent()
    form.errors["slots"] = [error_sentence(refusal)]
    return form
