"""What several use cases of coaching do alike."""

from __future__ import annotations

from mentorlink.kernel import clock
from mentorlink.kernel.db import lock
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.stages import State, allows


def begin(engagement: Engagement, act: str) -> Engagement:
    """Lock the engagement and refuse what its state does not allow."""
    lock(engagement)
    if not allows(act, engagement.state):
        raise refusal(engagement)
    if engagement.paused_until is not None:
        raise Conflict("engagement_rests")
    engagement.touched_at = clock.now()
    return engagement


def refusal(engagement: Engagement) -> Conflict:
    """Why the table has no such act or step here."""
    if not engagement.is_open:
        return Conflict("engagement_over")
    return Conflict("not_engaged_yet" if engagement.state == State.CONVERSATION else "engaged_already")


def ids(engagement: Engagement) -> tuple[int, int, int]:
    """What every event of an engagement begins with."""
    return engagement.id, engagement.coach_id, engagement.coachee_id
