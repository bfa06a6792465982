"""What several use cases of mentorships do alike."""

from __future__ import annotations

from mentorlink.competencies.models import CurrentLevel
from mentorlink.kernel import clock
from mentorlink.kernel.actions import record
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.mentoring.events import PairActed
from mentorlink.sessions.mentoring.models import Mentorship, Target
from mentorlink.sessions.mentoring.stages import allows


def begin(mentorship: Mentorship, act: str) -> Mentorship:
    """Lock the mentorship, refuse what its stage or state does not allow, mark a sign of life, and tell the pages of both."""
    lock(mentorship)
    if not allows(act, mentorship.stage, mentorship.state):
        raise refusal(mentorship)
    mentorship.touched_at = clock.now()
    record(PairActed(*ids(mentorship)))
    return mentorship


def refusal(mentorship: Mentorship) -> Conflict:
    """Why the table has no such act or step here."""
    if mentorship.state == "paused":
        return Conflict("mentorship_paused")
    if not mentorship.is_open:
        return Conflict("mentorship_over")
    return Conflict("wrong_stage", stage=mentorship.stage)


def ids(mentorship: Mentorship) -> tuple[int, int, int]:
    """What every event of a mentorship begins with."""
    return mentorship.id, mentorship.mentor_id, mentorship.mentee_id


def add_target_row(mentorship: Mentorship, competency_id: int, position: int) -> Target:
    """A competency to work on, from the level that counts now if there is one."""
    known = db.session.get(CurrentLevel, (mentorship.mentee_id, competency_id))
    target = Target(
        mentorship_id=mentorship.id,
        competency_id=competency_id,
        position=position,
        baseline=known.level if known else None,
        assessment_id=known.assessment_id if known else None,
    )
    db.session.add(target)
    return target
