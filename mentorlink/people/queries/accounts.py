"""Reads about sign-ins and who acts."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import crypto
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, RoleGrant, SignIn, Unit


def sign_in_of(token: str) -> SignIn | None:
    """The sign-in that a cookie's token stands for, ended or not; None if there never was one."""
    return db.session.scalar(sa.select(SignIn).where(SignIn.token_hash == crypto.token_hash(token)))


def actor_of(person: Person, *, door: str) -> Actor:
    """The actor that ``person`` is, with their grants and the units they head: two small queries."""
    grants = db.session.execute(
        sa.select(RoleGrant.role, Unit.path).outerjoin(Unit, RoleGrant.unit_id == Unit.id).where(RoleGrant.person_id == person.id)
    )
    heads = db.session.scalars(sa.select(Unit.path).where(Unit.head_id == person.id).order_by(Unit.path))
    return Actor(
        person_id=person.id,
        grants=tuple(Grant(Role(role), path) for role, path in grants),
        unit_path=person.unit.path,
        heads=tuple(heads),
        door=door,
        locale=person.locale,
        timezone=person.timezone,
    )


def sign_ins_for(actor: Actor) -> list[SignIn]:
    """The actor's own sign-ins that have not ended, last used first."""
    return list(
        db.session.scalars(
            sa.select(SignIn)
            .where(SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None))
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
            .limit(100)
        )
    )
