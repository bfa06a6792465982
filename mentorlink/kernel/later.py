"""What is done once the answer is out: for what a page gives rise to and nobody waits for.

A door adds a deed while it answers; the application runs it when the answer has been sent, in a context of its own. A deed that
fails is logged and lost, so nothing that must not be lost goes this way.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

import structlog

from mentorlink.kernel.logs import named

Deed = Callable[[], object]
log = structlog.get_logger(__name__)

_waiting: ContextVar[tuple[Deed, ...]] = ContextVar("waiting", default=())


def after_answer(deed: Deed) -> None:
    """Do this once the answer is out. It may use plain values only: the rows of the request are gone by then."""
    _waiting.set((*_waiting.get(), deed))


def take() -> tuple[Deed, ...]:
    """What waits, which then waits no more. The application asks when an answer is ready, and before a new request."""
    deeds = _waiting.get()
    _waiting.set(())
    return deeds


def run(deeds: tuple[Deed, ...]) -> None:
    """Do these, each for itself. Needs an application context."""
    for deed in deeds:
        try:
            deed()
        except Exception as error:  # nobody waits for it, and nobody could be told
            log.warning("deed after the answer failed", error=named(error))
