"""JSON of mentoring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint

from mentorlink.api.guard import actor, read_json, requires, signed_in
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.inputs import Input
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan
from mentorlink.sessions.meetings.queries import action_items_for, meetings_for
from mentorlink.sessions.meetings.shapes import action_item_shape, meeting_shape
from mentorlink.sessions.mentoring import actions, inputs, queries
from mentorlink.sessions.mentoring.inputs import SignedVersion, StepInput
from mentorlink.sessions.mentoring.shapes import (
    agreement_shape,
    closing_shape,
    goals_shape,
    issue_shape,
    roadmap_shape,
    stage_rule_shape,
    standing_shape,
    target_shape,
)

api = APIBlueprint("api_mentoring", __name__)


@api.get("/mentoring/stages")
@signed_in
def stages() -> dict[str, Any]:
    """The numbers of all versions of the stages, the newest first, and which one a mentorship that begins today keeps."""
    now = queries.stage_rule_on(clock.today())
    return {
        "in_force": now.number if now else None,
        "versions": [
            {"number": rule.number, "valid_from": rule.valid_from.isoformat()} for rule, _n in queries.stage_rules_for(actor())
        ],
    }


@api.get("/mentoring/stages/<int:number>")
@signed_in
def stages_of(number: int) -> dict[str, Any]:
    """One version of the stages."""
    return stage_rule_shape(queries.stage_rule_for(actor(), number))


@api.post("/mentoring/stages")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def save_stages() -> tuple[dict[str, Any], int]:
    """Make a new version, for HR and administrators of the whole agency."""
    made = actions.save_stage_rule(actor(), read_json(inputs.StageRuleInput))
    return stage_rule_shape(queries.stage_rule_for(actor(), made.number)), 201


@api.get("/mentorships")
@signed_in
def mentorships() -> dict[str, Any]:
    """The actor's mentorships as they stand, running ones first."""
    return {"mentorships": [standing_shape(standing) for standing in queries.standings_for(actor())]}


@api.get("/mentorships/<int:mentorship_id>")
@signed_in
def mentorship(mentorship_id: int) -> dict[str, Any]:
    """One mentorship with its papers as they stand, latest meetings and open actions."""
    row = queries.mentorship_for(actor(), mentorship_id)
    agreements, goals = queries.agreements_for(actor(), row), queries.goals_for(actor(), row, limit=1)
    return standing_shape(queries.standing_for(actor(), row)) | {
        "agreement": agreement_shape(agreements[0]) if agreements else None,
        "goals": goals_shape(goals[0]) if goals else None,
        "targets": [target_shape(target) for target in queries.targets_for(actor(), row)],
        "issues": [issue_shape(issue) for issue in queries.issues_for(actor(), row)],
        "roadmap": [roadmap_shape(item) for item in queries.roadmap_for(actor(), row)],
        "closing": closing_shape(queries.closing_for(actor(), row)),
        "meetings": [meeting_shape(meeting) for meeting in meetings_for(actor(), row.series)],
        "actions": [action_item_shape(item) for item in action_items_for(actor(), row.series)],
    }


@api.post("/mentorships/<int:mentorship_id>/meetings")
@signed_in
def plan_meeting(mentorship_id: int) -> tuple[dict[str, Any], int]:
    """Plan a meeting; ``day`` and ``at`` are the actor's own calendar and clock."""
    row = queries.mentorship_for(actor(), mentorship_id)
    return meeting_shape(meetings.plan_meeting(actor(), row.series, read_json(MeetingPlan))), 201


@api.post("/mentorships/<int:mentorship_id>/meetings/log")
@signed_in
def log_meeting(mentorship_id: int) -> tuple[dict[str, Any], int]:
    """Write down a talk that took place."""
    row = queries.mentorship_for(actor(), mentorship_id)
    return meeting_shape(meetings.log_meeting(actor(), row.series, read_json(MeetingLog))), 201


