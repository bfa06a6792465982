"""What the five levels are called, whatever the competency."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.competencies.models import LevelScale
from mentorlink.competencies.rules import LEVEL_WORDS, LevelWord
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db


def newest_scale() -> LevelScale | None:
    """The version that holds; none: as shipped."""
    return db.session.scalar(sa.select(LevelScale).order_by(LevelScale.number.desc()).limit(1))


def level_words(scale: LevelScale | None = None) -> tuple[LevelWord, ...]:
    """The five levels in words, ascending: of a version, or as they hold now."""
    scale = scale or newest_scale()
    if scale is None:
        return LEVEL_WORDS
    return tuple(LevelWord(number, word["name"], word["meaning"]) for number, word in enumerate(scale.words, start=1))


def scales_for(_actor: Actor) -> list[LevelScale]:
    """The newest versions, the newest first."""
    query = sa.select(LevelScale).options(joinedload(LevelScale.made_by)).order_by(LevelScale.number.desc()).limit(30)
    return list(db.session.scalars(query))
