"""Reads of what HR sets for certificates and evaluation."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import LearningSetting
from mentorlink.learning.policy import may_change_settings
from mentorlink.learning.rules.settings import Settings, settings_of


def newest_setting() -> LearningSetting | None:
    """The version that holds."""
    return db.session.scalar(sa.select(LearningSetting).order_by(LearningSetting.number.desc()).limit(1))


def settings_now() -> Settings:
    """The settings in force."""
    row = newest_setting()
    return settings_of(row.content if row else {})


def settings_for(actor: Actor) -> tuple[int, Settings]:
    """Number of the version in force (0: as shipped) and what it says, for who changes it."""
    if not may_change_settings(actor):
        raise NotFound()
    row = newest_setting()
    return (row.number, settings_of(row.content)) if row else (0, Settings())
