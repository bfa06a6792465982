"""Reads about accounts, sign-ins, links, and who acts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.prepared import Prepared
from mentorlink.people.models import Account, DemoSignIn, Link, Person, RoleGrant, Unit


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    person_id: int
    password_hash: str | None
    state: str


def actor_of(person: Person, *, door: str) -> Actor:
    """The actor that ``person`` is, with their grants and the units they head: one small statement."""
    rows = _held.all({"person": person.id})
    return Actor(
        person_id=person.id,
        grants=tuple(Grant(Role(role), path) for role, path in rows if role is not None),
        unit_path=person.unit.path,
        heads=tuple(path for role, path in rows if role is None),
        door=door,
        locale=person.locale,
        timezone=person.timezone,
    )


@Prepared
def _held() -> sa.Select[Any]:
    """Role and unit of each grant; no role: a unit they head."""
    grant, unit, person = RoleGrant.__table__.c, Unit.__table__, sa.bindparam("person", type_=sa.Integer)
    over = RoleGrant.__table__.outerjoin(unit, unit.c.id == grant.unit_id)
    granted = sa.select(grant.role.label("role"), unit.c.path.label("path")).select_from(over).where(grant.person_id == person)
    headed = sa.select(sa.null().label("role"), unit.c.path.label("path")).where(unit.c.head_id == person)
    held = sa.union_all(granted, headed).subquery()
    return sa.select(held.c.role, held.c.path).order_by(held.c.role, held.c.path)


def grants_of(person_ids: Iterable[int]) -> dict[int, list[Grant]]:
    """The roles that were granted, by person. One query."""
    rows = db.session.execute(
        sa.select(RoleGrant.person_id, RoleGrant.role, RoleGrant.unit_id, Unit.path)
        .outerjoin(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.person_id.in_(set(person_ids)))
        .order_by(RoleGrant.role, Unit.path)
    )
    found: dict[int, list[Grant]] = {}
    for person_id, role, _unit_id, path in rows:
        found.setdefault(person_id, []).append(Grant(Role(role), path))
    return found


def people_with_role(*roles: Role) -> set[int]:
    """Ids of active people who hold one of ``roles`` over the whole agency."""
    held = sa.select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    over_all = RoleGrant.role.in_([str(role) for role in roles]), RoleGrant.unit_id.is_(None), Person.state == "active"
    return set(db.session.scalars(held.where(*over_all)))


def credentials_of(login: str) -> Credentials | None:
    """The account that an e-mail address or NIP names."""
    digits = re.sub(r"[\s.\-]", "", login)
    column, value = (Person.nip, digits) if re.fullmatch(r"[0-9]{18}", digits) else (Person.email, login.strip().lower())
    row = db.session.execute(
        sa.select(Person.id, Account.password_hash, Person.state)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(column == value)
    ).one_or_none()
    return Credentials(*row) if row else None


def password_hash_of(person_id: int | None) -> str | None:
    """The hash that a person's password is checked against."""
    return db.session.scalar(sa.select(Account.password_hash).where(Account.person_id == person_id))


def open_link(kind: str, token: str) -> Link | None:
    """The link that ``token`` opens, if it still works."""
    return db.session.scalar(
        sa.select(Link).where(
            Link.token_hash == crypto.token_hash(token), Link.kind == kind, Link.used_at.is_(None), Link.expires_at > clock.now()
        )
    )


def first_administrator_awaited() -> bool:
    """True where a link for the first administrator was given out and still works."""
    open_one = sa.select(Link.id).where(Link.kind == "first_administrator", Link.used_at.is_(None), Link.expires_at > clock.now())
    return db.session.scalar(open_one.limit(1)) is not None


def demo_sign_ins() -> list[DemoSignIn]:
    """The people whom the sign-in page of a demo offers; none where no demo was loaded."""
    return list(
        db.session.scalars(
            sa.select(DemoSignIn).join(Person).where(Person.state == "active").order_by(DemoSignIn.position, DemoSignIn.person_id)
        )
    )


def demo_runs() -> bool:
    """True while the demo's people are offered: it was made whole, and nobody real has come in."""
    return db.session.scalar(sa.select(DemoSignIn.person_id).limit(1)) is not None


def demo_is_safe() -> bool:
    """True when the demo made up everybody in the database: only then may demo sign-ins be offered."""
    return db.session.scalar(sa.select(Person.id).where(Person.of_demo.is_(False)).limit(1)) is None


def needs_first_administrator() -> bool:
    """True while nobody can administer the whole agency. The demo's people can no longer, once their demo is over."""
    known = people_with_role(Role.ADMINISTRATOR)
    over = (
        sa.select(Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(known), Person.of_demo, Account.password_hash.is_(None), ~sa.exists(sa.select(DemoSignIn.person_id)))
    )
    return not known or known == set(db.session.scalars(over))
