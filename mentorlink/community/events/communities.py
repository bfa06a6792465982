"""What happened among the members of a community."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class CommunityCreated(Event):
    community_id: int
    by_id: int | None


@dataclass(frozen=True)
class JoinedCommunity(Event):
    """Somebody became a member: by themselves, by a granted request, or by taking an invitation."""

    community_id: int
    person_id: int


@dataclass(frozen=True)
class LeftCommunity(Event):
    """Somebody left of their own accord, or left the agency."""

    community_id: int
    person_id: int


@dataclass(frozen=True)
class MemberRemoved(Event):
    community_id: int
    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class MemberRoleChanged(Event):
    community_id: int
    person_id: int
    role: str
    by_id: int | None


@dataclass(frozen=True)
class JoinAsked(Event):
    """Somebody asked to join; the facilitators decide."""

    entry_id: int
    community_id: int
    person_id: int


@dataclass(frozen=True)
class JoinAnswered(Event):
    """A facilitator answered a request to join."""

    entry_id: int
    community_id: int
    person_id: int
    accepted: bool
    by_id: int | None


@dataclass(frozen=True)
class MemberInvited(Event):
    entry_id: int
    community_id: int
    person_id: int
    by_id: int | None


@dataclass(frozen=True)
class InvitationDeclined(Event):
    entry_id: int
    community_id: int
    person_id: int
