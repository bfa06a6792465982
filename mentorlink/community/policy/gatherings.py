"""Who may do what with gatherings: members see them, their host and the facilitators run them."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.models.gatherings import FollowUp, Gathering
from mentorlink.community.policy.communities import lives, role_in
from mentorlink.community.policy.lives import may_steer
from mentorlink.kernel.actor import Actor


def may_see_gathering(actor: Actor, gathering: Gathering) -> bool:
    """Members of its community."""
    return role_in(actor, gathering.community_id) is not None


def may_plan_gathering(actor: Actor, community: Community) -> bool:
    """Facilitators; they may give it to another member to host."""
    return may_steer(actor, community)


def may_run_gathering(actor: Actor, gathering: Gathering) -> bool:
    """Its host and the facilitators."""
    role = role_in(actor, gathering.community_id)
    runs = role == "facilitator" or (role is not None and actor.is_person(gathering.host_id))
    return runs and lives(gathering.community_id)


def may_answer_gathering(actor: Actor, gathering: Gathering) -> bool:
    """Members, for themselves."""
    return may_see_gathering(actor, gathering) and lives(gathering.community_id)


def may_check_in(actor: Actor, gathering: Gathering) -> bool:
    """Members who know the code."""
    return may_answer_gathering(actor, gathering)


def may_add_point(actor: Actor, gathering: Gathering) -> bool:
    """Every member has something to say about what is talked about."""
    return may_answer_gathering(actor, gathering)


def may_remind_of_gathering(actor: Actor) -> bool:
    """Only the house itself reminds."""
    return actor.is_system


def may_settle_follow_up(actor: Actor, follow_up: FollowUp, gathering: Gathering) -> bool:
    """Whose it is, and who runs the gathering."""
    return (actor.is_person(follow_up.owner_id) and may_answer_gathering(actor, gathering)) or may_run_gathering(actor, gathering)
