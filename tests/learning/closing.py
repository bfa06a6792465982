"""A period on its way, in one line each."""

from __future__ import annotations

from datetime import UTC, date, datetime

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.inputs import PeriodInput, PeriodStep
from mentorlink.learning.models import LearningPeriod
from tests.cast import Cast

AFTER = datetime(2026, 7, 6, 5, tzinfo=UTC)
"""Monday after the first half of the year."""

SAID = PeriodInput(
    name="First half of 2026", begins_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), issuing_unit="Biro SDM",
    signatory_name="Dr. Sri Wahyuni", signatory_title="Kepala Biro", place="Jakarta",
)  # fmt: skip


def step(actor: Actor, period: LearningPeriod, code: str, note: str = "") -> LearningPeriod:
    """Take a step, and let the jobs do theirs."""
    with clock.at(AFTER):
        db.session.refresh(period)
        actions.take_period_step(actor, period, PeriodStep(step=code, revision=period.revision, note=note))  # type: ignore[arg-type]
        jobs.run_due()
    return db.session.get_one(LearningPeriod, period.id)


def begin(cast: Cast) -> LearningPeriod:
    """HR lays the period down."""
    with clock.at(AFTER):
        return actions.add_period(cast.actor(cast.coordinator), SAID)


def freeze(cast: Cast, period: LearningPeriod | None = None) -> LearningPeriod:
    """HR builds and checks it, the agency's head approves, HR freezes."""
    hr = cast.actor(cast.coordinator)
    period = period or begin(cast)
    head = cast.actor(cast.person("agency_head", cast.agency, heads=cast.agency))
    step(hr, period, "build")
    step(hr, period, "check")
    step(head, period, "approve")
    return step(hr, period, "freeze")
