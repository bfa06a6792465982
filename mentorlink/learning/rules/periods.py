"""What a period may be, and how its months lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from mentorlink.kernel.errors import Fault
from mentorlink.learning.rules.credit import month_of


def months_between(first: date, last: date) -> list[date]:
    """The first day of every month from that of ``first`` to that of ``last``."""
    found, day = [], first.replace(day=1)
    while day <= last:
        found.append(day)
        day = month_of(day)[1]
    return found


def likely_after(first: date, last: date) -> tuple[date, date]:
    """The period that likely follows one of whole months: the next as many months, cut at the end of their year."""
    begins_on, count = last + timedelta(days=1), len(months_between(first, last))
    ends_on = date(begins_on.year, min(12, begins_on.month + count - 1), 1)
    return begins_on, month_of(ends_on)[1] - timedelta(days=1)


def faults_of_period(begins_on: date, ends_on: date) -> Iterator[Fault]:
    """What keeps these days from being a period: whole months of one year, because caps count by the month and by the year."""
    if begins_on.day != 1:
        yield Fault("begins_on", "period_first_of_month")
    if (ends_on + timedelta(days=1)).day != 1:
        yield Fault("ends_on", "period_last_of_month")
    if ends_on <= begins_on:
        yield Fault("ends_on", "period_ends_before")
    elif begins_on.year != ends_on.year:
        yield Fault("ends_on", "period_over_years")
