"""Keeping somebody away."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.people import policy
from mentorlink.people.events import Blocked, Unblocked
from mentorlink.people.models import Block, Person


@action
def block_person(actor: Actor, person: Person) -> None:
    """From now on neither is suggested to the other; nobody is told. Said twice, it stands once."""
    ensure(policy.may_block_person, actor, person)
    put = insert_into(Block).values(person_id=actor.person_id, blocked_id=person.id, created_at=clock.now())
    if db.session.scalar(put.on_conflict_do_nothing().returning(Block.blocked_id)) is not None:
        record(Blocked(int(actor.person_id or 0), person.id))


@action
def unblock_person(actor: Actor, person: Person) -> None:
    """Lift the actor's own block."""
    ensure(policy.may_block_person, actor, person)
    lifted = db.session.execute(sa.delete(Block).where(Block.person_id == actor.person_id, Block.blocked_id == person.id))
    if lifted.rowcount:  # type: ignore[attr-defined]  # a DELETE answers with a cursor
        record(Unblocked(int(actor.person_id or 0), person.id))
