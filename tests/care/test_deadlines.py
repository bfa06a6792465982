"""What is due fires within a minute of its moment, and once: on time, after two days of downtime, after a jump of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.db import db
from mentorlink.notifications.models import Notice
from mentorlink.sessions.coaching.actions import rest_engagement
from mentorlink.sessions.coaching.inputs import Rest
from mentorlink.sessions.mentoring import actions, inputs
from tests.cast import Cast
from tests.coaching.two import Two
from tests.mentoring.pair import Pair

JAKARTA = ZoneInfo("Asia/Jakarta")


def morning(days: int, hour: int) -> datetime:
    """That hour, so many days from now, on the wall in Jakarta."""
    return datetime.combine(clock.today("Asia/Jakarta") + timedelta(days=days), time(hour), JAKARTA)


def a_pause(cast: Cast) -> datetime:
    """The pair comes back on the tenth day."""
    pair = Pair(cast)
    actions.pause_mentorship(pair.mentor, pair.row(), inputs.PauseInput(returns_on=morning(10, 0).date()))
    return morning(10, 6)


def a_rest(cast: Cast) -> datetime:
    """A coaching goes on on the tenth day."""
    two = Two(cast).engage()
    rest_engagement(two.coach, two.row(), Rest(returns_on=morning(10, 0).date()))
    return morning(10, 6)


def a_commitment(cast: Cast) -> datetime:
    """Something is to be done by the seventh day."""
    two = Two(cast).engage().set_goal()
    meeting = two.plan()
    two.sheet(meeting)
    two.commit(meeting, days=(morning(7, 0).date() - clock.today()).days)
    return morning(7, 8)


def a_silence(cast: Cast) -> datetime:
    """Nobody does anything for a week."""
    Pair(cast)
    return clock.now() + timedelta(days=7)


DUE: dict[str, tuple[Callable[[Cast], datetime], tuple[str, ...]]] = {
    "a pause ends": (a_pause, ("mentorship_resumed",)),
    "a rest ends": (a_rest, ("coaching_goes_on",)),
    "a commitment is asked for": (a_commitment, ("commitment_due",)),
    "a quiet pair is looked at": (a_silence, ("quiet", "quiet_closing")),
}
"""What comes by itself → how it begins, and the notices by which it is told."""


@pytest.mark.one_database
@pytest.mark.parametrize("late", [timedelta(seconds=60), timedelta(days=2), timedelta(days=25)], ids=["on time", "down", "jump"])
@pytest.mark.parametrize("what", DUE)
def test_what_is_due_fires_once(cast: Cast, what: str, late: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, kinds = DUE[what]
    due = begin(cast)
    monkeypatch.setattr(jobs, "every", {"care.watch_silence": jobs.every["care.watch_silence"]})

    def worker(instant: datetime) -> list[tuple[str, int]]:
        """Awake at that instant; the notices there are then."""
        with clock.at(instant):
            jobs.schedule()
            while jobs.run_due(only=False) + jobs.run_due(only="care.watch_silence"):
                pass
        db.session.rollback()
        return [tuple(row) for row in db.session.execute(sa.select(Notice.kind, Notice.person_id).where(Notice.kind.in_(kinds)))]

    assert worker(due - timedelta(seconds=2)) == []
    told = worker(due + late)
    assert told
    assert len(set(told)) == len(told), "each is told once"
    for again in (timedelta(), timedelta(seconds=61)):
        assert worker(due + late + again) == told
