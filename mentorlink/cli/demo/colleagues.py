"""Colleagues are asked how somebody works: one question is over, two are open, and the mentee answers one of them."""

from __future__ import annotations

import random

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.cli.demo.pairs import at
from mentorlink.competencies import actions, queries
from mentorlink.competencies.inputs import ColleaguesInput, VoiceInput
from mentorlink.competencies.models import Competency, PeerReview
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Person

ABOUT = 5
"""So many competencies are asked about."""


def make(people: People, dice: random.Random) -> None:
    """The mentee was asked about once, is again, and is asked about somebody beside them."""
    mentee = people.cast["mentee"]
    with clock.at(at(120)):
        before = _ask(people, mentee, 6)
    with clock.at(at(118)):
        _answer(people, before, dice, but=1)
    with clock.at(at(104)):
        actions.end_reviews(Actor.system())
    with clock.at(at(4)):
        now = _ask(people, mentee, 5)
        beside = _ask(people, _beside(people, mentee), 4, with_=mentee)
    with clock.at(at(2)):
        _answer(people, now, dice, but=3)
        _answer(people, beside, dice, but=2, never=mentee)


def _ask(people: People, person_id: int, number: int, *, with_: int | None = None) -> PeerReview:
    actor, person = people.actor(person_id), db.session.get_one(Person, person_id)
    near = [row.id for row in queries.colleagues_near(actor, person)]
    chosen = [with_] if with_ is not None else []
    chosen += [id_ for id_ in near if id_ not in chosen][: number - len(chosen)]
    rows = queries.map_for(actor, person_id).rows
    codes = [row.code for row in sorted(rows, key=lambda row: -row.gap)[:ABOUT]]
    token = f"demo-{person_id}-{clock.today().isoformat()}"
    return actions.ask_colleagues(actor, person, ColleaguesInput(token=token, colleagues=chosen, competencies=codes))


def _answer(people: People, review: PeerReview, dice: random.Random, *, but: int, never: int | None = None) -> None:
    """All answer but so many; each a level beside the one that counts."""
    levels = queries.levels_of((review.person_id,)).get(review.person_id, {})
    codes = db.session.execute(sa.select(Competency.code, Competency.id).where(Competency.id.in_(review.competency_ids))).all()
    asked = sorted(voice.person_id for voice in review.voices if voice.person_id != never)
    for person_id in asked[: len(review.voices) - but]:
        said = {code: min(5, max(1, levels.get(id_, 2) + dice.choice((-1, 0, 0, 1)))) for code, id_ in sorted(codes)}
        actor = people.actor(person_id)
        actions.answer_review(actor, queries.voice_for(actor, review.id), VoiceInput(levels=said))


def _beside(people: People, person_id: int) -> int:
    """Somebody of the same unit who is not of the cast."""
    unit_id = db.session.get_one(Person, person_id).unit_id
    beside = sa.select(Person.id).where(Person.unit_id == unit_id, Person.state == "active", Person.job_id.is_not(None))
    return min(set(db.session.scalars(beside)) - set(people.cast.values()))
