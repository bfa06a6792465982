"""What HR sets for certificates and evaluation: each change a new version."""

from __future__ import annotations

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.learning.inputs import SettingsInput
from mentorlink.learning.models import LearningSetting
from mentorlink.learning.policy import may_change_settings
from mentorlink.learning.queries.settings import newest_setting
from mentorlink.people.actions import record_audit


@action
def save_settings(actor: Actor, data: SettingsInput) -> None:
    """Keep new settings; of two who change the same version, one is first."""
    ensure(may_change_settings, actor)
    newest = newest_setting()
    if (newest.number if newest else 0) != data.based_on:
        raise Conflict("rule_changed")
    row = LearningSetting(
        number=data.based_on + 1, content=data.model_dump(exclude={"based_on"}), made_by_id=actor.person_id, made_at=clock.now()
    )
    with or_refuse(Conflict("rule_changed")):
        db.session.add(row)
    record_audit(actor, "learning_settings_changed", "learning_setting", row.number)
