"""What the two wrote: agreements, goals, roadmap, closing. Every read begins by asking who reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from mentorlink.competencies.models import Competency, Framework
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.sessions.mentoring.models import (
    Agreement,
    Direction,
    EarlyEnd,
    Evaluation,
    GoalsRevision,
    Issue,
    Mentorship,
    Pause,
    Reflection,
    RoadmapItem,
    StagePeriod,
    Target,
)
from mentorlink.sessions.mentoring.policy import may_see_mentorship
from mentorlink.sessions.mentoring.queries.mentorships import mentorship_for


def agreements_for(actor: Actor, mentorship: Mentorship) -> list[Agreement]:
    """Every version with its signatures, newest first."""
    _only_the_two(actor, mentorship)
    return list(
        db.session.scalars(
            sa.select(Agreement)
            .where(Agreement.mentorship_id == mentorship.id)
            .options(selectinload(Agreement.signatures))
            .order_by(Agreement.number.desc())
        )
    )


def agreement_in_force(versions: Iterable[Agreement], mentorship: Mentorship) -> Agreement | None:
    """The newest of ``versions`` (newest first) that both have signed."""
    both = set(mentorship.person_ids)
    return next((each for each in versions if {signature.person_id for signature in each.signatures} == both), None)


def agreed_clauses(actor: Actor, mentorship: Mentorship) -> dict[str, Any]:
    """What the two agreed, or what is proposed as long as nothing holds; empty before the first version."""
    versions = agreements_for(actor, mentorship)
    standing = agreement_in_force(versions, mentorship) or next(iter(versions), None)
    return dict(standing.clauses) if standing else {}


def goals_for(actor: Actor, mentorship: Mentorship, *, limit: int | None = None) -> list[GoalsRevision]:
    """The revisions of the goals with their acceptances, newest first."""
    _only_the_two(actor, mentorship)
    return list(
        db.session.scalars(
            sa.select(GoalsRevision)
            .where(GoalsRevision.mentorship_id == mentorship.id)
            .options(selectinload(GoalsRevision.acceptances))
            .order_by(GoalsRevision.number.desc())
            .limit(limit)
        )
    )


def targets_for(actor: Actor, mentorship: Mentorship) -> list[Target]:
    """The competencies the two work on, in their order."""
    _only_the_two(actor, mentorship)
    return list(
        db.session.scalars(
            sa.select(Target)
            .where(Target.mentorship_id == mentorship.id)
            .options(joinedload(Target.competency))
            .order_by(Target.position, Target.id)
        )
    )


def competencies_left(targets: Iterable[Target]) -> list[Competency]:
    """Competencies in use that are not among the targets, by framework."""
    taken = [target.competency_id for target in targets]
    return list(
        db.session.scalars(
            sa.select(Competency)
            .join(Competency.framework)
            .where(Competency.retired_at.is_(None), Competency.id.not_in(taken))
            .options(contains_eager(Competency.framework))
            .order_by(Framework.id, Competency.position, Competency.id)
        )
    )


def competency_names(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Competency → its name in every language; of earlier goals too, whose competencies are worked on no more."""
    if not ids:
        return {}
    wanted = sa.select(Competency.id, Competency.name).where(Competency.id.in_(ids))
    return dict(db.session.execute(wanted).all())


def target_for(actor: Actor, target_id: int) -> Target:
    """The target, if the actor is one of the two."""
    target = db.session.get(Target, target_id)
    if target is None:
        raise NotFound()
    mentorship_for(actor, target.mentorship_id)
    return target


def issues_for(actor: Actor, mentorship: Mentorship) -> list[Issue]:
    """The issue log: open ones first, then the newest."""
    _only_the_two(actor, mentorship)
    query = sa.select(Issue).where(Issue.mentorship_id == mentorship.id)
    return list(db.session.scalars(query.order_by(Issue.state != "open", Issue.raised_at.desc(), Issue.id.desc())))


def issue_for(actor: Actor, issue_id: int) -> Issue:
    """The issue, if the actor is one of the two."""
    issue = db.session.get(Issue, issue_id)
    if issue is None:
        raise NotFound()
    mentorship_for(actor, issue.mentorship_id)
    return issue


