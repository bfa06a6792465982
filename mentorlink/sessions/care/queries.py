"""Reads of care. A concern exists for two people, an opened pair for one, and only while it is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with, line_heads
from mentorlink.sessions.care.models import Concern, EngagementSilence, Opening, SafePerson, Silence, Thanks
from mentorlink.sessions.care.policy import (
    may_ask_opening,
    may_name_safe_people,
    may_read_opened,
    may_see_concern,
    may_see_opening,
)
from mentorlink.sessions.coaching.models import Commitment, Engagement, Goal, Sheet
from mentorlink.sessions.meetings.models import Meeting, NotesRevision, Series, SeriesMember
from mentorlink.sessions.mentoring.groups.queries import next_in_groups
from mentorlink.sessions.mentoring.models import Agreement, GoalsRevision, Issue, Mentorship, RoadmapItem


def last_signs(mentorships: Iterable[Mentorship]) -> dict[int, datetime]:
    """Mentorship → the last sign of life: a deed, a session held, the next one planned, a word in the notes."""
    rows = list(mentorships)
    met = _signs_of_series([row.series_id for row in rows])
    signs = {row.id: max(row.touched_at, met.get(row.series_id, row.touched_at)) for row in rows}
    for mentorship_id, meeting in next_in_groups(list(signs)).items():
        signs[mentorship_id] = max(signs[mentorship_id], meeting.starts_at)
    return signs


def last_signs_of_coaching(engagements: Iterable[Engagement]) -> dict[int, datetime]:
    """The same of coachings."""
    rows = list(engagements)
    met = _signs_of_series([row.series_id for row in rows])
    return {row.id: max(row.started_at, row.touched_at or row.started_at, met.get(row.series_id, row.started_at)) for row in rows}


def _signs_of_series(series_ids: Collection[int]) -> dict[int, datetime]:
    """Of what is planned the next session alone counts: not dates far ahead, nor past ones of which nobody said how they went."""
    held = sa.select(Meeting.series_id, sa.func.max(Meeting.starts_at)).where(Meeting.state == "held")
    booked = sa.select(Meeting.series_id, sa.func.max(Meeting.created_at)).where(Meeting.state.in_(("held", "planned")))
    ahead = sa.select(Meeting.series_id, sa.func.min(Meeting.starts_at)).where(
        Meeting.state == "planned", Meeting.starts_at > clock.now()
    )
    wrote = sa.select(Meeting.series_id, sa.func.max(NotesRevision.saved_at)).join(
        NotesRevision, NotesRevision.meeting_id == Meeting.id
    )
    signs: dict[int, datetime] = {}
    for query in (held, booked, ahead, wrote):
        series_id, moment = query.selected_columns
        typed = query.with_only_columns(series_id, sa.type_coerce(moment, Meeting.starts_at.type)).group_by(series_id)
        for of, at in db.session.execute(typed.where(series_id.in_(series_ids))):
            signs[of] = max(at, signs.get(of, at))
    return signs


def silence_of(mentorship: Mentorship) -> Silence | None:
    """What the house has announced to a quiet pair; the caller is one of the two."""
    return db.session.get(Silence, mentorship.id)


def silence_of_coaching(engagement: Engagement) -> EngagementSilence | None:
    """The same of a coaching."""
    return db.session.get(EngagementSilence, engagement.id)


def safe_people(actor: Actor, series: Series) -> list[Person]:
    """To whom the actor may turn about a series: safe people who are not in it, head none of it, and no block stands between."""
    members = {member.person_id for member in series.members}
    above = {head for member in series.members for head in line_heads(member.person.unit.path)}
    query = sa.select(Person).join(SafePerson, SafePerson.person_id == Person.id).where(Person.state == "active")
    out = members | above | blocked_with(actor.person_id or 0)
    return [person for person in db.session.scalars(query.order_by(Person.name)) if person.id not in out]


def safe_people_for(actor: Actor) -> list[SafePerson]:
    """All of them, for who names them."""
    if not may_name_safe_people(actor):
        raise NotFound()
    return list(db.session.scalars(sa.select(SafePerson).options(joinedload(SafePerson.person)).order_by(SafePerson.named_at)))


def concern_for(actor: Actor, concern_id: int) -> Concern:
    """The concern, for who wrote it and the safe person."""
    concern = db.session.get(Concern, concern_id)
    if concern is None or not may_see_concern(actor, concern):
        raise NotFound()
    return concern


def concerns_for(actor: Actor) -> list[Concern]:
    """The concerns the actor wrote or was told, open ones first."""
    query = sa.select(Concern).where(sa.or_(Concern.raised_by_id == actor.person_id, Concern.to_id == actor.person_id))
    query = query.options(joinedload(Concern.raised_by), joinedload(Concern.to))
    return list(db.session.scalars(query.order_by(Concern.state == "closed", Concern.raised_at.desc()).limit(100)))


def thanks_between(actor: Actor, series: Series) -> list[Thanks]:
    """Thanks the actor gave or got in a series."""
    query = sa.select(Thanks).where(
        Thanks.series_id == series.id, sa.or_(Thanks.from_id == actor.person_id, Thanks.to_id == actor.person_id)
    )
    query = query.options(joinedload(Thanks.sender), joinedload(Thanks.receiver))
    return list(db.session.scalars(query.order_by(Thanks.sent_at)))


def thanks_for(actor: Actor, thanks_id: int) -> Thanks:
    """Thanks that the actor was given."""
    thanks = db.session.get(Thanks, thanks_id)
    if thanks is None or not actor.is_person(thanks.to_id):
        raise NotFound()
    return thanks


def thanks_passed_to(actor: Actor) -> list[Thanks]:
    """Thanks to people of the actor's that were passed on, newest first."""
    query = sa.select(Thanks).where(Thanks.passed_to_id == actor.person_id, Thanks.may_pass_on)
    query = query.options(joinedload(Thanks.sender), joinedload(Thanks.receiver))
    return list(db.session.scalars(query.order_by(Thanks.passed_at.desc()).limit(50)))


