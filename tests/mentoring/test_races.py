"""Two people at the same instant: the database decides, and never into a state the table does not have."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.competencies.models import Assessment
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, DomainError
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingOutcome, MeetingPlan
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.actions import save_notes
from mentorlink.sessions.meetings.notes.inputs import NotesText
from mentorlink.sessions.meetings.notes.queries import notes_news_for, notes_text
from mentorlink.sessions.meetings.queries import meeting_for
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.actions import goals, roadmap
from mentorlink.sessions.mentoring.models import Agreement, Issue, Mentorship, Signature, StagePeriod, Target
from mentorlink.sessions.mentoring.queries import standing_for, targets_for
from tests.conftest import POSTGRES
from tests.mentoring.pair import Pair, draft
from tests.overtaking import overtaken


def at_once(pair: Pair, *deeds: Callable[[], object]) -> list[object]:
    """Each deed in a thread of its own, let go together; what each gave back or was refused with."""
    results: list[object] = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], object]) -> None:
        with pair.cast.app.app_context():
            gate.wait()
            try:
                results[place] = deed()
            except DomainError as refused:
                results[place] = refused
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: list[object]) -> list[str]:
    return [result.code for result in results if isinstance(result, Conflict)]


def count(query: sa.Select) -> int:  # type: ignore[type-arg]
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)


def test_both_press_next_at_once_and_go_one_stage(pair: Pair) -> None:
    pair.fill("prescriptive")
    words = inputs.StepInput(stage="prescriptive")
    results = at_once(
        pair,
        lambda: actions.advance_stage(pair.mentor, pair.row(pair.mentor), words),
        lambda: actions.advance_stage(pair.mentee, pair.row(pair.mentee), words),
    )
    assert refusals(results) == ["stage_moved_on"]
    assert pair.row().stage == "persuasive"
    assert count(sa.select(StagePeriod).where(StagePeriod.left_at.is_(None))) == 1
    assert count(sa.select(StagePeriod)) == 2


def test_both_sign_at_once_and_both_signatures_stand(pair: Pair) -> None:
    pair.agree(signers=())
    version = inputs.SignedVersion(number=1)
    results = at_once(
        pair,
        lambda: actions.sign_agreement(pair.mentor, pair.row(pair.mentor), version),
        lambda: actions.sign_agreement(pair.mentee, pair.row(pair.mentee), version),
        lambda: actions.sign_agreement(pair.mentee, pair.row(pair.mentee), version),
    )
    assert refusals(results) == []
    assert count(sa.select(Signature)) == 2
    assert standing_for(pair.mentor, pair.row()).conditions[0].done


def test_one_signs_while_the_other_changes_and_no_signature_is_under_what_was_not_read(pair: Pair) -> None:
    pair.agree(signers=(pair.mentor,))
    results = at_once(
        pair,
        lambda: actions.sign_agreement(pair.mentee, pair.row(pair.mentee), inputs.SignedVersion(number=1)),
        lambda: actions.propose_agreement(pair.mentor, pair.row(pair.mentor), draft(based_on=1, minutes=30)),
    )
    assert set(refusals(results)) <= {"agreement_outdated"}
    newest = db.session.scalars(sa.select(Agreement).where(Agreement.number == 2)).one()
    assert newest.signatures == []


def test_both_propose_at_once_and_one_version_is_next(pair: Pair) -> None:
    results = at_once(
        pair,
        lambda: actions.propose_agreement(pair.mentor, pair.row(pair.mentor), draft()),
        lambda: actions.propose_agreement(pair.mentee, pair.row(pair.mentee), draft(minutes=30)),
    )
    assert refusals(results) == ["agreement_changed"]
    assert count(sa.select(Agreement)) == 1


def test_both_close_at_once_and_the_levels_are_confirmed_once(pair: Pair) -> None:
    pair.go_to("confirmative")
    pair.fill("confirmative")
    words = inputs.StepInput(stage="confirmative")
    results = at_once(
        pair,
        lambda: actions.close_mentorship(pair.mentor, pair.row(pair.mentor), words),
        lambda: actions.close_mentorship(pair.mentee, pair.row(pair.mentee), words),
    )
    assert refusals(results) == ["mentorship_over"]
    assert count(sa.select(Assessment).where(Assessment.source == "mentorship")) == len(pair.competency_ids)


def test_one_closes_while_the_other_changes_a_level_and_only_what_both_said_counts(pair: Pair) -> None:
    pair.go_to("confirmative")
    pair.fill("confirmative")
    words = inputs.StepInput(stage="confirmative")
    results = at_once(
        pair,
        lambda: actions.close_mentorship(pair.mentor, pair.row(pair.mentor), words),
        lambda: pair.say_levels(pair.mentee, 4),
    )
    levels = db.session.scalars(sa.select(Assessment.level).where(Assessment.source == "mentorship")).all()
    assert refusals(results) in (["gate_closed"], ["mentorship_over"])
    assert levels == ([3, 3] if pair.row().state == "closed" else [])


def test_both_agree_to_the_others_level_at_once_and_do_not_swap_them(pair: Pair) -> None:
    pair.go_to("confirmative")
    pair.say_levels(pair.mentor, 4)
    pair.say_levels(pair.mentee, 3)
    ids = [target.id for target in targets_for(pair.mentee, pair.row(pair.mentee))]

    def agree(actor: Actor, level: int) -> bool:
        said = inputs.AfterLevels(levels=dict.fromkeys(ids, level), agreeing=True)
        return actions.say_after_levels(actor, pair.row(actor), said)

    results = at_once(pair, lambda: agree(pair.mentor, 3), lambda: agree(pair.mentee, 4))
    assert refusals(results) == ["level_changed"]
    assert True in results


def test_one_goes_on_while_the_other_ends_it(pair: Pair) -> None:
    pair.fill("prescriptive")
    results = at_once(
        pair,
        lambda: actions.advance_stage(pair.mentor, pair.row(pair.mentor), inputs.StepInput(stage="prescriptive")),
        lambda: actions.end_early(pair.mentee, pair.row(pair.mentee), inputs.EarlyEndInput(code="other")),
    )
    assert set(refusals(results)) <= {"mentorship_over"}
    assert pair.row().state == "ended_early"
    assert count(sa.select(StagePeriod).where(StagePeriod.left_at.is_(None))) == 0


def test_the_same_two_are_paired_once(pair: Pair) -> None:
    actions.end_early(pair.mentor, pair.row(), inputs.EarlyEndInput(code="other"))

    def begin(by: str) -> object:
        return actions.start_mentorship(getattr(pair, by), mentor_id=pair.mentor_id, mentee_id=pair.mentee_id)

    results = at_once(pair, lambda: begin("mentor"), lambda: begin("mentee"), lambda: begin("mentor"))
    assert refusals(results) == ["already_paired"] * 2
    assert count(sa.select(Mentorship).where(Mentorship.state == "active")) == 1


def test_two_outcomes_at_once_and_the_first_settles_the_issue(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.go_to("collaborative")
    issue_id = actions.raise_issue(pair.mentor, pair.row(), inputs.IssueRaised(kind="general", text="No data")).id

    def settle(by: str) -> object:
        return actions.settle_issue(getattr(pair, by), db.session.get_one(Issue, issue_id), inputs.IssueSettled(outcome=by))

    results = overtaken(
        pair.cast.app, monkeypatch, (roadmap, "begin"), lambda: settle("mentee"), lambda: settle("mentor")
    )  # fmt: skip
    assert refusals(list(results)) == ["issue_settled"]
    assert db.session.get_one(Issue, issue_id).outcome == ("mentor" if isinstance(results[0], Conflict) else "mentee")


def test_an_issue_that_is_settled_meanwhile_keeps_its_words(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.go_to("collaborative")
    words = inputs.IssueRaised(kind="general", text="No data")
    issue_id = actions.raise_issue(pair.mentor, pair.row(), words).id
    again, done = words.model_copy(update={"text": "No data at all"}), inputs.IssueSettled(outcome="Found")
    reworded, _settled = overtaken(
        pair.cast.app, monkeypatch, (roadmap, "begin"),
        lambda: actions.reword_issue(pair.mentor, db.session.get_one(Issue, issue_id), again),
        lambda: actions.settle_issue(pair.mentee, db.session.get_one(Issue, issue_id), done),
    )  # fmt: skip
    assert refusals([reworded]) == (["issue_settled"] if POSTGRES else []), "on SQLite the other waited"
    assert db.session.get_one(Issue, issue_id).state == "settled"


def test_both_say_the_same_baseline_at_once_and_it_counts(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    target_id = targets_for(pair.mentor, pair.row())[0].id
    db.session.execute(sa.update(Target).values(baseline=None, assessment_id=None))
    db.session.commit()

    def say(by: str) -> object:
        return actions.say_baseline(getattr(pair, by), db.session.get_one(Target, target_id), inputs.BaselineSaid(level=3))

    overtaken(pair.cast.app, monkeypatch, (goals, "begin"), lambda: say("mentee"), lambda: say("mentor"))
    assert db.session.get_one(Target, target_id).baseline == 3


# Meetings


@pytest.fixture
def meeting(pair: Pair) -> Meeting:
    """Planned for tomorrow at nine."""
    plan = MeetingPlan(day=clock.today() + timedelta(days=1), at="09:00")
    return meetings.plan_meeting(pair.mentee, pair.row(pair.mentee).series, plan)


def test_both_plan_the_same_hour_and_it_stands_once(pair: Pair) -> None:
    plan = MeetingPlan(day=clock.today() + timedelta(days=1), at="09:00")
    results = at_once(
        pair,
        lambda: meetings.plan_meeting(pair.mentor, pair.row(pair.mentor).series, plan),
        lambda: meetings.plan_meeting(pair.mentee, pair.row(pair.mentee).series, plan),
    )
    assert refusals(results) == ["meeting_at_that_time"]
    assert count(sa.select(Meeting)) == 1


def test_both_say_held_at_once_and_it_is_held_once(pair: Pair, meeting: Meeting) -> None:
    meeting_id, after = meeting.id, meeting.ends_at

    def hold(by: str) -> object:
        with clock.at(after):
            actor = getattr(pair, by)
            return meetings.hold_meeting(actor, meeting_for(actor, meeting_id), MeetingOutcome(summary=by))

    results = at_once(pair, lambda: hold("mentor"), lambda: hold("mentee"))
    assert refusals(results) == ["meeting_settled"]


def test_both_save_the_notes_at_once_and_nothing_is_lost(pair: Pair, meeting: Meeting) -> None:
    meeting_id = meeting.id

    def save(by: str) -> object:
        actor = getattr(pair, by)
        return save_notes(actor, meeting_for(actor, meeting_id), NotesText(body=f"by the {by}\n"))

    results = at_once(pair, lambda: save("mentor"), lambda: save("mentee"))
    assert refusals(results) == []
    text = notes_text(meeting_for(pair.mentor, meeting_id))
    assert sorted(text.splitlines()) == ["by the mentee", "by the mentor"]
    assert [row.seq for row in notes_news_for(pair.mentee, meeting_for(pair.mentee, meeting_id), 0).changes] == [1, 2]
