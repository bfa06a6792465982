"""What is still to be brought before an agency can begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, Standard
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Job, Person, Unit
from mentorlink.people.policy import may_save_files


@dataclass(frozen=True)
class Beginning:
    """Kinds of files in the order in which one names the other, and whether there is anything of each."""

    there: dict[str, bool]

    @property
    def next(self) -> str:
        """The first kind that is missing."""
        return next(kind for kind, there in self.there.items() if not there)


def beginning_for(actor: Actor) -> Beginning | None:
    """How far the setting up has come, for whoever brings files; None once somebody was assessed. One query from then on."""
    if not may_save_files(actor) or _any(sa.select(Assessment.id)):
        return None
    return Beginning(
        {
            "units": _any(sa.select(Unit.id).where(Unit.parent_id.is_not(None))),
            "jobs": _any(sa.select(Job.id)),
            "people": _any(sa.select(Person.id).where(Person.id != actor.person_id)),
            "standards": _any(sa.select(Standard.id).where(Standard.job_id.is_not(None))),
            "assessments": False,
        }
    )


def _any(rows: sa.Select[Any]) -> bool:
    return db.session.scalar(rows.limit(1)) is not None
