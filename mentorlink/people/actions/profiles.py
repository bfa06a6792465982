"""What people say about themselves: profile, language and theme."""

from __future__ import annotations

from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.stamps import refuse_if_changed
from mentorlink.people import policy
from mentorlink.people.events import PersonChanged
from mentorlink.people.inputs import ProfileInput
from mentorlink.people.models import Person


@action
def edit_profile(actor: Actor, person: Person, data: ProfileInput, *, seen: str | None = None) -> Person:
    """Write what the person says about themself; ``seen`` is the stamp of what the form was filled with."""
    ensure(policy.may_edit_own_profile, actor, person)
    before = lock(person).own_words
    for name, value in data.model_dump().items():
        setattr(person, name, _stored(name, value))
    refuse_if_changed(seen, before, person.own_words)
    if db.session.is_modified(person):
        record(PersonChanged(person.id))
    return person


@action
def clear_profile(actor: Actor, person: Person) -> None:
    """Take out what the person wrote about themself, because they asked for it; who they are and where they work stays."""
    ensure(policy.may_edit_own_profile, actor, person)
    person.bio = person.can_help_with = person.wants_to_grow_in = ""
    person.place, person.languages = None, []
    record(PersonChanged(person.id))


@action
def choose_locale(actor: Actor, person: Person, locale: str) -> Person:
    """From now on pages and mails speak ``locale`` to the person."""
    ensure(policy.may_edit_own_profile, actor, person)
    person.locale = locale
    return person


@action
def choose_theme(actor: Actor, person: Person, theme: str) -> Person:
    """From now on pages look as ``theme`` says: auto, light or dark."""
    ensure(policy.may_edit_own_profile, actor, person)
    person.theme = theme
    return person


def _stored(name: str, value: object) -> object:
    if name == "languages":
        return list(value)  # type: ignore[call-overload]  # a tuple in the input, a list in the row
    return value or None if name in ("title_before", "title_after", "place") else value
