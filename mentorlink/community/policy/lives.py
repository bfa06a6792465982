"""Who may do what in the life of a community. A closed community can be read and no longer changed."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.models.lives import Life, Promise
from mentorlink.community.policy.communities import lives, role_in
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db


def may_see_inside(actor: Actor, community: Community) -> bool:
    """Its members: how it lives is theirs, as its rooms are."""
    return role_in(actor, community.id) is not None


def may_take_part(actor: Actor, community: Community) -> bool:
    """Its members, while it lives."""
    return may_see_inside(actor, community) and lives(community.id)


def may_steer(actor: Actor, community: Community) -> bool:
    """Its facilitators, while it lives."""
    return role_in(actor, community.id) == "facilitator" and lives(community.id)


def may_take_step(actor: Actor, community: Community) -> bool:
    """Its facilitators; a closed one is opened again by them too."""
    return role_in(actor, community.id) == "facilitator"


def may_take_archive(actor: Actor, community: Community) -> bool:
    """Its members, once it is closed."""
    return may_see_inside(actor, community) and not lives(community.id)


def may_name_keeper(actor: Actor, community: Community, keeper_id: int | None, wanted_id: int | None) -> bool:
    """Facilitators anybody; a member themself, where nobody has it, and lets go of what they have."""
    theirs = all(one is None or actor.is_person(one) for one in (keeper_id, wanted_id))
    return may_steer(actor, community) or (theirs and lives(community.id))


def may_settle_promise(actor: Actor, promise: Promise) -> bool:
    """Only whose promise it is."""
    return actor.is_person(promise.person_id) and lives(promise.community_id)


def may_name_successor(actor: Actor, community: Community) -> bool:
    """Its facilitators, for themselves."""
    return role_in(actor, community.id) == "facilitator"


def may_assign_members(actor: Actor, community: Community) -> bool:
    """The programme manager, where the facilitators joined the community to a programme."""
    life = db.session.get(Life, community.id)
    joined = life is not None and life.programme_id is not None and life.step != "closed"
    return joined and actor.has_over(None, Role.MANAGER)


def may_begin_life(actor: Actor) -> bool:
    """Only the house itself, when a community is made."""
    return actor.is_system
