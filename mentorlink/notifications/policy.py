"""Who may do what with notices."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor
from mentorlink.notifications.models import Notice, PushDevice


def may_notify(actor: Actor) -> bool:
    """Only the house itself tells people things."""
    return actor.is_system


def may_read_notice(actor: Actor, notice: Notice) -> bool:
    """One's own only."""
    return actor.is_person(notice.person_id)


def may_drop_device(actor: Actor, device: PushDevice) -> bool:
    """One's own; and the house what a push service no longer knows."""
    return actor.is_system or actor.is_person(device.person_id)


def may_keep_notices(actor: Actor) -> bool:
    """Anyone who is a person."""
    return actor.person_id is not None
