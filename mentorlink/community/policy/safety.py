"""Who keeps a community safe, and who may see what was done."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.models.messages import Message
from mentorlink.community.models.safety import BreakGlass, ModerationAct, Moderator, Report
from mentorlink.community.policy.communities import role_in
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db


def may_moderate(actor: Actor, community: Community) -> bool:
    """Facilitators, and members whom they named."""
    role = role_in(actor, community.id)
    return role == "facilitator" or (role is not None and _named(actor, community.id))


def may_report_message(actor: Actor, message: Message) -> bool:
    """Members, what somebody else said."""
    return role_in(actor, message.room.community_id) is not None and not actor.is_person(message.author_id)


def may_report_person(actor: Actor, community: Community, person_id: int) -> bool:
    """Members, another member."""
    return role_in(actor, community.id) is not None and not actor.is_person(person_id)


def may_settle_report(actor: Actor, report: Report) -> bool:
    """Moderators, and nobody whom it is about."""
    return may_moderate(actor, report.community) and not actor.is_person(report.person_id)


def may_set_rules(actor: Actor, community: Community) -> bool:
    """Facilitators."""
    return role_in(actor, community.id) == "facilitator"


def may_see_acts(actor: Actor, community: Community) -> bool:
    """Members, in kind."""
    return role_in(actor, community.id) is not None


def may_see_act(actor: Actor, act: ModerationAct) -> bool:
    """Whom it concerns, and moderators."""
    return actor.is_person(act.person_id) or may_moderate(actor, act.community)


def may_appeal(actor: Actor, act: ModerationAct) -> bool:
    """Whom it concerns, also who was removed."""
    return actor.is_person(act.person_id) and act.kind in ("hidden", "removed")


def may_answer_appeal(actor: Actor, act: ModerationAct) -> bool:
    """A moderator whom it does not concern; who did it only where there is no other."""
    return may_moderate(actor, act.community) and not actor.is_person(act.person_id)


def may_keep_own_words(actor: Actor) -> bool:
    """Everyone their own."""
    return actor.person_id is not None


def may_tend_rooms(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system


def may_ask_for_glass(actor: Actor) -> bool:
    """Administrators of the whole agency."""
    return actor.has_over(None, Role.ADMINISTRATOR) and actor.person_id is not None


def may_break_glass(actor: Actor, glass: BreakGlass) -> bool:
    """Another administrator than the one who asked."""
    return may_ask_for_glass(actor) and not actor.is_person(glass.by_id)


def may_read_through_glass(actor: Actor, glass: BreakGlass) -> bool:
    """Who asked, as long as it is open."""
    return actor.is_person(glass.by_id) and glass.until is not None and clock.now() < glass.until and may_ask_for_glass(actor)


def _named(actor: Actor, community_id: int) -> bool:
    return db.session.get(Moderator, (community_id, actor.person_id)) is not None
