"""Who may see which figures."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role


def may_see_programme_figures(actor: Actor) -> bool:
    """Programme managers, each over the units their role covers."""
    return actor.has(Role.MANAGER)
