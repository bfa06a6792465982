"""What happened with files."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class FileApplied(Event):
    """The good rows of a file are in."""

    kind: str
