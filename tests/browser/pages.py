"""Every page there is, with somebody before it whose page it is: what is photographed and looked at for accessibility.

``NOT_PAGES`` names the GET routes that answer with something else. A route in neither list fails the test of pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.community.models import Community, Membership, Message, MessageVersion, Room, Topic
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import HelpAsked, KnowledgePage, Material, TopicQuestion
from mentorlink.community.models.lives import Life
from mentorlink.community.models.safety import BreakGlass, ModerationAct
from mentorlink.competencies.models import Competency, Edition, Framework, PeerReview, PeerVoice
from mentorlink.exchange.models import ImportFile
from mentorlink.kernel import clock, crypto
from mentorlink.learning.models import (
    BehaviourReview,
    Certificate,
    Claim,
    DevelopmentPlan,
    LearningPeriod,
    PlanLine,
    TestSitting,
)
from mentorlink.pairing.models import FindingChoice, HeldPlace, Invitation, Offer, RankingModel, Request
from mentorlink.people.models import Job, Link, Person, Tier, Unit
from mentorlink.programmes.models import Programme
from mentorlink.rounds.models import Proposal, Round, RoundMember
from mentorlink.sessions.care.models import Concern, Opening, Thanks
from mentorlink.sessions.coaching.models import Commitment, Engagement, Question
from mentorlink.sessions.meetings.models import Meeting, SeriesMember, TimeProposal
from mentorlink.sessions.mentoring.groups.models import Group, GroupMember
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.web.styleguide import RARE
from tests.browser.house import House
from tests.conftest import KEYS
from tests.pairing.history import model_row

NOT_PAGES = {
    "static": "a file",
    "assets.versioned": "a file",
    "health.healthz": "one word for a machine",
    "health.readyz": "one word for a machine",
    "competencies.edition_file": "a file",
    "insights.export": "a file",
    "insights.communities_file": "a file",
    "insights.given_file": "a file",
    "rounds.sample": "a file",
    "exchange.template": "a file",
    "learning.evidence": "a file",
    "learning.sums_file": "a file",
    "learning.annual_file": "a file",
    "exchange.take": "a file",
    "exchange.faults": "a file",
    "rounds.pairs_csv": "a file",
    "pairing.best": "a piece of the home page",
    "rounds.pairs_xlsx": "a file",
    "rounds.progress": "a piece of a page",
    "rounds.example": "a piece of a page",
    "community.gathering_file": "a calendar for a program",
    "meetings.feed": "a calendar for a program",
    "meetings.session_file": "a calendar for a program",
    "notifications.go": "leads on to where one acts",
    "notifications.push_worker": "a script for the browser",
    "community.names": "JSON for the composer",
    "community.room_events": "JSON for an open room",
    "community.room_unread": "JSON for an open room",
    "community.topic_messages": "a piece of a room",
    "community.message": "leads on to the room",
    "community.my_words_file": "a file",
    "community.attachment": "a file",
    "community.competency_names": "JSON for the composer",
    "community.pins": "a piece of a room",
    "community.preview": "JSON for an open room",
    "insights.agency_file": "a file",
    "insights.figures_file": "a file",
    "insights.hours_file": "a file",
    "insights.needs_file": "a file",
    "insights.requests_file": "a file",
    "insights.mine_file": "a file",
    "insights.team_file": "a file",
    "learning.badge": "a badge for a program",
    "learning.badge_achievement": "a badge for a program",
    "learning.badge_issuer": "a badge for a program",
    "learning.badge_keys": "keys for a program",
    "learning.badge_key": "a key for a program",
    "learning.badge_status": "a list for a program",
    "learning.evaluation_file": "a file",
    "learning.certificate_paper": "a file",
    "learning.recap_file": "a file",
    "learning.record_file": "a file",
    "learning.record_file_of_mine": "a file",
    "learning.period_progress": "a piece of a page",
    "meetings.notes_news": "JSON for an open session",
    "mentoring.people_file": "a file",
    "community.pulse_file": "a file",
    "community.archive_file": "a file",
}

KEY = "a-link-that-was-sent-in-a-mail"
"""Opens what the links in mails open."""


@dataclass(frozen=True)
class View:
    """A page as somebody sees it. ``who`` is a key of the cast, a person's id, or None for a stranger."""

    endpoint: str
    who: str | int | None = "mentee"
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    status: int = 200

    @property
    def name(self) -> str:
        """A name for files and reports."""
        return f"{self.endpoint}-{self.note}" if self.note else self.endpoint


