"""Reads about persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Fault, NotFound
from mentorlink.kernel.text import fold
from mentorlink.people import policy
from mentorlink.people.models import Block, Link, Person, RoleGrant, Unit
from mentorlink.people.rules import mask_nip


@dataclass(frozen=True)
class DirectoryPage:
    """Some people of the directory, how many there are in all, and where the next page begins."""

    people: list[Person]
    grants: dict[int, list[RoleGrant]]
    invited: set[int]
    """Those of them who have an invitation that works."""
    total: int
    next_after: str | None

    def state_of(self, person: Person) -> str:
        """active, disabled, or, as long as there is no password, invited or uninvited."""
        return state_of(person, self.invited)


def person_for(actor: Actor, person_id: int) -> Person:
    """A colleague's profile. Who has left exists only for HR over their unit."""
    person = db.session.get(Person, person_id)
    if person is None or not policy.may_see_profile(actor, person):
        raise NotFound()
    return person


def person_to_manage_for(actor: Actor, person_id: int) -> Person:
    """Somebody whom the actor looks after as HR; anybody else does not exist on those pages."""
    person = db.session.get(Person, person_id)
    if person is None or not policy.may_manage_person(actor, person):
        raise NotFound()
    return person


def person_by_email_for(actor: Actor, email: str) -> Person | None:
    """The colleague with that e-mail address, if there is one who has not left."""
    person = db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
    return person if person is not None and person.state != "disabled" and policy.may_see_profile(actor, person) else None


