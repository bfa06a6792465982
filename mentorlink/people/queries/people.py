"""Reads about persons."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.people import policy
from mentorlink.people.models import Person


def person_for(actor: Actor, person_id: int) -> Person:
    """A colleague's profile. Who has left exists only for HR over their unit."""
    person = db.session.get(Person, person_id)
    if person is None or not policy.may_see_profile(actor, person):
        raise NotFound()
    return person


def people_by_id(ids: Iterable[int]) -> dict[int, Person]:
    """Persons by id, in whatever state; unknown ids are left out. One query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {person.id: person for person in db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}


def search_people(actor: Actor, text: str, *, limit: int = 10) -> list[Person]:
    """Active colleagues whose name has words that begin like those of ``text``, by name."""
    words = fold(text).split()
    if not words or actor.person_id is None and not actor.is_system:
        return []
    conditions = [_has_word(word) for word in words[:6]]
    return list(
        db.session.scalars(
            sa.select(Person).where(Person.state == "active", *conditions).order_by(Person.folded_name, Person.id).limit(min(limit, 50))
        )
    )


def nip_for(actor: Actor, person: Person) -> str:
    """The NIP, masked but for its last three digits unless the actor is the person or HR over the unit; "" if none."""
    if not person.nip:
        return ""
    return person.nip if policy.may_see_nip(actor, person) else "•" * 15 + person.nip[-3:]


def _has_word(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        Person.folded_name.startswith(word, autoescape=True), Person.folded_name.contains(f" {word}", autoescape=True)
    )
