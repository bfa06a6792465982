"""What is still to be done before an agency can begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, Standard
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.pairing.models import Offer
from mentorlink.people.models import Job, Person, RoleGrant, Unit
from mentorlink.people.policy import may_save_files
from mentorlink.people.queries import uninvited_count
from mentorlink.sessions.mentoring.models import Mentorship


@dataclass(frozen=True)
class Beginning:
    """Kinds of files in the order in which one names the other, whether there is anything of each, and what follows them.

    ``then``: ``roles`` (nobody is HR), ``invitations`` (so many have none), ``mentors`` (nobody offers a place) → how many; only
    what is still to be done.
    """

    there: dict[str, bool]
    then: dict[str, int] = field(default_factory=dict)

    @property
    def next(self) -> str | None:
        """The first kind that is missing."""
        return next((kind for kind, there in self.there.items() if not there), None)

    @property
    def step(self) -> str | None:
        """What is to be done first once all files are in."""
        return next(iter(self.then), None)


def beginning_for(actor: Actor) -> Beginning | None:
    """How far the setting up has come, for whoever brings files; None once two people are a pair. One query from then on."""
    if not may_save_files(actor) or _any(sa.select(Mentorship.id)):
        return None
    there = {
        "units": _any(sa.select(Unit.id).where(Unit.parent_id.is_not(None))),
        "jobs": _any(sa.select(Job.id)),
        "people": _any(sa.select(Person.id).where(Person.id != actor.person_id)),
        "standards": _any(sa.select(Standard.id).where(Standard.job_id.is_not(None))),
        "assessments": _any(sa.select(Assessment.id)),
    }
    beginning = Beginning(there, _then(actor) if there["people"] else {})
    return beginning if beginning.next or beginning.then else None


def _then(actor: Actor) -> dict[str, int]:
    nobody_is_hr = actor.has_over(None, Role.ADMINISTRATOR) and not _any(
        sa.select(RoleGrant.id).where(RoleGrant.role == str(Role.MANAGER))
    )
    steps = {
        "roles": int(nobody_is_hr),
        "invitations": uninvited_count(actor),
        "mentors": int(not _any(sa.select(Offer.id).where(Offer.closed_at.is_(None)))),
    }
    return {step: count for step, count in steps.items() if count}


def _any(rows: sa.Select[Any]) -> bool:
    return db.session.scalar(rows.limit(1)) is not None
