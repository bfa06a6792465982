"""What happened to people."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class PersonAdded(Event):
    """Somebody joined the agency; invited, not yet signed in."""

    person_id: int


@dataclass(frozen=True)
class PersonChanged(Event):
    """Something in somebody's profile is different: name, unit, job, field, place, languages, texts."""

    person_id: int


@dataclass(frozen=True)
class PersonLeft(Event):
    """Somebody was disabled; their sign-ins have ended."""

    person_id: int


@dataclass(frozen=True)
class PersonReturned(Event):
    """Somebody who had left may sign in again."""

    person_id: int


@dataclass(frozen=True)
class PeopleSaved(Event):
    """Many people were added or changed at once from a file; stands for an event each."""

    added: tuple[int, ...]
    changed: tuple[int, ...]


@dataclass(frozen=True)
class UnitChanged(Event):
    """A unit was added, renamed, moved or closed, or has another head: lines of command may differ."""

    unit_id: int


@dataclass(frozen=True)
class UnitsSaved(Event):
    """Many units were added or changed at once from a file."""

    unit_ids: tuple[int, ...]


@dataclass(frozen=True)
class RoleGranted(Event):
    """Somebody was given a role; ``by_id``: who gave it, None for the house."""

    person_id: int
    role: str
    by_id: int | None = None


@dataclass(frozen=True)
class RoleRevoked(Event):
    """A role was taken from somebody."""

    person_id: int
    role: str


@dataclass(frozen=True)
class Blocked(Event):
    """Somebody wants nothing to do with somebody."""

    person_id: int
    blocked_id: int


@dataclass(frozen=True)
class Unblocked(Event):
    """Somebody lifted their block."""

    person_id: int
    blocked_id: int


@dataclass(frozen=True)
class SignedOut(Event):
    """A device's sign-in has ended: by the person, a new password, or because they left."""

    person_id: int
    sign_in_id: int


@dataclass(frozen=True)
class ErasureGranted(Event):
    """HR grants somebody that parts of what the house keeps of them are erased; each feature erases what is its own."""

    person_id: int
    parts: tuple[str, ...]
    """Codes of ``learning.stages.ERASABLE``."""


@dataclass(frozen=True)
class RankingRefused(Event):
    """Somebody objects to being ranked by a machine, or to any use of their data; it holds at once."""

    person_id: int
    unseen: bool
    """Nor do they want to be found."""
