"""Coaching in four places on its way: a first talk, just begun with a superior asked, under way, closed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People, content
from mentorlink.cli.demo.pairs import at, free_moment
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.actions import accept_request, send_request
from mentorlink.pairing.inputs import AskInput
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.coaching import actions as coaching
from mentorlink.sessions.coaching import inputs as said
from mentorlink.sessions.coaching.models import Commitment, Engagement
from mentorlink.sessions.meetings.actions import log_meeting, plan_meeting
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingPlan
from mentorlink.sessions.meetings.models import Meeting


def make(people: People) -> None:
    """Let the coach of the cast have four coachees; the closed one's place is free again."""
    texts = content("coaching")
    coach = people.cast["coach"]
    taken = set(people.cast.values()) | set(db.session.scalars(sa.select(Request.person_id)))
    free = [person_id for person_id in people.everyone if person_id not in taken]
    unit = db.session.scalars(sa.select(Unit.id).where(Unit.code == "KOM.IKP")).one()
    colleagues = set(db.session.scalars(sa.select(Person.id).where(Person.unit_id == unit)))
    colleague = next(person_id for person_id in free if person_id in colleagues)
    others = iter(person_id for person_id in free if person_id not in colleagues)
    Way(people, coach, next(others), texts["closed"], 190).go("closed")
    Way(people, coach, people.cast["facilitator"], texts["under_way"], 62).go("under_way")
    Way(people, coach, colleague, texts["begun"], 9).go("begun")
    Way(people, coach, next(others), texts["conversation"], 3).go("conversation")


class Way:
    """A coach and a coachee, act by act; ``days`` counts down to today."""

    def __init__(self, people: People, coach: int, coachee: int, texts: dict[str, Any], days: float) -> None:
        self.coach, self.coachee = people.actor(coach), people.actor(coachee)
        self.texts, self.days = texts, days
        offer = db.session.scalars(sa.select(Offer).where(Offer.person_id == coach, Offer.kind == "coach")).one()
        form = str(uuid.uuid5(uuid.NAMESPACE_OID, texts["request"]))
        with clock.at(at(days + 2, 9)):
            request = send_request(self.coachee, offer, AskInput(client_id=form, message=texts["request"]))
        with clock.at(at(days, 10)):
            self.id = accept_request(self.coach, request).engagement_id

    @property
    def row(self) -> Engagement:
        """The engagement, fresh."""
        return db.session.get_one(Engagement, self.id)

    def go(self, until: str) -> None:
        """As far as ``until``."""
        if until == "conversation":
            self._plan(3)
            return
        self._begin()
        if until == "begun":
            with clock.at(at(2, 11)):
                coaching.ask_superior(self.coachee, self.row, said.QuestionText(text=self.texts["question"]))
            self._plan(5)
            return
        self._work()
        if until == "closed":
            self._close()
        else:
            self._plan(4)

    def _begin(self) -> None:
        self._talk(1, self.texts["talk"])
        with clock.at(at(self._on(1), 14)):
            for actor in (self.coachee, self.coach):
                coaching.say_yes(actor, self.row)
        with clock.at(at(self._on(1), 9)):
            self._goal(self.texts["goal"])
        if "coach_before" in self.texts:
            with clock.at(at(self._on(1), 15)):
                self._number(self.coach, "before", self.texts["coach_before"])

    def _work(self) -> None:
        for number, sheet in enumerate(self.texts["sheets"]):
            meeting = self._talk(9, sheet["summary"])
            with clock.at(at(self.days, 14)):
                commitment = self._sheet(meeting, sheet)
            with clock.at(at(self._on(7), 8)):
                word = said.CheckInSaid(answer=sheet["answer"], line=sheet["line"])
                coaching.check_in(self.coachee, commitment, word)
            if number == 0:
                with clock.at(at(self._on(5), 9)):
                    self._midway()

    def _sheet(self, meeting: Meeting, sheet: dict[str, Any]) -> Commitment:
        names = ("goal", "reality", "barriers", "barrier_words", "opportunities", "opportunity_words")
        data = said.SheetText(options="\n".join(sheet["options"]), **{name: sheet[name] for name in names})
        coaching.save_sheet(self.coachee, self.row, meeting, data)
        due = clock.today() + timedelta(days=max(7, int(self.days)) if sheet["answer"] != "done" else 7)
        promise = said.CommitmentText(text=sheet["commitment"], due_on=due)
        return coaching.commit(self.coachee, self.row, meeting, promise)

    def _midway(self) -> None:
        if "reworded" in self.texts:
            self._goal(self.texts["goal"] | {"text": self.texts["reworded"], "now": self.texts["midway"][0]})
        for actor, number in zip((self.coachee, self.coach), self.texts["midway"], strict=True):
            self._number(actor, "midway", number)

    def _close(self) -> None:
        self._talk(14, self.texts["sheets"][-1]["summary"])
        with clock.at(at(self._on(2), 10)):
            for actor, number in zip((self.coachee, self.coach), self.texts["after"], strict=True):
                self._number(actor, "after", number)
            for actor, side in ((self.coachee, "coachee"), (self.coach, "coach")):
                coaching.write_review(actor, self.row, said.ReviewText(**self.texts["reviews"][side]))
            coaching.close_engagement(self.coachee, self.row)

    def _goal(self, words: dict[str, Any]) -> None:
        by_on = clock.today() + timedelta(days=90)
        coaching.write_goal(self.coachee, self.row, said.GoalDraft(**words, by_on=by_on, based_on=self.row.goal_number))

    def _number(self, actor: Actor, moment: str, value: int) -> None:
        coaching.scale_goal(actor, self.row, said.ScaleSaid.model_validate({"moment": moment, "value": value}))

    def _talk(self, days: float, summary: str) -> Meeting:
        when = free_moment(at(self._on(days), 10), 45, self.row.person_ids)
        with clock.at(when + timedelta(hours=2)):
            local = when.astimezone(ZoneInfo(self.coachee.timezone))
            log = MeetingLog(day=local.date(), at=local.time(), minutes=45, mode="video", summary=summary)
            return log_meeting(self.coachee, self.row.series, log)

    def _plan(self, ahead: int) -> None:
        day = clock.today("Asia/Makassar") + timedelta(days=ahead)
        while day.weekday() > 4:
            day += timedelta(days=1)
        with clock.at(at(1, 9)):
            for begin in ("09:30", "10:30", "13:30", "14:30", "15:30"):
                plan = MeetingPlan.model_validate({"day": day, "at": begin, "minutes": 45, "mode": "video"})
                try:
                    plan_meeting(self.coach, self.row.series, plan)
                    return
                except Conflict:  # one of the two meets somebody else then
                    continue

    def _on(self, days: float) -> float:
        self.days = max(1.0, self.days - days)
        return self.days
