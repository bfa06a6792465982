"""What happened in the learning record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class CertificateIssued(Event):
    """Somebody has a certificate."""

    certificate_id: int
    person_id: int


@dataclass(frozen=True)
class ClaimSent(Event):
    """Somebody claims learning hours; it waits for who decides."""

    claim_id: int
    person_id: int


@dataclass(frozen=True)
class ClaimDecided(Event):
    """A claim was approved, returned, refused or reversed."""

    claim_id: int
    person_id: int
    by_id: int
    state: str


@dataclass(frozen=True)
class PlanSent(Event):
    """Somebody's plan waits for who decides."""

    plan_id: int
    person_id: int


@dataclass(frozen=True)
class PlanDecided(Event):
    """A plan was approved, returned or reopened."""

    plan_id: int
    person_id: int
    by_id: int
    state: str


@dataclass(frozen=True)
class CertificatesIssued(Event):
    """A run has issued some certificates."""

    certificate_ids: tuple[int, ...]


@dataclass(frozen=True)
class CertificateRevoked(Event):
    """A certificate does not hold any more."""

    certificate_id: int
    person_id: int
    by_id: int


@dataclass(frozen=True)
class DeedTooLate(Event):
    """Something counts for nothing, because its day lies in a frozen period."""

    person_id: int
    period_id: int
    happened_on: date


@dataclass(frozen=True)
class DataRequested(Event):
    """Somebody asks about their own data; the law's clock runs."""

    request_id: int
    person_id: int


@dataclass(frozen=True)
class DataRequestAnswered(Event):
    """HR has answered."""

    request_id: int
    person_id: int
    by_id: int


@dataclass(frozen=True)
class DataRequestDue(Event):
    """A request about personal data has a day left, or none."""

    request_id: int
    person_id: int
    late: bool


@dataclass(frozen=True)
class SessionWithdrawn(Event):
    """HR found that a session did not take place: its hours are out of the ledger."""

    person_id: int
    by_id: int
    happened_on: date


@dataclass(frozen=True)
class BehaviourAsked(Event):
    """Somebody is asked what shows at work of what was learned."""

    review_id: int
    person_id: int
    asked_id: int
