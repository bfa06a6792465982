"""Runs: what goes on now, what there was, and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person
from mentorlink.rounds.models import Round, RoundRun, RoundStop
from mentorlink.rounds.queries.cohort import people_named
from mentorlink.rounds.stages import BUSY

SILENT = timedelta(seconds=90)
"""A run without a sign of life for so long was killed; another may begin."""


def run_for(round_: Round, number: int) -> RoundRun:
    """A run of a round that the actor may see, by its number."""
    found = db.session.scalar(sa.select(RoundRun).where(RoundRun.round_id == round_.id, RoundRun.number == number))
    if found is None:
        raise NotFound()
    return found


def busy_run(round_: Round) -> RoundRun | None:
    """The run that waits or runs now."""
    return db.session.scalar(sa.select(RoundRun).where(RoundRun.round_id == round_.id, RoundRun.state.in_(BUSY)))


def is_silent(run: RoundRun) -> bool:
    """True when a running run has given no sign of life for too long."""
    return run.state == "running" and run.beat_at is not None and run.beat_at < clock.now() - SILENT


def has_stopped(round_: Round) -> bool:
    """True when a publication has given no sign of life for too long."""
    return round_.publishing_beat_at is not None and round_.publishing_beat_at < clock.now() - SILENT


def runs_of(round_: Round, *, most: int = 20) -> Sequence[RoundRun]:
    """The runs of a round with their stops, newest first. Two queries."""
    return db.session.scalars(
        sa.select(RoundRun)
        .options(selectinload(RoundRun.stops), joinedload(RoundRun.asked_by))
        .where(RoundRun.round_id == round_.id)
        .order_by(RoundRun.number.desc())
        .limit(most)
    ).all()


def stops_of(run: RoundRun) -> Sequence[RoundStop]:
    """The stops of a run, from best fit to most people."""
    return db.session.scalars(sa.select(RoundStop).where(RoundStop.run_id == run.id).order_by(RoundStop.position)).all()


def pairs_of(run: RoundRun, position: int) -> dict[int, tuple[int, int]]:
    """Mentee id → mentor id and score in millionths of one stop."""
    told = db.session.scalar(sa.select(RoundStop.pairs).where(RoundStop.run_id == run.id, RoundStop.position == position))
    if told is None:
        raise NotFound()
    return {mentee: (mentor, score) for mentee, mentor, score in told}


PAGE = 25


@dataclass(frozen=True)
class Difference:
    """One mentee who fares differently in two runs."""

    mentee: Person
    before: Person | None
    before_score: int
    after: Person | None
    after_score: int


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side."""

    items: Sequence[Difference]
    changed: int
    page: int
    same: int
    """Mentees who have the same mentor, or none, in both."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.changed // PAGE))


def comparison_of(one: tuple[RoundRun, int], other: tuple[RoundRun, int], *, page: int = 1) -> Comparison:
    """Who has another mentor in the second than in the first, those who move most first."""
    before, after = pairs_of(*one), pairs_of(*other)
    nobody = (None, 0)
    everyone = before.keys() | after.keys()
    changed = [mentee for mentee in everyone if before.get(mentee, nobody)[0] != after.get(mentee, nobody)[0]]
    changed.sort(key=lambda mentee: (-abs(after.get(mentee, nobody)[1] - before.get(mentee, nobody)[1]), mentee))
    shown = changed[(page - 1) * PAGE :][:PAGE]
    ids = {person for mentee in shown for person in (mentee, before.get(mentee, nobody)[0], after.get(mentee, nobody)[0])}
    people = people_named({person for person in ids if person is not None})
    return Comparison(
        [
            Difference(
                people[mentee],
                people.get(before.get(mentee, nobody)[0] or 0),
                before.get(mentee, nobody)[1],
                people.get(after.get(mentee, nobody)[0] or 0),
                after.get(mentee, nobody)[1],
            )
            for mentee in shown
        ],
        len(changed),
        page,
        len(everyone) - len(changed),
    )
