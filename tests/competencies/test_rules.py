"""Which finding counts, what a gap is, how the match is reckoned: by property."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mentorlink.competencies import rules
from mentorlink.competencies.rules import Need

pytestmark = pytest.mark.one_database

TODAY = date(2026, 6, 1)
SINCE = max(rules.valid_since(TODAY).values())
OLD = min(rules.valid_since(TODAY).values())


@dataclass(frozen=True)
class Finding:
    source: str
    level: int
    assessed_on: date
    created_at: datetime


OLDEST = TODAY - timedelta(days=6 * 365)


def dated(since: date, until: date, sources: tuple[str, ...] = rules.SOURCES) -> st.SearchStrategy[Finding]:
    """Findings of ``sources`` between two days."""
    return st.builds(
        Finding,
        source=st.sampled_from(sources),
        level=st.integers(0, 5),
        assessed_on=st.dates(since, until),
        created_at=st.datetimes(datetime(2021, 1, 1), datetime(2026, 6, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    )


findings = dated(OLDEST, TODAY)
fresh_findings = dated(SINCE, TODAY)
old_findings = dated(OLDEST, OLD - timedelta(days=1))
needs = st.builds(
    Need,
    competency_id=st.integers(1, 99),
    code=st.just("M.1"),
    required=st.integers(0, 5),
    actual=st.none() | st.integers(0, 5),
)


@given(st.lists(findings, max_size=8).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_arrival_does_not_matter(both: tuple[list[Finding], list[Finding]]) -> None:
    some, shuffled = both
    assert rules.current(some, TODAY) == rules.current(shuffled, TODAY)


def test_without_findings_nothing_counts() -> None:
    assert rules.current([], TODAY) is None


@given(fresh_findings, fresh_findings)
def test_among_fresh_findings_the_higher_class_wins_whatever_the_dates(one: Finding, other: Finding) -> None:
    assume(rules.standing(one.source) != rules.standing(other.source))
    higher = max(one, other, key=lambda finding: rules.standing(finding.source))
    assert rules.current([one, other], TODAY) is higher


@given(st.sampled_from(rules.SOURCES).flatmap(lambda source: st.tuples(*[dated(OLDEST, TODAY, (source,))] * 2)))
def test_within_a_class_the_newest_wins(both: tuple[Finding, Finding]) -> None:
    older, newer = sorted(both, key=lambda finding: finding.assessed_on)
    assume(older.assessed_on < newer.assessed_on)
    assert rules.current([older, newer], TODAY) is newer


@given(old_findings, fresh_findings)
def test_what_is_too_old_never_beats_what_is_fresh(old: Finding, fresh: Finding) -> None:
    assert rules.current([old, fresh], TODAY) is fresh


@given(findings)
def test_what_is_too_old_counts_while_there_is_nothing_newer(only: Finding) -> None:
    assert rules.current([only], TODAY) is only


def test_a_closed_mentorship_moves_a_level_that_an_assessment_centre_found_earlier() -> None:
    before = Finding("assessment_centre", 2, date(2025, 5, 1), datetime(2025, 5, 1, tzinfo=UTC))
    after = Finding("mentorship", 3, date(2026, 5, 1), datetime(2026, 5, 1, tzinfo=UTC))
    assert rules.current([before, after], TODAY) is after


def test_classes_stand_as_the_table_of_evidence_says() -> None:
    order = [rules.standing(source) for source in ("assessment_centre", "mentorship", "superior", "peer", "self")]
    assert order[0] == order[1] > order[2] > order[3] > order[4]


@given(st.lists(findings, min_size=1, max_size=8, unique=True))
def test_exactly_the_counting_finding_is_said_to_count(some: list[Finding]) -> None:
    counting = rules.current(some, TODAY)
    assert counting is not None
    verdicts = [rules.verdict(finding, counting, TODAY) for finding in some]
    assert verdicts.count("counts") == 1
    assert set(verdicts) <= {"counts", "expired", "outweighed", "superseded"}


@given(st.integers(0, 5), st.none() | st.integers(0, 5))
def test_a_gap_is_never_negative_and_never_more_than_what_is_asked(required: int, actual: int | None) -> None:
    assert 0 <= rules.gap(required, actual) <= required


def test_what_was_never_assessed_is_no_gap() -> None:
    need = Need(1, "M.1", required=4, actual=None)
    assert (need.gap, need.is_assessed) == (0, False)


@given(st.lists(needs, max_size=20))
def test_the_match_lies_between_nothing_and_a_hundred(some: list[Need]) -> None:
    match = rules.job_person_match(some, rules.USUAL_LIMITS)
    assert match.percent is None or 0 <= match.percent <= 100
    assert match.asked == len(some)


@given(st.lists(needs, min_size=1, max_size=20))
def test_who_holds_all_that_is_asked_matches_fully(some: list[Need]) -> None:
    held = [Need(need.competency_id, need.code, need.required, need.required) for need in some]
    match = rules.job_person_match(held, rules.USUAL_LIMITS)
    assert match.percent in (None, 100.0)


@pytest.mark.parametrize(
    ("percent", "mapping"), [(100, "optimal"), (90, "optimal"), (89.9, "fair"), (78, "fair"), (77.9, "low"), (0, "low")]
)
def test_the_mapping_follows_the_bounds(percent: float, mapping: str) -> None:
    assert rules.mapping(percent, rules.USUAL_LIMITS) == mapping


def test_each_source_is_valid_for_the_months_the_table_says() -> None:
    since = rules.valid_since(date(2028, 2, 29))
    assert (since["assessment_centre"], since["mentorship"]) == (date(2025, 2, 28), date(2026, 2, 28))
    assert {since[source] for source in ("superior", "peer", "self")} == {date(2027, 2, 28)}


def test_a_superiors_word_of_two_years_ago_gives_way_to_colleagues_of_this_month() -> None:
    recorded = datetime(2026, 5, 1, tzinfo=UTC)
    superior, peer = Finding("superior", 2, date(2024, 5, 1), recorded), Finding("peer", 3, date(2026, 5, 1), recorded)
    centre = Finding("assessment_centre", 1, date(2024, 5, 1), recorded)
    assert rules.current([superior, peer], TODAY) is peer
    assert rules.verdict(superior, peer, TODAY) == "expired"
    assert rules.current([superior, peer, centre], TODAY) is centre
