"""The life of a request: who may take which step, when, and what it leads to."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorlink.kernel import clock, events, jobs
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.pairing.actions import (
    accept_request,
    answer_back,
    ask_back,
    close_offer,
    decline_request,
    expire_request,
    pause_offer,
    send_request,
    withdraw_request,
)
from mentorlink.pairing.effects import close_what_a_leaver_had, end_requests_between, release_coaching_place, release_place
from mentorlink.pairing.events import RequestReminded
from mentorlink.pairing.inputs import AnswerInput, AskInput, DeclineInput, FindInput, PauseInput, QuestionInput
from mentorlink.pairing.models import Offer, Request, RequestMessage
from mentorlink.pairing.queries import (
    alternatives_to,
    asking,
    barriers,
    offer_for,
    request_for,
    suggestions_for,
    waiting_by_box,
)
from mentorlink.pairing.stages import OPEN, STEPS, turn_of
from mentorlink.people.events import Blocked, PersonLeft
from mentorlink.people.models import Block, Person, Unit
from mentorlink.programmes.actions import add_programme
from mentorlink.programmes.inputs import ProgrammeInput
from mentorlink.sessions.coaching.actions import begin_engagement, decline_engagement, end_engagement_for_leaver
from mentorlink.sessions.coaching.events import EngagementDeclined
from mentorlink.sessions.coaching.inputs import EndText
from mentorlink.sessions.mentoring.actions import end_early, end_for_silence, start_mentorship
from mentorlink.sessions.mentoring.events import MentorshipClosed
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship, Target
from tests.cast import Cast
from tests.conftest import examples
from tests.pairing.stage import WISH, ask, offer
from tests.rounds.ground import PROGRAMME

WEEK = timedelta(days=7)


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code


# Sending


def test_a_request_reaches_the_mentor_and_waits_for_them(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor), competencies=("T.1", "T.2"))
    assert request.state == "sent"
    assert turn_of(request.state) == "asked"
    assert waiting_by_box(cast.actor(cast.mentor)) == {"in": 1, "out": 0}
    assert waiting_by_box(cast.actor(cast.mentee)) == {"in": 0, "out": 0}
    assert [row.competency.code for row in request.competencies] == ["T.1", "T.2"]


def test_the_message_is_not_readable_in_the_database(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    raw = db.session.execute(sa.text("SELECT message FROM request WHERE id = :id"), {"id": request.id}).scalar_one()
    assert request.message == WISH
    assert b"budget" not in bytes(raw)


def test_the_same_form_sent_twice_is_one_request(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    first = ask(cast, cast.mentee, there, client_id="the-same-form")
    again = ask(cast, cast.mentee, there, client_id="the-same-form")
    assert again.id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Request)) == 1


def test_one_asks_the_same_mentor_once_at_a_time(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    request = ask(cast, cast.mentee, there)
    with pytest.raises(Conflict) as refused:
        ask(cast, cast.mentee, there)
    assert code_of(refused) == "already_asked"
    withdraw_request(cast.actor(cast.mentee), request)
    assert ask(cast, cast.mentee, there).state == "sent"


def test_at_most_three_requests_are_open(cast: Cast) -> None:
    offers = [offer(cast, cast.person(f"helper{number}", cast.statistics)) for number in range(4)]
    requests = [ask(cast, cast.mentee, each) for each in offers[:3]]
    with pytest.raises(Conflict) as refused:
        ask(cast, cast.mentee, offers[3])
    assert (code_of(refused), refused.value.facts["most"]) == ("too_many_open", 3)
    decline_request(cast.actor(requests[0].offer.person), requests[0], DeclineInput(reason="time"))
    assert ask(cast, cast.mentee, offers[3]).is_open


def test_nobody_asks_themself(cast: Cast) -> None:
    with pytest.raises(Denied):
        ask(cast, cast.mentor, offer(cast, cast.mentor))


@pytest.mark.parametrize(
    ("message", "fault"), [("short", "string_too_short"), ("x" * 2001, "string_too_long"), ("a\x00b" * 20, "control_character")]
)
def test_a_message_has_a_sensible_length_and_no_control_characters(message: str, fault: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(AskInput, {"client_id": "form-12345", "message": message})
    assert [each.code for each in refused.value.faults] == [fault]


def test_an_unknown_competency_is_a_fault_at_its_field(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    with pytest.raises(Invalid) as refused:
        ask(cast, cast.mentee, there, competencies=("T.1", "X.9"))
    assert [(each.field, each.code) for each in refused.value.faults] == [("competencies", "unknown_competency")]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Request)) == 0


def test_a_mentor_in_the_line_of_command_cannot_be_asked_but_a_coach_can(cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        ask(cast, cast.mentee, offer(cast, cast.supervisor))
    assert refused.value.facts["rules"] == ["line_of_command"]
    assert ask(cast, cast.mentee, offer(cast, cast.supervisor, kind="coach")).is_open


def test_who_has_no_free_place_cannot_be_asked(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    accept_request(cast.actor(cast.mentor), ask(cast, cast.person("first", cast.budget), there))
    with pytest.raises(Conflict) as refused:
        ask(cast, cast.mentee, there)
    assert code_of(refused) == "no_room"


def test_who_pauses_cannot_be_asked_until_the_day_has_come(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    until = clock.today() + timedelta(days=3)
    pause_offer(cast.actor(cast.mentor), there, PauseInput(until=until))
    with pytest.raises(Conflict) as refused:
        ask(cast, cast.mentee, there)
    assert refused.value.facts["rules"] == ["paused"]
    with clock.at(clock.now() + timedelta(days=4)):
        assert ask(cast, cast.mentee, there).is_open


# Accepting


def test_accepting_takes_a_place_and_begins_the_mentorship_with_what_was_asked_for(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=2)
    request = ask(cast, cast.mentee, there, competencies=("T.1",))
    accept_request(cast.actor(cast.mentor), request)
    mentorship = db.session.get_one(Mentorship, request.mentorship_id)
    assert (mentorship.mentor_id, mentorship.mentee_id, mentorship.state) == (cast.mentor.id, cast.mentee.id, "active")
    assert [(row.competency.code, row.baseline) for row in db.session.scalars(sa.select(Target))] == [("T.1", 1)]
    assert (there.taken, there.free, request.state) == (1, 1, "accepted")


def test_accepting_twice_is_accepting_once(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=2)
    request = ask(cast, cast.mentee, there)
    for _ in range(2):
        accept_request(cast.actor(cast.mentor), request)
    assert there.taken == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mentorship)) == 1


def test_the_other_requests_of_the_same_asker_stay_open(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    other = ask(cast, cast.mentee, offer(cast, cast.second_mentor))
    accept_request(cast.actor(cast.mentor), request)
    assert other.state == "sent"


@pytest.mark.parametrize("change", ["line", "block", "failed", "paused", "left"])
def test_the_rules_are_checked_again_at_the_accept(cast: Cast, change: str) -> None:
    there = offer(cast, cast.mentor)
    request = ask(cast, cast.mentee, there)
    expected = {
        "line": "line_of_command",
        "block": "blocked",
        "failed": "past_failed_pair",
        "paused": "paused",
        "left": "not_active",
    }
    if change == "line":
        db.session.execute(sa.update(Unit).where(Unit.id == cast.finance.id).values(head_id=cast.mentor.id))
    elif change == "block":
        db.session.add(Block(person_id=cast.mentee.id, blocked_id=cast.mentor.id, created_at=clock.now()))
    elif change == "failed":
        _past_pair(cast)
    elif change == "paused":
        db.session.execute(sa.update(Offer).values(paused_until=clock.today() + timedelta(days=9)))
    else:
        db.session.execute(sa.update(Person).where(Person.id == cast.mentee.id).values(state="disabled"))
    db.session.commit()
    with pytest.raises(Conflict) as refused:
        accept_request(cast.actor(cast.mentor), request)
    assert expected[change] in refused.value.facts["rules"]
    db.session.rollback()
    assert (there.taken, request.state) == (0, "sent")


@pytest.mark.parametrize(("who", "failed"), [("mentee", True), ("house", False)])
def test_a_pair_that_the_house_ended_may_be_one_again(cast: Cast, who: str, failed: bool) -> None:
    there = offer(cast, cast.mentor)
    pair = start_mentorship(Actor.system(), mentor_id=cast.mentor.id, mentee_id=cast.mentee.id)
    if failed:
        end_early(cast.actor(cast.mentee), pair, EarlyEndInput(code="other"))
    else:
        end_for_silence(Actor.system(), pair)
    assert barriers(there, asking(cast.mentee)) == (("past_failed_pair",) if failed else ())


@pytest.mark.parametrize("end", [None, decline_engagement, end_engagement_for_leaver])
def test_coaching_that_goes_on_or_failed_bars_the_two_from_coaching_alone(cast: Cast, end: Any) -> None:
    mentoring, coaching = offer(cast, cast.mentor), offer(cast, cast.mentor, kind="coach")
    begun = begin_engagement(Actor.system(), coach_id=cast.mentor.id, coachee_id=cast.mentee.id)
    if end is decline_engagement:
        decline_engagement(cast.actor(cast.mentee), begun, EndText(code="other"))
    elif end is not None:
        end_engagement_for_leaver(Actor.system(), begun, cast.mentor.id)
    barred = () if end is end_engagement_for_leaver else ("past_failed_pair",)
    assert barriers(coaching, asking(cast.mentee, "coach")) == barred
    assert barriers(mentoring, asking(cast.mentee)) == ()


def test_the_rules_of_a_units_programme_hold_for_its_own_people_alone(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    add_programme(hr, read(ProgrammeInput, PROGRAMME))
    unit = PROGRAMME | {"name": {"id": "Unit", "en": "Unit"}, "unit_id": cast.finance.id, "rules": {"other_unit": True}}
    own = add_programme(hr, read(ProgrammeInput, unit))
    near, far = (offer(cast, cast.person(name, where)) for name, where in (("near", cast.budget), ("far", cast.statistics)))
    here, there = cast.person("here", cast.budget, levels=(1, 1, 1)), cast.person("there", cast.statistics, levels=(1, 1, 1))
    assert [item.offer.id for item in suggestions_for(cast.actor(here), FindInput()).items] == [far.id]
    assert {item.offer.id for item in suggestions_for(cast.actor(there), FindInput()).items} == {near.id, far.id}
    assert ask(cast, here, far).programme_id == own.id
    with pytest.raises(Conflict):
        ask(cast, here, near)
    assert ask(cast, there, near).programme_id != own.id


def _past_pair(cast: Cast) -> None:
    pair = start_mentorship(Actor.system(), mentor_id=cast.mentor.id, mentee_id=cast.mentee.id)
    db.session.execute(sa.update(Mentorship).where(Mentorship.id == pair.id).values(state="ended_early", ended_at=clock.now()))
    db.session.add(EarlyEnd(mentorship_id=pair.id, by_id=cast.mentee.id, code="other", ended_at=clock.now()))


def test_twenty_accepts_at_once_fill_the_last_place_exactly_once(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    requests = [ask(cast, cast.person(f"asker{number}", cast.budget), there).id for number in range(20)]
    actor, start, outcomes = cast.actor(cast.mentor), threading.Barrier(20), []
    offer_id = there.id
    db.session.remove()

    def accept(request_id: int) -> None:
        with cast.app.app_context():
            start.wait()
            try:
                accept_request(actor, request_for(actor, request_id))
                outcomes.append("accepted")
            except Conflict as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=accept, args=(request_id,)) for request_id in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["no_room"] * 19
    assert db.session.get_one(Offer, offer_id).taken == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mentorship)) == 1


def test_one_persons_requests_sent_at_once_stay_within_the_limit(cast: Cast) -> None:
    offers = [offer(cast, cast.person(f"helper{number}", cast.statistics)).id for number in range(8)]
    actor, start, outcomes = cast.actor(cast.mentee), threading.Barrier(8), []
    db.session.remove()

    def send(offer_id: int) -> None:
        with cast.app.app_context():
            start.wait()
            try:
                send_request(actor, offer_for(actor, offer_id), AskInput(client_id=f"race-{offer_id:05}", message=WISH))
                outcomes.append("sent")
            except Conflict as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=send, args=(offer_id,)) for offer_id in offers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["sent"] * 3 + ["too_many_open"] * 5


def test_answer_and_withdrawal_at_once_leave_one_ending(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    for number in range(6):
        asker = cast.person(f"asker{number}", cast.budget)
        request_id = ask(cast, asker, there).id
        actors = {"withdraw": cast.actor(asker), "decline": cast.actor(cast.mentor)}
        start, outcomes = threading.Barrier(2), []
        db.session.remove()

        def act(verb: str, *, request_id=request_id, actors=actors, start=start, outcomes=outcomes) -> None:
            with cast.app.app_context():
                start.wait()
                try:
                    row = request_for(actors[verb], request_id)
                    withdraw_request(actors[verb], row) if verb == "withdraw" else decline_request(
                        actors[verb], row, DeclineInput(reason="time")
                    )
                    outcomes.append(verb)
                except Conflict as error:
                    outcomes.append(error.code)

        threads = [threading.Thread(target=act, args=(verb,)) for verb in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) in (["decline", "request_has_moved_on"], ["request_has_moved_on", "withdraw"])
        assert db.session.get_one(Request, request_id).state in ("declined", "withdrawn")


# Asking back


def test_a_question_goes_to_the_asker_and_the_answer_back(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    ask_back(cast.actor(cast.mentor), request, QuestionInput(body="Why now?"))
    assert (request.state, waiting_by_box(cast.actor(cast.mentee))["out"]) == ("asked_back", 1)
    answer_back(cast.actor(cast.mentee), request, AnswerInput(body="A new task."))
    assert (request.state, waiting_by_box(cast.actor(cast.mentor))["in"]) == ("sent", 1)
    assert [(message.kind, message.body) for message in request.thread] == [("question", "Why now?"), ("answer", "A new task.")]


def test_a_question_sent_twice_stands_once_and_a_second_one_waits_for_the_answer(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    for _ in range(2):
        ask_back(cast.actor(cast.mentor), request, QuestionInput(body="Why now?"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RequestMessage)) == 1
    with pytest.raises(Conflict) as refused:
        ask_back(cast.actor(cast.mentor), request, QuestionInput(body="And why me?"))
    assert code_of(refused) == "request_has_moved_on"


def test_after_three_questions_it_is_time_for_a_yes_or_no(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    for number in range(3):
        ask_back(cast.actor(cast.mentor), request, QuestionInput(body=f"Question {number}"))
        answer_back(cast.actor(cast.mentee), request, AnswerInput(body=f"Answer {number}"))
    with pytest.raises(Conflict) as refused:
        ask_back(cast.actor(cast.mentor), request, QuestionInput(body="One more"))
    assert code_of(refused) == "enough_questions"


def test_each_move_gives_the_next_one_the_full_time(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    later = request.sent_at + timedelta(days=5)
    with clock.at(later):
        ask_back(cast.actor(cast.mentor), request, QuestionInput(body="Why now?"))
    assert request.expires_at == later + WEEK


# Time


def run_jobs(at: object) -> None:
    with clock.at(at):  # type: ignore[arg-type]
        jobs.run_due()


def test_a_request_without_an_answer_returns_by_itself_on_time(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    end = request.expires_at
    run_jobs(end - timedelta(seconds=1))
    assert db.session.get_one(Request, request.id).state == "sent"
    run_jobs(end)
    db.session.rollback()
    assert db.session.get_one(Request, request.id).state == "expired"
    assert request.closed_at == end


def test_an_answered_request_does_not_expire_when_its_old_time_comes(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    first_end = request.expires_at
    with clock.at(request.sent_at + timedelta(days=6)):
        ask_back(cast.actor(cast.mentor), request, QuestionInput(body="Why now?"))
    run_jobs(first_end + timedelta(hours=1))
    db.session.rollback()
    assert request.state == "asked_back"
    run_jobs(request.expires_at)
    db.session.rollback()
    assert request.state == "expired"


def test_a_day_before_the_end_the_one_whose_turn_it_is_is_reminded_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:

    told: list[int] = []
    monkeypatch.setitem(events.within, RequestReminded, (lambda event: told.append(event.person_id),))
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    run_jobs(request.expires_at - timedelta(days=1, seconds=1))
    assert told == []
    run_jobs(request.expires_at - timedelta(days=1))
    run_jobs(request.expires_at - timedelta(hours=2))
    assert told == [cast.mentor.id]


def test_only_the_house_lets_a_request_expire(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    with pytest.raises(Denied):
        expire_request(cast.actor(cast.mentee), request)


def test_an_expired_request_comes_with_three_others_who_could_help(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    others = {offer(cast, cast.person(f"helper{number}", cast.statistics, levels=(4, 4, 4))).person_id for number in range(4)}
    request = ask(cast, cast.mentee, there)
    assert alternatives_to(cast.actor(cast.mentee), request) == []
    run_jobs(request.expires_at)
    db.session.rollback()
    found = [each.offer.person_id for each in alternatives_to(cast.actor(cast.mentee), request)]
    assert len(found) == 3
    assert set(found) < others
    assert alternatives_to(cast.actor(cast.mentor), request) == []


# Who


@pytest.mark.parametrize("who", ["stranger", "coordinator", "administrator", "supervisor"])
def test_to_anybody_else_a_request_does_not_exist(cast: Cast, who: str) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    assert request_for(cast.actor(cast.mentor), request.id).id == request.id
    with pytest.raises(NotFound):
        request_for(cast.actor(getattr(cast, who)), request.id)


@pytest.mark.parametrize("verb", ["accept", "decline", "ask_back", "answer_back", "withdraw"])
def test_each_step_is_for_its_own_side(cast: Cast, verb: str) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    wrong = cast.mentee if STEPS[verb].by == "asked" else cast.mentor
    with pytest.raises(Denied):
        take(verb, cast.actor(wrong), request)


def test_a_blocked_colleagues_offer_does_not_exist(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    assert offer_for(cast.actor(cast.mentee), there.id).id == there.id
    db.session.add(Block(person_id=cast.mentor.id, blocked_id=cast.mentee.id, created_at=clock.now()))
    db.session.commit()
    with pytest.raises(NotFound):
        offer_for(cast.actor(cast.mentee), there.id)


# The table


def take(verb: str, actor: Actor, request: Request) -> None:
    match verb:
        case "accept":
            accept_request(actor, request)
        case "decline":
            decline_request(actor, request, DeclineInput(reason="time"))
        case "ask_back":
            ask_back(actor, request, QuestionInput(body=f"Question {len(request.thread)}"))
        case "answer_back":
            answer_back(actor, request, AnswerInput(body=f"Answer {len(request.thread)}"))
        case "withdraw":
            withdraw_request(actor, request)
        case "expire":
            with clock.at(request.expires_at):
                expire_request(Actor.system(), request)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=7))
def test_whatever_is_tried_in_whatever_order_only_the_steps_of_the_table_happen(cast: Cast, verbs: list[str]) -> None:
    db.session.rollback()
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Request))
    asker, mentor = cast.person(f"asker{number}", cast.budget), cast.person(f"helper{number}", cast.statistics)
    there = offer(cast, mentor, capacity=1)
    request = ask(cast, asker, there)
    sides = {"asked": cast.actor(mentor), "asker": cast.actor(asker), "clock": Actor.system()}
    for verb in verbs:
        step, before = STEPS[verb], request.state
        may = before in step.sources
        try:
            take(verb, sides[step.by], request)
        except Conflict as error:
            db.session.rollback()
            may = may and error.code != "enough_questions"
            refused = not may
        else:
            refused = False
        assert refused <= (not may)
        assert request.state == (step.target if may else before)
    assert (request.closed_at is None) == (request.state in OPEN)
    assert there.taken == (request.state == "accepted")


# Ends


def test_closing_an_offer_returns_open_requests_and_leaves_pairs(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=2)
    paired = accept_request(cast.actor(cast.mentor), ask(cast, cast.person("first", cast.budget), there))
    waiting = ask(cast, cast.mentee, there)
    close_offer(cast.actor(cast.mentor), there)
    assert (waiting.state, waiting.decline_reason) == ("declined", "closed")
    assert (paired.state, there.taken) == ("accepted", 1)


def test_a_coaching_that_comes_to_nothing_frees_its_place_once(cast: Cast) -> None:
    there = offer(cast, cast.mentor, kind="coach", capacity=1)
    request = accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there))
    assert (request.mentorship_id, there.free) == (None, 0)
    assert request.engagement is not None
    decline_engagement(cast.actor(cast.mentee), request.engagement, EndText(code="mismatch"))
    assert there.free == 1
    with transaction():
        release_coaching_place(EngagementDeclined(request.engagement_id, cast.mentor.id, cast.mentee.id, None))
    assert there.free == 1


def test_a_mentorship_that_is_over_frees_its_place_once(cast: Cast) -> None:

    there = offer(cast, cast.mentor, capacity=2)
    request = accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there))
    assert there.taken == 1
    for _ in range(2):
        with transaction():
            release_place(MentorshipClosed(request.mentorship_id, cast.mentor.id, cast.mentee.id, None))
    assert there.taken == 0
    assert request.ended_at is not None


def test_when_somebody_leaves_their_offer_and_requests_end(cast: Cast) -> None:

    own = offer(cast, cast.mentor)
    to_them = ask(cast, cast.mentee, own)
    from_them = ask(cast, cast.mentor, offer(cast, cast.supervisor))
    with transaction():
        close_what_a_leaver_had(PersonLeft(cast.mentor.id))
    assert own.closed_at is not None
    assert (to_them.state, from_them.state) == ("declined", "withdrawn")


def test_a_block_ends_requests_both_ways_without_saying_why(cast: Cast) -> None:

    to_blocker = ask(cast, cast.mentee, offer(cast, cast.mentor))
    from_blocker = ask(cast, cast.mentor, offer(cast, cast.mentee))
    with transaction():
        end_requests_between(Blocked(cast.mentor.id, cast.mentee.id))
    assert (to_blocker.state, to_blocker.decline_reason) == ("declined", "closed")
    assert from_blocker.state == "withdrawn"


def test_how_long_somebody_takes_is_said_from_three_answers_on(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=6)
    for number, hours in enumerate((2, 30, 4)):
        found = suggestions_for(cast.actor(cast.mentee), FindInput())
        assert [each.reply for each in found.items] == [None]
        request = ask(cast, cast.person(f"asker{number}", cast.budget), there)
        with clock.at(request.sent_at + timedelta(hours=hours)):
            decline_request(cast.actor(cast.mentor), request, DeclineInput(reason="time"))
    found = suggestions_for(cast.actor(cast.mentee), FindInput())
    assert [each.reply for each in found.items] == [timedelta(hours=4)]
