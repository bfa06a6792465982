"""Quotas: which groups there are to choose from, who belongs to one, and how the draft stands to what was set."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel.db import db
from mentorlink.matching import Quota
from mentorlink.people.models import Job, Person, Tier, Unit
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundQuota, RoundRun, RoundStop

GROUPINGS = ("tier", "unit", "place")
"""In the order in which pages name them."""


@dataclass(frozen=True)
class GroupChoice:
    """A group of which there may be a quota, and how many of the round's people are in it."""

    kind: str
    key: str
    name: Any
    """A unit's or tier's words, or a place."""
    mentees: int
    mentors: int


@dataclass(frozen=True)
class QuotaStanding:
    """A quota, and how the draft stands to it."""

    quota: RoundQuota
    name: Any
    pairs: int
    lift: float
    """What each pair of the group was lifted (above 0) or lowered by when the run held the quota, in points of 100."""

    @property
    def met(self) -> bool:
        """Whether the draft as it stands holds it."""
        least, most = self.quota.at_least, self.quota.at_most
        return (least is None or self.pairs >= least) and (most is None or self.pairs <= most)


def quotas_of(round_: Round) -> Sequence[RoundQuota]:
    """What was set, in a lasting order."""
    return db.session.scalars(sa.select(RoundQuota).where(RoundQuota.round_id == round_.id).order_by(RoundQuota.id)).all()


def group_choices(round_: Round) -> list[GroupChoice]:
    """Every group in which somebody of the round is: tiers, units with all below them, places. Three queries."""
    rows = db.session.execute(
        _of_people(
            sa.select(RoundMember.side, *_GROUP, sa.func.count())
            .select_from(RoundMember)
            .join(Person, RoundMember.person_id == Person.id)
        )
        .where(RoundMember.round_id == round_.id, RoundMember.out.is_(False))
        .group_by(RoundMember.side, *_GROUP)
    )
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    whole = set(round_.programme.unit.path.split("/")) if round_.programme.unit else set()
    for side, *where, people in rows:
        whole.add(where[0].split("/")[1])  # a unit that holds the whole programme sets nobody apart
        for group in _groups(*where):
            counts[group][side] += people
    names = _names(counts)
    found = [
        GroupChoice(kind, key, names[kind, key], both["mentee"], both["mentor"])
        for (kind, key), both in counts.items()
        if (kind, key) in names and not (kind == "unit" and key in whole)
    ]
    return sorted(found, key=lambda each: (GROUPINGS.index(each.kind), -each.mentees - each.mentors, each.key))


def quotas_for(round_: Round, mentees: Collection[int], mentors: Collection[int]) -> tuple[Quota, ...]:
    """What was set, as the solver takes it: with those whom each group has among these people. Three queries at most."""
    asked = quotas_of(round_)
    members: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for side, ids in (("mentee", mentees), ("mentor", mentors)):
        if any(quota.side == side for quota in asked):
            rows = db.session.execute(_of_people(sa.select(Person.id, *_GROUP).select_from(Person)).where(among(Person.id, ids)))
            for person_id, *where in rows:
                for group in _groups(*where):
                    members[side, *group].add(person_id)
    return tuple(
        Quota(
            f"{quota.side}.{quota.kind}.{quota.key}", quota.side, tuple(sorted(members[quota.side, quota.kind, quota.key])),  # type: ignore[arg-type]  # one of SIDES
            quota.at_least, quota.at_most,
        )
        for quota in asked
    )  # fmt: skip


def quota_standings(round_: Round) -> list[QuotaStanding]:
    """Each quota with how many pairs of its group the draft has now, changes by hand included. Six queries at most."""
    asked = quotas_of(round_)
    if not asked:
        return []
    counts: Counter[tuple[str, str, str]] = Counter()
    for side, column in (("mentee", Proposal.mentee_id), ("mentor", Proposal.mentor_id)):
        if any(quota.side == side for quota in asked):
            rows = db.session.execute(
                _of_people(sa.select(*_GROUP, sa.func.count()).select_from(Proposal).join(Person, column == Person.id))
                .where(Proposal.round_id == round_.id, Proposal.mentor_id.is_not(None))
                .group_by(*_GROUP)
            )
            for *where, pairs in rows:
                for group in _groups(*where):
                    counts[side, *group] += pairs
    names = _names({(quota.kind, quota.key) for quota in asked})
    lifts = _lifts(round_)
    return [
        QuotaStanding(
            quota, names.get((quota.kind, quota.key), quota.key), counts[quota.side, quota.kind, quota.key],
            lifts.get(f"{quota.side}.{quota.kind}.{quota.key}", 0.0),
        )
        for quota in asked
    ]  # fmt: skip


def _lifts(round_: Round) -> dict[str, float]:
    figures = db.session.scalar(
        sa.select(RoundStop.figures)
        .join(RoundRun, RoundStop.run_id == RoundRun.id)
        .where(RoundRun.id == round_.draft_run_id, RoundStop.position == round_.draft_stop)
    )
    return {code: lift for code, (_count, _met, lift) in (figures or {}).get("quotas", {}).items()}


_GROUP = (Unit.path, Tier.id, sa.func.coalesce(sa.func.nullif(Person.place, ""), Unit.place))


def _of_people(select: Any) -> Any:
    placed = select.join(Unit, Person.unit_id == Unit.id).outerjoin(Job, Person.job_id == Job.id)
    return placed.outerjoin(Tier, Job.tier_id == Tier.id)


def _groups(path: str, tier_id: int | None, place: str | None) -> Iterable[tuple[str, str]]:
    yield from (("unit", unit_id) for unit_id in path.split("/") if unit_id)
    if tier_id is not None:
        yield "tier", str(tier_id)
    if place:
        yield "place", place


def _names(groups: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    wanted = set(groups)
    names: dict[tuple[str, str], Any] = {(kind, key): key for kind, key in wanted if kind == "place"}
    for kind, model in (("unit", Unit), ("tier", Tier)):
        ids = [int(key) for each, key in wanted if each == kind and key.isdigit()]
        if ids:
            rows = db.session.execute(sa.select(model.id, model.name).where(among(model.id, ids)))
            names |= {(kind, str(id_)): name for id_, name in rows}
    return names
