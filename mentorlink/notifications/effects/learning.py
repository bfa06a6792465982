"""Who is told of plans, claims, certificates, levels and data requests."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.competencies.events import ColleaguesAsked, ColleaguesHeard, ColleaguesReminded, LevelsChanged
from mentorlink.competencies.queries import among
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.events import (
    BehaviourAsked,
    CertificateRevoked,
    CertificatesIssued,
    ClaimDecided,
    ClaimSent,
    DataRequestAnswered,
    DataRequestDue,
    DataRequested,
    DeedTooLate,
    PlanDecided,
    PlanSent,
    SessionWithdrawn,
)
from mentorlink.learning.models import Certificate, Claim, DevelopmentPlan, LearningPeriod
from mentorlink.learning.queries import decider_ids, hr_ids
from mentorlink.notifications.actions import Told, notify_many
from mentorlink.notifications.effects.telling import tell
from mentorlink.people.models import Person

MOST_AT_ONCE = 20
"""A file that changes more people's levels than this tells nobody one by one; their map shows it."""


def tell_of_claim(event: ClaimSent) -> None:
    """Who decides learns that a claim waits: the superior, or HR where there is none."""
    claim = db.session.get_one(Claim, event.claim_id)
    for person_id in decider_ids(claim.person):
        tell(person_id, "claim_sent", "claim", claim.id, who=event.person_id, activity=claim.activity)


def tell_of_claim_decision(event: ClaimDecided) -> None:
    """Who claimed learns what was decided, and reads there why."""
    claim = db.session.get_one(Claim, event.claim_id)
    tell(event.person_id, f"claim_{event.state}", "claim", claim.id, who=event.by_id, activity=claim.activity)


def tell_of_certificates(event: CertificatesIssued) -> None:
    """Each holder learns that a period's certificate is there; who has several is told of each."""
    rows = db.session.execute(
        sa.select(Certificate.id, Certificate.person_id).where(among(Certificate.id, event.certificate_ids))
    ).all()
    told = [Told(person_id, certificate_id) for certificate_id, person_id in rows]
    notify_many(Actor.system(), told, kind="hours_certified", about="certificate")


def tell_of_revocation(event: CertificateRevoked) -> None:
    """The holder learns that a certificate does not hold any more, and reads there why."""
    tell(event.person_id, "certificate_revoked", "certificate", event.certificate_id, who=event.by_id)


def tell_of_late_deed(event: DeedTooLate) -> None:
    """Whose hours came too late learns it, so that it is no riddle why they are not there."""
    period = db.session.get_one(LearningPeriod, event.period_id)
    day = event.happened_on.isoformat()
    tell(event.person_id, "deed_too_late", "hours", event.person_id, period=period.name, day=day)


def tell_of_data_request(event: DataRequested) -> None:
    """HR over the unit learns that the law's clock runs."""
    person = db.session.get_one(Person, event.person_id)
    for person_id in hr_ids(person):
        tell(person_id, "data_requested", "data_requests", event.request_id, who=event.person_id)


def tell_of_data_clock(event: DataRequestDue) -> None:
    """HR over the unit is told that a day is left, and again when none is."""
    person = db.session.get_one(Person, event.person_id)
    for person_id in hr_ids(person):
        tell(person_id, "data_overdue" if event.late else "data_due", "data_requests", event.request_id, who=event.person_id)


def tell_of_withdrawn_session(event: SessionWithdrawn) -> None:
    """Whose hours were taken out because a session did not take place learns it."""
    tell(event.person_id, "session_withdrawn", "hours", event.person_id, who=event.by_id, day=event.happened_on.isoformat())


def tell_of_data_answer(event: DataRequestAnswered) -> None:
    """Who asked learns that there is an answer."""
    tell(event.person_id, "data_answered", "record", event.request_id, who=event.by_id)


def ask_of_behaviour(event: BehaviourAsked) -> None:
    """Who is asked what shows at work is led to the question."""
    kind = "behaviour_self" if event.asked_id == event.person_id else "behaviour_superior"
    tell(event.asked_id, kind, "behaviour", event.review_id, who=event.person_id)


def tell_of_plan_sent(event: PlanSent) -> None:
    """Who decides learns that a plan waits."""
    plan = db.session.get_one(DevelopmentPlan, event.plan_id)
    for person_id in decider_ids(plan.person):
        tell(person_id, "plan_sent", "plan", plan.id, who=event.person_id, year=plan.year)


def tell_of_plan_decision(event: PlanDecided) -> None:
    """Whose plan it is learns what was decided."""
    plan = db.session.get_one(DevelopmentPlan, event.plan_id)
    tell(event.person_id, f"plan_{event.state}", "plan", plan.id, who=event.by_id, year=plan.year)


def tell_of_levels(event: LevelsChanged) -> None:
    """Who was assessed learns that the map has changed; not for a whole file at once."""
    if len(event.person_ids) <= MOST_AT_ONCE:
        for person_id in event.person_ids:
            tell(person_id, "levels_changed", "map", person_id)


def ask_colleagues(event: ColleaguesAsked) -> None:
    """Each colleague is led to the short form; whose work it is learns of it where somebody else asked."""
    for colleague_id in event.colleague_ids:
        tell(colleague_id, "colleague_asked", "colleague_form", event.review_id, who=event.person_id)
    if event.by_id != event.person_id:
        tell(event.person_id, "colleagues_begun", "colleagues", event.person_id, who=event.by_id)


def remind_colleagues(event: ColleaguesReminded) -> None:
    """Who has not answered is reminded once."""
    for colleague_id in event.colleague_ids:
        tell(colleague_id, "colleague_reminder", "colleague_form", event.review_id, who=event.person_id)


def tell_of_colleagues(event: ColleaguesHeard) -> None:
    """Whose work it is, and whoever asked, learn that it is over and what came of it."""
    kind = "colleagues_heard" if event.entered else "colleagues_unheard"
    for person_id in sorted({event.person_id, event.by_id}):
        tell(person_id, kind, "colleagues", event.person_id, who=event.person_id, num=event.entered)
