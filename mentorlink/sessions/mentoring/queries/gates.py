"""What the gates look at, for any number of mentorships in eight small queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import (
    Acceptance,
    AfterLevel,
    Agreement,
    Direction,
    Evaluation,
    GoalsRevision,
    Mentorship,
    Reflection,
    RoadmapItem,
    Signature,
    StagePeriod,
    Target,
)
from mentorlink.sessions.mentoring.rules import GateFacts, TargetFacts


def facts_of(mentorships: Iterable[Mentorship]) -> dict[int, GateFacts]:
    """Mentorship → what its gates look at. No text of the pair is read."""
    by_id = {mentorship.id: mentorship for mentorship in mentorships}
    ids = list(by_id)
    if not ids:
        return {}
    signed = _sides(
        by_id,
        sa.select(Mentorship.id, Signature.person_id)
        .join(Agreement, sa.and_(Agreement.mentorship_id == Mentorship.id, Agreement.number == Mentorship.agreement_number))
        .join(Signature, Signature.agreement_id == Agreement.id)
        .where(Mentorship.id.in_(ids)),
    )
    accepted = _sides(
        by_id,
        sa.select(Mentorship.id, Acceptance.person_id)
        .join(
            GoalsRevision,
            sa.and_(GoalsRevision.mentorship_id == Mentorship.id, GoalsRevision.number == Mentorship.goals_revision),
        )
        .join(Acceptance, Acceptance.revision_id == GoalsRevision.id)
        .where(Mentorship.id.in_(ids)),
    )
    reflected = _sides(by_id, sa.select(Reflection.mentorship_id, Reflection.person_id).where(Reflection.mentorship_id.in_(ids)))
    evaluated = _sides(by_id, sa.select(Evaluation.mentorship_id, Evaluation.person_id).where(Evaluation.mentorship_id.in_(ids)))
    directed = set(db.session.scalars(sa.select(Direction.mentorship_id).where(Direction.mentorship_id.in_(ids))))
    targets, meetings, roadmap = _targets(by_id), _meetings(ids), _roadmap(ids)
    return {
        mentorship_id: GateFacts(
            agreement=mentorship.agreement_number,
            signed=signed[mentorship_id],
            targets=tuple(targets[mentorship_id]),
            goals=mentorship.goals_revision,
            accepted=accepted[mentorship_id],
            meetings=meetings[mentorship_id],
            roadmap=sum(roadmap[mentorship_id].values()),
            roadmap_open=sum(n for state, n in roadmap[mentorship_id].items() if state in ("planned", "under_way")),
            reflected=reflected[mentorship_id],
            direction=mentorship_id in directed,
            evaluated=evaluated[mentorship_id],
        )
        for mentorship_id, mentorship in by_id.items()
    }


def _sides(by_id: dict[int, Mentorship], query: sa.Select[Any]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for mentorship_id, person_id in db.session.execute(query):
        side = by_id[mentorship_id].side_of(person_id)
        if side:
            found[mentorship_id].add(side)
    return {mentorship_id: frozenset(found[mentorship_id]) for mentorship_id in by_id}


def _targets(by_id: dict[int, Mentorship]) -> dict[int, list[TargetFacts]]:
    after: dict[int, dict[str, int]] = defaultdict(dict)
    targets: dict[int, list[TargetFacts]] = {mentorship_id: [] for mentorship_id in by_id}
    for mentorship_id, target_id, person_id, level in db.session.execute(
        sa.select(Target.mentorship_id, Target.id, AfterLevel.person_id, AfterLevel.level)
        .join(AfterLevel, AfterLevel.target_id == Target.id)
        .where(Target.mentorship_id.in_(by_id))
    ):
        side = by_id[mentorship_id].side_of(person_id)
        if side:
            after[target_id][side] = level
    for row in db.session.execute(
        sa.select(
            Target.id, Target.mentorship_id, Target.baseline, Target.proposed_by_id,
            sa.and_(Target.target.is_not(None), Target.indicator.is_not(None)).label("complete"),
        )
        .where(Target.mentorship_id.in_(by_id))
        .order_by(Target.position, Target.id)
    ):  # fmt: skip
        proposed_by = by_id[row.mentorship_id].side_of(row.proposed_by_id)
        targets[row.mentorship_id].append(TargetFacts(row.id, row.baseline, proposed_by, bool(row.complete), after[row.id]))
    return targets


def _meetings(ids: list[int]) -> dict[int, dict[str, int]]:
    """A meeting belongs to the stage in which it began, over every time the pair was in that stage."""
    counts: dict[int, dict[str, int]] = {mentorship_id: {} for mentorship_id in ids}
    for mentorship_id, stage, held in db.session.execute(
        sa.select(Mentorship.id, StagePeriod.stage, sa.func.count())
        .join(StagePeriod, StagePeriod.mentorship_id == Mentorship.id)
        .join(
            Meeting,
            sa.and_(
                Meeting.series_id == Mentorship.series_id,
                Meeting.state == "held",
                Meeting.starts_at >= StagePeriod.entered_at,
                sa.or_(StagePeriod.left_at.is_(None), Meeting.starts_at < StagePeriod.left_at),
            ),
        )
        .where(Mentorship.id.in_(ids))
        .group_by(Mentorship.id, StagePeriod.stage)
    ):
        counts[mentorship_id][stage] = held
    return counts


def _roadmap(ids: list[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {mentorship_id: {} for mentorship_id in ids}
    for mentorship_id, state, number in db.session.execute(
        sa.select(RoadmapItem.mentorship_id, RoadmapItem.state, sa.func.count())
        .where(RoadmapItem.mentorship_id.in_(ids))
        .group_by(RoadmapItem.mentorship_id, RoadmapItem.state)
    ):
        counts[mentorship_id][state] = number
    return counts
