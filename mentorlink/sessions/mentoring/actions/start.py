"""Beginning a mentorship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.competencies.models import CurrentLevel
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.meetings.actions import begin_many_series, begin_series
from mentorlink.sessions.mentoring.actions.ground import add_target_row
from mentorlink.sessions.mentoring.events import MentorshipStarted
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod, Target
from mentorlink.sessions.mentoring.policy import may_start_many_mentorships, may_start_mentorship
from mentorlink.sessions.mentoring.queries.stages import stage_rule_on


@action
def start_mentorship(
    actor: Actor, *, mentor_id: int, mentee_id: int, programme_id: int | None = None, competency_ids: Sequence[int] = ()
) -> Mentorship:
    """Make the two a pair in the first stage, with the mentee's current levels as baseline of ``competency_ids``.

    Refused with ``already_paired`` while the same two have an open mentorship in these roles.
    """
    ensure(may_start_mentorship, actor, mentor_id, mentee_id)
    if mentor_id == mentee_id:
        raise Conflict("mentor_of_oneself")
    instant = clock.now()
    series, stages = begin_series(actor, (mentor_id, mentee_id)), stage_rule_on(clock.today())
    mentorship = Mentorship(
        mentor_id=mentor_id,
        mentee_id=mentee_id,
        programme_id=programme_id,
        series_id=series.id,
        started_at=instant,
        touched_at=instant,
        stage_rule=stages,
    )
    with or_refuse(Conflict("already_paired")):
        db.session.add(mentorship)
    db.session.add(
        StagePeriod(mentorship_id=mentorship.id, stage=mentorship.stage, entered_at=instant, entered_by_id=actor.person_id)
    )
    _take_baselines(mentorship, list(dict.fromkeys(competency_ids)))
    db.session.flush()
    record(MentorshipStarted(mentorship.id, mentor_id, mentee_id, programme_id))
    return mentorship


def _take_baselines(mentorship: Mentorship, competency_ids: list[int]) -> None:
    for position, competency_id in enumerate(competency_ids, start=1):
        add_target_row(mentorship, competency_id, position)


@dataclass(frozen=True)
class Start:
    """A pair that is to begin among many."""

    mentor_id: int
    mentee_id: int
    competency_ids: tuple[int, ...] = ()


@action
def start_many_mentorships(
    actor: Actor, starts: Sequence[Start], *, programme_id: int | None = None, entered_by_id: int | None = None
) -> list[int]:
    """``start_mentorship`` for many pairs at once; returns their ids in the same order. The number of statements is constant.

    The caller has left out who is a pair already. If two become one meanwhile, none begins, and the caller may try again.
    """
    ensure(may_start_many_mentorships, actor)
    instant = clock.now()
    series = begin_many_series(actor, [(start.mentor_id, start.mentee_id) for start in starts])
    stages = stage_rule_on(clock.today())
    rows = [
        Mentorship(
            mentor_id=start.mentor_id, mentee_id=start.mentee_id, programme_id=programme_id, series_id=series_id,
            started_at=instant, touched_at=instant, stage_rule=stages,
        )
        for start, series_id in zip(starts, series, strict=True)
    ]  # fmt: skip
    with or_refuse(Conflict("already_paired")):
        db.session.add_all(rows)
    ids = [row.id for row in rows]
    db.session.add_all(
        StagePeriod(mentorship_id=row.id, stage=row.stage, entered_at=instant, entered_by_id=entered_by_id) for row in rows
    )
    _take_many_baselines(ids, starts)
    db.session.flush()
    for id_, start in zip(ids, starts, strict=True):
        record(MentorshipStarted(id_, start.mentor_id, start.mentee_id, programme_id))
    return ids


def _take_many_baselines(ids: Sequence[int], starts: Sequence[Start]) -> None:
    rows = db.session.execute(
        sa.select(CurrentLevel.person_id, CurrentLevel.competency_id, CurrentLevel.level, CurrentLevel.assessment_id).where(
            among(CurrentLevel.person_id, {start.mentee_id for start in starts})
        )
    )
    known = {(person_id, competency_id): (level, assessment_id) for person_id, competency_id, level, assessment_id in rows}
    targets = []
    for id_, start in zip(ids, starts, strict=True):
        for position, competency_id in enumerate(dict.fromkeys(start.competency_ids), start=1):
            level, assessment_id = known.get((start.mentee_id, competency_id), (None, None))
            targets.append(
                {
                    "mentorship_id": id_,
                    "competency_id": competency_id,
                    "position": position,
                    "baseline": level,
                    "assessment_id": assessment_id,
                }
            )
    if targets:
        db.session.execute(sa.insert(Target), targets)
