"""Who may do what with a community and its members. Belonging is a row, so it is asked afresh each time.

A closed community can be read and no longer changed. What keeps people safe goes on: reports, hiding, appeals, how long words
are kept; and everyone may leave, hand over and take back their own words.
"""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.models import Community, Entry, Membership
from mentorlink.community.models.lives import Life
from mentorlink.community.models.safety import ModerationAct
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db

LISTED = ("open", "request")
"""Ways of joining under which every colleague may know of a community."""


def role_in(actor: Actor, community_id: int) -> str | None:
    """What ``actor`` is in the community; None for who does not belong."""
    if actor.person_id is None:
        return None
    membership = db.session.get(Membership, (community_id, actor.person_id))
    hold_membership(actor, community_id, membership)
    return membership.role if membership else None


def hold_membership(actor: Actor, community_id: int, membership: Membership | None) -> None:
    """Keep the row that was read: the session forgets rows that nobody holds, and would ask again."""
    db.session.info.setdefault("memberships", {})[community_id, actor.person_id] = membership


def lives(community_id: int) -> bool:
    """True until a community is closed."""
    life = db.session.get(Life, community_id)
    db.session.info.setdefault("lives", {})[community_id] = life  # the session forgets rows that nobody holds
    return life is None or life.step != "closed"


def barred_from(community_id: int) -> sa.Select[tuple[int | None]]:
    """Ids of who was removed, until a facilitator lets them in again or an appeal undoes it."""
    act, last = ModerationAct, sa.func.max
    undone = last(sa.case((act.kind == "readmitted", act.id), else_=0))
    return (
        sa.select(act.person_id)
        .where(act.community_id == community_id, act.kind.in_(("removed", "readmitted")))
        .group_by(act.person_id)
        .having(last(sa.case((act.kind == "removed", act.id), else_=0)) > undone)
    )


def is_barred(person_id: int | None, community_id: int) -> bool:
    """True for who was removed and not let in again."""
    return db.session.scalar(barred_from(community_id).where(ModerationAct.person_id == person_id)) is not None


def may_see_community(actor: Actor, community: Community) -> bool:
    """Everyone those that are listed; one by invitation only its members and who is invited."""
    return (
        actor.is_system
        or (actor.person_id is not None and community.joining in LISTED)
        or role_in(actor, community.id) is not None
        or _open_entry(actor, community.id) == "invited"
    )


def may_create_community(actor: Actor) -> bool:
    """Everyone of the agency; who proposes one is its first facilitator."""
    return actor.person_id is not None


def may_change_community(actor: Actor, community: Community) -> bool:
    """Its facilitators, while it lives."""
    return (actor.is_system or role_in(actor, community.id) == "facilitator") and lives(community.id)


def may_manage_members(actor: Actor, community: Community) -> bool:
    """Its facilitators, while it lives."""
    return may_change_community(actor, community)


def may_remove_member(actor: Actor, community: Community) -> bool:
    """Its facilitators, also once it is closed: who is removed reads no more."""
    return actor.is_system or role_in(actor, community.id) == "facilitator"


def may_create_room(actor: Actor, community: Community) -> bool:
    """Facilitators of the community, while it lives."""
    return may_change_community(actor, community)


def may_join_community(actor: Actor, community: Community) -> bool:
    """Anyone an open one, but who was removed from it; otherwise who was invited. A closed one nobody."""
    if actor.person_id is None or not lives(community.id):
        return False
    comes_in = community.joining == "open" and not is_barred(actor.person_id, community.id)
    return comes_in or _open_entry(actor, community.id) == "invited"


def may_ask_to_join(actor: Actor, community: Community) -> bool:
    """Who does not belong to a community that one joins by request; who was removed also from an open one."""
    if actor.person_id is None or not lives(community.id):
        return False
    return community.joining == "request" or (community.joining == "open" and is_barred(actor.person_id, community.id))


def may_leave_community(actor: Actor, community: Community) -> bool:
    """Its members."""
    return role_in(actor, community.id) is not None


def may_answer_invitation(actor: Actor, community: Community) -> bool:
    """Who was invited."""
    return _open_entry(actor, community.id) == "invited"


def may_withdraw_asking(actor: Actor, community: Community) -> bool:
    """Who asked."""
    return _open_entry(actor, community.id) == "asked"


def may_see_members(actor: Actor, community: Community) -> bool:
    """Whoever may see the community."""
    return may_see_community(actor, community)


def may_let_go(actor: Actor) -> bool:
    """Only the house itself, when somebody leaves the agency."""
    return actor.is_system


def _open_entry(actor: Actor, community_id: int) -> str | None:
    """How ``actor`` stands at the door of the community: asked, invited, or not at all."""
    if actor.person_id is None:
        return None
    return db.session.scalar(
        sa.select(Entry.kind).where(Entry.community_id == community_id, Entry.person_id == actor.person_id, Entry.state == "open")
    )
