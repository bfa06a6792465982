"""What HR sets for certificates, the evaluation and requests about personal data, with what holds until somebody sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any

TARGETS = ("test_score", "productivity", "job_satisfaction", "public_satisfaction")
"""Sorts of results for which the reference programme names a target."""

SIGNS = ("issuing_unit", "signatory_name", "signatory_title", "place")
"""What stands under a certificate."""


@dataclass(frozen=True)
class Settings:
    """The settings in force. Without a signatory a certificate says the agency's name alone."""

    issuing_unit: str = ""
    signatory_name: str = ""
    signatory_title: str = ""
    place: str = ""
    gain_low: float = 0.3
    """Normalised gain: low below it."""
    gain_high: float = 0.7
    """High above it, medium between."""
    test_score: int = 20
    """What the reference programme means to reach: percent of the baseline."""
    productivity: int = 15
    job_satisfaction: int = 10
    """Points."""
    public_satisfaction: int = 15
    behaviour_after: int = 90
    """Days after something ended until it is asked what shows at work: it needs time to show."""
    behaviour_open: int = 45
    """Days in which that may be answered."""
    reaction_days: int = 60
    """Days after a session or event in which one may say how it was."""

    answer_hours: int = 72
    """Hours in which HR answers a request about personal data: the law gives 3 × 24. A request keeps the hour it was given."""
    warn_hours: int = 24
    """So many hours before that HR is told again."""

    @property
    def signs(self) -> dict[str, str]:
        """Who stands under a certificate; nothing where nobody is named."""
        return {name: getattr(self, name) for name in SIGNS} if self.signatory_name else {}

    @property
    def asked_after(self) -> timedelta:
        """How long after its end something is asked about."""
        return timedelta(days=self.behaviour_after)

    def told(self) -> dict[str, Any]:
        """As a version keeps them."""
        return asdict(self)


def settings_of(content: Mapping[str, Any]) -> Settings:
    """The settings of a version; what it does not name holds as shipped."""
    known = {field.name for field in fields(Settings)}
    return Settings(**{name: value for name, value in content.items() if name in known})
