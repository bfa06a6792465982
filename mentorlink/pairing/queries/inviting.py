"""Who could be helped: colleagues who allow it, for somebody who offers help, and the invitations between them.

What is shown of them is what the match says in words: in which competencies one could help, never at which level they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from mentorlink.competencies.models import Competency, CurrentLevel, Standard
from mentorlink.competencies.queries import needs_of
from mentorlink.competencies.rules import Need
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.matching import Explanation, Mentor, MentorIndex
from mentorlink.pairing.models import FindingChoice, Invitation, Offer, Request
from mentorlink.pairing.policy import may_see_invitation, may_see_mentees
from mentorlink.pairing.queries.choices import choices_of, who_object
from mentorlink.pairing.queries.mentees import Asking, askings
from mentorlink.pairing.queries.pool import index_of, load_mentors
from mentorlink.pairing.queries.suggestions import competency_names
from mentorlink.pairing.queries.terms import Terms, terms_among
from mentorlink.pairing.stages import OPEN
from mentorlink.people.models import Job, Person, Unit
from mentorlink.people.queries import blocked_with

PAGE = 10
NEAREST = 40
"""So many who lack most of what one brings are listed; a list longer than this helps nobody."""

LOOKED_AT = 640
"""So many are looked at for that: rules may keep those apart from somebody who need most of what they bring."""


@dataclass(frozen=True)
class Candidate:
    """Somebody whom one could help."""

    person: Person
    place: int
    """In the ranked list; equal fit is an equal place. 0: not ranked."""
    tied: int
    helps: Sequence[str]
    """Codes of the competencies in which one could help; the levels stay with the person."""
    why: Explanation
    invitation: Invitation | None
    """The latest that one sent them."""
    request_id: int | None
    """Their own open request to this offer."""


@dataclass(frozen=True)
class Candidates:
    """A page of them."""

    offer: Offer
    ranked: bool
    items: Sequence[Candidate]
    total: int
    page: int
    names: Mapping[str, Mapping[str, str]]

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // PAGE))


def candidates_for(actor: Actor, offer: Offer, *, page: int = 1) -> Candidates:
    """Whom the actor could help with this offer, who allows to be seen: best fit first, then by name who objects to ranking.

    The number of queries does not depend on how many there are; it is a few more where rules keep away who needs it most. The
    same rules hold as in the mentee's own list.
    """
    if not may_see_mentees(actor, offer):
        raise NotFound()
    mentor = _mentor_of(offer)
    engine = _Engine(offer, mentor) if mentor else None
    found = _who_fits(engine, offer, mentor) if engine else []
    ranked = not choices_of(actor.person_id).unranked
    everyone = {who.person.id for who, _score in found}
    unranked = who_object(everyone) if ranked else everyone
    places = _places([score for who, score in found if who.person.id not in unranked])
    found.sort(key=lambda pair: _order(pair, unranked))
    shown = found[(page - 1) * PAGE :][:PAGE]
    ids = [who.person.id for who, _score in shown]
    invited, asked = _invited(offer, ids), _asked(offer, ids)
    items = []
    for who, score in shown:
        assert engine is not None  # without one the list is empty
        place, tied = places[score] if who.person.id not in unranked else (0, 1)
        why = engine.explain(who)
        helps = [term.code for term in why.competencies if term.covered]
        items.append(Candidate(who.person, place, tied, helps, why, invited.get(who.person.id), asked.get(who.person.id)))
    codes = {code for item in items for code in item.helps}
    return Candidates(offer, ranked, items, len(found), page, competency_names(codes) if codes else {})


def candidate_for(actor: Actor, offer: Offer, person_id: int) -> Candidate:
    """One of them. Who does not allow it, is kept apart by a rule, or needs nothing of it does not exist."""
    if not may_see_mentees(actor, offer) or not choices_of(person_id).open_to_offers:
        raise NotFound()
    mentor = _mentor_of(offer)
    engine = _Engine(offer, mentor) if mentor else None
    if engine is None:
        raise NotFound()
    for who, _score in engine.fitting(askings([person_id], offer.kind)):
        why = engine.explain(who)
        if helps := [term.code for term in why.competencies if term.covered]:
            invited, asked = _invited(offer, [person_id]), _asked(offer, [person_id])
            return Candidate(who.person, 0, 1, helps, why, invited.get(person_id), asked.get(person_id))
    raise NotFound()


def invitation_for(actor: Actor, invitation_id: int) -> Invitation:
    """An invitation, if the actor is one of the two and neither blocked the other."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or not may_see_invitation(actor, invitation):
        raise NotFound()
    other = invitation.mentor_id if actor.is_person(invitation.person_id) else invitation.person_id
    if actor.person_id is not None and other in blocked_with(actor.person_id):
        raise NotFound()
    return invitation


