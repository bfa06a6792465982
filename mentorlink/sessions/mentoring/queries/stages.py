"""Reads of the stages as the agency has them: every version, the one for a new mentorship, the one of a running mentorship."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.mentoring.models import Mentorship, StageRule
from mentorlink.sessions.mentoring.rules import shipped_stages


def newest_stage_rule() -> StageRule | None:
    """The version made last."""
    return db.session.scalar(sa.select(StageRule).options(undefer(StageRule.words)).order_by(StageRule.number.desc()).limit(1))


def stage_rule_on(day: date) -> StageRule | None:
    """The version with which a mentorship begins on a day; none: as shipped."""
    return db.session.scalar(
        sa.select(StageRule).where(StageRule.valid_from <= day).order_by(StageRule.number.desc()).limit(1)
    )  # versions begin in the order of their numbers


def stage_rule_for(_actor: Actor, number: int) -> StageRule:
    """One version: anybody may read what the stages ask."""
    rule = db.session.get(StageRule, number, options=[undefer(StageRule.words), joinedload(StageRule.made_by)])
    if rule is None:
        raise NotFound()
    return rule


def stage_rules_for(_actor: Actor) -> list[tuple[StageRule, int]]:
    """Every version with how many running mentorships keep it, the newest first."""
    running = (
        sa.select(Mentorship.stage_rule_number, sa.func.count().label("n"))
        .where(Mentorship.state.in_(("active", "paused")))
        .group_by(Mentorship.stage_rule_number)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(StageRule, sa.func.coalesce(running.c.n, 0))
        .outerjoin(running, running.c.stage_rule_number == StageRule.number)
        .options(joinedload(StageRule.made_by))
        .order_by(StageRule.number.desc())
    )
    return [(rule, n) for rule, n in rows]


def stage_words_of(mentorship: Mentorship) -> dict[str, Any]:
    """What is said of each stage in the version that the mentorship keeps."""
    rule = mentorship.stage_rule
    return rule.words if rule else shipped_stages()["words"]