def views(house: House) -> list[View]:
    """Every page of a house."""
    _put_link_in(house)
    return [
        *_public(),
        *_people(house),
        *_competencies(house),
        *_finding(house),
        *_mentoring(house),
        *_care(house),
        *_coaching(house),
        *_communities(house),
        *_commons(house),
        *_hr(house),
        *_files(house),
        *_rounds(house),
        View("home.index"),
        View("home.index", "mentor", note="mentor"),
        View("home.index", "unit_head", note="unit-head"),
        View("home.index", "programme_manager", note="manager"),
        View("notifications.notices", "mentor"),
        View("notifications.settings"),
        *_learning(house),
        View("styleguide.index", None),
        *(View("styleguide.rare", None, {"name": name}, name) for name in RARE),
    ]


def _learning(house: House) -> Iterator[View]:
    first = sa.select(Certificate.id, Certificate.person_id).order_by(Certificate.id).limit(1)
    number, person = house.every(first)[0]
    yield View("learning.my_hours")
    yield View("learning.my_hours", person, note="with-hours")
    yield View("learning.certificate", person, {"certificate_id": number})
    mentee = house.person_id("mentee")
    yield View("learning.hours", "unit_head", {"person_id": mentee})
    yield from _claims_and_plans(house, mentee)
    yield from _periods_and_evaluation(house, mentee)


def _periods_and_evaluation(house: House, mentee: int) -> Iterator[View]:
    hr = "programme_manager"
    sitting = house.every(sa.select(TestSitting.form_id, TestSitting.person_id).limit(1))[0]
    ends = clock.today() + timedelta(days=9)
    pair = house.one(sa.select(sa.func.min(Mentorship.id)).where(Mentorship.ended_at.is_not(None)))
    asked = {"origin": f"mentorship:{pair}", "side": "self", "asked_id": mentee, "competency_ids": [], "asked_at": clock.now()}
    house.change(sa.insert(BehaviourReview).values(person_id=mentee, closes_on=ends, **asked))
    for endpoint in ("periods", "evaluation", "bank", "index_weights", "data_requests", "settings"):
        yield View(f"learning.{endpoint}", hr)
    yield View("learning.period", hr, {"period_id": house.one(sa.select(sa.func.min(LearningPeriod.id)))})
    yield View("learning.check_form", None)
    yield View("learning.check", None, {"code": house.one(sa.select(Certificate.code).limit(1))})
    yield View("learning.preview_form", hr, {"form_id": sitting.form_id})
    yield View("learning.hours", hr, {"person_id": mentee}, note="hr")
    yield View("learning.tests", sitting.person_id)
    yield View("learning.test", sitting.person_id, {"form_id": sitting.form_id})
    yield View("learning.behaviour", "mentee", {"review_id": house.one(sa.select(sa.func.max(BehaviourReview.id)))})
    yield View("learning.my_index")
    yield View("learning.person_index", hr, {"person_id": mentee})
    yield View("learning.my_record")
    yield View("insights.mine")
    yield View("insights.mine", "mentor", note="mentor")
    yield View("insights.team", "unit_head")
    yield View("insights.agency", hr)
    yield View("insights.communities", "facilitator")


def _claims_and_plans(house: House, mentee: int) -> Iterator[View]:
    def claim(state: str) -> dict[str, int]:
        return {"claim_id": house.one(sa.select(sa.func.min(Claim.id)).where(Claim.person_id == mentee, Claim.state == state))}

    plan = house.one(sa.select(DevelopmentPlan.id).where(DevelopmentPlan.person_id == mentee))
    first = sa.select(DevelopmentPlan.id, DevelopmentPlan.person_id).where(DevelopmentPlan.state == "not_begun")
    open_plan, owner = house.every(first.order_by(DevelopmentPlan.id).limit(1))[0]
    open_line = house.one(sa.select(sa.func.min(PlanLine.id)).where(PlanLine.plan_id == open_plan))
    yield View("learning.claim_form")
    yield View("learning.claim_form", values={"path": "self_study"}, note="self-study")
    yield View("learning.claim", values=claim("approved"))
    yield View("learning.claim", "unit_head", claim("sent"), note="to-decide")
    yield View("learning.edit_claim", values=claim("returned"))
    yield View("learning.approvals", "unit_head")
    yield View("learning.my_plan")
    yield View("learning.plan_of", "unit_head", {"person_id": mentee})
    yield View("learning.plan", "programme_manager", {"plan_id": plan})
    yield View("learning.plan", owner, {"plan_id": open_plan}, note="open")
    yield View("learning.new_line", owner, {"plan_id": open_plan})
    yield View("learning.edit_line", owner, {"line_id": open_line})
    yield View("learning.sums", "programme_manager")
    yield View("learning.rules", "programme_manager")
    yield View("learning.rule", values={"number": 1})
    yield View("learning.new_rule", "programme_manager")


