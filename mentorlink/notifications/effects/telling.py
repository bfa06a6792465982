"""One notice to one person, or the same to every member of a community."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community.models import Membership
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify, notify_many
from mentorlink.people.models import Person


def tell(
    person_id: int | None, kind: str, about: str, about_id: int, *, who: int | None = None, once: str | None = None, **facts: Any
) -> None:
    """Tell one person, as the house; ``who`` is named in the sentence."""
    if person_id is None:
        return
    if who is not None:
        facts["who"] = db.session.get_one(Person, who).full_name
    notify(Actor.system(), person_id, kind=kind, about=about, about_id=about_id, facts=facts, dedupe_key=once)


def tell_members(community_id: int, kind: str, about: str, about_id: int, *, but: int | None, **facts: Any) -> None:
    """Tell every member of a community, save ``but``, who did it."""
    members = sa.select(Membership.person_id).where(Membership.community_id == community_id).order_by(Membership.person_id)
    told = [Told(person_id, about_id, facts) for person_id in db.session.scalars(members) if person_id != but]
    notify_many(Actor.system(), told, kind=kind, about=about)
