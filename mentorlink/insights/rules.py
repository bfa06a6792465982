"""What comes next for somebody: one step, the most urgent first; and what follows from sums over people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mentorlink.kernel import clock
from mentorlink.kernel.groups import FEWEST


class NextStep(StrEnum):
    """The one thing to do next."""

    ANSWER_DATA = "answer_data"
    ANSWER_REQUEST = "answer_request"
    TAKE_PLACE = "take_place"
    ANSWER_INVITATION = "answer_invitation"
    PREPARE_MEETING = "prepare_meeting"
    WRITE_DOWN_MEETING = "write_down_meeting"
    TAKE_TURN = "take_turn"
    COACHING_TURN = "coaching_turn"
    DECIDE_LEARNING = "decide_learning"
    PLAN_MEETING = "plan_meeting"
    PLAN_COACHING = "plan_coaching"
    SET_UP = "set_up"
    LOOK_AFTER_PAIRS = "look_after_pairs"
    RANK_IN_ROUND = "rank_in_round"
    WAIT_FOR_ANSWER = "wait_for_answer"
    FIND_MENTOR = "find_mentor"
    WAIT_FOR_PARTNER = "wait_for_partner"
    WAIT_IN_COACHING = "wait_in_coaching"
    SELF_ASSESS = "self_assess"
    COMING_MEETING = "coming_meeting"
    PAIR_RESTS = "pair_rests"
    COACHING_RESTS = "coaching_rests"
    OFFER_HELP = "offer_help"
    READ_COMMUNITY = "read_community"
    JOIN_COMMUNITY = "join_community"


@dataclass(frozen=True)
class Situation:
    """What the choice rests on; counts unless said otherwise."""

    requests_waiting_for_me: int
    own_requests_open: int
    meeting_within_a_day: bool
    meetings_planned: int
    gaps: int
    unassessed: int
    has_mentor: bool
    may_help: bool
    has_offer: bool
    unread: int
    communities: int
    together: frozenset[NextStep] = frozenset()
    """What one's pairs and coachings come to: see ``step_of_pair`` and ``step_of_coaching``."""
    to_set_up: bool = False
    learning_to_decide: int = 0
    pairs_that_stand_still: int = 0
    place_kept: bool = False
    invitations: int = 0
    rounds_to_rank: int = 0
    """Open rounds that await the reader's own ranking."""
    data_requests: int = 0
    named_mentor: bool = False
    """Holds the role of a mentor."""


def next_step(now: Situation) -> NextStep:
    """The step that helps most: the law's clock and others who wait first, then what is dated, one's own growth, giving.

    Who is in a pair, in coaching or waits for an answer is told what that stands at before they are asked to help others; whom
    the agency named a mentor is asked for an offer before they look for one themself.
    """
    order = (
        (NextStep.ANSWER_DATA, now.data_requests > 0),
        (NextStep.ANSWER_REQUEST, now.requests_waiting_for_me > 0),
        (NextStep.TAKE_PLACE, now.place_kept),
        (NextStep.ANSWER_INVITATION, now.invitations > 0),
        (NextStep.PREPARE_MEETING, now.meeting_within_a_day),
        _of(now, NextStep.WRITE_DOWN_MEETING),
        _of(now, NextStep.TAKE_TURN),
        _of(now, NextStep.COACHING_TURN),
        (NextStep.DECIDE_LEARNING, now.learning_to_decide > 0),
        _of(now, NextStep.PLAN_MEETING),
        _of(now, NextStep.PLAN_COACHING),
        (NextStep.SET_UP, now.to_set_up),
        (NextStep.LOOK_AFTER_PAIRS, now.pairs_that_stand_still > 0),
        (NextStep.OFFER_HELP, now.named_mentor and not now.has_offer),
        (NextStep.RANK_IN_ROUND, now.rounds_to_rank > 0),
        (NextStep.WAIT_FOR_ANSWER, now.own_requests_open > 0 and now.gaps > 0 and not now.has_mentor),
        (NextStep.FIND_MENTOR, now.gaps > 0 and not now.has_mentor),
        _of(now, NextStep.WAIT_FOR_PARTNER),
        _of(now, NextStep.WAIT_IN_COACHING),
        (NextStep.WAIT_FOR_ANSWER, now.own_requests_open > 0),
        (NextStep.SELF_ASSESS, now.unassessed > 0),
        (NextStep.COMING_MEETING, now.meetings_planned > 0),
        _of(now, NextStep.PAIR_RESTS),
        _of(now, NextStep.COACHING_RESTS),
        (NextStep.OFFER_HELP, now.may_help and not now.has_offer),
        (NextStep.READ_COMMUNITY, now.unread > 0),
    )
    return next((step for step, holds in order if holds), NextStep.JOIN_COMMUNITY)


