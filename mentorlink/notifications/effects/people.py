"""Who is told of roles."""

from __future__ import annotations

from mentorlink.kernel.actor import Role
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.events import RoleGranted


def tell_of_named_role(event: RoleGranted) -> None:
    """Whom a colleague made a mentor or a coach learns it, and where to say how many they take on."""
    kind = {Role.MENTOR: "named_mentor", Role.COACH: "named_coach"}.get(Role(event.role))
    if kind and event.by_id not in (None, event.person_id):
        tell(event.person_id, kind, "offers", event.person_id, who=event.by_id)
