"""Reads of a meeting's room. To anybody who does not meet there they do not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.meetings.models import Meeting, NotesRevision
from mentorlink.sessions.meetings.notes.inputs import QUESTIONS
from mentorlink.sessions.meetings.notes.models import Afterthought, NoteChange, TextState
from mentorlink.sessions.meetings.policy import may_see_meeting


@dataclass(frozen=True)
class NotesNews:
    """What happened to the notes since a state."""

    seq: int
    """The newest state."""
    changes: list[NoteChange]
    text: str | None = None
    """The whole text, where the changes since then are no longer kept."""


def notes_seq(meeting: Meeting) -> int:
    """Number of the newest state of the notes; the caller has shown that the reader is a member."""
    newest = db.session.scalar(sa.select(sa.func.max(NoteChange.seq)).where(NoteChange.meeting_id == meeting.id))
    return newest or 0


def notes_text(meeting: Meeting) -> str:
    """The notes as they stand; the caller has shown that the reader is a member."""
    newest = db.session.get(NotesRevision, (meeting.id, meeting.notes_version))
    return newest.body if newest else ""


def notes_news_for(actor: Actor, meeting: Meeting, since: int) -> NotesNews:
    """The changes after state ``since``, in order; the whole text when they are not kept any more."""
    if not may_see_meeting(actor, meeting):
        raise NotFound()
    rows = list(
        db.session.scalars(
            sa.select(NoteChange).where(NoteChange.meeting_id == meeting.id, NoteChange.seq > since).order_by(NoteChange.seq)
        )
    )
    seq = rows[-1].seq if rows else notes_seq(meeting)
    if seq - since != len(rows):
        return NotesNews(seq, [], notes_text(meeting))
    return NotesNews(seq, rows)


@dataclass(frozen=True)
class Afterthoughts:
    """What was said of a meeting, as one member may see it."""

    mine: dict[str, Any]
    others: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Person → answers; empty until everybody has said everything."""
    open: bool = False
    """Everybody has; nothing changes any more."""
    waiting: int = 0
    """How many others have not said everything yet."""
    tallies: dict[str, Counter[Any]] = field(default_factory=dict)
    """Where several met: question → how many of the others gave which answer; empty until everybody has said everything."""


def afterthoughts_for(actor: Actor, meeting: Meeting) -> Afterthoughts:
    """The actor's own answers, and the others' once all are complete; where several met, without saying who said what."""
    if not may_see_meeting(actor, meeting):
        raise NotFound()
    rows = {
        row.person_id: row for row in db.session.scalars(sa.select(Afterthought).where(Afterthought.meeting_id == meeting.id))
    }
    members = asked_afterwards(meeting)
    done = all(person_id in rows and rows[person_id].complete for person_id in members)
    mine = rows.get(actor.person_id or 0)
    others = {person_id: rows[person_id].answers for person_id in members if person_id != actor.person_id} if done else {}
    missing = sum(not (person_id in rows and rows[person_id].complete) for person_id in members if person_id != actor.person_id)
    if meeting.series.host_id is not None:
        tallies = {question: Counter(answers[question] for answers in others.values()) for question in QUESTIONS}
        return Afterthoughts(dict(mine.answers) if mine else {}, {}, done, missing, tallies)
    return Afterthoughts(dict(mine.answers) if mine else {}, others, done, missing)


def asked_afterwards(meeting: Meeting) -> list[int]:
    """Who says how it was: both, or of several those who were there."""
    members = [member.person_id for member in meeting.series.members]
    return members if meeting.series.host_id is None else [id_ for id_ in members if id_ in meeting.present_ids]


def open_afterthoughts(meeting_ids: Iterable[int]) -> dict[int, dict[int, dict[str, Any]]]:
    """Meeting → person → answers where they are complete; for the house's own reckoning, never for a page of others."""
    found: dict[int, dict[int, dict[str, Any]]] = {}
    query = sa.select(Afterthought).where(Afterthought.meeting_id.in_(list(meeting_ids)), Afterthought.complete)
    for row in db.session.scalars(query):
        found.setdefault(row.meeting_id, {})[row.person_id] = row.answers
    return found


def text_states(about: str, about_id: int) -> list[TextState]:
    """Every kept state of a shared text, newest first; the caller has shown that the reader shares it."""
    query = sa.select(TextState).where(TextState.about == about, TextState.about_id == about_id)
    return list(db.session.scalars(query.order_by(TextState.number.desc())))


def text_histories(wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], list[TextState]]:
    """(sort of text, row) → every kept state, newest first: one query; the caller has shown that the reader shares them."""
    asked = [sa.and_(TextState.about == about, TextState.about_id.in_(ids)) for about, ids in wanted.items() if ids]
    found: dict[tuple[str, int], list[TextState]] = {}
    if asked:
        for state in db.session.scalars(sa.select(TextState).where(sa.or_(*asked)).order_by(TextState.number.desc())):
            found.setdefault((state.about, state.about_id), []).append(state)
    return found
