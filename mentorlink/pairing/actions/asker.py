"""Who asks, waits or saves: one person's deeds come one after another, so that what they may have of each is counted right."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Person


def locked_person(actor: Actor) -> Person:
    """The actor's person, under a lock that holds up nobody else; inside an action."""
    query = sa.select(Person).where(Person.id == actor.person_id).with_for_update(key_share=True, of=Person)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
