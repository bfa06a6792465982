"""Who is told of requests, places, invitations and needs."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.competencies.models import Competency
from mentorlink.kernel.db import db
from mentorlink.notifications.effects.telling import tell
from mentorlink.pairing.events import (
    InvitationRefused,
    InvitationTaken,
    InvitationWithdrawn,
    MenteeInvited,
    ModelProposed,
    NeedSettled,
    NeedVoiced,
    PlaceGone,
    PlaceLapsed,
    PlaceOffered,
    RequestAccepted,
    RequestAnsweredBack,
    RequestAskedBack,
    RequestDeclined,
    RequestExpired,
    RequestReminded,
    RequestSent,
    RequestWithdrawn,
    WaitingEnded,
)
from mentorlink.pairing.models import HeldPlace
from mentorlink.people.models import Person, RoleGrant, Unit


def tell_of_request(event: RequestSent) -> None:
    """The mentor learns that somebody asks."""
    tell(event.mentor_id, "request_received", "request", event.request_id, who=event.asker_id)


def tell_of_question(event: RequestAskedBack) -> None:
    """The asker learns that the mentor wants to know more."""
    tell(event.asker_id, "request_asked_back", "request", event.request_id, who=event.mentor_id)


def tell_of_answer(event: RequestAnsweredBack) -> None:
    """The mentor learns that the asker answered."""
    tell(event.mentor_id, "request_answered_back", "request", event.request_id, who=event.asker_id)


def tell_of_accept(event: RequestAccepted) -> None:
    """The asker learns that the mentor accepted, and goes on in the mentorship; a coaching tells of its first talk itself."""
    if event.mentorship_id is not None:
        tell(event.asker_id, "request_accepted", "mentorship", event.mentorship_id, who=event.mentor_id)


def tell_of_decline(event: RequestDeclined) -> None:
    """The asker learns that it will not be, and where others are."""
    tell(event.asker_id, "request_declined", "request", event.request_id, who=event.mentor_id)


def tell_of_withdrawal(event: RequestWithdrawn) -> None:
    """The mentor learns that nothing is to be answered any more."""
    tell(event.mentor_id, "request_withdrawn", "request", event.request_id, who=event.asker_id)


def remind_of_request(event: RequestReminded) -> None:
    """Whose turn it is learns that one day is left."""
    other = event.asker_id if event.person_id == event.mentor_id else event.mentor_id
    tell(
        event.person_id,
        "request_reminder",
        "request",
        event.request_id,
        who=other,
        once=f"reminder:{event.request_id}:{event.person_id}",
    )


def tell_of_expiry(event: RequestExpired) -> None:
    """The asker learns that the request came back unanswered."""
    tell(event.asker_id, "request_expired", "request", event.request_id, who=event.mentor_id)


def tell_of_place(event: PlaceOffered) -> None:
    """Who waited learns that a place is kept, and until when."""
    until = db.session.get_one(HeldPlace, event.place_id).until.isoformat()
    tell(event.person_id, "place_offered", "place", event.place_id, who=event.mentor_id, until=until)


def tell_of_lapse(event: PlaceLapsed) -> None:
    """Who let it pass learns where they stand."""
    tell(event.person_id, "place_lapsed", "lines", event.place_id, who=event.mentor_id)


def tell_of_gone_place(event: PlaceGone) -> None:
    """Who had it offered learns that it is not there after all."""
    tell(event.person_id, "place_gone", "lines", event.place_id, who=event.mentor_id)


def tell_of_line_end(event: WaitingEnded) -> None:
    """Who waited for this one learns that there is nothing to wait for."""
    tell(event.person_id, "line_ended", "find", event.waiting_id, who=event.mentor_id)


def tell_of_offered_help(event: MenteeInvited) -> None:
    """The invited learns who offers help."""
    tell(event.person_id, "help_offered", "invitation", event.invitation_id, who=event.mentor_id)


def tell_of_taken_help(event: InvitationTaken) -> None:
    """Who invited goes on in what began."""
    if event.mentorship_id is not None:
        tell(event.mentor_id, "help_taken", "mentorship", event.mentorship_id, who=event.person_id)
    else:
        tell(event.mentor_id, "help_taken", "engagement", event.engagement_id or 0, who=event.person_id)


def tell_of_refused_help(event: InvitationRefused) -> None:
    """Who invited learns that it will not be."""
    tell(event.mentor_id, "help_refused", "invitation", event.invitation_id, who=event.person_id)


def tell_of_withdrawn_help(event: InvitationWithdrawn) -> None:
    """The invited need not answer any more."""
    tell(event.person_id, "help_withdrawn", "invitation", event.invitation_id, who=event.mentor_id)


def tell_of_need(event: NeedVoiced) -> None:
    """The programme managers over whoever spoke learn of a need, once each until it is taken up; never who spoke."""
    competency = db.session.get_one(Competency, event.competency_id)
    path = db.session.get_one(Person, event.person_id).unit.path
    grants = db.session.execute(
        sa.select(RoleGrant.person_id, Unit.path).outerjoin(Unit, RoleGrant.unit_id == Unit.id).where(RoleGrant.role == "manager")
    )
    for manager in sorted({person_id for person_id, over in grants if over is None or path.startswith(over)}):
        tell(
            manager, "need_told", "needs", event.competency_id, once=f"need:{event.kind}:{event.competency_id}:{event.level}",
            competency=dict(competency.name), level=event.level,
        )  # fmt: skip


def tell_of_settled_need(event: NeedSettled) -> None:
    """Who spoke learns that somebody cares."""
    names = dict(db.session.get_one(Competency, event.competency_id).name)
    for person_id in event.person_ids:
        tell(person_id, "need_settled", "find", event.competency_id, competency=names)


def tell_of_model(event: ModelProposed) -> None:
    """Administrators of the whole agency learn that a model of the ranking waits for their decision."""
    deciders = sa.select(RoleGrant.person_id).where(RoleGrant.role == "administrator", RoleGrant.unit_id.is_(None))
    for person_id in db.session.scalars(deciders.order_by(RoleGrant.person_id)).all():
        tell(person_id, "ranking_proposed", "ranking", event.model_id, number=event.number)
