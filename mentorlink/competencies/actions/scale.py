"""What the five levels are called: each change a new version."""

from __future__ import annotations

from mentorlink.competencies.inputs import LevelScaleInput
from mentorlink.competencies.models import LevelScale
from mentorlink.competencies.policy import may_edit_standards
from mentorlink.competencies.queries.scale import newest_scale
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.people.actions import record_audit


@action
def save_level_words(actor: Actor, data: LevelScaleInput) -> LevelScale:
    """Name the levels anew; of two who change the same version, one is first. What a level asks of somebody stays."""
    ensure(may_edit_standards, actor)
    newest = newest_scale()
    if (newest.number if newest else 0) != data.based_on:
        raise Conflict("levels_renamed")
    words = [level.model_dump() for level in (data.level_1, data.level_2, data.level_3, data.level_4, data.level_5)]
    row = LevelScale(number=data.based_on + 1, words=words, made_by_id=actor.person_id, made_at=clock.now())
    with or_refuse(Conflict("levels_renamed")):
        db.session.add(row)
    record_audit(actor, "levels_named", "level_scale", row.number)
    return row
