"""What lies beside the requests: who waits for a place, is saved, lets mentors see them, is invited, told HR what is missing."""

from __future__ import annotations

import random
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.cli.demo.pairs import at
from mentorlink.competencies.queries import needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.actions import choose_finding, give_places, invite_mentee, join_line, save_person, voice_need
from mentorlink.pairing.inputs import ChoicesInput, FindInput, InviteInput, NeedInput, WaitInput
from mentorlink.pairing.models import Offer
from mentorlink.pairing.queries import best_for, candidates_for, offers_that_may_fit, own_offers, suggestions_for, way_on_for
from mentorlink.people.models import Person
from mentorlink.sessions.mentoring.models import Mentorship

OPEN = 45
"""So many people let mentors see what they look for."""

IN_LINE = 4
"""So many wait before the cast's mentee for the mentor who is full."""

WORDS = (
    "Saya pernah menempuh jalan yang sama dan dengan senang hati berbagi. Kita bisa mulai dari satu contoh pekerjaan Anda, "
    "lalu bertemu sekitar satu jam setiap bulan."
)


def make(people: People) -> None:
    """After the pairs: what people chose beside them. Dice of its own, so that the pairs stay as they are."""
    dice = random.Random(7)  # noqa: S311  the same each time, nothing secret
    free = _free(people, dice)
    for number, person_id in enumerate(free[:OPEN]):
        with clock.at(at(30 + number % 40)):
            choose_finding(people.actor(person_id), ChoicesInput(open_to_offers=True, unranked=number % 15 == 14))
    _wait(people, free[OPEN:])
    _offer_place(people, free[-40:])
    _keep_in_mind(people)
    _invite(people)
    _tell_hr(people, free[: OPEN * 2])


def _free(people: People, dice: random.Random) -> list[int]:
    """Who has gaps and no mentor, the cast apart."""
    paired = set(db.session.scalars(sa.select(Mentorship.mentee_id).where(Mentorship.state.in_(("active", "paused")))))
    gaps = {person_id for person_id, needs in needs_of(people.everyone).items() if any(need.gap for need in needs)}
    active = set(db.session.scalars(sa.select(Person.id).where(Person.state == "active")))
    found = sorted((gaps & active) - paired - set(people.cast.values()))
    dice.shuffle(found)
    return found


def _wait(people: People, free: list[int]) -> None:
    full = people.actor(people.cast["mentor_full"])
    offer = own_offers(full)["mentor"]
    waits = 0
    for number, person_id in enumerate([*free[:20], people.cast["mentee"]]):
        if waits == IN_LINE and person_id != people.cast["mentee"]:
            continue
        with clock.at(at(20 - number % 15)):
            try:
                join_line(people.actor(person_id), WaitInput(offer_id=offer.id))
            except Conflict:
                continue
        waits += 1


def _offer_place(people: People, free: list[int]) -> None:
    """For one who waits there is a place already."""
    for person_id in free:
        waiting = join_line(people.actor(person_id), WaitInput())
        if give_places(Actor.system(), offers_that_may_fit([waiting.id])):
            return


def _keep_in_mind(people: People) -> None:
    mentee = people.actor(people.cast["mentee"])
    for suggestion in best_for(mentee, k=2):
        with clock.at(at(12)):
            save_person(mentee, suggestion.offer)
    with clock.at(at(9)):
        save_person(mentee, own_offers(people.actor(people.cast["mentor_full"]))["mentor"])


def _invite(people: People) -> None:
    """Some mentors invite who fits them best; one of them the cast's mentee."""
    mentee = people.cast["mentee"]
    with clock.at(at(25)):
        choose_finding(people.actor(mentee), ChoicesInput(open_to_offers=True))
    inviting = [each.offer for each in best_for(people.actor(mentee), k=8) if each.offer.person_id not in people.cast.values()]
    for offer in inviting[2:3]:
        with clock.at(clock.now() - timedelta(days=1)):
            invite_mentee(people.actor(offer.person_id), offer, db.session.get_one(Person, mentee), InviteInput(message=WORDS))
    for offer in db.session.scalars(sa.select(Offer).where(Offer.closed_at.is_(None), Offer.kind == "mentor").limit(12)).all():
        if offer.person_id in people.cast.values() or offer.free <= 0:
            continue
        mentor = people.actor(offer.person_id)
        fitting = [each for each in candidates_for(mentor, offer).items if each.invitation is None and each.request_id is None]
        for each in fitting[:1]:
            with clock.at(clock.now() - timedelta(days=3)):
                invite_mentee(mentor, offer, each.person, InviteInput(message=WORDS))


def _tell_hr(people: People, free: list[int]) -> None:
    for number, person_id in enumerate(free):
        actor = people.actor(person_id)
        missing = way_on_for(actor, suggestions_for(actor, FindInput())).uncovered
        for each in missing[: 1 + number % 2]:
            with clock.at(at(14 - number % 12)):
                voice_need(actor, NeedInput(competency=each.need.code))
