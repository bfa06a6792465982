"""A small world in which every address with an id or a code in it leads somewhere.

The mentee and the mentor are a pair on its way and meet in a community that one sees by invitation alone; the applicant has
asked the mentor; the graduate has been through all of it.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.community import actions as community
from mentorlink.community.actions import decisions, gatherings, knowledge, lives, safety
from mentorlink.community.inputs import InvitationInput
from mentorlink.community.inputs import Upload as FileUpload
from mentorlink.community.inputs.decisions import DecisionInput
from mentorlink.community.inputs.gatherings import FollowUpInput, GatheringInput, PointInput
from mentorlink.community.inputs.knowledge import MaterialInput, QuestionInput
from mentorlink.community.inputs.lives import MeasureInput, PromiseInput
from mentorlink.community.inputs.safety import GlassInput, ReasonInput, ReportInput
from mentorlink.community.models import Entry
from mentorlink.community.models.knowledge import HelpAsked
from mentorlink.community.models.lives import Promise as Promised
from mentorlink.community.models.safety import ModerationAct, Report
from mentorlink.community.queries import message_for, topic_for
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.competencies import actions as competencies
from mentorlink.competencies.inputs import ColleaguesInput, VoiceInput
from mentorlink.competencies.models import Edition
from mentorlink.competencies.queries import voice_for
from mentorlink.exchange.actions import bring_file
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.inputs import read
from mentorlink.learning import actions as learning
from mentorlink.learning.actions import load_hours_rule
from mentorlink.learning.inputs import (
    ClaimInput,
    ConsentInput,
    DataRequestInput,
    FormInput,
    IndicatorInput,
    ItemInput,
    LineInput,
    PeriodInput,
    Upload,
)
from mentorlink.learning.models import BehaviourReview, Certificate, HoursEntry
from mentorlink.notifications.models import Notice, PushDevice
from mentorlink.pairing.actions import accept_request, choose_finding, give_places, invite_mentee, join_line
from mentorlink.pairing.inputs import ChoicesInput, InviteInput, WaitInput
from mentorlink.people.models import Person, RoleGrant, SignIn
from mentorlink.programmes.actions import make_default_programme
from mentorlink.programmes.models import Programme
from mentorlink.rounds import actions as rounds
from mentorlink.rounds.inputs import EnrolInput, OpenInput, QuotaInput, RoundInput
from mentorlink.rounds.models import Proposal
from mentorlink.rounds.queries import group_choices
from mentorlink.sessions.care import actions as care
from mentorlink.sessions.care.inputs import ConcernText, OpeningReason, SafePersonChoice, ThanksText
from mentorlink.sessions.coaching import actions as coaching
from mentorlink.sessions.coaching.inputs import QuestionText
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import AgendaText, CalendarAddress, ExceptionInput, MeetingPlan, PrivateText, Promise
from mentorlink.sessions.mentoring import actions as mentoring
from mentorlink.sessions.mentoring import inputs as said
from mentorlink.sessions.mentoring.groups import actions as groups
from mentorlink.sessions.mentoring.groups.inputs import GroupInput, Invited
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import targets_for
from tests import story
from tests.cast import Cast
from tests.coaching.two import Two
from tests.community.talk import Talk
from tests.exchange.files import csv_bytes
from tests.pairing.history import a_model

NEVER = 987_654_321
"""An id that never was."""

SECRET = "Kerahasiaan-7Q"
"""Stands in every text that two people or a community keep to themselves."""

PRIVATE = "Sendiri-8K"
"""Stands in what the mentee wrote for nobody else."""


class World:
    """Things by the name that addresses call their ids."""

    def __init__(self, cast: Cast, ids: dict[str, Any] | None = None) -> None:
        """Make everything; with ``ids`` it stands there already."""
        self.cast = cast
        self.mentor, self.mentee = cast.mentor, cast.mentee
        self.others = cast.stranger, cast.coordinator, cast.administrator
        self.applicant = cast.person("applicant", cast.budget, levels=(1, 1, 1))
        self.graduate = cast.person("graduate", cast.budget, levels=(1, 2, 2))
        self.invited = cast.person("invited", cast.budget)
        self.seeker = cast.person("seeker", cast.budget, levels=(1, 1, 1))
        self.ids: dict[str, Any] = ids or self._make()

    def _make(self) -> dict[str, Any]:
        cast = self.cast
        load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
        cast.add(Edition(framework_id=cast.competencies[0].framework_id, number=1, content=[], published_at=clock.now()))
        programme = make_default_programme(Actor.system())
        pair, offer = self._pair()
        talk = Talk(cast, joining="invitation")
        self._join(talk, self.mentee)
        community.invite_person(cast.actor(self.mentor), talk.community, InvitationInput(person_id=self.invited.id))
        ids: dict[str, Any] = {
            "mentorship_id": pair.id,
            "series_id": pair.series_id,
            "offer_id": offer.id,
            "request_id": story.request(cast, self.applicant, offer, "T.1").id,
            "programme_id": programme.id,
            "person_id": self.mentee.id,
            "unit_id": cast.budget.id,
            "grant_id": self._grant(),
            "community_id": talk.community_id,
            "room_id": talk.room_id,
            "topic_id": talk.begin(self.mentee, "Numbers", SECRET).topic_id,
            "message_id": talk.say(self.mentee, SECRET).id,
            "attachment_id": self._attachment(talk),
            "entry_id": db.session.scalar(sa.select(Entry.id).where(Entry.person_id == self.invited.id)),
            "import_id": self._file(),
            **self._certificate(),
            "period_id": self._period(),
            **self._evaluation(pair.id),
            "model_id": a_model().id,
            "kind": "mentor",
            **self._commons(talk),
            **self._line(),
            "invitation_id": self._invitation(offer),
            **self._papers(pair),
            **self._round(programme),
            **self._coaching(),
            **self._learning(),
            **self._care(pair),
            **self._group(pair),
            "peer_review_id": self._colleagues(),
        }
        cast.client(self.mentee)
        ids["sign_in_id"] = db.session.scalar(sa.select(SignIn.id).where(SignIn.person_id == self.mentee.id))
        ids["push_id"] = self._device()
        ids["notice_id"] = db.session.scalar(sa.select(sa.func.min(Notice.id)).where(Notice.person_id == self.mentee.id))
        return ids

    def _device(self) -> int:
        """A browser of the mentee's that is told while no page is open."""
        said = {"endpoint": SECRET, "public": SECRET, "shared": SECRET, "endpoint_hash": "one", "user_agent": ""}
        device = PushDevice(person_id=self.mentee.id, created_at=clock.now(), **said)
        db.session.add(device)
        db.session.commit()
        return device.id

    def _attachment(self, talk: Talk) -> int:
        """The mentee has brought a file into the room."""
        brought = community.attach_file(self.cast.actor(self.mentee), talk.room, FileUpload("numbers.csv", SECRET.encode()))
        attachment_id = brought.id
        talk.say(self.mentee, SECRET, files=(attachment_id,))
        return attachment_id

    def _commons(self, talk: Talk) -> dict[str, int]:
        """What the community lives and knows: nothing of it is anybody else's."""
        mentor, mentee = self.cast.actor(self.mentor), self.cast.actor(self.mentee)
        lives.make_promise(mentee, talk.community, PromiseInput(text=SECRET))
        day = clock.today()
        measured = MeasureInput(name=SECRET, start=Decimal(9), aim=Decimal(3), start_on=day)
        plan = GatheringInput(title=SECRET, about=SECRET, day=day + timedelta(days=3), at=time(9), agenda=SECRET)
        gathering = gatherings.plan_gathering(mentor, talk.community, plan)
        task = FollowUpInput(text=SECRET, owner_id=self.mentee.id)
        asked = DecisionInput(question=SECRET, method="consent", way1=SECRET, closes_on=day + timedelta(days=9))
        topic_id = talk.begin(self.mentor, "What to ask", f"{SECRET}, and what else one has to know of it").topic_id
        question = knowledge.ask_question(mentor, topic_for(mentor, topic_id), QuestionInput())
        self.cast.add(HelpAsked(question_id=question.id, person_id=self.mentee.id, asked_at=clock.now()))
        linked = MaterialInput(kind="link", title=SECRET, link="https://nusaraya.example/guide")
        safety.report_message(
            mentor, message_for(mentor, talk.say(self.mentee, SECRET).id), ReportInput(reason="rude", note=SECRET)
        )
        safety.hide_message(mentor, message_for(mentor, talk.say(self.mentee, SECRET).id), ReasonInput())
        glass = safety.ask_for_glass(
            self.cast.actor(self.cast.administrator), talk.community, GlassInput(reason="A threat was reported")
        )
        return {
            "promise_id": db.session.scalar(sa.select(Promised.id)) or 0,
            "measure_id": lives.add_measure(mentor, talk.community, measured).id,
            "gathering_id": gathering.id,
            "point_id": gatherings.add_point(mentee, gathering_for(mentee, gathering.id), PointInput(text=SECRET)).id,
            "follow_up_id": gatherings.agree_follow_up(mentor, gathering_for(mentor, gathering.id), task).id,
            "decision_id": decisions.open_decision(mentee, talk.community, asked).id,
            "asked_id": question.id,
            "page_id": knowledge.make_page(mentee, topic_for(mentee, topic_id)).id,
            "material_id": knowledge.add_material(mentee, talk.community, linked).id,
            "report_id": db.session.scalar(sa.select(Report.id)) or 0,
            "act_id": db.session.scalar(sa.select(ModerationAct.id)) or 0,
            "glass_id": glass.id,
        }

    def _learning(self) -> dict[str, int]:
        """The mentee has a plan with a line, and claims hours for it with a file that stands in no other."""
        who, today = self.cast.actor(self.mentee), clock.today()
        plan = learning.begin_plan(who, self.mentee, today.year)
        line = LineInput(client_id="the-line-of-it", competency_id=self.cast.competencies[0].id, path="seminar",
                         activity="Seminar", jp=4, month_from=1, month_to=12)  # fmt: skip
        line_id = learning.add_line(who, plan, line).id
        said = ClaimInput(client_id="the-claim-of-it", path="seminar", activity="Seminar", starts_on=today, ends_on=today,
                          plan_line_id=line_id)  # fmt: skip
        claim = learning.claim_hours(who, self.mentee, said, upload=Upload("evidence.pdf", b"%PDF-1.7 %%EOF"))
        return {"plan_id": plan.id, "line_id": line_id, "claim_id": claim.id}

    def _colleagues(self) -> int:
        """The mentee asks colleagues, the mentor among them, how they see the work; the first has answered."""
        asked = [person.id for person in (self.mentor, self.invited, self.seeker)]
        said = ColleaguesInput(token="the-form-of-it", colleagues=asked, competencies=["T.1"])
        review = competencies.ask_colleagues(self.cast.actor(self.mentee), self.mentee, said)
        mentor = self.cast.actor(self.mentor)
        competencies.answer_review(mentor, voice_for(mentor, review.id), VoiceInput(levels={"T.1": 1}))
        return review.id

    def _care(self, pair: Any) -> dict[str, int]:
        """The mentee thanked the mentor, confided to a safe person, and an opening of the pair was asked for."""
        mentee, hr = self.cast.actor(self.mentee), self.cast.actor(self.cast.coordinator)
        safe = self.cast.person("safe_person", self.cast.agency)
        care.name_safe_person(hr, SafePersonChoice(person_id=safe.id))
        thanks = care.send_thanks(mentee, pair.series, ThanksText(to_id=self.mentor.id, text=SECRET))
        concern = care.raise_concern(mentee, pair.series, ConcernText(to_id=safe.id, text=PRIVATE))
        administrator = self.cast.actor(self.cast.administrator)
        opening = care.ask_opening(administrator, pair.series, OpeningReason(reason="Something has to be looked into."))
        return {"thanks_id": thanks.id, "concern_id": concern.id, "opening_id": opening.id}

    def _group(self, pair: Mentorship) -> dict[str, int]:
        """The mentor leads a group by invitation; the mentee is in it."""
        said = GroupInput(name="Together", about="We read one budget together.", by_invitation=True)
        group = groups.open_group(self.cast.actor(self.mentor), said)
        member = groups.invite_to_group(self.cast.actor(self.mentor), group, Invited(person_id=self.mentee.id))
        groups.join_group(self.cast.actor(self.mentee), member)
        assert member.mentorship_id == pair.id
        return {"group_id": group.id, "member_id": member.id}

    def _coaching(self) -> dict[str, int]:
        """The mentor coaches the mentee too, whose superior is asked one question."""
        assert self.cast.supervisor.id
        two = Two(self.cast).engage().set_goal(text=SECRET, why=SECRET, sign=SECRET)
        meeting = two.plan(days=9)
        two.sheet(meeting, goal=SECRET, reality=SECRET, options=f"{SECRET} a\n{SECRET} b", barrier_words=SECRET)
        commitment = two.commit(meeting, text=SECRET)
        two.check_in(commitment, "not_yet", SECRET)
        question = coaching.ask_superior(two.coachee, two.row(), QuestionText(text=SECRET))
        ids = {"engagement_id": two.id, "session_id": meeting.id, "commitment_id": commitment.id}
        return ids | {"question_id": question.id}

    def _round(self, programme: Programme) -> dict[str, int]:
        """A round that HR has solved and in which the mentee may still rank; nobody was told of a pair."""
        hr = self.cast.actor(self.cast.coordinator)
        round_ = rounds.add_round(hr, programme, RoundInput(name="First half"))
        rules = {"without_mentor": False}
        rounds.enrol_by_rules(hr, round_, read(EnrolInput, {"enrolment": rules, "revision": round_.revision}))
        rounds.open_round(hr, round_, OpenInput(open_until=clock.today(), revision=round_.revision))
        choice = group_choices(round_)[0]
        held = QuotaInput(side="mentee", group=f"{choice.kind}:{choice.key}", at_most=9, revision=round_.revision)
        quota = rounds.set_quota(hr, round_, held)
        run = rounds.start_run(hr, round_)
        jobs.handlers["rounds.run"]({"run_id": run.id})
        line = sa.select(Proposal.id).where(Proposal.round_id == round_.id, Proposal.mentee_id == self.mentee.id)
        return {"round_id": round_.id, "proposal_id": int(db.session.scalar(line) or 0), "quota_id": quota.id}

    def _pair(self) -> tuple[Any, Any]:
        offer = story.offer(self.cast, self.mentor, places=3)
        asked = story.request(self.cast, self.mentee, offer, "T.1")
        accepted = accept_request(self.cast.actor(self.mentor), asked)
        pair = db.session.get_one(Mentorship, accepted.mentorship_id)
        began = clock.now()
        mentor, mentee = self.cast.actor(self.mentor), self.cast.actor(self.mentee)
        with clock.at(began + timedelta(hours=1)):
            story.agree(mentor, mentee, pair)
        with clock.at(began + timedelta(hours=3)):
            story.met(self.cast, pair)
            story.set_goals(mentor, mentee, pair, 2)
        return pair, offer

    def _papers(self, pair: Any) -> dict[str, int]:
        mentee = self.cast.actor(self.mentee)
        soon = (clock.now() + timedelta(days=3)).astimezone(ZoneInfo("Asia/Jakarta"))
        plan = MeetingPlan(day=soon.date(), at=soon.time().replace(microsecond=0), minutes=60, agenda=SECRET)
        meeting = meetings.plan_meeting(mentee, pair.series, plan)
        meetings.save_private_note(mentee, meeting, PrivateText(body=PRIVATE))
        item = meetings.agree_action_item(mentee, pair.series, Promise(text=SECRET, owner_id=self.mentor.id), meeting=meeting)
        step = said.RoadmapStep(text=SECRET, due_on=clock.today())
        return {
            "meeting_id": meeting.id,
            "agenda_item": meetings.add_agenda_item(mentee, meeting, AgendaText(text=SECRET)).id,
            "action_item": item.id,
            "roadmap_item": mentoring.add_roadmap_item(mentee, pair, step).id,
            "issue_id": mentoring.raise_issue(mentee, pair, said.IssueRaised(kind="general", text=SECRET)).id,
            "target_id": targets_for(mentee, pair)[0].id,
            **self._hours(mentee, pair),
        }

    def _hours(self, mentee: Actor, pair: Any) -> dict[str, Any]:
        """The mentee is away for a day, brought a calendar, has a feed, and proposes a time to the mentor."""
        away = ExceptionInput(kind="away", from_on=clock.today() + timedelta(days=20))
        source = meetings.bring_calendar_address(mentee, CalendarAddress(address=f"https://calendar.example.id/{PRIVATE}.ics"))
        slots = [(clock.now() + timedelta(days=4)).replace(microsecond=0)]
        return {
            "exception_id": meetings.add_exception(mentee, away).id,
            "source_id": source.id,
            "token": meetings.renew_feed(mentee).token,
            "times_id": meetings.propose_times(mentee, pair.series, MeetingPlan(slots=slots, agenda=SECRET)).id,
        }

    def _certificate(self) -> dict[str, Any]:
        teacher = self.cast.second_mentor
        asked = story.request(self.cast, self.graduate, story.offer(self.cast, teacher), "T.1")
        accepted = accept_request(self.cast.actor(teacher), asked)
        story.walk(self.cast, db.session.get_one(Mentorship, accepted.mentorship_id))
        yes = ConsentInput(purpose="public_check", given=True)
        learning.say_consent(self.cast.actor(self.graduate), self.graduate, yes)
        row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == self.graduate.id)).one()
        return {"certificate_id": row.id, "code": row.code}

    def _period(self) -> int:
        """A period of last year, of which no recap is built."""
        year = clock.today().year - 1
        said = PeriodInput(name="Last year", begins_on=date(year, 1, 1), ends_on=date(year, 12, 31), issuing_unit="Biro SDM",
                           signatory_name="Sri Wahyuni", signatory_title="Kepala Biro", place="Jakarta")  # fmt: skip
        return learning.add_period(self.cast.actor(self.cast.coordinator), said).id

    def _evaluation(self, mentorship_id: int) -> dict[str, Any]:
        """A test of two questions, an indicator, something the mentee asks about their data, and a question months later."""
        hr, me, today = self.cast.actor(self.cast.coordinator), self.cast.actor(self.mentee), clock.today()
        learning.load_index_rule(Actor.system(), valid_from=date(2020, 1, 1))
        competency = self.cast.competencies[0].id
        items = [
            learning.add_item(
                hr, ItemInput(competency_id=competency, level=2, stem=f"Which is right, {n}?", options=["a", "b"], correct=0)
            )
            for n in range(2)
        ]
        span = {"after_from": today + timedelta(days=9), "closes_on": today + timedelta(days=20)}
        form = learning.make_form(hr, FormInput(title="Budget", competency_id=competency, questions=1, **span))
        said = {"begins_on": today, "ends_on": today + timedelta(days=30), "kind": "other", "name": "Complaints", "measure": "%"}
        indicator = learning.add_indicator(hr, IndicatorInput(baseline=9, target=5, source="The help desk", **said))
        asked = learning.ask_about_data(
            me, self.mentee, DataRequestInput(client_id="the-request-of-it", kind="correction", text=SECRET)
        )
        review = self.cast.add(
            BehaviourReview(person_id=self.mentee.id, origin=f"mentorship:{mentorship_id}", side="self", asked_id=self.mentee.id,
                            competency_ids=[], asked_at=clock.now(), closes_on=today)
        )  # fmt: skip
        return {
            "form_id": form.id,
            "test_item_id": items[0].id,
            "indicator_id": indicator.id,
            "data_request_id": asked.id,
            "review_id": review.id,
            "hours_entry_id": db.session.scalar(
                sa.select(sa.func.min(HoursEntry.id)).where(HoursEntry.person_id == self.mentee.id)
            ),
        }

    def _line(self) -> dict[str, int]:
        waiter = self.cast.person("waiter", self.cast.budget, levels=(1, 1, 1))
        offered = story.offer(self.cast, self.cast.person("third_mentor", self.cast.statistics, levels=(4, 4, 4)), places=1)
        waiting = join_line(self.cast.actor(waiter), WaitInput(offer_id=offered.id))
        place = give_places(Actor.system(), [offered.id])[0]
        return {"waiting_id": waiting.id, "place_id": place.id}

    def _invitation(self, offer: Any) -> int:
        choose_finding(self.cast.actor(self.seeker), ChoicesInput(open_to_offers=True))
        words = InviteInput(message=f"{SECRET}: would you like to learn with me?")
        return invite_mentee(self.cast.actor(self.mentor), offer, self.seeker, words).id

    def _join(self, talk: Talk, person: Person) -> None:
        community.invite_person(self.cast.actor(self.mentor), talk.community, InvitationInput(person_id=person.id))
        community.join_community(self.cast.actor(person), talk.community)

    def _grant(self) -> int:
        return int(db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == self.cast.coordinator.id)) or 0)

    def _file(self) -> int:
        content = csv_bytes(["Email", "Nama", "Unit kerja"], ["a@nusaraya.example", "Ahmad", "finance"])
        return bring_file(self.cast.actor(self.cast.coordinator), "people", "people.csv", content=content).id
