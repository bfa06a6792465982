"""Whether signed-in devices still count, for doors that keep a line open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, SignIn


def live_sign_ins(sign_in_ids: Iterable[int]) -> set[int]:
    """Those that were not ended, did not lie idle too long, are not too old, and belong to somebody active."""
    wanted = set(sign_in_ids)
    if not wanted:
        return set()
    return set(
        db.session.scalars(
            sa.select(SignIn.id)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.id.in_(wanted), Person.state == "active", *_good())
        )
    )


def person_of_sign_in(sign_in_id: int) -> Person | None:
    """Who is signed in there, while that counts."""
    return db.session.scalar(
        sa.select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.id == sign_in_id, Person.state == "active", *_good())
    )


def _good() -> tuple[sa.ColumnElement[bool], ...]:
    current, instant = settings.current(), clock.now()
    return (
        SignIn.ended_at.is_(None),
        SignIn.seen_at > instant - timedelta(minutes=current.session_idle_minutes),
        SignIn.created_at > instant - timedelta(hours=current.session_absolute_hours),
    )
