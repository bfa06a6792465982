"""Everything about one person that the house keeps, for that person: rows as they stand, secrets of their own opened.

What others wrote about a third person, and what others keep to themselves, is not theirs and not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.community.models import Community, Membership, Message
from mentorlink.competencies.models import Assessment, Competency
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import (
    BehaviourReview,
    Certificate,
    Claim,
    Consent,
    DataRequest,
    DevelopmentPlan,
    Feedback,
    HoursEntry,
    IndexFact,
    PlanLine,
    TestForm,
    TestSitting,
)
from mentorlink.learning.policy import may_ask_about_data
from mentorlink.notifications.models import Notice
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import AuditEntry, Block, Person, RoleGrant, SignIn, Unit
from mentorlink.sessions.coaching.models import Engagement, Goal
from mentorlink.sessions.meetings.models import Meeting, PrivateNote, SeriesMember
from mentorlink.sessions.mentoring.models import Mentorship, Reflection

Row = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """One kind of thing: its code, who else could see it (a code), its fields in order, and the rows."""

    code: str
    seen_by: str
    fields: tuple[str, ...]
    rows: Sequence[Row]


def record_for(actor: Actor, person: Person) -> list[Section]:
    """The record of ``person``, for them alone. One query for each section."""
    if not may_ask_about_data(actor, person):
        raise NotFound()
    return list(_sections(person))


def _sections(person: Person) -> Iterator[Section]:
    me = person.id
    other = aliased(Person)
    yield Section("profile", "agency_hr", tuple(_PROFILE), [{name: _profile(person, name) for name in _PROFILE}])
    yield _rows(
        "roles", "hr", ("role", "unit", "at"),
        sa.select(RoleGrant.role, Unit.name, RoleGrant.granted_at).outerjoin(Unit, RoleGrant.unit_id == Unit.id)
        .where(RoleGrant.person_id == me),
    )  # fmt: skip
    yield _rows(
        "devices", "me", ("device", "address", "at", "seen_at", "ended_at"),
        sa.select(SignIn.user_agent, SignIn.address, SignIn.created_at, SignIn.seen_at, SignIn.ended_at)
        .where(SignIn.person_id == me).order_by(SignIn.id),
    )  # fmt: skip
    yield _rows(
        "assessments", "superior_hr", ("competency", "level", "source", "day", "by"),
        sa.select(Competency.name, Assessment.level, Assessment.source, Assessment.assessed_on, other.name)
        .join(Competency, Assessment.competency_id == Competency.id).outerjoin(other, Assessment.assessor_id == other.id)
        .where(Assessment.person_id == me).order_by(Assessment.id),
    )  # fmt: skip
    yield _rows(
        "hours", "superior_hr", ("day", "path", "minutes", "jp", "origin", "reason", "at"),
        sa.select(HoursEntry.happened_on, HoursEntry.path, HoursEntry.minutes, HoursEntry.jp, HoursEntry.origin,
                  HoursEntry.reason, HoursEntry.created_at).where(HoursEntry.person_id == me).order_by(HoursEntry.id),
    )  # fmt: skip
    yield _rows(
        "claims", "superior_hr", ("activity", "path", "day", "state", "at", "note"),
        sa.select(Claim.activity, Claim.path, Claim.starts_on, Claim.state, Claim.sent_at, Claim.decision_note)
        .where(Claim.person_id == me).order_by(Claim.id),
    )  # fmt: skip
    yield _rows(
        "plans", "superior_hr", ("year", "state", "competency", "activity", "path", "jp", "note"),
        sa.select(DevelopmentPlan.year, DevelopmentPlan.state, Competency.name, PlanLine.activity, PlanLine.path, PlanLine.jp,
                  DevelopmentPlan.decision_note)
        .outerjoin(PlanLine, PlanLine.plan_id == DevelopmentPlan.id)
        .outerjoin(Competency, PlanLine.competency_id == Competency.id)
        .where(DevelopmentPlan.person_id == me).order_by(DevelopmentPlan.id, PlanLine.id),
    )  # fmt: skip
    yield _rows(
        "certificates", "public", ("number", "day", "jp", "revoked_at"),
        sa.select(Certificate.number, Certificate.issued_at, Certificate.facts["jp"].as_integer(), Certificate.revoked_at)
        .where(Certificate.person_id == me).order_by(Certificate.id),
    )  # fmt: skip
    yield _rows(
        "index", "hr", ("dimension", "value", "source", "day"),
        sa.select(IndexFact.dimension, IndexFact.value, IndexFact.source, IndexFact.as_of)
        .where(IndexFact.person_id == me).order_by(IndexFact.id),
    )  # fmt: skip
    yield _rows(
        "tests", "sums", ("title", "before", "after", "most"),
        sa.select(TestForm.title, TestSitting.before, TestSitting.after, TestSitting.most)
        .join(TestForm, TestSitting.form_id == TestForm.id).where(TestSitting.person_id == me),
    )  # fmt: skip
    yield _rows(
        "feedback", "sums", ("day", "path", "useful", "usable"),
        sa.select(Feedback.happened_on, Feedback.path, Feedback.useful, Feedback.usable).where(Feedback.person_id == me),
    )  # fmt: skip
    yield _rows(
        "behaviour", "sums", ("side", "value", "at"),
        sa.select(BehaviourReview.side, BehaviourReview.score, BehaviourReview.given_at).where(BehaviourReview.asked_id == me),
    )  # fmt: skip
    yield _rows(
        "mentorships", "pair_hr", ("with", "side", "stage", "state", "at", "ended_at"),
        sa.select(other.name, sa.case((Mentorship.mentor_id == me, "mentor"), else_="mentee"), Mentorship.stage,
                  Mentorship.state, Mentorship.started_at, Mentorship.ended_at)
        .join(other, other.id == sa.case((Mentorship.mentor_id == me, Mentorship.mentee_id), else_=Mentorship.mentor_id))
        .where(sa.or_(Mentorship.mentor_id == me, Mentorship.mentee_id == me)).order_by(Mentorship.id),
    )  # fmt: skip
    yield _rows(
        "reflections", "pair", ("text", "at"),
        sa.select(Reflection.body, Reflection.written_at).where(Reflection.person_id == me),
    )  # fmt: skip
    yield _rows(
        "coaching", "pair_hr", ("with", "side", "state", "at", "ended_at"),
        sa.select(other.name, sa.case((Engagement.coach_id == me, "coach"), else_="coachee"), Engagement.state,
                  Engagement.started_at, Engagement.ended_at)
        .join(other, other.id == sa.case((Engagement.coach_id == me, Engagement.coachee_id), else_=Engagement.coach_id))
        .where(sa.or_(Engagement.coach_id == me, Engagement.coachee_id == me)).order_by(Engagement.id),
    )  # fmt: skip
    yield _rows(
        "goals", "pair", ("text", "why", "sign", "day"),
        sa.select(Goal.text, Goal.why, Goal.sign, Goal.by_on).join(Engagement, Goal.engagement_id == Engagement.id)
        .where(Engagement.coachee_id == me).order_by(Goal.engagement_id, Goal.number),
    )  # fmt: skip
    yield _rows(
        "meetings", "pair_hr", ("at", "minutes", "mode", "state", "summary"),
        sa.select(Meeting.starts_at, Meeting.minutes, Meeting.mode, Meeting.state, Meeting.summary)
        .join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
        .where(SeriesMember.person_id == me).order_by(Meeting.starts_at),
    )  # fmt: skip
    yield _rows("private_notes", "me", ("text",), sa.select(PrivateNote.body).where(PrivateNote.person_id == me))
    yield _rows(
        "offers", "agency", ("kind", "capacity", "message", "closed_at"),
        sa.select(Offer.kind, Offer.capacity, Offer.message, Offer.closed_at).where(Offer.person_id == me).order_by(Offer.id),
    )  # fmt: skip
    yield _rows(
        "requests", "pair", ("message", "state", "at"),
        sa.select(Request.message, Request.state, Request.sent_at).where(Request.person_id == me)
        .order_by(Request.id),
    )  # fmt: skip
    yield _rows(
        "communities", "room", ("community", "role", "at"),
        sa.select(Community.name, Membership.role, Membership.joined_at)
        .join(Community, Membership.community_id == Community.id).where(Membership.person_id == me),
    )  # fmt: skip
    yield _rows(
        "messages", "room", ("text", "at"),
        sa.select(Message.body, Message.created_at).where(Message.author_id == me).order_by(Message.id),
    )  # fmt: skip
    yield _rows(
        "blocks", "me", ("with", "at"),
        sa.select(other.name, Block.created_at).join(other, Block.blocked_id == other.id).where(Block.person_id == me),
    )  # fmt: skip
    yield _rows(
        "notices", "me", ("kind", "at", "read_at"),
        sa.select(Notice.kind, Notice.created_at, Notice.read_at).where(Notice.person_id == me).order_by(Notice.id),
    )  # fmt: skip
    yield _rows(
        "deeds", "administrator", ("kind", "at"),
        sa.select(AuditEntry.act, AuditEntry.at).where(AuditEntry.actor_id == me).order_by(AuditEntry.id),
    )  # fmt: skip
    yield _rows(
        "consents", "hr", ("purpose", "given", "at"),
        sa.select(Consent.purpose, Consent.given, Consent.said_at).where(Consent.person_id == me).order_by(Consent.id),
    )  # fmt: skip
    yield _rows(
        "data_requests", "hr", ("kind", "text", "state", "at", "answer"),
        sa.select(DataRequest.kind, DataRequest.text, DataRequest.state, DataRequest.asked_at, DataRequest.answer)
        .where(DataRequest.person_id == me).order_by(DataRequest.id),
    )  # fmt: skip


_PROFILE = (
    "name", "email", "nip", "title_before", "title_after", "contract", "rank", "unit", "job", "in_field_since", "languages",
    "place", "timezone", "locale", "bio", "can_help_with", "wants_to_grow_in", "state", "created_at",
)  # fmt: skip


def _profile(person: Person, name: str) -> Any:
    if name == "unit":
        return person.unit.name
    if name == "job":
        return person.job.name if person.job else None
    return getattr(person, name)


def _rows(code: str, seen_by: str, fields: tuple[str, ...], query: sa.Select[Any]) -> Section:
    rows = [dict(zip(fields, row, strict=True)) for row in db.session.execute(query)]
    return Section(code, seen_by, fields, rows)
