"""Who may do what with programmes."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role
from mentorlink.programmes.models import Programme


def may_see_programme(actor: Actor, programme: Programme) -> bool:
    """HR over its unit (of the whole agency for a programme of all), and who owns it."""
    return may_edit_programme(actor, programme) or actor.has_over(_path(programme), Role.ADMINISTRATOR)


def may_edit_programme(actor: Actor, programme: Programme) -> bool:
    """HR over its unit, and who owns it as long as they are HR somewhere."""
    owns = actor.is_person(programme.owner_id) and actor.has(Role.MANAGER)
    return owns or actor.has_over(_path(programme), Role.MANAGER)


def may_add_programme(actor: Actor, unit_path: str | None) -> bool:
    """HR over the unit that the programme is for."""
    return actor.has_over(unit_path, Role.MANAGER)


def _path(programme: Programme) -> str | None:
    return programme.unit.path if programme.unit else None