@api.post("/mentorships/<int:mentorship_id>/agreement/sign")
@signed_in
def sign_agreement(mentorship_id: int) -> dict[str, Any]:
    """Sign the version ``number``."""
    row = queries.mentorship_for(actor(), mentorship_id)
    return agreement_shape(actions.sign_agreement(actor(), row, read_json(SignedVersion)))


@api.post("/mentorships/<int:mentorship_id>/advance")
@signed_in
def advance(mentorship_id: int) -> dict[str, Any]:
    """Go on from ``stage`` to the next one."""
    row = queries.mentorship_for(actor(), mentorship_id)
    actions.advance_stage(actor(), row, read_json(StepInput))
    return standing_shape(queries.standing_for(actor(), row))


Deed = Callable[..., Any]
Found = Callable[[Any, int], Any]

OF_A_MENTORSHIP: dict[str, tuple[Deed, type[Input] | None]] = {
    "agreement": (actions.propose_agreement, inputs.AgreementDraft),
    "agreement/extend": (actions.extend_agreement, inputs.Extension),
    "competencies": (actions.add_competency, inputs.CompetencyChoice),
    "goals": (actions.change_goals, inputs.GoalsDraft),
    "goals/accept": (actions.accept_goals, inputs.SignedVersion),
    "issues": (actions.raise_issue, inputs.IssueRaised),
    "roadmap": (actions.add_roadmap_item, inputs.RoadmapStep),
    "back": (actions.step_back, inputs.StepBack),
    "pause": (actions.pause_mentorship, inputs.PauseInput),
    "resume": (actions.resume_mentorship, None),
    "still-on": (actions.say_still_on, None),
    "end": (actions.end_early, inputs.EarlyEndInput),
    "after-levels": (actions.say_after_levels, inputs.AfterLevels),
    "reflection": (actions.write_reflection, inputs.ReflectionText),
    "direction": (actions.name_direction, inputs.DirectionText),
    "evaluation": (actions.give_evaluation, inputs.EvaluationAnswers),
    "close": (actions.close_mentorship, inputs.StepInput),
}
"""What follows ``/mentorships/ID/`` → the use case, and what it reads."""

OF_A_PART: dict[str, tuple[Found, Deed, type[Input] | None]] = {
    "targets/<int:target_id>/baseline": (queries.target_for, actions.say_baseline, inputs.BaselineSaid),
    "targets/<int:target_id>/drop": (queries.target_for, actions.drop_competency, None),
    "issues/<int:issue_id>": (queries.issue_for, actions.reword_issue, inputs.IssueRaised),
    "issues/<int:issue_id>/settle": (queries.issue_for, actions.settle_issue, inputs.IssueSettled),
    "roadmap/<int:item_id>": (queries.roadmap_item_for, actions.change_roadmap_item, inputs.RoadmapStep),
    "roadmap/<int:item_id>/state": (queries.roadmap_item_for, actions.set_roadmap_state, inputs.RoadmapState),
}
"""Address of a part of a mentorship → how it is found, the use case, and what it reads."""


def _open(address: str, find: Found, deed: Deed, takes: type[Input] | None) -> None:
    """A door to ``deed``: it answers with the mentorship as it stands then."""

    def do(**names: int) -> dict[str, Any]:
        (number,) = names.values()
        found = find(actor(), number)
        here = found.id if find is queries.mentorship_for else found.mentorship_id
        deed(actor(), found, *([read_json(takes)] if takes else []))
        return mentorship(here)  # type: ignore[no-any-return]  # the guard hides what the view returns

    do.__name__, do.__doc__ = deed.__name__, deed.__doc__
    api.post(address)(signed_in(do))


for path, (deed, takes) in OF_A_MENTORSHIP.items():
    _open(f"/mentorships/<int:mentorship_id>/{path}", queries.mentorship_for, deed, takes)
for path, (find, deed, takes) in OF_A_PART.items():
    _open(f"/{path}", find, deed, takes)
