"""Language and theme of a person's pages."""

from __future__ import annotations

from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.people import policy
from mentorlink.people.models import Person


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
