"""Use cases of care."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db, insert_into, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people.actions import record_audit
from mentorlink.people.models import Person, RoleGrant
from mentorlink.people.queries import superior_of
from mentorlink.sessions.care import rules
from mentorlink.sessions.care.events import (
    ClosingAnnounced,
    CoachingClosingAnnounced,
    CoachingSilenceNoticed,
    ConcernAnswered,
    ConcernRaised,
    OpeningAsked,
    OpeningDecided,
    SilenceNoticed,
    ThanksPassedOn,
    ThanksSent,
)
from mentorlink.sessions.care.inputs import AnswerText, ConcernText, OpeningReason, SafePersonChoice, ThanksText
from mentorlink.sessions.care.models import Concern, EngagementSilence, Opening, SafePerson, Silence, Thanks
from mentorlink.sessions.care.policy import (
    may_answer_concern,
    may_ask_opening,
    may_decide_opening,
    may_name_safe_people,
    may_pass_thanks_on,
    may_raise_concern,
    may_read_opened,
    may_send_thanks,
    may_watch_silence,
)
from mentorlink.sessions.care.queries import Opened, last_signs, last_signs_of_coaching, opened_for, safe_people
from mentorlink.sessions.coaching.actions import end_engagement_for_silence
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.coaching.queries import facts_of as coaching_facts
from mentorlink.sessions.coaching.rules import turn as coaching_turn
from mentorlink.sessions.meetings.models import Series
from mentorlink.sessions.mentoring.actions import end_for_silence
from mentorlink.sessions.mentoring.events import SuperiorWanted
from mentorlink.sessions.mentoring.models import Mentorship, SuperiorWord
from mentorlink.sessions.mentoring.queries import facts_of
from mentorlink.sessions.mentoring.rules import gate, turn

OPEN_FOR = timedelta(hours=24)


@action
def watch_pair(actor: Actor, mentorship: Mentorship) -> str:
    """Look at one pair that may be quiet, and do the one thing that is due: nothing, a reminder, an announcement, the end.

    While only the superior's word is missing the two are not quiet: the superior is reminded instead.
    """
    ensure(may_watch_silence, actor)
    lock(mentorship)
    watch = db.session.get(Silence, mentorship.id, with_for_update=True)
    last = last_signs([mentorship])[mentorship.id]
    if watch is None:
        watch = Silence(mentorship_id=mentorship.id, since=last, step=0)
        db.session.add(watch)
    if mentorship.state != "active":
        return _let_be(watch)
    sides = turn(gate(mentorship.stage, facts_of([mentorship])[mentorship.id]))
    pair = (mentorship.id, mentorship.mentor_id, mentorship.mentee_id)
    if not sides:
        return _wait_for_superior(watch, pair, last)
    deed = _look(watch, last)
    if deed == "remind":
        whose = tuple(id_ for id_ in mentorship.person_ids if mentorship.side_of(id_) in sides)
        record(SilenceNoticed(*pair, person_ids=whose, days=(clock.now() - last).days))
    elif deed == "announce":
        record(ClosingAnnounced(*pair, closes_on=_day(watch.closes_at)))
    elif deed == "close":
        end_for_silence(actor, mentorship)
    return deed


@action
def watch_coaching(actor: Actor, engagement: Engagement) -> str:
    """The same for a coaching, the first talk included."""
    ensure(may_watch_silence, actor)
    lock(engagement)
    watch = db.session.get(EngagementSilence, engagement.id, with_for_update=True)
    last = last_signs_of_coaching([engagement])[engagement.id]
    if watch is None:
        watch = EngagementSilence(engagement_id=engagement.id, since=last, step=0)
        db.session.add(watch)
    if not engagement.is_open or engagement.paused_until is not None:
        return _let_be(watch)
    deed = _look(watch, last)
    two = (engagement.id, engagement.coach_id, engagement.coachee_id)
    if deed == "remind":
        sides = coaching_turn(engagement.state, coaching_facts([engagement])[engagement.id])
        whose = tuple(id_ for id_ in engagement.person_ids if engagement.side_of(id_) in sides) or engagement.person_ids
        record(CoachingSilenceNoticed(*two, person_ids=whose, days=(clock.now() - last).days))
    elif deed == "announce":
        record(CoachingClosingAnnounced(*two, closes_on=_day(watch.closes_at)))
    elif deed == "close":
        end_engagement_for_silence(actor, engagement)
    return deed


def _let_be(watch: Silence | EngagementSilence) -> str:
    watch.due_at, watch.closes_at, watch.step = None, None, 0
    return "wait"


def _look(watch: Silence | EngagementSilence, last: datetime) -> str:
    limits = settings.current()
    found = rules.look(
        clock.now(), last, watch.since, watch.step, watch.closes_at,
        every=limits.silence_days, notice=limits.silence_notice_days,
    )  # fmt: skip
    watch.since, watch.step, watch.due_at, watch.closes_at = last, found.step, found.due_at, found.closes_at
    if found.deed == "close":
        watch.due_at = None
    return found.deed


def _wait_for_superior(watch: Silence, pair: tuple[int, int, int], last: datetime) -> str:
    every = timedelta(days=settings.current().silence_days)
    word = db.session.get(SuperiorWord, pair[0])
    since = max(last, watch.since)
    watch.step, watch.closes_at, watch.since, watch.due_at = 0, None, since, since + every
    if word is None or clock.now() < since + every:
        return "wait"
    watch.since, watch.due_at = clock.now(), clock.now() + every
    record(SuperiorWanted(*pair, superior_id=word.superior_id))
    return "wait"


def _day(moment: datetime | None) -> str:
    return moment.astimezone(clock.zone()).date().isoformat() if moment is not None else ""


@action
def send_thanks(actor: Actor, series: Series, data: ThanksText) -> Thanks:
    """Thank somebody one meets; once, and it stays as it was said."""
    ensure(may_send_thanks, actor, series, data.to_id)
    thanks = Thanks(
        series_id=series.id, from_id=actor.person_id, to_id=data.to_id, text=data.text, may_pass_on=data.may_pass_on,
        sent_at=clock.now(),
    )  # fmt: skip
    with or_refuse(Conflict("already_thanked")):
        db.session.add(thanks)
    record(ThanksSent(thanks.id, thanks.from_id, thanks.to_id))
    return thanks


@action
def pass_thanks_on(actor: Actor, thanks: Thanks) -> Thanks:
    """Let one's superior read thanks, where the writer consents. Passed on twice it is passed on once."""
    ensure(may_pass_thanks_on, actor, thanks)
    if lock(thanks).passed_to_id is not None:
        return thanks
    superior = superior_of(db.session.get_one(Person, actor.person_id))
    if superior is None:
        raise Conflict("no_superior")
    thanks.passed_to_id, thanks.passed_at = superior.id, clock.now()
    record(ThanksPassedOn(thanks.id, thanks.to_id, superior.id))
    return thanks


