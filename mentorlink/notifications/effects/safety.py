"""Who is told of reports, moderation and the broken glass."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.community.events.safety import (
    AppealAnswered,
    Appealed,
    GlassAsked,
    GlassBroken,
    MessageHeld,
    Moderated,
    Reported,
    ReportSettled,
)
from mentorlink.community.models import Community
from mentorlink.community.models.safety import ModerationAct
from mentorlink.community.queries.safety import moderator_ids
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify_many
from mentorlink.notifications.effects.telling import tell, tell_members
from mentorlink.people.models import RoleGrant


def tell_of_held_message(event: MessageHeld) -> None:
    """The moderators learn that a newcomer's message waits; never a word of it."""
    _tell_moderators(event.community_id, "message_held", but=event.author_id)


def tell_of_report(event: Reported) -> None:
    """The moderators learn that something was reported; nobody whom it is about."""
    _tell_moderators(event.community_id, "reported", but=event.about_id)


def tell_of_settled_report(event: ReportSettled) -> None:
    """Who told learns that it was looked at."""
    name = db.session.get_one(Community, event.community_id).name
    tell(event.told_id, "report_settled", "community", event.community_id, community=name)


def tell_of_moderation(event: Moderated) -> None:
    """Whom it concerns learns what was done, and may appeal."""
    name = db.session.get_one(Community, event.community_id).name
    kind = "moderated_removed" if db.session.get_one(ModerationAct, event.act_id).kind == "removed" else "moderated_hidden"
    tell(event.person_id, kind, "moderation", event.act_id, community=name)


def tell_of_appeal(event: Appealed) -> None:
    """The moderators learn that somebody appeals."""
    _tell_moderators(event.community_id, "appealed", but=event.by_id)


def tell_of_appeal_answer(event: AppealAnswered) -> None:
    """Whom it concerns learns what came of it."""
    tell(event.person_id, "appeal_answered", "moderation", event.act_id)


def tell_of_asked_glass(event: GlassAsked) -> None:
    """The other administrators learn that one asks to read what is closed to them."""
    others = sa.select(RoleGrant.person_id).where(RoleGrant.role == "administrator", RoleGrant.unit_id.is_(None))
    for person_id in db.session.scalars(others.order_by(RoleGrant.person_id)).all():
        if person_id != event.by_id:
            tell(person_id, "glass_asked", "glass", event.glass_id, who=event.by_id)


def tell_of_broken_glass(event: GlassBroken) -> None:
    """Every member learns that administrators read the rooms; the reason stands on the community's page."""
    name = db.session.get_one(Community, event.community_id).name
    tell_members(event.community_id, "glass_broken", "community_acts", event.community_id, but=None, community=name)


def _tell_moderators(community_id: int, kind: str, *, but: int | None) -> None:
    name = db.session.get_one(Community, community_id).name
    told = [Told(one, community_id, {"community": name}) for one in moderator_ids(community_id) if one != but]
    notify_many(Actor.system(), told, kind=kind, about="community_acts")
