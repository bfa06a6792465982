"""Mentorships as plain values, for JSON: what one of the two may see, and no more."""

from __future__ import annotations

from typing import Any

from mentorlink.sessions.meetings.shapes import meeting_shape
from mentorlink.sessions.mentoring.models import Agreement, GoalsRevision, Issue, RoadmapItem, StageRule, Target
from mentorlink.sessions.mentoring.queries import Closing, Standing
from mentorlink.sessions.mentoring.rules import Condition, asks_of, checks_of
from mentorlink.sessions.mentoring.stages import STAGES


def standing_shape(standing: Standing) -> dict[str, Any]:
    """A mentorship as it stands."""
    mentorship, meetings = standing.mentorship, standing.meetings
    return {
        "id": mentorship.id,
        "series_id": mentorship.series_id,
        "side": standing.side,
        "mentor": {"id": mentorship.mentor_id, "name": mentorship.mentor.name},
        "mentee": {"id": mentorship.mentee_id, "name": mentorship.mentee.name},
        "stage": mentorship.stage,
        "stages_version": mentorship.stage_rule_number,
        "state": mentorship.state,
        "started_at": mentorship.started_at.isoformat(),
        "ended_at": mentorship.ended_at.isoformat() if mentorship.ended_at else None,
        "turn": sorted(standing.turn),
        "ready": standing.ready,
        "next_act": standing.next_act.code,
        "silent_days": standing.silent_days,
        "meetings_held": meetings.held,
        "next_meeting": meeting_shape(meetings.next) if meetings.next else None,
        "gate": [condition_shape(condition) for condition in standing.conditions],
    }


def stage_rule_shape(rule: StageRule) -> dict[str, Any]:
    """A version of the stages: sessions and conditions of each gate in order, and what is said of the stage."""
    asks = asks_of(rule.gates)
    return {
        "number": rule.number,
        "valid_from": rule.valid_from.isoformat(),
        "note": rule.note,
        "stages": {
            str(stage): {
                "meetings": asks[stage].meetings,
                "checks": [str(check) for check in checks_of(stage, asks[stage])],
                **rule.words[stage],
            }
            for stage in STAGES
        },
    }


def condition_shape(condition: Condition) -> dict[str, Any]:
    """A condition of the gate."""
    return {
        "code": str(condition.code),
        "done": condition.done,
        "turn": sorted(condition.turn),
        "facts": dict(condition.facts),
    }


def agreement_shape(agreement: Agreement) -> dict[str, Any]:
    """A version of the agreement with its signatures."""
    return {
        "number": agreement.number,
        "clauses": agreement.clauses,
        "proposed_by_id": agreement.proposed_by_id,
        "proposed_at": agreement.proposed_at.isoformat(),
        "signatures": [{"person_id": s.person_id, "signed_at": s.signed_at.isoformat()} for s in agreement.signatures],
    }


def target_shape(target: Target) -> dict[str, Any]:
    """A competency the two work on."""
    return {
        "id": target.id,
        "competency_id": target.competency_id,
        "code": target.competency.code,
        "name": target.competency.name,
        "baseline": target.baseline,
        "target": target.target,
        "indicator": target.indicator,
    }


def goals_shape(goals: GoalsRevision) -> dict[str, Any]:
    """A wording of purpose and targets, and who said yes to it."""
    return {
        "number": goals.number,
        "purpose": goals.purpose,
        "targets": goals.targets,
        "accepted_by": sorted(acceptance.person_id for acceptance in goals.acceptances),
    }


def issue_shape(issue: Issue) -> dict[str, Any]:
    """Something the two talk about."""
    return {"id": issue.id, "kind": issue.kind, "text": issue.text, "state": issue.state, "outcome": issue.outcome}


def roadmap_shape(item: RoadmapItem) -> dict[str, Any]:
    """A step of the roadmap."""
    return {
        "id": item.id,
        "issue_id": item.issue_id,
        "text": item.text,
        "due_on": item.due_on.isoformat(),
        "state": item.state,
        "reason": item.reason,
    }


def closing_shape(papers: Closing) -> dict[str, Any]:
    """What the two close with; the other's evaluation only once both have answered."""
    return {
        "reflections": {str(person_id): reflection.body for person_id, reflection in papers.reflections.items()},
        "levels": [{"target_id": view.target.id, "mine": view.mine, "theirs": view.theirs} for view in papers.after_levels],
        "direction": papers.direction.text if papers.direction else None,
        "direction_version": papers.direction.version if papers.direction else 0,
        "my_evaluation": papers.my_evaluation.answers if papers.my_evaluation else None,
        "their_evaluation": papers.their_evaluation.answers if papers.their_evaluation else None,
    }
