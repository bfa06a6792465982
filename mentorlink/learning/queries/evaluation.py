"""Reads of the evaluation: what people found, what tests gained, what shows at work, what the organisation moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import (
    BehaviourReview,
    Feedback,
    HoursEntry,
    ResultIndicator,
    TestForm,
    TestItem,
    TestSitting,
)
from mentorlink.learning.policy import may_keep_evaluation, may_react, may_say_behaviour, may_sit_test
from mentorlink.learning.queries.rights import objecting
from mentorlink.learning.rules.evaluation import Gains, Mean, gains_of, mean_of, means_by, per_person
from mentorlink.people.models import Person

REACTION_DAYS = 60
"""So long after a session or event one may say how it was."""


@dataclass(frozen=True)
class Evaluation:
    """The four levels of a year."""

    useful: Mean | None
    """Of people: each counts once, with the mean of what they said."""
    usable: Mean | None
    answers: int
    by_path: dict[str, Mean | None]
    tests: list[tuple[TestForm, Gains]]
    behaviour: dict[str, Mean | None]
    asked: int
    told: int
    indicators: Sequence[ResultIndicator]


def evaluation_for(actor: Actor, year: int) -> Evaluation:
    """The figures of a year. Who said no to being counted is in none of them."""
    if not may_keep_evaluation(actor):
        raise NotFound()
    first, last = date(year, 1, 1), date(year, 12, 31)
    said = db.session.execute(
        sa.select(Feedback.person_id, Feedback.path, Feedback.useful, Feedback.usable).where(
            Feedback.happened_on >= first, Feedback.happened_on <= last, Feedback.person_id.not_in(objecting("evaluation"))
        )
    ).all()
    by_path: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for person_id, path, useful, _usable in said:
        by_path[path].append((person_id, useful))
    reviews = db.session.execute(
        sa.select(BehaviourReview.side, BehaviourReview.person_id, BehaviourReview.score).where(
            BehaviourReview.asked_at >= _instant(first), BehaviourReview.asked_at < _instant(last + timedelta(days=1)),
            BehaviourReview.person_id.not_in(objecting("evaluation")),
        )
    ).all()  # fmt: skip
    return Evaluation(
        useful=mean_of(per_person((row.person_id, row.useful) for row in said), bounds=(1, 5)),
        usable=mean_of(per_person((row.person_id, row.usable) for row in said), bounds=(1, 5)),
        answers=len(said),
        by_path=means_by({path: per_person(answers) for path, answers in by_path.items()}, bounds=(1, 5)),
        tests=_tests(first, last),
        behaviour={
            side: mean_of(
                per_person((who, score) for which, who, score in reviews if which == side and score is not None), bounds=(1, 5)
            )
            for side in ("self", "superior")
        },
        asked=len(reviews),
        told=sum(score is not None for _side, _who, score in reviews),
        indicators=db.session.scalars(
            sa.select(ResultIndicator)
            .options(selectinload(ResultIndicator.values), joinedload(ResultIndicator.unit))
            .where(ResultIndicator.begins_on <= last, ResultIndicator.ends_on >= first)
            .order_by(ResultIndicator.id)
        ).all(),
    )


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _tests(first: date, last: date) -> list[tuple[TestForm, Gains]]:
    forms = db.session.scalars(
        sa.select(TestForm)
        .options(joinedload(TestForm.competency))
        .where(TestForm.after_from <= last, TestForm.closes_on >= first)
        .order_by(TestForm.id.desc())
        .limit(50)
    ).all()
    sittings: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(TestSitting.form_id, TestSitting.before, TestSitting.after, TestSitting.most).where(
            TestSitting.form_id.in_([form.id for form in forms]),
            TestSitting.after.is_not(None),
            TestSitting.person_id.not_in(objecting("evaluation")),
        )
    )
    for form_id, before, after, most in rows:
        sittings[form_id].append((before, after, most))
    return [(form, gains_of(sittings[form.id])) for form in forms]


def items_for(actor: Actor) -> Sequence[TestItem]:
    """The item bank with its right answers, for who keeps it."""
    if not may_keep_evaluation(actor):
        raise NotFound()
    return db.session.scalars(
        sa.select(TestItem)
        .join(Competency)
        .options(joinedload(TestItem.competency))
        .where(TestItem.retired_at.is_(None))
        .order_by(Competency.code, TestItem.level, TestItem.id)
        .limit(500)
    ).all()


def item_for(actor: Actor, item_id: int) -> TestItem:
    """One question, for who keeps the bank."""
    item = db.session.get(TestItem, item_id)
    if item is None or not may_keep_evaluation(actor):
        raise NotFound()
    return item


def indicator_for(actor: Actor, indicator_id: int) -> ResultIndicator:
    """One indicator."""
    indicator = db.session.get(ResultIndicator, indicator_id, options=[selectinload(ResultIndicator.values)])
    if indicator is None or not may_keep_evaluation(actor):
        raise NotFound()
    return indicator


@dataclass(frozen=True)
class OpenTest:
    """A test that somebody may sit now, or has sat."""

    form: TestForm
    sitting: TestSitting | None
    part: str | None
    """``before`` or ``after``: which one is open to them now; None when neither is."""


def open_tests_for(actor: Actor) -> list[OpenTest]:
    """Tests of today, and where the actor is in each."""
    if not may_sit_test(actor):
        raise NotFound()
    today = clock.today(actor.timezone)
    forms = db.session.scalars(
        sa.select(TestForm)
        .options(joinedload(TestForm.competency))
        .where(TestForm.closes_on >= today)
        .order_by(TestForm.closes_on, TestForm.id)
        .limit(50)
    ).all()
    mine = {
        row.form_id: row
        for row in db.session.scalars(
            sa.select(TestSitting).where(
                TestSitting.person_id == actor.person_id, TestSitting.form_id.in_([form.id for form in forms])
            )
        )
    }
    return [OpenTest(form, mine.get(form.id), part_of(form, mine.get(form.id), today)) for form in forms]


def part_of(form: TestForm, sitting: TestSitting | None, today: date) -> str | None:
    """Which part of a test is open to somebody on a day."""
    if today > form.closes_on:
        return None
    if sitting is None or sitting.before is None:
        return "before" if today < form.after_from else None
    return "after" if sitting.after is None and today >= form.after_from else None


def test_for(actor: Actor, form_id: int) -> OpenTest:
    """One test as the actor stands in it."""
    form = db.session.get(TestForm, form_id)
    if form is None or not may_sit_test(actor):
        raise NotFound()
    sitting = db.session.get(TestSitting, (form_id, actor.person_id))
    return OpenTest(form, sitting, part_of(form, sitting, clock.today(actor.timezone)))


def questions_of(item_ids: Sequence[int]) -> list[TestItem]:
    """Questions in the order of a form."""
    found = {item.id: item for item in db.session.scalars(sa.select(TestItem).where(TestItem.id.in_(item_ids)))}
    return [found[item_id] for item_id in item_ids if item_id in found]


def unsaid_for(actor: Actor, person: Person) -> list[HoursEntry]:
    """Sessions and events of late of which somebody has not said how they were, newest first."""
    if not may_react(actor, person):
        raise NotFound()
    since = clock.today(person.timezone) - timedelta(days=REACTION_DAYS)
    said = sa.select(Feedback.origin).where(Feedback.person_id == person.id)
    query = (
        sa.select(HoursEntry)
        .options(joinedload(HoursEntry.rule))
        .where(
            HoursEntry.person_id == person.id,
            HoursEntry.turn == 0,
            HoursEntry.happened_on >= since,
            sa.or_(HoursEntry.origin.startswith("meeting:"), HoursEntry.origin.startswith("gathering:")),
            HoursEntry.origin.not_in(said),
        )
        .order_by(HoursEntry.happened_on.desc(), HoursEntry.id.desc())
        .limit(20)
    )
    return list(db.session.scalars(query))


def learned_for(actor: Actor, person: Person, entry_id: int) -> HoursEntry:
    """A deed of one's own, of which one may say how it was."""
    entry = db.session.get(HoursEntry, entry_id)
    if entry is None or not may_react(actor, person) or entry.person_id != person.id or entry.turn:
        raise NotFound()
    return entry


