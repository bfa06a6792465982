"""Who may do what with decisions: every member opens one and says where they stand."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.models.decisions import Decision
from mentorlink.community.policy.communities import lives, role_in
from mentorlink.community.policy.lives import may_take_part
from mentorlink.kernel.actor import Actor


def may_see_decision(actor: Actor, decision: Decision) -> bool:
    """Members of its community."""
    return role_in(actor, decision.community_id) is not None


def may_open_decision(actor: Actor, community: Community) -> bool:
    """Every member: no domination."""
    return may_take_part(actor, community)


def may_take_stance(actor: Actor, decision: Decision) -> bool:
    """Every member, for themselves."""
    return may_see_decision(actor, decision) and lives(decision.community_id)


def may_conclude_decision(actor: Actor, decision: Decision) -> bool:
    """Who opened it, the facilitators, and the house when the day has come."""
    role = role_in(actor, decision.community_id)
    theirs = role == "facilitator" or (role is not None and actor.is_person(decision.opened_by_id))
    return actor.is_system or (theirs and lives(decision.community_id))
