"""People begin to meet, pause, finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.sessions.meetings.actions.outcome import settle
from mentorlink.sessions.meetings.events import MeetingCancelled
from mentorlink.sessions.meetings.models import Meeting, Series, SeriesMember, TimeProposal
from mentorlink.sessions.meetings.policy import may_begin_many_series, may_begin_series, may_set_series_state


@action
def begin_series(actor: Actor, person_ids: tuple[int, ...], *, takes_actions: bool = True) -> Series:
    """Open a series in which exactly these people meet; ``takes_actions`` False: what they take on is written elsewhere."""
    ensure(may_begin_series, actor, person_ids)
    series = Series(
        created_at=clock.now(),
        takes_actions=takes_actions,
        members=[SeriesMember(person_id=person_id) for person_id in person_ids],
    )
    db.session.add(series)
    db.session.flush()
    return series


@action
def begin_led_series(actor: Actor, host_id: int) -> Series:
    """Open a series of several that one person leads; the others are added as they join."""
    ensure(may_begin_series, actor, (host_id,))
    series = Series(host_id=host_id, created_at=clock.now(), members=[SeriesMember(person_id=host_id)])
    db.session.add(series)
    db.session.flush()
    return series


@action
def begin_many_series(actor: Actor, groups: Sequence[tuple[int, ...]]) -> list[int]:
    """Open a series for each group, in its order; returns their ids. Two statements however many."""
    ensure(may_begin_many_series, actor)
    instant = clock.now()
    rows = [Series(created_at=instant) for _group in groups]
    db.session.add_all(rows)
    db.session.flush()
    ids = [row.id for row in rows]
    members = [{"series_id": id_, "person_id": person_id} for id_, group in zip(ids, groups, strict=True) for person_id in group]
    if members:
        db.session.execute(sa.insert(SeriesMember), members)
    return ids


@action
def set_series_state(actor: Actor, series: Series, state: str) -> Series:
    """Make the series open, paused or closed. Closing cancels what was still planned to come."""
    ensure(may_set_series_state, actor, series)
    lock(series)
    if state == "closed":
        _cancel_what_was_to_come(actor, series)
    series.state = state
    return series


@action
def call_off_until(actor: Actor, series: Series, until: datetime) -> int:
    """Cancel what is planned to begin before ``until``: the people rest. Returns how many."""
    ensure(may_set_series_state, actor, series)
    lock(series)
    return _cancel(actor, series, [meeting for meeting in _to_come(series) if meeting.starts_at < until])


def _to_come(series: Series) -> list[Meeting]:
    planned = sa.select(Meeting).where(Meeting.series_id == series.id, Meeting.state == "planned").order_by(Meeting.id)
    return [meeting for meeting in db.session.scalars(planned) if meeting.ends_at > clock.now()]


def _cancel(actor: Actor, series: Series, to_come: list[Meeting]) -> int:
    for meeting in to_come:
        settle(actor, meeting, "cancelled")
    if to_come:
        first, *more = (meeting.id for meeting in to_come)
        record(MeetingCancelled(first, series.id, actor.person_id, tuple(more)))
    return len(to_come)


def _cancel_what_was_to_come(actor: Actor, series: Series) -> None:
    _cancel(actor, series, _to_come(series))
    db.session.execute(
        sa.update(TimeProposal)
        .where(TimeProposal.series_id == series.id, TimeProposal.state == "open")
        .values(state="withdrawn", settled_at=clock.now(), settled_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
