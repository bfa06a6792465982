"""What mentoring does by itself."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.events import ErasureGranted, PeopleSaved, PersonChanged, PersonLeft, UnitChanged, UnitsSaved
from mentorlink.people.models import Person
from mentorlink.people.queries import superiors_of
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import rules_of
from mentorlink.sessions.mentoring.actions.steps import end_for_leaver, resume_mentorship
from mentorlink.sessions.mentoring.actions.superior import ask_another_superior, ask_superior_word
from mentorlink.sessions.mentoring.events import MentorshipStarted
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship, Pause, SuperiorWord
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


def ask_next_superior(event: PersonChanged | PersonLeft | PeopleSaved | UnitChanged | UnitsSaved) -> None:
    """Whoever is the superior by now is asked where another's word was waited for."""
    waiting = (
        sa.select(SuperiorWord)
        .join(Mentorship, Mentorship.id == SuperiorWord.mentorship_id)
        .where(
            sa.or_(SuperiorWord.agreed.is_(None), sa.not_(SuperiorWord.agreed)),
            Mentorship.stage == "prescriptive",
            Mentorship.state.in_(OPEN_STATES),
        )
        .options(joinedload(SuperiorWord.mentorship).joinedload(Mentorship.mentee).joinedload(Person.unit))
        .order_by(SuperiorWord.mentorship_id)
    )
    if isinstance(event, PersonChanged):
        waiting = waiting.where(Mentorship.mentee_id == event.person_id)
    if isinstance(event, PersonLeft):
        waiting = waiting.where(SuperiorWord.superior_id == event.person_id)
    words = list(db.session.scalars(waiting))
    now = superiors_of([word.mentorship.mentee for word in words]) if words else {}
    for word in words:
        superior = now.get(word.mentorship.mentee_id)
        if superior is None or superior.id != word.superior_id:
            ask_another_superior(Actor.system(), word)


def end_what_a_leaver_had(event: PersonLeft) -> None:
    """Mentorships of somebody who left end; the partner is told, and the place is free."""
    of_leaver = sa.or_(Mentorship.mentor_id == event.person_id, Mentorship.mentee_id == event.person_id)
    rows = sa.select(Mentorship).where(of_leaver, Mentorship.state.in_(OPEN_STATES)).order_by(Mentorship.id)
    for mentorship in db.session.scalars(rows).all():
        end_for_leaver(Actor.system(), mentorship, event.person_id)


def erase_why_ended(event: ErasureGranted) -> None:
    """Within: the words with which somebody ended a mentorship early go; that it ended, and on whose wish, stays."""
    if "private" in event.parts:
        db.session.execute(sa.update(EarlyEnd).where(EarlyEnd.by_id == event.person_id).values(text=None))
