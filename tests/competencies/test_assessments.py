"""Findings enter the ledger, and the levels that count follow in the same transaction."""

from __future__ import annotations

import random
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from mentorlink.competencies import rules
from mentorlink.competencies.actions import (
    confirm_levels,
    note_changes,
    record_sheet,
    refresh_levels,
    save_assessments,
)
from mentorlink.competencies.events import LevelsChanged
from mentorlink.competencies.inputs import AssessmentRow, SheetInput
from mentorlink.competencies.models import Assessment, CurrentLevel
from mentorlink.competencies.queries import levels_of, map_for
from mentorlink.kernel import clock, events
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, Invalid, NotFound
from tests.cast import Cast
from tests.queries import count_queries

SYSTEM = Actor.system()


def finding(level: int, *, days_ago: int = 0) -> SheetInput:
    """A sheet of its own about the first competency."""
    return SheetInput(token=uuid4().hex, levels={"T.1": level}, assessed_on=clock.today() - timedelta(days=days_ago))


def level_of(cast: Cast, person_id: int, number: int = 0) -> int | None:
    return levels_of((person_id,)).get(person_id, {}).get(cast.competencies[number].id)


def test_one_assesses_oneself_and_the_level_counts_while_nothing_heavier_is_known(cast: Cast) -> None:
    stranger = cast.stranger
    assert level_of(cast, stranger.id) is None
    record_sheet(cast.actor(stranger), stranger, "self", data=finding(4))
    assert level_of(cast, stranger.id) == 4


def test_a_self_assessment_does_not_move_what_an_assessment_centre_found(cast: Cast) -> None:
    mentee = cast.mentee
    record_sheet(cast.actor(mentee), mentee, "self", data=finding(5))
    assert level_of(cast, mentee.id) == 1
    assert (
        db.session.scalar(sa.select(sa.func.count()).where(Assessment.person_id == mentee.id, Assessment.source == "self")) == 1
    )


def test_a_superior_assesses_their_own_people(cast: Cast) -> None:
    person, supervisor = cast.person("clerk", cast.budget), cast.supervisor
    record_sheet(cast.actor(supervisor), person, "superior", data=finding(2))
    assert level_of(cast, person.id) == 2


@pytest.mark.parametrize(
    ("who", "source"),
    [
        ("stranger", "self"),
        ("stranger", "superior"),
        ("other_head", "superior"),
        ("supervisor", "assessment_centre"),
        ("supervisor", "self"),
        ("coordinator", "superior"),
        ("coordinator", "mentorship"),
        ("administrator", "assessment_centre"),
    ],
)
def test_nobody_speaks_in_another_ones_name(cast: Cast, who: str, source: str) -> None:
    mentee, actor = cast.mentee, cast.actor(getattr(cast, who))
    before = db.session.scalar(sa.select(sa.func.count(Assessment.id)))
    with pytest.raises(Denied, match="may_record_assessment"):
        record_sheet(actor, mentee, source, data=finding(5))
    assert db.session.scalar(sa.select(sa.func.count(Assessment.id))) == before


def test_a_head_does_not_assess_themselves_as_their_superior(cast: Cast) -> None:
    supervisor = cast.supervisor
    with pytest.raises(Denied):
        record_sheet(cast.actor(supervisor), supervisor, "superior", data=finding(5))
    record_sheet(cast.actor(supervisor), supervisor, "self", data=finding(5))


def test_an_assessment_of_tomorrow_is_refused(cast: Cast) -> None:
    mentee = cast.mentee
    with pytest.raises(Invalid) as refused:
        record_sheet(cast.actor(mentee), mentee, "self", data=finding(3, days_ago=-3))
    assert [fault.code for fault in refused.value.faults] == ["in_future"]


