"""Issues and the roadmap."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.meetings.notes.queries import text_histories
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.actions.roadmap import step_parts
from mentorlink.sessions.mentoring.inputs import IssueRaised, IssueSettled, RoadmapState, RoadmapStep
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import issue_for, issues_for, roadmap_for, roadmap_item_for
from mentorlink.sessions.mentoring.stages import allows
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.mentoring.frame import back_to, mine, page, pages


@pages.get("/mentoring/<int:mentorship_id>/roadmap")
@signed_in
def roadmap(mentorship_id: int) -> tuple[str, int]:
    """What the two talk about, and the steps they take."""
    return _roadmap(mine(mentorship_id))


def _roadmap(row: Mentorship, refused: Invalid | None = None, *, wrong: str = "") -> tuple[str, int]:
    issues, items = issues_for(actor(), row), roadmap_for(actor(), row)
    return page(
        "roadmap",
        row,
        issues=issues,
        items=items,
        may_raise=allows("raise_issue", row.stage, row.state),
        may_settle=allows("settle_issue", row.stage, row.state),
        may_plan=allows("keep_roadmap", row.stage, row.state),
        histories=text_histories({"step": [item.id for item in items], "issue": [issue.id for issue in issues]}),
        step_parts=step_parts,
        today=clock.today(actor().timezone),
        form=sent(refused) if refused else None,
        wrong=wrong,
        status=422 if refused else 200,
    )


@pages.post("/mentoring/<int:mentorship_id>/issues")
@signed_in
def raise_issue(mentorship_id: int) -> Answer | tuple[str, int]:
    """Put something into the issue log."""
    row = mine(mentorship_id)
    try:
        actions.raise_issue(actor(), row, read_form(IssueRaised, request.form))
    except Invalid as error:
        return _roadmap(row, error, wrong="issue")
    return back_to("roadmap", row, "issues")


@pages.post("/mentoring/issues/<int:issue_id>")
@signed_in
def reword_issue(issue_id: int) -> Answer | tuple[str, int]:
    """Put an open issue into better words."""
    issue = issue_for(actor(), issue_id)
    row = mine(issue.mentorship_id)
    try:
        actions.reword_issue(actor(), issue, read_form(IssueRaised, request.form))
    except Invalid as error:
        return _roadmap(row, error, wrong=f"reword-{issue_id}")
    return back_to("roadmap", row, "issues")


@pages.post("/mentoring/issues/<int:issue_id>/settle")
@signed_in
def settle_issue(issue_id: int) -> Answer | tuple[str, int]:
    """Say what came of an issue."""
    issue = issue_for(actor(), issue_id)
    row = mine(issue.mentorship_id)
    try:
        actions.settle_issue(actor(), issue, read_form(IssueSettled, request.form))
    except Invalid as error:
        return _roadmap(row, error, wrong=f"issue-{issue_id}")
    return back_to("roadmap", row, "issues")


@pages.post("/mentoring/<int:mentorship_id>/roadmap")
@signed_in
def add_roadmap_item(mentorship_id: int) -> Answer | tuple[str, int]:
    """Put a step into the roadmap."""
    row = mine(mentorship_id)
    try:
        actions.add_roadmap_item(actor(), row, read_form(RoadmapStep, request.form))
    except Invalid as error:
        return _roadmap(row, error, wrong="step")
    return back_to("roadmap", row)


@pages.post("/mentoring/roadmap/<int:item_id>")
@signed_in
def change_roadmap_item(item_id: int) -> Answer | tuple[str, int]:
    """Give a step other words or another day."""
    item = roadmap_item_for(actor(), item_id)
    row = mine(item.mentorship_id)
    try:
        actions.change_roadmap_item(actor(), item, read_form(RoadmapStep, request.form))
    except Invalid as error:
        return _roadmap(row, error, wrong=f"edit-{item_id}")
    return back_to("roadmap", row)


@pages.post("/mentoring/roadmap/<int:item_id>/state")
@signed_in
def set_roadmap_state(item_id: int) -> Answer | tuple[str, int]:
    """Say how a step stands."""
    item = roadmap_item_for(actor(), item_id)
    row = mine(item.mentorship_id)
    try:
        actions.set_roadmap_state(actor(), item, read_form(RoadmapState, request.form))
    except Invalid as error:
        return _roadmap(row, error, wrong=f"drop-{item_id}")
    flash(_("Noted."), "good")
    return back_to("roadmap", row)
