"""What the house keeps of somebody's learning: levels, hours, claims, plans, papers, tests, words about their data."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import aliased

from mentorlink.competencies.models import Assessment, Competency, PeerReview, PeerVoice
from mentorlink.insights.queries.record.part import Part, part
from mentorlink.learning.models import (
    BehaviourReview,
    Certificate,
    Claim,
    Consent,
    ContractTerm,
    DataRequest,
    DevelopmentPlan,
    Evidence,
    Feedback,
    GivenDeed,
    HoursEntry,
    HoursRule,
    IndexFact,
    LearningPeriod,
    PlanLine,
    RecapRow,
    TestForm,
    TestSitting,
)
from mentorlink.people.models import Person


def parts(me: int) -> Iterator[Part]:
    """Part by part."""
    other = aliased(Person)
    yield part(
        "assessments", "superior_hr", me, Assessment.person_id,
        {"competency": Competency.name, "level": Assessment.level, "source": Assessment.source, "day": Assessment.assessed_on,
         "by": other.name},
        (Competency, Assessment.competency_id == Competency.id), (other, Assessment.assessor_id == other.id),
    )  # fmt: skip
    yield part(
        "peer_reviews", "superior_hr", me, (PeerReview.person_id, PeerReview.asked_by_id),
        {"with": other.name, "state": PeerReview.state, "count": PeerReview.entered, "at": PeerReview.asked_at,
         "until": PeerReview.closes_at, "ended_at": PeerReview.ended_at},
        (other, PeerReview.person_id == other.id),
    )  # fmt: skip
    yield part(
        "peer_voices", "me", me, PeerVoice.person_id,
        {"with": other.name, "state": PeerVoice.state, "answers": PeerVoice.levels, "at": PeerReview.asked_at},
        (PeerReview, PeerVoice.review_id == PeerReview.id), (other, PeerReview.person_id == other.id),
    )  # fmt: skip
    yield part(
        "hours", "superior_hr", me, HoursEntry.person_id,
        {"day": HoursEntry.happened_on, "path": HoursEntry.path, "minutes": HoursEntry.minutes, "units": HoursEntry.units,
         "counted": HoursEntry.counted, "jp": HoursEntry.jp, "full": HoursEntry.capped_from, "rule": HoursRule.number,
         "origin": HoursEntry.origin, "reason": HoursEntry.reason, "by": other.name, "at": HoursEntry.created_at},
        (HoursRule, HoursEntry.rule_id == HoursRule.id), (other, HoursEntry.approved_by_id == other.id),
    )  # fmt: skip
    yield part(
        "given", "superior_hr", me, GivenDeed.person_id,
        {"kind": GivenDeed.deed, "origin": GivenDeed.origin, "minutes": GivenDeed.minutes, "at": GivenDeed.at,
         "ended_at": GivenDeed.withdrawn_at},
    )  # fmt: skip
    yield part(
        "claims", "superior_hr", me, Claim.person_id,
        {"activity": Claim.activity, "path": Claim.path, "day": Claim.starts_on, "last": Claim.ends_on, "minutes": Claim.minutes,
         "units": Claim.units, "abroad": Claim.abroad, "jp": Claim.stated_jp, "provider": Claim.provider,
         "number": Claim.certificate_no, "link": Claim.link,
         "file": Evidence.name, "state": Claim.state, "at": Claim.sent_at, "by": other.name,
         "decided_at": Claim.decided_at, "note": Claim.decision_note},
        (Evidence, Evidence.claim_id == Claim.id), (other, Claim.decided_by_id == other.id),
    )  # fmt: skip
    yield part(
        "plans", "superior_hr", me, DevelopmentPlan.person_id,
        {"year": DevelopmentPlan.year, "state": DevelopmentPlan.state, "competency": Competency.name,
         "required": PlanLine.required, "actual": PlanLine.actual, "activity": PlanLine.activity, "path": PlanLine.path,
         "jp": PlanLine.jp, "month_from": PlanLine.month_from, "month_to": PlanLine.month_to, "provider": PlanLine.provider,
         "budget": PlanLine.budget, "priority": PlanLine.priority, "by": other.name, "decided_at": DevelopmentPlan.decided_at,
         "note": DevelopmentPlan.decision_note},
        (PlanLine, PlanLine.plan_id == DevelopmentPlan.id), (Competency, PlanLine.competency_id == Competency.id),
        (other, DevelopmentPlan.decided_by_id == other.id),
    )  # fmt: skip
    yield part(
        "certificates", "public", me, Certificate.person_id,
        {"number": Certificate.number, "day": Certificate.issued_at, "jp": Certificate.facts["jp"].as_integer(),
         "printed": Certificate.facts, "code": Certificate.code,
         "revoked_at": Certificate.revoked_at, "note": Certificate.revoked_note},
    )  # fmt: skip
    yield part(
        "recaps", "hr", me, RecapRow.person_id,
        {"title": LearningPeriod.name, "path": RecapRow.path, "day": RecapRow.starts_on, "last": RecapRow.ends_on,
         "units": RecapRow.held, "counted": RecapRow.counted, "jp": RecapRow.jp, "printed": RecapRow.facts},
        (LearningPeriod, RecapRow.period_id == LearningPeriod.id), where=RecapRow.build == LearningPeriod.build,
    )  # fmt: skip
    yield part("contract", "hr", me, ContractTerm.person_id, {"day": ContractTerm.begins_on, "at": ContractTerm.noted_at})
    yield part(
        "index", "hr", me, IndexFact.person_id,
        {"dimension": IndexFact.dimension, "value": IndexFact.value, "source": IndexFact.source, "day": IndexFact.as_of},
    )  # fmt: skip
    yield part(
        "tests", "sums", me, TestSitting.person_id,
        {"title": TestForm.title, "before": TestSitting.before, "after": TestSitting.after, "most": TestSitting.most,
         "answers": TestSitting.answers},
        (TestForm, TestSitting.form_id == TestForm.id),
    )  # fmt: skip
    yield part(
        "feedback", "sums", me, Feedback.person_id,
        {"day": Feedback.happened_on, "path": Feedback.path, "useful": Feedback.useful, "usable": Feedback.usable},
    )  # fmt: skip
    yield part(
        "behaviour", "sums", me, BehaviourReview.asked_id,
        {"side": BehaviourReview.side, "value": BehaviourReview.score, "at": BehaviourReview.given_at},
    )  # fmt: skip
    yield part("consents", "hr", me, Consent.person_id,
               {"purpose": Consent.purpose, "given": Consent.given, "at": Consent.said_at})  # fmt: skip
    yield part(
        "data_requests", "hr", me, DataRequest.person_id,
        {"kind": DataRequest.kind, "text": DataRequest.text, "state": DataRequest.state, "at": DataRequest.asked_at,
         "until": DataRequest.due_at, "answer": DataRequest.answer},
    )  # fmt: skip
