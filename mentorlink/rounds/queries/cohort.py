"""The cohort of a round, read from the rows as they are now, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from mentorlink.competencies.queries import among
from mentorlink.kernel.db import db
from mentorlink.matching import MentorIndex, Rules, Weights
from mentorlink.pairing.models import Offer
from mentorlink.pairing.queries import askings, who_object
from mentorlink.pairing.queries.pool import load_mentors, said_in_both
from mentorlink.people.models import Person
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import rules_of
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundTie, RoundWish
from mentorlink.rounds.queries.people import GOING_ON, missed_before, states_of
from mentorlink.rounds.queries.quotas import quotas_for
from mentorlink.rounds.queries.rounds import enrolment_of, offers_of_members, places_of, weights_of_round
from mentorlink.rounds.rules import Cohort, discreet, weights_fingerprint
from mentorlink.rounds.stages import FLOOR, VALUES
from mentorlink.sessions.mentoring.models import Mentorship


def cohort_of(round_: Round) -> Cohort:
    """Everything that a run of this round solves, as of now."""
    states = states_of(enrolment_of(round_))
    mentees = [who.mentee for who in askings(sorted(pairable(round_, _active(round_, "mentee", states))))]
    mentors = load_mentors(_active(round_, "mentor", states), states=states)[0]["mentor"]
    ours, theirs = {mentee.id for mentee in mentees}, {mentor.id for mentor in mentors}
    locks, previous, bans = _pairs(round_)
    return replace(
        _empty(round_),
        mentees=tuple(mentees),
        mentors=tuple(mentors),
        capacity={person_id: places for person_id, places in _places(round_).items() if person_id in theirs},
        locks=_among(locks, ours, theirs),
        bans=_among(bans, ours, theirs),
        mentee_wishes=_wishes(round_, "mentee", ours, theirs),
        mentor_wishes=_wishes(round_, "mentor", theirs, ours),
        previous={mentee: mentor for mentee, mentor in previous if mentee in ours and mentor in theirs},
        missed=missed_before(round_, ours),
        quotas=quotas_for(round_, ours, theirs),
        said=tuple(said_in_both()),
    )


def _empty(round_: Round) -> Cohort:
    """How the round is set, with nobody in it."""
    return Cohort(
        mentees=(),
        mentors=(),
        rules=hard_rules(round_.programme),
        weights=Weights(**weights_of_round(round_), grade_points=rules_of(round_.programme).grade_points),
        capacity={},
        params=params_of(round_),
        values=VALUES if round_.mode != "stable" else (0.0,),
    )


def weights_now(round_: Round) -> str:
    """The hash that a run begun now would keep of its weights, rules and aim."""
    return weights_fingerprint(_empty(round_))


def _among(pairs: Collection[tuple[int, int]], ours: set[int], theirs: set[int]) -> tuple[tuple[int, int], ...]:
    return tuple(pair for pair in pairs if pair[0] in ours and pair[1] in theirs)


def hard_rules(programme: Programme) -> Rules:
    """The hard rules of a programme; places are counted by the round itself."""
    own = rules_of(programme)
    return Rules(
        with_room=False, same_field=own.same_field, other_unit=own.other_unit, grade_min=own.grade_min, grade_max=own.grade_max
    )


def params_of(round_: Round) -> dict[str, float | int | str]:
    """How the solver is set for this round."""
    return {
        "floor": FLOOR if round_.mode == "floor" else 0.0,
        "mode": "stable" if round_.mode == "stable" else "best",
        "missed": round_.bonus / 100,
        "seed": round_.id,
    }


def broken_rules(round_: Round, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, ...]]:
    """Pair → the rules that forbid it now, read fresh; pairs that nothing forbids are left out.

    The same code as the solver's masks. Places are not looked at: who publishes takes them one by one.
    """
    if not pairs:
        return {}
    states = states_of(enrolment_of(round_))
    mentees = {who.person.id: who for who in askings({mentee for mentee, _mentor in pairs})}
    mentors = load_mentors({mentor for _mentee, mentor in pairs}, states=states)[0]["mentor"]
    there = {mentor.id for mentor in mentors}
    bans = set(_ties(round_, "ban"))
    rules = hard_rules(round_.programme)
    index = MentorIndex().fit([replace(mentor, text="") for mentor in mentors]) if mentors else None
    present = _present(round_, "mentee", {mentee for mentee, _mentor in pairs})
    there_too = _present(round_, "mentor", {mentor for _mentee, mentor in pairs})
    objecting, going_on = _objecting(round_, mentees), _going_on(round_, mentees)
    found = {}
    for mentee_id, mentor_id in pairs:
        who = mentees.get(mentee_id)
        if who is None or who.person.state not in states:
            broken: tuple[str, ...] = ("not_active",)
        elif mentee_id not in present or mentee_id in objecting or mentor_id not in there_too:
            broken = ("took_no_part",)
        elif mentee_id in going_on:
            broken = ("has_mentor",)
        elif index is None or mentor_id not in there:
            broken = ("offer_closed",)
        else:
            broken = discreet(index.why_not(who.mentee, mentor_id, rules=rules))
        if (mentee_id, mentor_id) in bans:
            broken = (*broken, "kept_apart")
        if broken:
            found[mentee_id, mentor_id] = tuple(broken)
    return found


def _present(round_: Round, side: str, person_ids: Collection[int]) -> set[int]:
    here = sa.and_(RoundMember.round_id == round_.id, RoundMember.side == side, RoundMember.out.is_(False))
    return set(db.session.scalars(sa.select(RoundMember.person_id).where(here, among(RoundMember.person_id, set(person_ids)))))


def pairable(round_: Round, mentee_ids: Collection[int]) -> set[int]:
    """Those of these mentees whom a run may pair: who objects to automated ranking only where they came by themselves."""
    return set(mentee_ids) - _objecting(round_, mentee_ids) - _going_on(round_, mentee_ids)


def _objecting(round_: Round, mentee_ids: Collection[int]) -> set[int]:
    """Who objects to automated ranking and did not enrol themself. Two queries at most."""
    objecting = who_object(mentee_ids) if mentee_ids else set()
    if not objecting:
        return objecting
    own = sa.select(RoundMember.person_id).where(
        RoundMember.round_id == round_.id, RoundMember.side == "mentee", RoundMember.origin == "self"
    )
    return objecting - set(db.session.scalars(own))


def _going_on(round_: Round, mentee_ids: Collection[int]) -> set[int]:
    """Who has a mentor meanwhile, where the round is for those without. One query."""
    if not mentee_ids or not enrolment_of(round_).without_mentor:
        return set()
    rows = sa.select(Mentorship.mentee_id).where(Mentorship.state.in_(GOING_ON), among(Mentorship.mentee_id, set(mentee_ids)))
    return set(db.session.scalars(rows))


def _active(round_: Round, side: str, states: Collection[str]) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(RoundMember.person_id)
            .join(Person, RoundMember.person_id == Person.id)
            .where(
                RoundMember.round_id == round_.id, RoundMember.side == side, RoundMember.out.is_(False), Person.state.in_(states)
            )
            .order_by(RoundMember.person_id)
        )
    )


def _places(round_: Round) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(RoundMember.person_id, places_of())
        .join(Offer, offers_of_members())
        .where(RoundMember.round_id == round_.id, RoundMember.side == "mentor", RoundMember.out.is_(False))
    )
    return {person_id: max(0, places) for person_id, places in rows}


def _pairs(round_: Round) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs that must be, pairs of the draft, pairs that must not be. What HR pinned wins over what it locked."""
    draft = db.session.execute(
        sa.select(Proposal.mentee_id, Proposal.mentor_id, Proposal.locked).where(
            Proposal.round_id == round_.id, Proposal.mentor_id.is_not(None)
        )
    ).all()
    bans = _ties(round_, "ban")
    pins = dict(_ties(round_, "pin"))
    forbidden = set(bans)
    locked = {mentee: mentor for mentee, mentor, kept in draft if kept and (mentee, mentor) not in forbidden}
    return sorted((locked | pins).items()), sorted((mentee, mentor) for mentee, mentor, _kept in draft), bans


def _ties(round_: Round, kind: str) -> list[tuple[int, int]]:
    rows = db.session.execute(
        sa.select(RoundTie.mentee_id, RoundTie.mentor_id).where(RoundTie.round_id == round_.id, RoundTie.kind == kind)
    )
    return sorted((mentee, mentor) for mentee, mentor in rows)


def _wishes(round_: Round, side: str, ours: set[int], theirs: set[int]) -> dict[int, tuple[int, ...]]:
    rows = db.session.execute(
        sa.select(RoundWish.person_id, RoundWish.wished_id)
        .where(RoundWish.round_id == round_.id, RoundWish.side == side)
        .order_by(RoundWish.person_id, RoundWish.place)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for person_id, wished_id in rows:
        if person_id in ours and wished_id in theirs:
            found[person_id].append(wished_id)
    return {person_id: tuple(wished) for person_id, wished in found.items()}


def people_named(ids: Collection[int]) -> dict[int, Person]:
    """People by id, however many. One query."""
    return {person.id: person for person in db.session.scalars(sa.select(Person).where(among(Person.id, ids)))} if ids else {}
