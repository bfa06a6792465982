"""Every way of solving a round, and what is told of wishes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.db import db
from mentorlink.matching import DenseScores, RoundInput, RoundSolver
from mentorlink.people.models import Person
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import MoveInput, OpenInput, TieInput, WeightsInput, WishesInput
from mentorlink.rounds.models import RoundStop
from mentorlink.rounds.queries import moving_of, stops_of
from mentorlink.rounds.rules import Board
from mentorlink.rounds.stages import MODES
from tests.cast import Cast
from tests.rounds.ground import Ground, contested, drafted


def weighed(ground: Ground, **data: Any) -> Ground:
    actions.set_weights(ground.hr, ground.round, WeightsInput(revision=ground.revision, **data))
    return ground


def wish(ground: Ground, person_id: int, side: str, *wished: int) -> None:
    """Somebody ranks, while the round is open."""
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=clock.today(), revision=ground.revision))
    who = ground.cast.actor(db.session.get_one(Person, person_id))
    actions.save_wishes(who, ground.round, side, WishesInput(wished=wished))


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_solved_shown_checked_and_published(cast: Cast, mode: str) -> None:
    ground = Ground(cast)
    ground.enrol()
    weighed(ground, mode=mode)
    run = ground.solve()
    assert (run.state, run.fault) == ("done", "")
    assert sum(mentor is not None for mentor in ground.pairs().values()) == 2
    alone = next(line for line in ground.lines() if line.mentor_id is None)
    moving = moving_of(ground.round, alone, mentor_id=ground.mentor_ids[0])
    assert moving.chosen is not None
    assert (moving.cost is None) == (mode == "stable")
    actions.ask_check(ground.hr, ground.round, 1)
    jobs.run_due()
    assert ground.run(1).check_state == "same"
    assert ground.publish().state == "published"


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(4))
def test_between_equals_who_missed_out_goes_first_in_a_stable_round(seed: int) -> None:
    scores = DenseScores([1, 2], [7], [[500_000], [500_000]])
    for missed in (1, 2):
        plan = RoundSolver(mode="stable", seed=seed).solve(scores, RoundInput(capacity={7: 1}, missed={missed: 1}))
        assert plan.mentor_of == {missed: 7}


def test_the_pages_of_a_stable_round_say_what_is_proven(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol()
    weighed(ground, mode="stable")
    assert ground.solve().state == "done"
    client = cast.client(cast.coordinator)
    assert "no two would rather have each other" in client.get(f"/rounds/{ground.round_id}/run").text
    for name in ("draft", "stops", "compare", "publish"):
        assert client.get(f"/rounds/{ground.round_id}/{name}").status_code == 200


def test_the_cost_of_a_move_is_that_of_the_draft_as_it_stands(cast: Cast) -> None:
    ground = drafted(cast, mentees=3, mentors=2)
    last = stops_of(ground.run(1))[-1]
    ground.choose(last.position)
    asked: list[Any] = []
    plain = Board.cost_of

    def heard(board: Board, plan: Any, *pair: int) -> Any:
        asked.append(plan)
        return plain(board, plan, *pair)

    first, second = ground.mentor_ids
    alone = next(line for line in ground.lines() if line.mentor_id is None)
    loser = next(line for line in ground.lines() if line.mentor_id == first)
    move = MoveInput(mentor_id=first, instead_of=loser.mentee_id, revision=ground.revision)
    actions.move_pair(ground.hr, ground.round, alone, move)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Board, "cost_of", heard)
        cost = moving_of(ground.round, ground.line(loser.mentee_id), mentor_id=second).cost
        held = moving_of(ground.round, ground.line(loser.mentee_id), mentor_id=first).cost
    assert [(plan.value, dict(plan.kept)) for plan in asked] == [(last.value, {alone.mentee_id: first})] * 2
    assert cost is not None
    assert alone.mentee_id not in {move.mentee for move in cost.moved}, "what was moved by hand stands fast"
    assert held is not None
    assert held.code == "pinned_full"


def test_what_a_wish_adds_stands_nowhere_and_a_pin_does_not_ask_for_it(cast: Cast) -> None:
    ground = Ground(cast, mentees=2, mentors=2)
    ground.enrol()
    mentee, mentor = ground.mentee_ids[0], ground.mentor_ids[1]
    wish(ground, mentee, "mentee", mentor)
    ground.solve()
    line = ground.line(mentee)
    assert (line.mentor_id, line.why["wish"]) == (mentor, True)
    assert sum(line.why["terms"].values()) == pytest.approx(line.score, abs=10)
    assert line.why["first"] is None
    actions.tie_pair(ground.hr, ground.round, TieInput(mentee_id=mentee, mentor_id=mentor, kind="pin", revision=ground.revision))
    ground.solve()
    line = ground.line(mentee)
    assert (line.decided, line.why["wish"]) == ("locked", False)
    results = list(db.session.scalars(sa.select(RoundStop.result)))
    amounts = {pair[4] for told in results for pair in json.loads(json.dumps(told))["pairs"]}
    assert amounts <= {0.0, 1.0}
    assert all(told["ignored_wishes"] == [] for told in results)


def test_who_ranked_learns_no_less_of_why_than_who_did_not(cast: Cast) -> None:
    """The price sentence goes by fit alone: it is there for whoever wished, and says nothing of wishes."""
    ground = contested(cast, mentees=2, mentors=2)
    ours = [line for line in ground.lines() if line.mentee_id in ground.mentee_ids]
    winner, loser = sorted(ours, key=lambda line: line.decided)
    assert (winner.decided, loser.decided) == ("first_choice", "first_choice_full")
    plain, first, second, given = loser.why["first"], winner.mentee_id, loser.mentee_id, loser.mentor_id
    for person_id in (first, second):
        wish(ground, person_id, "mentee", plain["mentor"])
    ground.solve()
    again = ground.line(second)
    assert (again.mentor_id, again.decided) == (given, "first_choice_full")
    assert {**again.why["first"], "price": 0} == {**plain, "price": 0}
    assert ground.line(first).decided == "first_choice"
    told = cast.client(cast.coordinator).get(f"/rounds/{ground.round_id}/draft").text
    assert "First choice was full: the places of Guide 0, who fits better by" in told
    figures = stops_of(ground.run(2))[ground.round.draft_stop].figures
    assert (figures["best_fits"], figures["wishes"]) == (1, None), "of two who ranked nothing is told"


def test_a_move_keeps_the_score_that_the_draft_would_show(cast: Cast) -> None:
    ground = Ground(cast, mentees=1, mentors=2)
    ground.enrol()
    mentee, mentor = ground.mentee_ids[0], ground.mentor_ids[1]
    wish(ground, mentee, "mentee", mentor)
    ground.solve()
    before = ground.line(mentee)
    assert before.mentor_id == mentor
    other = MoveInput(mentor_id=ground.mentor_ids[0], revision=ground.revision)
    actions.move_pair(ground.hr, ground.round, ground.line(mentee), other)
    told = moving_of(ground.round, ground.line(mentee), mentor_id=mentor).chosen
    assert told is not None
    assert told.score == before.score
    actions.move_pair(ground.hr, ground.round, ground.line(mentee), MoveInput(mentor_id=mentor, revision=ground.revision))
    assert ground.line(mentee).score == before.score