@action
def name_safe_person(actor: Actor, data: SafePersonChoice) -> SafePerson:
    """Let people turn to somebody with a concern. Named twice they are named once."""
    ensure(may_name_safe_people, actor)
    person = db.session.get(Person, data.person_id)
    if person is None or person.state != "active":
        raise Invalid(Fault("person_id", "unknown_person"))
    put = insert_into(SafePerson).values(person_id=person.id, named_by_id=actor.person_id, named_at=clock.now())
    if db.session.scalar(put.on_conflict_do_nothing().returning(SafePerson.person_id)) is not None:
        record_audit(actor, "safe_person_named", "person", person.id)
    return db.session.get_one(SafePerson, person.id)


@action
def drop_safe_person(actor: Actor, data: SafePersonChoice) -> None:
    """Let nobody turn to them any more; what they were told stays with them."""
    ensure(may_name_safe_people, actor)
    there = db.session.get(SafePerson, data.person_id)
    if there is not None:
        db.session.delete(there)
        record_audit(actor, "safe_person_dropped", "person", data.person_id)


@action
def raise_concern(actor: Actor, series: Series, data: ConcernText) -> Concern:
    """Tell a safe person what weighs. The other of the pair is told nothing, here or anywhere."""
    ensure(may_raise_concern, actor, series)
    if data.to_id not in {person.id for person in safe_people(actor, series)}:
        raise Invalid(Fault("to_id", "not_a_safe_person"))
    concern = Concern(series_id=series.id, raised_by_id=actor.person_id, to_id=data.to_id, text=data.text, raised_at=clock.now())
    db.session.add(concern)
    db.session.flush()
    record(ConcernRaised(concern.id, concern.to_id))
    return concern


@action
def answer_concern(actor: Actor, concern: Concern, data: AnswerText) -> Concern:
    """Answer who turned to one."""
    ensure(may_answer_concern, actor, concern)
    if lock(concern).state == "closed":
        raise Conflict("concern_closed")
    concern.answer, concern.answered_at, concern.state = data.text, clock.now(), "heard"
    record(ConcernAnswered(concern.id, concern.raised_by_id, concern.to_id))
    return concern


@action
def close_concern(actor: Actor, concern: Concern) -> Concern:
    """Say that it has been taken care of."""
    ensure(may_answer_concern, actor, concern)
    if lock(concern).state != "closed":
        concern.state, concern.closed_at = "closed", clock.now()
    return concern


@action
def ask_opening(actor: Actor, series: Series, data: OpeningReason) -> Opening:
    """Ask that a pair's content be opened, with a reason. Nothing is opened by it: a second person decides."""
    ensure(may_ask_opening, actor, series)
    opening = Opening(series_id=series.id, asked_by_id=actor.person_id, reason=data.reason, asked_at=clock.now())
    with or_refuse(Conflict("opening_asked")):
        db.session.add(opening)
    record_audit(actor, "opening_asked", "opening", opening.id, series=series.id)
    members = {member.person_id for member in series.members}
    record(OpeningAsked(opening.id, opening.asked_by_id, tuple(sorted(_deciders() - members - {opening.asked_by_id}))))
    return opening


@action
def decide_opening(actor: Actor, opening: Opening, series: Series, *, agreed: bool) -> Opening:
    """Agree, and the content is open to who asked for a day and the pair is told; or refuse."""
    ensure(may_decide_opening, actor, opening, series)
    if lock(opening).state != "asked":
        raise Conflict("opening_decided")
    opening.state, opening.decided_by_id, opening.decided_at = "agreed" if agreed else "refused", actor.person_id, clock.now()
    opening.until = clock.now() + OPEN_FOR if agreed else None
    record_audit(actor, "opening_agreed" if agreed else "opening_refused", "opening", opening.id, series=series.id)
    members = tuple(sorted(member.person_id for member in series.members))
    record(OpeningDecided(opening.id, opening.asked_by_id, opening.decided_by_id or 0, members, agreed))
    return opening


@action
def read_opened(actor: Actor, opening: Opening) -> Opened:
    """Read what was opened; each reading is written into the record."""
    ensure(may_read_opened, actor, opening)
    record_audit(actor, "opening_read", "opening", opening.id, series=opening.series_id)
    return opened_for(actor, opening)


def _deciders() -> set[int]:
    grants = sa.select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    roles = (str(Role.MANAGER), str(Role.ADMINISTRATOR))
    return set(db.session.scalars(grants.where(RoleGrant.role.in_(roles), RoleGrant.unit_id.is_(None), Person.state == "active")))
