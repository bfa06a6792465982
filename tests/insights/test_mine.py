"""One's own page, a superior's and a facilitator's: a sentence, the next step, figures of when and of what."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.community.models import Community, Membership
from mentorlink.community.rules.figures import FEWEST
from mentorlink.insights.queries.communities import led_for
from mentorlink.insights.queries.mine import given_by, team_figures_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import load_hours_rule
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.mentoring.models import Mentorship
from tests import story
from tests.cast import Cast
from tests.insights import crowd

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)


@pytest.fixture
def rule(cast: Cast) -> Cast:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    return cast


def test_a_mentor_sees_what_they_gave_and_what_moved(rule: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=9)):
        story.walk(rule, story.pair(rule))
    given = given_by(rule.actor(rule.mentor))
    assert (given.mentees, given.sessions, given.levels) == (1, 3, 1)
    client = rule.client(rule.mentor)
    assert "Together you moved" in client.get("/insights").text
    assert [list(row.values()) for row in table(client.get("/insights/given.csv").text)] == [["Competency 1", "1", "1", "1"]]


def test_a_session_with_several_mentees_was_given_once(cast: Cast) -> None:
    mentees = crowd.people(cast, cast.budget, 3)
    began = NOON - timedelta(days=9)
    pairs = crowd.mentorships(cast.mentor.id, mentees, cast.competencies[0].id, began)
    own = [db.session.get_one(Mentorship, number).series_id for number in pairs]
    group = crowd.add(Series, [{"state": "open", "created_at": began}])
    together = crowd.met(group, began)
    crowd.met(own, began, of_id=together[0])
    crowd.met(own[:1], NOON, number=2)
    db.session.commit()
    given = given_by(Actor(person_id=cast.mentor.id))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting).where(Meeting.series_id.in_(own))) == 4
    assert (given.mentees, given.sessions, given.minutes) == (3, 2, 120)


def test_everyone_sees_their_hours_as_the_law_asks_of_them(rule: Cast) -> None:
    mentee = rule.mentee
    hired = rule.person("hired", rule.budget, contract="pppk", levels=(1, 2, 3))
    crowd.learned([mentee.id, hired.id], date(2026, 3, 2), 12)
    crowd.learned([hired.id], date(2025, 10, 1), 16)
    crowd.contracted([hired.id], date(2023, 9, 1))
    db.session.commit()
    with clock.at(NOON, everywhere=True):
        permanent, contract = (rule.client(person).get("/insights").text for person in (mentee, hired))
        files = [rule.client(person).get("/insights/hours.csv").text for person in (mentee, hired)]
        assert "T.1" in rule.client(mentee).get("/insights.csv").text
    assert "Your job asks for more in" in permanent
    assert "The ledger has 12 JP of the 20 that the year asks for." in permanent
    assert "The ledger has 28 JP, 4 above the 24 that the contract year allows." in contract
    assert "the contract year runs from 1 Sep 2025 to 31 Aug 2026" in contract
    for text in files:
        assert [(row["Day"], row["JP"], row["Kept out by caps"]) for row in table(text)] == [("2026-03-02", "12", "0")]


def test_who_lacks_nothing_has_a_next_step_too(rule: Cast) -> None:
    crowd.learned([rule.person("able", rule.budget, levels=(3, 3, 3)).id], clock.today(), 20)
    db.session.commit()
    page = rule.client(rule.person("able")).get("/insights").text
    assert "Nothing is known to be missing" in page
    assert 'class="next-step"' in page


def test_a_superior_sees_who_needs_something_first(rule: Cast) -> None:
    ids = crowd.people(rule, rule.budget, 2, 1, 3, 3) + crowd.people(rule, rule.budget, 1, 3, 3, 3)
    crowd.learned(ids[:1], clock.today(), 20)
    boss = rule.person("budget_head", rule.budget, heads=rule.budget)
    members = team_figures_for(rule.actor(boss))
    assert [(member.who.gaps, member.jp) for member in members] == [(1, 20), (1, 0), (0, 0)]
    client = rule.client(boss)
    assert "have no plan on its way" in client.get("/team-insights").text
    assert [row["JP"] for row in table(client.get("/team-insights.csv").text)] == ["20", "0", "0"]
    assert "Nobody reports to you" in rule.client(rule.stranger).get("/team-insights").text


def test_a_facilitator_sees_communities_with_members_enough(cast: Cast) -> None:
    facilitator = cast.mentor
    for size, name in ((FEWEST, "Large"), (FEWEST - 1, "Small")):
        row = {"name": name, "folded_name": name.lower(), "purpose": "P", "joining": "open", "created_at": NOON}
        community = crowd.add(Community, [row])[0]
        others = crowd.people(cast, cast.statistics, size - 1)
        crowd.add(Membership, [
            {"community_id": community, "person_id": each, "role": "facilitator" if each == facilitator.id else "member",
             "joined_at": NOON}
            for each in (facilitator.id, *others)
        ])  # fmt: skip
    db.session.commit()
    found = {led.community.name: led for led in led_for(cast.actor(facilitator))}
    assert [(found[name].counts.members, found[name].told, found[name].active) for name in ("Large", "Small")] == [
        (FEWEST, True, 0), (FEWEST - 1, False, None),
    ]  # fmt: skip
    client = cast.client(facilitator)
    page = client.get("/community-insights").text
    assert "not enough to say" in page
    rows = {row["Community"]: row for row in table(client.get("/community-insights.csv").text)}
    assert (rows["Large"]["Share who spoke"], rows["Small"]["Share who spoke"]) == ("0", f"fewer than {FEWEST}")
    assert "You facilitate no community" in cast.client(cast.stranger).get("/community-insights").text


def table(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
