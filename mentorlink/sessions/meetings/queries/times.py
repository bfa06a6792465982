"""Times that wait for an answer."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.meetings.models import Hold, ProposedTime, Series, SeriesMember, TimeProposal
from mentorlink.sessions.meetings.policy import is_member
from mentorlink.sessions.meetings.rules.free import slots_of

_WHOLE = (
    selectinload(TimeProposal.times),
    joinedload(TimeProposal.proposed_by),
    joinedload(TimeProposal.series).selectinload(Series.members).joinedload(SeriesMember.person),
)


def times_for(actor: Actor, proposal_id: int) -> TimeProposal:
    """The proposal, if the actor meets in its series."""
    proposal = db.session.get(TimeProposal, proposal_id, options=_WHOLE)
    if proposal is None or not is_member(actor, proposal.series):
        raise NotFound()
    return proposal


def open_times_for(actor: Actor, series: Series | None = None, *, limit: int = 10) -> list[TimeProposal]:
    """Proposals that can still be answered, newest first: of one series, or of all the actor's."""
    query = (
        sa.select(TimeProposal)
        .join(SeriesMember, SeriesMember.series_id == TimeProposal.series_id)
        .where(SeriesMember.person_id == actor.person_id, can_be_answered())
        .options(*_WHOLE)
        .order_by(TimeProposal.id.desc())
        .limit(limit)
    )
    if series is not None:
        query = query.where(TimeProposal.series_id == series.id)
    return list(db.session.scalars(query))


def can_be_answered() -> sa.ColumnElement[bool]:
    """The condition that a proposal is open and one of its times is to come."""
    to_come = sa.exists().where(ProposedTime.proposal_id == TimeProposal.id, ProposedTime.starts_at > clock.now())
    return sa.and_(TimeProposal.state == "open", to_come)


def taken_times(proposal: TimeProposal) -> set[int]:
    """Which of the times (by their place) somebody of the series is booked for by now. One query."""
    people = [member.person_id for member in proposal.series.members]
    wanted = {slot: place for place, time in enumerate(proposal.times) for slot in slots_of(time.starts_at, proposal.minutes)}
    held = sa.select(Hold.slot).where(
        Hold.person_id.in_(people), Hold.slot.in_(wanted), Hold.meeting_id != (proposal.meeting_id or 0)
    )
    return {wanted[slot] for slot in db.session.scalars(held)}