def test_a_sheet_sent_twice_counts_once(cast: Cast) -> None:
    stranger = cast.stranger
    sheet = SheetInput(token="0123456789", levels={"T.1": 2, "T.2": 3})
    assert record_sheet(cast.actor(stranger), stranger, "self", data=sheet) == 2
    assert record_sheet(cast.actor(stranger), stranger, "self", data=sheet) == 0
    assert levels_of((stranger.id,))[stranger.id] == {cast.competencies[0].id: 2, cast.competencies[1].id: 3}


def test_a_sheet_with_an_unknown_competency_enters_nothing(cast: Cast) -> None:
    stranger = cast.stranger
    with pytest.raises(Invalid) as refused:
        record_sheet(cast.actor(stranger), stranger, "self", data=SheetInput(token="0123456789", levels={"T.1": 2, "X.9": 3}))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("levels.X.9", "unknown_competency")]
    assert level_of(cast, stranger.id) is None


def test_what_a_mentorship_confirmed_counts_at_once_and_once(cast: Cast) -> None:
    mentee = cast.mentee
    competency = cast.competencies[0].id
    assert level_of(cast, mentee.id) == 1
    assert confirm_levels(SYSTEM, mentee.id, {competency: 3}, origin="mentorship:7") == 1
    assert confirm_levels(SYSTEM, mentee.id, {competency: 3}, origin="mentorship:7") == 0
    assert level_of(cast, mentee.id) == 3


def test_only_the_house_confirms_levels(cast: Cast) -> None:
    mentee = cast.mentee
    with pytest.raises(Denied, match="may_confirm_levels"):
        confirm_levels(cast.actor(mentee), mentee.id, {cast.competencies[0].id: 5}, origin="mentorship:7")
    with pytest.raises(NotFound):
        confirm_levels(SYSTEM, 999_999, {cast.competencies[0].id: 5}, origin="mentorship:7")


