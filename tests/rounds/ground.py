"""A round with people in it, in a line or two."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import CurrentLevel
from mentorlink.kernel import jobs
from mentorlink.kernel.db import db
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Person
from mentorlink.programmes.actions import add_programme
from mentorlink.programmes.inputs import ProgrammeInput
from mentorlink.programmes.models import Programme
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import EnrolInput, PublishInput, RoundInput, StopInput
from mentorlink.rounds.models import Proposal, Round, RoundRun
from tests import story
from tests.cast import Cast

PROGRAMME = {
    "name": {"id": "Program Uji", "en": "Trial programme"}, "starts_on": "2026-01-01", "ends_on": "2026-12-31", "state": "active",
}  # fmt: skip


class Ground:
    """A programme, mentees of Budget with gaps, mentors of Statistics with places, and a round that they are enrolled in."""

    def __init__(
        self, cast: Cast, *, mentees: int = 3, mentors: int = 2, places: int = 1, rules: dict[str, Any] | None = None
    ) -> None:
        self.cast = cast
        self.hr = cast.actor(cast.coordinator)
        self.programme: Programme = add_programme(self.hr, read(ProgrammeInput, PROGRAMME | ({"rules": rules} if rules else {})))
        self.mentor_ids = [self._mentor(number, places).id for number in range(mentors)]
        self.mentee_ids = [self._mentee(number).id for number in range(mentees)]
        self.round_id = actions.add_round(self.hr, self.programme, RoundInput(name="First half")).id

    def _mentor(self, number: int, places: int) -> Person:
        person = self.cast.person(f"guide_{number}", self.cast.statistics, levels=(5 - number % 2, 4, 3 + number % 2))
        story.offer(self.cast, person, places=places)
        return person

    def _mentee(self, number: int) -> Person:
        return self.cast.person(f"learner_{number}", self.cast.budget, levels=(1, 2 - number % 2, 1 + number % 3))

    @property
    def round(self) -> Round:
        """The round as it is now."""
        db.session.rollback()
        return db.session.get_one(Round, self.round_id)

    @property
    def revision(self) -> int:
        """The newest revision of the round."""
        return self.round.revision

    def enrol(self, **rules: Any) -> tuple[int, int]:
        """Enrol by rules: by default everybody with a gap, and every mentor with room."""
        return actions.enrol_by_rules(self.hr, self.round, read(EnrolInput, {"enrolment": rules, "revision": self.revision}))

    def solve(self) -> RoundRun:
        """Ask for a run and let the worker do it."""
        number = actions.start_run(self.hr, self.round).number
        jobs.run_due()
        return self.run(number)

    def run(self, number: int) -> RoundRun:
        """A run as it is now."""
        db.session.rollback()
        return db.session.scalars(sa.select(RoundRun).where(RoundRun.round_id == self.round_id, RoundRun.number == number)).one()

    def lines(self) -> list[Proposal]:
        """The draft, by mentee."""
        db.session.rollback()
        return list(
            db.session.scalars(sa.select(Proposal).where(Proposal.round_id == self.round_id).order_by(Proposal.mentee_id))
        )

    def pairs(self) -> dict[int, int | None]:
        """Mentee → mentor of the draft."""
        return {line.mentee_id: line.mentor_id for line in self.lines()}

    def line(self, mentee_id: int) -> Proposal:
        """Somebody's line of the draft."""
        return next(line for line in self.lines() if line.mentee_id == mentee_id)

    def choose(self, position: int) -> None:
        """Bring the draft to a stop of the newest run that is done, and let the worker do it."""
        last = sa.select(sa.func.max(RoundRun.id)).where(RoundRun.round_id == self.round_id, RoundRun.state == "done")
        run_id = db.session.scalar(last) or 0
        actions.choose_stop(self.hr, self.round, StopInput(run_id=run_id, position=position, revision=self.revision))
        jobs.run_due(only="rounds.stop")

    def publish(self, **data: Any) -> Round:
        """Publish the draft as it stands, and let the worker do it."""
        actions.publish_round(self.hr, self.round, PublishInput(revision=self.revision, **data))
        jobs.handlers["rounds.publish"]({"round_id": self.round_id})
        return self.round


def contested(cast: Cast, **sizes: Any) -> Ground:
    """A round that was solved, in which the first mentor fits everybody best."""
    ground = Ground(cast, **sizes)
    ground.enrol()
    weak = sa.update(CurrentLevel).where(CurrentLevel.person_id.in_(ground.mentor_ids[1:]), CurrentLevel.level > 3)
    db.session.execute(weak.values(level=2))
    db.session.commit()
    assert ground.solve().state == "done"
    return ground


def drafted(cast: Cast, **sizes: Any) -> Ground:
    """A round that was solved."""
    ground = Ground(cast, **sizes)
    ground.enrol()
    assert ground.solve().state == "done"
    return ground
