"""The pool follows the rows, whatever happens to them, and ranks as one built anew would."""

from __future__ import annotations

import threading
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorlink.competencies.events import LevelsChanged
from mentorlink.competencies.models import CurrentLevel
from mentorlink.kernel import clock
from mentorlink.kernel.actions import record, transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
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
from mentorlink.pairing.effects import MOST_NOTES, note_people, refresh_pool
from mentorlink.pairing.inputs import DeclineInput, FindInput, OfferInput, PauseInput
from mentorlink.pairing.models import Offer, PoolChange, PoolState
from mentorlink.pairing.queries import asking, askings, index_of, own_offers, rankings, suggestions_for
from mentorlink.pairing.queries.mentees import lines_of
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


def test_many_changes_at_once_build_the_pool_anew_instead_of_being_noted_one_by_one(cast: Cast) -> None:
    people = [cast.person(f"many{number}", cast.statistics, levels=(4,)).id for number in range(3)]
    save_offers(Actor.system(), [OfferRow(person_id) for person_id in people])
    assert len(listed(cast)) == 3
    with transaction():
        db.session.execute(sa.update(CurrentLevel).where(CurrentLevel.person_id.in_(people)).values(level=1))
        note_people(range(1, 5))
    assert db.session.scalars(sa.select(PoolChange.person_id).order_by(PoolChange.seq.desc()).limit(3)).all() != [None]
    assert MOST_NOTES > 3
    before = index_of("mentor")
    with transaction():
        refresh_pool({})
    assert index_of("mentor") is not before
    assert max(score for _person, score in listed(cast)) < 0.5


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
    db.session.rollback()
    db.session.expunge_all()
    with count_queries() as for_one:
        assert [ranking.total for _who, ranking in rankings(people[:1], 5)] == [1]
    db.session.expunge_all()
    with count_queries() as for_many:
        found = list(rankings(people, 5))
    assert [ranking.total for _who, ranking in found] == [1] * 12
    assert len(for_many) == len(for_one)
