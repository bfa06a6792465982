"""Goal, numbers, GROW, commitments, the superior's one question."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.learning.actions import load_hours_rule
from mentorlink.learning.models import HoursEntry
from mentorlink.notifications.models import Notice
from mentorlink.sessions.coaching import actions, inputs
from mentorlink.sessions.coaching.models import Commitment
from mentorlink.sessions.coaching.queries import (
    asked_for,
    commitment_for,
    goals_for,
    numbers_for,
    question_for,
    question_of,
    reviews_for,
    session_for,
)
from tests.cast import Cast
from tests.coaching.two import GOAL, Two


@pytest.fixture
def engaged(two: Two) -> Two:
    """Both said yes, and there is a goal."""
    return two.engage().set_goal()


def notices(kind: str, person_id: int) -> int:
    query = sa.select(sa.func.count()).where(Notice.kind == kind, Notice.person_id == person_id)
    return db.session.scalar(query) or 0


def test_the_goal_is_the_coachees_and_keeps_its_versions(two: Two) -> None:
    two.set_goal()
    data = inputs.GoalDraft(**GOAL, by_on=clock.today() + timedelta(days=9), based_on=1)
    with pytest.raises(Denied):
        actions.write_goal(two.coach, two.row(), data)
    two.set_goal(text="Lead it without a paper")
    with pytest.raises(Conflict, match="goal_changed"):
        actions.write_goal(two.coachee, two.row(), data)
    assert [goal.text for goal in goals_for(two.coach, two.row())] == ["Lead it without a paper", GOAL["text"]]
    with pytest.raises(ValidationError, match="wanted_not_above"):
        inputs.GoalDraft(**(GOAL | {"wanted": 3}), by_on=clock.today())
    with pytest.raises(Invalid):
        two.set_goal(by_on=clock.today())


def test_the_others_number_shows_once_both_have_said_theirs(engaged: Two) -> None:
    def before(actor: object) -> dict[str, int | None]:
        return numbers_for(actor, engaged.row())[0].values  # type: ignore[arg-type]

    assert before(engaged.coachee) == {"coachee": 3}
    assert before(engaged.coach) == {"coachee": None}
    engaged.scale(engaged.coach, "before", 4)
    assert before(engaged.coach) == before(engaged.coachee) == {"coachee": 3, "coach": 4}
    for moment in ("before", "before"):
        with pytest.raises(Conflict, match="already_scaled"):
            engaged.scale(engaged.coach, moment)
    engaged.scale(engaged.coach, "after")
    with pytest.raises(Conflict, match="already_scaled"):
        engaged.scale(engaged.coach, "midway")


def test_a_superior_sees_the_question_and_nothing_else_and_only_while_it_stands(engaged: Two, cast: Cast) -> None:
    superior = cast.actor(cast.supervisor)
    with pytest.raises(Denied):
        actions.ask_superior(engaged.coach, engaged.row(), inputs.QuestionText(text="How well do I lead?"))
    question = actions.ask_superior(engaged.coachee, engaged.row(), inputs.QuestionText(text="How well do I lead?"))
    for stranger in (cast.stranger, cast.other_head, cast.coordinator):
        with pytest.raises(NotFound):
            question_for(cast.actor(stranger), question.id)
    asked = asked_for(superior, question_for(superior, question.id))
    assert set(vars(asked)) == {"id", "coachee_id", "name", "text", "moment", "mine"}
    for read in (goals_for, numbers_for, question_of, reviews_for):
        with pytest.raises(NotFound):
            read(superior, engaged.row())  # type: ignore[operator]
    engaged.scale(engaged.coach, "before", 4)
    actions.answer_question(superior, question, inputs.AnswerNumber(moment="before", value=6))
    assert numbers_for(engaged.coachee, engaged.row())[0].values == {"coachee": 3, "coach": 4, "superior": 6}
    actions.withdraw_question(engaged.coachee, engaged.row())
    with pytest.raises(NotFound):
        question_for(superior, question.id)
    with pytest.raises(Denied):
        actions.answer_question(superior, question, inputs.AnswerNumber(moment="before", value=6))


def test_where_the_superior_coaches_the_page_says_what_that_means_and_nothing_is_shared_beside(cast: Cast) -> None:
    two = Two(cast, coach=cast.supervisor).engage().set_goal()
    for person in (cast.supervisor, cast.mentee):
        assert "Coach and superior in one" in cast.client(person).get(f"/coaching/{two.id}").text
    other = Two(cast).engage()
    assert "Coach and superior in one" not in cast.client(cast.mentee).get(f"/coaching/{other.id}").text
    for refused in (
        lambda: actions.share_with_superior(two.coachee, two.row(), inputs.Shares(items=["goal"])),
        lambda: actions.ask_superior(two.coachee, two.row(), inputs.QuestionText(text="How well do I lead?")),
    ):
        with pytest.raises(Conflict, match="superior_coaches"):
            refused()


def test_there_is_no_will_before_two_options(engaged: Two) -> None:
    meeting = engaged.plan()
    with pytest.raises(Conflict, match="options_first"):
        engaged.commit(meeting)
    engaged.sheet(meeting, options="- Begin with a question\n\n* Begin with a question")
    with pytest.raises(Conflict, match="options_first"):
        engaged.commit(meeting)
    with pytest.raises(Conflict, match="sheet_changed"):
        engaged.sheet(meeting, engaged.coach)
    engaged.sheet(meeting, engaged.coach, version=1)
    engaged.commit(meeting)
    with pytest.raises(Invalid) as caught:
        engaged.sheet(meeting, version=2, options="One")
    assert [fault.code for fault in caught.value.faults] == ["options_in_use"]


def test_what_is_taken_on_is_asked_for_on_its_day_and_again_a_week_after_an_answer(engaged: Two, cast: Cast) -> None:
    meeting = engaged.plan()
    engaged.sheet(meeting)
    commitment = engaged.commit(meeting, days=7)
    coachee_id, coach_id, number = cast.mentee.id, cast.mentor.id, commitment.id
    began = clock.now()
    with pytest.raises(Denied):
        actions.check_in(engaged.coach, commitment, inputs.CheckInSaid(answer="done"))

    def day(days: int) -> None:
        with clock.at(began + timedelta(days=days, hours=12)):
            jobs.run_due()

    day(5)
    assert notices("commitment_due", coachee_id) == 0
    for _ in range(2):
        day(7)
    assert notices("commitment_due", coachee_id) == 1
    with clock.at(began + timedelta(days=8)):
        for _ in range(2):
            engaged.check_in(db.session.get_one(Commitment, number), "partly", "Half of it")
    assert notices("commitment_partly", coach_id) == 1
    day(12)
    day(16)
    assert notices("commitment_due", coachee_id) == 2
    with clock.at(began + timedelta(days=17)):
        engaged.check_in(db.session.get_one(Commitment, number), "done")
        assert engaged.standing(engaged.coachee).due is None
    day(40)
    assert notices("commitment_due", coachee_id) == 2


def test_sessions_and_commitments_of_others_are_not_there(engaged: Two, cast: Cast) -> None:
    meeting = engaged.plan()
    engaged.sheet(meeting)
    commitment = engaged.commit(meeting)
    assert session_for(engaged.coach, meeting.id)[1].id == meeting.id
    for person in (cast.stranger, cast.supervisor, cast.coordinator):
        with pytest.raises(NotFound):
            session_for(cast.actor(person), meeting.id)
        with pytest.raises(NotFound):
            commitment_for(cast.actor(person), commitment.id)


def test_a_review_is_read_by_the_other_once_both_wrote(engaged: Two) -> None:
    with pytest.raises(Invalid):
        engaged.review(engaged.coachee, onward="")
    engaged.review(engaged.coachee)
    assert (list(reviews_for(engaged.coach, engaged.row())), list(reviews_for(engaged.coachee, engaged.row()))) == (
        [],
        ["coachee"],
    )
    engaged.review(engaged.coach, onward="")
    assert set(reviews_for(engaged.coach, engaged.row())) == {"coach", "coachee"}


def test_what_the_two_say_stands_in_no_table_as_it_was_said(engaged: Two, cast: Cast) -> None:
    assert cast.supervisor.id
    meeting = engaged.plan()
    words = "Rahasia-Dagang-9X"
    engaged.set_goal(text=words, why=words, sign=words)
    engaged.sheet(
        meeting, goal=words, reality=words, options=f"{words} a\n{words} b", barrier_words=words, opportunity_words=words
    )
    engaged.check_in(engaged.commit(meeting, text=words), "not_yet", words)
    actions.ask_superior(engaged.coachee, engaged.row(), inputs.QuestionText(text=words))
    actions.share_with_superior(engaged.coachee, engaged.row(), inputs.Shares(items=["goal"]))
    engaged.review(engaged.coachee, gained=words, helped=words, onward=words)
    actions.end_engagement_early(engaged.coachee, engaged.row(), inputs.EndText(code="other", text=words))
    found = []
    for table in db.metadata.sorted_tables:
        if table.name.startswith(("coaching", "engagement", "notice", "task")):
            rows = db.session.execute(sa.select(*(sa.type_coerce(column, sa.types.NullType()) for column in table.c))).all()
            assert rows or not table.name.startswith(("coaching", "engagement")) or table.name == "engagement_silence"
            found += [table.name for row in rows if words.encode() in repr(row).encode()]
    assert found == []


def test_a_session_counts_as_learning_hours_and_the_first_talk_does_not(two: Two, cast: Cast) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    two.engage()
    with clock.at(clock.now() + timedelta(days=2)):
        two.talk()
        entries = db.session.execute(sa.select(HoursEntry.person_id, HoursEntry.path, HoursEntry.jp)).all()
        assert [tuple(entry) for entry in entries] == [(cast.mentee.id, "coaching", 2)]
