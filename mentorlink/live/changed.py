"""Tells those whom a thing concerns, in all their tabs, that it has changed.

What changed they read from the page (``static/js/controllers/changed.js``): a push says nothing of it.
"""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa

from mentorlink.community.events import JoinAnswered
from mentorlink.kernel.db import db
from mentorlink.live.push import to_person
from mentorlink.pairing.events import InvitationEvent, RequestEvent
from mentorlink.sessions.coaching.events import EngagementEvent
from mentorlink.sessions.meetings.models import SeriesMember


class OfPair(Protocol):
    """Any event about one mentorship."""

    @property
    def mentorship_id(self) -> int:
        """Which."""

    @property
    def mentor_id(self) -> int:
        """One of the two."""

    @property
    def mentee_id(self) -> int:
        """The other."""


class OfSeries(Protocol):
    """Any event about the meetings of one series."""

    @property
    def series_id(self) -> int:
        """Which."""


def show_request(event: RequestEvent) -> None:
    """Who asked and who was asked."""
    _tell("request", event.request_id, event.asker_id, event.mentor_id)


def show_invitation(event: InvitationEvent) -> None:
    """Who is invited and who invites."""
    _tell("invitation", event.invitation_id, event.person_id, event.mentor_id)


def show_mentorship(event: OfPair) -> None:
    """Mentor and mentee."""
    _tell("mentorship", event.mentorship_id, event.mentor_id, event.mentee_id)


def show_engagement(event: EngagementEvent) -> None:
    """Coach and coachee."""
    _tell("engagement", event.engagement_id, event.coach_id, event.coachee_id)


def show_series(event: OfSeries) -> None:
    """All who meet there."""
    members = sa.select(SeriesMember.person_id).where(SeriesMember.series_id == event.series_id)
    _tell("series", event.series_id, *db.session.scalars(members).all())


def show_joining(event: JoinAnswered) -> None:
    """Who asked to belong: the page says that they do."""
    _tell("community", event.community_id, event.person_id)


def _tell(about: str, about_id: int, *people: int) -> None:
    for person_id in people:
        to_person(person_id, "changed", {"about": about, "id": about_id})
