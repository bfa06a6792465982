"""Who takes part: by rule, by hand, by themselves; wishes; and whom HR asks for help."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound
from mentorlink.pairing.queries import who_object
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person, Unit
from mentorlink.programmes.rules import Enrolment
from mentorlink.rounds.actions.ground import touch
from mentorlink.rounds.events import MentorsSought
from mentorlink.rounds.inputs import EnrolInput, MemberInput, PlacesInput, RevisionInput, SeekInput, WishesInput
from mentorlink.rounds.models import Round, RoundMember, RoundWish
from mentorlink.rounds.policy import may_edit_round, may_join_round, may_rank
from mentorlink.rounds.queries import (
    allowed_for,
    asked_in,
    cover_in,
    has_room,
    in_programme,
    is_open_today,
    member_of,
    mentees_by_rule,
    mentors_by_rule,
    missed_before,
    part_for,
    places_free,
    sheet_of,
    wishes_of,
)


@action
def enrol_by_rules(actor: Actor, round_: Round, data: EnrolInput) -> tuple[int, int]:
    """Whom the rules name takes part, whom they no longer name does not. What was done by hand stays. How many of each side."""
    ensure(may_edit_round, actor, round_)
    _check_units(round_, data.enrolment)
    touch(actor, round_, data.revision, "enrolled")
    round_.enrolment = data.enrolment.model_dump(mode="json")
    mentees = mentees_by_rule(round_.programme, data.enrolment)
    mentors = mentors_by_rule(round_.programme, data.enrolment)
    for side, wanted in (("mentee", mentees), ("mentor", mentors)):
        _bring_in(round_, side, wanted)
    note_missed(round_)
    return len(mentees), len(mentors)


@action
def add_member(actor: Actor, round_: Round, data: MemberInput) -> RoundMember:
    """Somebody of the programme's part takes part by hand. A mentor needs an open offer with room.

    Who objects to automated ranking takes part by themself or not at all; HR is not told that this is why.
    """
    ensure(may_edit_round, actor, round_)
    person = db.session.get(Person, data.person_id)
    if person is None or person.state != "active":
        raise Invalid(Fault("person_id", "takes_no_part"))
    if data.side == "mentor" and not has_room(person.id):
        raise Invalid(Fault("person_id", "offers_no_place"))
    if not in_programme(round_.programme, person):
        raise Invalid(Fault("person_id", "other_programme"))
    if data.side == "mentee" and who_object((person.id,)):
        raise Invalid(Fault("person_id", "takes_no_part"))
    touch(actor, round_, data.revision, "added", side=data.side)
    return _put_in(round_, data.side, person.id, "hand")


@action
def take_out_member(actor: Actor, round_: Round, data: MemberInput) -> None:
    """Somebody takes no part any more, whatever the rules say."""
    ensure(may_edit_round, actor, round_)
    member = member_of(round_, data.side, data.person_id)
    if member is None:
        raise NotFound()
    touch(actor, round_, data.revision, "taken_out", side=data.side)
    member.out, member.origin, member.moved_at = True, "hand", clock.now()


@action
def set_places(actor: Actor, round_: Round, data: PlacesInput) -> RoundMember:
    """How many people a mentor takes in this round; more than their offer has free is refused."""
    ensure(may_edit_round, actor, round_)
    member = member_of(round_, "mentor", data.person_id)
    if member is None:
        raise NotFound()
    if data.places > (free := places_free(data.person_id)):
        raise Invalid(Fault("places", "more_than_free", {"free": free}))
    touch(actor, round_, data.revision, "places")
    member.places = data.places
    return member


@action
def set_all_places(actor: Actor, round_: Round, data: RevisionInput, *, places: int | None) -> None:
    """The same number of places for every mentor, or as many as each has free."""
    ensure(may_edit_round, actor, round_)
    touch(actor, round_, data.revision, "places")
    db.session.execute(
        sa.update(RoundMember).where(RoundMember.round_id == round_.id, RoundMember.side == "mentor").values(places=places)
    )


@action
def join_round(actor: Actor, round_: Round, side: str) -> RoundMember:
    """Take part by one's own wish, where the round lets people enrol. Joining twice is joining once."""
    ensure(may_join_round, actor, round_, member_of(round_, side, actor.person_id))
    part = part_for(actor, round_.id)
    member = part.mentee if side == "mentee" else part.mentor
    if member is not None and not member.out:
        return member
    if side not in part.may_join_as:
        raise Conflict("round_not_open")
    return _put_in(round_, side, actor.person_id or 0, "self")


@action
def leave_round(actor: Actor, round_: Round, side: str) -> None:
    """Take part no more, while it is open. Leaving twice is leaving once."""
    ensure(may_join_round, actor, round_, member_of(round_, side, actor.person_id))
    member = _own(actor, round_, side)
    if not is_open_today(round_):
        raise Conflict("round_not_open")
    member.out, member.origin, member.moved_at = True, "self", clock.now()
    _forget_wishes(round_, side, member.person_id)