def _of(now: Situation, step: NextStep) -> tuple[NextStep, bool]:
    return step, step in now.together


_PAIR = {
    "paused": NextStep.PAIR_RESTS,
    "settle_meeting": NextStep.WRITE_DOWN_MEETING,
    "plan_meeting": NextStep.PLAN_MEETING,
    "prepare_meeting": NextStep.COMING_MEETING,
    "await_choice": NextStep.WAIT_FOR_PARTNER,
    "wait": NextStep.WAIT_FOR_PARTNER,
}


def step_of_pair(act: str, *, meets: bool, planned: bool) -> NextStep:
    """What the next act of a pair comes to for its reader; who waits for the other plans the next session meanwhile."""
    if act == "wait" and meets and not planned:
        return NextStep.PLAN_MEETING
    return _PAIR.get(act, NextStep.TAKE_TURN)


_COACHING = {
    "resting": NextStep.COACHING_RESTS,
    "plan_meeting": NextStep.PLAN_COACHING,
    "prepare_meeting": NextStep.COMING_MEETING,
    "prepare_talk": NextStep.COMING_MEETING,
    "await_choice": NextStep.WAIT_IN_COACHING,
    "wait": NextStep.WAIT_IN_COACHING,
}


def step_of_coaching(act: str) -> NextStep:
    """The same for coaching."""
    return _COACHING.get(act, NextStep.COACHING_TURN)


def span_of(year: int, timezone: str | None = None) -> tuple[datetime, datetime]:
    """The first instant of a year in ``timezone`` (none: where the house is), and the first of the next."""
    zone = ZoneInfo(timezone) if timezone else clock.zone()
    since, until = (datetime(each, 1, 1, tzinfo=zone).astimezone(UTC) for each in (year, year + 1))
    return since, until


class Sums(NamedTuple):
    """What the means of levels before and after and of their change follow from, with how far people lie apart."""

    n: float = 0
    before: float = 0
    before_squares: float = 0
    after: float = 0
    after_squares: float = 0
    change: float = 0
    change_squares: float = 0

    @classmethod
    def together(cls, every: Iterable[Sequence[float]]) -> Sums:
        """The sums of several groups."""
        return cls(*map(math.fsum, zip(cls(), *every, strict=True)))

    def and_one(self, before: float, after: float) -> Sums:
        """With one person more."""
        change = after - before
        return self.together([self, (1, before, before**2, after, after**2, change, change**2)])


@dataclass(frozen=True)
class Mean:
    """A mean over ``n`` people, and the interval that holds the true one in 95 of 100 cases."""

    n: int
    value: float
    low: float
    high: float


def mean_from(n: int, total: float, squares: float, *, bounds: tuple[float, float]) -> Mean | None:
    """The mean of ``n`` values from their sum and the sum of their squares, told from five on; the interval cut at ``bounds``."""
    if n < FEWEST:
        return None
    value = total / n
    spread = math.sqrt(max(0.0, squares - total * value) / (n - 1))
    reach = _t975(n - 1) * spread / math.sqrt(n)
    return Mean(n, value, max(bounds[0], value - reach), min(bounds[1], value + reach))


def _t975(freedom: int) -> float:
    """Student's t for 95 % on both sides, from 4 degrees of freedom on right to 0.001 (Cornish and Fisher's series)."""
    z = 1.959963985
    terms = (z, 2.3722712, 2.8225006, 2.5558497, 1.5895341)
    return sum(term / freedom**place for place, term in enumerate(terms))
