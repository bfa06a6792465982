"""What can go wrong in a use case: a code and facts, no words and no status. Each door has one table into its own tongue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class DomainError(Exception):
    """A refusal that a person can be told. ``code`` is stable, ``facts`` fill the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(DomainError):
    """There is no such thing, or not for this actor: the two look the same."""

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


class NotSignedIn(DomainError):
    """Nobody is signed in, or no longer."""

    def __init__(self, code: str = "not_signed_in", **facts: Any) -> None:
        super().__init__(code, **facts)


class Denied(DomainError):
    """The actor sees the thing, and may not do this with it."""


class Conflict(DomainError):
    """The thing is not in a state for this (any more), or somebody else was first."""


class TooMany(DomainError):
    """Too often; ``facts['retry_after']`` says after how many seconds it works again."""


@dataclass(frozen=True)
class Fault:
    """One fault of an input: the field (dotted path, ``""`` for the whole), a code, and facts."""

    field: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


class Invalid(DomainError):
    """The input is wrong. All of its faults come at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("invalid")
        self.faults = faults
