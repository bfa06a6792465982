"""Colleagues are asked how somebody works; what they say together is one finding of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.competencies.actions.assessments import enter_shared
from mentorlink.competencies.events import ColleaguesAsked, ColleaguesHeard, ColleaguesReminded
from mentorlink.competencies.inputs import ColleaguesInput, VoiceInput
from mentorlink.competencies.models import Competency, PeerReview, PeerVoice
from mentorlink.competencies.policy import may_answer_review, may_ask_colleagues, may_end_reviews, may_withdraw_review
from mentorlink.competencies.queries.colleagues import not_to_ask
from mentorlink.competencies.queries.needs import among, effective_standards
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.models import Block, Person

REMIND_BEFORE = timedelta(days=3)
MOST_COMPETENCIES = 12
"""A form of more than these nobody fills in for a colleague."""


@action
def ask_colleagues(actor: Actor, person: Person, data: ColleaguesInput) -> PeerReview:
    """Each of the colleagues is asked, once. The same form sent twice asks once; about one person there is one at a time."""
    ensure(may_ask_colleagues, actor, person)
    lock(person)
    if (same := _asked_by(actor, data.token)) is not None:
        return same
    wanted = settings.current()
    competencies = _asked_about(person, data.competencies)
    colleagues = _colleagues(actor, person, data.colleagues)
    instant = clock.now()
    review = PeerReview(
        person_id=person.id, asked_by_id=actor.person_id or 0, token=data.token, competency_ids=competencies, state="open",
        least=wanted.peer_least, asked_at=instant, closes_at=instant + timedelta(days=wanted.peer_days),
    )  # fmt: skip
    with or_refuse(Conflict("colleagues_asked_already")):
        db.session.add(review)
    away = _kept_away(person, colleagues)
    review.voices = [PeerVoice(person_id=each, state="declined" if each in away else "asked") for each in colleagues]
    told = tuple(sorted(set(colleagues) - away))
    record(ColleaguesAsked(review.id, person.id, actor.person_id or 0, told))
    return review


@action
def answer_review(actor: Actor, voice: PeerVoice, data: VoiceInput) -> None:
    """Say what one has seen; until the review ends the later word counts. With the last answer it ends."""
    ensure(may_answer_review, actor, voice)
    review = _open(voice)
    codes = dict(
        db.session.execute(sa.select(Competency.code, Competency.id).where(among(Competency.id, review.competency_ids))).all()
    )
    if unknown := sorted(set(data.levels) - codes.keys()):
        raise Invalid(*(Fault(f"levels.{code}", "unknown_competency") for code in unknown))
    voice.state, voice.levels = "answered", dict(data.levels)
    _end_when_all_spoke(review)


@action
def decline_review(actor: Actor, voice: PeerVoice) -> None:
    """Say that one would rather not, or cannot; nobody is told who did."""
    ensure(may_answer_review, actor, voice)
    review = _open(voice)
    voice.state, voice.levels = "declined", None
    _end_when_all_spoke(review)


@action
def withdraw_review(actor: Actor, review: PeerReview) -> None:
    """Take the question back; what was answered is gone, unread. Doing so twice is doing so once."""
    ensure(may_withdraw_review, actor, review)
    if lock(review).state == "closed":
        raise Conflict("colleagues_heard_already")
    if review.state == "open":
        _stop(review)


@action
def end_reviews(actor: Actor) -> int:
    """Remind who has not answered, and bring together what was said where the time is over; returns how many ended."""
    ensure(may_end_reviews, actor)
    instant = clock.now()
    near = sa.select(PeerReview).where(PeerReview.state == "open", PeerReview.closes_at <= instant + REMIND_BEFORE)
    ended = 0
    for review in db.session.scalars(near.order_by(PeerReview.id).with_for_update()).all():
        if review.closes_at <= instant:
            _bring_together(review)
            ended += 1
        elif review.reminded_at is None:
            review.reminded_at = instant
            silent = tuple(voice.person_id for voice in review.voices if voice.state == "asked")
            record(ColleaguesReminded(review.id, review.person_id, silent))
    return ended


def let_leaver_go(person_id: int) -> None:
    """Nobody is asked about who has left; who has left is not waited for."""
    for review in _reviews(PeerReview.person_id == person_id):
        _stop(review)
    for review in _reviews(PeerReview.voices.any(sa.and_(PeerVoice.person_id == person_id, PeerVoice.state == "asked"))):
        _excuse(review, {person_id})


def forget_views(person_id: int) -> None:
    """What the person said of others, and is still being gathered, is gone; they are not waited for."""
    for review in _reviews(PeerReview.voices.any(PeerVoice.person_id == person_id)):
        for voice in review.voices:
            if voice.person_id == person_id:
                voice.state, voice.levels = "declined", None
        _end_when_all_spoke(review)


def part(one_id: int, other_id: int) -> None:
    """Who keeps somebody away is not asked about them any more, nor the other way round."""
    for about, asked in ((one_id, other_id), (other_id, one_id)):
        for review in _reviews(PeerReview.person_id == about):
            _excuse(review, {asked})


def _reviews(condition: sa.ColumnElement[bool]) -> Sequence[PeerReview]:
    query = sa.select(PeerReview).where(PeerReview.state == "open", condition).order_by(PeerReview.id)
    return db.session.scalars(query.options(selectinload(PeerReview.voices)).with_for_update()).all()


def _excuse(review: PeerReview, colleagues: set[int]) -> None:
    for voice in review.voices:
        if voice.person_id in colleagues and voice.state == "asked":
            voice.state = "declined"
    _end_when_all_spoke(review)


def _asked_by(actor: Actor, token: str) -> PeerReview | None:
    return db.session.scalar(sa.select(PeerReview).where(PeerReview.asked_by_id == actor.person_id, PeerReview.token == token))


def _asked_about(person: Person, codes: Iterable[str]) -> list[int]:
    """Ids of the competencies, in the order of the standard; Invalid where the job does not ask for one."""
    standard = effective_standards({person.job_id: person.job.tier_id}).get(person.job_id, []) if person.job_id else []
    wanted = set(codes)
    known = {item.code: item.competency_id for item in standard}
    if unknown := sorted(wanted - known.keys()):
        raise Invalid(Fault("competencies", "unknown_competency", {"code": unknown[0]}))
    if not wanted:
        raise Invalid(Fault("competencies", "missing"))
    if len(wanted) > MOST_COMPETENCIES:
        raise Invalid(Fault("competencies", "too_many_competencies", {"most": MOST_COMPETENCIES}))
    return [item.competency_id for item in standard if item.code in wanted]


def _colleagues(actor: Actor, person: Person, ids: Iterable[int]) -> list[int]:
    """Those who may be asked, in the order of their ids; Invalid where somebody is none, or they are too few or too many."""
    wanted, limits = sorted(set(ids)), settings.current()
    there = set(db.session.scalars(sa.select(Person.id).where(among(Person.id, wanted), Person.state == "active")))
    if there != set(wanted) or there & not_to_ask(actor, person):
        raise Invalid(Fault("colleagues", "no_colleague"))
    if len(wanted) < limits.peer_least:
        raise Invalid(Fault("colleagues", "too_few_colleagues", {"least": limits.peer_least}))
    if len(wanted) > limits.peer_most:
        raise Invalid(Fault("colleagues", "too_many_colleagues", {"most": limits.peer_most}))
    return wanted


def _kept_away(person: Person, colleagues: Sequence[int]) -> set[int]:
    """Who of them keeps the person away: asked in name only, so that nobody learns of it."""
    return set(
        db.session.scalars(sa.select(Block.person_id).where(Block.blocked_id == person.id, among(Block.person_id, colleagues)))
    )


def _open(voice: PeerVoice) -> PeerReview:
    review = lock(voice.review)
    if review.state != "open" or review.closes_at <= clock.now():
        raise Conflict("colleagues_over")
    lock(voice)
    return review


def _end_when_all_spoke(review: PeerReview) -> None:
    if all(voice.state != "asked" for voice in review.voices):
        _bring_together(review)


def _bring_together(review: PeerReview) -> None:
    """One finding for each competency on which enough have spoken; then the single answers are gone."""
    said: dict[str, list[int]] = {}
    for voice in review.voices:
        for code, level in (voice.levels or {}).items():
            said.setdefault(code, []).append(level)
    ids = dict(
        db.session.execute(
            sa.select(Competency.code, Competency.id).where(among(Competency.id, review.competency_ids))
        ).all()
    )  # fmt: skip
    enough = {ids[code]: levels for code, levels in said.items() if len(levels) >= review.least and code in ids}
    review.entered = enter_shared(review.person_id, enough, origin=f"colleagues:{review.id}")
    _forget(review, "closed")
    record(ColleaguesHeard(review.id, review.person_id, review.asked_by_id, review.entered))


def _stop(review: PeerReview) -> None:
    _forget(review, "withdrawn")


def _forget(review: PeerReview, state: str) -> None:
    review.state, review.ended_at = state, clock.now()
    for voice in review.voices:
        voice.levels = None
