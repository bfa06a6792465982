"""Who sees the figures of a community."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.policy.communities import role_in
from mentorlink.kernel.actor import Actor


def may_see_figures(actor: Actor, community: Community) -> bool:
    """Its facilitators: to let everybody speak, not to judge."""
    return role_in(actor, community.id) == "facilitator"