def _put_link_in(house: House) -> None:
    for kind in ("reset", "invitation"):
        key = crypto.token_hash(f"{kind}-{KEY}")
        house.change(sa.delete(Link).where(Link.token_hash == key))
        soon = clock.now() + timedelta(hours=1)
        house.change(sa.insert(Link).values(kind=kind, token_hash=key, person_id=house.person_id("mentee"), expires_at=soon))


def _public() -> Iterator[View]:
    yield View("people.sign_in", None)
    yield View("people.forgot", None)
    yield View("people.forgot_sent", None)
    yield View("people.reset", None, {"key": f"reset-{KEY}"})
    yield View("people.reset", None, {"key": "long-gone"}, "gone", 410)
    yield View("people.invitation", None, {"key": f"invitation-{KEY}"})
    yield View("people.first_administrator", None, {"key": "long-gone"}, "gone", 410)


def _people(house: House) -> Iterator[View]:
    mentor, mentee = house.person_id("mentor"), house.person_id("mentee")
    unit = house.one(sa.select(Unit.id).where(Unit.code == "KOM.IKP"))
    yield View("people.my_profile")
    yield View("people.edit_profile")
    yield View("people.devices")
    yield View("people.password")
    yield View("people.settings")
    yield View("people.profile", "mentee", {"person_id": mentor}, "of-mentor")
    yield View("people.profile", "mentor", {"person_id": mentee})
    yield View("people.profile", "mentor", {"person_id": 999_999}, "nobody", 404)
    yield View("people.directory", "administrator")
    yield View("people.directory", "administrator", {"q": "zzzz"}, "none")
    yield View("people.new_person", "administrator")
    yield View("people.edit_person", "administrator", {"person_id": mentee})
    yield View("people.manage", "administrator", {"person_id": mentor})
    yield View("people.units", "administrator")
    yield View("people.unit", "administrator", {"unit_id": unit})
    yield View("people.new_unit", "administrator")
    yield View("people.audit", "administrator")


def _competencies(house: House) -> Iterator[View]:
    mentee = house.person_id("mentee")
    framework = house.one(sa.select(Framework.code).where(Framework.kind == "technical"))
    code, number = house.every(
        sa.select(Framework.code, Edition.number).join(Edition, Edition.framework_id == Framework.id).limit(1)
    )[0]
    entry = house.one(sa.select(Competency.code).where(Competency.code == "T.STA.01"))
    job = house.one(sa.select(Job.code).where(Job.id == sa.select(Person.job_id).where(Person.id == mentee).scalar_subquery()))
    yield View("competencies.my_map")
    yield View("competencies.person_map", "unit_head", {"person_id": mentee})
    yield View("competencies.team", "unit_head")
    yield View("competencies.self_assessment")
    yield View("competencies.assess_person", "unit_head", {"person_id": mentee})
    yield View("competencies.colleagues", "mentee", {"person_id": mentee})
    yield View("competencies.colleagues", "unit_head", {"person_id": house.person_id("unit_head")}, note="free")
    asked = house.one(sa.select(PeerReview.id).join(PeerVoice).where(PeerVoice.person_id == mentee, PeerReview.state == "open"))
    yield View("competencies.colleague_form", "mentee", {"peer_review_id": asked})
    yield View("competencies.frameworks")
    yield View("competencies.framework", "mentee", {"code": framework})
    yield View("competencies.edition", "mentee", {"code": code, "number": number})
    yield View("competencies.competency", "mentee", {"code": entry})
    yield View("competencies.edit_competency", "programme_manager", {"code": entry})
    yield View("competencies.load_edition", "programme_manager")
    yield View("competencies.standards", "programme_manager")
    yield View("competencies.levels", "programme_manager")
    tier = house.one(sa.select(Tier.code).where(Tier.grade == 3).limit(1))
    yield View("competencies.tier_standard", "programme_manager", {"code": tier})
    yield View("competencies.job_standard", "programme_manager", {"code": job})


