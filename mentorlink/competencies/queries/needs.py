"""What jobs ask and what people hold, for one person or fifty thousand, in a constant number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from mentorlink.competencies.models import Competency, CurrentLevel, Framework, Standard
from mentorlink.competencies.policy import may_see_map
from mentorlink.competencies.rules import Need
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Job, Person


class Asked(NamedTuple):
    """One competency of a job's effective standard."""

    competency_id: int
    code: str
    name: dict[str, str]
    kind: str
    required: int
    by_job: bool


def among(column: Any, ids: Collection[int]) -> sa.ColumnElement[bool]:
    """``column`` is one of ``ids``, however many: they travel as one parameter, not one each."""
    if db.engine.dialect.name == "postgresql":
        return cast(sa.ColumnElement[bool], column == sa.any_(sa.cast(sorted(ids), ARRAY(sa.Integer))))
    values = sa.func.json_each(json.dumps(sorted(ids))).table_valued("value")
    return cast(sa.ColumnElement[bool], column.in_(sa.select(values.c.value)))


def needs_of(person_ids: Collection[int]) -> dict[int, list[Need]]:
    """What the job of each person asks and what was found, in the order of the frameworks. Three queries.

    People without a job have an empty list. The caller has decided that the actor may know.
    """
    people = db.session.execute(
        sa.select(Person.id, Person.job_id, Job.tier_id)
        .outerjoin(Job, Person.job_id == Job.id)
        .where(among(Person.id, person_ids))
    ).all()
    asked = effective_standards({job_id: tier_id for _, job_id, tier_id in people if job_id is not None})
    levels = levels_of(person_ids)
    needs: dict[int, list[Need]] = {}
    for person_id, job_id, _tier_id in people:
        held = levels.get(person_id, {})
        needs[person_id] = [
            Need(item.competency_id, item.code, item.required, held.get(item.competency_id), item.name, item.kind)
            for item in asked.get(job_id or 0, ())
        ]
    return needs


def needs_for(actor: Actor, person: Person) -> list[Need]:
    """The needs of ``person``; to whoever may not see their map it does not exist."""
    if not may_see_map(actor, person):
        raise NotFound()
    return needs_of((person.id,))[person.id]


def levels_of(person_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Person id → competency id → the level that counts now. One query; whom nobody assessed is left out."""
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    rows = db.session.execute(
        sa.select(CurrentLevel.person_id, CurrentLevel.competency_id, CurrentLevel.level).where(
            among(CurrentLevel.person_id, person_ids)
        )
    )
    for person_id, competency_id, level in rows:
        levels[person_id][competency_id] = level
    return dict(levels)


def effective_standards(tier_of_job: dict[int, int]) -> dict[int, list[Asked]]:
    """Job id → what it asks: the tier's default, overridden by the job's own; 0 asks nothing. One query."""
    rows = db.session.execute(
        sa.select(
            Standard.job_id, Standard.tier_id, Standard.required, Competency.id, Competency.code, Competency.name, Framework.kind
        )
        .join(Competency, Standard.competency_id == Competency.id)
        .join(Framework, Competency.framework_id == Framework.id)
        .where(
            Competency.retired_at.is_(None),
            sa.or_(among(Standard.job_id, tier_of_job.keys()), among(Standard.tier_id, set(tier_of_job.values()))),
        )
        .order_by(*kind_order(), Framework.id, Competency.position, Competency.id)
    ).all()
    place = {competency_id: number for number, competency_id in enumerate(dict.fromkeys(row[3] for row in rows))}
    by_tier: dict[int, dict[int, Asked]] = defaultdict(dict)
    by_job: dict[int, dict[int, Asked]] = defaultdict(dict)
    for job_id, tier_id, required, competency_id, code, name, kind in rows:
        asked = Asked(competency_id, code, name, kind, required, job_id is not None)
        if job_id is not None:
            by_job[job_id][competency_id] = asked
        elif tier_id is not None:
            by_tier[tier_id][competency_id] = asked
    return {
        job_id: _asking((by_tier.get(tier_id, {}) | by_job.get(job_id, {})).values(), place)
        for job_id, tier_id in tier_of_job.items()
    }


def _asking(standards: Iterable[Asked], place: dict[int, int]) -> list[Asked]:
    return sorted((asked for asked in standards if asked.required), key=lambda asked: place[asked.competency_id])


def kind_order() -> tuple[sa.ColumnElement[int]]:
    """Managerial, socio-cultural, technical, digital."""
    return (sa.case({"managerial": 0, "socio_cultural": 1, "technical": 2, "digital": 3}, value=Framework.kind, else_=4),)


def competency_ids_by_code() -> dict[str, int]:
    """Code → id of every competency in use."""
    return dict(db.session.execute(sa.select(Competency.code, Competency.id).where(Competency.retired_at.is_(None))).all())