def invitations_for(actor: Actor, *, limit: int = 50) -> list[Invitation]:
    """Invitations to and from the actor, open ones first, then the latest. Two queries."""
    mentor, mentee = aliased(Person), aliased(Person)
    apart = blocked_with(actor.person_id) if actor.person_id is not None else set()
    rows = db.session.scalars(
        sa.select(Invitation)
        .join(Invitation.offer)
        .join(mentor, Offer.person_id == mentor.id)
        .join(mentee, Invitation.person_id == mentee.id)
        .options(
            contains_eager(Invitation.offer).contains_eager(Offer.person.of_type(mentor)),
            contains_eager(Invitation.person.of_type(mentee)),
        )
        .where(sa.or_(Invitation.person_id == actor.person_id, Offer.person_id == actor.person_id))
        .order_by((Invitation.state == "sent").desc(), Invitation.sent_at.desc(), Invitation.id.desc())
        .limit(limit)
    )
    return [row for row in rows if row.person_id not in apart and row.mentor_id not in apart]


@dataclass(frozen=True)
class InvitationView:
    """What stands around an invitation."""

    mine: bool
    """True for the invited."""
    needs: Sequence[Need]
    """The invited's own gaps in which the other could help; empty for the other."""


def invitation_view(actor: Actor, invitation: Invitation) -> InvitationView:
    """What the actor sees beside the invitation."""
    mine = actor.is_person(invitation.person_id)
    if not mine:
        return InvitationView(mine, [])
    records = load_mentors([invitation.mentor_id])[0][invitation.offer.kind]
    brings = records[0].levels if records else {}
    needs = needs_of((invitation.person_id,)).get(invitation.person_id, [])
    return InvitationView(mine, [need for need in needs if need.gap and brings.get(need.code, 0) > (need.actual or 0)])


def _mentor_of(offer: Offer) -> Mentor | None:
    """What the offer brings, as the engine wants it; None for who is not active."""
    records = load_mentors([offer.person_id])[0][offer.kind]
    return records[0] if records else None


class _Engine:
    """The engine for one offer, whoever pauses included: a pause keeps nobody from offering help."""

    def __init__(self, offer: Offer, mentor: Mentor) -> None:
        whole = index_of(offer.kind)
        in_pool = offer.person_id in whole and not mentor.paused
        self._index = whole if in_pool else _alone(whole, replace(mentor, paused=False))
        self._kind, self._mentor_id = offer.kind, offer.person_id
        self._terms: dict[str, Terms] = {}

    def fitting(self, people: Iterable[Asking]) -> list[tuple[Asking, float]]:
        """Those whom no rule keeps apart from the offer, with how well it fits: all of one programme in one pass."""
        asked = {who.person.id: who for who in people if who.person.is_active}
        self._terms |= terms_among(self._kind, {who.person.unit.path for who in asked.values()})
        by_programme: dict[int | None, list[Asking]] = defaultdict(list)
        for who in asked.values():
            by_programme[self._terms[who.person.unit.path].programme_id].append(who)
        return [(who, score) for some in by_programme.values() for who, score in self._scored(some)]

    def _scored(self, people: Sequence[Asking]) -> list[tuple[Asking, float]]:
        terms, asked = self._terms[people[0].person.unit.path], {who.person.id: who for who in people}
        batch = self._index.batch(
            [who.mentee for who in people], rules=replace(terms.rules, with_room=False), weights=terms.weights,
            mentors=[self._mentor_id],
        )  # fmt: skip
        scores = [(int(person_id), int(batch.scores(row)[0])) for row, person_id in enumerate(batch.mentee_ids)]
        return [(asked[person_id], score / 1_000_000) for person_id, score in scores if score >= 0]

    def explain(self, who: Asking) -> Explanation:
        """The parts of the score of one of them."""
        return self._index.explain(who.mentee, self._mentor_id, weights=self._terms[who.person.unit.path].weights)


def _alone(whole: MentorIndex, mentor: Mentor) -> MentorIndex:
    """One mentor by themselves, whose text is read by the words of the whole pool."""
    return MentorIndex(text_bridge=whole.text_bridge).fit([mentor], text_model=whole.text_encoder_)


