"""Figures for programme managers: how many ask, are paired, meet, finish, and where things stand still.

Counts, dates, stages and names of the two; never a word of what a pair wrote. A manager sees what begins with people of the
units their role covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.insights.policy import may_see_programme_figures
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.stages import OPEN
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.stages import STATES as COACHING_STATES
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod
from mentorlink.sessions.mentoring.stages import STAGES, State

SILENT_DAYS = 21
"""A pair with no session held or planned for so long stands still."""

WAITING_DAYS = 3
"""A request that nobody answered for so long stands still."""

SHOWN = 25
"""Rows of each list on the page; the export has them all."""


@dataclass(frozen=True)
class Funnel:
    """How far people came; each figure with what it counts in its name."""

    employees: int
    mentors_offering: int
    places: int
    places_free: int
    people_who_asked: int
    requests: int
    requests_open: int
    requests_accepted: int
    pairs: int
    pairs_who_met: int
    in_stage: dict[str, int]
    paused: int
    finished: int
    ended_early: int
    coaching: dict[str, int]
    """State of coaching → how many began since and are there now; nothing of what they say."""


def covered(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Unit`` that holds for the units a manager's role covers."""
    if not may_see_programme_figures(actor):
        raise NotFound()
    paths = [grant.unit_path for grant in actor.grants if grant.role == Role.MANAGER]
    if actor.is_system or None in paths:
        return sa.true()
    return sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in paths if path))


def _of_person(column: sa.ColumnElement[int], actor: Actor) -> sa.ColumnElement[bool]:
    """``column`` is somebody of the covered units; over the whole agency everybody is, and nobody is looked up."""
    within = covered(actor)
    if isinstance(within, sa.True_):
        return within
    return column.in_(sa.select(Person.id).join(Unit, Person.unit_id == Unit.id).where(within))


def funnel_for(actor: Actor, *, since: datetime) -> Funnel:
    """The funnel of what began after ``since`` with people the actor's role covers: seven queries at any size."""
    employees = db.session.scalar(
        sa.select(sa.func.count()).select_from(Person).where(Person.state != "disabled", _of_person(Person.id, actor))
    )
    offers = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(Offer.capacity), sa.func.sum(Offer.capacity - Offer.taken)).where(
            Offer.closed_at.is_(None), Offer.kind == "mentor", _of_person(Offer.person_id, actor)
        )
    ).one()
    asked = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(Request.person_id)),
            sa.func.count(Request.id),
            sa.func.sum(sa.case((Request.state.in_(OPEN), 1), else_=0)),
            sa.func.sum(sa.case((Request.state == "accepted", 1), else_=0)),
        ).where(Request.sent_at >= since, _of_person(Request.person_id, actor))
    ).one()
    pairs = sa.and_(Mentorship.started_at >= since, _of_person(Mentorship.mentee_id, actor))
    by_state = db.session.execute(
        sa.select(Mentorship.state, Mentorship.stage, sa.func.count()).where(pairs).group_by(Mentorship.state, Mentorship.stage)
    ).all()
    held = sa.exists().where(Meeting.series_id == Mentorship.series_id, Meeting.state == "held")
    met = db.session.scalar(sa.select(sa.func.count()).select_from(Mentorship).where(pairs, held))

    engaged = sa.and_(Engagement.started_at >= since, _of_person(Engagement.coachee_id, actor))
    coaching = dict(
        db.session.execute(sa.select(Engagement.state, sa.func.count()).where(engaged).group_by(Engagement.state)).all()
    )

    def total(*states: str) -> int:
        return sum(count for state, _stage, count in by_state if state in states)

    return Funnel(
        employees=employees or 0,
        mentors_offering=offers[0],
        places=int(offers[1] or 0),
        places_free=int(offers[2] or 0),
        people_who_asked=asked[0],
        requests=asked[1],
        requests_open=int(asked[2] or 0),
        requests_accepted=int(asked[3] or 0),
        pairs=total(*State),
        pairs_who_met=met or 0,
        in_stage={
            stage: sum(n for state, at, n in by_state if at == stage and state in (State.ACTIVE, State.PAUSED))
            for stage in STAGES
        },
        paused=total(State.PAUSED),
        finished=total(State.CLOSED),
        ended_early=total(State.ENDED_EARLY),
        coaching={str(state): coaching.get(state, 0) for state in COACHING_STATES},
    )


@dataclass(frozen=True)
class WaitingRequest:
    """A request that nobody has answered yet."""

    asker: str
    mentor: str
    mentor_unit: dict[str, str]
    sent_at: datetime


def _waiting(actor: Actor) -> sa.ColumnElement[bool]:
    since = clock.now() - timedelta(days=WAITING_DAYS)
    return sa.and_(Request.state == "sent", Request.sent_at < since, _of_person(Request.person_id, actor))


def waiting_requests_for(actor: Actor) -> Sequence[WaitingRequest]:
    """Requests without a sign of the mentor for ``WAITING_DAYS``, the longest wait first, at most ``SHOWN``."""
    asker, mentor, unit = aliased(Person), aliased(Person), aliased(Unit)
    rows = db.session.execute(
        sa.select(asker, mentor, unit.name, Request.sent_at)
        .join(Offer, Request.offer_id == Offer.id)
        .join(asker, Request.person_id == asker.id)
        .join(mentor, Offer.person_id == mentor.id)
        .join(unit, mentor.unit_id == unit.id)
        .where(_waiting(actor))
        .order_by(Request.sent_at, Request.id)
        .limit(SHOWN)
    )
    return [WaitingRequest(a.full_name, m.full_name, name, sent) for a, m, name, sent in rows]


