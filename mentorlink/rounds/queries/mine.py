"""A participant's own part: what they may join, whom they may rank, and the result once it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.kernel.text import fold
from mentorlink.matching import MentorIndex
from mentorlink.pairing.models import FindingChoice
from mentorlink.pairing.queries import askings
from mentorlink.pairing.queries.pool import index_of, load_mentors
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundWish
from mentorlink.rounds.policy import may_join_round
from mentorlink.rounds.queries.cohort import hard_rules
from mentorlink.rounds.queries.people import has_room, in_programme, member_ids, member_of, states_of
from mentorlink.rounds.queries.rounds import enrolment_of

MOST_SHOWN = 30
MOST_LOOKED_AT = 90
"""So many people of a name are looked at; three times what is shown, since rules keep some away."""


@dataclass(frozen=True)
class Part:
    """A round as one participant sees it."""

    round: Round
    mentee: RoundMember | None
    mentor: RoundMember | None
    open: bool
    """Enrolling and ranking are possible today."""
    outcome: Proposal | None
    """The own line, once the round is published."""
    mentees: Sequence[Proposal] = ()
    """Who was paired with this mentor, once it is published."""
    may_join_as: Sequence[str] = ()
    """Sides on which the person could enrol themself today."""

    @property
    def takes_part(self) -> bool:
        """True for who is in, on whatever side."""
        return any(member is not None and not member.out for member in (self.mentee, self.mentor))


def part_for(actor: Actor, round_id: int) -> Part:
    """The actor's own part; a round that does not concern them is not there."""
    round_ = db.session.get(Round, round_id)
    person = db.session.get(Person, actor.person_id) if actor.person_id else None
    if round_ is None or person is None or round_.state not in ("open", "published"):
        raise NotFound()
    mentee, mentor = (member_of(round_, side, person.id) for side in ("mentee", "mentor"))
    own = mentee or mentor
    if not may_join_round(actor, round_, own) or (own is None and not _could_join(round_, person)):
        raise NotFound()
    return _part(round_, person, mentee, mentor)


def parts_of(actor: Actor) -> list[Part]:
    """The rounds that concern the actor: those they take part in, and open ones they may join. Newest first."""
    person = db.session.get(Person, actor.person_id) if actor.person_id else None
    if person is None:
        return []
    own = sa.select(RoundMember.round_id).where(RoundMember.person_id == person.id)
    rows = db.session.scalars(
        sa.select(Round)
        .where(sa.or_(Round.state == "open", sa.and_(Round.state == "published", Round.id.in_(own))))
        .order_by(Round.created_at.desc(), Round.id.desc())
        .limit(50)
    ).all()
    members: dict[tuple[int, str], RoundMember] = {
        (member.round_id, member.side): member
        for member in db.session.scalars(
            sa.select(RoundMember).where(RoundMember.person_id == person.id, RoundMember.round_id.in_([row.id for row in rows]))
        )
    }
    found = []
    for row in rows:
        mentee, mentor = members.get((row.id, "mentee")), members.get((row.id, "mentor"))
        if mentee is not None or mentor is not None or (enrolment_of(row).self_enrol and _could_join(row, person)):
            found.append(_part(row, person, mentee, mentor))
    return found


@dataclass(frozen=True)
class Call:
    """A round that has something for somebody: ``rank`` while they may still say whom they would like, ``nobody`` where it was
    published without a mentor for them."""

    round: Round
    kind: str


CALLED_FOR = timedelta(days=14)
"""So long a home page says that a round had nobody for somebody."""


def calls_for(actor: Actor) -> list[Call]:
    """Rounds that await the actor's ranking, and those that were published lately without a mentor for them. One query."""
    wished = sa.exists().where(
        RoundWish.round_id == RoundMember.round_id,
        RoundWish.person_id == RoundMember.person_id,
        RoundWish.side == RoundMember.side,
    )
    paired = sa.exists().where(
        Proposal.round_id == RoundMember.round_id,
        Proposal.mentee_id == RoundMember.person_id,
        Proposal.mentorship_id.is_not(None),
    )
    waits = sa.and_(Round.state == "open", RoundMember.wished_at.is_(None), ~wished)
    nobody = sa.and_(
        Round.state == "published", Round.published_at >= clock.now() - CALLED_FOR, RoundMember.side == "mentee", ~paired
    )
    rows = db.session.scalars(
        sa.select(Round)
        .join(RoundMember, RoundMember.round_id == Round.id)
        .where(RoundMember.person_id == actor.person_id, RoundMember.out.is_(False), sa.or_(waits, nobody))
        .order_by(Round.id.desc())
        .limit(10)
    ).unique()
    found = []
    for row in rows:
        if row.state == "published":
            found.append(Call(row, "nobody"))
        elif is_open_today(row) and enrolment_of(row).ranks:
            found.append(Call(row, "rank"))
    return found


def _part(round_: Round, person: Person, mentee: RoundMember | None, mentor: RoundMember | None) -> Part:
    is_open = is_open_today(round_)
    outcome, mentees = None, ()
    if round_.state == "published":
        outcome = db.session.scalar(sa.select(Proposal).where(Proposal.round_id == round_.id, Proposal.mentee_id == person.id))
        mentees = db.session.scalars(
            sa.select(Proposal).where(
                Proposal.round_id == round_.id, Proposal.mentor_id == person.id, Proposal.mentorship_id.is_not(None)
            )
        ).all()
    joins = []
    if is_open and enrolment_of(round_).self_enrol and in_programme(round_.programme, person):
        joins = [
            side
            for side, member in (("mentee", mentee), ("mentor", mentor))
            if (member is None or (member.out and member.origin == "self")) and (side == "mentee" or has_room(person.id))
        ]
    return Part(round_, mentee, mentor, is_open, outcome, mentees, joins)


