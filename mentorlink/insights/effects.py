"""What insights does when another has spoken."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.events import Event


def work_out_soon(_event: Event) -> None:
    """After many changes at once the figures are worked out within a minute, once for all that came until then."""
    minute = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    jobs.enqueue("insights.refresh", {}, run_at=minute, dedupe_key=f"insights.refresh:{minute.isoformat()}")