def roadmap_for(actor: Actor, mentorship: Mentorship) -> list[RoadmapItem]:
    """The roadmap by date."""
    _only_the_two(actor, mentorship)
    query = sa.select(RoadmapItem).where(RoadmapItem.mentorship_id == mentorship.id)
    return list(db.session.scalars(query.order_by(RoadmapItem.due_on, RoadmapItem.id)))


def roadmap_item_for(actor: Actor, item_id: int) -> RoadmapItem:
    """The step of a roadmap, if the actor is one of the two."""
    item = db.session.get(RoadmapItem, item_id)
    if item is None:
        raise NotFound()
    mentorship_for(actor, item.mentorship_id)
    return item


@dataclass(frozen=True)
class AfterLevelView:
    """One target at the end, as one side may see it."""

    target: Target
    mine: int | None
    theirs: int | None
    """None until the reader has said theirs, so that neither follows the other."""
    they_said: bool

    @property
    def agreed(self) -> bool:
        """Both said the same."""
        return self.mine is not None and self.mine == self.theirs


@dataclass(frozen=True)
class Closing:
    """The last stage's papers as one side may see them."""

    reflections: dict[int, Reflection]
    after_levels: list[AfterLevelView]
    direction: Direction | None
    my_evaluation: Evaluation | None
    their_evaluation: Evaluation | None
    """None until both gave theirs."""
    they_evaluated: bool


def closing_for(actor: Actor, mentorship: Mentorship) -> Closing:
    """Reflections, after-levels, direction and evaluations: what is still blind to the actor stays away."""
    _only_the_two(actor, mentorship)
    me, partner = actor.person_id, mentorship.partner_id(actor.person_id)
    targets = db.session.scalars(
        sa.select(Target)
        .where(Target.mentorship_id == mentorship.id)
        .options(joinedload(Target.competency), selectinload(Target.after_levels))
        .order_by(Target.position, Target.id)
    )
    evaluations = {
        row.person_id: row for row in db.session.scalars(sa.select(Evaluation).where(Evaluation.mentorship_id == mentorship.id))
    }
    reflections = db.session.scalars(sa.select(Reflection).where(Reflection.mentorship_id == mentorship.id))
    return Closing(
        reflections={row.person_id: row for row in reflections},
        after_levels=[_after_level(target, me, partner) for target in targets],
        direction=db.session.get(Direction, mentorship.id),
        my_evaluation=evaluations.get(me or 0),
        their_evaluation=evaluations.get(partner or 0) if me in evaluations else None,
        they_evaluated=partner in evaluations,
    )


def _after_level(target: Target, me: int | None, partner: int | None) -> AfterLevelView:
    said = {row.person_id: row.level for row in target.after_levels}
    mine = said.get(me or 0)
    return AfterLevelView(target, mine, said.get(partner or 0) if mine is not None else None, partner in said)


def history_for(actor: Actor, mentorship: Mentorship) -> tuple[list[StagePeriod], list[Pause]]:
    """The stages the pair went through and its rests, oldest first."""
    _only_the_two(actor, mentorship)
    periods = sa.select(StagePeriod).where(StagePeriod.mentorship_id == mentorship.id)
    pauses = sa.select(Pause).where(Pause.mentorship_id == mentorship.id)
    return (
        list(db.session.scalars(periods.order_by(StagePeriod.entered_at, StagePeriod.id))),
        list(db.session.scalars(pauses.order_by(Pause.since, Pause.id))),
    )


def early_end_for(actor: Actor, mentorship: Mentorship) -> EarlyEnd | None:
    """Why the actor ended it early; what another wrote is never read."""
    _only_the_two(actor, mentorship)
    return db.session.scalar(
        sa.select(EarlyEnd).where(EarlyEnd.mentorship_id == mentorship.id, EarlyEnd.by_id == actor.person_id)
    )


def _only_the_two(actor: Actor, mentorship: Mentorship) -> None:
    if not may_see_mentorship(actor, mentorship):
        raise NotFound()
