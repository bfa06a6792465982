"""Who is told of rounds."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import among
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import Told, notify_many
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.models import Person
from mentorlink.rounds.events import MentorsSought, RoundMissed, RoundOpened, RoundPairsPublished
from mentorlink.rounds.models import Round


def tell_of_open_round(event: RoundOpened) -> None:
    """Those who take part learn that they may rank."""
    facts = {"round": db.session.get_one(Round, event.round_id).name, "until": event.until}
    told = [Told(person_id, event.round_id, facts) for person_id in event.person_ids]
    notify_many(Actor.system(), told, kind="round_open", about="round", once=f"round_open:{event.round_id}")


def tell_of_round_pairs(event: RoundPairsPublished) -> None:
    """Both sides of each pair learn of the other, and read why on the page of the round, from where the mentorship goes on."""
    name = db.session.get_one(Round, event.round_id).name
    everyone = {person_id for mentee_id, mentor_id, _id in event.pairs for person_id in (mentee_id, mentor_id)}
    people = {person.id: person.full_name for person in db.session.scalars(sa.select(Person).where(among(Person.id, everyone)))}
    told = [
        Told(person_id, event.round_id, {"who": people[other_id], "round": name})
        for mentee_id, mentor_id, _mentorship_id in event.pairs
        for person_id, other_id in ((mentee_id, mentor_id), (mentor_id, mentee_id))
    ]
    notify_many(Actor.system(), told, kind="round_paired", about="round")


def tell_of_missed_round(event: RoundMissed) -> None:
    """Who has nobody learns that, and what there is to do; each once, however often it is said."""
    facts = {"round": db.session.get_one(Round, event.round_id).name}
    told = [Told(person_id, event.round_id, facts) for person_id in event.person_ids]
    notify_many(Actor.system(), told, kind="round_missed", about="round", once=f"round_missed:{event.round_id}")


def ask_to_mentor(event: MentorsSought) -> None:
    """Who holds what a round lacks is asked to offer it, once for a round and competency."""
    name = db.session.get_one(Competency, event.competency_id).name
    once = f"mentors_sought:{event.round_id}:{event.competency_id}"
    for person_id in event.person_ids:
        tell(person_id, "mentors_sought", "offers", person_id, who=event.by_id, once=once, competency=name)