def _finding(house: House) -> Iterator[View]:
    offer = house.one(sa.select(Offer.id).where(Offer.person_id == house.person_id("mentor"), Offer.kind == "mentor"))
    yield View("pairing.suggestions")
    yield View("pairing.suggestions", "mentee", {"kind": "coach"}, "coaches")
    yield View("pairing.suggestions", "mentee", {"q": "zzzz"}, "none")
    yield View("pairing.ask", "mentee", {"offer_id": offer})
    yield from _beside_the_list(house, offer)
    yield View("pairing.why", "mentee", {"offer_id": offer})
    yield View("pairing.offers", "mentor")
    yield View("pairing.offers", "mentee", note="none")
    yield View("pairing.offer_form", "mentor", {"kind": "mentor"})
    yield View("pairing.offer_form", "mentee", {"kind": "mentor"}, "new")
    yield View("pairing.requests", "mentor")
    yield View("pairing.requests", "mentee", note="none")
    for state in ("sent", "asked_back", "accepted", "declined", "withdrawn", "expired"):
        asked = sa.select(Request.id, Request.person_id, Offer.person_id).join(Offer).where(Request.state == state)
        number, asker, mentor = house.every(asked.order_by(Request.id.desc()).limit(1))[0]
        yield View("pairing.request_page", asker, {"request_id": number}, f"{state}-asker")
        if state in ("sent", "asked_back"):
            yield View("pairing.request_page", mentor, {"request_id": number}, f"{state}-mentor")


def _beside_the_list(house: House, offer: int) -> Iterator[View]:
    others = [row[0] for row in house.every(sa.select(Offer.id).where(Offer.kind == "mentor", Offer.id != offer).limit(2))]
    yield View("pairing.suggestions", "mentee", {"competency": "T.STA.01", "place": "Ambon", "years": 25}, "narrow")
    yield View("pairing.suggestions", "mentee", {"full": 1, "pick": [offer, others[0]]}, "picked")
    yield View("pairing.compare", "mentee", {"pick": [offer, *others]})
    yield View("pairing.compare", "mentee", note="none")
    yield View("pairing.saved")
    yield View("pairing.saved", "coach", note="none")
    yield View("pairing.lines")
    yield View("pairing.lines", "coach", note="none")
    yield View("pairing.choices")
    yield View("pairing.needs", "programme_manager")
    yield View("pairing.candidates", "mentor", {"kind": "mentor"})
    yield View("pairing.invitations")
    yield View("pairing.invitations", "coach", note="none")
    number, invited, mentor = house.every(
        sa.select(Invitation.id, Invitation.person_id, Offer.person_id).join(Offer).order_by(Invitation.id).limit(1)
    )[0]
    yield View("pairing.invitation", invited, {"invitation_id": number}, "invited")
    yield View("pairing.invitation", mentor, {"invitation_id": number}, "mentor")
    place, waiter = house.every(sa.select(HeldPlace.id, HeldPlace.person_id).where(HeldPlace.state == "offered").limit(1))[0]
    yield View("pairing.place", waiter, {"place_id": place})
    yield View("pairing.lines", waiter, note="kept")
    seen = house.one(sa.select(sa.func.min(FindingChoice.person_id)).where(FindingChoice.open_to_offers))
    yield View("pairing.invite_form", "mentor", {"kind": "mentor", "person_id": seen})


