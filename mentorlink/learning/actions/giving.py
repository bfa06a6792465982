"""Crediting what people give and get in a community."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions.hours import credit_deed
from mentorlink.learning.policy import may_credit_hours
from mentorlink.learning.rules.giving import givings
from mentorlink.people.models import Person


@action
def credit_giving(actor: Actor, person_id: int, *, deed: str, at: datetime, origin: str, minutes: int = 0) -> None:
    """A deed in a community counts for the person on their own calendar day, once; ``minutes`` where it counts as it lasted."""
    ensure(may_credit_hours, actor)
    rule = givings()[deed]
    day = at.astimezone(ZoneInfo(db.session.get_one(Person, person_id).timezone)).date()
    worth = minutes if rule.minutes is None else rule.minutes
    credit_deed(actor, person_id, path=rule.path, happened_on=day, minutes=worth, origin=origin)
