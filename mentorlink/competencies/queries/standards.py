"""What tiers and jobs ask, as pages and files show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from mentorlink.competencies.models import Competency, Framework, MatchLimits, Standard, StandardChange
from mentorlink.competencies.queries.needs import kind_order
from mentorlink.competencies.rules import USUAL_LIMITS, Limits
from mentorlink.competencies.shapes import StandardLine
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.people.models import Job, Person, Tier

PAGE = 30


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in the list."""

    job: Job
    people: int
    own: int


def changes_of(holder: Job | Tier) -> list[StandardChange]:
    """The newest changes of what ``holder`` asks itself."""
    column = StandardChange.job_id if isinstance(holder, Job) else StandardChange.tier_id
    query = sa.select(StandardChange).where(column == holder.id).order_by(StandardChange.id.desc()).limit(PAGE)
    return list(db.session.scalars(query.options(joinedload(StandardChange.competency))))


def limits_on(day: date) -> Limits:
    """The limits of the job-person match that hold on a day."""
    newest = sa.select(MatchLimits).where(MatchLimits.valid_from <= day).order_by(MatchLimits.valid_from.desc()).limit(1)
    row = db.session.scalar(newest)
    return Limits(row.optimal, row.fair) if row else USUAL_LIMITS


def limits_set(_actor: Actor) -> list[MatchLimits]:
    """All that were ever set, the newest first; everybody may know by what they are measured."""
    return list(db.session.scalars(sa.select(MatchLimits).order_by(MatchLimits.valid_from.desc()).limit(50)))


def tiers_for(_actor: Actor) -> list[tuple[Tier, int]]:
    """Every tier with how many competencies it asks, most senior first."""
    asked = sa.func.count(Standard.id)
    query = (
        sa.select(Tier, asked)
        .outerjoin(Standard, sa.and_(Standard.tier_id == Tier.id, Standard.required > 0))
        .group_by(Tier.id)
        .order_by(Tier.grade.desc(), Tier.id)
    )
    return [(tier, n) for tier, n in db.session.execute(query)]


def tier_for(_actor: Actor, code: str) -> Tier:
    """The tier of that code."""
    tier = db.session.scalar(sa.select(Tier).where(Tier.code == code))
    if tier is None:
        raise NotFound()
    return tier


def job_for(_actor: Actor, code: str) -> Job:
    """The job of that code."""
    job = db.session.scalar(sa.select(Job).where(Job.code == code))
    if job is None:
        raise NotFound()
    return job


def jobs_for(_actor: Actor, text: str = "", *, page: int = 1) -> tuple[list[JobLine], int]:
    """A page of jobs whose name or code holds ``text``, in order of code, and how many pages there are."""
    people = sa.select(sa.func.count()).where(Person.job_id == Job.id, Person.state != "disabled").scalar_subquery()
    own = sa.select(sa.func.count()).where(Standard.job_id == Job.id).scalar_subquery()
    wanted = fold(text)
    everyone = db.session.execute(sa.select(Job.id, Job.code, Job.name).order_by(Job.code)).all()
    ids = [id_ for id_, code, name in everyone if not wanted or any(wanted in fold(word) for word in (code, *name.values()))]
    pages = max(1, -(-len(ids) // PAGE))
    some = ids[(page - 1) * PAGE : page * PAGE]
    rows = db.session.execute(sa.select(Job, people, own).where(Job.id.in_(some)).order_by(Job.code))
    return [JobLine(job, count, figures) for job, count, figures in rows], pages


def lines_of(holder: Job | Tier, *, everything: bool = False) -> list[StandardLine]:
    """What ``holder`` asks, with where each figure comes from; ``everything`` lists what it does not ask too."""
    tier_id = holder.tier_id if isinstance(holder, Job) else holder.id
    job_id = holder.id if isinstance(holder, Job) else None
    default = sa.select(Standard.required).where(Standard.tier_id == tier_id, Standard.competency_id == Competency.id)
    own = sa.select(Standard.required).where(Standard.job_id == job_id, Standard.competency_id == Competency.id)
    query = (
        sa.select(
            Competency.id, Competency.code, Competency.name, Framework.kind,
            default.scalar_subquery(), own.scalar_subquery() if job_id is not None else sa.null(),
        )
        .join(Framework)
        .where(Competency.retired_at.is_(None))
        .order_by(*kind_order(), Framework.id, Competency.position, Competency.id)
    )  # fmt: skip
    lines = [StandardLine(*row) for row in db.session.execute(query)]
    return [line for line in lines if everything or line.effective or line.own is not None]
