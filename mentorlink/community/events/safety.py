"""What happened to keep a community safe."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class MessageHeld(Event):
    """A newcomer's message waits for a moderator."""

    message_id: int
    community_id: int
    author_id: int


@dataclass(frozen=True)
class MessageReleased(Event):
    """Words that nobody could read are read by everybody; ``held``: for the first time."""

    message_id: int
    held: bool


@dataclass(frozen=True)
class Reported(Event):
    """The moderators are told of something."""

    report_id: int
    community_id: int
    about_id: int


@dataclass(frozen=True)
class ReportSettled(Event):
    """Who told learns that it was looked at."""

    report_id: int
    community_id: int
    by_id: int
    told_id: int


@dataclass(frozen=True)
class Moderated(Event):
    """A moderator did something that concerns somebody, who may appeal."""

    act_id: int
    community_id: int
    person_id: int


@dataclass(frozen=True)
class Appealed(Event):
    """Whom it concerns says that it was wrong."""

    act_id: int
    community_id: int
    by_id: int


@dataclass(frozen=True)
class AppealAnswered(Event):
    act_id: int
    person_id: int
    answer: str


@dataclass(frozen=True)
class GlassAsked(Event):
    """An administrator asks another to agree."""

    glass_id: int
    by_id: int


@dataclass(frozen=True)
class GlassBroken(Event):
    """Two administrators agreed; the members are told why."""

    glass_id: int
    community_id: int