def behaviour_for(actor: Actor, review_id: int) -> BehaviourReview:
    """A question about what shows at work, for who is asked."""
    review = db.session.get(BehaviourReview, review_id, options=[joinedload(BehaviourReview.person)])
    if review is None or not may_say_behaviour(actor, review):
        raise NotFound()
    return review


def waiting_behaviour_for(actor: Actor) -> Sequence[BehaviourReview]:
    """Questions that wait for the actor."""
    return db.session.scalars(
        sa.select(BehaviourReview)
        .options(joinedload(BehaviourReview.person))
        .where(
            BehaviourReview.asked_id == actor.person_id,
            BehaviourReview.given_at.is_(None),
            BehaviourReview.closes_on >= clock.today(actor.timezone),
        )
        .order_by(BehaviourReview.closes_on, BehaviourReview.id)
        .limit(50)
    ).all()


def competency_names(ids: Sequence[int]) -> list[dict[str, str]]:
    """Names of competencies, in order of their codes."""
    return list(db.session.scalars(sa.select(Competency.name).where(Competency.id.in_(ids)).order_by(Competency.code)))


def competency_choices() -> list[tuple[int, str, dict[str, str]]]:
    """Every competency in use: id, code, name."""
    rows = db.session.execute(
        sa.select(Competency.id, Competency.code, Competency.name)
        .where(Competency.retired_at.is_(None))
        .order_by(Competency.framework_id, Competency.position, Competency.id)
    )
    return [(number, code, name) for number, code, name in rows]
