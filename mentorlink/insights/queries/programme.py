"""Figures for programme managers: how many ask, are paired, meet, finish, and where things stand still.

Counts, dates, stages and names of the two; never a word of what a pair wrote. A manager sees what begins with people of the
units their role covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from mentorlink.insights.policy import may_see_programme_figures
from mentorlink.insights.queries.looking import WAYS, who_looked
from mentorlink.insights.rules import span_of
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.stages import OPEN
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.stages import State as Coaching
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, Pause, StagePeriod
from mentorlink.sessions.mentoring.stages import STAGES, State

SILENT_DAYS = 21
"""A pair with no session held or planned for so long stands still."""

WAITING_DAYS = 3
"""A request that nobody answered for so long stands still."""

SHOWN = 25
"""Rows of each list on the page; the files have them all."""

_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Funnel:
    """How far people came in a year; each figure with what it counts in its name."""

    mentors_offering: int
    places: int
    places_free: int
    """Offers as they stand now, whatever the year."""
    people_who_looked: int
    """People who looked for a mentor in the year, in whatever way, and those who came to be paired in it."""
    looked_by: dict[str, int]
    """Way (``looking.WAYS``) → people who looked so; somebody may have gone several."""
    people_who_asked: int
    requests: int
    requests_open: int
    people_paired: int
    people_who_met: int
    people_finished: int
    """People with a mentor in the pairs that began in the year."""
    pairs: int
    pairs_who_met: int
    pairs_finished: int
    """Of the pairs that began in the year."""
    in_stage: dict[str, int]
    paused: int
    finished: int
    ended_early: int
    """Every pair that ran in the year, as it stood at the year's end, or stands now; who pauses is counted in their stage too."""
    coaching: dict[str, int]
    """State → how many of those that ran in the year stood there at its end, or stand there now; nothing of what they say."""

    @property
    def ran(self) -> int:
        """Pairs that ran in the year: what the file has."""
        return sum(self.in_stage.values()) + self.finished + self.ended_early


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


def funnel_for(actor: Actor, year: int) -> Funnel:
    """The funnel of a year, as the actor's zone has it, of people the actor's role covers: nine queries at any size."""
    since, until = span_of(year, actor.timezone)
    offers = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(Offer.capacity), sa.func.sum(Offer.capacity - Offer.taken - Offer.held)).where(
            Offer.closed_at.is_(None), Offer.kind == "mentor", _of_person(Offer.person_id, actor)
        )
    ).one()
    asked = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(Request.person_id)),
            sa.func.count(Request.id),
            sa.func.sum(sa.case((Request.state.in_(OPEN), 1), else_=0)),
        )
        .join(Offer, Request.offer_id == Offer.id)
        .where(Offer.kind == "mentor", Request.sent_at >= since, Request.sent_at < until, _of_person(Request.person_id, actor))
    ).one()
    began = sa.and_(Mentorship.started_at >= since, Mentorship.started_at < until, _of_person(Mentorship.mentee_id, actor))
    looked, looked_by = _looked(actor, since, until)
    over = Mentorship.state == State.CLOSED
    pairs, paired, finished, people_finished = db.session.execute(
        sa.select(
            sa.func.count(), sa.func.count(sa.distinct(Mentorship.mentee_id)), sa.func.sum(sa.case((over, 1), else_=0)),
            sa.func.count(sa.distinct(sa.case((over, Mentorship.mentee_id)))),
        ).where(began)
    ).one()  # fmt: skip
    held = sa.exists().where(Meeting.series_id == Mentorship.series_id, Meeting.state == "held")
    met, people_met = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.distinct(Mentorship.mentee_id))).select_from(Mentorship).where(began, held)
    ).one()
    open_then, state = _open_before(until, Mentorship.ended_at), _state_before(until)
    standing = db.session.execute(
        sa.select(state, StagePeriod.stage, sa.func.count())
        .select_from(Mentorship)
        .outerjoin(StagePeriod, sa.and_(open_then, _stage_before(until)))
        .where(_ran(Mentorship, since, until), _of_person(Mentorship.mentee_id, actor))
        .group_by(state, StagePeriod.stage)
    ).all()
    coaching_state = sa.case(
        (~_open_before(until, Engagement.ended_at), Engagement.state),
        (Engagement.engaged_at < until, str(Coaching.ENGAGED)),
        else_=str(Coaching.CONVERSATION),
    )
    coaching = dict(
        db.session.execute(
            sa.select(coaching_state, sa.func.count())
            .where(_ran(Engagement, since, until), _of_person(Engagement.coachee_id, actor))
            .group_by(coaching_state)
        ).all()
    )

    def total(*states: str) -> int:
        return sum(count for at, _stage, count in standing if at in states)

    return Funnel(
        mentors_offering=offers[0],
        places=int(offers[1] or 0),
        places_free=int(offers[2] or 0),
        people_who_looked=looked,
        looked_by=looked_by,
        people_who_asked=asked[0],
        requests=asked[1],
        requests_open=int(asked[2] or 0),
        people_paired=paired,
        people_who_met=people_met,
        people_finished=people_finished,
        pairs=pairs,
        pairs_who_met=met,
        pairs_finished=int(finished or 0),
        in_stage={stage: sum(count for _state, at, count in standing if at == stage) for stage in STAGES},
        paused=total(State.PAUSED),
        finished=total(State.CLOSED),
        ended_early=total(State.ENDED_EARLY),
        coaching={str(state): coaching.get(state, 0) for state in Coaching},
    )


