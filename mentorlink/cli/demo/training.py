"""What many have learned this year already, so that the figures of hours tell something: claims approved by superiors."""

from __future__ import annotations

import random
from datetime import date, timedelta

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision
from mentorlink.learning.queries import decider_ids
from mentorlink.people.models import Person

PERMANENT, HIRED = 60, 6
"""So many of each kind of staff went to a training."""

TRAININGS = (
    ("technical", "Pelatihan pengelolaan arsip digital", "Badan Arsip Nusa Raya", 22),
    ("functional", "Pelatihan jabatan fungsional berjenjang", "Badan Kepegawaian Nusa Raya", 30),
    ("managerial", "Pelatihan kepemimpinan tim", "Balai Diklat Nusa Raya", 24),
)
LINK = "https://diklat.nusaraya.example/sertifikat/{number}"


def make(people: People, dice: random.Random) -> None:
    """A training each, claimed some weeks ago and approved a day later."""
    known = set(people.cast.values())
    for contract, number in (("pns", PERMANENT), ("pppk", HIRED)):
        staff = db.session.scalars(sa.select(Person.id).where(Person.contract == contract).order_by(Person.id)).all()
        with clock.at(clock.now() - timedelta(days=40)):
            for person_id in dice.sample([each for each in staff if each not in known], number):
                _train(people, db.session.get_one(Person, person_id), dice, more=4 if contract == "pppk" else 0)


def _train(people: People, person: Person, dice: random.Random, *, more: int) -> None:
    deciders = decider_ids(person)
    if not person.is_active or not deciders:
        return
    path, activity, provider, jp = dice.choice(TRAININGS)
    today = clock.today()
    day = max(date(today.year, 1, 1), today - timedelta(days=dice.randint(3, 60)))
    said = ClaimInput(
        client_id=f"demo-training-{person.id}", path=path, activity=activity, provider=provider, starts_on=day, ends_on=day,
        stated_jp=jp + more, link=LINK.format(number=person.id),
    )  # fmt: skip
    claim = actions.claim_hours(people.actor(person.id), person, said)
    actions.decide_claim(people.actor(deciders[0]), claim, Decision(decision="approve", revision=claim.revision))
