"""What pages about people show beside the row: words for codes, options of forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.people import queries as people
from mentorlink.people.models import Person, Unit
from mentorlink.web.locale import in_language, zone_label

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class ShownPerson:
    """A person with what a profile says about them in words."""

    person: Person
    units: list[Unit]
    superior: Person | None
    languages: list[str]
    years: int | None
    zone: str


def shown_person(person: Person) -> ShownPerson:
    """The person as a profile shows them."""
    since = person.in_field_since
    return ShownPerson(
        person,
        people.units_above(person.unit),
        people.superior_of(person),
        [in_language(people.LANGUAGES[code]) for code in person.languages if code in people.LANGUAGES],
        max(0, clock.today().year - since) if since else None,
        zone_label(person.timezone),
    )


def role_word(role: str) -> str:
    """What a role is called."""
    words: dict[str, str] = {
        "mentor": _("Mentor"),
        "coach": _("Coach"),
        "manager": _("Programme manager (HR)"),
        "administrator": _("Administrator"),
    }
    return words.get(role, role)


def role_text(role: str) -> str:
    """What a role allows."""
    words: dict[str, str] = {
        "mentor": _("May offer to mentor colleagues."),
        "coach": _("May offer to coach colleagues."),
        "manager": _("Looks after programmes and people, and sees counts and dates; never what a pair writes."),
        "administrator": _("Runs MentorLink: roles, units, people and the record of who did what."),
    }
    return words.get(role, "")


def state_word(state: str) -> str:
    """Whether somebody can sign in."""
    words: dict[str, str] = {
        "uninvited": _("No valid invitation"), "invited": _("Invited"), "active": _("Active"), "disabled": _("Disabled"),
    }  # fmt: skip
    return words[state]


def contract_options() -> Options:
    """Kinds of employment."""
    return [("pns", _("Permanent (PNS)")), ("pppk", _("Contract (PPPK)")), ("other", _("Other"))]


def rank_options() -> Options:
    """Golongan, senior first."""
    return [(code, f"{code} · {in_language(words)}") for code, words in reversed(people.RANKS.items())]


def zone_options() -> Options:
    """Time zones by the names people use."""
    towns = {"Asia/Jakarta": "Jakarta", "Asia/Pontianak": "Pontianak", "Asia/Makassar": "Makassar", "Asia/Jayapura": "Jayapura"}
    return [(zone, f"{zone_label(zone)} ({towns.get(zone, zone)})") for zone in people.TIMEZONES]


def language_options(chosen: Iterable[str] | str | None) -> Options:
    """Languages people work in, those already chosen first."""
    first = [chosen] if isinstance(chosen, str) else list(chosen or ())
    words = {code: in_language(names) for code, names in people.LANGUAGES.items()}
    return sorted(words.items(), key=lambda item: (item[0] not in first, item[0] not in ("id", "en"), item[1]))


def place_names() -> list[str]:
    """Cities that a field suggests."""
    return sorted(place.name for place in people.PLACES.values())


def unit_options(units: Iterable[Unit]) -> Options:
    """Units as a tree in a list: two signs for each step down."""
    return [(str(unit.id), "– " * max(0, unit.path.count("/") - 2) + in_language(unit.name)) for unit in units]


def job_options(who: Actor) -> Options:
    """Jobs by name."""
    return sorted(((str(job.id), in_language(job.name)) for job in people.jobs_for(who)), key=lambda option: option[1].casefold())


def role_options(who: Actor, codes: Iterable[str]) -> list[tuple[str, str, str]]:
    """Roles to give, with what they allow."""
    return [(code, role_word(code), role_text(code)) for code in codes]
