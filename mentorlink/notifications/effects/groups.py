"""Who is told of groups."""

from __future__ import annotations

from mentorlink.kernel.db import db
from mentorlink.notifications.effects.meetings import members_of
from mentorlink.notifications.effects.telling import tell
from mentorlink.sessions.mentoring.groups.events import (
    GroupAsked,
    GroupDeclined,
    GroupEnded,
    GroupEvent,
    GroupInvited,
    GroupJoined,
    GroupLeft,
)
from mentorlink.sessions.mentoring.groups.models import Group


def tell_of_group_question(event: GroupAsked) -> None:
    """The mentor learns that somebody would like to join."""
    _tell_of_group(event, event.mentor_id, "group_asked", event.person_id)


def tell_of_group_invitation(event: GroupInvited) -> None:
    """Who is invited learns of it."""
    _tell_of_group(event, event.person_id, "group_invited", event.mentor_id)


def tell_of_group_joining(event: GroupJoined) -> None:
    """The one who waited for the second yes learns of it, and the others who is with them now."""
    for person_id in members_of(db.session.get_one(Group, event.group_id).series_id):
        if person_id == event.person_id:
            if event.by_id != person_id:
                _tell_of_group(event, person_id, "group_welcome", event.mentor_id)
        elif person_id != event.by_id:
            _tell_of_group(event, person_id, "group_joined", event.person_id)


def tell_of_group_refusal(event: GroupDeclined) -> None:
    """Who asked learns that there is no place; the mentor that somebody does not come."""
    if event.by_id is None:
        return
    if event.by_id == event.mentor_id and event.state == "declined":
        _tell_of_group(event, event.person_id, "group_declined", event.mentor_id)
    elif event.by_id == event.person_id:
        _tell_of_group(event, event.mentor_id, "group_withdrawn", event.person_id)


def tell_of_group_leaving(event: GroupLeft) -> None:
    """The other of the two learns it: the mentor that somebody left, the mentee that they meet there no more."""
    if event.by_id == event.person_id:
        _tell_of_group(event, event.mentor_id, "group_withdrawn", event.person_id)
    elif event.by_id == event.mentor_id:
        _tell_of_group(event, event.person_id, "group_left", event.mentor_id)


def tell_of_group_end(event: GroupEnded) -> None:
    """Everybody in it learns that it has ended."""
    for person_id in event.person_ids:
        _tell_of_group(event, person_id, "group_ended", event.mentor_id)


def _tell_of_group(event: GroupEvent, person_id: int, kind: str, who: int) -> None:
    about = "groups" if kind in ("group_declined", "group_left") else "group"  # to them it does not exist any more
    tell(person_id, kind, about, event.group_id, who=who, group=db.session.get_one(Group, event.group_id).name)
