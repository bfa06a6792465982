"""The mentor's board, time in stage, the private tip, and going on longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.sessions.meetings.notes.actions import say_afterwards
from mentorlink.sessions.meetings.notes.inputs import Afterwards
from mentorlink.sessions.meetings.queries import meeting_for
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.queries import agreements_for, board_for, stage_times, style_tip_for
from mentorlink.sessions.mentoring.rules import STEERING, still_steered
from tests.mentoring.pair import Pair

answer = st.fixed_dictionaries(dict.fromkeys(STEERING, st.sampled_from(("me", "other", "both"))))
meeting = st.fixed_dictionaries({"mentor": answer, "mentee": answer})


@given(st.sampled_from(("prescriptive", "persuasive")), st.lists(meeting, max_size=5))
def test_in_an_early_stage_nobody_is_told_to_step_back(stage: str, meetings: list[dict[str, dict[str, str]]]) -> None:
    assert not still_steered(stage, meetings)


@given(st.lists(meeting, min_size=2, max_size=5))
def test_the_tip_needs_two_answers_in_three_that_name_the_mentor(meetings: list[dict[str, dict[str, str]]]) -> None:
    latest = meetings[:3]
    named = sum(one["mentor"][q] == "me" for one in latest for q in STEERING) + sum(
        one["mentee"][q] == "other" for one in latest for q in STEERING
    )
    assert still_steered("collaborative", meetings) == (3 * named >= 2 * len(latest) * 6)
    assert not still_steered("collaborative", meetings[:1])


def said_by_both(pair: Pair, who: str) -> None:
    """Two sessions of this stage of which both say that ``who`` steered."""
    for hours in (0.0, 1.0):
        with clock.at(clock.now() + timedelta(hours=2 + hours)):
            held = pair.meet()
            for actor, side in ((pair.mentor, "mentor"), (pair.mentee, "mentee")):
                word = "me" if side == who else "other"
                say_afterwards(actor, meeting_for(actor, held.id), Afterwards(agenda=word, proposed=word, decided=word, useful=4))


@pytest.mark.parametrize(("who", "told"), [("mentor", True), ("mentee", False)])
def test_the_tip_is_the_mentors_alone(pair: Pair, who: str, told: bool) -> None:
    pair.go_to("collaborative")
    said_by_both(pair, who)
    assert style_tip_for(pair.mentor, pair.row()) is told
    for other in (pair.mentee, pair.cast.actor(pair.cast.coordinator), pair.cast.actor(pair.cast.administrator)):
        assert style_tip_for(other, pair.row()) is False
    page = pair.cast.client(pair.cast.mentor).get(f"/mentoring/{pair.id}").text
    assert ("A tip for you alone" in page) is told
    assert "A tip for you alone" not in pair.cast.client(pair.cast.mentee).get(f"/mentoring/{pair.id}").text


def test_a_rest_is_no_time_in_the_stage(pair: Pair) -> None:
    began = clock.now()
    with clock.at(began + timedelta(days=10)):
        back = clock.today() + timedelta(days=20)
        actions.pause_mentorship(pair.mentor, pair.row(), inputs.PauseInput(returns_on=back))
    with clock.at(began + timedelta(days=30)):
        actions.resume_mentorship(pair.mentor, pair.row())
    with clock.at(began + timedelta(days=35, minutes=1)):
        time = stage_times([pair.row()])[pair.id]
    assert (time.days, time.usual, time.long) == (15, 14, False)


def test_the_board_holds_the_mentors_pairs_and_nobody_elses(pair: Pair) -> None:
    assert [row.standing.mentorship.id for row in board_for(pair.mentor)] == [pair.id]
    assert board_for(pair.mentee) == []
    page = pair.cast.client(pair.cast.mentor).get("/mentoring/board").text
    assert "usually 14" in page
    assert "No mentee at the moment" in pair.cast.client(pair.cast.mentee).get("/mentoring/board").text


def test_going_on_longer_is_a_version_that_both_sign(pair: Pair) -> None:
    until = clock.today() + timedelta(days=300)
    with pytest.raises(Conflict, match="no_agreement_yet"):
        actions.extend_agreement(pair.mentee, pair.row(), inputs.Extension(until=until))
    pair.agree()
    with pytest.raises(Invalid):
        actions.extend_agreement(pair.mentee, pair.row(), inputs.Extension(until=clock.today()))
    actions.extend_agreement(pair.mentee, pair.row(), inputs.Extension(until=until))
    newest, before = agreements_for(pair.mentor, pair.row())
    assert newest.clauses == before.clauses | {"ends_on": until.isoformat()}
    assert [signature.person_id for signature in newest.signatures] == [pair.mentee_id]
