"""Every confidential field of what two people, or a group, do together; and a world in which each of them is written.

``FIELDS`` is the one table: a new encrypted column of ``mentorlink.sessions`` that stands in no row fails the test, and so does
a reader who is not named in its row.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.db import Base, Secret, SecretJson, db
from mentorlink.people.models import Person
from mentorlink.sessions.care import actions as care
from mentorlink.sessions.care.inputs import AnswerText, ConcernText, OpeningReason, SafePersonChoice, ThanksText
from mentorlink.sessions.coaching import actions as coaching
from mentorlink.sessions.coaching.inputs import EndText, QuestionText
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import (
    AgendaText,
    CalendarAddress,
    MeetingOutcome,
    MeetingPlan,
    NoTime,
    PrivateText,
    Promise,
    Reason,
)
from mentorlink.sessions.meetings.models import ActionItem, AgendaItem, Meeting
from mentorlink.sessions.meetings.notes.actions import save_notes, say_afterwards
from mentorlink.sessions.meetings.notes.inputs import Afterwards, NotesText
from mentorlink.sessions.meetings.queries import meeting_for
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.groups import actions as groups
from mentorlink.sessions.mentoring.groups.inputs import Asking, GroupInput
from mentorlink.sessions.mentoring.groups.models import GroupMember
from tests.coaching.two import Two
from tests.mentoring.pair import Pair

MARK = "Bangau-4T-"

SELF, BOTH = frozenset({"self"}), frozenset({"self", "partner"})
GROUP = BOTH | {"fellow"}

RELATIONS = {
    "self": "mentee", "partner": "mentor", "superior": "supervisor", "hr": "coordinator",
    "administrator": "administrator", "stranger": "stranger", "former_partner": "second_mentor", "safe": "safe_person",
    "fellow": "fellow",
}  # fmt: skip
"""Relation to the one whose field it is → who of the cast stands in it; a fellow is another mentee of the same group."""

FIELDS: dict[str, frozenset[str]] = {
    # a pair on its way: what the two share
    "agreement.clauses": BOTH, "goals_revision.purpose": BOTH, "goals_revision.targets": BOTH,
    "mentorship_target.indicator": BOTH,
    "mentoring_issue.text": BOTH, "mentoring_issue.outcome": BOTH, "roadmap_item.text": BOTH, "roadmap_item.reason": BOTH,
    "stage_period.reason": BOTH, "mentorship_pause.reason": BOTH, "reflection.body": BOTH, "next_direction.text": BOTH,
    "mentorship_evaluation.answers": BOTH,
    # its sessions
    "meeting.place": BOTH, "meeting.summary": BOTH, "meeting.reason": BOTH, "agenda_item.text": BOTH, "meeting_notes.body": BOTH,
    "meeting_note_change.change": BOTH, "text_state.body": BOTH, "action_item.text": BOTH, "time_proposal.place": BOTH,
    "time_proposal.agenda": BOTH, "time_proposal.words": BOTH,
    # what is one's own
    "private_note.body": SELF, "calendar_source.address": SELF,
    # why one parted: who wrote it alone; here who mentored before
    "early_end.text": frozenset({"former_partner"}),
    # a coaching
    "coaching_goal.text": BOTH, "coaching_goal.why": BOTH, "coaching_goal.sign": BOTH, "coaching_sheet.goal": BOTH,
    "coaching_sheet.reality": BOTH, "coaching_sheet.options": BOTH, "coaching_sheet.barriers": BOTH,
    "coaching_sheet.opportunities": BOTH, "coaching_commitment.text": BOTH, "coaching_check_in.line": BOTH,
    "coaching_review.body": BOTH, "coaching_question.text": BOTH | {"superior"}, "engagement_end.text": SELF,
    # care
    "thanks.text": BOTH, "concern.text": frozenset({"self", "safe"}), "concern.answer": frozenset({"self", "safe"}),
    "content_opening.reason": frozenset({"hr", "administrator"}),
    # a group: what is shared there, and what one wrote to its mentor
    "group.agenda": GROUP, "group.notes": GROUP, "group.action": GROUP, "group.private": SELF,
    "mentoring_group_member.words": BOTH,
}  # fmt: skip
"""``table.column`` → relations that find it on a page, in a file or through the API; the rest of the doors stand below.

``group.…`` are columns named above, written in a group.
"""

CODES = {"early_end.code", "engagement_end.code", "meeting_afterthought.answers", "calendar_feed.token"}
"""Confidential columns without words of anybody's own: codes and numbers, and a key; tests of their own ask for them."""

BY_MAIL = {"meeting.place": BOTH}
"""What a mail carries: where to meet, to those who meet."""


