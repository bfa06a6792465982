"""What communities do when another has spoken."""

from __future__ import annotations

from mentorlink.community.actions import let_go
from mentorlink.kernel.actor import Actor
from mentorlink.people.events import PersonLeft


def let_person_go(event: PersonLeft) -> None:
    """Within: who left the agency belongs to no community."""
    let_go(Actor.system(), event.person_id)
