"""Colleagues say how somebody works: together one finding, alone nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import combinations_with_replacement

import pytest
import sqlalchemy as sa

from mentorlink.competencies.actions import answer_review, ask_colleagues, decline_review, end_reviews, withdraw_review
from mentorlink.competencies.inputs import ColleaguesInput, VoiceInput
from mentorlink.competencies.models import Assessment, PeerReview, PeerVoice
from mentorlink.competencies.queries import asked_of, levels_of, map_for, review_for, reviews_of, voice_for
from mentorlink.competencies.rules import shared_level
from mentorlink.kernel import clock
from mentorlink.kernel.actions import record, transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import block_person, disable_person
from mentorlink.people.events import ErasureGranted
from mentorlink.people.models import Person
from tests.cast import Cast

SYSTEM = Actor.system()
TOKEN = "the-form-of-it"


def colleagues(cast: Cast, number: int = 3) -> list[Person]:
    return [cast.person(f"colleague_{place}", cast.budget) for place in range(number)]


def ask(cast: Cast, about: Person, asked: list[Person], *, by: Person | None = None, token: str = TOKEN) -> PeerReview:
    data = ColleaguesInput(token=token, colleagues=[person.id for person in asked], competencies=["T.1", "T.2"])
    return ask_colleagues(cast.actor(by or about), about, data)


def say(cast: Cast, who: Person, review: PeerReview, **levels: int) -> None:
    actor, said = cast.actor(who), {code.replace("_", "."): level for code, level in levels.items()}
    answer_review(actor, voice_for(actor, review.id), VoiceInput(levels=said))


def shared(person_id: int) -> dict[str, tuple[int, int | None, int | None]]:
    rows = db.session.scalars(sa.select(Assessment).where(Assessment.person_id == person_id, Assessment.source == "peer"))
    return {row.competency.code: (row.level, row.voices, row.assessor_id) for row in rows}


def told(person_id: int) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == person_id).order_by(Notice.id)))


@pytest.mark.one_database
@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_the_shared_level_is_the_highest_that_more_than_half_see(number: int) -> None:
    for levels in combinations_with_replacement(range(6), number):
        level = shared_level(levels[::-1])
        assert 2 * sum(each >= level for each in levels) > number
        assert 2 * sum(each >= level + 1 for each in levels) <= number


def test_what_colleagues_say_becomes_one_finding_that_names_none_of_them_and_their_answers_are_gone(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast)
    review = ask(cast, person, asked)
    for who, level in zip(asked, (2, 3, 5), strict=True):
        assert asked_of(cast.actor(who)) == [review]
        assert db.session.get_one(PeerReview, review.id).state == "open"
        say(cast, who, review, T_1=level, T_2=1)
    assert shared(person.id) == {"T.1": (3, 3, None), "T.2": (1, 3, None)}
    assert levels_of((person.id,))[person.id][cast.competencies[0].id] == 3
    row = db.session.get_one(PeerReview, review.id)
    assert (row.state, row.entered, [voice.levels for voice in row.voices]) == ("closed", 2, [None, None, None])
    assert sorted(told(person.id)) == ["colleagues_heard", "levels_changed"]
    assert told(asked[0].id) == ["colleague_asked"]


def test_where_too_few_speak_on_a_competency_nothing_is_entered(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast, 4)
    review = ask(cast, person, asked)
    for who in asked[:2]:
        say(cast, who, review, T_1=4, T_2=4)
    say(cast, asked[2], review, T_2=2)
    decline_review(cast.actor(asked[3]), voice_for(cast.actor(asked[3]), review.id))
    assert shared(person.id) == {"T.2": (4, 3, None)}


def test_the_time_is_over_by_itself_after_one_reminder(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast)
    review, began = ask(cast, person, asked), clock.now()
    say(cast, asked[0], review, T_1=4)
    for days in (12, 12, 14, 15):
        with clock.at(began + timedelta(days=days, minutes=1)):
            end_reviews(SYSTEM)
    assert [told(who.id) for who in asked] == [["colleague_asked"], *[["colleague_asked", "colleague_reminder"]] * 2]
    assert shared(person.id) == {}
    assert told(person.id) == ["colleagues_unheard"]
    with pytest.raises(Conflict, match="colleagues_over"):
        say(cast, asked[1], review, T_1=1)


def test_the_later_word_of_a_colleague_counts_and_the_same_form_asks_once(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast)
    review = ask(cast, person, asked)
    assert ask(cast, person, asked).id == review.id
    with pytest.raises(Conflict, match="colleagues_asked_already"):
        ask(cast, person, asked, token="another-form")
    for level in (1, 5):
        say(cast, asked[0], review, T_1=level)
    for who in asked[1:]:
        say(cast, who, review, T_1=5)
    assert shared(person.id) == {"T.1": (5, 3, None)}


def test_a_superior_asks_and_the_person_learns_of_it_but_not_whom(cast: Cast) -> None:
    person, asked, supervisor = cast.person("newcomer", cast.budget), colleagues(cast), cast.supervisor
    review = ask(cast, person, asked, by=supervisor)
    assert told(person.id) == ["colleagues_begun"]
    assert [len(view.names) for view in reviews_of(cast.actor(supervisor), person)] == [3]
    assert [(view.names, view.asked) for view in reviews_of(cast.actor(person), person)] == [([], 3)]
    with pytest.raises(NotFound):
        review_for(cast.actor(person), review.id)
    withdraw_review(cast.actor(supervisor), review)
    assert asked_of(cast.actor(asked[0])) == []


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("supervisor", "no_colleague"),
        ("themselves", "no_colleague"),
        ("two", "too_few_colleagues"),
        ("nine", "too_many_colleagues"),
    ],
)
def test_whom_one_may_not_ask(cast: Cast, who: str, code: str) -> None:
    person = cast.person("newcomer", cast.budget)
    more = {"supervisor": [cast.supervisor], "themselves": [person]}.get(who, [])
    number = {"two": 2, "nine": 9}.get(who, 3)
    with pytest.raises(Invalid) as refused:
        ask(cast, person, [*colleagues(cast, number), *more])
    assert [fault.code for fault in refused.value.faults] == [code]


def test_strangers_neither_ask_nor_answer_nor_look(cast: Cast) -> None:
    person, asked, stranger = cast.person("newcomer", cast.budget), colleagues(cast), cast.stranger
    with pytest.raises(Denied):
        ask(cast, person, asked, by=stranger)
    review = ask(cast, person, asked)
    for look in (lambda: voice_for(cast.actor(stranger), review.id), lambda: reviews_of(cast.actor(stranger), person)):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(Denied):
        answer_review(cast.actor(stranger), voice_for(cast.actor(asked[0]), review.id), VoiceInput(levels={"T.1": 1}))


def test_nobody_is_waited_for_who_left_or_keeps_the_person_away(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast, 5)
    block_person(cast.actor(asked[4]), person)
    review = ask(cast, person, asked)
    assert told(asked[4].id) == []
    disable_person(cast.actor(cast.administrator), asked[3])
    for who in asked[:3]:
        say(cast, who, review, T_1=2)
    assert shared(person.id) == {"T.1": (2, 3, None)}


def test_what_somebody_asks_to_have_erased_is_not_gathered(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast, 4)
    review = ask(cast, person, asked)
    say(cast, asked[0], review, T_1=5)
    with transaction():
        record(ErasureGranted(asked[0].id, ("feedback",)))
    for who in asked[1:]:
        say(cast, who, review, T_1=2)
    assert shared(person.id) == {"T.1": (2, 3, None)}


def test_the_last_two_at_once_end_it_once(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast, 4)
    review_id = ask(cast, person, asked).id
    for who in asked[:2]:
        say(cast, who, db.session.get_one(PeerReview, review_id), T_1=3)
    start, ids = threading.Barrier(2), [who.id for who in asked[2:]]
    db.session.rollback()

    def last(person_id: int) -> None:
        with cast.app.app_context():
            actor = cast.actor(db.session.get_one(Person, person_id))
            voice = voice_for(actor, review_id)
            start.wait()
            answer_review(actor, voice, VoiceInput(levels={"T.1": 3}))

    threads = [threading.Thread(target=last, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shared(person.id) == {"T.1": (3, 4, None)}
    assert told(person.id).count("colleagues_heard") == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(PeerVoice.levels.is_not(None))) == 0


def test_the_map_says_how_many_spoke_and_names_nobody(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast)
    review = ask(cast, person, asked)
    for who in asked:
        say(cast, who, review, T_1=2)
    found = map_for(cast.actor(person), person.id).rows[0].counting
    assert found is not None
    assert (found.source, found.voices, found.assessor) == ("peer", 3, None)


def test_the_pages_lead_from_choosing_to_the_thank_you(cast: Cast) -> None:
    person, asked = cast.person("newcomer", cast.budget), colleagues(cast)
    address = f"/competencies/of/{person.id}/colleagues"
    client = cast.client(person)
    chosen = {"token": TOKEN, "colleagues": [asked[0].id], "competencies": ["T.1"]}
    searched = client.post(address, data=chosen | {"find": "1", "q": cast.stranger.name})
    assert searched.status_code == 200
    assert cast.stranger.name in searched.text
    assert f'value="{asked[0].id}" checked' in searched.text
    assert client.post(address, data=chosen).status_code == 422
    sent = client.post(address, data=chosen | {"colleagues": [who.id for who in asked]}, follow_redirects=True)
    assert asked[1].name in sent.text
    review_id = db.session.scalar(sa.select(PeerReview.id))
    form = cast.client(asked[0])
    assert f"/competencies/colleagues/{review_id}" in form.get("/").text
    answered = form.post(f"/competencies/colleagues/{review_id}", data={"levels.T.1": "4"}, follow_redirects=True)
    assert answered.status_code == 200
    assert 'value="4" checked' in form.get(f"/competencies/colleagues/{review_id}").text
