"""What happened in the learning record."""

from __future__ import annotations

from dataclasses import dataclass

from mentorlink.kernel.events import Event


@dataclass(frozen=True)
class CertificateIssued(Event):
    """Somebody has a certificate."""

    certificate_id: int
    person_id: int
