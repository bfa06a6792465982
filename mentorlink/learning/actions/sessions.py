"""A session that was noted as held and did not take place: HR takes its hours out of the ledger."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions.hours import refuse_frozen, withdraw_deed
from mentorlink.learning.events import SessionWithdrawn
from mentorlink.learning.inputs import SessionOut
from mentorlink.learning.models import HoursEntry
from mentorlink.learning.policy import may_withdraw_session
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person


@action
def withdraw_session(actor: Actor, entry: HoursEntry, data: SessionOut) -> None:
    """Take the hours of a session out for everybody whom it brought some, by new entries; they are told. Twice is once."""
    ensure(may_withdraw_session, actor, db.session.get_one(Person, entry.person_id))
    refuse_frozen(entry.happened_on, entry.happened_on)
    gone = sa.select(HoursEntry.person_id).where(HoursEntry.origin == entry.origin, HoursEntry.reason == "withdrawn")
    credited = sa.select(HoursEntry).where(
        HoursEntry.origin == entry.origin, HoursEntry.turn == 0, HoursEntry.person_id.not_in(gone)
    )
    for row in db.session.scalars(credited.order_by(HoursEntry.person_id)).all():
        withdraw_deed(Actor.system(), row.person_id, origin=row.origin, by_id=actor.person_id)
        record(SessionWithdrawn(person_id=row.person_id, by_id=actor.person_id or 0, happened_on=row.happened_on))
    record_audit(actor, "session_withdrawn", "hours_entry", entry.id, reason=data.reason)
