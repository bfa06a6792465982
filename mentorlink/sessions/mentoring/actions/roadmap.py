"""Issues and the roadmap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.notes.actions import keep_state
from mentorlink.sessions.mentoring.actions.ground import begin
from mentorlink.sessions.mentoring.inputs import IssueRaised, IssueSettled, RoadmapState, RoadmapStep
from mentorlink.sessions.mentoring.models import Issue, Mentorship, RoadmapItem
from mentorlink.sessions.mentoring.policy import may_change_mentorship


@action
def raise_issue(actor: Actor, mentorship: Mentorship, data: IssueRaised) -> Issue:
    """Put something into the issue log."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "raise_issue")
    issue = Issue(
        mentorship_id=mentorship.id, kind=data.kind, text=data.text, raised_by_id=actor.person_id, raised_at=clock.now()
    )
    db.session.add(issue)
    db.session.flush()
    keep_state(actor, "issue", issue.id, data.text)
    return issue


@action
def reword_issue(actor: Actor, issue: Issue, data: IssueRaised) -> Issue:
    """Put an open issue into better words; the earlier ones stay readable to both."""
    ensure(may_change_mentorship, actor, issue.mentorship)
    begin(issue.mentorship, "raise_issue")
    lock(issue)
    if issue.state != "open":
        raise Conflict("issue_settled")
    issue.kind, issue.text = data.kind, data.text
    keep_state(actor, "issue", issue.id, data.text)
    return issue


@action
def settle_issue(actor: Actor, issue: Issue, data: IssueSettled) -> Issue:
    """Say what came of an issue. The first to say so settles it."""
    ensure(may_change_mentorship, actor, issue.mentorship)
    begin(issue.mentorship, "settle_issue")
    lock(issue)
    if issue.state != "open":
        raise Conflict("issue_settled")
    issue.state, issue.outcome, issue.settled_at = "settled", data.outcome, clock.now()
    issue.settled_by_id = actor.person_id
    keep_state(actor, "outcome", issue.id, data.outcome or "")
    return issue


@action
def add_roadmap_item(actor: Actor, mentorship: Mentorship, data: RoadmapStep) -> RoadmapItem:
    """Put a step with a day into the roadmap."""
    ensure(may_change_mentorship, actor, mentorship)
    begin(mentorship, "keep_roadmap")
    _must_be_own_issue(mentorship, data)
    item = RoadmapItem(
        mentorship_id=mentorship.id, text=data.text, due_on=data.due_on, issue_id=data.issue_id, added_by_id=actor.person_id,
        added_at=clock.now(),
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    keep_state(actor, "step", item.id, step_text(item))
    return item


@action
def change_roadmap_item(actor: Actor, item: RoadmapItem, data: RoadmapStep) -> RoadmapItem:
    """Give a step other words or another day."""
    ensure(may_change_mentorship, actor, item.mentorship)
    mentorship = begin(item.mentorship, "keep_roadmap")
    _must_be_own_issue(mentorship, data)
    item.text, item.due_on, item.issue_id = data.text, data.due_on, data.issue_id
    keep_state(actor, "step", item.id, step_text(item))
    return item


@action
def set_roadmap_state(actor: Actor, item: RoadmapItem, data: RoadmapState) -> RoadmapItem:
    """Say how a step stands; dropping one keeps the reason."""
    ensure(may_change_mentorship, actor, item.mentorship)
    begin(item.mentorship, "keep_roadmap")
    item.state = data.state
    item.reason = data.reason if data.state == "dropped" else None
    item.settled_at = clock.now() if data.state in ("done", "dropped") else None
    keep_state(actor, "step", item.id, step_text(item))
    return item


@dataclass(frozen=True)
class StepState:
    """A step as it stood once."""

    due_on: date
    state: str
    words: str
    """Its words, and under them why it was dropped."""


def step_parts(body: str) -> StepState:
    """What ``step_text`` put together."""
    day, state, words = body.split("\n", 2)
    return StepState(date.fromisoformat(day), state, words)


def step_text(item: RoadmapItem) -> str:
    """A step as its history keeps it: the day, how it stands, its words, and why it was dropped; a line each."""
    return "\n".join([item.due_on.isoformat(), item.state, item.text, *([item.reason] if item.reason else [])])


def _must_be_own_issue(mentorship: Mentorship, data: RoadmapStep) -> None:
    if data.issue_id is not None:
        issue = db.session.get(Issue, data.issue_id)
        if issue is None or issue.mentorship_id != mentorship.id:
            raise Invalid(Fault("issue_id", "literal_error"))