def columns() -> set[str]:
    """Every encrypted column of what people do together, off the tables themselves."""
    return {
        f"{mapper.local_table.name}.{column.name}"  # type: ignore[attr-defined]  # every mapper here has a table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("mentorlink.sessions.")
        for column in mapper.local_table.columns
        if isinstance(column.type, Secret | SecretJson)
    }


def say(field: str) -> str:
    """The words that stand in a field."""
    return f"{MARK}{field}."


def write_everything(pair: Pair) -> dict[str, Any]:
    """The pair, a coaching, two groups and what stands around them, with every field written; the ids of all of it."""
    cast = pair.cast
    assert cast.supervisor.id
    assert cast.other_head.id
    safe, fellow = cast.person("safe_person", cast.agency), cast.person("fellow", cast.budget)
    care.name_safe_person(cast.actor(cast.coordinator), SafePersonChoice(person_id=safe.id))
    _part_from_former(pair)
    ids = _mentoring(pair) | _sessions(pair)
    ids |= _coaching(pair) | _around(pair, safe) | _groups(pair, fellow)
    return ids | {"mentorship_id": pair.id, "person_id": pair.mentee_id}


def _part_from_former(pair: Pair) -> None:
    cast = pair.cast
    former = actions.start_mentorship(
        cast.actor(cast.mentee), mentor_id=cast.second_mentor.id, mentee_id=cast.mentee.id, competency_ids=()
    )
    actions.end_early(cast.actor(cast.second_mentor), former, inputs.EarlyEndInput(code="other", text=say("early_end.text")))


def _mentoring(pair: Pair) -> dict[str, Any]:
    """Through all four stages to the door of closing."""
    soon = clock.today() + timedelta(days=1)
    pair.agree(topics_in=say("agreement.clauses"))
    pair.advance()
    pair.meet(summary=say("text_state.body"))
    wanted = tuple(
        {"competency_id": id_, "target": 3, "indicator": say("mentorship_target.indicator") + say("goals_revision.targets")}
        for id_ in pair.competency_ids
    )
    pair.set_goals(purpose=say("goals_revision.purpose"), targets=wanted)
    pair.advance()
    issue = actions.raise_issue(pair.mentee, pair.row(), inputs.IssueRaised(kind="general", text=say("mentoring_issue.text")))
    actions.settle_issue(pair.mentor, issue, inputs.IssueSettled(outcome=say("mentoring_issue.outcome")))
    step = actions.add_roadmap_item(pair.mentee, pair.row(), inputs.RoadmapStep(text=say("roadmap_item.text"), due_on=soon))
    dropped = inputs.RoadmapState(state="dropped", reason=say("roadmap_item.reason"))
    actions.set_roadmap_state(pair.mentee, step, dropped)
    actions.step_back(pair.mentee, pair.row(), inputs.StepBack(stage="collaborative", reason=say("stage_period.reason")))
    pause = inputs.PauseInput(returns_on=clock.today() + timedelta(days=9), reason=say("mentorship_pause.reason"))
    actions.pause_mentorship(pair.mentee, pair.row(), pause)
    actions.resume_mentorship(pair.mentee, pair.row())
    pair.advance()
    pair.meet()
    pair.meet()
    pair.accept_again()
    with clock.at(clock.now() + timedelta(minutes=3)):
        pair.advance()
        for actor in pair.both:
            words = inputs.ReflectionText(changed=say("reflection.body"), helped="Time")
            actions.write_reflection(actor, pair.row(actor), words)
            pair.evaluate(actor, comment=say("mentorship_evaluation.answers"))
        pair.direct(say("next_direction.text"))
    return {"issue_id": issue.id, "step_id": step.id, "series_id": pair.row().series_id}


def _sessions(pair: Pair) -> dict[str, Any]:
    series, now = pair.row().series, clock.now().replace(microsecond=0)

    def plan(days: int, **more: Any) -> Meeting:
        slots = [now + timedelta(days=days)]
        return meetings.plan_meeting(pair.mentee, series, MeetingPlan(slots=slots, anyway=True, **more))

    planned = plan(1, place=say("meeting.place"))
    meetings.add_agenda_item(pair.mentee, planned, AgendaText(text=say("agenda_item.text")))
    save_notes(pair.mentee, planned, NotesText(body=say("meeting_notes.body") + say("meeting_note_change.change")))
    meetings.save_private_note(pair.mentee, planned, PrivateText(body=say("private_note.body")))
    promise = Promise(text=say("action_item.text"), owner_id=pair.mentor_id)
    item = meetings.agree_action_item(pair.mentee, series, promise, meeting=planned)
    cancelled = meetings.cancel_meeting(pair.mentee, plan(3), Reason(reason=say("meeting.reason")))
    with clock.at(now + timedelta(minutes=20)):
        held = pair.meet(summary="Before")
        meetings.write_summary(pair.mentee, held, MeetingOutcome(summary=say("meeting.summary")))
        say_afterwards(pair.mentee, held, Afterwards(agenda="me", proposed="me", decided="me", useful=3))
    asked = MeetingPlan(
        slots=[now + timedelta(days=5)], place=say("time_proposal.place"), agenda=say("time_proposal.agenda"), anyway=True
    )
    times = meetings.propose_times(pair.mentee, series, asked)
    meetings.decline_times(pair.mentor, times, NoTime(words=say("time_proposal.words")))
    meetings.bring_calendar_address(
        pair.mentee, CalendarAddress(address=f"https://x.example/{say('calendar_source.address')}ics")
    )
    return {
        "meeting_id": planned.id, "item_id": item.id, "times_id": times.id, "held": held.id, "cancelled": cancelled.id,
    }  # fmt: skip


