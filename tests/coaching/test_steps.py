"""From the first talk to the end: nothing leaves the table, and nobody is harmed by a no."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import disable_person
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.inputs import EndText, SheetText
from mentorlink.sessions.coaching.models import Engagement, EngagementEnd
from mentorlink.sessions.coaching.queries import end_for, engagement_for, engagements_for, session_for
from mentorlink.sessions.coaching.stages import OPEN_STATES, STATES, STEPS, State, step
from tests.cast import Cast
from tests.coaching.two import Two
from tests.conftest import examples
from tests.meetings.threads import at_once

WHY = EndText(code="mismatch", text="We laugh at other things")


def refused(code: str, deed: object, *arguments: object) -> dict[str, object]:
    with pytest.raises(Conflict) as caught:
        deed(*arguments)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value.facts


def test_every_state_but_the_last_ones_is_left_by_a_step_and_entered_by_one() -> None:
    assert {each.source for each in STEPS} == set(OPEN_STATES)
    assert {each.target for each in STEPS} | {State.CONVERSATION} == set(STATES)
    assert all(step(each.code, state) is None for each in STEPS for state in STATES if state != each.source)


def test_nobody_decides_before_they_talked_and_it_begins_when_both_said_yes(two: Two) -> None:
    assert [two.standing(actor).next_act for actor in two.both] == ["plan_talk", "plan_talk"]
    refused("talk_first", actions.say_yes, two.coach, two.row())
    two.talk()
    for _ in range(2):
        actions.say_yes(two.coachee, two.row())
    assert two.row().state == "conversation"
    assert [two.standing(actor).next_act for actor in two.both] == ["both_said_yes", "wait"]
    actions.say_yes(two.coach, two.row())
    assert (two.row().state, two.row().engaged_at is not None) == ("engaged", True)


def test_a_no_after_the_talk_keeps_its_reason_to_itself(two: Two) -> None:
    two.talk()
    actions.say_yes(two.coach, two.row())
    actions.decline_engagement(two.coachee, two.row(), WHY)
    assert (two.row().state, two.row().series.state) == ("declined", "closed")
    assert end_for(two.coachee, two.row()).text == WHY.text  # type: ignore[union-attr]
    assert end_for(two.coach, two.row()) is None
    refused("engagement_over", actions.say_yes, two.coachee, two.row())


def test_closing_needs_a_last_number_and_a_review_of_both(two: Two) -> None:
    two.engage()
    assert refused("not_ready", actions.close_engagement, two.coach, two.row())["missing"] == [
        "goal_set", "after_said", "reviewed",
    ]  # fmt: skip
    two.set_goal()
    two.scale(two.coach, "before")
    two.scale(two.coach, "after")
    two.review(two.coach)
    assert refused("not_ready", actions.close_engagement, two.coach, two.row())["missing"] == ["after_said", "reviewed"]
    two.scale(two.coachee, "after")
    two.review(two.coachee)
    actions.close_engagement(two.coachee, two.row())
    assert two.row().state == "closed"
    assert [two.standing(actor).next_act for actor in two.both] == ["closed", "closed"]


def test_to_anybody_but_the_two_there_is_no_engagement(two: Two, cast: Cast) -> None:
    row = two.row()
    for person in (cast.stranger, cast.supervisor, cast.coordinator, cast.administrator):
        with pytest.raises(NotFound):
            engagement_for(cast.actor(person), two.id)
        with pytest.raises(Denied):
            actions.say_yes(cast.actor(person), row)
        assert engagements_for(cast.actor(person)) == []


@pytest.mark.parametrize(("leaver", "stays", "told"), [("mentor", "mentee", "coach_left"), ("mentee", "mentor", "coachee_left")])
def test_when_one_leaves_it_ends_without_a_reason_and_the_other_is_told(two: Two, leaver: str, stays: str, told: str) -> None:
    two.engage()
    cast = two.cast
    disable_person(cast.actor(cast.administrator), getattr(cast, leaver))
    row = db.session.get_one(Engagement, two.id)
    assert row.state == "ended_early"
    assert db.session.get_one(EngagementEnd, two.id).code == "left"
    other = getattr(cast, stays)
    (notice,) = db.session.scalars(sa.select(Notice).where(Notice.kind == told)).all()
    assert notice.person_id == other.id
    client = cast.client(other)
    assert "has left, and your coaching ended with that" in client.get("/notices").text
    onward = client.get(f"/notices/{notice.id}")
    where = "/find?kind=coach" if told == "coach_left" else f"/coaching/{two.id}"
    assert (onward.status_code, onward.location) == (303, where), "who coached them is gone: here are others"


def test_both_say_yes_at_once_and_it_begins_once(two: Two) -> None:
    two.talk()
    coach, coachee = two.both
    results = at_once(
        two.cast.app,
        lambda: actions.say_yes(coach, two.row(coach)).state,
        lambda: actions.say_yes(coachee, two.row(coachee)).state,
    )
    assert "engaged" in map(str, results)
    assert {*map(str, results)} <= {"conversation", "engaged"}, "who was first may see already that the other followed"
    assert (two.row().state, two.row().engaged_at is not None) == ("engaged", True)


def test_one_closes_while_the_other_parts_and_one_of_them_counts(two: Two) -> None:
    two.engage().set_goal().finish()
    coach, coachee = two.both
    results = at_once(
        two.cast.app,
        lambda: actions.close_engagement(coach, two.row(coach)).state,
        lambda: actions.close_engagement(coachee, two.row(coachee)).state,
        lambda: actions.end_engagement_early(coachee, two.row(coachee), WHY).state,
    )
    refused_ = [result for result in results if isinstance(result, Conflict)]
    assert [each.code for each in refused_] == ["engagement_over"] * 2
    db.session.rollback()
    ends = db.session.scalar(sa.select(sa.func.count()).select_from(EngagementEnd))
    assert (two.row().state, ends) in {("closed", 0), ("ended_early", 1)}


def test_both_write_one_sheet_at_once_and_no_word_is_overwritten(two: Two) -> None:
    two.engage().set_goal()
    coach, coachee, meeting = *two.both, two.plan().id

    def write(actor: Actor) -> int:
        engagement, session = session_for(actor, meeting)
        data = SheetText(goal=f"Of {actor.person_id}", options="A\nB")
        return actions.save_sheet(actor, engagement, session, data).version

    results = at_once(two.cast.app, lambda: write(coach), lambda: write(coachee))
    assert sorted(getattr(result, "code", result) if not isinstance(result, int) else "saved" for result in results) == [
        "saved", "sheet_changed",
    ]  # fmt: skip
    assert two.row().state == "engaged"


def test_the_rows_hold_what_two_could_break_at_once(two: Two, cast: Cast) -> None:
    refused(
        "already_coached",
        lambda: actions.begin_engagement(two.coach, coach_id=cast.mentor.id, coachee_id=cast.mentee.id),
    )
    for wrong in ({"state": "engaged"}, {"state": "closed"}, {"coachee_id": cast.mentor.id}):
        with pytest.raises(IntegrityError):
            db.session.execute(sa.update(Engagement).where(Engagement.id == two.id).values(**wrong))
        db.session.rollback()


DEEDS = ("talk", "yes", "decline", "goal", "number", "last", "review", "close", "end")


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.tuples(st.sampled_from(DEEDS), st.booleans()), min_size=6, max_size=22))
def test_in_whatever_order_the_two_act_every_move_is_one_of_the_table(cast: Cast, order: list[tuple[str, bool]]) -> None:
    two = Two(cast)
    moves = {(str(each.source), str(each.target)) for each in STEPS}
    before = two.row().state
    for deed, by_coach in order:
        actor = two.coach if by_coach else two.coachee
        try:
            act(two, deed, actor)
        except DomainError:
            db.session.rollback()
        now = db.session.get_one(Engagement, two.id, populate_existing=True)
        assert now.state == before or (before, now.state) in moves
        assert now.state not in ("engaged", "closed") or (now.coach_yes_at and now.coachee_yes_at)
        before = now.state
    if before in OPEN_STATES:
        act(two, "end" if before == "engaged" else "decline", two.coach)


def act(two: Two, deed: str, actor: Actor) -> None:
    """One deed by one of the two."""
    row = two.row()
    deeds = {
        "talk": lambda: two.talk(hours_ago=0),
        "yes": lambda: actions.say_yes(actor, row),
        "decline": lambda: actions.decline_engagement(actor, row, WHY),
        "goal": two.set_goal,
        "number": lambda: two.scale(actor, "midway"),
        "last": lambda: two.scale(actor, "after"),
        "review": lambda: two.review(actor),
        "close": lambda: actions.close_engagement(actor, row),
        "end": lambda: actions.end_engagement_early(actor, row, WHY),
    }
    deeds[deed]()
