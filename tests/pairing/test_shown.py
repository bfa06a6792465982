"""What lists showed: noted once, in plain values, without being in the way, and for nobody who objects."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, later
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied
from mentorlink.kernel.settings import current
from mentorlink.matching import TERMS
from mentorlink.pairing.actions import choose_finding, decline_request, forget_shown, note_shown
from mentorlink.pairing.inputs import ChoicesInput, DeclineInput, FindInput
from mentorlink.pairing.models import ShownList, ShownPerson
from mentorlink.pairing.queries import Exposure, is_news, list_shown, suggestions_for
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.pairing.stage import ask, offer
from tests.queries import count_queries


def seen_by(cast: Cast, person: Person, *, door: str = "find", **wanted: object) -> Exposure:
    actor = cast.actor(person)
    found = list_shown(actor, suggestions_for(actor, FindInput.model_validate(wanted)), door=door)
    assert found is not None
    return found


def note(cast: Cast, person: Person, **wanted: object) -> bool:
    return note_shown(cast.actor(person), seen_by(cast, person, **wanted))


def lines() -> list[ShownPerson]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ShownPerson).order_by(ShownPerson.day, ShownPerson.slot)))


def lists() -> list[ShownList]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ShownList).order_by(ShownList.id)))


@pytest.fixture
def two(cast: Cast) -> Cast:
    """Two who offer to mentor."""
    offer(cast, cast.mentor)
    offer(cast, cast.second_mentor)
    return cast


def test_who_else_could_help_is_a_list_that_was_shown_too(two: Cast) -> None:
    request = ask(two, two.mentee, offer(two, two.person("busy", two.statistics, levels=(4, 4, 4))))
    decline_request(two.actor(request.offer.person), request, DeclineInput(reason="full"))
    for reader in (two.mentee, request.offer.person):
        assert two.client(reader).get(f"/requests/{request.id}", buffered=True).status_code == 200
    (seen,) = lists()
    assert (seen.person_id, seen.door) == (two.mentee.id, "instead")
    assert {line.mentor_id for line in lines()} == {two.mentor.id, two.second_mentor.id}


def test_a_page_notes_who_stood_where_with_the_engines_own_shares(two: Cast) -> None:
    answer = two.client(two.mentee).get("/find?zone=WIB&q=&page=1", buffered=True)
    assert answer.status_code == 200
    (seen,) = lists()
    assert (seen.person_id, seen.kind, seen.door, seen.total, seen.start) == (two.mentee.id, "mentor", "find", 2, 0)
    assert (seen.filters, seen.model_id) == ({"zone": ["WIB"]}, None)
    first, second = lines()
    assert [first.mentor_id, second.mentor_id] == [two.mentor.id, two.second_mentor.id]
    assert [(line.slot, line.place, line.tied, line.chance) for line in (first, second)] == [(1, 1, 1, 1.0), (2, 2, 1, 1.0)]
    found = suggestions_for(two.actor(two.mentee), FindInput(zone=("WIB",)))
    for line, match in zip((first, second), found.ranking.matches, strict=True):
        assert match.explanation is not None
        assert set(line.shares) == set(TERMS)
        for term, share in line.shares.items():
            assert share * match.explanation.weights[term] == pytest.approx(match.explanation.terms[term], abs=2e-6)


def test_the_home_page_and_the_interface_for_machines_note_too(two: Cast) -> None:
    two.client(two.mentee).get("/", buffered=True)
    assert [seen.door for seen in lists()] == ["home"]
    answer = two.client(two.mentee).get("/api/v1/suggestions", buffered=True)
    assert answer.json["ranked_by"] == {"model": None, "answers": None}
    assert {each["odds"] for each in answer.json["suggestions"]} == {None}
    assert [seen.door for seen in lists()] == ["home", "api"]


def test_the_answer_does_not_wait_for_the_note(two: Cast) -> None:
    with count_queries() as before:
        answer = two.client(two.mentee).get("/find", buffered=False)
        assert "suggestion" in answer.text
    assert [statement for statement in before if "shown_" in statement] == []
    answer.close()
    assert len(lines()) == 2


def test_a_note_takes_one_read_and_two_writes_and_a_reload_one_read(two: Cast) -> None:
    seen, actor = seen_by(two, two.mentee), two.actor(two.mentee)
    with count_queries() as first:
        assert note_shown(actor, seen)
    assert len(first) == 3
    with count_queries() as again:
        assert not is_news(seen)
    assert len(again) == 1
    assert not note_shown(actor, seen)
    assert len(lists()) == 1


def test_reloading_and_filtering_on_one_day_is_one_exposure_of_each_person(two: Cast) -> None:
    client = two.client(two.mentee)
    for address in ("/find", "/find", "/find?zone=WIB", "/find?zone=WIB&years=5", "/find"):
        client.get(address, buffered=True)
    assert len(lists()) == 3
    assert len(lines()) == 2
    with clock.at(clock.now() + timedelta(days=1)):
        note(two, two.mentee)
    assert len(lines()) == 4


def test_the_highest_line_of_the_day_stands(two: Cast) -> None:
    note(two, two.mentee)
    assert [(line.mentor_id, line.slot) for line in lines()] == [(two.mentor.id, 1), (two.second_mentor.id, 2)]
    note(two, two.mentee, competency=["T.1"], q="second")
    assert {line.mentor_id: line.slot for line in lines()} == {two.mentor.id: 1, two.second_mentor.id: 1}
    note(two, two.mentee, zone=["WIB"])
    assert {line.mentor_id: line.slot for line in lines()} == {two.mentor.id: 1, two.second_mentor.id: 1}


def test_a_name_that_was_searched_for_is_not_kept(two: Cast) -> None:
    note(two, two.mentee, q="second")
    (seen,) = lists()
    assert seen.filters == {}


def test_whoever_objects_to_ranking_leaves_no_trace(two: Cast) -> None:
    note(two, two.mentee)
    late = seen_by(two, two.mentee, zone=["WIB"])
    note(two, two.person("colleague", two.budget, levels=(1, 1, 1)))
    assert len(lists()) == 2
    choose_finding(two.actor(two.mentee), ChoicesInput(unranked=True))
    assert {seen.person_id for seen in lists()} == {two.person("colleague").id}
    assert {line.viewer_id for line in lines()} == {two.person("colleague").id}
    assert not note_shown(two.actor(two.mentee), late)
    two.client(two.mentee).get("/find", buffered=True)
    two.client(two.mentee).get("/", buffered=True)
    assert {seen.person_id for seen in lists()} == {two.person("colleague").id}


def test_what_was_shown_long_ago_is_forgotten(two: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=current().shown_days + 1)):
        note(two, two.mentee)
    with clock.at(clock.now() - timedelta(days=current().shown_days - 1)):
        note(two, two.mentee)
    assert len(lists()) == 2
    assert forget_shown(Actor.system()) == 1
    assert len(lists()) == 1
    assert len(lines()) == 2
    with pytest.raises(Denied):
        forget_shown(two.actor(two.administrator))


def test_nobody_notes_for_somebody_else(two: Cast) -> None:
    seen = seen_by(two, two.mentee)
    with pytest.raises(Denied):
        note_shown(two.actor(two.administrator), seen)
    assert lines() == []


def test_a_note_that_fails_is_no_harm_to_the_page(two: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> bool:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("mentorlink.pairing.actions.shown.is_news", broken)
    assert two.client(two.mentee).get("/find", buffered=True).status_code == 200
    assert later.take() == ()
    assert lines() == []


def test_two_tabs_at_once_are_one_look(two: Cast) -> None:
    seen, actor = seen_by(two, two.mentee), two.actor(two.mentee)
    other = seen_by(two, two.mentee, q="second")
    start = threading.Barrier(6)
    failed: list[BaseException] = []

    def look(number: int) -> None:
        with two.app.app_context():
            start.wait()
            try:
                note_shown(actor, seen if number % 2 else other)
            except BaseException as error:
                failed.append(error)

    db.session.rollback()
    threads = [threading.Thread(target=look, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(lists()) == 2
    assert {line.mentor_id: line.slot for line in lines()} == {two.mentor.id: 1, two.second_mentor.id: 1}
