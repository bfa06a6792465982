"""Evaluation: feedback after a session, tests before and after, what shows at work months later, results that are measured."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.learning.events import BehaviourAsked
from mentorlink.learning.inputs import BehaviourInput, FeedbackInput, FormInput, IndicatorInput, ItemInput, ValueInput
from mentorlink.learning.models import (
    BehaviourReview,
    Feedback,
    IndicatorValue,
    ResultIndicator,
    TestForm,
    TestItem,
    TestSitting,
)
from mentorlink.learning.policy import (
    may_ask_behaviour,
    may_keep_evaluation,
    may_react,
    may_say_behaviour,
    may_sit_test,
)
from mentorlink.learning.queries.evaluation import learned_for, part_of, questions_of, set_of
from mentorlink.learning.queries.settings import settings_now
from mentorlink.people.models import Person, Unit
from mentorlink.people.queries import superior_of
from mentorlink.programmes.models import Programme
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.mentoring.models import Mentorship, Target

ASKED_UNTIL = timedelta(days=60)
"""What ended longer ago than this beyond its day of asking is asked about no more."""


@action
def give_feedback(actor: Actor, person: Person, data: FeedbackInput) -> None:
    """Say how a session or an event was; said again, the later word counts."""
    ensure(may_react, actor, person)
    deed = learned_for(actor, person, data.origin)
    row = {
        "person_id": person.id, "path": deed.path, "happened_on": deed.day, "given_at": clock.now(), **data.model_dump(),
    }  # fmt: skip
    again = insert_into(Feedback).values(row)
    db.session.execute(
        again.on_conflict_do_update(
            index_elements=["person_id", "origin"],
            set_={name: again.excluded[name] for name in ("useful", "usable", "given_at")},
        )
    )


@action
def add_item(actor: Actor, data: ItemInput) -> TestItem:
    """Put a question into the bank."""
    ensure(may_keep_evaluation, actor)
    item = TestItem(made_by_id=actor.person_id, made_at=clock.now(), **data.model_dump())
    db.session.add(item)
    db.session.flush()
    return item


@action
def retire_item(actor: Actor, item: TestItem) -> None:
    """Take a question out of the bank; tests that have it keep it."""
    ensure(may_keep_evaluation, actor)
    if lock(item).retired_at is None:
        item.retired_at = clock.now()


@action
def make_form(actor: Actor, data: FormInput) -> TestForm:
    """Make a test before and after from the bank: two sets without a question in common, alike in their levels."""
    ensure(may_keep_evaluation, actor)
    bank = db.session.execute(
        sa.select(TestItem.id, TestItem.level)
        .where(TestItem.competency_id == data.competency_id, TestItem.retired_at.is_(None))
        .order_by(TestItem.id)
    ).all()
    if len(bank) < 2 * data.questions:
        raise Invalid(Fault("questions", "bank_too_small", {"there": len(bank), "needed": 2 * data.questions}))
    before, after = two_sets([(item_id, level) for item_id, level in bank], data.questions)
    if data.programme_id is not None and db.session.get(Programme, data.programme_id) is None:
        raise Invalid(Fault("programme_id", "literal_error"))
    form = TestForm(
        competency_id=data.competency_id, title=data.title, before=before, after=after, after_from=data.after_from,
        closes_on=data.closes_on, programme_id=data.programme_id, made_by_id=actor.person_id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(form)
    db.session.flush()
    return form


@action
def close_form(actor: Actor, form: TestForm) -> None:
    """Close a test before its day: nobody sits it any more, and what was handed in stays."""
    ensure(may_keep_evaluation, actor)
    if lock(form).closed_at is None:
        form.closed_at = clock.now()


def two_sets(bank: list[tuple[int, int]], size: int) -> tuple[list[int], list[int]]:
    """Two sets of ``size`` questions (id, level) without one in common, whose levels differ as little as the bank allows."""
    dice = random.Random(",".join(str(item_id) for item_id, _level in bank))  # noqa: S311  nothing secret; the same bank, the same sets
    by_level: dict[int, list[int]] = defaultdict(list)
    for item_id, level in bank:
        by_level[level].append(item_id)
    pairs, single = [], []
    for level in sorted(by_level):
        ids = by_level[level]
        dice.shuffle(ids)
        pairs += [(ids[place], ids[place + 1]) for place in range(0, len(ids) - 1, 2)]
        single += ids[len(ids) - len(ids) % 2 :]
    dice.shuffle(pairs)
    pairs += [(single[place], single[place + 1]) for place in range(0, len(single) - 1, 2)]
    chosen = pairs[:size]
    return [pair[0] for pair in chosen], [pair[1] for pair in chosen]


@action
def sit_test(actor: Actor, form: TestForm, part: str, *, answers: Mapping[int, int]) -> TestSitting:
    """Hand in one part of a test; each part once, the second after the first and in its time."""
    ensure(may_sit_test, actor)
    person_id = actor.person_id or 0
    lock(db.session.get_one(Person, person_id))
    sitting = db.session.get(TestSitting, (form.id, person_id))
    if sitting is not None and getattr(sitting, part) is not None:
        raise Conflict("test_done")
    if part != part_of(form, sitting, clock.today(actor.timezone)):
        raise Conflict("test_not_open")
    questions = questions_of(set_of(form, part, person_id))
    if any(item.id not in answers for item in questions):
        raise Invalid(Fault("", "test_incomplete"))
    right = sum(answers[item.id] == item.correct for item in questions)
    kept = {str(item.id): answers[item.id] for item in questions}
    if sitting is None:
        sitting = TestSitting(form_id=form.id, person_id=person_id, most=len(questions), answers={})
        db.session.add(sitting)
    sitting.answers = {**(sitting.answers or {}), part: kept}
    if part == "before":
        sitting.before, sitting.before_at = right, clock.now()
    else:
        sitting.after, sitting.after_at = right, clock.now()
    db.session.flush()
    return sitting


@action
def add_indicator(actor: Actor, data: IndicatorInput) -> ResultIndicator:
    """Lay down what is to move, from where to where, by whose measure."""
    ensure(may_keep_evaluation, actor)
    if data.unit_id is not None and db.session.get(Unit, data.unit_id) is None:
        raise Invalid(Fault("unit_id", "literal_error"))
    row = ResultIndicator(made_by_id=actor.person_id, made_at=clock.now(), **data.model_dump())
    db.session.add(row)
    db.session.flush()
    return row


@action
def note_value(actor: Actor, indicator: ResultIndicator, data: ValueInput) -> None:
    """Write down a measurement; of one day there is one, and the later word counts."""
    ensure(may_keep_evaluation, actor)
    if not indicator.begins_on <= data.measured_on <= indicator.ends_on:
        raise Invalid(Fault("measured_on", "measured_outside"))
    values = {"value": data.value, "people": data.people, "noted_by_id": actor.person_id, "noted_at": clock.now()}
    put = insert_into(IndicatorValue).values({"indicator_id": indicator.id, "measured_on": data.measured_on} | values)
    db.session.execute(put.on_conflict_do_update(index_elements=["indicator_id", "measured_on"], set_=values))


@action
def ask_behaviour(actor: Actor, today: date) -> int:
    """Ask who learned in mentorships and coaching that ended some months ago, and their superiors, what shows; each once."""
    ensure(may_ask_behaviour, actor)
    settings = settings_now()
    edge = clock.now() - settings.asked_after
    ended = [*_ended(Mentorship, "mentorship", edge), *_ended(Engagement, "engagement", edge)]
    targets = defaultdict(list)
    for mentorship_id, competency_id in db.session.execute(
        sa.select(Target.mentorship_id, Target.competency_id)
        .where(Target.mentorship_id.in_([row.id for row in ended if isinstance(row, Mentorship)]))
        .order_by(Target.position, Target.id)
    ):
        targets[mentorship_id].append(competency_id)
    for row in ended:
        mentored = isinstance(row, Mentorship)
        person = db.session.get_one(Person, row.mentee_id if mentored else row.coachee_id)
        for side, who in (("self", person), ("superior", superior_of(person))):
            if who is None or who.state == "disabled" or person.state == "disabled":
                continue
            review = BehaviourReview(
                person_id=person.id, origin=f"{'mentorship' if mentored else 'engagement'}:{row.id}", side=side, asked_id=who.id,
                competency_ids=targets[row.id] if mentored else [], asked_at=clock.now(),
                closes_on=today + timedelta(days=settings.behaviour_open),
            )  # fmt: skip
            db.session.add(review)
            db.session.flush()
            record(BehaviourAsked(review_id=review.id, person_id=person.id, asked_id=who.id))
    return len(ended)


def _ended(pair: type[Mentorship] | type[Engagement], kind: str, edge: datetime) -> Sequence[Any]:
    asked = sa.select(BehaviourReview.origin)
    return db.session.scalars(
        sa.select(pair).where(
            pair.state == "closed",
            pair.ended_at <= edge,
            pair.ended_at > edge - ASKED_UNTIL,
            (sa.literal(f"{kind}:") + sa.cast(pair.id, sa.String)).not_in(asked),
        ).order_by(pair.id).limit(500)
    ).all()  # fmt: skip


@action
def say_behaviour(actor: Actor, review: BehaviourReview, data: BehaviourInput) -> None:
    """Say how often it shows at work; until the question closes, the later word counts."""
    ensure(may_say_behaviour, actor, review)
    if lock(review).closes_on < clock.today(actor.timezone):
        raise Conflict("test_not_open")
    review.score, review.given_at = data.score, clock.now()