def _groups(house: House) -> Iterator[View]:
    """A group as its mentor leads it, as a mentee is in it, as a colleague finds it, and its sessions."""
    group_id, series_id = house.every(
        sa.select(Group.id, Group.series_id).where(Group.mentor_id == house.person_id("mentor_full"))
    )[0]
    inside = sa.select(GroupMember.person_id).where(GroupMember.group_id == group_id, GroupMember.state == "in")
    member, known = house.one(inside.order_by(GroupMember.id).limit(1)), {"group_id": group_id}
    for who in ("mentor_full", "mentee"):
        yield View("mentoring.groups", who, note=who)
    yield View("mentoring.group", "mentor_full", known, "leads")
    yield View("mentoring.group", member, known, "member")
    yield View("mentoring.group", "mentee", known, "outside")
    yield View("mentoring.new_group", "mentor")
    yield View("mentoring.edit_group", "mentor_full", known)
    for state in ("planned", "held"):
        of_group = sa.select(Meeting.id).where(Meeting.series_id == series_id, Meeting.state == state)
        meeting = {"meeting_id": house.one(of_group.order_by(Meeting.id.desc()).limit(1))}
        yield View("meetings.meeting", "mentor_full", meeting, f"group-{state}-leads")
        yield View("meetings.meeting", member, meeting, f"group-{state}-member")
    yield View("meetings.plan", "mentor_full", {"series_id": series_id}, "group")
    yield View("meetings.log", "mentor_full", {"series_id": series_id}, "group")


def _mentoring(house: House) -> Iterator[View]:
    yield View("mentoring.index", "mentor")
    yield View("mentoring.index", "mentee", note="none")
    kinds = [
        ("active", "prescriptive"), ("active", "persuasive"), ("active", "collaborative"), ("active", "confirmative"),
        ("paused", "collaborative"), ("closed", "confirmative"), ("ended_early", "persuasive"),
    ]  # fmt: skip
    for state, stage in kinds:
        query = sa.select(Mentorship).where(Mentorship.state == state, Mentorship.stage == stage)
        pair = house.every(query.order_by(Mentorship.touched_at.desc()).limit(1))[0]
        known = {"mentorship_id": pair.id}
        note = stage if state == "active" else state
        yield View("mentoring.mentorship", pair.mentee_id, known, f"{note}-mentee")
        if state != "active":
            continue
        yield View("mentoring.mentorship", pair.mentor_id, known, f"{note}-mentor")
        for part in ("agreement", "goals", "roadmap", "closing", "meetings", "history"):
            yield View(f"mentoring.{part}", pair.mentee_id, known, note)
        if stage == "collaborative":
            yield View("mentoring.edit_agreement", pair.mentor_id, known)
            yield View("mentoring.edit_goals", pair.mentee_id, known)
            yield View("meetings.plan", pair.mentor_id, {"series_id": pair.series_id})
            yield View("meetings.log", pair.mentor_id, {"series_id": pair.series_id})
    yield from _meetings(house)


def _care(house: House) -> Iterator[View]:
    crypto.load_keys(KEYS)
    pair = house.every(sa.select(Mentorship.series_id, Mentorship.mentee_id).where(Mentorship.state == "active").limit(1))[0]
    known = {"series_id": pair.series_id}
    asked = {"asked_by_id": house.person_id("administrator"), "reason": "A threat was reported", "asked_at": clock.now()}
    house.change(sa.insert(Opening).values(state="asked", **known, **asked))
    concern, raiser = house.every(sa.select(Concern.id, Concern.raised_by_id).limit(1))[0]
    thanks, receiver = house.every(sa.select(Thanks.id, Thanks.to_id).limit(1))[0]
    yield View("mentoring.board", "mentor_full")
    yield View("mentoring.stages")
    yield View("mentoring.stages_of", "programme_manager", {"number": 1})
    yield View("mentoring.change_stages", "programme_manager")
    yield from _groups(house)
    yield View("mentoring.people", "unit_head")
    yield View("mentoring.confide", pair.mentee_id, known)
    yield View("mentoring.concerns", raiser)
    yield View("mentoring.concern", raiser, {"concern_id": concern})
    yield View("mentoring.thank", pair.mentee_id, known)
    yield View("mentoring.thanks", receiver, {"thanks_id": thanks})
    yield View("mentoring.ask_open", "programme_manager", known)
    yield View("mentoring.openings", "administrator")
    yield View("mentoring.opening", "administrator", {"opening_id": house.one(sa.select(sa.func.max(Opening.id)))})


