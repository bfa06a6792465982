"""Who may see which figures."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role


def may_see_programme_figures(actor: Actor) -> bool:
    """Programme managers, each over the units their role covers."""
    return actor.has(Role.MANAGER)


def may_work_figures_out(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system


def may_see_agency_figures(actor: Actor) -> bool:
    """Whoever heads a unit, and programme managers; each over what is theirs."""
    return bool(actor.heads) or actor.has(Role.MANAGER)
