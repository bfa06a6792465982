"""Spans of time and what is left of them, minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.sessions.meetings.rules.free import (
    STEP,
    Exceptional,
    Hours,
    Span,
    beginnings,
    common,
    merged,
    open_spans,
    repeated,
    slots_of,
    span_of,
    talk_just_over,
    without,
)

pytestmark = pytest.mark.one_database
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


@given(st.integers(5, 240), st.none() | st.integers(0, 300), st.integers(0, 59))
def test_the_talk_that_is_proposed_is_over_and_lies_after_the_stage_began_wherever_one_fits(
    minutes: int, ago: int | None, second: int
) -> None:
    now = NOON + timedelta(seconds=second)
    since = None if ago is None else now - timedelta(minutes=ago, seconds=second)
    begun, length = talk_just_over(now, minutes, since=since, lengths=(15, 30, 45))
    assert begun + timedelta(minutes=length) <= now
    assert length == minutes or length in (15, 30, 45)
    assert length <= minutes
    fits = since is None or any(since + timedelta(minutes=each + 1) <= now for each in (minutes, 15, 30, 45) if each <= minutes)
    assert since is None or begun >= since or not fits


def span(begin: int, end: int) -> Span:
    return NOON + timedelta(minutes=begin), NOON + timedelta(minutes=end)


def minutes(spans: list[Span]) -> set[int]:
    return {
        int((begin - NOON).total_seconds() // 60) + number
        for begin, end in spans
        for number in range(int((end - begin).total_seconds() // 60))
    }


spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(lambda pair: span(pair[0], pair[0] + pair[1])), max_size=8
)


@given(spans, spans)
def test_what_is_left_and_what_is_common_are_those_of_the_minutes(one: list[Span], other: list[Span]) -> None:
    ordered, second = merged(one), merged(other)
    assert minutes(ordered) == minutes(one)
    assert all(a[1] < b[0] for a, b in pairwise(ordered))
    assert minutes(without(ordered, other)) == minutes(one) - minutes(other)
    assert minutes(common(ordered, second)) == minutes(one) & minutes(other)


@given(st.integers(0, 2000), st.integers(5, 480), st.integers(0, 2000), st.integers(5, 480))
def test_two_meetings_share_a_step_exactly_when_they_overlap_on_the_grid(a: int, long: int, b: int, longer: int) -> None:
    one, other = set(slots_of(NOON + timedelta(minutes=a), long)), set(slots_of(NOON + timedelta(minutes=b), longer))
    overlap = a < b + longer and b < a + long
    assert not overlap or one & other, "who is taken is never free"
    if a % 5 == b % 5 == long % 5 == longer % 5 == 0:
        assert bool(one & other) == overlap, "on the grid nothing more is taken"
    assert span_of(min(one))[0] <= NOON + timedelta(minutes=a) < span_of(min(one))[0] + STEP


def test_hours_are_those_on_the_persons_own_wall() -> None:
    jayapura = Hours("Asia/Jayapura", weekly=((0, 8 * 60, 12 * 60),))
    assert open_spans(jayapura, MONDAY, MONDAY) == [
        (datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 2, 3, tzinfo=UTC)),
    ]


def test_exceptions_close_and_open_beyond_the_weekly_hours() -> None:
    week = ((0, 8 * 60, 16 * 60), (1, 8 * 60, 16 * 60))
    away = Exceptional("away", MONDAY, MONDAY)
    lunch = Exceptional("away", MONDAY, MONDAY + timedelta(days=6), 12 * 60, 13 * 60)
    late = Exceptional("open", MONDAY + timedelta(days=5), MONDAY + timedelta(days=5), 20 * 60, 1440)
    found = open_spans(Hours("UTC", week, (away, lunch, late)), MONDAY, MONDAY + timedelta(days=6))
    assert [(f"{begin:%d %H}", f"{end:%d %H}") for begin, end in found] == [
        ("03 08", "03 12"),
        ("03 13", "03 16"),
        ("07 20", "08 00"),
    ]


def test_times_are_offered_on_full_and_half_hours_that_are_still_to_come() -> None:
    free = [span(10, 130)]
    found = beginnings(free, timedelta(minutes=60), earliest=NOON)
    assert found == [NOON + timedelta(minutes=30), NOON + timedelta(minutes=60)]
    assert beginnings(free, timedelta(minutes=60), earliest=NOON + timedelta(minutes=31)) == [NOON + timedelta(minutes=60)]


def test_a_repetition_keeps_its_hour_when_the_clock_changes() -> None:
    first = datetime(2026, 3, 23, 9, tzinfo=UTC)
    found = repeated(first, "Europe/Berlin", weeks=1, times=2)
    assert [f"{moment:%d %H}" for moment in found] == ["23 09", "30 08"], "ten o'clock in Berlin, before and after"
