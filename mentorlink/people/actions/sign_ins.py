"""Signed-in devices: kept awake, ended."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people import policy
from mentorlink.people.events import SignedOut
from mentorlink.people.models import SignIn

SEEN_EVERY = timedelta(minutes=1)


@action
def touch_sign_in(actor: Actor, sign_in_id: int) -> None:
    """Note that the device was used just now; a sign-in that has ended stays ended."""
    ensure(policy.may_use_own_account, actor)
    instant = clock.now()
    db.session.execute(
        sa.update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.person_id == actor.person_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at < instant - SEEN_EVERY,
        )
        .values(seen_at=instant)
    )


@action
def end_sign_in(actor: Actor, sign_in_id: int) -> None:
    """Sign the actor out of one of their devices."""
    ensure(policy.may_use_own_account, actor)
    if not end_sign_ins(actor.person_id, only=sign_in_id):
        raise NotFound()


@action
def end_other_sign_ins(actor: Actor, keep_id: int | None) -> int:
    """Sign the actor out of every device but one; returns how many that were."""
    ensure(policy.may_use_own_account, actor)
    return len(end_sign_ins(actor.person_id, keep=keep_id))


def end_sign_ins(person_id: int | None, *, only: int | None = None, keep: int | None = None) -> list[int]:
    """End a person's open sign-ins inside an action and tell of each; returns their ids."""
    conditions = [SignIn.person_id == person_id, SignIn.ended_at.is_(None)]
    if only is not None:
        conditions.append(SignIn.id == only)
    if keep is not None:
        conditions.append(SignIn.id != keep)
    ended = list(
        db.session.scalars(sa.update(SignIn).where(*conditions).values(ended_at=clock.now()).returning(SignIn.id))
    )
    for sign_in_id in ended:
        record(SignedOut(int(person_id or 0), sign_in_id))
    return ended