@action
def save_wishes(actor: Actor, round_: Round, side: str, data: WishesInput) -> None:
    """Rank up to five of the other side, in place of what was ranked before. Whom a rule keeps away cannot be ranked."""
    ensure(may_rank, actor, member_of(round_, side, actor.person_id))
    member = _own(actor, round_, side)
    if not is_open_today(round_) or not round_.enrolment.get("ranks"):
        raise Conflict("round_not_open")
    if data.wished and not set(data.wished) <= set(allowed_for(round_, side, member.person_id, only=data.wished)):
        raise Invalid(Fault("wished", "takes_no_part"))
    if list(data.wished) != wishes_of(round_, side, member.person_id):
        member.wished_at = clock.now()
    _forget_wishes(round_, side, member.person_id)
    if data.wished:
        rows = [
            {"round_id": round_.id, "side": side, "person_id": member.person_id, "place": place, "wished_id": wished_id}
            for place, wished_id in enumerate(data.wished, start=1)
        ]
        db.session.execute(sa.insert(RoundWish), rows)


@action
def seek_mentors(actor: Actor, round_: Round, data: SeekInput) -> int:
    """Ask people who hold a competency that the round lacks to offer their help; each is asked once per round and competency.

    Nobody is asked but those whom the cover map named, and nobody asks themself. How many were asked now.
    """
    ensure(may_edit_round, actor, round_)
    if db.session.get(Competency, data.competency_id) is None:
        raise Invalid(Fault("competency_id", "unknown_competency"))
    shown = cover_in(sheet_of(round_, "cover")).lines
    named = {person.id for line in shown if line.competency.id == data.competency_id for person, _level in line.candidates}
    active = sa.select(Person.id).where(Person.id.in_(named & set(data.person_ids)), Person.state == "active")
    known = set(db.session.scalars(active)) - {actor.person_id}
    if not known:
        raise Invalid(Fault("person_ids", "nobody_to_ask"))
    fresh = sorted(known - {person_id for competency_id, person_id in asked_in(round_) if competency_id == data.competency_id})
    if fresh:
        record(MentorsSought(round_.id, data.competency_id, tuple(fresh), actor.person_id))
        record_audit(actor, "mentors_sought", "round", round_.id, competency=data.competency_id, people=len(fresh), asked=fresh)
    return len(fresh)


def _check_units(round_: Round, enrolment: Enrolment) -> None:
    units = db.session.scalars(sa.select(Unit).where(Unit.id.in_(enrolment.units))).all()
    own = round_.programme.unit
    if len(units) != len(set(enrolment.units)) or (own and any(not unit.path.startswith(own.path) for unit in units)):
        raise Invalid(Fault("enrolment.units", "unit_of_another"))


def _bring_in(round_: Round, side: str, wanted: set[int]) -> None:
    here = sa.and_(RoundMember.round_id == round_.id, RoundMember.side == side)
    there = dict(db.session.execute(sa.select(RoundMember.person_id, RoundMember.origin).where(here)).all())
    gone = [person_id for person_id, origin in there.items() if origin == "rule" and person_id not in wanted]
    if gone:
        db.session.execute(sa.delete(RoundMember).where(here, among(RoundMember.person_id, gone)))
    new = sorted(wanted - there.keys())
    if new:
        base = {"round_id": round_.id, "side": side, "origin": "rule", "out": False, "missed": 0, "moved_at": clock.now()}
        rows = [base | {"person_id": person_id} for person_id in new]
        db.session.execute(sa.insert(RoundMember), rows)


def _put_in(round_: Round, side: str, person_id: int, origin: str) -> RoundMember:
    values = {"out": False, "origin": origin, "moved_at": clock.now()}
    insert = insert_into(RoundMember).values(round_id=round_.id, side=side, person_id=person_id, missed=0, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["round_id", "side", "person_id"], set_=values))
    note_missed(round_, only=person_id)
    found = member_of(round_, side, person_id)
    assert found is not None
    db.session.refresh(found)
    return found


def note_missed(round_: Round, *, only: int | None = None) -> None:
    """Write down how often each mentee, or ``only`` this one, went without before."""
    here = [RoundMember.round_id == round_.id, RoundMember.side == "mentee"]
    if only is not None:
        here.append(RoundMember.person_id == only)
    mentees = dict(db.session.execute(sa.select(RoundMember.person_id, RoundMember.missed).where(*here)).all())
    missed = missed_before(round_, mentees)
    for times in {0, *missed.values()}:
        people = [person_id for person_id, was in mentees.items() if missed.get(person_id, 0) == times and was != times]
        if people:
            db.session.execute(
                sa.update(RoundMember)
                .where(*here, among(RoundMember.person_id, people))
                .values(missed=times)
                .execution_options(synchronize_session=False)
            )


def _own(actor: Actor, round_: Round, side: str) -> RoundMember:
    member = member_of(round_, side, actor.person_id)
    if member is None:
        raise NotFound()
    return member


def _forget_wishes(round_: Round, side: str, person_id: int) -> None:
    db.session.execute(
        sa.delete(RoundWish).where(RoundWish.round_id == round_.id, RoundWish.side == side, RoundWish.person_id == person_id)
    )
