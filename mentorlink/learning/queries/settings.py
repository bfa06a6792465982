"""Reads of what HR sets for certificates and evaluation."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import LearningSetting
from mentorlink.learning.policy import may_change_settings
from mentorlink.learning.rules.settings import Settings, settings_of

SHOWN = 30


def newest_setting() -> LearningSetting | None:
    """The version that holds."""
    return db.session.scalar(sa.select(LearningSetting).order_by(LearningSetting.number.desc()).limit(1))


def settings_now() -> Settings:
    """The settings in force."""
    row = newest_setting()
    return settings_of(row.content if row else {})


def settings_versions_for(actor: Actor) -> list[tuple[LearningSetting, dict[str, tuple[Any, Any]]]]:
    """The newest versions, each with what it changed (name → before, after)."""
    if not may_change_settings(actor):
        raise NotFound()
    query = sa.select(LearningSetting).options(joinedload(LearningSetting.made_by)).order_by(LearningSetting.number.desc())
    rows = list(db.session.scalars(query.limit(SHOWN + 1)))
    told = [settings_of(row.content).told() for row in rows]
    if len(rows) <= SHOWN:
        told.append(Settings().told())
    return [
        (row, {name: (before[name], value) for name, value in now.items() if before[name] != value})
        for row, now, before in zip(rows[:SHOWN], told, told[1:], strict=False)
    ]


def settings_for(actor: Actor) -> tuple[int, Settings]:
    """Number of the version in force (0: as shipped) and what it says, for who changes it."""
    if not may_change_settings(actor):
        raise NotFound()
    row = newest_setting()
    return (row.number, settings_of(row.content)) if row else (0, Settings())
