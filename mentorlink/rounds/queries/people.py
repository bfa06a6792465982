"""Who may take part, who does, and who missed out before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.competencies.queries import among, needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.pairing.models import FindingChoice, Offer, Request
from mentorlink.people.models import Job, Person, Tier, Unit
from mentorlink.programmes.models import Programme
from mentorlink.programmes.rules import Enrolment
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundTie
from mentorlink.rounds.queries.rounds import offers_of_members, places_told
from mentorlink.sessions.mentoring.models import Mentorship

PAGE = 25
GOING_ON = ("active", "paused")


def mentees_by_rule(programme: Programme, enrolment: Enrolment) -> set[int]:
    """Who takes part as a mentee by these rules; who objected to automated ranking only enrols themself.

    At most five queries however many people.
    """
    query = sa.select(Person.id).join(Unit, Person.unit_id == Unit.id).where(*_in_scope(programme, enrolment))
    if enrolment.tiers:
        query = query.join(Job, Person.job_id == Job.id).join(Tier, Job.tier_id == Tier.id)
        query = query.where(Tier.code.in_(enrolment.tiers))
    if enrolment.without_mentor:
        query = query.where(Person.id.not_in(sa.select(Mentorship.mentee_id).where(Mentorship.state.in_(GOING_ON))))
    query = query.where(Person.id.not_in(sa.select(FindingChoice.person_id).where(FindingChoice.unranked.is_(True))))
    if enrolment.asked:
        query = query.where(Person.id.in_(sa.select(Request.person_id).where(Request.programme_id == programme.id)))
    found = set(db.session.scalars(query))
    if enrolment.with_gaps and found:
        found = {person_id for person_id, needs in needs_of(found).items() if any(need.gap for need in needs)}
    return found


def mentors_by_rule(programme: Programme, enrolment: Enrolment) -> set[int]:
    """Who takes part as a mentor: an open offer with room and without pause, in the programme's part of the agency."""
    query = (
        sa.select(Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .join(Offer, Offer.person_id == Person.id)
        .where(*_in_scope(programme, enrolment.model_copy(update={"units": ()})), *_open_offer())
    )
    return set(db.session.scalars(query))


def has_room(person_id: int) -> bool:
    """Whether somebody has an open offer with a free place."""
    return db.session.scalar(sa.select(Offer.id).where(Offer.person_id == person_id, *_open_offer())) is not None


def places_free(person_id: int) -> int:
    """How many places somebody's open offer has free; none without one."""
    free = sa.select(Offer.capacity - Offer.taken - Offer.held).where(
        Offer.person_id == person_id, Offer.kind == "mentor", Offer.closed_at.is_(None)
    )
    return max(0, db.session.scalar(free) or 0)


def _open_offer() -> tuple[sa.ColumnElement[bool], ...]:
    return Offer.kind == "mentor", Offer.gives()


def states_of(enrolment: Enrolment) -> tuple[str, ...]:
    """Which accounts count."""
    return ("active", "invited") if enrolment.invited else ("active",)


def _in_scope(programme: Programme, enrolment: Enrolment) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [Person.state.in_(states_of(enrolment))]
    if programme.unit is not None:
        conditions.append(Unit.path.startswith(programme.unit.path, autoescape=True))
    if enrolment.units:
        paths = db.session.scalars(sa.select(Unit.path).where(Unit.id.in_(enrolment.units)))
        conditions.append(sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in paths)))
    return conditions


def in_programme(programme: Programme, person: Person) -> bool:
    """Whether somebody works in the programme's part of the agency."""
    return programme.unit is None or person.unit.path.startswith(programme.unit.path)


def missed_before(round_: Round, person_ids: Collection[int]) -> dict[int, int]:
    """Person id → rounds of this programme in a row, up to the newest published, that left them without a mentor.

    Whoever was paired, or took no part, begins again at none. Two queries.
    """
    earlier = db.session.scalars(
        sa.select(Round.id)
        .where(Round.programme_id == round_.programme_id, Round.state == "published", Round.id != round_.id)
        .order_by(Round.published_at.desc(), Round.id.desc())
        .limit(3)
    ).all()
    if not earlier:
        return {}
    took_part = sa.and_(
        RoundMember.round_id == Proposal.round_id,
        RoundMember.person_id == Proposal.mentee_id,
        RoundMember.side == "mentee",
        RoundMember.out.is_(False),
    )
    rows = db.session.execute(
        sa.select(Proposal.round_id, Proposal.mentee_id, Proposal.mentorship_id)
        .join(RoundMember, took_part)
        .where(Proposal.round_id.in_(earlier), among(Proposal.mentee_id, person_ids))
    )
    went = {(round_id, person_id): mentorship_id is None for round_id, person_id, mentorship_id in rows}
    found: dict[int, int] = {}
    for person_id in person_ids:
        for round_id in earlier:
            if not went.get((round_id, person_id), False):
                break
            found[person_id] = found.get(person_id, 0) + 1
    return found


