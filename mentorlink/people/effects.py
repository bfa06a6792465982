"""What people does later: jobs that a request left behind, and tidying."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.actions.links import send_reset_link
from mentorlink.people.events import ErasureGranted
from mentorlink.people.models import Attempt, Link, SignIn

KEPT = timedelta(days=90)


def send_reset(payload: dict[str, Any]) -> None:
    """Job ``people.send_reset``: look up who asked for a new password and mail them the link."""
    send_reset_link(Actor.system(), crypto.unseal(payload["sealed_login"].encode()))


def tidy(_payload: dict[str, Any]) -> None:
    """Job ``people.tidy``: forget old sign-ins, links and failed tries."""
    instant = clock.now()
    oldest = instant - timedelta(hours=settings.current().session_absolute_hours)
    db.session.execute(sa.delete(Attempt).where(Attempt.last_at < instant - timedelta(days=1)))
    db.session.execute(sa.delete(Link).where(Link.expires_at < instant - KEPT))
    db.session.execute(sa.update(SignIn).where(SignIn.ended_at.is_(None), SignIn.created_at < oldest).values(ended_at=instant))
    db.session.execute(sa.delete(SignIn).where(SignIn.ended_at < instant - KEPT))


def erase_traces(event: ErasureGranted) -> None:
    """Within: links that were sent and devices that are signed out again go; who is signed in stays so."""
    if "traces" in event.parts:
        db.session.execute(sa.delete(Link).where(Link.person_id == event.person_id))
        db.session.execute(sa.delete(SignIn).where(SignIn.person_id == event.person_id, SignIn.ended_at.is_not(None)))
