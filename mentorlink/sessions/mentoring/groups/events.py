"""What happened in groups."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class GroupAsked(Event):
    """Somebody would like to join."""

    group_id: int
    member_id: int
    mentor_id: int
    person_id: int


@dataclass(frozen=True)
class GroupInvited(Event):
    """The mentor invites somebody."""

    group_id: int
    member_id: int
    mentor_id: int
    person_id: int


@dataclass(frozen=True)
class GroupJoined(Event):
    """Somebody is in; ``by_id`` said the second yes."""

    group_id: int
    mentor_id: int
    person_id: int
    mentorship_id: int
    by_id: int | None


@dataclass(frozen=True)
class GroupDeclined(Event):
    """The other said no, or took back what they asked: ``by_id``."""

    group_id: int
    mentor_id: int
    person_id: int
    state: str
    by_id: int | None


@dataclass(frozen=True)
class GroupLeft(Event):
    """Somebody is no more in it; their mentorship goes on, or has ended by itself."""

    group_id: int
    mentor_id: int
    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class GroupEnded(Event):
    """The group meets no more; each mentorship goes on."""

    group_id: int
    mentor_id: int
    person_ids: tuple[int, ...]
    by_id: int | None


GroupEvent = GroupAsked | GroupInvited | GroupJoined | GroupDeclined | GroupLeft | GroupEnded
"""Any of them; each names the group and its mentor."""
