"""The dictionaries, as everyone reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.competencies.models import Competency, Edition, Framework, Standard
from mentorlink.competencies.queries.needs import kind_order
from mentorlink.competencies.shapes import Shelf
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Field, Job, Person, Tier


@dataclass(frozen=True, slots=True)
class Asker:
    """A tier or a job that asks a competency at a level."""

    code: str
    name: dict[str, str]
    required: int


def frameworks_for(_actor: Actor) -> list[Shelf]:
    """Every framework: a dictionary is open to everyone in the agency."""
    count = (
        sa.select(Competency.framework_id, sa.func.count().label("n"))
        .where(Competency.retired_at.is_(None))
        .group_by(Competency.framework_id)
        .subquery()
    )
    newest = (
        sa.select(Edition.framework_id, sa.func.max(Edition.number).label("number")).group_by(Edition.framework_id).subquery()
    )
    query = (
        sa.select(Framework, count.c.n, Edition.number, Edition.published_at)
        .outerjoin(count, count.c.framework_id == Framework.id)
        .outerjoin(newest, newest.c.framework_id == Framework.id)
        .outerjoin(Edition, sa.and_(Edition.framework_id == Framework.id, Edition.number == newest.c.number))
        .order_by(*kind_order(), Framework.id)
    )
    return [Shelf(framework, n or 0, number, at) for framework, n, number, at in db.session.execute(query)]


def framework_for(_actor: Actor, code: str) -> Framework:
    """The framework of that code."""
    framework = db.session.scalar(sa.select(Framework).where(Framework.code == code))
    if framework is None:
        raise NotFound()
    return framework


def competencies_of(framework: Framework) -> list[Competency]:
    """Its competencies in order, the retired ones last."""
    query = (
        sa.select(Competency)
        .where(Competency.framework_id == framework.id)
        .options(joinedload(Competency.field))
        .order_by(Competency.retired_at.is_not(None), Competency.position, Competency.id)
    )
    return list(db.session.scalars(query))


def by_field(competencies: Iterable[Competency]) -> list[tuple[Field | None, list[Competency]]]:
    """Competencies in use under their field of work, fields in order of first appearance."""
    groups: dict[int | None, tuple[Field | None, list[Competency]]] = {}
    for competency in competencies:
        if competency.retired_at is None:
            groups.setdefault(competency.field_id, (competency.field, []))[1].append(competency)
    return list(groups.values())


def editions_of(framework: Framework) -> list[tuple[int, datetime, str | None]]:
    """Number, time and publisher of each edition, newest first; their wording stays where it is."""
    from_person = sa.select(Edition.number, Edition.published_at, _publisher()).where(Edition.framework_id == framework.id)
    return [(number, at, who) for number, at, who in db.session.execute(from_person.order_by(Edition.number.desc()).limit(50))]


def edition_for(actor: Actor, code: str, number: int) -> Edition:
    """One edition as it was published."""
    framework = framework_for(actor, code)
    edition = db.session.scalar(sa.select(Edition).where(Edition.framework_id == framework.id, Edition.number == number))
    if edition is None:
        raise NotFound()
    return edition


def edition_content(edition: Edition) -> dict[str, Any]:
    """The edition in the shape of a framework file."""
    framework = edition.framework
    return {
        "code": framework.code, "type": framework.kind, "version": str(edition.number), "name": framework.name,
        "source": framework.source, "competencies": edition.content,
    }  # fmt: skip


def newest_number(framework_id: int) -> int:
    """Number of the current edition; 0 before the first."""
    return db.session.scalar(sa.select(sa.func.max(Edition.number)).where(Edition.framework_id == framework_id)) or 0


def competency_for(_actor: Actor, code: str) -> Competency:
    """A competency with its levels."""
    competency = db.session.scalar(
        sa.select(Competency)
        .where(Competency.code == code)
        .options(selectinload(Competency.levels), joinedload(Competency.field))
    )
    if competency is None:
        raise NotFound()
    return competency


def askers_of(competency: Competency, *, limit: int = 60) -> tuple[list[Asker], list[Asker]]:
    """The tiers and the jobs that ask this competency, most demanding first."""
    tiers = sa.select(Tier.code, Tier.name, Standard.required).join(Tier, Standard.tier_id == Tier.id)
    jobs = sa.select(Job.code, Job.name, Standard.required).join(Job, Standard.job_id == Job.id)
    return _askers(tiers, competency, limit), _askers(jobs, competency, limit)


def _askers(query: sa.Select[str, dict[str, str], int], competency: Competency, limit: int) -> list[Asker]:
    query = query.where(Standard.competency_id == competency.id, Standard.required > 0)
    return [Asker(*row) for row in db.session.execute(query.order_by(Standard.required.desc(), Standard.id).limit(limit))]


def _publisher() -> sa.ScalarSelect[str]:
    return sa.select(Person.name).where(Person.id == Edition.published_by_id).scalar_subquery()
