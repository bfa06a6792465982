"""Waiting for a place: who is asked first, for how long a place is kept, and that nobody gets one too many."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.pairing import rules
from mentorlink.pairing.actions import (
    accept_request,
    change_offer,
    close_offer,
    decline_place,
    decline_request,
    give_places,
    join_line,
    leave_line,
    pause_offer,
    resume_offer,
    save_person,
    withdraw_request,
)
from mentorlink.pairing.inputs import DeclineInput, OfferInput, PauseInput, WaitInput
from mentorlink.pairing.models import HeldPlace, Offer, Waiting
from mentorlink.pairing.queries import index_of, lines_for, place_for, place_now, saved_for, waiting_for_id
from mentorlink.pairing.queries import line as reading
from mentorlink.pairing.rules import MOST_WAITING, PLACE_KEPT
from mentorlink.people.actions import block_person, disable_person
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.actions import decline_engagement
from mentorlink.sessions.coaching.inputs import EndText
from mentorlink.sessions.mentoring.actions import end_early
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from mentorlink.sessions.mentoring.models import Mentorship
from tests.cast import Cast
from tests.conftest import examples
from tests.pairing.stage import ask, offer


def full_offer(cast: Cast, person: Person | None = None, *, kind: str = "mentor") -> tuple[Offer, object]:
    """An offer whose only place is taken, and the request that took it."""
    there = offer(cast, person or cast.mentor, capacity=1, kind=kind)
    taken = ask(cast, cast.person(f"taker{there.id}", cast.budget, levels=(1, 1, 1)), there)
    return there, accept_request(cast.actor(there.person), taken)


def wait(cast: Cast, person: Person, *, minutes: float = 0, **wish: object) -> Waiting:
    """Somebody joins a line, so many minutes later than the others."""
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        return join_line(cast.actor(person), WaitInput.model_validate(wish))


def need(cast: Cast, name: str, **columns: object) -> Person:
    """Somebody who lacks two levels of the first competency."""
    return cast.person(name, cast.budget, levels=(1, 3, 3), **columns)


def work() -> None:
    """Do what is due, with what follows from it."""
    while jobs.run_due():
        pass


def open_another(cast: Cast, there: Offer, *, more: int = 1) -> None:
    change_offer(cast.actor(there.person), there, OfferInput(capacity=there.capacity + more))
    work()


def kept_for() -> list[str]:
    rows = db.session.scalars(
        sa.select(Person.name).join(HeldPlace, HeldPlace.person_id == Person.id).where(HeldPlace.state == "offered")
    )
    return sorted(rows)


def told(person: Person) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


# Who comes first


def test_who_joined_first_is_offered_the_place_and_told(cast: Cast) -> None:
    there, _taken = full_offer(cast)
    first, second = need(cast, "first"), need(cast, "second")
    wait(cast, first, offer_id=there.id)
    wait(cast, second, minutes=1, offer_id=there.id)
    work()
    assert kept_for() == []
    open_another(cast, there)
    assert kept_for() == ["First"]
    assert told(first) == ["place_offered"]
    assert told(second) == []
    assert (there.held, there.free) == (1, 0)


def test_an_end_of_a_pair_frees_the_place_for_the_line(cast: Cast) -> None:
    there, taken = full_offer(cast)
    waits = need(cast, "waits")
    wait(cast, waits, offer_id=there.id)
    pair = db.session.get_one(Mentorship, taken.mentorship_id)  # type: ignore[attr-defined]
    end_early(cast.actor(cast.mentor), pair, EarlyEndInput(code="other"))
    work()
    assert kept_for() == ["Waits"]


def test_a_new_offer_is_offered_to_who_waits_for_what_it_brings(cast: Cast) -> None:
    waits, other = need(cast, "waits"), need(cast, "other")
    wait(cast, other, competency="T.3")
    wait(cast, waits, minutes=1, competency="T.1")
    work()
    offer(cast, cast.mentor, capacity=2)
    work()
    assert kept_for() == ["Waits"]


def test_a_level_that_rises_reaches_who_waits(cast: Cast) -> None:
    there = offer(cast, cast.person("grows", cast.statistics, levels=(None, 4, 4)), capacity=1)
    wait(cast, need(cast, "waits"), competency="T.1")
    work()
    assert kept_for() == []
    from mentorlink.competencies.actions import confirm_levels

    confirm_levels(
        Actor.system(), there.person_id, {cast.competencies[0].id: 5}, origin="mentorship:0", assessed_on=clock.today()
    )
    work()
    assert kept_for() == ["Waits"]


def test_who_waits_for_anybody_gets_who_covers_a_gap_and_nobody_else(cast: Cast) -> None:
    wait(cast, need(cast, "waits"))
    offer(cast, cast.person("useless", cast.statistics, levels=(1, 5, 5)))
    work()
    assert kept_for() == []
    offer(cast, cast.mentor)
    work()
    assert kept_for() == ["Waits"]


def test_there_may_be_a_place_already_when_one_joins(cast: Cast) -> None:
    offer(cast, cast.mentor)
    wait(cast, need(cast, "waits"), competency="T.1")
    work()
    assert kept_for() == ["Waits"]


def test_the_hard_rules_hold_in_the_line(cast: Cast) -> None:
    boss_offer = offer(cast, cast.supervisor, capacity=1)
    with pytest.raises(Conflict) as refused:
        wait(cast, need(cast, "waits"), offer_id=boss_offer.id)
    assert refused.value.code == "pair_not_allowed"
    wait(cast, need(cast, "waits"), competency="T.1")
    blocked = need(cast, "blocked")
    wait(cast, blocked, minutes=1, competency="T.1")
    block_person(cast.actor(cast.mentor), blocked)
    offer(cast, cast.mentor, capacity=2)
    work()
    assert kept_for() == ["Waits"]
    place = db.session.scalars(sa.select(HeldPlace)).one()
    assert place.offer.person_id == cast.mentor.id


def test_one_person_has_one_place_offered_at_a_time(cast: Cast) -> None:
    waits = need(cast, "waits")
    wait(cast, waits, competency="T.1")
    wait(cast, waits, minutes=1)
    offer(cast, cast.mentor, capacity=3)
    offer(cast, cast.second_mentor, capacity=3)
    work()
    assert kept_for() == ["Waits"]


def test_requests_on_their_way_come_before_the_line(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    request = ask(cast, need(cast, "asks"), there)
    wait(cast, need(cast, "waits"), offer_id=there.id)
    work()
    assert kept_for() == []
    decline_request(cast.actor(cast.mentor), request, DeclineInput(reason="time"))
    work()
    assert kept_for() == ["Waits"]


def test_a_long_line_is_read_in_pieces_and_nobody_is_missed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    there, _taken = full_offer(cast)
    for number in range(5):
        wait(cast, cast.person(f"apart{number}", cast.statistics, levels=(5, 5, 2)), minutes=number)
    wait(cast, need(cast, "last"), minutes=9, offer_id=there.id)
    work()
    open_another(cast, there)
    assert kept_for() == ["Last"]


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(order=[2, 0, 3, 1], wishes=["offer", "any", "competency", "any"], places=2)
@given(
    order=st.permutations(range(4)),
    wishes=st.lists(st.sampled_from(["offer", "competency", "any"]), min_size=4, max_size=4),
    places=st.integers(1, 3),
)
def test_places_go_to_the_first_in_order_of_joining_whatever_they_wait_for(
    cast: Cast, order: list[int], wishes: list[str], places: int
) -> None:
    for table in (HeldPlace, Waiting, jobs.Task, Notice):
        db.session.execute(sa.delete(table))
    db.session.execute(sa.update(Offer).values(closed_at=clock.now(), held=0))
    db.session.commit()
    there = offer(cast, cast.mentor, capacity=1)
    db.session.execute(sa.update(Offer).where(Offer.id == there.id).values(taken=1))
    db.session.commit()
    for moment, number in enumerate(order):
        wish = {"offer": {"offer_id": there.id}, "competency": {"competency": "T.1"}, "any": {}}[wishes[number]]
        wait(cast, need(cast, f"p{number}"), minutes=moment, **wish)
    work()
    open_another(cast, there, more=places)
    assert kept_for() == sorted(f"P{number}" for number in order[:places])
    assert there.taken + there.held <= there.capacity


# Taking, leaving, lapsing


def one_place(cast: Cast) -> tuple[Offer, Person, HeldPlace]:
    there, _taken = full_offer(cast)
    waits = need(cast, "waits")
    wait(cast, waits, offer_id=there.id)
    open_another(cast, there)
    place = place_now(cast.actor(waits))
    assert place is not None
    return there, waits, place


def test_the_place_is_asked_for_and_then_taken_without_passing_through_free(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    with pytest.raises(Conflict) as refused:
        ask(cast, need(cast, "outsider"), there)
    assert refused.value.code == "no_room"
    request = ask(cast, waits, there)
    assert (there.taken, there.held) == (1, 1)
    accept_request(cast.actor(cast.mentor), request)
    assert (there.taken, there.held, there.free) == (2, 0, 0)
    assert place.state == "paired"
    assert db.session.get_one(Waiting, place.waiting_id).state == "done"


def test_a_kept_place_can_be_asked_for_with_three_requests_open(cast: Cast) -> None:
    there, waits, _place = one_place(cast)
    for number in range(3):
        ask(cast, waits, offer(cast, cast.person(f"helper{number}", cast.statistics, levels=(4, 4))))
    assert ask(cast, waits, there).is_open


@pytest.mark.parametrize("ending", ["decline", "withdraw"])
def test_a_request_that_comes_to_nothing_gives_the_place_to_the_next(cast: Cast, ending: str) -> None:
    there, waits, place = one_place(cast)
    wait(cast, need(cast, "next"), minutes=5, offer_id=there.id)
    request = ask(cast, waits, there)
    if ending == "decline":
        decline_request(cast.actor(cast.mentor), request, DeclineInput(reason="field"))
    else:
        withdraw_request(cast.actor(waits), request)
    assert (place.state, there.held) == ("returned", 0)
    work()
    assert kept_for() == ["Next"]


def test_who_leaves_a_place_to_the_next_keeps_theirs_in_the_line(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    wait(cast, need(cast, "next"), minutes=5, offer_id=there.id)
    decline_place(cast.actor(waits), place)
    decline_place(cast.actor(waits), place)
    work()
    assert kept_for() == ["Next"]
    line = lines_for(cast.actor(waits))[0]
    assert (line.row.state, line.place) == ("waiting", 1)


def test_a_place_lapses_to_the_next_and_its_person_to_the_end(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    wait(cast, need(cast, "next"), minutes=5, offer_id=there.id)
    with clock.at(place.until - timedelta(minutes=1)):
        work()
        assert kept_for() == ["Waits"]
    with clock.at(place.until + timedelta(seconds=1)):
        work()
        assert kept_for() == ["Next"]
        assert told(waits) == ["place_offered", "place_lapsed"]
        assert lines_for(cast.actor(waits))[0].row.since > lines_for(cast.actor(need(cast, "next")))[0].row.since
    assert place.until - place.offered_at == PLACE_KEPT


def test_a_lapsed_place_cannot_be_asked_for_any_more(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    with clock.at(place.until + timedelta(seconds=1)), pytest.raises(Conflict) as refused:
        ask(cast, waits, there)
    assert refused.value.code == "no_room"


def test_a_pause_takes_places_back_and_the_end_of_it_offers_them_again(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    pause_offer(cast.actor(cast.mentor), there, PauseInput(until=clock.today() + timedelta(days=9)))
    work()
    assert (place.state, there.held, kept_for()) == ("gone", 0, [])
    assert told(waits) == ["place_offered", "place_gone"]
    resume_offer(cast.actor(cast.mentor), there)
    work()
    assert kept_for() == ["Waits"]


def test_when_the_offer_closes_nobody_waits_for_it_and_each_is_told(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    close_offer(cast.actor(cast.mentor), there)
    assert place.state == "gone"
    assert lines_for(cast.actor(waits)) == []
    assert told(waits)[-1] == "line_ended"


def test_a_block_ends_the_waiting_both_ways_and_names_nobody(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    block_person(cast.actor(cast.mentor), waits)
    assert place.state == "gone"
    assert there.held == 0
    assert lines_for(cast.actor(waits)) == []


def test_leaving_the_line_gives_an_offered_place_on(cast: Cast) -> None:
    there, waits, place = one_place(cast)
    wait(cast, need(cast, "next"), minutes=5, offer_id=there.id)
    leave_line(cast.actor(waits), db.session.get_one(Waiting, place.waiting_id))
    work()
    assert kept_for() == ["Next"]
    assert lines_for(cast.actor(waits)) == []


def test_who_leaves_the_agency_holds_nothing(cast: Cast) -> None:
    there, waits, _place = one_place(cast)
    disable_person(cast.actor(cast.administrator), waits)
    assert there.held == 0
    assert db.session.scalar(sa.select(sa.func.count()).where(Waiting.closed_at.is_(None))) == 0


def test_a_pair_ends_the_lines_that_it_answers_and_no_others(cast: Cast) -> None:
    waits = need(cast, "waits")
    kept = wait(cast, waits, competency="T.3")
    for wish in ({}, {"competency": "T.1"}):
        wait(cast, waits, **wish)
    request = ask(cast, waits, offer(cast, cast.mentor), competencies=("T.1",))
    accept_request(cast.actor(cast.mentor), request)
    assert [line.row.id for line in lines_for(cast.actor(waits))] == [kept.id]


def test_coaching_has_a_line_of_its_own(cast: Cast) -> None:
    there, taken = full_offer(cast, kind="coach")
    wait(cast, need(cast, "waits"), offer_id=there.id)
    decline_engagement(cast.actor(there.person), taken.engagement, EndText(code="other"))  # type: ignore[arg-type]
    work()
    assert kept_for() == ["Waits"]


# The line as its people see it


def test_joining_twice_is_joining_once_and_there_is_a_most(cast: Cast) -> None:
    waits = need(cast, "waits")
    assert wait(cast, waits, competency="T.1").id == wait(cast, waits, competency="T.1").id
    wishes = [{}, {"kind": "coach"}, {"competency": "T.2"}, {"competency": "T.3"}]
    for wish in wishes:
        wait(cast, waits, **wish)
    assert len(lines_for(cast.actor(waits))) == MOST_WAITING
    with pytest.raises(Conflict) as refused:
        wait(cast, waits, kind="coach", competency="T.1")
    assert refused.value.code == "too_many_lines"


def test_ones_place_is_told_honestly(cast: Cast) -> None:
    there, _taken = full_offer(cast)
    people = [need(cast, f"p{number}") for number in range(4)]
    wait(cast, people[0], offer_id=there.id)
    wait(cast, people[1], minutes=1)
    wait(cast, people[2], minutes=2, competency="T.1")
    wait(cast, people[3], minutes=3, offer_id=there.id)
    line = lines_for(cast.actor(people[3]))[0]
    assert (line.place, line.others) == (2, 2)
    assert (lines_for(cast.actor(people[0]))[0].place, lines_for(cast.actor(people[0]))[0].others) == (1, 0)


def test_a_line_and_a_place_exist_for_their_own_person_alone(cast: Cast) -> None:
    _there, waits, place = one_place(cast)
    assert place_for(cast.actor(waits), place.id) is place
    for who in (cast.mentor, cast.stranger, cast.coordinator):
        with pytest.raises(NotFound):
            place_for(cast.actor(who), place.id)
        with pytest.raises(NotFound):
            waiting_for_id(cast.actor(who), place.waiting_id)
    with pytest.raises(Denied):
        give_places(cast.actor(waits), [place.offer_id])


# Many at once


def at_once(cast: Cast, deeds: list[Callable[[], object]]) -> list[str]:
    """Run all of them in threads that start together; the codes of what was refused."""
    barrier, refusals = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        with cast.app.app_context():
            barrier.wait()
            try:
                deed()
            except DomainError as error:
                refusals.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return refusals


def test_lines_that_one_person_joins_at_once_stay_within_the_limit(cast: Cast) -> None:
    actor = cast.actor(need(cast, "p0"))
    wishes = [
        WaitInput.model_validate({"kind": kind, "competency": code})
        for kind in ("mentor", "coach") for code in ("", "T.1", "T.2", "T.3")
    ]  # fmt: skip
    db.session.rollback()
    refusals = at_once(cast, [lambda wish=wish: join_line(actor, wish) for wish in wishes])  # type: ignore[misc]
    assert refusals == ["too_many_lines"] * (len(wishes) - MOST_WAITING)
    assert len(lines_for(actor)) == MOST_WAITING


def test_people_whom_one_saves_at_once_stay_within_the_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SAVED", 2)
    actor = cast.actor(cast.mentee)
    ids = [offer(cast, cast.person(f"m{number}", cast.statistics)).id for number in range(6)]
    db.session.rollback()
    refusals = at_once(cast, [lambda id_=id_: save_person(actor, db.session.get_one(Offer, id_)) for id_ in ids])  # type: ignore[misc]
    assert refusals == ["too_many_saved"] * 4
    assert len(saved_for(actor)) == 2


def test_however_many_processes_give_places_each_goes_to_one_person(cast: Cast) -> None:
    people = [need(cast, f"p{number}") for number in range(6)]
    for minute, person in enumerate(people):
        wait(cast, person, minutes=minute, competency="T.1")
    work()
    offers = [offer(cast, cast.person(f"m{number}", cast.statistics, levels=(4, 4, 4)), capacity=2) for number in range(2)]
    db.session.execute(sa.delete(jobs.Task))
    db.session.commit()
    ids = [each.id for each in offers]
    index_of("mentor")
    at_once(cast, [lambda: give_places(Actor.system(), ids)] * 6)
    places = db.session.scalars(sa.select(HeldPlace)).all()
    assert len(places) == 4
    assert {place.person_id for place in places} == {person.id for person in people[:4]}
    assert db.session.scalars(sa.select(Offer.held).where(Offer.id.in_(ids))).all() == [2, 2]


def test_accepting_taking_and_giving_at_once_never_fill_more_than_there_is(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    askers = [need(cast, f"a{number}") for number in range(3)]
    requests = [ask(cast, person, there) for person in askers]
    wait(cast, need(cast, "waits"), offer_id=there.id)
    ids, offer_id = [request.id for request in requests], there.id
    mentor = cast.actor(cast.mentor)
    from mentorlink.pairing.models import Request

    deeds: list[Callable[[], object]] = [
        *(lambda number=number: accept_request(mentor, db.session.get_one(Request, number)) for number in ids),
        *[lambda: give_places(Actor.system(), [offer_id])] * 3,
    ]
    at_once(cast, deeds)
    row = db.session.get_one(Offer, offer_id, populate_existing=True)
    accepted = db.session.scalar(sa.select(sa.func.count()).where(Request.state == "accepted"))
    held = db.session.scalar(sa.select(sa.func.count()).where(HeldPlace.closed_at.is_(None)))
    assert (row.taken, row.held) == (accepted, held)
    assert row.taken + row.held == 1


def test_asking_declining_and_lapsing_at_once_leave_one_ending(cast: Cast) -> None:
    from mentorlink.pairing.actions import lapse_place

    there, waits, place = one_place(cast)
    who, place_id, offer_id = cast.actor(waits), place.id, there.id
    db.session.execute(sa.update(HeldPlace).values(until=clock.now()))
    db.session.commit()
    at_once(
        cast,
        [
            *[lambda: decline_place(who, db.session.get_one(HeldPlace, place_id))] * 3,
            *[lambda: lapse_place(Actor.system(), db.session.get_one(HeldPlace, place_id))] * 3,
        ],
    )
    row = db.session.get_one(Offer, offer_id, populate_existing=True)
    assert row.held == 0
    assert db.session.get_one(HeldPlace, place_id).state in ("declined", "lapsed")
