"""What tiers and jobs ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from mentorlink.competencies.actions.assessments import Counts
from mentorlink.competencies.inputs import LimitsInput, StandardRow
from mentorlink.competencies.models import MatchLimits, Standard, StandardChange
from mentorlink.competencies.policy import may_edit_standards
from mentorlink.competencies.queries.standards import limits_on
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.models import Job, Tier

Key = tuple[int | None, int | None, int]


@action
def save_standards(actor: Actor, rows: Sequence[StandardRow]) -> Counts:
    """Each tier or job named asks exactly what its rows say; what is not named stays. Saying it again changes nothing."""
    ensure(may_edit_standards, actor)
    wanted: dict[Key, int] = {(row.tier_id, row.job_id, row.competency_id): row.required for row in rows}
    there = {
        (tier_id, job_id, competency_id): (id_, required)
        for id_, tier_id, job_id, competency_id, required in db.session.execute(
            sa.select(Standard.id, Standard.tier_id, Standard.job_id, Standard.competency_id, Standard.required)
        )
    }
    added = [
        {"tier_id": key[0], "job_id": key[1], "competency_id": key[2], "required": required}
        for key, required in wanted.items()
        if key not in there
    ]
    changed = [
        {"id": there[key][0], "required": required}
        for key, required in wanted.items()
        if key in there and there[key][1] != required
    ]
    if added:
        db.session.execute(sa.insert(Standard), added)
    if changed:
        db.session.execute(sa.update(Standard), changed)
    _keep([(*key, there[key][1] if key in there else None, now) for key, now in wanted.items()])
    return Counts(len(added), len(changed), len(wanted) - len(added) - len(changed))


@action
def set_standards(
    actor: Actor, holder: Job | Tier, levels: Mapping[int, int | None], *, seen: Mapping[int, int | None] | None = None
) -> Counts:
    """The job or tier asks what ``levels`` says (competency id → 0 to 5); None takes its own figure away.

    ``seen`` is what the page showed when it was opened; where another figure stands by now nothing is saved.
    """
    ensure(may_edit_standards, actor)
    db.session.refresh(holder, with_for_update={"of": type(holder)})
    column = Standard.job_id if isinstance(holder, Job) else Standard.tier_id
    there = {row.competency_id: row for row in db.session.scalars(sa.select(Standard).where(column == holder.id))}
    if seen is not None and any(_required(there, id_) != figure for id_, figure in seen.items()):
        raise Conflict("standards_changed")
    counts = [0, 0, 0]
    owner = (None, holder.id) if isinstance(holder, Job) else (holder.id, None)
    _keep([(*owner, id_, _required(there, id_), required) for id_, required in levels.items()])
    for competency_id, required in levels.items():
        counts[_put(holder, competency_id, required, there.get(competency_id))] += 1
    db.session.flush()
    return Counts(*counts)


def _keep(figures: Sequence[tuple[int | None, int | None, int, int | None, int | None]]) -> None:
    """Write down which figures became others: tier, job, competency, before, after."""
    changes = [
        {
            "tier_id": tier_id,
            "job_id": job_id,
            "competency_id": competency_id,
            "was": was,
            "required": required,
            "at": clock.now(),
        }
        for tier_id, job_id, competency_id, was, required in figures
        if was != required
    ]
    if changes:
        db.session.execute(sa.insert(StandardChange), changes)


@action
def set_match_limits(actor: Actor, data: LimitsInput) -> None:
    """From today on a job-person match is called optimal and fair from other percents; what held before stays on record.

    Whoever saw other limits than hold now is refused.
    """
    ensure(may_edit_standards, actor)
    if data.fair >= data.optimal:
        raise Invalid(Fault("fair", "limits_crossed"))
    today = clock.today()
    values, before = {"optimal": data.optimal, "fair": data.fair}, limits_on(today)
    if data.seen != "{}-{}".format(*before):
        raise Conflict("standards_changed")
    # of two at once the second finds other limits than it has seen
    seen = sa.and_(MatchLimits.optimal == before.optimal, MatchLimits.fair == before.fair)
    put = insert_into(MatchLimits).values({"valid_from": today} | values)
    put = put.on_conflict_do_update(index_elements=["valid_from"], set_=values, where=seen).returning(MatchLimits.valid_from)
    if db.session.scalar(put) is None:
        raise Conflict("standards_changed")


def _required(there: Mapping[int, Standard], competency_id: int) -> int | None:
    row = there.get(competency_id)
    return row.required if row else None


def _put(holder: Job | Tier, competency_id: int, required: int | None, row: Standard | None) -> int:
    """Bring one figure about; 0 when added, 1 when changed, 2 when it stood already."""
    if row is None:
        if required is None:
            return 2
        owner = {"job_id": holder.id} if isinstance(holder, Job) else {"tier_id": holder.id}
        db.session.add(Standard(competency_id=competency_id, required=required, **owner))
        return 0
    if row.required == required:
        return 2
    if required is None:
        db.session.delete(row)
    else:
        row.required = required
    return 1