def _meetings(house: House) -> Iterator[View]:
    yield View("meetings.hours", "mentor")
    proposal = house.every(sa.select(TimeProposal).where(TimeProposal.state == "open").limit(1))[0]
    for person, note in ((proposal.proposed_by_id, "mine"), ("mentor", "asked")):
        yield View("meetings.times", person, {"times_id": proposal.id}, note)
    for state in ("planned", "held"):
        query = sa.select(Meeting.id, Mentorship.mentee_id).join(Mentorship, Mentorship.series_id == Meeting.series_id)
        found = house.every(
            query.where(Meeting.state == state, Mentorship.state == "active").order_by(Meeting.starts_at.desc()).limit(1)
        )
        for number, person in found:
            yield View("meetings.meeting", person, {"meeting_id": number}, state)
            yield View("meetings.notes_history", person, {"meeting_id": number}, state)
            if state == "planned":
                yield View("meetings.move", person, {"meeting_id": number})


def _coaching(house: House) -> Iterator[View]:
    yield View("coaching.index", "coach")
    yield View("coaching.index", "mentee", note="none")
    question, superior = house.every(sa.select(Question.id, Question.superior_id).limit(1))[0]
    yield View("coaching.question", superior, {"question_id": question})
    yield View("coaching.caseload", "coach")
    for state in ("conversation", "engaged", "closed"):
        query = sa.select(Engagement).where(Engagement.state == state).order_by(Engagement.goal_number.desc()).limit(1)
        row = house.every(query)[0]
        known = {"engagement_id": row.id}
        yield View("coaching.engagement", row.coachee_id, known, f"{state}-coachee")
        if state == "conversation":
            continue
        yield View("coaching.engagement", row.coach_id, known, f"{state}-coach")
        for part in ("goal", "sessions", "closing", "sharing"):
            yield View(f"coaching.{part}", row.coachee_id, known, state)
        sheet, commitment = house.every(
            sa.select(Commitment.meeting_id, Commitment.id).where(Commitment.engagement_id == row.id).limit(1)
        )[0]
        yield View("coaching.sheet", row.coachee_id, {"session_id": sheet}, state)
        yield View("coaching.commitment", row.coachee_id, {"commitment_id": commitment}, state)


def _communities(house: House) -> Iterator[View]:
    facilitated = sa.select(Membership.community_id).where(
        Membership.person_id == house.person_id("facilitator"), Membership.role == "facilitator"
    )
    rooms = sa.select(Room.id, Room.community_id).where(Room.community_id.in_(facilitated)).order_by(Room.last_seq.desc())
    room, community = house.every(rooms.limit(1))[0]
    topic = house.one(
        sa.select(Topic.id).where(Topic.room_id == room, Topic.title != "").order_by(Topic.last_seq.desc()).limit(1)
    )
    facilitator = house.person_id("facilitator")
    own = house.one(sa.select(Message.id).where(Message.author_id == facilitator, Message.deleted_at.is_(None)).limit(1))
    open_to_all = sa.select(sa.func.min(Community.id)).where(Community.id != community, Community.joining == "open")
    other = house.one(open_to_all)
    edited = house.every(sa.select(MessageVersion.message_id).limit(1))
    yield View("community.index")
    yield View("community.new")
    yield View("community.show", "mentee", {"community_id": community})
    yield View("community.show", "facilitator", {"community_id": other}, "other")
    yield View("community.members", "facilitator", {"community_id": community})
    yield View("community.edit", "facilitator", {"community_id": community})
    yield View("community.new_room", "facilitator", {"community_id": community})
    yield View("community.room", "facilitator", {"room_id": room, "topic": topic})
    yield View("community.room", "facilitator", {"room_id": room, "list": 1}, "topics")
    yield View("community.edit_room", "facilitator", {"room_id": room})
    yield View("community.new_topic", "facilitator", {"room_id": room})
    yield View("community.room_form", "facilitator", {"topic_id": topic})
    yield View("community.edit_message", "facilitator", {"message_id": own})
    yield View("community.confirm_delete", "facilitator", {"message_id": own})
    yield View("community.history", "facilitator", {"message_id": edited[0][0] if edited else own})
    yield View("community.acts", "facilitator", {"message_id": own})
    yield View("community.merge_form", "facilitator", {"topic_id": topic})
    yield View("community.new_poll", "facilitator", {"room_id": room})
    yield View("community.search", "facilitator", {"q": "data"})
    yield View("community.search", "facilitator", {"q": "zzzz"}, "none")
    yield View("community.search", "facilitator", {"q": "a", "kind": "person"}, "people")


