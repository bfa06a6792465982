"""Whether signed-in devices still count, for doors that keep a line open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, RoleGrant, SignIn, Unit


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


def actor_of_sign_in(sign_in_id: int, *, door: str) -> Actor | None:
    """The actor that is signed in there, while that counts, with their grants and the units they head: one statement."""
    current, instant = settings.current(), clock.now()
    rows = db.session.execute(
        _acting(),
        {
            "sign_in": sign_in_id,
            "seen": instant - timedelta(minutes=current.session_idle_minutes),
            "began": instant - timedelta(hours=current.session_absolute_hours),
        },
    ).all()
    if not rows:
        return None
    first = rows[0]
    grants = dict.fromkeys(Grant(Role(row.role), row.over) for row in rows if row.role is not None)
    return Actor(
        person_id=first.id,
        grants=tuple(sorted(grants, key=lambda grant: (grant.role, grant.unit_path or ""))),
        unit_path=first.path,
        heads=tuple(sorted({row.heads for row in rows if row.heads is not None})),
        door=door,
        locale=first.locale,
        timezone=first.timezone,
    )


@cache
def _acting() -> sa.Select[Any]:
    person, sign_in, unit, grant = (each.__table__ for each in (Person, SignIn, Unit, RoleGrant))
    over, heads = unit.alias(), unit.alias()
    return (
        sa.select(
            person.c.id, person.c.locale, person.c.timezone, unit.c.path, grant.c.role, over.c.path.label("over"),
            heads.c.path.label("heads"),
        )
        .select_from(
            sign_in.join(person, person.c.id == sign_in.c.person_id)
            .join(unit, unit.c.id == person.c.unit_id)
            .outerjoin(grant, grant.c.person_id == person.c.id)
            .outerjoin(over, over.c.id == grant.c.unit_id)
            .outerjoin(heads, heads.c.head_id == person.c.id)
        )
        .where(
            sign_in.c.id == sa.bindparam("sign_in"),
            person.c.state == "active",
            sign_in.c.ended_at.is_(None),
            sign_in.c.seen_at > sa.bindparam("seen"),
            sign_in.c.created_at > sa.bindparam("began"),
        )
    )  # fmt: skip


def _good() -> tuple[sa.ColumnElement[bool], ...]:
    current, instant = settings.current(), clock.now()
    return (
        SignIn.ended_at.is_(None),
        SignIn.seen_at > instant - timedelta(minutes=current.session_idle_minutes),
        SignIn.created_at > instant - timedelta(hours=current.session_absolute_hours),
    )
