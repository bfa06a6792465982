"""The record of who did what."""

from __future__ import annotations

from typing import Any

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people import policy
from mentorlink.people.models import AuditEntry


def record_audit(
    actor: Actor, act: str, thing: str = "", thing_id: int | None = None, *, address: str = "", **facts: Any
) -> None:
    """Write down a deed, inside the action that does it. ``facts``: codes and ids, never texts that people wrote."""
    db.session.add(
        AuditEntry(
            at=clock.now(), actor_id=actor.person_id, act=act, thing=thing, thing_id=thing_id, address=address[:45], facts=facts
        )
    )


@action
def note_denial(actor: Actor, code: str, *, address: str = "", where: str = "") -> None:
    """Write down that somebody was refused. Doors call it, since the refused action has undone itself."""
    ensure(policy.anyone, actor)
    record_audit(actor, "denied", address=address, code=code[:60], where=where[:200])
