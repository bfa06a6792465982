"""Competencies, baseline, purpose, targets, and both saying yes."""

import pytest

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import BaselineSaid, CompetencyChoice, GoalsDraft, SignedVersion
from mentorlink.sessions.mentoring.models import Target
from mentorlink.sessions.mentoring.queries import goals_for, standing_for, targets_for
from mentorlink.sessions.mentoring.stages import Check
from tests.cast import Cast
from tests.mentoring.pair import Pair


@pytest.fixture
def unassessed(pair: Pair) -> Target:
    """A competency of which nothing is known about the mentee."""
    fresh = pair.cast.competency(9)
    return actions.add_competency(pair.mentee, pair.row(pair.mentee), CompetencyChoice(competency_id=fresh.id))


def condition(pair: Pair, code: Check):  # type: ignore[no-untyped-def]  # a Condition
    return next(c for c in standing_for(pair.mentor, pair.row()).conditions if c.code is code)


def test_the_baseline_comes_from_the_level_that_counts(pair: Pair) -> None:
    assert [(t.baseline, t.assessment_id is not None) for t in targets_for(pair.mentor, pair.row())] == [(1, True), (2, True)]
    assert condition(pair, Check.BASELINE_RECORDED).done


def test_an_assessed_baseline_is_not_changed(pair: Pair) -> None:
    target = targets_for(pair.mentor, pair.row())[0]
    with pytest.raises(Conflict, match="baseline_assessed"):
        actions.say_baseline(pair.mentor, target, BaselineSaid(level=4))


def test_what_was_not_assessed_counts_once_both_say_the_same(pair: Pair, unassessed: Target) -> None:
    assert unassessed.baseline is None
    assert not condition(pair, Check.BASELINE_RECORDED).done
    actions.say_baseline(pair.mentee, unassessed, BaselineSaid(level=2))
    assert unassessed.baseline is None
    assert condition(pair, Check.BASELINE_RECORDED).turn == {"mentor"}
    actions.say_baseline(pair.mentee, unassessed, BaselineSaid(level=2))
    assert unassessed.baseline is None, "saying it twice alone is not agreeing"
    actions.say_baseline(pair.mentor, unassessed, BaselineSaid(level=1))
    assert unassessed.baseline is None, "another level is a counter-proposal"
    actions.say_baseline(pair.mentee, unassessed, BaselineSaid(level=1))
    assert unassessed.baseline == 1
    assert condition(pair, Check.BASELINE_RECORDED).done


def test_a_competency_is_chosen_once_and_only_a_few(pair: Pair) -> None:
    taken = CompetencyChoice(competency_id=pair.competency_ids[0])
    with pytest.raises(Conflict, match="competency_already_chosen"):
        actions.add_competency(pair.mentor, pair.row(), taken)
    with pytest.raises(Invalid):
        actions.add_competency(pair.mentor, pair.row(), CompetencyChoice(competency_id=99999))


def test_goals_are_accepted_by_both_on_the_same_revision(pair: Pair) -> None:
    pair.go_to("persuasive")
    pair.set_goals(accepters=(pair.mentee,))
    pair.set_goals(accepters=(), purpose="Another purpose")
    with pytest.raises(Conflict, match="goals_outdated"):
        actions.accept_goals(pair.mentor, pair.row(), SignedVersion(number=1))
    assert condition(pair, Check.GOALS_ACCEPTED).facts["accepted"] == 0
    for actor in pair.both:
        actions.accept_goals(actor, pair.row(actor), SignedVersion(number=2))
    assert condition(pair, Check.GOALS_ACCEPTED).done
    assert [len(revision.acceptances) for revision in goals_for(pair.mentor, pair.row())] == [2, 1]


def test_goals_without_a_target_for_each_competency_are_not_accepted(pair: Pair) -> None:
    pair.go_to("persuasive")
    pair.set_goals(targets=(), accepters=())
    with pytest.raises(Conflict, match="goals_incomplete"):
        actions.accept_goals(pair.mentor, pair.row(), SignedVersion(number=1))


def test_a_target_lies_above_the_start(pair: Pair) -> None:
    pair.go_to("persuasive")
    low = {"competency_id": pair.competency_ids[1], "target": 2, "indicator": "x"}
    with pytest.raises(Invalid) as refused:
        actions.change_goals(pair.mentee, pair.row(pair.mentee), GoalsDraft(purpose="p", targets=(low,)))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("targets.0.target", "target_not_above")]


def test_changing_the_competencies_asks_both_anew(pair: Pair) -> None:
    pair.go_to("collaborative")
    assert not condition(pair, Check.GOALS_ACCEPTED).done, "a yes of the stage before is said again in this one"
    pair.accept_again()
    pair.accept_again()
    assert condition(pair, Check.GOALS_ACCEPTED).done
    actions.drop_competency(pair.mentee, targets_for(pair.mentee, pair.row(pair.mentee))[0])
    assert not condition(pair, Check.GOALS_ACCEPTED).done


def test_goals_wait_for_their_stage(pair: Pair) -> None:
    with pytest.raises(Conflict, match="wrong_stage"):
        pair.set_goals()
    db.session.rollback()
    assert pair.row().goals_revision == 0


def test_two_who_write_at_once_do_not_overwrite(cast: Cast, pair: Pair) -> None:
    pair.go_to("persuasive")
    pair.set_goals(accepters=())
    with pytest.raises(Conflict, match="goals_changed"):
        pair.set_goals(accepters=(), based_on=0)
