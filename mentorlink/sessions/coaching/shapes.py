"""Coaching as plain values, for JSON: what one of the two may see, and what a superior was let see; no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from mentorlink.sessions.coaching.models import Commitment, Credential, Goal, Sheet
from mentorlink.sessions.coaching.queries import Asked, Engaging, Numbers, Shared
from mentorlink.sessions.meetings.shapes import meeting_shape


def engagement_shape(standing: Engaging) -> dict[str, Any]:
    """An engagement as it stands."""
    engagement, meetings = standing.engagement, standing.meetings
    return {
        "id": engagement.id,
        "series_id": engagement.series_id,
        "side": standing.side,
        "coach": {"id": engagement.coach_id, "name": engagement.coach.name},
        "coachee": {"id": engagement.coachee_id, "name": engagement.coachee.name},
        "state": engagement.state,
        "paused_until": engagement.paused_until.isoformat() if engagement.paused_until else None,
        "turn": sorted(standing.turn),
        "next_act": standing.next_act,
        "gate": [{"code": str(each.code), "done": each.done, "turn": sorted(each.turn)} for each in standing.conditions],
        "meetings_held": meetings.held,
        "next_meeting": meeting_shape(meetings.next) if meetings.next else None,
        "due": commitment_shape(standing.due) if standing.due else None,
    }


def goal_shape(goal: Goal, numbers: Iterable[Numbers]) -> dict[str, Any]:
    """A wording of the goal; ``now`` is the coachee's first number and null as long as ``numbers`` hide that."""
    hidden = any(one.moment == "before" and "coachee" in one.said and one.values["coachee"] is None for one in numbers)
    return {
        "number": goal.number,
        "text": goal.text,
        "why": goal.why,
        "sign": goal.sign,
        "now": None if hidden else goal.now,
        "wanted": goal.wanted,
        "by_on": goal.by_on.isoformat(),
    }


def numbers_shape(numbers: Numbers) -> dict[str, Any]:
    """What was said at one moment; null is said and not shown yet."""
    return {"moment": numbers.moment, "values": dict(sorted(numbers.values.items())), "mine_open": numbers.mine_open}


def commitment_shape(commitment: Commitment) -> dict[str, Any]:
    """What the coachee took on, and how it stood."""
    return {
        "id": commitment.id,
        "session_id": commitment.meeting_id,
        "text": commitment.text,
        "due_on": commitment.due_on.isoformat(),
        "state": commitment.state,
        "check_ins": [{"day": c.day.isoformat(), "answer": c.answer, "line": c.line} for c in commitment.check_ins],
    }


def sheet_shape(sheet: Sheet | None) -> dict[str, Any]:
    """A session by GROW; ``version`` 0 where nothing is written yet."""
    if sheet is None:
        return {"version": 0, "goal": "", "reality": "", "options": [], "barriers": {}, "opportunities": {}}
    return {
        "version": sheet.version,
        "goal": sheet.goal,
        "reality": sheet.reality,
        "options": sheet.options,
        "barriers": sheet.barriers,
        "opportunities": sheet.opportunities,
    }


def asked_shape(asked: Asked) -> dict[str, Any]:
    """A question as the superior sees it."""
    return asdict(asked)


def credential_shape(credential: Credential) -> dict[str, Any]:
    """What a coach has learnt."""
    return {
        "id": credential.id,
        "title": credential.title,
        "issuer": credential.issuer,
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
    }


def shared_shape(shared: Shared) -> dict[str, Any]:
    """One coaching as far as it is shared; what is not shared is no key of it."""
    always = ("coachee_id", "name", "state")
    of_item = {
        "goal": ("goal", "goal_by"),
        "numbers": ("numbers",),
        "sessions": ("sessions", "minutes"),
        "commitments": ("commitments",),
        "review": ("review",),
    }
    wanted = [*always, *(name for item, names in of_item.items() if item in shared.items for name in names)]
    return {name: value for name, value in asdict(shared).items() if name in wanted} | {"items": sorted(shared.items)}
