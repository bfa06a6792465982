"""Who takes the archive of a closed community away is written down."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.policy.lives import may_take_archive
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.people.actions import record_audit


@action
def note_archive_taken(actor: Actor, community: Community) -> None:
    """The record says who took it; what is in it follows from what a member may read."""
    ensure(may_take_archive, actor, community)
    record_audit(actor, "archive_taken", "community", community.id)