def _looked(actor: Actor, since: datetime, until: datetime) -> tuple[int, dict[str, int]]:
    """How many people looked for a mentor, and how many of them in each way."""
    every = who_looked(since, until).subquery()
    people = sa.func.count(sa.distinct(every.c.person_id))
    ours = _of_person(every.c.person_id, actor)
    by_way = dict(db.session.execute(sa.select(every.c.way, people).where(ours).group_by(every.c.way)).all())
    return db.session.scalar(sa.select(people).where(ours)) or 0, {way: by_way.get(way, 0) for way in WAYS}


def _ran(what: type[Mentorship] | type[Engagement], since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(what.started_at < until, sa.or_(what.ended_at.is_(None), what.ended_at >= since))


def _open_before(until: datetime, ended_at: InstrumentedAttribute[datetime | None]) -> sa.ColumnElement[bool]:
    return sa.or_(ended_at.is_(None), ended_at >= until)


def _stage_before(until: datetime) -> sa.ColumnElement[bool]:
    """Where a pair stood at the last moment before ``until``."""
    return sa.and_(
        StagePeriod.mentorship_id == Mentorship.id,
        StagePeriod.entered_at < until,
        sa.or_(StagePeriod.left_at.is_(None), StagePeriod.left_at >= until),
    )


def _state_before(until: datetime) -> sa.ColumnElement[str]:
    rests = sa.exists().where(
        Pause.mentorship_id == Mentorship.id,
        Pause.since < until,
        sa.or_(Pause.resumed_at.is_(None), Pause.resumed_at >= until),
    )
    return sa.case(
        (~_open_before(until, Mentorship.ended_at), Mentorship.state),
        (rests, str(State.PAUSED)),
        else_=str(State.ACTIVE),
    )


@dataclass(frozen=True)
class Reach:
    """Whom HR can write to."""

    person_id: int
    email: str
    nip: str = ""
    """Only for whose unit the reader looks after as HR."""
    unit_code: str = ""


@dataclass(frozen=True)
class WaitingRequest:
    """A request that nobody has answered yet."""

    asker: str
    asker_unit: dict[str, str]
    helper: str
    helper_unit: dict[str, str]
    kind: str
    """mentor or coach"""
    sent_at: datetime
    expires_at: datetime
    asker_is: Reach
    helper_is: Reach


def _waiting(actor: Actor) -> sa.ColumnElement[bool]:
    since = clock.now() - timedelta(days=WAITING_DAYS)
    return sa.and_(Request.state == "sent", Request.sent_at < since, _of_person(Request.person_id, actor))


def waiting_requests_for(actor: Actor, *, limit: int | None = SHOWN) -> Sequence[WaitingRequest]:
    """Requests without a sign of who was asked for ``WAITING_DAYS``, the longest wait first; ``limit`` of them, or all."""
    asker, helper = aliased(Person), aliased(Person)
    of_asker, of_helper = aliased(Unit), aliased(Unit)
    rows = db.session.execute(
        sa.select(asker, of_asker.name, helper, of_helper.name, Offer.kind, Request.sent_at, Request.expires_at)
        .select_from(Request)
        .join(Offer, Request.offer_id == Offer.id)
        .join(asker, Request.person_id == asker.id)
        .join(of_asker, asker.unit_id == of_asker.id)
        .join(helper, Offer.person_id == helper.id)
        .join(of_helper, helper.unit_id == of_helper.id)
        .where(_waiting(actor))
        .order_by(Request.sent_at, Request.id)
        .limit(limit)
    )
    return [
        WaitingRequest(a.full_name, a_unit, h.full_name, h_unit, *rest, Reach(a.id, a.email), Reach(h.id, h.email))
        for a, a_unit, h, h_unit, *rest in rows
    ]


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
    """As they stood at the end of the time that was asked for, or stand now."""
    started_at: datetime
    in_stage_since: datetime | None
    ended_at: datetime | None
    sessions_held: int
    last_met_at: datetime | None
    next_at: datetime | None
    quiet: bool
    """Runs, and neither met of late nor has a date."""
    mentee_is: Reach
    mentor_is: Reach


def _pairs(within: sa.ColumnElement[bool], until: datetime) -> sa.Select[tuple[object, ...]]:
    """Pairs as they stood before ``until``, with what they held; ``within`` narrows the pairs whose sessions are counted."""
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
        .where(Meeting.series_id.in_(sa.select(Mentorship.series_id).where(within)))
        .group_by(Meeting.series_id)
        .subquery()
    )
    over = ~_open_before(until, Mentorship.ended_at)
    return (
        sa.select(
            Mentorship.id, mentee, mentee_unit.name, mentor, mentor_unit.name,
            sa.func.coalesce(StagePeriod.stage, Mentorship.stage), _state_before(until), Mentorship.started_at,
            StagePeriod.entered_at, sa.case((over, Mentorship.ended_at)), sa.func.coalesce(held.c.held, 0),
            sa.type_coerce(held.c.last, Meeting.starts_at.type), sa.type_coerce(held.c.next, Meeting.starts_at.type), _quiet(),
            mentee_unit.code, mentee_unit.path, mentor_unit.code, mentor_unit.path,
        )
        .select_from(Mentorship)
        .join(mentee, Mentorship.mentee_id == mentee.id)
        .join(mentee_unit, mentee.unit_id == mentee_unit.id)
        .join(mentor, Mentorship.mentor_id == mentor.id)
        .join(mentor_unit, mentor.unit_id == mentor_unit.id)
        .outerjoin(StagePeriod, sa.and_(~over, _stage_before(until)))
        .outerjoin(held, held.c.series_id == Mentorship.series_id)
        .where(within)
    )  # fmt: skip


