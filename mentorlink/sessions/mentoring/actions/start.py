"""Beginning a mentorship."""

from __future__ import annotations

from collections.abc import Sequence

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, or_refuse
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.meetings.actions import begin_series
from mentorlink.sessions.mentoring.actions.ground import add_target_row
from mentorlink.sessions.mentoring.events import MentorshipStarted
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod
from mentorlink.sessions.mentoring.policy import may_start_mentorship


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
    series = begin_series(actor, (mentor_id, mentee_id))
    mentorship = Mentorship(
        mentor_id=mentor_id,
        mentee_id=mentee_id,
        programme_id=programme_id,
        series_id=series.id,
        started_at=instant,
        touched_at=instant,
    )
    with or_refuse(Conflict("already_paired")):
        db.session.add(mentorship)
    db.session.add(
        StagePeriod(mentorship_id=mentorship.id, stage=mentorship.stage, entered_at=instant, entered_by_id=actor.person_id)
    )
    _take_baselines(mentorship, list(dict.fromkeys(competency_ids)))
    db.session.flush()
    record(MentorshipStarted(mentorship.id, mentor_id, mentee_id))
    return mentorship


def _take_baselines(mentorship: Mentorship, competency_ids: list[int]) -> None:
    for position, competency_id in enumerate(competency_ids, start=1):
        add_target_row(mentorship, competency_id, position)