def waiting_count_for(actor: Actor) -> int:
    """How many requests wait like that."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Request).where(_waiting(actor))) or 0


@dataclass(frozen=True)
class Pair:
    """A pair as HR sees it: who, where, how far, how often they met."""

    mentorship_id: int
    mentee: str
    mentee_unit: dict[str, str]
    mentor: str
    mentor_unit: dict[str, str]
    stage: str
    state: str
    started_at: datetime
    in_stage_since: datetime | None
    ended_at: datetime | None
    sessions_held: int
    last_met_at: datetime | None
    next_at: datetime | None


def _pairs(within: sa.ColumnElement[bool] | None = None) -> sa.Select[tuple[object, ...]]:
    """Pairs with what they held; ``within`` narrows the pairs whose sessions are counted."""
    mentee, mentor = aliased(Person, name="mentee"), aliased(Person, name="mentor")
    mentee_unit, mentor_unit = aliased(Unit, name="mentee_unit"), aliased(Unit, name="mentor_unit")
    held = (
        sa.select(
            Meeting.series_id,
            sa.func.sum(sa.case((Meeting.state == "held", 1), else_=0)).label("held"),
            sa.func.max(sa.case((Meeting.state == "held", Meeting.starts_at))).label("last"),
            sa.func.min(
                sa.case((sa.and_(Meeting.state == "planned", Meeting.starts_at >= clock.now()), Meeting.starts_at))
            ).label("next"),
        )
        .where(sa.true() if within is None else Meeting.series_id.in_(sa.select(Mentorship.series_id).where(within)))
        .group_by(Meeting.series_id)
        .subquery()
    )
    query = (
        sa.select(
            Mentorship, mentee, mentee_unit.name, mentor, mentor_unit.name, StagePeriod.entered_at,
            sa.func.coalesce(held.c.held, 0), sa.type_coerce(held.c.last, Meeting.starts_at.type),
            sa.type_coerce(held.c.next, Meeting.starts_at.type),
        )
        .join(mentee, Mentorship.mentee_id == mentee.id)
        .join(mentee_unit, mentee.unit_id == mentee_unit.id)
        .join(mentor, Mentorship.mentor_id == mentor.id)
        .join(mentor_unit, mentor.unit_id == mentor_unit.id)
        .outerjoin(StagePeriod, sa.and_(StagePeriod.mentorship_id == Mentorship.id, StagePeriod.left_at.is_(None)))
        .outerjoin(held, held.c.series_id == Mentorship.series_id)
    )  # fmt: skip
    return query if within is None else query.where(within)


def _pair(row: sa.Row[tuple[object, ...]]) -> Pair:
    mentorship, mentee, mentee_unit, mentor, mentor_unit, since, held, last, upcoming = row
    return Pair(
        mentorship.id, mentee.full_name, mentee_unit, mentor.full_name, mentor_unit, mentorship.stage, mentorship.state,
        mentorship.started_at, since, mentorship.ended_at, int(held), last, upcoming,
    )  # fmt: skip


def _silent(actor: Actor) -> sa.ColumnElement[bool]:
    """Running pairs that neither met of late nor have a date."""
    edge = clock.now() - timedelta(days=SILENT_DAYS)
    sign = sa.exists().where(
        Meeting.series_id == Mentorship.series_id,
        sa.or_(
            sa.and_(Meeting.state == "held", Meeting.starts_at >= edge),
            sa.and_(Meeting.state == "planned", Meeting.starts_at >= clock.now()),
        ),
    )
    return sa.and_(Mentorship.state == State.ACTIVE, Mentorship.started_at < edge, _of_person(Mentorship.mentee_id, actor), ~sign)


def silent_pairs_for(actor: Actor) -> Sequence[Pair]:
    """Running pairs with no session held or planned within ``SILENT_DAYS``, the longest silence first, at most ``SHOWN``."""
    last = (
        sa.select(sa.func.max(Meeting.starts_at))
        .where(Meeting.series_id == Mentorship.series_id, Meeting.state == "held")
        .scalar_subquery()
    )
    longest = (
        sa.select(Mentorship.id).where(_silent(actor)).order_by(sa.func.coalesce(last, Mentorship.started_at), Mentorship.id)
    )
    ids = list(db.session.scalars(longest.limit(SHOWN)))
    found = {row[0].id: _pair(row) for row in db.session.execute(_pairs(Mentorship.id.in_(ids)))}
    return [found[each] for each in ids]


def silent_count_for(actor: Actor) -> int:
    """How many pairs stand still like that."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Mentorship).where(_silent(actor))) or 0


def pairs_for(actor: Actor, *, since: datetime) -> Iterator[Pair]:
    """Every pair that began after ``since``, oldest first, for the export."""
    query = _pairs().where(Mentorship.started_at >= since, _of_person(Mentorship.mentee_id, actor)).order_by(Mentorship.id)
    for row in db.session.execute(query.execution_options(yield_per=1000)):
        yield _pair(row)
