"""Cause and effect, on one page: which event has which effects, which job which handler."""

from __future__ import annotations

from mentorlink.kernel import events, jobs

WITHIN: events.Table = {}

AFTER: events.Table = {}

JOBS: dict[str, jobs.Handler] = {}


def wire_all() -> None:
    """Join the house."""
    events.wire(within_effects=WITHIN, after_effects=AFTER)
    jobs.handlers.clear()
    jobs.handlers.update(JOBS)
