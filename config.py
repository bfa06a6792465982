"""Every setting, typed, read from the environment (``MENTORLINK_…``), with one line of why.

A wrong setting stops the start with a sentence that names it; nothing is guessed for what guards data.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mentorlink.kernel import webpush

PREFIX = "MENTORLINK_"
_OF_TOOLS = frozenset({"CHROMIUM", "PICTURES"})
"""What scripts and tests read under the same prefix, beside all that begins with ``TEST_``."""

_OF_CONTAINERS = re.compile(r"(SERVICE_(HOST|PORT.*)|NAME|PORT(_\d+_(TCP|UDP).*)?)")
"""What Kubernetes and Docker tell every container of a service that is called mentorlink."""


class SettingsError(SystemExit):
    """Raised when the configuration is wrong; its text names each setting at fault."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    # What must be said
    secret_key: str = Field(description="Signs cookies; at least 32 characters of your own.")
    data_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        description="Key ring for confidential columns, newest first, comma-separated; 32 bytes each in url-safe base64."
    )
    database_url: str = Field(description="sqlite:////path/file.db or postgresql+psycopg://user:password@host/name.")

    # The organisation
    agency_name: str = Field("", description="Name on pages, papers and in mails; empty: that of the highest unit.")
    default_locale: Literal["id", "en"] = Field("id", description="Language until a person chooses one.")
    default_timezone: str = Field("Asia/Jakarta", description="Time zone until a person has one.")
    base_url: str = Field("http://localhost:8000", description="Public address; links in mails start with it.")
    demo: bool = Field(False, description="Offers the demo sign-ins; refused over a database that holds real people.")

    # Mail
    smtp_url: str = Field(
        "",
        description="smtp://user:password@host:587?starttls=1; empty: mails are files in the data folder, without one "
        "(PostgreSQL) they wait in the outbox.",
    )
    mail_from: str = Field("MentorLink <no-reply@localhost>", description="Sender of every mail.")

    # Signing in
    session_idle_minutes: int = Field(30, ge=5, le=1440, description="A sign-in ends after so long without a request.")
    session_absolute_hours: int = Field(12, ge=1, le=168, description="A sign-in ends after so long in any case.")
    invitation_days: int = Field(7, ge=1, le=60, description="An invitation link works for so long.")
    reset_minutes: int = Field(10, ge=5, le=60, description="A password reset link works for so long.")
    sign_in_attempts: int = Field(8, ge=3, le=100, description="Failed sign-ins per account and address in 15 minutes.")

    # Rules that the field leaves open
    request_days: int = Field(7, ge=1, le=60, description="A request without an answer returns to its sender after so long.")
    shown_days: int = Field(
        400, ge=90, le=1100, description="What ranked lists showed is deleted after so long; from list to closed pair is a year."
    )
    learn_days: int = Field(
        30, ge=0, le=365, description="Every so many days a ranking is fitted to what came of lists; 0 leaves it to the command."
    )
    open_offers: bool = Field(True, description="Everyone may offer to mentor; otherwise HR grants the role first.")

    peer_least: int = Field(
        3, ge=3, le=10, description="So many colleagues must have answered on a competency before their view of it counts."
    )
    peer_most: int = Field(8, ge=3, le=30, description="At most so many colleagues are asked about one person at a time.")
    peer_days: int = Field(14, ge=3, le=60, description="Colleagues who are asked can answer for so long.")

    # Sessions
    video_rooms: str = Field(
        "https://meet.jit.si/{room}",
        description="Address of a video call for which nobody names a link; {room} becomes a name nobody can guess. Empty: none.",
    )
    calendar_hours: int = Field(
        6, ge=1, le=168, description="Calendars that people bring by address are read again after so long."
    )

    silence_days: int = Field(
        7,
        ge=2,
        le=60,
        description="A quiet pair is reminded after so many days, twice and three times as many; after four times as "
        "many its end is announced.",
    )
    silence_notice_days: int = Field(7, ge=1, le=60, description="So many days after the announcement a quiet pair ends.")

    push_key: str = Field(
        "",
        description="Lets browsers be told while no page is open (python -m mentorlink push-key makes one); empty: they are not.",
    )

    # Size
    max_upload_mb: int = Field(20, ge=1, le=200, description="Largest file taken in.")
    max_sockets: int = Field(2000, ge=10, le=20000, description="Live connections one process accepts; further clients poll.")
    database_pool: int = Field(20, ge=1, le=500, description="Database connections one process holds at most.")
    redis_url: str = Field("", description="Carries hints between several workers; empty for one process.")
    background: bool = Field(True, description="Runs jobs in a thread of this process; off when a worker runs beside it.")
    trusted_proxies: int = Field(0, ge=0, le=5, description="Reverse proxies in front whose X-Forwarded headers count.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity written to the log.")

    @field_validator("data_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("data_keys")
    @classmethod
    def _real_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("at least one key is needed")
        for key in value:
            try:
                raw = base64.urlsafe_b64decode(key)
            except (binascii.Error, ValueError) as error:
                raise ValueError("each key is 32 bytes in url-safe base64") from error
            if len(raw) != 32 or len(set(raw)) < 12:
                raise ValueError("each key is 32 random bytes in url-safe base64")
        return value

    @field_validator("push_key")
    @classmethod
    def _real_push_key(cls, value: str) -> str:
        if value and not webpush.is_key(value):
            raise ValueError("is what `python -m mentorlink push-key` prints")
        return value

    @field_validator("secret_key")
    @classmethod
    def _real_secret(cls, value: str) -> str:
        if len(value) < 32:
            raise ValueError("at least 32 characters are needed")
        if len(set(value)) < 12 or any(word in value.lower() for word in ("changeme", "change-me", "secret", "example")):
            raise ValueError("a sample or guessable value is not accepted; use 32 random characters")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("starts with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import available_timezones

        if value not in available_timezones():
            raise ValueError("is an IANA time zone such as Asia/Jakarta")
        return value

    @field_validator("video_rooms")
    @classmethod
    def _rooms_apart(cls, value: str) -> str:
        if value and not (value.startswith("https://") and "{room}" in value):
            raise ValueError("is empty, or starts with https:// and holds {room}")
        return value

    @field_validator("base_url")
    @classmethod
    def _public_address(cls, value: str) -> str:
        if _url(value, "http", "https") is None:
            raise ValueError("starts with http:// or https:// and names a host, as in https://mentor.example.go.id")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        url = _url(value, "smtp", "smtps")
        said = parse_qs(url.query, keep_blank_values=True) if url else {}
        if value and (url is None or said not in ({}, {"starttls": ["0"]}, {"starttls": ["1"]})):
            raise ValueError(
                "is empty, or the address of a mail server: smtp://user:password@host:587?starttls=1 or smtps://host"
            )
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
            raise ValueError("is an e-mail address, with a name before it or without: MentorLink <no-reply@example.go.id>")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not (_url(value, "redis", "rediss") or re.fullmatch(r"unix://.+", value)):
            raise ValueError("is empty, or the address of a Redis: redis://host:6379/0, rediss:// or unix://")
        return value

    @property
    def secure_cookies(self) -> bool:
        """True where the public address is https; then cookies are Secure and carry the ``__Host-`` prefix."""
        return self.base_url.startswith("https://")

    @property
    def sign_in_cookie(self) -> str:
        """Name of the cookie that holds the sign-in token."""
        return "__Host-mentorlink" if self.secure_cookies else "mentorlink"

    @property
    def data_dir(self) -> Path | None:
        """Folder of the embedded database file; None on PostgreSQL."""
        return Path(self.database_url.removeprefix("sqlite:///")).parent if self.database_url.startswith("sqlite") else None


def load_settings(**overrides: object) -> Settings:
    """Read the settings, or stop the start with one line per fault: what is wrong, what is missing, what nothing reads."""
    settings, lines = None, list(_unread())
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # values come from the environment
    except ValidationError as error:
        lines += [
            f"  {PREFIX}{''.join(str(part) for part in fault['loc'][:1]).upper() or '…'}:"
            f" {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
    if settings is None or lines:
        raise SettingsError("MentorLink does not start, the configuration is wrong:\n" + "\n".join(lines)) from None
    return settings


def _unread() -> Iterator[str]:
    """A line for each variable that is spelt like a setting and is none: somebody believes that it works."""
    known = [name.upper() for name in Settings.model_fields]
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(PREFIX)
        ours = name in known or name in _OF_TOOLS or name.startswith("TEST_")
        if not variable.upper().startswith(PREFIX) or ours or _OF_CONTAINERS.fullmatch(name):
            continue
        likely = get_close_matches(name, known, n=1, cutoff=0.85) or get_close_matches(name, known, n=2, cutoff=0.6)
        near = " or ".join(f"{PREFIX}{one}" for one in likely)
        hint = f"did you mean {near}?" if near else "docs/operating.md lists all there are."
        yield f"  {variable}: there is no such setting; {hint} Correct the name or take the variable out."


def _url(value: str, *schemes: str) -> SplitResult | None:
    """The parts of an address with a host and one of ``schemes``; None for anything else."""
    try:
        url = urlsplit(value)
        return url if url.scheme in schemes and url.hostname and url.port != 0 else None
    except ValueError:  # what stands for the port is none
        return None
