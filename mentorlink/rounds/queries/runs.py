"""Runs: what goes on now, what there was, and two of them side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person
from mentorlink.rounds.models import Round, RoundRun, RoundStop
from mentorlink.rounds.queries.cohort import broken_rules, people_named
from mentorlink.rounds.stages import BUSY, UNSETTLED

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


def takes_stop(round_: Round) -> bool:
    """True while a job brings the draft to another stop; not when it has taken too long to be alive."""
    return round_.stop_asked_at is not None and round_.stop_asked_at >= clock.now() - SILENT


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


def stop_of(run: RoundRun, position: int) -> RoundStop | None:
    """One stop of a run."""
    return db.session.get(RoundStop, (run.id, position))


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
    gone: tuple[bool, bool] = (False, False)
    """Whether the pair of each run is one that a rule forbids by now: then it is not told."""


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


def comparison_of(round_: Round, one: tuple[RoundRun, int], other: tuple[RoundRun, int], *, page: int = 1) -> Comparison:
    """Who has another mentor in the second than in the first, those who move most first.

    Until the round is settled, a pair that a rule forbids by now is told by nothing but that.
    """
    before, after = pairs_of(*one), pairs_of(*other)
    nobody = (None, 0)
    everyone = before.keys() | after.keys()
    changed = [mentee for mentee in everyone if before.get(mentee, nobody)[0] != after.get(mentee, nobody)[0]]
    changed.sort(key=lambda mentee: (-abs(after.get(mentee, nobody)[1] - before.get(mentee, nobody)[1]), mentee))
    shown = changed[(page - 1) * PAGE :][:PAGE]
    both = {mentee: (before.get(mentee, nobody), after.get(mentee, nobody)) for mentee in shown}
    pairs = {(mentee, mentor) for mentee, sides in both.items() for mentor, _score in sides if mentor is not None}
    broken = broken_rules(round_, pairs) if round_.state in UNSETTLED else {}
    people = people_named({*shown, *(mentor for _mentee, mentor in pairs)})
    return Comparison([_difference(mentee, sides, people, broken) for mentee, sides in both.items()], len(changed), page,
                      len(everyone) - len(changed))  # fmt: skip


def _difference(
    mentee: int, sides: Sequence[tuple[int | None, int]], people: Mapping[int, Person], broken: Collection[tuple[int, int]]
) -> Difference:
    (was, was_score), (is_, is_score) = sides
    gone = tuple((mentee, mentor or 0) in broken for mentor in (was, is_))
    named = [None if hidden else people.get(mentor or 0) for mentor, hidden in zip((was, is_), gone, strict=True)]
    return Difference(people[mentee], named[0], was_score, named[1], is_score, (gone[0], gone[1]))
