"""Reads of the evaluation: what people found, what tests gained, what shows at work, what the organisation moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from mentorlink.community.models.gatherings import Gathering
from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import (
    BehaviourReview,
    Feedback,
    GivenDeed,
    HoursEntry,
    ResultIndicator,
    TestForm,
    TestItem,
    TestSitting,
)
from mentorlink.learning.policy import may_keep_evaluation, may_react, may_say_behaviour, may_sit_test
from mentorlink.learning.queries.rights import usable
from mentorlink.learning.queries.settings import settings_now
from mentorlink.learning.rules.evaluation import Gains, Mean, gains_of, mean_of, means_by, per_person
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Meeting, MeetingAttendance, SeriesMember
from mentorlink.sessions.mentoring.models import Mentorship


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
    """The figures of a year. Who objects to being counted is in none of them."""
    if not may_keep_evaluation(actor):
        raise NotFound()
    first, last = date(year, 1, 1), date(year, 12, 31)
    said = db.session.execute(
        sa.select(Feedback.person_id, Feedback.path, Feedback.useful, Feedback.usable).where(
            Feedback.happened_on >= first, Feedback.happened_on <= last, usable("evaluation", Feedback.person_id)
        )
    ).all()
    by_path: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for person_id, path, useful, _usable in said:
        by_path[path].append((person_id, useful))
    reviews = db.session.execute(
        sa.select(BehaviourReview.side, BehaviourReview.person_id, BehaviourReview.score).where(
            BehaviourReview.asked_at >= _instant(first), BehaviourReview.asked_at < _instant(last + timedelta(days=1)),
            usable("evaluation", BehaviourReview.person_id),
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
        .options(joinedload(TestForm.competency), joinedload(TestForm.programme))
        .where(TestForm.after_from <= last, TestForm.closes_on >= first)
        .order_by(TestForm.id.desc())
        .limit(50)
    ).all()
    sittings: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(TestSitting.form_id, TestSitting.before, TestSitting.after, TestSitting.most).where(
            TestSitting.form_id.in_([form.id for form in forms]),
            TestSitting.after.is_not(None),
            usable("evaluation", TestSitting.person_id),
        )
    )
    for form_id, before, after, most in rows:
        sittings[form_id].append((before, after, most))
    limits = settings_now()
    return [(form, gains_of(sittings[form.id], low=limits.gain_low, high=limits.gain_high)) for form in forms]


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
        .where(TestForm.closes_on >= today, TestForm.closed_at.is_(None), _sat_by(actor.person_id or 0))
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


def _sat_by(person_id: int) -> sa.ColumnElement[bool]:
    """The condition that a test is for somebody: for everybody, or for the learners of a programme they learn in."""
    learning = sa.union(
        sa.select(Mentorship.programme_id).where(Mentorship.mentee_id == person_id, Mentorship.programme_id.is_not(None)),
        sa.select(Engagement.programme_id).where(Engagement.coachee_id == person_id, Engagement.programme_id.is_not(None)),
    )
    return sa.or_(TestForm.programme_id.is_(None), TestForm.programme_id.in_(learning))


def part_of(form: TestForm, sitting: TestSitting | None, today: date) -> str | None:
    """Which part of a test is open to somebody on a day."""
    if today > form.closes_on or form.closed_at is not None:
        return None
    if sitting is None or sitting.before is None:
        return "before" if today < form.after_from else None
    return "after" if sitting.after is None and today >= form.after_from else None


def test_for(actor: Actor, form_id: int) -> OpenTest:
    """One test as the actor stands in it."""
    form = db.session.scalar(sa.select(TestForm).where(TestForm.id == form_id, _sat_by(actor.person_id or 0)))
    if form is None or not may_sit_test(actor):
        raise NotFound()
    sitting = db.session.get(TestSitting, (form_id, actor.person_id))
    return OpenTest(form, sitting, part_of(form, sitting, clock.today(actor.timezone)))


def form_for(actor: Actor, form_id: int) -> TestForm:
    """One test, for who keeps the bank."""
    form = db.session.get(TestForm, form_id, options=[joinedload(TestForm.competency), joinedload(TestForm.programme)])
    if form is None or not may_keep_evaluation(actor):
        raise NotFound()
    return form


def forms_for(actor: Actor) -> Sequence[TestForm]:
    """The tests that were made last."""
    if not may_keep_evaluation(actor):
        raise NotFound()
    return db.session.scalars(
        sa.select(TestForm).options(joinedload(TestForm.competency)).order_by(TestForm.id.desc()).limit(50)
    ).all()


def set_of(form: TestForm, part: str, person_id: int) -> list[int]:
    """The questions that somebody is asked before or after.

    Every other person gets the two sets the other way round, so that one that is easier does not look like a gain.
    """
    other = (form.id + person_id) % 2 == 1
    return form.before if (part == "before") != other else form.after


def questions_of(item_ids: Sequence[int]) -> list[TestItem]:
    """Questions in the order of a form."""
    found = {item.id: item for item in db.session.scalars(sa.select(TestItem).where(TestItem.id.in_(item_ids)))}
    return [found[item_id] for item_id in item_ids if item_id in found]


@dataclass(frozen=True)
class Learned:
    """A session or an event where somebody was."""

    origin: str
    path: str
    day: date
    title: str = ""
    """Of a gathering its title, of a session whom it was with."""


def unsaid_for(actor: Actor, person: Person) -> list[Learned]:
    """Sessions and events of late of which somebody has not said how they were, newest first."""
    if not may_react(actor, person):
        raise NotFound()
    said = set(db.session.scalars(sa.select(Feedback.origin).where(Feedback.person_id == person.id)))
    return _entitled([deed for deed in _lately(person) if deed.origin not in said][:20], person)


def _entitled(deeds: list[Learned], person: Person) -> list[Learned]:
    """The same with their titles. Two queries."""
    numbers: dict[str, set[int]] = {"gathering": set(), "meeting": set()}
    for deed in deeds:
        kind, number = deed.origin.split(":")[:2]
        numbers[kind].add(int(number))
    titles = {
        f"gathering:{number}": title
        for number, title in db.session.execute(
            sa.select(Gathering.id, Gathering.title).where(Gathering.id.in_(numbers["gathering"]))
        )
    }
    others = (
        sa.select(Meeting.id, Person)
        .join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
        .join(Person, Person.id == SeriesMember.person_id)
        .where(Meeting.id.in_(numbers["meeting"]), Person.id != person.id)
        .order_by(Person.folded_name, Person.id)
    )
    for number, other in db.session.execute(others):
        key = f"meeting:{number}"
        titles[key] = f"{titles[key]}, {other.full_name}" if key in titles else other.full_name
    return [replace(deed, title=titles.get(":".join(deed.origin.split(":")[:2]), "")) for deed in deeds]


def learned_for(actor: Actor, person: Person, origin: str) -> Learned:
    """One of them, by its name."""
    found = next((deed for deed in _lately(person) if deed.origin == origin), None)
    if found is None or not may_react(actor, person):
        raise NotFound()
    return found


def _lately(person: Person) -> list[Learned]:
    """Where somebody was, whether it counted for them or not: as mentor or mentee, coach or coachee, or at a gathering.

    What was taken back, or out of the ledger because it did not take place, is not among it.
    """
    zone = ZoneInfo(person.timezone)
    since = clock.now() - timedelta(days=settings_now().reaction_days)
    away = sa.exists().where(
        MeetingAttendance.meeting_id == Meeting.id, MeetingAttendance.person_id == person.id, MeetingAttendance.state != "present"
    )
    held = (
        sa.select(Meeting.id, Meeting.starts_at, Engagement.id.is_not(None))
        .join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
        .outerjoin(Engagement, Engagement.series_id == Meeting.series_id)
        .where(
            SeriesMember.person_id == person.id, Meeting.state == "held", Meeting.starts_at >= since, Meeting.of_id.is_(None),
            sa.or_(SeriesMember.since.is_(None), Meeting.starts_at >= SeriesMember.since), ~away,
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(200)
    )  # fmt: skip
    given = (
        sa.select(GivenDeed.origin, GivenDeed.path, GivenDeed.at)
        .where(
            GivenDeed.person_id == person.id, GivenDeed.deed == "gathering_attended", GivenDeed.at >= since,
            GivenDeed.withdrawn_at.is_(None),
        )
        .order_by(GivenDeed.at.desc())
        .limit(200)
    )  # fmt: skip
    gone = set(
        db.session.scalars(
            sa.select(HoursEntry.origin).where(
                HoursEntry.person_id == person.id, HoursEntry.reason == "withdrawn", HoursEntry.happened_on >= since.date()
            )
        )
    )
    found = [
        Learned(f"meeting:{meeting_id}", "coaching" if coached else "mentoring", starts_at.astimezone(zone).date())
        for meeting_id, starts_at, coached in db.session.execute(held)
    ] + [Learned(origin, path, at.astimezone(zone).date()) for origin, path, at in db.session.execute(given)]
    return sorted((deed for deed in found if deed.origin not in gone), key=lambda deed: deed.day, reverse=True)


def behaviour_for(actor: Actor, review_id: int) -> BehaviourReview:
    """A question about what shows at work, for who is asked."""
    review = db.session.get(BehaviourReview, review_id, options=[joinedload(BehaviourReview.person)])
    if review is None or not may_say_behaviour(actor, review):
        raise NotFound()
    return review


@dataclass(frozen=True)
class Ended:
    """What a question about work looks back to: a mentorship or a coaching, with whom, and its last day."""

    coaching: bool
    helper: Person
    day: date


def ended_of(review: BehaviourReview) -> Ended:
    """The mentorship or coaching whose traces a review asks for."""
    kind, number = review.origin.split(":")
    zone = ZoneInfo(review.person.timezone)
    if kind == "mentorship":
        pair = db.session.get_one(Mentorship, int(number))
        helper_id, ended_at = pair.mentor_id, pair.ended_at
    else:
        coached = db.session.get_one(Engagement, int(number))
        helper_id, ended_at = coached.coach_id, coached.ended_at
    helper = db.session.get_one(Person, helper_id)
    return Ended(kind == "engagement", helper, (ended_at or review.asked_at).astimezone(zone).date())


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