def series_to_open_for(actor: Actor, series_id: int) -> Series:
    """A pair as the administration may ask about it; of its content nothing."""
    series = db.session.get(Series, series_id, options=(selectinload(Series.members).selectinload(SeriesMember.person),))
    if series is None or not may_ask_opening(actor, series):
        raise NotFound()
    return series


def opening_for(actor: Actor, opening_id: int) -> tuple[Opening, Series]:
    """The opening with its pair."""
    opening = db.session.get(Opening, opening_id)
    series = db.session.get(Series, opening.series_id) if opening is not None else None
    if opening is None or series is None or not may_see_opening(actor, opening, series):
        raise NotFound()
    return opening, series


def openings_for(actor: Actor) -> list[Opening]:
    """Every opening that was asked for, newest first, for those who ask and decide; of their own pairs what was agreed to."""
    if not may_name_safe_people(actor):
        raise NotFound()
    own = sa.select(SeriesMember.series_id).where(SeriesMember.person_id == actor.person_id)
    query = sa.select(Opening).where(sa.or_(Opening.state == "agreed", Opening.series_id.not_in(own)))
    query = query.options(joinedload(Opening.asked_by), joinedload(Opening.decided_by))
    return list(db.session.scalars(query.order_by(Opening.asked_at.desc()).limit(100)))


@dataclass(frozen=True)
class Opened:
    """What an opened pair shares with each other. Private notes, reasons and evaluations are in no query here."""

    agreements: list[Agreement]
    goals: list[GoalsRevision]
    issues: list[Issue]
    meetings: list[tuple[Meeting, str]]
    """Sessions with the newest shared notes."""
    steps: list[RoadmapItem] = field(default_factory=list)
    aims: list[Goal] = field(default_factory=list)
    """Of a coaching: the goal in each wording, newest first."""
    sheets: list[Sheet] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)


def opened_for(actor: Actor, opening: Opening) -> Opened:
    """The pair's shared content, for who asked, while it is open."""
    if not may_read_opened(actor, opening):
        raise NotFound()
    mentorship = db.session.scalar(sa.select(Mentorship).where(Mentorship.series_id == opening.series_id))
    of = mentorship.id if mentorship else 0
    meetings = db.session.execute(
        sa.select(Meeting, NotesRevision.body)
        .outerjoin(NotesRevision, sa.and_(NotesRevision.meeting_id == Meeting.id, NotesRevision.number == Meeting.notes_version))
        .where(Meeting.series_id == opening.series_id)
        .order_by(Meeting.starts_at.desc())
        .limit(100)
    )
    agreement = sa.select(Agreement).where(Agreement.mentorship_id == of).order_by(Agreement.number.desc()).limit(1)
    goals = sa.select(GoalsRevision).where(GoalsRevision.mentorship_id == of).order_by(GoalsRevision.number.desc()).limit(1)
    steps = sa.select(RoadmapItem).where(RoadmapItem.mentorship_id == of).order_by(RoadmapItem.due_on, RoadmapItem.id)
    engagement = db.session.scalar(sa.select(Engagement.id).where(Engagement.series_id == opening.series_id)) or 0
    aims = sa.select(Goal).where(Goal.engagement_id == engagement).order_by(Goal.number.desc())
    sheets = sa.select(Sheet).join(Meeting, Meeting.id == Sheet.meeting_id).where(Meeting.series_id == opening.series_id)
    promised = sa.select(Commitment).where(Commitment.engagement_id == engagement).order_by(Commitment.due_on, Commitment.id)
    return Opened(
        steps=list(db.session.scalars(steps)),
        aims=list(db.session.scalars(aims)),
        sheets=list(db.session.scalars(sheets.order_by(Meeting.starts_at.desc()))),
        commitments=list(db.session.scalars(promised)),
        agreements=list(db.session.scalars(agreement)),
        goals=list(db.session.scalars(goals)),
        issues=list(db.session.scalars(sa.select(Issue).where(Issue.mentorship_id == of).order_by(Issue.raised_at))),
        meetings=[(meeting, body or "") for meeting, body in meetings],
    )


@dataclass(frozen=True)
class PairFound:
    """A pair by its names, for who may ask to open it."""

    series_id: int
    names: tuple[str, ...]


def pairs_to_open_for(actor: Actor, text: str, *, limit: int = 20) -> list[PairFound]:
    """Pairs of people whose name holds ``text``: only who they are, nothing of what they share."""
    if not may_name_safe_people(actor):
        raise NotFound()
    if len(text.strip()) < 3:
        return []
    of_person = (
        sa.select(SeriesMember.series_id)
        .join(Person, Person.id == SeriesMember.person_id)
        .where(Person.folded_name.contains(fold(text.strip()), autoescape=True))
        .order_by(SeriesMember.series_id.desc())
        .limit(limit)
    )
    rows = db.session.execute(
        sa.select(SeriesMember.series_id, Person.name, Person.id)
        .join(Person, Person.id == SeriesMember.person_id)
        .where(SeriesMember.series_id.in_(of_person))
        .order_by(SeriesMember.series_id.desc(), Person.name)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for series_id, name, person_id in rows:
        found.setdefault(series_id, []).append((name, person_id))
    return [
        PairFound(series_id, tuple(name for name, _id in people))
        for series_id, people in found.items()
        if not any(actor.is_person(person_id) for _name, person_id in people)
    ]