def _coaching(pair: Pair) -> dict[str, Any]:
    cast = pair.cast
    other = Two(cast, coach=cast.second_mentor).engage()
    coaching.end_engagement_early(other.coachee, other.row(), EndText(code="other", text=say("engagement_end.text")))
    with clock.at(clock.now() + timedelta(minutes=40)):
        two = Two(cast).engage()
        two.set_goal(text=say("coaching_goal.text"), why=say("coaching_goal.why"), sign=say("coaching_goal.sign"))
        meeting = two.plan(days=7)
        two.sheet(
            meeting, goal=say("coaching_sheet.goal"), reality=say("coaching_sheet.reality"),
            options=f"{say('coaching_sheet.options')}\nAnother", barrier_words=say("coaching_sheet.barriers"),
            opportunity_words=say("coaching_sheet.opportunities"),
        )  # fmt: skip
        commitment = two.commit(meeting, text=say("coaching_commitment.text"))
        two.check_in(commitment, "partly", say("coaching_check_in.line"))
        for actor in two.both:
            two.review(actor, gained=say("coaching_review.body"))
        question = coaching.ask_superior(two.coachee, two.row(), QuestionText(text=say("coaching_question.text")))
    return {
        "engagement_id": two.id, "session_id": meeting.id, "commitment_id": commitment.id, "question_id": question.id,
        "parted": other.id,
    }  # fmt: skip


def _around(pair: Pair, safe: Person) -> dict[str, Any]:
    cast, series = pair.cast, pair.row().series
    thanks = care.send_thanks(pair.mentee, series, ThanksText(to_id=pair.mentor_id, text=say("thanks.text")))
    concern = care.raise_concern(pair.mentee, series, ConcernText(to_id=safe.id, text=say("concern.text")))
    care.answer_concern(cast.actor(safe), concern, AnswerText(text=say("concern.answer")))
    reason = OpeningReason(reason=say("content_opening.reason") + " It has to be looked into.")
    opening = care.ask_opening(cast.actor(cast.administrator), series, reason)
    return {"thanks_id": thanks.id, "concern_id": concern.id, "opening_id": opening.id}


def _groups(pair: Pair, fellow: Person) -> dict[str, Any]:
    """One in which the mentee and a fellow are; another into which the mentee asked to come."""
    about = "We read one budget together."
    inside = groups.open_group(pair.mentor, GroupInput(name="Together", about=about))
    for who in (pair.mentee, pair.cast.actor(fellow)):
        groups.join_group(pair.mentor, groups.ask_to_join(who, inside, Asking()))
    slots = [clock.now().replace(microsecond=0) + timedelta(days=12)]
    meeting = meetings.plan_meeting(pair.mentor, inside.series, MeetingPlan(slots=slots, anyway=True))
    meetings.add_agenda_item(pair.mentee, meeting_for(pair.mentee, meeting.id), AgendaText(text=say("group.agenda")))
    save_notes(pair.mentee, meeting_for(pair.mentee, meeting.id), NotesText(body=say("group.notes")))
    meetings.save_private_note(pair.mentee, meeting_for(pair.mentee, meeting.id), PrivateText(body=say("group.private")))
    promise = Promise(text=say("group.action"), owner_id=pair.mentor_id)
    meetings.agree_action_item(pair.mentee, inside.series, promise, meeting=meeting)
    other = groups.open_group(pair.mentor, GroupInput(name="Apart", about=about))
    asked = groups.ask_to_join(pair.mentee, other, Asking(words=say("mentoring_group_member.words")))
    assert db.session.get_one(GroupMember, asked.id).state == "asked"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ActionItem)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaItem)) == 2
    return {"group_id": other.id, "group": inside.id, "group_meeting": meeting.id}
