"""The pool follows the rows, whatever happens to them, and ranks as one built anew would."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from _pytest.monkeypatch import MonkeyPatch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorlink.competencies.events import LevelsChanged
from mentorlink.competencies.models import CurrentLevel
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import record, transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.matching import MentorIndex
from mentorlink.pairing import effects
from mentorlink.pairing.actions import (
    OfferRow,
    accept_request,
    change_offer,
    close_offer,
    decline_request,
    pause_offer,
    resume_offer,
    save_offers,
)
from mentorlink.pairing.effects import note_people, refresh_pool
from mentorlink.pairing.inputs import DeclineInput, FindInput, OfferInput, PauseInput
from mentorlink.pairing.models import Offer, PoolChange, PoolState, PoolWords
from mentorlink.pairing.queries import (
    asking,
    askings,
    index_of,
    own_offers,
    pool,
    rankings,
    suggestions_for,
    warm_pool,
    words_are_due,
)
from mentorlink.pairing.queries.mentees import lines_of
from mentorlink.pairing.queries.pool import Pool, load_mentors
from mentorlink.people.events import PersonChanged, PersonLeft, UnitChanged
from mentorlink.people.models import Person, Unit
from mentorlink.people.queries import line_of
from tests.cast import Cast
from tests.conftest import examples
from tests.pairing.stage import ask, fresh_index, offer
from tests.queries import count_queries


def listed(cast: Cast, kind: str = "mentor") -> list[tuple[int, float]]:
    found = suggestions_for(cast.actor(cast.mentee), FindInput(kind=kind))
    return [(match.mentor_id, match.score) for match in found.ranking.matches]


def test_a_changed_level_changes_the_next_list(cast: Cast) -> None:
    offer(cast, cast.mentor)
    offer(cast, cast.second_mentor)
    before = listed(cast)
    assert before[0][0] == cast.mentor.id
    with transaction():
        db.session.execute(sa.update(CurrentLevel).where(CurrentLevel.person_id == cast.mentor.id).values(level=1))
        record(LevelsChanged((cast.mentor.id,)))
    assert listed(cast)[0][0] == cast.second_mentor.id


def test_without_news_nothing_is_read_again(cast: Cast) -> None:
    offer(cast, cast.mentor)
    first = index_of("mentor")
    with count_queries() as sent:
        assert index_of("mentor") is first
    assert len(sent) == 1


def test_where_nobody_offers_anything_that_is_read_once(cast: Cast) -> None:
    assert listed(cast) == []
    empty = index_of("mentor")
    with count_queries() as sent:
        assert index_of("mentor") is empty
    assert len(sent) == 1
    offer(cast, cast.mentor)
    assert [person for person, _score in listed(cast)] == [cast.mentor.id]


def test_two_people_who_look_at_once_share_one_pool(cast: Cast) -> None:
    offer(cast, cast.mentor)
    found: list[object] = []

    def look() -> None:
        with cast.app.app_context():
            found.append(index_of("mentor"))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(index) for index in found}) == 1


def test_a_pause_ends_by_itself_on_its_day(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    pause_offer(cast.actor(cast.mentor), there, PauseInput(until=clock.today() + timedelta(days=5)))
    assert listed(cast) == []
    with clock.at(clock.now() + timedelta(days=5)):
        assert [person for person, _score in listed(cast)] == [cast.mentor.id]


def test_who_leaves_is_in_no_list_and_who_moves_to_another_unit_is_found_there(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    actor = cast.actor(cast.mentee)
    assert suggestions_for(actor, FindInput(unit=cast.statistics.id)).total == 1
    with transaction():
        db.session.execute(
            sa.update(Unit).where(Unit.id == cast.statistics.id).values(path=f"{cast.budget.path}{cast.statistics.id}/")
        )
        record(UnitChanged(cast.statistics.id))
    assert suggestions_for(actor, FindInput(unit=cast.budget.id)).total == 1
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == cast.mentor.id).values(state="disabled"))
        record(PersonLeft(cast.mentor.id))
    assert suggestions_for(actor, FindInput()).total == 0
    db.session.rollback()
    assert there.closed_at is not None


def test_many_changes_at_once_build_the_pool_anew_instead_of_being_noted_one_by_one(cast: Cast, monkeypatch: MonkeyPatch) -> None:
    people = [cast.person(f"many{number}", cast.statistics, levels=(4,)).id for number in range(3)]
    save_offers(Actor.system(), [OfferRow(person_id) for person_id in people])
    before = listed(cast)
    assert len(before) == 3
    monkeypatch.setattr(effects, "MOST_NOTES", 2)
    change_levels(people)
    assert db.session.scalars(sa.select(PoolChange.person_id).order_by(PoolChange.seq.desc()).limit(1)).all() == [None]
    assert max(score for _person, score in listed(cast)) < before[0][1]
    asked_for = db.session.scalars(sa.select(jobs.Task).where(jobs.Task.kind == "pairing.refresh_pool")).all()
    assert [task.payload for task in asked_for] == [{"many": 1}]
    with transaction():
        note_people(people)
    assert db.session.scalar(sa.select(sa.func.count()).where(jobs.Task.kind == "pairing.refresh_pool")) == 1


def change_levels(people: list[int], level: int = 1) -> None:
    with transaction():
        db.session.execute(sa.update(CurrentLevel).where(CurrentLevel.person_id.in_(people)).values(level=level))
        note_people(people)


def test_a_large_pool_is_built_beside_the_old_one_which_ranks_on_and_lists_nobody_who_may_not_be(
    cast: Cast, monkeypatch: MonkeyPatch
) -> None:
    helpers = [cast.person(f"many{number}", cast.statistics, levels=(4,)) for number in range(3)]
    save_offers(Actor.system(), [OfferRow(person.id) for person in helpers])
    old, before = index_of("mentor"), listed(cast)
    monkeypatch.setattr(pool, "MANY", 0)
    monkeypatch.setattr(effects, "MOST_NOTES", 0)
    begin, build = threading.Event(), pool.build

    def build_later(*given: Any) -> pool.Built:
        begin.wait(30)
        return build(*given)

    monkeypatch.setattr(pool, "build", build_later)
    with transaction():
        db.session.execute(sa.update(Person).where(Person.id == helpers[0].id).values(state="disabled"))
        db.session.execute(sa.update(Offer).where(Offer.person_id == helpers[1].id).values(taken=Offer.capacity))
        db.session.execute(sa.update(CurrentLevel).where(CurrentLevel.person_id == helpers[2].id).values(level=1))
        note_people([person.id for person in helpers])
    assert index_of("mentor") is old
    meanwhile = listed(cast)
    assert meanwhile == [each for each in before if each[0] == helpers[2].id]
    begin.set()
    pool._pool().settle()
    assert index_of("mentor") is not old
    assert listed(cast) == [(helpers[2].id, score) for _person, score in listed(cast)]
    assert listed(cast)[0][1] < meanwhile[0][1]


def test_every_process_gives_the_same_list_whenever_it_read_the_rows(cast: Cast) -> None:
    said = ["anggaran kas negara", "menulis naskah dinas", "anggaran rapat statistik", "rapat kerja"]
    for number, text in enumerate(said):
        offer(cast, cast.person(f"writes{number}", cast.statistics, levels=(3,), can_help_with=text))
    refresh_pool({})
    early = Pool()
    early.fresh()
    for number, person_id in enumerate(sorted(early.fresh()["mentor"].ids_.tolist())):
        with transaction():
            db.session.execute(sa.update(Person).where(Person.id == person_id).values(can_help_with=said[number - 1]))
            record(PersonChanged(person_id))
    offer(cast, cast.person("comes", cast.statistics, levels=(3,), can_help_with="kas daerah dan anggaran"))
    late = Pool()
    mentee = replace(asking(cast.mentee).mentee, text="anggaran kas dan rapat")
    lists = [each.fresh()["mentor"].rank(mentee, None, choices=True) for each in (early, late)]
    assert len({match.explanation.terms["text"] for match in lists[0]}) > 2
    assert lists[0] == lists[1]
    alone = MentorIndex().fit(load_mentors()[0]["mentor"]).rank(mentee, None)
    assert [match.score for match in alone] != [match.score for match in lists[0]]
    refresh_pool({"many": 1})
    again = [each.fresh()["mentor"].rank(mentee, None) for each in (early, late)]
    assert again[0] == again[1]
    assert [match.score for match in again[0]] == [match.score for match in alone]


def test_words_are_learnt_anew_once_a_day_or_when_much_has_changed(cast: Cast) -> None:
    assert words_are_due()
    there = offer(cast, cast.mentor)
    refresh_pool({})
    edition = db.session.scalar(sa.select(PoolState.edition))
    refresh_pool({})
    assert db.session.scalar(sa.select(PoolState.edition)) == edition
    close_offer(cast.actor(cast.mentor), there)
    assert words_are_due()
    refresh_pool({})
    assert not words_are_due()
    with clock.at(clock.now() + timedelta(days=1)):
        assert words_are_due()
    assert db.session.scalars(sa.select(PoolWords.edition)).all() == [db.session.scalar(sa.select(PoolState.edition))]


def test_words_that_cannot_be_read_are_passed_over(cast: Cast) -> None:
    offer(cast, cast.mentor)
    refresh_pool({})
    assert warm_pool() is True
    with transaction():
        db.session.execute(sa.update(PoolWords).values(content=b"PK something else"))
        db.session.execute(sa.update(PoolState).values(edition=PoolState.edition + 1))
    assert [person for person, _score in listed(cast)] == [cast.mentor.id]
    assert warm_pool() is False


def test_forgotten_notes_lead_to_a_new_pool_not_to_a_wrong_one(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    assert len(listed(cast)) == 1
    close_offer(cast.actor(cast.mentor), there)
    with transaction():
        db.session.execute(sa.delete(PoolChange))
    assert listed(cast) == []


def test_numbers_of_notes_have_no_gap_when_many_write_at_once(cast: Cast) -> None:
    ids = [offer(cast, cast.person(f"many{number}", cast.statistics)).person_id for number in range(8)]
    start = threading.Barrier(8)

    def note(person_id: int) -> None:
        with cast.app.app_context():
            start.wait()
            for _ in range(3):
                with transaction():
                    record(PersonChanged(person_id))

    threads = [threading.Thread(target=note, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    numbers = db.session.scalars(sa.select(PoolChange.seq).order_by(PoolChange.seq)).all()
    assert numbers == list(range(1, db.session.scalar(sa.select(PoolState.seq)) + 1))  # type: ignore[operator]


DEEDS = ("level", "text", "place", "room", "pause", "resume", "close", "open", "accept", "unit")


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.integers(1, 5)), min_size=1, max_size=8))
def test_after_any_changes_the_pool_ranks_as_one_built_anew(cast: Cast, deeds: list[tuple[str, int, int]]) -> None:
    db.session.rollback()
    helpers = [cast.person(f"helper{number}", cast.statistics, levels=(number + 1, 3, 4)) for number in range(4)]
    for helper in helpers:
        if "mentor" not in own_offers(cast.actor(helper)):
            offer(cast, helper)
    index_of("mentor")
    for deed, who, value in deeds:
        _do(cast, deed, helpers[who].id, value)
    db.session.rollback()
    mentee = asking(cast.mentee).mentee
    kept, anew = index_of("mentor").rank(mentee, None, choices=True), fresh_index().rank(mentee, None, choices=True)
    assert kept == anew


def _do(cast: Cast, deed: str, person_id: int, value: int) -> None:
    person = db.session.get_one(Person, person_id)
    actor, house = cast.actor(person), Actor.system()
    there = own_offers(actor).get("mentor")
    if deed == "open" and there is None:
        offer(cast, person)
    elif deed == "level":
        with transaction():
            db.session.execute(sa.update(CurrentLevel).where(CurrentLevel.person_id == person_id).values(level=value))
            record(LevelsChanged((person_id,)))
    elif deed in ("text", "place", "unit"):
        columns = {
            "text": {"can_help_with": f"anggaran {value}"},
            "place": {"place": f"Kota {value}"},
            "unit": {"unit_id": cast.finance.id},
        }
        with transaction():
            db.session.execute(sa.update(Person).where(Person.id == person_id).values(**columns[deed]))
            record(PersonChanged(person_id))
    elif there is not None and deed == "room":
        change_offer(house, there, OfferInput(capacity=max(value, there.taken)))
    elif there is not None and deed == "pause":
        pause_offer(house, there, PauseInput(until=clock.today() + timedelta(days=value)))
    elif there is not None and deed == "resume":
        resume_offer(house, there)
    elif there is not None and deed == "close":
        close_offer(house, there)
    elif there is not None and deed == "accept" and there.free and not there.paused_until:
        number = db.session.scalar(sa.select(sa.func.count()).select_from(Offer)) or 0
        request = ask(cast, cast.person(f"asker{number}-{there.id}-{there.taken}", cast.budget), there)
        accept_request(actor, request) if value > 2 else decline_request(actor, request, DeclineInput(reason="time"))


# Who asks, for many at once


def test_lines_for_many_equal_the_line_of_each(cast: Cast) -> None:
    people = [cast.mentee, cast.supervisor, cast.other_head, cast.mentor, cast.coordinator]
    db.session.execute(sa.update(Unit).where(Unit.id == cast.agency.id).values(head_id=cast.coordinator.id))
    db.session.commit()
    people = [db.session.get_one(Person, person.id) for person in people]
    assert line_of(people[1])
    assert lines_of(people) == {person.id: line_of(person) for person in people}


def test_many_who_ask_are_the_same_as_each_alone(cast: Cast) -> None:
    people = [cast.mentee, cast.supervisor, cast.stranger]
    accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, offer(cast, cast.mentor)))
    many = {each.person.id: each.mentee for each in askings([person.id for person in people])}
    assert many == {person.id: asking(person).mentee for person in people}


def test_lists_for_everyone_take_as_many_queries_as_for_one(cast: Cast) -> None:
    offer(cast, cast.mentor)
    people = [cast.person(f"looks{number}", cast.budget, levels=(1, 2, 3)).id for number in range(12)]
    index_of("mentor")
    db.session.rollback()
    db.session.expunge_all()
    with count_queries() as for_one:
        assert [ranking.total for _who, ranking in rankings(people[:1], 5)] == [1]
    db.session.expunge_all()
    with count_queries() as for_many:
        found = list(rankings(people, 5))
    assert [ranking.total for _who, ranking in found] == [1] * 12
    assert len(for_many) == len(for_one)