def is_open_today(round_: Round) -> bool:
    """Whether participants may enrol and rank now."""
    in_time = round_.open_until is None or clock.today() <= round_.open_until
    return round_.state == "open" and round_.publishing_since is None and in_time


def _could_join(round_: Round, person: Person) -> bool:
    return round_.state == "open" and enrolment_of(round_).self_enrol and in_programme(round_.programme, person)


@dataclass(frozen=True)
class Choice:
    """Somebody who can be ranked. A mentor sees of a mentee what every colleague sees, no level and no score."""

    person: Person
    place: int | None
    """On the actor's list now."""


def choices_for(actor: Actor, part: Part, side: str, text: str = "") -> list[Choice]:
    """Whom the actor may rank: participants of the other side whom no rule keeps away, those ranked first, then by name.

    Nobody is ranked here: how well a mentee fits would tell of levels that are not a mentor's to see.
    """
    wished = wishes_of(part.round, side, actor.person_id)
    look = _who_to_look_at(part, side, text, wished)
    allowed = allowed_for(part.round, side, actor.person_id or 0, only=look)
    shown = {*(set(wished) & set(allowed)), *allowed[: MOST_SHOWN + len(wished)]}
    people = {
        person.id: person
        for person in db.session.scalars(
            sa.select(Person).where(Person.id.in_(shown), Person.id.not_in(blocked_with(actor.person_id or 0)))
        )
    }
    place = {id_: number for number, id_ in enumerate(wished, start=1)}
    order = sorted(people.values(), key=lambda person: (person.folded_name, person.id))
    first = sorted((person for person in order if person.id in place), key=lambda person: place[person.id])
    rest = [person for person in order if person.id not in place]
    return [Choice(person, place.get(person.id)) for person in (*first, *rest)][: MOST_SHOWN + len(first)]


def wishes_of(round_: Round, side: str, person_id: int | None) -> list[int]:
    """Whom somebody ranked, the most wanted first."""
    return list(
        db.session.scalars(
            sa.select(RoundWish.wished_id)
            .where(RoundWish.round_id == round_.id, RoundWish.side == side, RoundWish.person_id == person_id)
            .order_by(RoundWish.place)
        )
    )


def allowed_for(round_: Round, side: str, person_id: int, *, only: Sequence[int] | None = None) -> list[int]:
    """Ids on the other side whom no rule keeps away: for a mentee the best fitting first, for a mentor as ``only`` has them.

    ``only`` names whom to look at; a page gives it, since of thousands of mentees each would be read with all their levels.
    Of the mentees, whom the rules brought in since they have a gap, a mentor learns only those who enrolled themself, let
    mentors find them, or ranked this mentor.
    """
    states = states_of(enrolment_of(round_))
    rules = hard_rules(round_.programme)
    if side == "mentee":
        who = next(iter(askings((person_id,))), None)
        wanted = set(member_ids(round_, "mentor")) if only is None else set(only) & set(member_ids(round_, "mentor"))
        index = _mentors_of(wanted, states)
        if who is None or index is None:
            return []
        ranked = index.rank(who.mentee, None, rules=rules, explain=False)
        return [match.mentor_id for match in ranked if match.mentor_id in wanted]
    own = load_mentors((person_id,), states=states)[0]["mentor"]
    if not own:
        return []
    index = MentorIndex().fit(own)
    shown = _shown_to(round_, person_id)
    here = shown if only is None else [id_ for id_ in only if id_ in set(shown)]
    fine = {who.person.id for who in askings(here) if not index.why_not(who.mentee, person_id, rules=rules)}
    return [id_ for id_ in here if id_ in fine]


def _mentors_of(wanted: set[int], states: Sequence[str]) -> MentorIndex | None:
    """An engine that has these mentors: the pool's own, which is warm; one of its own where accounts not yet used count too."""
    if not wanted:
        return None
    if tuple(states) == ("active",):
        return index_of("mentor")
    mentors = load_mentors(wanted, states=states)[0]["mentor"]
    return MentorIndex().fit(mentors) if mentors else None


def _shown_to(round_: Round, mentor_id: int) -> list[int]:
    ranked = sa.select(RoundWish.person_id).where(
        RoundWish.round_id == round_.id, RoundWish.side == "mentee", RoundWish.wished_id == mentor_id
    )
    found = sa.select(FindingChoice.person_id).where(FindingChoice.open_to_offers.is_(True))
    member = RoundMember.person_id
    return list(
        db.session.scalars(
            sa.select(member)
            .where(RoundMember.round_id == round_.id, RoundMember.side == "mentee", RoundMember.out.is_(False))
            .where(sa.or_(RoundMember.origin == "self", member.in_(ranked), member.in_(found)))
            .order_by(member)
        )
    )


def _who_to_look_at(part: Part, side: str, text: str, wished: Sequence[int]) -> list[int] | None:
    """Those who were ranked, and those of a name; without a name the first by name for a mentor, and all for a mentee."""
    if side == "mentee" and not text:
        return None
    round_ = part.round
    own = part.mentor.person_id if part.mentor else 0
    some = [among(RoundMember.person_id, _shown_to(round_, own))] if side == "mentor" else []
    rows = db.session.scalars(
        sa.select(RoundMember.person_id)
        .join(Person, RoundMember.person_id == Person.id)
        .where(
            RoundMember.round_id == round_.id,
            RoundMember.side == ("mentor" if side == "mentee" else "mentee"),
            RoundMember.out.is_(False),
            *some,
            *(Person.folded_name.contains(word, autoescape=True) for word in fold(text).split()[:6]),
        )
        .order_by(Person.folded_name, Person.id)
        .limit(MOST_LOOKED_AT)
    )
    return list(dict.fromkeys((*wished, *rows)))