def _commons(house: House) -> Iterator[View]:
    """How a community lives, what it knows, what keeps it safe; what the demo lacks is made by the facilitator's hand."""
    crypto.load_keys(KEYS)
    host, asked = house.person_id("facilitator"), {"asked_at": clock.now(), "state": "asked"}
    community = house.one(sa.select(Life.community_id).where(Life.step == "implementation").limit(1))
    here = {"community_id": community}
    question = house.one(sa.select(TopicQuestion.id).where(TopicQuestion.accepted_id.is_(None)).limit(1))
    page = house.one(sa.select(KnowledgePage.id).limit(1))
    programme = house.one(sa.select(Programme.id).where(Programme.state == "active").limit(1))
    house.change(sa.update(Life).where(Life.community_id == community).values(programme_id=programme))
    of_mentor = sa.insert(HelpAsked).prefix_with("OR REPLACE")  # they may have been asked meanwhile
    house.change(of_mentor.values(question_id=question, person_id=house.person_id("mentor"), **asked))
    act = {"community_id": community, "kind": "hidden", "reason": "rude", "person_id": host, "at": clock.now()}
    house.change(sa.insert(ModerationAct).values(appeal_state="none", **act))
    glass = {"community_id": community, "by_id": host, "reason": "A threat was reported", "asked_at": clock.now()}
    house.change(sa.insert(BreakGlass).values(**glass))
    for endpoint in ("life", "charter", "gatherings", "new_gathering", "decisions", "new_decision", "knowledge", "new_page"):
        yield View(f"community.{endpoint}", "facilitator", here)
    for endpoint in ("new_material", "moderation", "pulse"):
        yield View(f"community.{endpoint}", "facilitator", here)
    member = sa.select(Membership.person_id).where(Membership.community_id == community, Membership.person_id != host)
    yield View("community.report_member", "facilitator", here | {"person_id": house.one(member.limit(1))})
    yield View("community.assign", "programme_manager", here)
    for state in ("held", "planned"):
        gathering = house.one(sa.select(Gathering.id).where(Gathering.state == state).limit(1))
        yield View("community.gathering", "facilitator", {"gathering_id": gathering}, state)
    yield View("community.edit_gathering", "facilitator", {"gathering_id": gathering})
    yield View("community.talk_round", "facilitator", {"gathering_id": gathering})
    for method in ("consent", "vote"):
        decision = house.one(sa.select(Decision.id).where(Decision.method == method).limit(1))
        yield View("community.decision", "facilitator", {"decision_id": decision}, method)
    yield View("community.thread", "facilitator", {"topic_id": house.one(sa.select(TopicQuestion.topic_id).limit(1))})
    for endpoint in ("knowledge_page", "edit_page", "page_versions"):
        yield View(f"community.{endpoint}", "facilitator", {"page_id": page})
    yield View("community.material", "facilitator", {"material_id": house.one(sa.select(Material.id).limit(1))})
    yield View("community.help_page", "mentor", {"asked_id": question})
    met = sa.select(Meeting.id, SeriesMember.person_id).join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
    session, member = house.every(met.where(Meeting.state == "planned").order_by(Meeting.id).limit(1))[0]
    yield View("community.material_for_meeting", member, {"meeting_id": session})
    lines = sa.select(PlanLine.id).join(DevelopmentPlan).where(DevelopmentPlan.person_id == house.person_id("mentee"))
    yield View("community.material_for_line", "mentee", {"line_id": house.one(lines.limit(1))})
    others = (
        sa.select(Message.id)
        .join(Room)
        .where(Room.community_id == community, Message.author_id != host, Message.deleted_at.is_(None))
    )
    yield View("community.report_form", "facilitator", {"message_id": house.one(others.limit(1))})
    yield View("community.moderation_act", "facilitator", {"act_id": house.one(sa.select(sa.func.max(ModerationAct.id)))})
    closed = sa.select(Life.community_id).where(Life.step == "closed").limit(1)
    yield View("community.archive", "mentee", {"community_id": house.one(closed)})
    yield View("community.glasses", "administrator")
    yield View("community.glass", "administrator", {"glass_id": house.one(sa.select(sa.func.max(BreakGlass.id)))})
    yield View("community.library", "mentee")
    yield View("community.catching_up", "mentee")
    yield View("community.my_words", "mentee")


