"""The draft: its lines by page, its figures, and what moving somebody would mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.matching import Cost
from mentorlink.pairing.models import Offer
from mentorlink.people.models import Job, Person, Tier, Unit
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundRun, RoundStop, RoundTie
from mentorlink.rounds.queries.boards import board_if_ready, draft_run, kept_result_of
from mentorlink.rounds.queries.cohort import broken_rules, people_named
from mentorlink.rounds.queries.rounds import offers_of_members, places_of
from mentorlink.rounds.rules import Group, Outcome, Plan, groups_of
from mentorlink.rounds.stages import UNSETTLED

PAGE = 20
KINDS = ("pairs", "alone", "locked", "moved", "junior")
"""What a list of the draft can be narrowed to."""


def proposal_for(round_: Round, proposal_id: int) -> Proposal:
    """A line of the draft of a round that the actor may see."""
    found = db.session.get(Proposal, proposal_id)
    if found is None or found.round_id != round_.id:
        raise NotFound()
    return found


@dataclass(frozen=True)
class DraftFigures:
    """The draft in numbers."""

    lines: int
    pairs: int
    locked: int
    moved: int
    mean: float
    lowest: float
    mentors: int
    """Mentors who have somebody."""

    @property
    def alone(self) -> int:
        """Mentees without a mentor."""
        return self.lines - self.pairs


def draft_figures(round_: Round) -> DraftFigures:
    """The draft in numbers. One query."""
    paired = Proposal.mentor_id.is_not(None)
    row = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(Proposal.mentor_id),
            sa.func.coalesce(sa.func.sum(sa.case((Proposal.locked, 1), else_=0)), 0),
            sa.func.count(Proposal.moved_by_id),
            sa.func.coalesce(sa.func.avg(sa.case((paired, Proposal.score))), 0),
            sa.func.coalesce(sa.func.min(sa.case((paired, Proposal.score))), 0),
            sa.func.count(sa.distinct(Proposal.mentor_id)),
        ).where(Proposal.round_id == round_.id)
    ).one()
    lines, pairs, locked, moved, mean, lowest, mentors = row
    return DraftFigures(lines, pairs, int(locked), moved, float(mean) / 10_000, lowest / 10_000, mentors)


@dataclass(frozen=True)
class DraftPage:
    """A page of the draft with the people whom its lines name."""

    items: Sequence[Proposal]
    total: int
    page: int
    firsts: Mapping[int, Person]
    """Line id → the mentor whom its reasons name, where the two could be a pair now."""
    competencies: Mapping[str, Mapping[str, str]]
    changed: Mapping[int, tuple[str, ...]]
    """Line id → what forbids its pair by now, or kept it from being published; of these nothing else is told."""
    junior: frozenset[int] = frozenset()
    """Lines whose mentor stands on a tier below that of the mentee."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def draft_page(
    round_: Round, *, kind: str = "pairs", text: str = "", sort: str = "score", down: bool = False, page: int = 1
) -> DraftPage:
    """A page of the draft. The number of queries does not depend on its size."""
    mentee, mentor = aliased(Person), aliased(Person)
    conditions = [Proposal.round_id == round_.id, *_kind(kind)]
    for word in fold(text).split()[:6]:
        named = [who.folded_name.contains(word, autoescape=True) for who in (mentee, mentor)]
        conditions.append(sa.or_(*named))
    joined = sa.select(Proposal).join(mentee, Proposal.mentee_id == mentee.id).outerjoin(mentor, Proposal.mentor_id == mentor.id)
    counted = joined if text else sa.select(Proposal)
    total = db.session.scalar(counted.where(*conditions).with_only_columns(sa.func.count(Proposal.id))) or 0
    column: Any = {"name": mentee.folded_name, "mentor": mentor.folded_name}.get(sort, Proposal.score)
    order = (sa.desc(column) if down else sa.asc(column)).nulls_last()
    rows = db.session.scalars(joined.where(*conditions).order_by(order, Proposal.id).limit(PAGE).offset((page - 1) * PAGE)).all()
    codes = {gap[0] for row in rows for gap in row.why.get("gaps", ())}
    changed, firsts = standing_of_lines(round_, rows)
    junior = sa.select(Proposal.id).where(Proposal.id.in_([row.id for row in rows]), _is_junior())
    return DraftPage(rows, total, page, firsts, competency_words(codes), changed, frozenset(db.session.scalars(junior)))


