"""What comes next for somebody: one step, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NextStep(StrEnum):
    """The one thing to do next."""

    ANSWER_REQUEST = "answer_request"
    PREPARE_MEETING = "prepare_meeting"
    WRITE_DOWN_MEETING = "write_down_meeting"
    TAKE_TURN = "take_turn"
    COACHING_TURN = "coaching_turn"
    PLAN_MEETING = "plan_meeting"
    SELF_ASSESS = "self_assess"
    FIND_MENTOR = "find_mentor"
    WAIT_FOR_ANSWER = "wait_for_answer"
    OFFER_HELP = "offer_help"
    READ_COMMUNITY = "read_community"
    JOIN_COMMUNITY = "join_community"


@dataclass(frozen=True)
class Situation:
    """What the choice rests on; counts unless said otherwise."""

    requests_waiting_for_me: int
    own_requests_open: int
    meeting_within_a_day: bool
    meeting_to_write_down: bool
    my_turn: int
    coaching_turn: int
    pairs: int
    meetings_planned: int
    gaps: int
    unassessed: int
    has_mentor: bool
    may_help: bool
    has_offer: bool
    unread: int
    communities: int


def next_step(now: Situation) -> NextStep:
    """The step that helps most: others who wait first, then what is dated, then one's own growth, then giving."""
    order = (
        (NextStep.ANSWER_REQUEST, now.requests_waiting_for_me > 0),
        (NextStep.PREPARE_MEETING, now.meeting_within_a_day),
        (NextStep.WRITE_DOWN_MEETING, now.meeting_to_write_down),
        (NextStep.TAKE_TURN, now.my_turn > 0),
        (NextStep.COACHING_TURN, now.coaching_turn > 0),
        (NextStep.PLAN_MEETING, now.pairs > 0 and now.meetings_planned == 0),
        (NextStep.WAIT_FOR_ANSWER, now.own_requests_open > 0 and now.gaps > 0 and not now.has_mentor),
        (NextStep.FIND_MENTOR, now.gaps > 0 and not now.has_mentor),
        (NextStep.SELF_ASSESS, now.unassessed > 0),
        (NextStep.OFFER_HELP, now.may_help and not now.has_offer),
        (NextStep.READ_COMMUNITY, now.unread > 0),
    )
    return next((step for step, holds in order if holds), NextStep.JOIN_COMMUNITY)
