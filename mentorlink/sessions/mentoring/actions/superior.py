"""The superior's word, where a programme asks for it."""

from __future__ import annotations

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict
from mentorlink.people.queries import superior_of
from mentorlink.programmes.queries import rules_of
from mentorlink.sessions.mentoring.actions.ground import ids
from mentorlink.sessions.mentoring.events import SuperiorSpoke, SuperiorWanted
from mentorlink.sessions.mentoring.models import Mentorship, SuperiorWord
from mentorlink.sessions.mentoring.policy import may_ask_superior_word, may_say_superior_word


@action
def ask_superior_word(actor: Actor, mentorship: Mentorship) -> SuperiorWord | None:
    """Ask the mentee's superior if the programme wants it; who has none is not held up."""
    ensure(may_ask_superior_word, actor)
    if mentorship.programme is None or not rules_of(mentorship.programme).superior_agrees:
        return None
    superior = superior_of(mentorship.mentee)
    if superior is None or db.session.get(SuperiorWord, mentorship.id) is not None:
        return None
    word = SuperiorWord(mentorship_id=mentorship.id, superior_id=superior.id, asked_at=clock.now())
    db.session.add(word)
    record(SuperiorWanted(*ids(mentorship), superior_id=superior.id))
    return word


@action
def ask_another_superior(actor: Actor, word: SuperiorWord) -> None:
    """Ask who is the mentee's superior by now, where the one who was asked has not agreed; without one nobody is waited for."""
    ensure(may_ask_superior_word, actor)
    mentorship = lock(word.mentorship)
    if lock(word).agreed or not mentorship.is_open or mentorship.stage != "prescriptive":
        return
    superior = superior_of(mentorship.mentee)
    if superior is not None and superior.id == word.superior_id:
        return
    mentorship.touched_at = clock.now()
    if superior is None:
        db.session.delete(word)
        return
    word.superior_id, word.agreed, word.said_at, word.asked_at = superior.id, None, None, clock.now()
    record(SuperiorWanted(*ids(mentorship), superior_id=superior.id))


@action
def say_superior_word(actor: Actor, word: SuperiorWord, *, agreed: bool) -> SuperiorWord:
    """Agree to a mentorship of one's people, or not. It may be changed until the first stage is left."""
    ensure(may_say_superior_word, actor, word)
    mentorship = lock(word.mentorship)
    if not mentorship.is_open or mentorship.stage != "prescriptive":
        raise Conflict("superior_too_late")
    if lock(word).agreed is not agreed:
        word.agreed, word.said_at = agreed, clock.now()
        mentorship.touched_at = clock.now()
        record(SuperiorSpoke(*ids(mentorship), superior_id=word.superior_id, agreed=agreed))
    return word
