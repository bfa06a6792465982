"""The pages of heads: right numbers, of when and of what; few people are never told of, not even by subtraction."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.insights.actions import refresh_figures
from mentorlink.insights.queries.agency import AgencyFigures, Line, agency_figures_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.actions import load_hours_rule
from mentorlink.learning.models import HoursRule
from mentorlink.people.models import Unit
from tests.cast import Cast
from tests.insights import crowd
from tests.queries import count_queries

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)


@pytest.fixture
def agency(cast: Cast) -> Cast:
    """Fifteen of Budget's 22 fall short in the first competency, two of Statistics' 8, none of the agency's own 6.

    Of Budget, 6 of 12 permanent staff are at the floor; of 10 under contract 5 have more in their contract year than the ceiling
    allows, though never in a calendar year.
    """
    load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    rule = db.session.scalars(sa.select(HoursRule)).one()
    crowd.add(HoursRule, [
        {"number": 2, "valid_from": date(2026, 9, 1), "floor": 99, "ceiling": 1, "paths": rule.paths, "giving": rule.giving}
    ])  # fmt: skip
    permanent = crowd.people(cast, cast.budget, 12, 1, 3, 3)
    crowd.learned(permanent[:6], date(2026, 3, 2), 20)
    hired = crowd.people(cast, cast.budget, 10, 3, 3, 3, contract="pppk")
    crowd.assess(hired[:3], cast.competencies[0].id, 1)
    crowd.contracted(hired[:5], date(2023, 9, 1))
    for day in (date(2025, 10, 1), date(2026, 2, 1)):
        crowd.learned(hired, day, 16)
    crowd.people(cast, cast.statistics, 2, 1, 3, 3)
    crowd.people(cast, cast.statistics, 6, 3, 3, 3)
    crowd.people(cast, cast.agency, 6, 3, 3, 3)
    db.session.execute(sa.update(Unit).where(Unit.id == cast.agency.id).values(head_id=permanent[0]))
    db.session.commit()
    return cast


def work_out() -> None:
    with clock.at(NOON):
        refresh_figures({})


def head_of(unit: Unit) -> Actor:
    return Actor(person_id=1, heads=(unit.path,))


def lines_of(figures: AgencyFigures | None) -> dict[str, Line]:
    assert figures
    return {line.unit.code: line for line in figures.lines}


def test_a_head_sees_right_numbers_and_no_unit_of_few(agency: Cast) -> None:
    head = head_of(agency.agency)
    assert agency_figures_for(head) is None
    work_out()
    figures = agency_figures_for(head)
    assert figures
    assert (figures.made_at, figures.people) == (NOON, 36)
    assert (figures.floor, figures.ceiling) == ((26, 6), (10, 5))
    found = lines_of(figures)
    assert figures.competencies[0]["code"] == "T.1"
    assert [found[code].cells[0].told for code in ("agency", "finance", "statistics")] == [(6, 0), (22, 15), None]
    assert [found[code].cells[1].told for code in ("agency", "finance", "statistics")] == [(6, 0), (22, 0), (8, 0)]
    assert [found[code].floor for code in ("agency", "finance", "statistics")] == [(6, 0), (12, 6), (8, 0)]
    assert [found[code].ceiling for code in ("agency", "finance", "statistics")] == [(0, 0), (10, 5), (0, 0)]
    assert found["finance"].jp_each == pytest.approx((6 * 20 + 10 * 16) / 22)
    assert figures.worst
    assert (figures.worst[0].unit.code, figures.worst[2]) == ("finance", 15 / 22)
    # 17 in all would leave two of Statistics
    assert [(row["level"], row["people"], row["exact"]) for row in figures.uncovered] == [(3, 15, False)]


def test_each_sees_what_is_theirs(agency: Cast) -> None:
    work_out()
    finance = agency_figures_for(head_of(agency.agency), agency.finance.id)
    assert list(lines_of(finance)) == ["finance", "budget"]
    assert lines_of(agency_figures_for(head_of(agency.finance)))["budget"].cells[0].told == (22, 15)
    assert lines_of(agency_figures_for(head_of(agency.statistics)))["statistics"].cells[0].told is None
    with pytest.raises(NotFound):
        agency_figures_for(head_of(agency.finance), agency.statistics.id)
    with pytest.raises(NotFound):
        agency_figures_for(Actor(person_id=1))


def test_the_page_and_its_files_tell_the_same(agency: Cast) -> None:
    agency.competencies[0].name = {"id": "=1+1", "en": "=1+1"}
    head = agency.person("head", agency.statistics, heads=agency.agency, levels=(3, 3, 3))
    client = agency.client(head)
    assert "being worked out" in client.get("/agency").text
    work_out()
    page, rows = client.get("/agency").text, table(client.get("/agency.csv").text)
    assert "<svg" in page
    assert "15 Jun 2026" in page
    of_finance = next(row for row in rows if row["Unit"] == "Finance")
    assert (of_finance["T.1 =1+1"], of_finance["People"], of_finance["As of"]) == ("0.682", "22", "2026-06-15")
    assert ">68</text>" in page
    assert (of_finance["At the floor"], of_finance["Above the ceiling"], of_finance["JP each"]) == ("6", "5", "12.7")
    assert next(row for row in rows if row["Unit"] == "Statistics")["T.1 =1+1"] == "not told"
    needs = table(client.get("/agency/needs.csv").text)
    assert [(row["Competency"], row["People"]) for row in needs] == [("'=1+1", "at least 15")]
    assert "at least 15" in page


def test_asking_costs_the_same_at_any_size(agency: Cast) -> None:
    def queries() -> int:
        work_out()
        db.session.rollback()
        with count_queries() as statements:
            agency_figures_for(head_of(agency.agency))
        return len(statements)

    few = queries()
    crowd.people(agency, agency.statistics, 40, 1, 1, 1)
    db.session.commit()
    assert queries() == few <= 3


def table(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
