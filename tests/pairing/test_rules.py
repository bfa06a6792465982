"""Decisions of pairing, by value."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorlink.matching import Filters, Mentee, Mentor, MentorIndex
from mentorlink.pairing import rules
from mentorlink.pairing.rules import Change


def test_who_names_nothing_offers_what_they_hold_well() -> None:
    assert rules.offered({"A": 2, "B": 3, "C": 5}, ()) == {"B": 3, "C": 5}
    assert rules.offered({"A": 2, "B": 3}, ("A", "Z")) == {"A": 2}


def test_a_pause_lasts_until_its_day() -> None:
    today = date(2026, 11, 21)
    assert rules.is_paused(date(2026, 11, 22), today)
    assert not rules.is_paused(today, today)
    assert not rules.is_paused(None, today)


def test_the_typical_reply_is_the_median_and_needs_three() -> None:
    hours = [timedelta(hours=n) for n in (1, 100, 3)]
    assert rules.typical_reply(hours[:2]) is None
    assert rules.typical_reply(hours) == timedelta(hours=3)


def test_years_are_never_negative() -> None:
    assert rules.years_in_field(2030, date(2026, 1, 1)) == 0
    assert rules.years_in_field(None, date(2026, 1, 1)) is None


@given(
    st.dictionaries(
        st.sampled_from(["cover", "text", "experience", "place", "field", "language", "grade"]), st.floats(0, 0.16), min_size=1
    )
)
def test_the_points_shown_sum_to_the_fit_shown(terms: dict[str, float]) -> None:
    score = sum(terms.values())
    points = rules.points(terms, score)
    assert round(sum(points.values()), 1) == round(score * 100, 1) or abs(sum(points.values()) - score * 100) <= 0.0501
    assert all(abs(points[name] - terms[name] * 100) <= 0.1001 for name in terms)


def pool(*zones: str) -> MentorIndex:
    return MentorIndex().fit([Mentor(n, {"A": 4}, time_zone=zone, field="F", years=n) for n, zone in enumerate(zones, 1)])


def test_the_change_that_helps_most_comes_first_and_says_how_many_more() -> None:
    filters = Filters(time_zones=("WIT",))
    ranking = pool("WIB", "WITA", "WITA", "WITA").rank(Mentee(99, {"A": 1}, {"A": 3}), filters=filters, choices=True)
    assert ranking.total == 0
    assert rules.helpful_changes(ranking, filters) == [Change("time_zones", None, 4), Change("time_zones", "WITA", 3)]
    only = pool("WITA", "WITA", "WITA").rank(Mentee(99, {"A": 1}, {"A": 3}), filters=filters, choices=True)
    assert rules.helpful_changes(only, filters) == [Change("time_zones", "WITA", 3)]


def test_no_change_is_named_that_brings_nobody() -> None:
    filters = Filters(time_zones=("WIT",), fields=("G",))
    ranking = pool("WIB").rank(Mentee(99, {"A": 1}, {"A": 3}), filters=filters, choices=True)
    assert rules.helpful_changes(ranking, filters) == []