def _who_fits(engine: _Engine, offer: Offer, mentor: Mentor | None) -> list[tuple[Asking, float]]:
    """The first who lack what the offer brings and whom no rule keeps from it: looked for until there are enough."""
    found: list[tuple[Asking, float]] = []
    looked_at, some = 0, NEAREST
    while len(found) < NEAREST and looked_at < LOOKED_AT:
        near = _nearest(offer, mentor, most=some, after=looked_at)
        if near:
            order = {person_id: at for at, person_id in enumerate(near)}
            found += sorted(engine.fitting(askings(near, offer.kind)), key=lambda pair: order[pair[0].person.id])
        if len(near) < some:
            break
        looked_at, some = looked_at + some, looked_at + some  # twice as many each time
    return found[:NEAREST]


def _nearest(offer: Offer, mentor: Mentor | None, *, most: int, after: int = 0) -> list[int]:
    """Who allows to be seen and lacks most of the levels that this offer brings; of a mentor nobody below them. Two queries."""
    brings = dict(mentor.levels) if mentor else {}
    ids = {
        number: brings[code]
        for code, number in db.session.execute(
            sa.select(Competency.code, Competency.id).where(Competency.code.in_(sorted(brings)), Competency.retired_at.is_(None))
        )
    }
    if not ids:
        return []
    of_job, of_tier = aliased(Standard), aliased(Standard)
    held = sa.case(ids, value=Competency.id)
    asked = sa.func.coalesce(of_job.required, of_tier.required, 0)
    reach = sa.case((asked < held, asked), else_=held)
    wanted = (  # what of it each job asks for: few rows, worked out once
        sa.select(Job.id.label("job_id"), Competency.id.label("competency_id"), reach.label("reach"))
        .select_from(Job)
        .join(Competency, Competency.id.in_(ids))
        .outerjoin(of_job, sa.and_(of_job.job_id == Job.id, of_job.competency_id == Competency.id))
        .outerjoin(of_tier, sa.and_(of_tier.tier_id == Job.tier_id, of_tier.competency_id == Competency.id))
        .where(asked > 0)
        .cte("wanted")
        .prefix_with("MATERIALIZED", dialect="postgresql")
        .prefix_with("MATERIALIZED", dialect="sqlite")
    )
    total = sa.func.sum(wanted.c.reach - CurrentLevel.level)
    query = (
        sa.select(FindingChoice.person_id)
        .join(Person, Person.id == FindingChoice.person_id)
        .join(wanted, wanted.c.job_id == Person.job_id)
        .join(
            CurrentLevel,
            sa.and_(CurrentLevel.person_id == FindingChoice.person_id, CurrentLevel.competency_id == wanted.c.competency_id),
        )
        .where(
            # a state that is computed keeps SQLite from going through everybody instead of those who allow it
            FindingChoice.open_to_offers, Person.state.concat("") == "active", Person.id != offer.person_id,
            CurrentLevel.level < wanted.c.reach,
        )
        .group_by(FindingChoice.person_id)
        .order_by(total.desc(), FindingChoice.person_id)
        .limit(most)
        .offset(after)
    )  # fmt: skip
    if offer.kind == "mentor":
        headed = aliased(Unit)
        below = sa.select(Unit.id).join(headed, Unit.path.startswith(headed.path)).where(headed.head_id == offer.person_id)
        query = query.where(Person.unit_id.not_in(below))
    return list(db.session.scalars(query))


def _order(pair: tuple[Asking, float], unranked: set[int]) -> tuple[bool, float, str, int]:
    person, score = pair[0].person, pair[1]
    if person.id in unranked:
        return True, 0.0, person.folded_name, person.id
    return False, -score, "", person.id


def _places(scores: Sequence[float]) -> dict[float, tuple[int, int]]:
    """Score → place and how many share it."""
    return {score: (1 + sum(other > score for other in scores), scores.count(score)) for score in set(scores)}


def _invited(offer: Offer, person_ids: Sequence[int]) -> dict[int, Invitation]:
    rows = db.session.scalars(
        sa.select(Invitation)
        .where(Invitation.offer_id == offer.id, Invitation.person_id.in_(person_ids))
        .order_by(Invitation.id)
        .options(sa.orm.lazyload(Invitation.offer), sa.orm.lazyload(Invitation.person))
    )
    return {row.person_id: row for row in rows}


def _asked(offer: Offer, person_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(Request.person_id, Request.id).where(
            Request.offer_id == offer.id, Request.person_id.in_(person_ids), Request.state.in_(OPEN)
        )
    )
    return dict(rows.all())
