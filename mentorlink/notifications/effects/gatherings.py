"""Who is told of gatherings and decisions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.community.events.decisions import DecisionOpened, DecisionTaken
from mentorlink.community.events.gatherings import (
    ComingChanged,
    FollowUpAgreed,
    GatheringCancelled,
    GatheringMoved,
    GatheringNear,
    GatheringPlanned,
    HostChanged,
    PlaceFreed,
)
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify, notify_many
from mentorlink.notifications.effects.telling import tell, tell_members
from mentorlink.notifications.queries import preferences_of

MAIL = "meetings/gathering"
"""A mail that calendar programs read."""


def tell_of_gathering(event: GatheringPlanned) -> None:
    """Members learn when the community meets."""
    tell_members(event.community_id, "gathering_planned", "gathering", event.gathering_id, but=event.by_id, **_meets(event))


def tell_of_moved_gathering(event: GatheringMoved) -> None:
    """Who means to come learns that it is at another time or place, and so do their calendars."""
    _tell_coming(event, "gathering_moved", "REQUEST")


def tell_of_cancelled_gathering(event: GatheringCancelled) -> None:
    """Who means to come learns that it does not take place; it goes from their calendars."""
    _tell_coming(event, "gathering_cancelled", "CANCEL")


def remind_of_gathering(event: GatheringNear) -> None:
    """Who has a place, and who hosts it, is reminded once of each time it stands at."""
    row = db.session.get_one(Gathering, event.gathering_id)
    going = sa.select(Attendance.person_id).where(Attendance.gathering_id == row.id, Attendance.state == "going")
    people = sorted({row.host_id, *db.session.scalars(going)})
    of_mail = {"gathering_id": row.id, "revision": row.revision}
    notify_many(
        Actor.system(), [Told(each, row.id, _meets(event)) for each in people], kind=f"gathering_{event.which}",
        about="gathering", once=f"near:gathering:{row.id}:{row.revision}:{event.which}", mail="meetings/reminder",
        mail_facts=of_mail,
    )  # fmt: skip


def tell_of_freed_place(event: PlaceFreed) -> None:
    """Who waited has a place, and the date in their calendar."""
    facts, of_mail = _meets(event), _dates(event.gathering_id, "REQUEST")
    notify(
        Actor.system(), event.person_id, kind="place_freed", about="gathering", about_id=event.gathering_id, facts=facts,
        mail=MAIL, mail_facts=of_mail,
    )  # fmt: skip


def send_date(event: ComingChanged) -> None:
    """Who comes has the date in their calendar; who does not come after all has it no more."""
    _mail_alone(event.gathering_id, event.person_id, "REQUEST" if event.coming else "CANCEL")


def tell_of_hosting(event: HostChanged) -> None:
    """A facilitator learns that they host it now."""
    tell(event.person_id, "gathering_host", "gathering", event.gathering_id, **_meets(event))


def tell_of_follow_up(event: FollowUpAgreed) -> None:
    """A member learns what they do after a gathering."""
    tell(event.person_id, "follow_up_agreed", "gathering", event.gathering_id, who=event.by_id, **_meets(event))


def tell_of_decision(event: DecisionOpened) -> None:
    """Members learn that something is to be decided."""
    question = db.session.get_one(Decision, event.decision_id).question
    tell_members(event.community_id, "decision_opened", "decision", event.decision_id, but=event.by_id, question=question)


def tell_of_outcome(event: DecisionTaken) -> None:
    """Members learn what was decided."""
    question = db.session.get_one(Decision, event.decision_id).question
    tell_members(event.community_id, "decision_taken", "decision", event.decision_id, but=event.by_id, question=question)


def _meets(event: Any) -> dict[str, Any]:
    row = db.session.get_one(Gathering, event.gathering_id)
    return {"title": row.title, "starts_at": row.starts_at.isoformat()}


def _tell_coming(event: GatheringMoved | GatheringCancelled, kind: str, method: str) -> None:
    rows = db.session.execute(
        sa.select(Attendance.person_id, Attendance.state)
        .where(Attendance.gathering_id == event.gathering_id, Attendance.state.in_(("going", "waiting")))
        .order_by(Attendance.person_id)
    ).all()
    facts, others = _meets(event), [row for row in rows if row.person_id != event.by_id]
    for state, more in (("going", {"mail": MAIL, "mail_facts": _dates(event.gathering_id, method)}), ("waiting", {})):
        told = [Told(row.person_id, event.gathering_id, facts) for row in others if row.state == state]
        notify_many(Actor.system(), told, kind=kind, about="gathering", **more)
    if any((row.person_id, row.state) == (event.by_id, "going") for row in rows):
        _mail_alone(event.gathering_id, event.by_id or 0, method)


def _dates(gathering_id: int, method: str) -> dict[str, Any]:
    row = db.session.get_one(Gathering, gathering_id)
    return {"gathering_id": gathering_id, "method": method, "revision": row.revision}


def _mail_alone(gathering_id: int, person_id: int, method: str) -> None:
    """A date for one calendar, or out of it, because of what its owner did; without a notice."""
    if preferences_of(person_id)["meetings"].by_mail:
        instant = clock.now().isoformat()
        facts = _dates(gathering_id, method) | {"alone": instant}
        payload = {"to_person_id": person_id, "template": MAIL, "facts": facts}
        jobs.enqueue("mail.soon", payload, dedupe_key=f"mail:gathering:{gathering_id}:{person_id}:{instant}")
