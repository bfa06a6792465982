"""The worked examples of the law and of the agency's table, to be read as a table; and what holds of every ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.learning.rules import Deed, allocate, forecast_of, full_jp, paths_of, shipped_paths, target_of
from mentorlink.learning.rules.index import Known, index_of, kind_of_post, shipped_index
from mentorlink.learning.rules.year import calendar_year, contract_year, rooms_of

pytestmark = pytest.mark.one_database
PATHS = paths_of(shipped_paths())


@pytest.mark.parametrize(
    ("path", "how", "jp"),
    [
        # one session each, however long
        ("coaching", {"units": 1}, 2), ("mentoring", {"units": 1}, 2), ("guidance", {"units": 3}, 6),
        # 45 minutes are one JP, and what is left over counts nothing
        ("self_study", {"minutes": 44}, 0), ("self_study", {"minutes": 45}, 1), ("e_learning", {"minutes": 134}, 2),
        ("community", {"minutes": 90}, 2),
        # by the day
        ("workshop", {"units": 2}, 10), ("seminar", {"units": 1}, 4), ("course", {"units": 3}, 12),
        ("socialisation", {"units": 1}, 4), ("upgrading", {"units": 2}, 8), ("technical_guidance", {"units": 2}, 8),
        # by the activity
        ("benchmarking", {"units": 1}, 10), ("internship", {"units": 1}, 20), ("secondment", {"units": 1}, 20),
        ("exchange", {"units": 1}, 20),
        # abroad a fifth more, where the table says so
        ("internship", {"units": 1, "abroad": True}, 24), ("exchange", {"units": 1, "abroad": True}, 24),
        ("coaching", {"units": 5, "abroad": True}, 12), ("benchmarking", {"units": 1, "abroad": True}, 12),
        ("community", {"minutes": 450, "abroad": True}, 12), ("seminar", {"units": 1, "abroad": True}, 4),
        # what a certificate states wins
        ("technical", {"stated": 30}, 30), ("workshop", {"units": 2, "stated": 3}, 3), ("distance", {"stated": 16}, 16),
    ],
)  # fmt: skip
def test_a_deed_counts_what_the_table_says(path: str, how: dict[str, int], jp: int) -> None:
    assert full_jp(PATHS[path], **how) == jp  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "deeds", "counts"),
    [
        ("mentoring", [(2, 1)] * 3, 4), ("coaching", [(2, 1)] * 5, 4), ("guidance", [(6, 3)], 4),
        ("self_study", [(1, 1), (3, 1)], 2), ("community", [(2, 1), (2, 1)], 2), ("e_learning", [(2, 1), (2, 1)], 3),
        ("workshop", [(5, 1), (5, 1)], 10), ("technical", [(40, 1), (12, 1)], 52),
    ],
)  # fmt: skip
def test_a_cap_keeps_out_what_the_table_says(path: str, deeds: list[tuple[int, int]], counts: int) -> None:
    rule = PATHS[path]
    assert sum(share.jp for share in allocate([Deed(*deed) for deed in deeds], rule.cap, rule.cap_unit)) == counts


@pytest.mark.parametrize(
    ("contract", "jp", "says"),
    [
        ("pns", 19, {"missing": 1, "beyond": 0}), ("pns", 20, {"missing": 0, "beyond": 0}),
        ("pns", 60, {"missing": 0, "beyond": 0}),
        ("pppk", 24, {"missing": 0, "beyond": 0, "left": 0}), ("pppk", 27, {"missing": 0, "beyond": 3, "left": 0}),
        ("pppk", 10, {"missing": 0, "beyond": 0, "left": 14}), ("other", 3, {"missing": 0, "beyond": 0}),
    ],
)  # fmt: skip
def test_the_year_asks_at_least_of_one_and_allows_at_most_the_other(contract: str, jp: int, says: dict[str, int]) -> None:
    forecast = forecast_of(jp, target_of(contract), within=calendar_year(2025), today=date(2026, 2, 1))
    assert {name: getattr(forecast, name) for name in says} == says


@pytest.mark.parametrize(
    ("contract", "within", "jp", "today", "says"),
    [
        # a calendar year: half of it gone, as much again to come; no pace in the first month
        ("pns", (date(2026, 1, 1), date(2026, 12, 31)), 8, date(2026, 7, 1), {"expected": 16, "missing": 4}),
        ("pns", (date(2026, 1, 1), date(2026, 12, 31)), 2, date(2026, 1, 20), {"expected": 2, "missing": 18}),
        # a contract year from April: a quarter gone, the ceiling is passed in December at this pace
        ("pppk", (date(2026, 4, 1), date(2027, 3, 31)), 9, date(2026, 7, 1), {"expected": 35, "beyond_expected": 11, "left": 15}),
        ("pppk", (date(2026, 4, 1), date(2027, 3, 31)), 26, date(2026, 7, 1), {"beyond": 2, "left": 0}),
        ("pppk", (date(2026, 4, 1), date(2027, 3, 31)), 5, date(2026, 12, 1), {"expected": 7, "beyond_expected": 0, "left": 19}),
    ],
)  # fmt: skip
def test_where_a_year_is_heading(contract: str, within: tuple[date, date], jp: int, today: date, says: dict[str, int]) -> None:
    forecast = forecast_of(jp, target_of(contract), within=within, today=today)
    assert {name: getattr(forecast, name) for name in says} == says


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, [1, 2, 2]),
        ({"cap": 5, "cap_period": "year"}, [3]),
        ({"cap": 6, "cap_unit": "jp"}, [2, 3, 3]),
        ({"cap": 14, "cap_unit": "jp", "cap_period": "year"}, [5]),
        ({"cap": None, "cap_unit": None, "cap_period": None}, [4, 4, 4]),
        ({"rule": "as_stated", "jp": None, "cap": None, "cap_unit": None, "cap_period": None}, []),
    ],
)
def test_sessions_that_still_count_follow_the_cap_that_holds(said: dict[str, object], left: list[int]) -> None:
    """One session of January and one of October count already; it is October."""
    table = replace(PATHS["mentoring"], **said)  # type: ignore[arg-type]
    assert rooms_of(table, {1: (1, 2), 10: (1, 2)}, date(2026, 10, 5)) == left


FULL = {
    "qualification": "s3", "performance": "very_good", "discipline": "none", "leadership": "done", "functional": "done",
}  # fmt: skip


@pytest.mark.parametrize(
    ("tier", "said", "hours", "total", "band"),
    [
        ("jf_ahli_muda", FULL, {"technical": 20, "seminar": 4}, 100, "very_high"),
        ("administrator", FULL, {"technical": 20, "seminar": 4}, 100, "very_high"),
        ("pelaksana", FULL, {"technical": 20, "seminar": 4}, 100, "very_high"),
        ("pelaksana", FULL, {"technical": 20}, 82.5, "high"),
        ("pelaksana", FULL, {"seminar": 4}, 77.5, "medium"),
        ("jf_ahli_muda", FULL, {"technical": 19, "seminar": 4}, 85, "high"),
        ("jpt_pratama", FULL | {"leadership": "not_done"}, {"technical": 20}, 75, "medium"),
        ("jf_mahir", FULL | {"qualification": "s1", "functional": "not_done"}, {"technical": 20}, 65, "low"),
        ("pelaksana", {"qualification": "sma", "performance": "good", "discipline": "none"}, {}, 35, "very_low"),
        ("pelaksana", {}, {}, 0, "very_low"),
    ],
)
def test_the_index_by_kind_of_post(tier: str, said: dict[str, str], hours: dict[str, int], total: float, band: str) -> None:
    known = {name: Known(value, "a paper", date(2026, 1, 2)) for name, value in said.items()}
    found = index_of(shipped_index(), post=kind_of_post(shipped_index(), tier), known=known, jp_by_path=hours)
    assert (found.total, found.band) == (total, band)
    assert found.total + sum(part.most - part.points for part in found.moves) == 100


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 4000))
def test_every_day_lies_in_one_contract_year_which_is_a_year_long(begins: date, after: int) -> None:
    day = begins + timedelta(days=after)
    first, last = contract_year(begins, day)
    assert first <= day <= last
    assert (last - first).days in (364, 365)
    assert contract_year(begins, last + timedelta(days=1))[0] == last + timedelta(days=1)


deeds = st.lists(st.builds(Deed, st.integers(0, 30), st.integers(1, 6)), max_size=8)


@given(deeds, st.integers(0, 20), st.sampled_from(["session", "jp"]), st.randoms())
def test_no_order_of_arrival_beats_a_cap_or_changes_the_year(found: list[Deed], cap: int, unit: str, dice: object) -> None:
    shares = allocate(found, cap, unit)
    assert sum(share.units if unit == "session" else share.jp for share in shares) <= cap
    assert all(share.jp <= deed.jp and share.units <= deed.units for share, deed in zip(shares, found, strict=True))
    other = list(found)
    dice.shuffle(other)  # type: ignore[attr-defined]
    if unit == "jp":
        assert sum(share.jp for share in allocate(other, cap, unit)) == sum(share.jp for share in shares)
    else:
        assert sum(share.units for share in allocate(other, cap, unit)) == sum(share.units for share in shares)