def _pair(actor: Actor, row: sa.Row[tuple[object, ...]]) -> Pair:
    number, mentee, mentee_unit, mentor, mentor_unit, stage, state, began, since, ended, held, last, upcoming, quiet = row[:14]
    mentee_code, mentee_path, mentor_code, mentor_path = row[14:]
    return Pair(
        number, mentee.full_name, mentee_unit, mentor.full_name, mentor_unit, stage, state, began, since, ended, int(held), last,
        upcoming, bool(quiet),
        _reach(actor, mentee, mentee_code, mentee_path), _reach(actor, mentor, mentor_code, mentor_path),
    )  # fmt: skip


def _reach(actor: Actor, person: Person, code: str, path: str) -> Reach:
    return Reach(person.id, person.email, (person.nip or "") if actor.has_over(path, Role.MANAGER) else "", code)


def _quiet() -> sa.ColumnElement[bool]:
    """Running pairs that neither met of late nor have a date."""
    edge = clock.now() - timedelta(days=SILENT_DAYS)
    sign = sa.exists().where(
        Meeting.series_id == Mentorship.series_id,
        sa.or_(
            sa.and_(Meeting.state == "held", Meeting.starts_at >= edge),
            sa.and_(Meeting.state == "planned", Meeting.starts_at >= clock.now()),
        ),
    )
    return sa.and_(Mentorship.state == State.ACTIVE, Mentorship.started_at < edge, ~sign)


def silent_pairs_for(actor: Actor) -> tuple[Sequence[Pair], int]:
    """Running pairs with no session held or planned within ``SILENT_DAYS``, the longest silence first, at most ``SHOWN``; and how
    many there are."""
    last = (
        sa.select(sa.func.max(Meeting.starts_at))
        .where(Meeting.series_id == Mentorship.series_id, Meeting.state == "held")
        .scalar_subquery()
    )
    longest = (
        sa.select(Mentorship.id, sa.func.count().over())
        .where(_quiet(), _of_person(Mentorship.mentee_id, actor))
        .order_by(sa.func.coalesce(last, Mentorship.started_at), Mentorship.id)
    )
    rows = db.session.execute(longest.limit(SHOWN)).all()
    ids = [number for number, _count in rows]
    found = {row[0]: _pair(actor, row) for row in db.session.execute(_pairs(Mentorship.id.in_(ids), _FOR_EVER))} if ids else {}
    return [found[each] for each in ids], rows[0][1] if rows else 0


def quiet_count_for(actor: Actor) -> int:
    """How many pairs have gone quiet."""
    query = sa.select(sa.func.count()).select_from(Mentorship).where(_quiet(), _of_person(Mentorship.mentee_id, actor))
    return db.session.scalar(query) or 0


def pairs_for(actor: Actor, year: int) -> Iterator[Pair]:
    """Every pair that ran in a year, as the actor's zone has it, for the file: those of before first."""
    since, until = span_of(year, actor.timezone)
    ran = sa.and_(_ran(Mentorship, since, until), _of_person(Mentorship.mentee_id, actor))
    query = _pairs(ran, until).order_by(Mentorship.started_at, Mentorship.id)
    for row in db.session.execute(query.execution_options(yield_per=1000)):
        yield _pair(actor, row)
