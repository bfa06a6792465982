"""Held sessions credit themselves under the month's cap, in the same transaction; closing certifies what it moved."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, NotFound
from mentorlink.learning.actions import credit_deed, credit_year, issue_certificate, load_hours_rule
from mentorlink.learning.models import Certificate, HoursEntry, HoursRule
from mentorlink.learning.queries import certificate_for, entries_for, jp_of
from mentorlink.learning.rules import month_of, target_of
from mentorlink.notifications.models import Notice
from mentorlink.sessions.meetings.models import Meeting
from tests import story
from tests.cast import Cast

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)


@pytest.fixture
def rule(cast: Cast) -> HoursRule:
    """The shipped table is in force."""
    load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    return db.session.scalars(sa.select(HoursRule)).one()


@pytest.mark.one_database
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_lies_in_its_month(day: date) -> None:
    first, after = month_of(day)
    assert first <= day < after
    assert first.day == after.day == 1
    assert 28 <= (after - first).days <= 31


@pytest.mark.one_database
def test_permanent_staff_have_a_floor_and_contract_staff_a_ceiling() -> None:
    assert (target_of("pns").floor, target_of("pns").ceiling) == (20, None)
    assert (target_of("pppk").floor, target_of("pppk").ceiling) == (None, 24)
    assert (target_of("other").floor, target_of("other").ceiling) == (None, None)


def test_a_held_session_is_credited_to_the_mentee_with_it(cast: Cast, rule: HoursRule) -> None:
    with clock.at(NOON):
        mentorship = story.pair(cast)
        meeting = story.met(cast, mentorship, minutes=50)
    entry = db.session.scalars(sa.select(HoursEntry)).one()
    assert (entry.person_id, entry.path, entry.jp, entry.minutes) == (cast.mentee.id, "mentoring", 2, 50)
    assert (entry.happened_on, entry.origin, entry.rule_id) == (date(2026, 3, 10), f"meeting:{meeting.id}", rule.id)


def test_the_third_session_of_a_month_is_kept_and_counts_nothing(cast: Cast, rule: HoursRule) -> None:
    with clock.at(NOON):
        mentorship = story.pair(cast)
    for day in range(3):
        with clock.at(NOON + timedelta(days=day, hours=2)):
            story.met(cast, mentorship)
    with clock.at(NOON):
        entries = entries_for(cast.actor(cast.mentee), cast.mentee, 2026)
    assert sorted((entry.jp, entry.capped_from) for entry in entries) == [(0, 2), (2, None), (2, None)]
    assert jp_of([cast.mentee.id], 2026) == {cast.mentee.id: 4}


def test_if_crediting_fails_the_session_is_not_held(cast: Cast) -> None:
    with clock.at(NOON):
        mentorship = story.pair(cast)
        with pytest.raises(NotFound) as refusal:
            story.met(cast, mentorship)
    assert refusal.value.code == "no_hours_rule"
    assert db.session.scalars(sa.select(Meeting)).all() == []


def test_the_same_deed_is_credited_once(cast: Cast, rule: HoursRule) -> None:
    for _ in range(2):
        credit_deed(
            Actor.system(), cast.mentee.id, path="mentoring", happened_on=date(2026, 3, 1), minutes=60, origin="meeting:7"
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HoursEntry)) == 1


def test_ten_sessions_at_once_stay_under_the_cap(cast: Cast, rule: HoursRule) -> None:
    person_id = cast.mentee.id

    def credit(number: int) -> None:
        with cast.app.app_context():
            credit_deed(
                Actor.system(), person_id, path="mentoring", happened_on=date(2026, 3, 5), minutes=60, origin=f"meeting:{number}"
            )
            db.session.remove()

    threads = [threading.Thread(target=credit, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HoursEntry)) == 10
    assert jp_of([person_id], 2026) == {person_id: 4}


def test_nobody_credits_themselves(cast: Cast, rule: HoursRule) -> None:
    with pytest.raises(Denied):
        credit_deed(
            cast.actor(cast.mentee), cast.mentee.id, path="mentoring", happened_on=date(2026, 3, 1), minutes=60, origin="x:1"
        )
    with pytest.raises(Denied):
        issue_certificate(cast.actor(cast.coordinator), cast.mentee.id, origin="x:1", facts={})


def test_loading_the_rule_twice_keeps_the_first(cast: Cast, rule: HoursRule) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    assert db.session.scalars(sa.select(HoursRule.valid_from)).all() == [date(2025, 1, 1)]


def test_closing_certifies_what_it_moved_and_who_confirmed_it(cast: Cast, rule: HoursRule) -> None:
    with clock.at(NOON):
        story.walk(cast, story.pair(cast))
    certificate = db.session.scalars(sa.select(Certificate)).one()
    facts = certificate.facts
    assert certificate.person_id == cast.mentee.id
    assert (facts["sessions"], facts["jp"]) == (3, 4)
    assert [(row["from"], row["to"]) for row in facts["competencies"]] == [(1, 2)]
    assert "talked" not in str(facts)


def test_who_sees_the_hours_and_the_certificate(cast: Cast, rule: HoursRule) -> None:
    with clock.at(NOON):
        story.walk(cast, story.pair(cast))
    certificate_id = db.session.scalars(sa.select(Certificate.id)).one()
    for person in (cast.mentee, cast.supervisor, cast.coordinator):
        assert certificate_for(cast.actor(person), certificate_id).id == certificate_id
        assert entries_for(cast.actor(person), cast.mentee, 2026)
    for person in (cast.mentor, cast.stranger, cast.other_head, cast.administrator):
        with pytest.raises(NotFound):
            certificate_for(cast.actor(person), certificate_id)
        with pytest.raises(NotFound):
            entries_for(cast.actor(person), cast.mentee, 2026)


def test_the_pages_show_hours_and_certificate_to_those_only(cast: Cast, rule: HoursRule) -> None:
    with clock.at(NOON):
        story.walk(cast, story.pair(cast))
    certificate_id = db.session.scalars(sa.select(Certificate.id)).one()
    page = cast.client(cast.mentee).get("/learning-hours?year=2026")
    assert page.status_code == 200
    assert certificate_id
    assert "2 sessions a month count" in page.text
    assert cast.client(cast.supervisor).get(f"/people/{cast.mentee.id}/learning-hours?year=2026").status_code == 200
    assert cast.client(cast.mentee).get(f"/certificates/{certificate_id}").status_code == 200
    for path in (f"/people/{cast.mentee.id}/learning-hours", f"/certificates/{certificate_id}"):
        assert cast.client(cast.stranger).get(path).status_code == 404
        assert cast.client().get(path).status_code == 303


def test_hr_takes_out_a_session_that_did_not_take_place_and_it_stays_out(cast: Cast, rule: HoursRule) -> None:
    with clock.at(NOON):
        meeting = story.met(cast, story.pair(cast))
    entry_id = db.session.scalars(sa.select(HoursEntry.id)).one()
    path = f"/learning-hours/{entry_id}/withdraw"
    assert cast.client(cast.stranger).post(path, data={"reason": "not_held"}).status_code == 404
    assert cast.client(cast.mentee).post(path, data={"reason": "not_held"}).status_code == 403
    hr = cast.client(cast.coordinator)
    assert "Take its hours out" in hr.get(f"/people/{cast.mentee.id}/learning-hours?year=2026").text
    for _ in range(2):
        assert hr.post(path, data={"reason": "not_held"}).status_code == 303
    assert jp_of([cast.mentee.id], 2026) == {cast.mentee.id: 0}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HoursEntry)) == 2
    told = db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == cast.mentee.id)).all()
    assert told.count("session_withdrawn") == 1
    assert db.session.get_one(Meeting, meeting.id).state == "held"
    assert credit_year(Actor.system(), 2026) == 0
