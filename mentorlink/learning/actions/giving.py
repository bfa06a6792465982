"""Crediting what people give and get in a community."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.learning.actions.hours import credit_deed, withdraw_deed
from mentorlink.learning.models import GivenDeed
from mentorlink.learning.policy import may_credit_hours
from mentorlink.learning.queries import rule_on
from mentorlink.learning.rules.giving import givings_of
from mentorlink.people.models import Person


@action
def credit_giving(actor: Actor, person_id: int, *, deed: str, at: datetime, origin: str, minutes: int = 0) -> None:
    """A deed in a community counts for the person on their own calendar day, once, by the rule in force then.

    ``minutes``: how long it lasted, where it counts so.
    """
    ensure(may_credit_hours, actor)
    day = at.astimezone(ZoneInfo(db.session.get_one(Person, person_id).timezone)).date()
    rule = givings_of(rule_on(day).giving).get(deed)
    if rule is None or rule.path is None:
        return
    worth = minutes if rule.minutes is None else rule.minutes
    row = {"person_id": person_id, "deed": deed, "origin": origin, "at": at, "minutes": worth, "path": rule.path}
    db.session.execute(insert_into(GivenDeed).values(row).on_conflict_do_nothing())
    credit_deed(actor, person_id, path=rule.path, happened_on=day, minutes=worth, origin=origin)


@action
def withdraw_giving(actor: Actor, person_id: int, *, origin: str, by_id: int | None = None) -> None:
    """A deed in a community does not count any more; what it counted is taken out by a new entry."""
    ensure(may_credit_hours, actor)
    db.session.execute(
        sa.update(GivenDeed)
        .where(GivenDeed.person_id == person_id, GivenDeed.origin == origin, GivenDeed.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    withdraw_deed(actor, person_id, origin=origin, by_id=by_id)