def _hr(house: House) -> Iterator[View]:
    programme = house.one(sa.select(Programme.id).limit(1))
    yield View("insights.overview", "programme_manager")
    yield from _ranking(house)
    yield View("programmes.index", "programme_manager")
    yield View("programmes.programme", "programme_manager", {"programme_id": programme})
    yield View("programmes.edit", "programme_manager", {"programme_id": programme})
    yield View("programmes.new", "programme_manager")


def _ranking(house: House) -> Iterator[View]:
    decided = {
        "decided_at": clock.now(),
        "decided_by_id": house.person_id("administrator"),
        "reason": "Approved by the council of HR.",
    }
    house.change(sa.delete(RankingModel))
    house.change(sa.insert(RankingModel).values(**model_row(number=2)))
    house.change(sa.insert(RankingModel).values(**model_row(number=1, state="retired", inputs_hash="1" * 64, odds={}, **decided)))
    number, retired = (number for (number,) in house.every(sa.select(RankingModel.id).order_by(RankingModel.number.desc())))
    yield View("ranking.index", "administrator")
    yield View("ranking.index", "programme_manager", {"kind": "coach"}, "coaches")
    yield View("ranking.model", "administrator", {"model_id": number}, "proposed")
    yield View("ranking.model", "programme_manager", {"model_id": retired}, "retired")
    yield View("ranking.how")


def _rounds(house: House) -> Iterator[View]:
    hr = "programme_manager"
    draft = house.one(sa.select(Round.id).where(Round.state == "open"))
    published = house.one(sa.select(Round.id).where(Round.state == "published"))
    programme = house.one(sa.select(Round.programme_id).where(Round.id == draft))
    lines = sa.select(Proposal.id).where(Proposal.round_id == draft).order_by(Proposal.id)
    paired = house.one(lines.where(Proposal.mentor_id.is_not(None)).limit(1))
    other = house.one(sa.select(Proposal.mentor_id).where(Proposal.round_id == draft, Proposal.locked.is_(True)).limit(1))
    yield View("rounds.index", hr)
    yield View("rounds.trial", hr)
    yield View("rounds.new", hr, {"programme_id": programme})
    for step in ("show", "people", "cover", "weights", "run", "draft", "stops", "fairness", "compare", "publish"):
        yield View(f"rounds.{step}", hr, {"round_id": draft})
    yield View("rounds.people", hr, {"round_id": draft, "side": "mentor", "add": "a"}, "mentors")
    yield View("rounds.weights", hr, {"round_id": draft, "mentee_q": "a", "mentor_q": "a"}, "two-people")
    yield View("rounds.draft", hr, {"round_id": draft, "kind": "alone"}, "alone")
    yield View("rounds.stops", hr, {"round_id": draft, "stop": 3, "who": "enters"}, "most")
    yield View("rounds.fairness", hr, {"round_id": draft, "by": "unit"}, "units")
    yield View("rounds.move", hr, {"round_id": draft, "proposal_id": paired, "mentor": other})
    yield View("rounds.show", hr, {"round_id": published}, "published")
    yield View("rounds.publish", hr, {"round_id": published}, "published")
    yield View("rounds.mine", "mentee")
    yield View("rounds.me", house.one(_member(draft, "mentee")), {"round_id": draft})
    yield View("rounds.me", house.one(_member(draft, "mentor")), {"round_id": draft}, "mentor")
    yield View("rounds.me", house.one(_member(published, "mentee")), {"round_id": published}, "result")


def _member(round_id: int, side: str) -> sa.Select[tuple[int]]:
    return (
        sa.select(RoundMember.person_id)
        .where(RoundMember.round_id == round_id, RoundMember.side == side, RoundMember.out.is_(False))
        .order_by(RoundMember.id)
        .limit(1)
    )


def _files(house: House) -> Iterator[View]:
    yield View("exchange.index", "administrator")
    for note, head in (("with-faults", "name,email,unit"), ("strange", "Siapa,Surat,Kantor")):
        house.bring(
            "administrator",
            "people",
            f"{note}.csv",
            f"{head}\nSri Wahyuni,sri.wahyuni@nusaraya.example,BAP\nTanpa Unit,bukan-surel,XYZ\n",
        )
        number = house.one(sa.select(sa.func.max(ImportFile.id)))
        yield View("exchange.show", "administrator", {"import_id": number}, note)
        if note == "strange":
            yield View("exchange.columns", "administrator", {"import_id": number})
