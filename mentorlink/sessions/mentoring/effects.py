"""What mentoring does by itself."""

from __future__ import annotations

from typing import Any

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.sessions.mentoring.actions.steps import resume_mentorship
from mentorlink.sessions.mentoring.models import Mentorship, Pause


def resume_on_return(payload: dict[str, Any]) -> None:
    """Job ``mentoring.resume``: on the return date a rest ends, unless it has ended already."""
    pause = db.session.get(Pause, payload["pause_id"])
    if pause is None or pause.resumed_at is not None:
        return
    mentorship = db.session.get_one(Mentorship, pause.mentorship_id)
    if mentorship.state == "paused":
        resume_mentorship(Actor.system(), mentorship)