@dataclass(frozen=True)
class MemberLine:
    """Somebody in the list of who takes part."""

    member: RoundMember
    free: int | None
    """Free places of a mentor's offer; None: no open offer any more."""
    places: int
    paused: bool = False


@dataclass(frozen=True)
class Members:
    """A page of who takes part on one side."""

    items: Sequence[MemberLine]
    total: int
    page: int
    out: int
    """How many were taken out."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def members_of(round_: Round, side: str, *, page: int = 1, text: str = "", out: bool = False) -> Members:
    """A page of one side, by name. Three queries at any size."""
    here = [RoundMember.round_id == round_.id, RoundMember.side == side]
    named = [Person.folded_name.contains(word, autoescape=True) for word in fold(text).split()[:6]]
    count = sa.select(sa.func.count()).select_from(RoundMember).join(Person, RoundMember.person_id == Person.id)
    total = db.session.scalar(count.where(*here, RoundMember.out.is_(out), *named)) or 0
    gone = db.session.scalar(count.where(*here, RoundMember.out.is_(True))) or 0
    rows = db.session.execute(
        sa.select(RoundMember, Offer.capacity - Offer.taken - Offer.held, places_told(), Offer.paused_until)
        .join(Person, RoundMember.person_id == Person.id)
        .join(Round, RoundMember.round_id == Round.id)
        .outerjoin(Offer, offers_of_members())
        .where(*here, RoundMember.out.is_(out), *named)
        .order_by(Person.folded_name, RoundMember.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    today = clock.today()
    items = [
        MemberLine(member, free, max(0, places or 0), until is not None and until > today) for member, free, places, until in rows
    ]
    return Members(items, total, page, gone)


def member_of(round_: Round, side: str, person_id: int | None) -> RoundMember | None:
    """Somebody's part in a round."""
    return db.session.scalar(
        sa.select(RoundMember).where(
            RoundMember.round_id == round_.id, RoundMember.side == side, RoundMember.person_id == person_id
        )
    )


def member_ids(round_: Round, side: str) -> list[int]:
    """Who takes part on one side."""
    return list(
        db.session.scalars(
            sa.select(RoundMember.person_id)
            .where(RoundMember.round_id == round_.id, RoundMember.side == side, RoundMember.out.is_(False))
            .order_by(RoundMember.person_id)
        )
    )


def people_to_add(round_: Round, side: str, text: str, *, limit: int = 8) -> list[Person]:
    """Active people by name who could be enrolled by hand and do not take part yet."""
    words = fold(text).split()[:6]
    if not words:
        return []
    there = sa.select(RoundMember.person_id).where(
        RoundMember.round_id == round_.id, RoundMember.side == side, RoundMember.out.is_(False)
    )
    query = (
        sa.select(Person)
        .join(Unit, Person.unit_id == Unit.id)
        .where(Person.state == "active", Person.id.not_in(there))
        .where(*(Person.folded_name.contains(word, autoescape=True) for word in words))
        .order_by(Person.folded_name, Person.id)
        .limit(limit)
    )
    if side == "mentor":
        query = query.where(Person.id.in_(sa.select(Offer.person_id).where(*_open_offer())))
    else:
        query = query.where(Person.id.not_in(sa.select(FindingChoice.person_id).where(FindingChoice.unranked.is_(True))))
    if round_.programme.unit is not None:
        query = query.where(Unit.path.startswith(round_.programme.unit.path, autoescape=True))
    return list(db.session.scalars(query))


def members_named(round_: Round, side: str, text: str, *, limit: int = 8) -> list[Person]:
    """Participants of one side by name."""
    words = fold(text).split()[:6]
    if not words:
        return []
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(RoundMember, RoundMember.person_id == Person.id)
            .where(RoundMember.round_id == round_.id, RoundMember.side == side, RoundMember.out.is_(False))
            .where(*(Person.folded_name.contains(word, autoescape=True) for word in words))
            .order_by(Person.folded_name, Person.id)
            .limit(limit)
        )
    )


def ties_of(round_: Round, *, most: int = 200) -> Sequence[RoundTie]:
    """Pairs that HR pinned or keeps apart, pins first."""
    return db.session.scalars(
        sa.select(RoundTie)
        .where(RoundTie.round_id == round_.id)
        .order_by(RoundTie.kind.desc(), RoundTie.mentee_id, RoundTie.mentor_id)
        .limit(most)
    ).all()