def standing_of_lines(round_: Round, lines: Sequence[Proposal]) -> tuple[dict[int, tuple[str, ...]], dict[int, Person]]:
    """Line id → what forbids its pair by now, and line id → the mentor whom its reasons may name.

    Once the round is settled: what kept a pair from being published, and the reasons as they were. Before, a mentor whom a rule
    keeps from the mentee by now is named nowhere. A constant number of queries.
    """
    firsts = {line.id: first["mentor"] for line in lines if (first := line.why.get("first")) and first["mentor"] is not None}
    if round_.state not in UNSETTLED:
        changed = {line.id: (line.left_out,) for line in lines if line.left_out}
    else:
        pairs = {line.id: (line.mentee_id, line.mentor_id) for line in lines if line.mentor_id is not None}
        hints = {line.id: (line.mentee_id, firsts[line.id]) for line in lines if line.id in firsts}
        broken = broken_rules(round_, {*pairs.values(), *hints.values()})
        changed = {line_id: broken[pair] for line_id, pair in pairs.items() if pair in broken}
        firsts = {line_id: mentor for line_id, mentor in firsts.items() if hints[line_id] not in broken}
    people = people_named(set(firsts.values()))
    return changed, {line_id: people[mentor] for line_id, mentor in firsts.items() if mentor in people}


def every_line(round_: Round, *, most: int = 500) -> Iterator[Sequence[Proposal]]:
    """Every line, some at a time, for a file: none is held longer than it takes to write it."""
    last = 0
    query = sa.select(Proposal).where(Proposal.round_id == round_.id).order_by(Proposal.id).limit(most)
    while lines := db.session.scalars(query.where(Proposal.id > last)).all():
        last = lines[-1].id
        yield lines
        for line in lines:
            db.session.expunge(line)


def competency_words(codes: set[str]) -> dict[str, Mapping[str, str]]:
    """Code → name. One query."""
    if not codes:
        return {}
    rows = db.session.execute(sa.select(Competency.code, Competency.name).where(Competency.code.in_(sorted(codes))))
    return dict(rows.all())


def _kind(kind: str) -> list[sa.ColumnElement[bool]]:
    conditions = {
        "pairs": Proposal.mentor_id.is_not(None),
        "alone": Proposal.mentor_id.is_(None),
        "locked": Proposal.locked.is_(True),
        "moved": Proposal.moved_by_id.is_not(None),
        "junior": _is_junior(),
    }
    return [conditions[kind]] if kind in conditions else []


def _is_junior() -> sa.ColumnElement[bool]:
    """The mentor of a line stands on a tier below that of the mentee."""
    (mentee, own, high), (mentor, other, low) = [(aliased(Person), aliased(Job), aliased(Tier)) for _side in range(2)]
    return (
        sa.select(mentee.id)
        .select_from(mentee)
        .join(own, mentee.job_id == own.id)
        .join(high, own.tier_id == high.id)
        .join(mentor, mentor.id == Proposal.mentor_id)
        .join(other, mentor.job_id == other.id)
        .join(low, other.tier_id == low.id)
        .where(mentee.id == Proposal.mentee_id, low.grade < high.grade)
        .correlate(Proposal)
        .exists()
    )


def junior_count(round_: Round) -> int:
    """Pairs whose mentor stands on a tier below that of the mentee. One query."""
    query = sa.select(sa.func.count()).select_from(Proposal).where(Proposal.round_id == round_.id, _is_junior())
    return db.session.scalar(query) or 0


# Moving


@dataclass(frozen=True)
class Place:
    """A mentor to whom somebody could be moved."""

    mentor: Person
    score: int
    """Millionths."""
    change: int
    """Against the mentee's score now, in millionths."""
    places: int
    taken: Sequence[Proposal]
    """Who has this mentor's places in the draft."""

    @property
    def free(self) -> int:
        """Places of this round that nobody has in the draft."""
        return max(0, self.places - len(self.taken))