def test_levels_changed_is_told_only_when_one_did(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[LevelsChanged] = []
    monkeypatch.setitem(events.after, LevelsChanged, (heard.append,))
    mentee = cast.mentee
    record_sheet(cast.actor(mentee), mentee, "self", data=finding(5))
    assert heard == []
    confirm_levels(SYSTEM, mentee.id, {cast.competencies[0].id: 2}, origin="mentorship:1")
    assert heard == [LevelsChanged((mentee.id,))]


def rows(cast: Cast, *, seed: int = 1, count: int = 300) -> list[AssessmentRow]:
    chance = random.Random(seed)
    people = [cast.person(f"clerk_{number}", cast.budget).id for number in range(8)]
    today = clock.today()
    return [
        AssessmentRow(
            person_id=chance.choice(people),
            competency_id=chance.choice(cast.competencies).id,
            source=chance.choice(rules.SOURCES),
            level=chance.randint(0, 5),
            assessed_on=today - timedelta(days=chance.randint(0, 5 * 365)),
        )
        for _ in range(count)
    ]


def test_the_levels_kept_are_those_of_the_rule_in_bulk_too(cast: Cast) -> None:
    save_assessments(SYSTEM, rows(cast))
    ledger: dict[tuple[int, int], list[Assessment]] = {}
    for row in db.session.scalars(sa.select(Assessment)):
        ledger.setdefault((row.person_id, row.competency_id), []).append(row)
    kept = {(row.person_id, row.competency_id): row.level for row in db.session.scalars(sa.select(CurrentLevel))}
    expected = {}
    for key, findings in ledger.items():
        counting = rules.current(findings, clock.today())
        assert counting is not None
        expected[key] = counting.level
    assert len(expected) > 20
    assert kept == expected


def test_loading_the_same_file_twice_adds_nothing(cast: Cast) -> None:
    table = rows(cast, count=100)
    first = save_assessments(SYSTEM, table)
    again = save_assessments(SYSTEM, table)
    assert first.added > 50
    assert (again.added, again.same) == (0, 100)


def test_a_corrected_level_in_a_file_is_a_new_finding_that_counts(cast: Cast) -> None:
    clerk = cast.person("clerk", cast.budget)
    row = AssessmentRow(
        person_id=clerk.id,
        competency_id=cast.competencies[0].id,
        source="assessment_centre",
        level=2,
        assessed_on=date(2026, 1, 5),
    )
    save_assessments(SYSTEM, [row])
    assert level_of(cast, clerk.id) == 2
    save_assessments(SYSTEM, [row.model_copy(update={"level": 4})])
    assert level_of(cast, clerk.id) == 4
    assert db.session.scalar(sa.select(sa.func.count()).where(Assessment.person_id == clerk.id)) == 2


def test_a_bulk_save_takes_as_many_queries_for_a_hundred_rows_as_for_a_thousand(cast: Cast) -> None:
    few, many = rows(cast, seed=2, count=100), rows(cast, seed=3, count=1000)
    with count_queries() as small:
        save_assessments(SYSTEM, few)
    with count_queries() as large:
        save_assessments(SYSTEM, many)
    assert len(large) == len(small)


@pytest.mark.parametrize("who", ["mentee", "supervisor", "stranger"])
def test_files_of_assessments_are_for_hr(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(Denied, match="may_save_assessments"):
        save_assessments(actor, [])
    save_assessments(cast.actor(cast.coordinator), [])


def test_as_time_passes_an_old_finding_gives_way_to_a_fresh_one(cast: Cast) -> None:
    mentee = cast.mentee
    record_sheet(cast.actor(mentee), mentee, "self", data=finding(4))
    assert level_of(cast, mentee.id) == 1
    with clock.at(clock.now() + timedelta(days=2 * 365 + 200)):
        record_sheet(cast.actor(mentee), mentee, "self", data=finding(5))
        assert level_of(cast, mentee.id) == 1
        assert refresh_levels(SYSTEM) == 0
    with clock.at(clock.now() + timedelta(days=3 * 365 + 5)):
        assert refresh_levels(SYSTEM) == 1
        assert level_of(cast, mentee.id) == 5
        assert level_of(cast, mentee.id, 1) == 2, "what has nothing newer goes on counting"
        assert refresh_levels(SYSTEM) == 0


def test_two_findings_at_once_leave_the_level_that_the_rule_says(cast: Cast) -> None:
    clerk, supervisor = cast.person("clerk", cast.budget), cast.supervisor
    sheets = [("self", cast.actor(clerk), 5), ("superior", cast.actor(supervisor), 2)]
    clerk_id, start = clerk.id, threading.Barrier(2)

    def enter(source: str, actor: Actor, level: int) -> None:
        with cast.app.app_context():
            start.wait()
            from mentorlink.people.models import Person

            person = db.session.get_one(Person, clerk_id)
            record_sheet(actor, person, source, data=finding(level))

    db.session.rollback()
    threads = [threading.Thread(target=enter, args=sheet) for sheet in sheets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.session.scalar(sa.select(sa.func.count()).where(Assessment.person_id == clerk_id)) == 2
    assert level_of(cast, clerk_id) == 2


def test_a_change_is_told_until_the_person_has_seen_it(cast: Cast) -> None:
    mentee = cast.mentee
    actor = cast.actor(mentee)
    note_changes(actor, mentee)
    with clock.at(clock.now() + timedelta(hours=1)):
        assert map_for(actor, mentee).changes == ()
        confirm_levels(SYSTEM, mentee.id, {cast.competencies[0].id: 3}, origin="mentorship:1")
        change = map_for(actor, mentee).changes[0]
        assert (change.code, change.before, change.after, change.source) == ("T.1", 1, 3, "mentorship")
    with clock.at(clock.now() + timedelta(hours=2)):
        note_changes(actor, mentee)
        assert map_for(actor, mentee).changes == ()


def test_nobody_notes_changes_for_somebody_else(cast: Cast) -> None:
    mentee, supervisor = cast.mentee, cast.supervisor
    with pytest.raises(Denied, match="may_note_changes"):
        note_changes(cast.actor(supervisor), mentee)
