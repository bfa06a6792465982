"""Acts of a mentorship in one line each, for tests that need a pair somewhere on its way."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.actions import accept_request, open_offer, send_request
from mentorlink.pairing.inputs import AskInput, OfferInput
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.actions import log_meeting
from mentorlink.sessions.meetings.inputs import MeetingLog
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring import actions as mentoring
from mentorlink.sessions.mentoring import inputs as said
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import targets_for
from tests.cast import Cast


def offer(cast: Cast, mentor: Person, *, places: int = 2) -> Offer:
    """The mentor offers places."""
    return open_offer(cast.actor(mentor), "mentor", OfferInput(capacity=places))


def request(cast: Cast, mentee: Person, offered: Offer, *codes: str) -> Request:
    """The mentee asks."""
    data = AskInput(client_id=uuid.uuid4().hex, message="I would like to learn from you, please.", competencies=codes)
    return send_request(cast.actor(mentee), offered, data)


def pair(
    cast: Cast, *, mentor: Person | None = None, mentee: Person | None = None, codes: tuple[str, ...] = ("T.1",)
) -> Mentorship:
    """The two are a pair, in the first stage."""
    mentor, mentee = mentor or cast.mentor, mentee or cast.mentee
    asked = request(cast, mentee, offer(cast, mentor), *codes)
    accepted = accept_request(cast.actor(mentor), asked)
    return db.session.get_one(Mentorship, accepted.mentorship_id)


def met(cast: Cast, mentorship: Mentorship, *, when: datetime | None = None, minutes: int = 60) -> Meeting:
    """They talked (an hour ago, unless said otherwise) and wrote it down; after a talk that one of them had with others then."""
    mentee = db.session.get_one(Person, mentorship.mentee_id)
    for turn in range(40):
        later = timedelta(minutes=turn * minutes)
        local = ((when or clock.now() - timedelta(hours=1)) + later).astimezone(ZoneInfo("Asia/Jakarta"))
        data = MeetingLog(day=local.date(), at=local.time().replace(microsecond=0), minutes=minutes, summary="We talked.")
        with clock.at(clock.now() + later), suppress(Conflict):
            return log_meeting(cast.actor(mentee), mentorship.series, data)
    raise AssertionError("they talk all day")


def walk(cast: Cast, mentorship: Mentorship, *, after_level: int = 2) -> Mentorship:
    """Both go through all four stages and close, within a day."""
    mentor, mentee = (cast.actor(db.session.get_one(Person, number)) for number in mentorship.person_ids)
    began = clock.now()
    with clock.at(began + timedelta(hours=1)):
        agree(mentor, mentee, mentorship)
    with clock.at(began + timedelta(hours=3)):
        met(cast, mentorship)
        set_goals(mentor, mentee, mentorship, after_level)
    with clock.at(began + timedelta(hours=5)):
        mentoring.raise_issue(mentee, mentorship, said.IssueRaised(kind="general", text="Data come late."))
        item = mentoring.add_roadmap_item(mentee, mentorship, said.RoadmapStep(text="Ask for the data.", due_on=clock.today()))
        met(cast, mentorship)
    with clock.at(began + timedelta(hours=8)):
        met(cast, mentorship)
        mentoring.set_roadmap_state(mentee, item, said.RoadmapState(state="done"))
        for actor in (mentor, mentee):
            mentoring.accept_goals(actor, mentorship, said.SignedVersion(number=mentorship.goals_revision))
        mentoring.advance_stage(mentor, mentorship, said.StepInput(stage="collaborative"))
    with clock.at(began + timedelta(hours=9)):
        close(mentor, mentee, mentorship, after_level)
    return mentorship


def agree(mentor: Actor, mentee: Actor, mentorship: Mentorship) -> None:
    """An agreement, signed by both; on to the second stage."""
    today = clock.today()
    draft = said.AgreementDraft(
        starts_on=today, ends_on=today + timedelta(days=90), frequency="monthly", mode="video", topics_in="Budget.",
        confidentiality="Between us.", ending="Either may end it.",
    )  # fmt: skip
    version = mentoring.propose_agreement(mentor, mentorship, draft)
    for actor in (mentor, mentee):
        mentoring.sign_agreement(actor, mentorship, said.SignedVersion(number=version.number))
    mentoring.advance_stage(mentor, mentorship, said.StepInput(stage="prescriptive"))


def set_goals(mentor: Actor, mentee: Actor, mentorship: Mentorship, level: int) -> None:
    """Goals, accepted by both; on to the third stage."""
    targets = tuple(
        said.TargetDraft(competency_id=target.competency_id, target=level, indicator="We both see it.")
        for target in targets_for(mentee, mentorship)
    )
    goals = mentoring.change_goals(mentee, mentorship, said.GoalsDraft(purpose="Better budgets.", targets=targets))
    for actor in (mentor, mentee):
        mentoring.accept_goals(actor, mentorship, said.SignedVersion(number=goals.number))
    mentoring.advance_stage(mentee, mentorship, said.StepInput(stage="persuasive"))


def close(mentor: Actor, mentee: Actor, mentorship: Mentorship, level: int) -> None:
    """Reflections, levels, direction and evaluations of both, then the end."""
    levels = said.AfterLevels(levels={target.id: level for target in targets_for(mentee, mentorship)})
    for actor in (mentor, mentee):
        mentoring.write_reflection(actor, mentorship, said.ReflectionText(changed="Much.", helped="Talking."))
        mentoring.say_after_levels(actor, mentorship, levels)
    mentoring.name_direction(mentee, mentorship, said.DirectionText(text="Onwards."))
    for actor in (mentor, mentee):
        mentoring.give_evaluation(actor, mentorship, said.EvaluationAnswers(useful=5, trust=5, time=4))
    mentoring.close_mentorship(mentor, mentorship, said.StepInput(stage="confirmative"))
