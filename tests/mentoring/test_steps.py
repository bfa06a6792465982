"""Back, pause, early end, closing: who may, what stays, what is refused."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, CurrentLevel
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import disable_person
from mentorlink.sessions.meetings.actions import hold_meeting, plan_meeting
from mentorlink.sessions.meetings.inputs import MeetingOutcome, MeetingPlan
from mentorlink.sessions.meetings.queries import upcoming_for
from mentorlink.sessions.mentoring import actions, effects
from mentorlink.sessions.mentoring.inputs import DirectionText, EarlyEndInput, EvaluationAnswers, PauseInput, StepBack, StepInput
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship, Pause, StagePeriod
from mentorlink.sessions.mentoring.queries import (
    closing_for,
    counts_earlier,
    early_end_for,
    facts_of,
    history_for,
    standing_for,
    targets_for,
)
from tests.mentoring.pair import Pair


def test_a_stale_page_moves_nothing(pair: Pair) -> None:
    pair.fill("prescriptive")
    pair.advance(pair.mentor)
    with pytest.raises(Conflict, match="stage_moved_on"):
        actions.advance_stage(pair.mentee, pair.row(pair.mentee), StepInput(stage="prescriptive"))
    assert pair.row().stage == "persuasive"


def test_one_step_back_with_a_reason_and_forward_again_without_doing_it_twice(pair: Pair) -> None:
    pair.go_to("collaborative")
    actions.step_back(pair.mentor, pair.row(), StepBack(stage="collaborative", reason="The goals were too vague"))
    assert pair.row().stage == "persuasive"
    periods, _ = history_for(pair.mentee, pair.row(pair.mentee))
    assert [(p.stage, p.back) for p in periods] == [
        ("prescriptive", False),
        ("persuasive", False),
        ("collaborative", False),
        ("persuasive", True),
    ]
    assert periods[-1].reason == "The goals were too vague"
    assert sum(p.left_at is None for p in periods) == 1
    pair.advance()
    assert pair.row().stage == "collaborative"


def test_a_session_noted_ahead_of_its_time_opens_the_gate_of_one_stage_only(pair: Pair) -> None:
    pair.go_to("persuasive")
    soon = clock.now() + timedelta(minutes=50)
    meeting = plan_meeting(pair.mentee, pair.row(pair.mentee).series, MeetingPlan(slots=[soon], minutes=30, anyway=True))
    hold_meeting(pair.mentor, meeting, MeetingOutcome())
    pair.set_goals()
    pair.advance()
    with clock.at(soon + timedelta(hours=1)):
        assert facts_of([pair.row()])[pair.id].meetings == {"persuasive": 1}


def test_a_talk_from_before_the_stage_is_told_where_it_counts(pair: Pair) -> None:
    began = clock.now()
    with clock.at(began + timedelta(hours=3)):
        pair.go_to("persuasive")
    with clock.at(began + timedelta(hours=4)):
        found = [counts_earlier(pair.row(), pair.meet(hours_ago=hours)) for hours in (0.6, 2, 5)]
    assert [earlier and earlier.stage for earlier in found] == [None, "prescriptive", None]
    assert found[0] is None, "that one counts for the stage they are in"
    assert found[2] is not None, "and that one for none: it was before the two began"


def test_nobody_steps_back_from_the_first_stage(pair: Pair) -> None:
    with pytest.raises(Conflict, match="wrong_stage"):
        actions.step_back(pair.mentor, pair.row(), StepBack(stage="prescriptive", reason="x"))


def test_in_a_pause_nothing_is_planned_or_written_until_it_ends_by_itself_once(pair: Pair) -> None:
    back = clock.today() + timedelta(days=10)
    actions.pause_mentorship(pair.mentee, pair.row(pair.mentee), PauseInput(returns_on=back))
    assert pair.row().state == "paused"
    with pytest.raises(Conflict, match="mentorship_paused"):
        pair.agree()
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Conflict, match="series_paused"):
        plan_meeting(pair.mentor, pair.row().series, MeetingPlan(day=tomorrow, at="09:00"))
    with pytest.raises(Conflict, match="mentorship_paused"):
        pair.advance()
    db.session.rollback()
    jobs.run_due()
    assert pair.row().state == "paused", "the day has not come"
    with clock.at(clock.now() + timedelta(days=11)):
        jobs.run_due()
        assert pair.row().state == "active"
        plan_meeting(pair.mentor, pair.row().series, MeetingPlan(day=clock.today() + timedelta(days=2), at="09:00"))
    assert len(history_for(pair.mentor, pair.row())[1]) == 1


def test_a_late_job_does_not_end_a_later_pause(pair: Pair) -> None:
    for _ in range(2):
        actions.pause_mentorship(pair.mentee, pair.row(pair.mentee), PauseInput(returns_on=clock.today() + timedelta(days=9)))
        if not db.session.scalar(sa.select(sa.func.count()).where(Pause.resumed_at.is_not(None))):
            actions.resume_mentorship(pair.mentor, pair.row())
    first = db.session.scalars(sa.select(Pause).order_by(Pause.id)).first()
    assert first is not None
    with transaction():
        effects.resume_on_return({"pause_id": first.id})
    assert pair.row().state == "paused"


@pytest.mark.parametrize(("days", "code"), [(0, "return_in_the_past"), (-3, "return_in_the_past"), (400, "pause_too_long")])
def test_a_pause_ends_on_a_day_to_come_and_within_half_a_year(pair: Pair, days: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.pause_mentorship(pair.mentee, pair.row(pair.mentee), PauseInput(returns_on=clock.today() + timedelta(days=days)))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_an_early_end_keeps_its_reason_from_everybody_else(pair: Pair) -> None:
    plan_meeting(pair.mentor, pair.row().series, MeetingPlan(day=clock.today() + timedelta(days=3), at="09:00"))
    actions.end_early(pair.mentee, pair.row(pair.mentee), EarlyEndInput(code="manipulation", text="He asked for favours"))
    assert pair.row().state == "ended_early"
    assert early_end_for(pair.mentor, pair.row()) is None
    mine = early_end_for(pair.mentee, pair.row(pair.mentee))
    assert mine is not None
    assert (mine.code, mine.text) == ("manipulation", "He asked for favours")
    assert standing_for(pair.mentor, pair.row()).meetings.next is None, "what was planned is cancelled"
    for path in ("", "/history", "/closing"):
        page = pair.cast.client(pair.cast.mentor).get(f"/mentoring/{pair.id}{path}")
        assert page.status_code == 200
        assert "favours" not in page.text
    assert "He asked for favours" in pair.cast.client(pair.cast.mentee).get(f"/mentoring/{pair.id}").text
    with pytest.raises(Conflict, match="mentorship_over"):
        pair.agree()


@pytest.mark.parametrize(("leaver", "stays", "told"), [("mentor", "mentee", "mentor_left"), ("mentee", "mentor", "mentee_left")])
def test_when_one_leaves_the_other_is_told_and_a_mentee_is_led_to_others(pair: Pair, leaver: str, stays: str, told: str) -> None:
    cast, other = pair.cast, getattr(pair.cast, stays)
    plan_meeting(pair.mentor, pair.row().series, MeetingPlan(day=clock.today() + timedelta(days=3), at="09:00"))
    disable_person(cast.actor(cast.administrator), getattr(cast, leaver))
    row = db.session.get_one(Mentorship, pair.id)
    assert (row.state, db.session.get_one(EarlyEnd, pair.id).by_id) == ("ended_early", None)
    assert upcoming_for(cast.actor(other)) == []
    (notice,) = db.session.scalars(sa.select(Notice).where(Notice.kind == told)).all()
    assert notice.person_id == other.id
    client = cast.client(other)
    assert "has left, and your mentoring ended with that" in client.get("/notices").text
    onward = client.get(f"/notices/{notice.id}")
    assert (onward.status_code, onward.location) == (303, "/find" if stays == "mentee" else f"/mentoring/{pair.id}")


def test_the_same_two_may_begin_again_only_when_the_last_one_is_over(pair: Pair) -> None:
    def begin() -> None:
        actions.start_mentorship(pair.mentor, mentor_id=pair.mentor_id, mentee_id=pair.mentee_id)

    with pytest.raises(Conflict, match="already_paired"):
        begin()
    actions.end_early(pair.mentee, pair.row(pair.mentee), EarlyEndInput(code="other"))
    begin()


def test_a_stranger_starts_nothing_for_others(pair: Pair) -> None:
    with pytest.raises(Denied):
        actions.start_mentorship(pair.cast.actor(pair.cast.stranger), mentor_id=pair.mentor_id, mentee_id=pair.mentee_id)


# Closing


def test_after_levels_are_said_blind_and_confirmed_when_equal(pair: Pair) -> None:
    pair.go_to("confirmative")
    assert pair.say_levels(pair.mentor, 4) is False
    before = closing_for(pair.mentee, pair.row(pair.mentee)).after_levels[0]
    assert (before.theirs, before.they_said) == (None, True)
    assert pair.say_levels(pair.mentee, 3) is False
    view = closing_for(pair.mentee, pair.row(pair.mentee)).after_levels[0]
    assert (view.mine, view.theirs, view.agreed) == (3, 4, False)
    assert pair.say_levels(pair.mentor, 3) is True


@pytest.mark.one_database
def test_levels_are_asked_for_once_of_who_has_not_said_them_where_they_are_said(pair: Pair) -> None:
    pair.go_to("confirmative")
    for actor, level in ((pair.mentor, 4), (pair.mentor, 3), (pair.mentee, 2), (pair.mentee, 3)):
        pair.say_levels(actor, level)
    told = db.session.scalars(sa.select(Notice).where(Notice.about == "levels").order_by(Notice.id)).all()
    assert [(notice.person_id, notice.kind) for notice in told] == [
        (pair.mentee_id, "after_levels_said"), (pair.mentor_id, "after_levels_differ"), (pair.mentor_id, "after_levels_agreed"),
    ]  # fmt: skip
    leads_to = pair.cast.client(pair.cast.mentee).get(f"/notices/{told[0].id}").location
    assert leads_to.endswith(f"/mentoring/{pair.id}/closing#levels")


def test_an_evaluation_is_read_once_both_gave_theirs_and_given_once(pair: Pair) -> None:
    pair.go_to("confirmative")
    pair.evaluate(pair.mentor, "I learned too")
    assert closing_for(pair.mentee, pair.row(pair.mentee)).their_evaluation is None
    assert "I learned too" not in pair.cast.client(pair.cast.mentee).get(f"/mentoring/{pair.id}/closing").text
    with pytest.raises(Conflict, match="already_evaluated"):
        pair.evaluate(pair.mentor, "Changed my mind")
    pair.evaluate(pair.mentee)
    theirs = closing_for(pair.mentee, pair.row(pair.mentee)).their_evaluation
    assert theirs is not None
    assert theirs.answers["comment"] == "I learned too"


def test_a_direction_written_over_an_unseen_one_is_refused(pair: Pair) -> None:
    pair.go_to("confirmative")
    pair.direct()
    with pytest.raises(Conflict, match="direction_changed"):
        actions.name_direction(pair.mentee, pair.row(pair.mentee), DirectionText(text="Mine", version=0))


def test_closing_waits_for_each_of_its_papers(pair: Pair) -> None:
    pair.go_to("confirmative")
    work = [
        pair.reflect, lambda: pair.say_levels(pair.mentor), lambda: pair.say_levels(pair.mentee), pair.direct,
        lambda: pair.evaluate(pair.mentor), lambda: pair.evaluate(pair.mentee),
    ]  # fmt: skip
    for act in work:
        with pytest.raises(Conflict, match="gate_closed"):
            pair.close()
        act()
    assert pair.close().state == "closed"


def test_if_the_levels_cannot_be_confirmed_nothing_is_closed(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.go_to("confirmative")
    pair.fill("confirmative")

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("no ledger")

    monkeypatch.setattr("mentorlink.sessions.mentoring.actions.steps.confirm_levels", fail)
    with pytest.raises(RuntimeError):
        pair.close()
    assert pair.row().state == "active"
    assert not db.session.scalar(sa.select(sa.func.count()).where(Assessment.source == "mentorship"))


def test_after_closing_the_levels_say_where_they_come_from(pair: Pair) -> None:
    pair.go_to("confirmative")
    pair.fill("confirmative")
    pair.close()
    current = db.session.get_one(CurrentLevel, (pair.mentee_id, pair.competency_ids[0]))
    assert (current.level, current.assessment.origin) == (3, f"mentorship:{pair.id}")
    assert {target.baseline for target in targets_for(pair.mentor, pair.row())} == {1, 2}, "the start stays on record"
    with pytest.raises(Conflict, match="mentorship_over"):
        actions.give_evaluation(pair.mentor, pair.row(), EvaluationAnswers(useful=1, trust=1, time=1))


def test_there_is_one_current_period_while_open_and_none_after(pair: Pair) -> None:
    def current() -> int | None:
        return db.session.scalar(sa.select(sa.func.count()).select_from(StagePeriod).where(StagePeriod.left_at.is_(None)))

    assert current() == 1
    actions.end_early(pair.mentor, pair.row(), EarlyEndInput(code="distance"))
    assert current() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EarlyEnd)) == 1
