"""The pages of figures: a sentence, the next step, figures of when and of what; few people are never told of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from mentorlink.insights.actions import refresh_figures
from mentorlink.insights.queries.agency import agency_figures_for, outcome_for
from mentorlink.insights.queries.mine import given_by, team_figures_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning import actions
from mentorlink.people.models import Unit
from tests import story
from tests.cast import Cast
from tests.queries import count_queries

SYSTEM = Actor.system()
NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)


@pytest.fixture
def agency(cast: Cast) -> Cast:
    """Twelve of Budget fall short in one competency, two of Statistics do; four of Budget are at the floor."""
    actions.load_hours_rule(SYSTEM, valid_from=date(2025, 1, 1))
    for number in range(12):
        person = cast.person(f"budget {number}", cast.budget, levels=(1 if number < 9 else 3, 3, 3))
        if number < 6:
            deed = {"path": "technical", "happened_on": date(2026, 3, 2), "origin": "claim:1", "jp": 20}
            actions.credit_deed(SYSTEM, person.id, **deed)  # type: ignore[arg-type]
    for number in range(2):
        cast.person(f"statistics {number}", cast.statistics, levels=(1, 3, 3))
    for number in range(6):
        cast.person(f"agency {number}", cast.agency, levels=(3, 3, 3))
    return cast


def work_out() -> None:
    with clock.at(NOON):
        refresh_figures({})


def test_until_they_are_worked_out_there_are_no_figures(agency: Cast) -> None:
    head = agency.person("agency_head", agency.agency, heads=agency.agency)
    assert agency_figures_for(agency.actor(head)) is None
    assert "being worked out" in agency.client(head).get("/agency").text


def test_a_head_sees_where_people_fall_short_and_no_unit_of_few(agency: Cast) -> None:
    head = agency.person("agency_head", agency.agency, heads=agency.agency)
    work_out()
    found = agency_figures_for(agency.actor(head))
    assert found
    codes = [each["code"] for each in found.competencies]
    cells = {line.unit.code: dict(zip(codes, line.cells, strict=True)) for line in found.lines}
    assert cells["statistics"]["T.1"].share is None
    assert found.made_at == NOON
    assert [row["people"] for row in found.uncovered] == [11]
    finance = agency_figures_for(agency.actor(head), db.session.scalar(sa.select(Unit.id).where(Unit.code == "finance")))
    assert finance
    assert [line.unit.code for line in finance.lines] == ["finance", "budget"]
    with clock.at(NOON, everywhere=True):
        page = agency.client(head).get("/agency").text
        assert "<svg" in page
        assert agency.client(head).get("/agency.csv").text.count("\r\n") == 4
    with pytest.raises(NotFound):
        agency_figures_for(agency.actor(agency.mentee))


def test_a_superior_sees_own_units_alone(agency: Cast) -> None:
    boss = agency.supervisor
    work_out()
    found = agency_figures_for(agency.actor(boss))
    assert found
    assert {line.unit.code for line in found.lines} <= {"finance", "budget"}
    with pytest.raises(NotFound):
        agency_figures_for(agency.actor(boss), agency.statistics.id)


def test_asking_costs_the_same_at_any_size(agency: Cast) -> None:
    head = agency.actor(agency.person("agency_head", agency.agency, heads=agency.agency))
    work_out()
    agency_figures_for(head)
    db.session.rollback()
    with count_queries() as few:
        agency_figures_for(head)
    for number in range(40):
        agency.person(f"more {number}", agency.statistics, levels=(1, 1, 1))
    work_out()
    head = agency.actor(agency.person("agency_head"))
    db.session.rollback()
    with count_queries() as many:
        agency_figures_for(head)
    assert len(many) == len(few) <= 3


def test_outcome_and_access_are_told_from_five_on(agency: Cast) -> None:
    with clock.at(NOON - timedelta(days=30)):
        story.pair(agency)
    work_out()
    found = outcome_for(agency.actor(agency.coordinator))
    assert found
    assert found.paired is None
    assert all(share is None for _name, _people, share in (*found.by_tier, *found.by_unit, *found.by_place))
    assert outcome_for(agency.actor(agency.supervisor)) is None
    assert "What moved" in agency.client(agency.coordinator).get("/programme").text


def test_a_mentor_sees_what_they_gave_and_what_moved(cast: Cast) -> None:
    actions.load_hours_rule(SYSTEM, valid_from=date(2020, 1, 1))
    with clock.at(clock.now() - timedelta(days=9)):
        story.walk(cast, story.pair(cast))
    given = given_by(cast.actor(cast.mentor))
    assert (given.mentees, given.sessions, given.levels) == (1, 3, 1)
    assert "Together you moved" in cast.client(cast.mentor).get("/insights").text
    own = cast.client(cast.mentee).get("/insights").text
    assert "Your job asks for more in" in own
    assert "T.1" in cast.client(cast.mentee).get("/insights.csv").text


def test_a_superior_sees_who_needs_something_first(agency: Cast) -> None:
    boss = agency.person("budget_head", agency.budget, heads=agency.budget)
    members = team_figures_for(agency.actor(boss))
    assert members[0].who.gaps == 1
    assert {member.jp for member in members} == {0, 20}
    page = agency.client(boss).get("/team-insights").text
    assert "have no plan on its way" in page
    assert agency.client(boss).get("/team-insights.csv").status_code == 200
    assert "Nobody reports to you" in agency.client(agency.mentee).get("/team-insights").text
