"""What mentoring does by itself."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.events import PersonLeft
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import rules_of
from mentorlink.sessions.mentoring.actions.steps import end_for_leaver, resume_mentorship
from mentorlink.sessions.mentoring.actions.superior import ask_superior_word
from mentorlink.sessions.mentoring.events import MentorshipStarted
from mentorlink.sessions.mentoring.models import Mentorship, Pause
from mentorlink.sessions.mentoring.stages import OPEN_STATES


def resume_on_return(payload: dict[str, Any]) -> None:
    """Job ``mentoring.resume``: on the return date a rest ends, unless it has ended already."""
    pause = db.session.get(Pause, payload["pause_id"])
    if pause is None or pause.resumed_at is not None:
        return
    mentorship = db.session.get_one(Mentorship, pause.mentorship_id)
    if mentorship.state == "paused":
        resume_mentorship(Actor.system(), mentorship)


def ask_superior_if_wanted(event: MentorshipStarted) -> None:
    """A programme that wants the superior's word asks for it as soon as a pair begins."""
    programme = db.session.get(Programme, event.programme_id) if event.programme_id else None
    if programme is not None and rules_of(programme).superior_agrees:
        ask_superior_word(Actor.system(), db.session.get_one(Mentorship, event.mentorship_id))


def end_what_a_leaver_had(event: PersonLeft) -> None:
    """Mentorships of somebody who left end; the partner is told, and the place is free."""
    of_leaver = sa.or_(Mentorship.mentor_id == event.person_id, Mentorship.mentee_id == event.person_id)
    rows = sa.select(Mentorship).where(of_leaver, Mentorship.state.in_(OPEN_STATES)).order_by(Mentorship.id)
    for mentorship in db.session.scalars(rows).all():
        end_for_leaver(Actor.system(), mentorship, event.person_id)
