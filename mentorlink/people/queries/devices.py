"""Signed-in devices that still count: the one place where every door asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.prepared import Prepared
from mentorlink.people.models import Person, RoleGrant, SignIn, Unit


def live_sign_ins(sign_in_ids: Iterable[int]) -> set[int]:
    """Those that were not ended, did not lie idle too long, are not too old, and belong to somebody active."""
    wanted = set(sign_in_ids)
    if not wanted:
        return set()
    return set(
        db.session.scalars(
            sa.select(SignIn.id).join(Person, Person.id == SignIn.person_id).where(SignIn.id.in_(wanted), *_counts()),
            _limits(),
        )
    )


def sign_ins_for(actor: Actor) -> list[SignIn]:
    """The actor's own sign-ins that still count, last used first."""
    found = (
        sa.select(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .where(SignIn.person_id == actor.person_id, *_counts())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(100)
    )
    return list(db.session.scalars(found, _limits()))


def visit_of(token: str) -> tuple[SignIn, Person] | None:
    """The device that a cookie's token stands for and whose it is, while that counts: one statement."""
    found = db.session.execute(_visiting(), {"token": crypto.token_hash(token)} | _limits()).first()
    return (found[0], found[1]) if found else None


@cache
def _visiting() -> sa.Select[tuple[SignIn, Person]]:
    """Built once: every answer begins with it."""
    found = sa.select(SignIn, Person).join(Person, Person.id == SignIn.person_id)
    return found.where(SignIn.token_hash == sa.bindparam("token"), *_counts())


def person_of_sign_in(sign_in_id: int) -> Person | None:
    """Who is signed in there, while that counts."""
    return db.session.scalar(
        sa.select(Person).join(SignIn, SignIn.person_id == Person.id).where(SignIn.id == sign_in_id, *_counts()),
        _limits(),
    )


def actor_of_sign_in(sign_in_id: int, *, door: str) -> Actor | None:
    """The actor that is signed in there, while that counts, with their grants and the units they head: one statement."""
    rows = _acting.apart({"sign_in": sign_in_id} | _limits())
    if not rows:
        return None
    person_id, locale, timezone, path = rows[0][:4]
    grants = {Grant(Role(role), over) for *_who, role, over, _heads in rows if role is not None}
    return Actor(
        person_id=person_id,
        grants=tuple(sorted(grants, key=lambda grant: (grant.role, grant.unit_path or ""))),
        unit_path=path,
        heads=tuple(sorted({row[-1] for row in rows if row[-1] is not None})),
        door=door,
        locale=locale,
        timezone=timezone,
    )


@Prepared
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
        .where(sign_in.c.id == sa.bindparam("sign_in"), *_counts())
    )  # fmt: skip


def _counts() -> tuple[sa.ColumnElement[bool], ...]:
    """The person is active; the sign-in was not ended, did not lie idle too long, and is not too old. Takes ``_limits``."""
    person, sign_in = Person.__table__.c, SignIn.__table__.c
    return (
        person.state == "active",
        sign_in.ended_at.is_(None),
        sign_in.seen_at > sa.bindparam("seen"),
        sign_in.created_at > sa.bindparam("began"),
    )


def _limits() -> dict[str, datetime]:
    current, instant = settings.current(), clock.now()
    return {
        "seen": instant - timedelta(minutes=current.session_idle_minutes),
        "began": instant - timedelta(hours=current.session_absolute_hours),
    }
