"""Use cases of a meeting's room: writing together, saying afterwards how it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.sessions.meetings.models import Meeting, NotesRevision
from mentorlink.sessions.meetings.notes import rules
from mentorlink.sessions.meetings.notes.events import AfterthoughtsOpened, RoomChanged
from mentorlink.sessions.meetings.notes.inputs import LONGEST, QUESTIONS, Afterwards, NotesChange, NotesText
from mentorlink.sessions.meetings.notes.models import Afterthought, NoteChange, TextState
from mentorlink.sessions.meetings.notes.queries import NotesNews, asked_afterwards, notes_news_for, notes_seq, notes_text
from mentorlink.sessions.meetings.policy import may_change_meeting, may_say_afterwards

ONE_STATE = timedelta(minutes=2)
"""What is written within so long is one state of the history, whoever of the two wrote it."""


@action
def change_notes(actor: Actor, meeting: Meeting, data: NotesChange) -> NotesNews:
    """Take one change of the notes and answer with all changes since its base, itself included.

    It is carried over what others changed meanwhile; sent twice it stands once.
    """
    ensure(may_change_meeting, actor, meeting)
    _must_be_workable(meeting)
    sent = sa.select(NoteChange.seq).where(NoteChange.meeting_id == meeting.id, NoteChange.client_id == data.id)
    if db.session.scalar(sent) is not None:
        return notes_news_for(actor, meeting, data.base)
    news = notes_news_for(actor, meeting, data.base)
    if news.text is not None or data.base > news.seq:
        raise Conflict("notes_too_old")
    change = rules.tidy(data.parts())
    for earlier in news.changes:
        change, _theirs = rules.carried(change, earlier.change)
    _write(actor, meeting, change, data.id)
    return notes_news_for(actor, meeting, data.base)


@action
def save_notes(actor: Actor, meeting: Meeting, data: NotesText) -> NotesRevision | None:
    """Save the notes from a whole text: what the writer changed since ``data.base`` goes into what stands now."""
    ensure(may_change_meeting, actor, meeting)
    _must_be_workable(meeting)
    change, _theirs = rules.carried(rules.between(data.base, data.body), rules.between(data.base, notes_text(meeting)))
    if change:
        _write(actor, meeting, change, crypto.new_token()[:32].replace("_", "-"))
    return db.session.get(NotesRevision, (meeting.id, meeting.notes_version))


@action
def say_afterwards(actor: Actor, meeting: Meeting, data: Afterwards) -> Afterthought:
    """Keep one answer or several about a held meeting; once everybody has said everything, nothing changes any more."""
    ensure(may_say_afterwards, actor, meeting)
    if lock(meeting).state != "held":
        raise Conflict("meeting_not_held")
    rows = {
        row.person_id: row for row in db.session.scalars(sa.select(Afterthought).where(Afterthought.meeting_id == meeting.id))
    }
    members = asked_afterwards(meeting)
    if all(person_id in rows and rows[person_id].complete for person_id in members):
        raise Conflict("afterthoughts_open")
    mine = rows.get(actor.person_id or 0)
    if mine is None:
        mine = rows[actor.person_id or 0] = Afterthought(meeting_id=meeting.id, person_id=actor.person_id, answers={})
        db.session.add(mine)
    mine.answers = mine.answers | data.model_dump(exclude_none=True)
    mine.complete, mine.said_at = set(mine.answers) == set(QUESTIONS), clock.now()
    if all(person_id in rows and rows[person_id].complete for person_id in members):
        record(AfterthoughtsOpened(meeting.id, meeting.series_id, actor.person_id))
    return mine


@dataclass(frozen=True)
class First:
    """A text as it stood before anything of it was kept."""

    body: str
    author_id: int | None
    at: datetime


def keep_state(actor: Actor, about: str, about_id: int, body: str, *, first: First | None = None) -> None:
    """Within an action: note the state of a shared text with who and when; what stands already is no new state.

    ``first`` is what stood before, for texts of which nothing is kept until they are changed.
    """
    newest = db.session.scalar(
        sa.select(TextState)
        .where(TextState.about == about, TextState.about_id == about_id)
        .order_by(TextState.number.desc())
        .limit(1)
    )
    if newest is not None and newest.body == body:
        return
    number = (newest.number if newest else 0) + 1
    if newest is None and first is not None:
        db.session.add(
            TextState(
                about=about, about_id=about_id, number=number, body=first.body, author_id=first.author_id, saved_at=first.at
            )
        )  # fmt: skip
        if first.body == body:
            return
        number += 1
    db.session.add(
        TextState(about=about, about_id=about_id, number=number, body=body, author_id=actor.person_id, saved_at=clock.now())
    )


def forget_states(about: str, about_id: int) -> None:
    """Within an action that takes a text away: its earlier states go with it."""
    db.session.execute(sa.delete(TextState).where(TextState.about == about, TextState.about_id == about_id))


def _write(actor: Actor, meeting: Meeting, change: rules.Change, client_id: str) -> None:
    try:
        text = rules.apply(notes_text(meeting), change)
    except rules.Misfit:
        raise Invalid(Fault("change", "invalid")) from None
    if len(text) > LONGEST:
        raise Conflict("notes_full", limit=LONGEST)
    instant = clock.now()
    db.session.add(
        NoteChange(
            meeting_id=meeting.id, seq=notes_seq(meeting) + 1, client_id=client_id, author_id=actor.person_id, change=change,
            at=instant,
        )
    )  # fmt: skip
    state = db.session.get(NotesRevision, (meeting.id, meeting.notes_version))
    if state is None or instant - state.began_at > ONE_STATE:
        meeting.notes_version += 1
        state = NotesRevision(meeting_id=meeting.id, number=meeting.notes_version, began_at=instant, author_ids=[])
        db.session.add(state)
    state.body, state.author_id, state.saved_at = text, actor.person_id, instant
    if actor.person_id is not None and actor.person_id not in state.author_ids:
        state.author_ids = [*state.author_ids, actor.person_id]
    db.session.flush()
    record(RoomChanged(meeting.id, meeting.series_id, "notes"))


def _must_be_workable(meeting: Meeting) -> None:
    if lock(meeting.series).state == "closed":
        raise Conflict("series_closed")
    if lock(meeting).state not in ("planned", "held"):
        raise Conflict("meeting_settled", state=meeting.state)
