"""By which ways one is told: devices that are forgotten, digests that are due."""

from __future__ import annotations

from typing import Any

from mentorlink.kernel.actor import Actor
from mentorlink.notifications.actions import drop_devices, send_digests
from mentorlink.people.events import PersonLeft, SignedOut


def forget_devices(event: SignedOut | PersonLeft) -> None:
    """Within: the browsers of who signed out there, or left the agency, are told no more."""
    drop_devices(Actor.system(), event.person_id, sign_in_id=event.sign_in_id if isinstance(event, SignedOut) else None)


def send_due_digests(_payload: dict[str, Any]) -> None:
    """Job: whose hour has come gets a digest of their communities."""
    send_digests(Actor.system())