@dataclass(frozen=True)
class Moving:
    """Where a mentee could go instead."""

    proposal: Proposal
    ready: bool = True
    """False while a large round is being made ready to be asked; then nothing else is told."""
    places: Sequence[Place] = ()
    """Mentors whom no rule keeps from the mentee now, of this page of the run's own list."""
    total: int = 0
    page: int = 1
    chosen: Place | None = None
    broken: tuple[str, ...] = ()
    """Rules that forbid the chosen pair now."""
    changed: tuple[str, ...] = ()
    """Rules that forbid the pair of the draft now."""
    cost: Cost | None = None
    """What the chosen pair costs the whole round at best; None where nobody was chosen or the run cannot be asked."""
    moves: Sequence[Any] = ()
    """The first of those who would move then, without whom a rule keeps away from their mentor by now."""
    people: Mapping[int, Person] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def moving_of(round_: Round, proposal: Proposal, *, mentor_id: int | None = None, page: int = 1) -> Moving:
    """The mentors to whom somebody could go, the best fit first, and what choosing one would cost."""
    run = draft_run(round_)
    if run is None:
        raise NotFound()
    board = board_if_ready(run)
    if board is None:
        return Moving(proposal, ready=False)
    if proposal.mentee_id not in board.mentees:
        raise NotFound()
    ranking = board.best_for(proposal.mentee_id, PAGE, offset=(page - 1) * PAGE)
    scores = {match.mentor_id: round(match.score * 1_000_000) for match in ranking}
    if mentor_id is not None and mentor_id in board.mentor_ids:
        scores.setdefault(mentor_id, round(board.explain(proposal.mentee_id, mentor_id).score * 1_000_000))
    places = _places_of(round_, proposal, scores)
    chosen = next((place for place in places if place.mentor.id == mentor_id), None)
    mentee, listed = proposal.mentee_id, {match.mentor_id for match in ranking}
    own = [(mentee, proposal.mentor_id)] if proposal.mentor_id is not None else []
    broken = broken_rules(round_, [*own, *((mentee, place.mentor.id) for place in places)])
    forbidden = broken.get((mentee, chosen.mentor.id), ()) if chosen else ()
    cost = board.cost_of(_plan(round_, run), mentee, chosen.mentor.id) if chosen and not forbidden else None
    moves = _shown_moves(round_, cost)
    return Moving(
        proposal,
        places=[place for place in places if place.mentor.id in listed and (mentee, place.mentor.id) not in broken],
        total=ranking.total,
        page=page,
        chosen=chosen,
        broken=forbidden,
        changed=broken.get(own[0], ()) if own else (),
        cost=cost,
        moves=moves,
        people=people_named({person for move in moves for person in move if person is not None}),
    )


MOVES_SHOWN = 12


def _shown_moves(round_: Round, cost: Cost | None) -> list[Any]:
    """The first of those who would move, without pairs that a rule forbids by now."""
    moves = cost.moved[:MOVES_SHOWN] if cost else ()
    broken = broken_rules(round_, {(move[0], mentor) for move in moves for mentor in move[1:] if mentor is not None})
    return [move for move in moves if all((move[0], mentor) not in broken for mentor in move[1:])]


def _plan(round_: Round, run: RoundRun) -> Plan:
    """The draft as it stands. What was taken apart by hand is free for the next run."""
    value = db.session.scalar(
        sa.select(RoundStop.value).where(RoundStop.run_id == run.id, RoundStop.position == round_.draft_stop)
    )
    fast = sa.or_(Proposal.locked.is_(True), Proposal.moved_by_id.is_not(None))
    rows = db.session.execute(
        sa.select(Proposal.mentee_id, Proposal.mentor_id).where(
            Proposal.round_id == round_.id, Proposal.mentor_id.is_not(None), fast
        )
    )
    pins = sa.select(RoundTie.mentee_id, RoundTie.mentor_id).where(RoundTie.round_id == round_.id, RoundTie.kind == "pin")
    kept = dict(rows.all()) | dict(db.session.execute(pins).all())
    return Plan(value or 0.0, kept_result_of(run, round_.draft_stop), kept)


def _places_of(round_: Round, proposal: Proposal, scores: Mapping[int, int]) -> list[Place]:
    from_ids = list(scores)
    people = people_named(from_ids)
    taken: dict[int, list[Proposal]] = {}
    for row in db.session.scalars(
        sa.select(Proposal).where(Proposal.round_id == round_.id, Proposal.mentor_id.in_(from_ids)).order_by(Proposal.id)
    ):
        taken.setdefault(row.mentor_id or 0, []).append(row)
    free = mentor_places(round_, from_ids)
    return [
        Place(people[id_], score, score - proposal.score, free.get(id_, 0), taken.get(id_, ()))
        for id_, score in scores.items()
        if id_ in people and id_ != proposal.mentor_id
    ]


def mentor_places(round_: Round, mentor_ids: Sequence[int]) -> dict[int, int]:
    """Mentor → their places in this round as of now. One query."""
    rows = db.session.execute(
        sa.select(RoundMember.person_id, places_of())
        .join(Offer, offers_of_members())
        .where(
            RoundMember.round_id == round_.id,
            RoundMember.side == "mentor",
            RoundMember.out.is_(False),
            among(RoundMember.person_id, set(mentor_ids)),
        )
    )
    return {person_id: max(0, places) for person_id, places in rows}


# Fairness


