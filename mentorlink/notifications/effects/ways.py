"""By which ways one is told: devices that are forgotten, digests that are due."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import drop_devices, send_digests
from mentorlink.notifications.models import Notice, Preference, Rhythm
from mentorlink.people.events import ErasureGranted, PersonLeft, SignedOut


def forget_devices(event: SignedOut | PersonLeft) -> None:
    """Within: the browsers of who signed out there, or left the agency, are told no more."""
    drop_devices(Actor.system(), event.person_id, sign_in_id=event.sign_in_id if isinstance(event, SignedOut) else None)


def erase_notices(event: ErasureGranted) -> None:
    """Within: what somebody was told and how they wished to be told goes; from then on the usual ways hold."""
    if "traces" in event.parts:
        drop_devices(Actor.system(), event.person_id, sign_in_id=None)
        for table in (Notice, Preference, Rhythm):
            db.session.execute(sa.delete(table).where(table.person_id == event.person_id))


def send_due_digests(_payload: dict[str, Any]) -> None:
    """Job: whose hour has come gets a digest of their communities."""
    after: int | None = 0
    while after is not None:
        _sent, after = send_digests(Actor.system(), after)
