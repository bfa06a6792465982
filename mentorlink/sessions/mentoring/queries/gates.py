"""What the gates look at, for any number of mentorships in four queries; lists read the version of the stages beside the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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
    SuperiorWord,
    Target,
)
from mentorlink.sessions.mentoring.rules import GateFacts, TargetFacts, asks_of, shipped_asks
from mentorlink.sessions.mentoring.stages import Stage

_COUNTED_AT = sa.case((Meeting.settled_at < Meeting.starts_at, Meeting.settled_at), else_=Meeting.starts_at)
"""When a meeting counts: at its beginning, or when it was noted as held if that was before. So it counts in one stage only,
whatever comes after: one that was noted ahead of its time would else open the gate of this stage and of the next."""

_SAID_IN_THIS_TIME = sa.exists().where(StagePeriod.id == Acceptance.period_id, StagePeriod.left_at.is_(None))
"""In the collaborative stage a yes from an earlier stage no longer counts: both look at the goals again before it ends."""


def facts_of(mentorships: Iterable[Mentorship]) -> dict[int, GateFacts]:
    """Mentorship → what its gates look at. No text of the pair is read."""
    by_id = {mentorship.id: mentorship for mentorship in mentorships}
    ids = list(by_id)
    if not ids:
        return {}
    sides, directed, words = _sides(by_id)
    targets, meetings, roadmap = _targets(by_id), _meetings(ids), _roadmap(ids)
    return {
        mentorship_id: GateFacts(
            agreement=mentorship.agreement_number,
            signed=sides["signed"][mentorship_id],
            targets=tuple(targets[mentorship_id]),
            goals=mentorship.goals_revision,
            accepted=sides["accepted"][mentorship_id],
            meetings=meetings[mentorship_id],
            roadmap=sum(roadmap[mentorship_id].values()),
            roadmap_open=sum(n for state, n in roadmap[mentorship_id].items() if state in ("planned", "under_way")),
            reflected=sides["reflected"][mentorship_id],
            direction=mentorship_id in directed,
            evaluated=sides["evaluated"][mentorship_id],
            superior=words.get(mentorship_id),
            asks=asks_of(mentorship.stage_rule.gates) if mentorship.stage_rule else shipped_asks(),
        )
        for mentorship_id, mentorship in by_id.items()
    }


def _sides(by_id: dict[int, Mentorship]) -> tuple[dict[str, dict[int, frozenset[str]]], set[int], dict[int, bool]]:
    """Who signed, accepted, reflected and evaluated what stands now; where a direction is named; what superiors said."""
    ids = list(by_id)
    signed = (
        sa.select(sa.literal("signed"), Mentorship.id, Signature.person_id)
        .join(Agreement, sa.and_(Agreement.mentorship_id == Mentorship.id, Agreement.number == Mentorship.agreement_number))
        .join(Signature, Signature.agreement_id == Agreement.id)
    )
    accepted = (
        sa.select(sa.literal("accepted"), Mentorship.id, Acceptance.person_id)
        .join(
            GoalsRevision,
            sa.and_(GoalsRevision.mentorship_id == Mentorship.id, GoalsRevision.number == Mentorship.goals_revision),
        )
        .join(Acceptance, Acceptance.revision_id == GoalsRevision.id)
        .where(sa.or_(Mentorship.stage != Stage.COLLABORATIVE, _SAID_IN_THIS_TIME))
    )
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    directed: set[int] = set()
    words: dict[int, bool] = {}
    said: sa.CompoundSelect[Any] = sa.union_all(
        signed.where(Mentorship.id.in_(ids)),
        accepted.where(Mentorship.id.in_(ids)),
        _said("reflected", Reflection.mentorship_id, Reflection.person_id, ids),
        _said("evaluated", Evaluation.mentorship_id, Evaluation.person_id, ids),
        _said("directed", Direction.mentorship_id, Direction.by_id, ids),
        _said("asked", SuperiorWord.mentorship_id, SuperiorWord.superior_id, ids),
        _said("agreed", SuperiorWord.mentorship_id, SuperiorWord.superior_id, ids).where(SuperiorWord.agreed),
    )
    for act, mentorship_id, person_id in db.session.execute(said):
        side = by_id[mentorship_id].side_of(person_id)
        if act == "directed":
            directed.add(mentorship_id)
        elif act in ("asked", "agreed"):
            words[mentorship_id] = words.get(mentorship_id, False) or act == "agreed"
        elif side:
            found[act][mentorship_id].add(side)
    acts = ("signed", "accepted", "reflected", "evaluated")
    return {act: {mentorship_id: frozenset(found[act][mentorship_id]) for mentorship_id in ids} for act in acts}, directed, words


def _said(act: str, mentorship_id: Any, person_id: Any, ids: list[int]) -> sa.Select[Any]:
    return sa.select(sa.literal(act), mentorship_id, person_id).where(mentorship_id.in_(ids))


def _targets(by_id: dict[int, Mentorship]) -> dict[int, list[TargetFacts]]:
    after: dict[int, dict[str, int]] = defaultdict(dict)
    targets: dict[int, dict[int, TargetFacts]] = {mentorship_id: {} for mentorship_id in by_id}
    complete = sa.and_(Target.target.is_not(None), Target.indicator.is_not(None)).label("complete")
    for row in db.session.execute(
        sa.select(
            Target.id,
            Target.mentorship_id,
            Target.baseline,
            Target.proposed_by_id,
            complete,
            AfterLevel.person_id,
            AfterLevel.level,
        )
        .outerjoin(AfterLevel, AfterLevel.target_id == Target.id)
        .where(Target.mentorship_id.in_(by_id))
        .order_by(Target.position, Target.id)
    ):
        mentorship = by_id[row.mentorship_id]
        side = mentorship.side_of(row.person_id)
        if side:
            after[row.id][side] = row.level
        proposed_by = mentorship.side_of(row.proposed_by_id)
        targets[mentorship.id][row.id] = TargetFacts(row.id, row.baseline, proposed_by, bool(row.complete), after[row.id])
    return {mentorship_id: list(found.values()) for mentorship_id, found in targets.items()}


def _meetings(ids: list[int]) -> dict[int, dict[str, int]]:
    """A meeting belongs to the stage in which it began (``_COUNTED_AT``), over every time the pair was in that stage."""
    counts: dict[int, dict[str, int]] = {mentorship_id: {} for mentorship_id in ids}
    for mentorship_id, stage, held in db.session.execute(
        sa.select(Mentorship.id, StagePeriod.stage, sa.func.count())
        .join(StagePeriod, StagePeriod.mentorship_id == Mentorship.id)
        .join(
            Meeting,
            sa.and_(
                Meeting.series_id == Mentorship.series_id,
                Meeting.state == "held",
                StagePeriod.entered_at <= _COUNTED_AT,
                sa.or_(StagePeriod.left_at.is_(None), StagePeriod.left_at > _COUNTED_AT),
            ),
        )
        .where(Mentorship.id.in_(ids))
        .group_by(Mentorship.id, StagePeriod.stage)
    ):
        counts[mentorship_id][stage] = held
    return counts


@dataclass(frozen=True)
class Earlier:
    """A talk that does not count for the stage the pair is in."""

    stage: str | None
    """The one it counts for; none: it was before the two began."""
    now: str
    since: datetime
    """When they entered the one they are in."""


def stage_since(mentorship: Mentorship) -> datetime | None:
    """When the pair entered the stage it is in; none where it is over."""
    return db.session.scalar(
        sa.select(StagePeriod.entered_at).where(StagePeriod.mentorship_id == mentorship.id, StagePeriod.left_at.is_(None))
    )


def counts_earlier(mentorship: Mentorship, meeting: Meeting) -> Earlier | None:
    """Where a held meeting counts, if it was noted in the stage the pair is in and does not count there."""
    if meeting.state != "held" or meeting.settled_at is None:
        return None
    periods = db.session.scalars(sa.select(StagePeriod).where(StagePeriod.mentorship_id == mentorship.id)).all()
    current = next((period for period in periods if period.left_at is None), None)
    if current is None or meeting.settled_at < current.entered_at:
        return None
    moment = min(meeting.starts_at, meeting.settled_at)
    within = [each for each in periods if each.entered_at <= moment and (each.left_at is None or moment < each.left_at)]
    stage = within[0].stage if within else None
    return None if stage == current.stage else Earlier(stage, current.stage, current.entered_at)


def _roadmap(ids: list[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {mentorship_id: {} for mentorship_id in ids}
    for mentorship_id, state, number in db.session.execute(
        sa.select(RoadmapItem.mentorship_id, RoadmapItem.state, sa.func.count())
        .where(RoadmapItem.mentorship_id.in_(ids))
        .group_by(RoadmapItem.mentorship_id, RoadmapItem.state)
    ):
        counts[mentorship_id][state] = number
    return counts