def people_by_id(ids: Iterable[int]) -> dict[int, Person]:
    """Persons by id, in whatever state; unknown ids are left out. One query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {person.id: person for person in db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}


def search_people(actor: Actor, text: str, *, limit: int = 10) -> list[Person]:
    """Active colleagues whose name has words that begin like those of ``text``, by name."""
    words = fold(text).split()
    if not words or not (actor.is_system or policy.may_use_own_account(actor)):
        return []
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(Person.state == "active", *(_has_word(word) for word in words[:6]))
            .order_by(Person.folded_name, Person.id)
            .limit(min(limit, 50))
        )
    )


def directory_for(
    actor: Actor, *, text: str = "", unit: Unit | None = None, state: str = "", role: str = "", after: str = "", limit: int = 30
) -> DirectoryPage:
    """People whom the actor looks after, by name, from ``after`` (a page's ``next_after``) on. Four queries at any size.

    ``state`` is one of those that ``state_of`` tells.
    """
    conditions = [_in_scope(actor), *_standing(state)]
    conditions.append(named_so(text))
    if unit is not None:
        conditions.append(Person.unit_id.in_(_units_below([unit.path])))
    if role:
        conditions.append(Person.id.in_(sa.select(RoleGrant.person_id).where(RoleGrant.role == role)))
    total = db.session.scalar(sa.select(sa.func.count(Person.id)).where(*conditions)) or 0
    page = sa.select(Person).where(*conditions).order_by(Person.folded_name, Person.id).limit(limit + 1)
    people = list(db.session.scalars(page.where(_beyond(after)) if after else page))
    more = len(people) > limit
    people = people[:limit]
    ids = [person.id for person in people]
    return DirectoryPage(people, role_grants_of(ids), invited_among(ids), total, _cursor(people[-1]) if more else None)


def state_of(person: Person, invited: Collection[int]) -> str:
    """active, disabled, or, as long as there is no password, invited (``invited``: who has a link that works) or uninvited."""
    return "uninvited" if person.state == "invited" and person.id not in invited else person.state


def taken_keys(email: str, nip: str, *, but: int | None = None) -> list[Fault]:
    """A fault for each of these that a colleague has already, ``but`` apart."""
    found = sa.select(Person.email, Person.nip).where(sa.or_(Person.email == email, Person.nip == nip), Person.id != (but or 0))
    rows = db.session.execute(found).all()
    faults = [Fault("email", "email_taken")] if email and any(row.email == email for row in rows) else []
    return faults + ([Fault("nip", "nip_taken")] if nip and any(row.nip == nip for row in rows) else [])


def invited_at(person: Person) -> datetime | None:
    """When the newest invitation that works went out, as far as the days that it lasts are still the same."""
    expires_at = db.session.scalar(
        sa.select(sa.func.max(Link.expires_at)).where(
            Link.person_id == person.id, Link.kind == "invitation", Link.used_at.is_(None), Link.expires_at > clock.now()
        )
    )
    return expires_at - timedelta(days=settings.current().invitation_days) if expires_at else None


def invited_among(person_ids: Iterable[int]) -> set[int]:
    """Those who have an invitation that works. One query."""
    return set(db.session.scalars(sa.select(Person.id).where(Person.id.in_(set(person_ids)), _has_invitation())))


def _standing(state: str) -> list[sa.ColumnElement[bool]]:
    if state in ("invited", "uninvited"):
        return [Person.state == "invited", _has_invitation() if state == "invited" else ~_has_invitation()]
    return [Person.state == state if state else Person.state != "disabled"]


def _has_invitation() -> sa.Exists:
    return sa.exists().where(
        Link.person_id == Person.id, Link.kind == "invitation", Link.used_at.is_(None), Link.expires_at > clock.now()
    )


def uninvited(actor: Actor, unit: Unit | None = None) -> sa.Select[tuple[int]]:
    """Ids of those whom the actor looks after (in ``unit`` and below) who have no password yet and no link that still works.

    Who holds a role in HR gets an invitation only one by one, from somebody of no less power.
    """
    conditions = [_in_scope(actor), *_standing("uninvited")]
    if unit is not None:
        conditions.append(Person.unit_id.in_(_units_below([unit.path])))
    if not actor.has_over(None, Role.ADMINISTRATOR):
        hr = [str(role) for role in policy.HR]
        conditions.append(~sa.exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(hr)))
    return sa.select(Person.id).where(*conditions).order_by(Person.id)


def uninvited_count(actor: Actor, unit: Unit | None = None) -> int:
    """How many people ``uninvited`` finds."""
    if not policy.may_invite_people(actor, unit):
        return 0
    return db.session.scalar(sa.select(sa.func.count()).select_from(uninvited(actor, unit).order_by(None).subquery())) or 0


def role_grants_of(person_ids: Iterable[int]) -> dict[int, list[RoleGrant]]:
    """The rows of roles that were granted, by person. One query."""
    found: dict[int, list[RoleGrant]] = {}
    for grant in db.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.person_id.in_(set(person_ids))).order_by(RoleGrant.role, RoleGrant.id)
    ):
        found.setdefault(grant.person_id, []).append(grant)
    return found


def nip_for(actor: Actor, person: Person) -> str:
    """The NIP, masked but for its last three digits unless the actor is the person or HR over the unit; "" if none."""
    if not person.nip:
        return ""
    return person.nip if policy.may_see_nip(actor, person) else mask_nip(person.nip)


def has_blocked(actor: Actor, person: Person) -> bool:
    """True when the actor keeps that person away; what the other did, nobody is told."""
    return actor.person_id is not None and db.session.get(Block, (actor.person_id, person.id)) is not None


def blocked_by(actor: Actor) -> list[Person]:
    """Whom the actor keeps away, by name."""
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(Block, Block.blocked_id == Person.id)
            .where(Block.person_id == actor.person_id)
            .order_by(Person.folded_name, Person.id)
            .limit(200)
        )
    )


def _in_scope(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.has_over(None, *policy.HR):
        return sa.true()
    paths = [grant.unit_path for grant in actor.grants if grant.role in policy.HR and grant.unit_path]
    return Person.unit_id.in_(_units_below(paths))


def _units_below(paths: list[str]) -> sa.Select[Any]:
    return sa.select(Unit.id).where(sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in paths)))


def _has_word(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(Person.folded_name.startswith(word, autoescape=True), Person.folded_name.contains(f" {word}", autoescape=True))


def named_so(text: str) -> sa.ColumnElement[bool]:
    """The condition that name or e-mail address have all words of ``text``; true of everybody where it has none."""
    words = fold(text).split()[:6]
    return sa.and_(sa.true(), *(sa.or_(_has_word(word), Person.email.contains(word, autoescape=True)) for word in words))


def _cursor(person: Person) -> str:
    return f"{person.id}.{person.folded_name}"


def _beyond(after: str) -> sa.ColumnElement[bool]:
    number, _, name = after.partition(".")
    person_id = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    return sa.or_(Person.folded_name > name, sa.and_(Person.folded_name == name, Person.id > person_id))
