"""What use cases about people take from outside."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from mentorlink.kernel import clock
from mentorlink.kernel.inputs import Input, Line, Text
from mentorlink.people.rules import LANGUAGES, RANKS, TIMEZONES, known_place, nip_fault

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def _email(value: str) -> str:
    value = value.lower()
    local, _, domain = value.partition("@")
    if len(local) > 64 or len(domain) > 190 or not _EMAIL.fullmatch(value):
        raise ValueError("email_form")
    return value


def _digits(value: object) -> object:
    return re.sub(r"[\s.\-]", "", value) if isinstance(value, str) else value


def _rank(value: str) -> str:
    grade, _, letter = value.replace(" ", "").partition("/")
    code = f"{grade.upper()}/{letter.lower()}"
    if code not in RANKS:
        raise ValueError("rank_unknown")
    return code


def _zone(value: str) -> str:
    if value not in TIMEZONES:
        raise ValueError("timezone_unknown")
    return value


def _languages(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(code not in LANGUAGES for code in value):
        raise ValueError("language_unknown")
    return tuple(dict.fromkeys(value))


def _place(value: str) -> str:
    known = known_place(value)
    return known.name if known else value


def _has_letter(value: str) -> str:
    if not any(character.isalpha() for character in value):
        raise ValueError("name_letters")
    return value


def _started(value: int) -> int:
    if value > clock.today().year:
        raise ValueError("year_ahead")
    return value


Email = Annotated[Line, StringConstraints(max_length=254), AfterValidator(_email)]
Nip = Annotated[str, BeforeValidator(_digits), StringConstraints(max_length=40)]
AgencyName = Annotated[Line, StringConstraints(max_length=160)]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=160), AfterValidator(_has_letter)]
TitleBefore = Annotated[Line, StringConstraints(max_length=60)]
TitleAfter = Annotated[Line, StringConstraints(max_length=80)]
Rank = Annotated[Line, StringConstraints(max_length=12), AfterValidator(_rank)]
Zone = Annotated[Line, AfterValidator(_zone)]
Languages = Annotated[tuple[str, ...], Field(max_length=12), AfterValidator(_languages)]
PlaceName = Annotated[Line, StringConstraints(max_length=80), AfterValidator(_place)]
Year = Annotated[int, Field(ge=1950), AfterValidator(_started)]
Story = Annotated[Text, StringConstraints(max_length=1500)]
Code = Annotated[Line, StringConstraints(min_length=1, max_length=60)]
Contract = Literal["pns", "pppk", "other"]
NewPassword = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=False)]
Secret = Annotated[str, StringConstraints(max_length=200, strip_whitespace=False)]


class _WithNip(Input):
    contract: Contract = "pns"
    nip: Nip | None = None

    @field_validator("nip")
    @classmethod
    def _sound_nip(cls, value: str | None, info: ValidationInfo) -> str | None:
        fault = nip_fault(value, info.data.get("contract") or "pns", today=clock.today()) if value else None
        if fault:
            raise ValueError(fault)
        return value or None


class SignInInput(Input):
    """E-mail or NIP, and password; the password is taken as typed."""

    login: Annotated[Line, StringConstraints(max_length=254)]
    password: Secret


class ResetRequestInput(Input):
    """Where the link goes."""

    login: Annotated[Line, StringConstraints(max_length=254)]


class NewPasswordInput(Input):
    """A new password and the secret of the link that allows it."""

    key: Annotated[str, StringConstraints(max_length=100)]
    password: NewPassword


class PasswordChangeInput(Input):
    """The present password and the new one."""

    current: Secret
    password: NewPassword


class FirstAdministratorInput(NewPasswordInput):
    """Who runs the agency's MentorLink from now on, and what the agency is called where nothing says so yet."""

    agency: AgencyName = ""
    name: Name
    email: Email


class ProfileInput(Input):
    """What people say about themselves."""

    title_before: TitleBefore = ""
    title_after: TitleAfter = ""
    in_field_since: Year | None = None
    languages: Languages = ()
    place: PlaceName = ""
    timezone: Zone
    bio: Story = ""
    can_help_with: Story = ""
    wants_to_grow_in: Story = ""


class StampedProfile(ProfileInput):
    """What people say about themselves, over what they were shown before."""

    stamp: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class PersonInput(_WithNip):
    """What HR keeps of a person."""

    name: Name
    email: Email
    title_before: TitleBefore = ""
    title_after: TitleAfter = ""
    rank: Rank | None = None
    unit_id: int
    job_id: int | None = None
    in_field_since: Year | None = None
    place: PlaceName = ""
    timezone: Zone | None = None
    locale: Literal["id", "en"] | None = None


class RoleInput(Input):
    """A role, for the agency or for a unit and all below it."""

    role: Literal["mentor", "coach", "manager", "administrator"]
    unit_id: int | None = None


class UnitInput(Input):
    """A unit of the tree."""

    code: Code
    name_id: Name
    name_en: Annotated[Line, StringConstraints(max_length=160)] = ""
    parent_id: int | None = None
    place: PlaceName = ""
    timezone: Zone | None = None


class UnitRow(Input):
    """A unit as a file's row says it. What is None stays as it is (in a new unit: empty); ``parent`` "" is the top."""

    code: Code
    name_id: Name
    name_en: Annotated[Line, StringConstraints(max_length=160)] | None = None
    parent: Annotated[Line, StringConstraints(max_length=60)] | None = None
    head: Annotated[Line, StringConstraints(max_length=254)] | None = None
    """E-mail or NIP of who heads it."""
    place: PlaceName | None = None
    timezone: Zone | None = None


class JobRow(Input):
    """A job as a file's row says it; tier and field by code."""

    code: Code
    name_id: Name
    name_en: Annotated[Line, StringConstraints(max_length=160)] | None = None
    tier: Code
    field: Annotated[Line, StringConstraints(max_length=40)] | None = None


class PersonRow(_WithNip):
    """A person as a file's row says it, known by NIP or e-mail. What is None stays as it is (in a new person: empty)."""

    contract: Contract | None = None  # type: ignore[assignment]  # a row may leave it open
    email: Email | None = None
    name: Name | None = None
    title_before: TitleBefore | None = None
    title_after: TitleAfter | None = None
    rank: Rank | None = None
    unit: Code | None = None
    job: Code | None = None
    heads_unit: bool | None = None
    in_field_since: Year | None = None
    languages: Languages | None = None
    place: PlaceName | None = None
    timezone: Zone | None = None
    locale: Literal["id", "en"] | None = None
    bio: Story | None = None
    can_help_with: Story | None = None
    wants_to_grow_in: Story | None = None
