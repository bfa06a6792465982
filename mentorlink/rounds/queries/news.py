"""What came after the draft was solved, and who is in another round that is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.rounds.models import Proposal, Round, RoundChange, RoundMember
from mentorlink.rounds.policy import may_see_round
from mentorlink.rounds.queries.boards import draft_run
from mentorlink.rounds.queries.cohort import pairable, weights_now
from mentorlink.rounds.queries.people import states_of
from mentorlink.rounds.queries.rounds import enrolment_of
from mentorlink.rounds.stages import UNSETTLED

TELLING = ("places", "tied", "untied", "quota")
"""Acts of HR that the next run may answer otherwise; who takes part and what counts is told by the rows themselves."""


@dataclass(frozen=True)
class News:
    """What the draft does not know yet."""

    run: int = 0
    """Number of the run that the draft came from."""
    late: int = 0
    """Mentees whom a run would look at now and who stand in no line."""
    people: int = 0
    """Who came in or went out on either side, those of ``late`` among them."""
    wishes: int = 0
    """People who ranked, or took that back."""
    weighed: bool = False
    """Other weights, rules or aim."""
    acts: frozenset[str] = frozenset()
    """What else HR did, of ``TELLING``."""

    @property
    def some(self) -> bool:
        """True where another run may answer otherwise."""
        return bool(self.people or self.wishes or self.weighed or self.acts)


def late_in(round_: Round) -> set[int]:
    """Mentees who take part and stand in no line of the draft, though a run would look for somebody for them now."""
    lines = sa.exists().where(Proposal.round_id == round_.id, Proposal.mentee_id == RoundMember.person_id)
    rows = (
        sa.select(RoundMember.person_id)
        .join(Person, RoundMember.person_id == Person.id)
        .where(RoundMember.round_id == round_.id, RoundMember.side == "mentee", RoundMember.out.is_(False), ~lines)
        .where(Person.state.in_(states_of(enrolment_of(round_))))
    )
    found = set(db.session.scalars(rows))
    return pairable(round_, found) if found else found


def news_of(round_: Round) -> News:
    """What came after the run that the draft came from; nothing where there is no draft, or the round is settled."""
    run = draft_run(round_) if round_.state in UNSETTLED else None
    if run is None:
        return News()
    since = run.started_at or run.asked_at
    here = sa.and_(RoundMember.round_id == round_.id, RoundMember.person_id == Proposal.mentee_id, RoundMember.side == "mentee")
    gone = (
        sa.select(sa.func.count())
        .select_from(Proposal)
        .outerjoin(RoundMember, here)
        .where(Proposal.round_id == round_.id, RoundMember.out.is_not(False))
    )
    mentors, wishes = db.session.execute(
        sa.select(_sum(sa.and_(RoundMember.side == "mentor", RoundMember.moved_at > since)), _sum(RoundMember.wished_at > since))
        .where(RoundMember.round_id == round_.id)
    ).one()  # fmt: skip
    acts = sa.select(RoundChange.act).where(
        RoundChange.round_id == round_.id, RoundChange.revision > run.revision, RoundChange.act.in_(TELLING)
    )
    late = len(late_in(round_))
    return News(
        run.number, late, late + (db.session.scalar(gone) or 0) + int(mentors), int(wishes),
        run.weights_hash is not None and run.weights_hash != weights_now(round_), frozenset(db.session.scalars(acts)),
    )  # fmt: skip


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


@dataclass(frozen=True)
class Overlap:
    """Another round that is under way, and how many mentees both have."""

    round: Round
    people: int
    seen: bool
    """False where the actor does not run it: then it is not named."""


def overlaps_of(actor: Actor, round_: Round) -> Sequence[Overlap]:
    """Unsettled rounds of the same kind of programme with the same mentees, most of them first. Two queries."""
    mine, theirs = aliased(RoundMember), aliased(RoundMember)
    rows = db.session.execute(
        sa.select(theirs.round_id, sa.func.count())
        .join(mine, sa.and_(mine.person_id == theirs.person_id, mine.round_id == round_.id))
        .join(Round, theirs.round_id == Round.id)
        .join(Programme, Round.programme_id == Programme.id)
        .where(*(each for one in (mine, theirs) for each in (one.side == "mentee", one.out.is_(False))))
        .where(theirs.round_id != round_.id, Round.state.in_(UNSETTLED), Programme.kind == round_.programme.kind)
        .group_by(theirs.round_id)
        .order_by(sa.func.count().desc(), theirs.round_id)
    ).all()
    if not rows:
        return ()
    others = {row.id: row for row in db.session.scalars(sa.select(Round).where(Round.id.in_([id_ for id_, _count in rows])))}
    return [Overlap(others[id_], people, may_see_round(actor, others[id_])) for id_, people in rows]