def fairness_of(round_: Round, grouping: str) -> list[tuple[Group[Any], Any]]:
    """How groups fare in the draft, with what a group is called: a tier's or unit's words, or a place. Two queries."""
    told: Any = {
        "tier": sa.func.coalesce(Job.tier_id, 0),
        "unit": Unit.path,
        "place": sa.func.coalesce(sa.func.nullif(Person.place, ""), Unit.place, ""),
    }[grouping]
    score = sa.case((Proposal.mentor_id.is_not(None), Proposal.score), else_=0)
    rows = db.session.execute(
        sa.select(told.label("told"), sa.func.count(), sa.func.count(Proposal.mentor_id), sa.func.coalesce(sa.func.sum(score), 0))
        .select_from(Proposal)
        .join(Person, Proposal.mentee_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(Job, Person.job_id == Job.id)
        .where(Proposal.round_id == round_.id)
        .group_by("told")
    ).all()
    key = (lambda path: _branch(path, round_)) if grouping == "unit" else (lambda value: value)
    groups = groups_of((key(value), Outcome(people, matched, int(score))) for value, people, matched, score in rows)
    names = _group_names(grouping, [group.key for group in groups])
    return [(group, names.get(group.key, group.key)) for group in groups]


def _branch(path: str, round_: Round) -> int:
    """The unit right below the programme's, so that the groups are the parts that HR knows."""
    ids = [int(part) for part in path.split("/") if part]
    depth = len([part for part in round_.programme.unit.path.split("/") if part]) if round_.programme.unit else 1
    return ids[min(depth, len(ids) - 1)]


def _group_names(grouping: str, keys: Sequence[Any]) -> dict[Any, Any]:
    model = {"tier": Tier, "unit": Unit}.get(grouping)
    if model is None:
        return {}
    return {row.id: row.name for row in db.session.scalars(sa.select(model).where(model.id.in_(keys)))}


# Publishing


def changed_since(round_: Round, lines: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    """Line id → what forbids it by now: rules, an offer that is closed, or no place left. Nothing else is in it.

    Where a mentor has fewer places than pairs, those who fit least are named.
    """
    pairs = [(line.mentee_id, line.mentor_id) for line in lines if line.mentor_id is not None]
    broken = broken_rules(round_, pairs)
    found = {line.id: broken[line.mentee_id, line.mentor_id or 0] for line in lines if (line.mentee_id, line.mentor_id) in broken}
    room = mentor_places(round_, [mentor for _mentee, mentor in pairs])
    for line in sorted(lines, key=lambda line: (not line.locked, -line.score, line.id)):
        if line.mentor_id is None or line.id in found:
            continue
        room[line.mentor_id] = room.get(line.mentor_id, 0) - 1
        if room[line.mentor_id] < 0:
            found[line.id] = ("no_room",)
    return found


def pairs_in(round_: Round, *, mentors: int | None = None, most: int | None = None) -> Sequence[Any]:
    """Pairs of the draft that are neither published nor left out, as plain rows: all, or those of the next few mentors."""
    undone = [
        Proposal.round_id == round_.id,
        Proposal.mentor_id.is_not(None),
        Proposal.mentorship_id.is_(None),
        Proposal.left_out == "",
    ]
    query = sa.select(
        Proposal.id, Proposal.mentee_id, Proposal.mentor_id, Proposal.score, Proposal.locked, Proposal.why
    ).where(*undone)  # fmt: skip
    if mentors is not None:
        following = sa.select(Proposal.mentor_id).where(*undone).distinct().order_by(Proposal.mentor_id).limit(mentors)
        query = query.where(among(Proposal.mentor_id, db.session.scalars(following).all()))
    return db.session.execute(query.order_by(Proposal.id).limit(most)).all()


def missed_in(round_: Round, *, after: int = 0, most: int = 500) -> list[int]:
    """Mentees who took part to the end and whom a published round left without a mentor, by id from ``after`` on."""
    return list(
        db.session.scalars(
            sa.select(Proposal.mentee_id)
            .join(RoundMember, sa.and_(RoundMember.round_id == Proposal.round_id, RoundMember.person_id == Proposal.mentee_id))
            .where(RoundMember.side == "mentee", RoundMember.out.is_(False))
            .where(Proposal.round_id == round_.id, Proposal.mentorship_id.is_(None), Proposal.mentee_id > after)
            .order_by(Proposal.mentee_id)
            .limit(most)
        )
    )


@dataclass(frozen=True)
class PublishedFigures:
    """What came of a published round."""

    pairs: int
    alone: int
    left_out: int


def published_figures(round_: Round) -> PublishedFigures:
    """What came of a published round. One query."""
    lines, pairs, left_out = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(Proposal.mentorship_id),
            sa.func.coalesce(sa.func.sum(sa.case((Proposal.left_out != "", 1), else_=0)), 0),
        ).where(Proposal.round_id == round_.id)
    ).one()
    return PublishedFigures(pairs, lines - pairs, int(left_out))
