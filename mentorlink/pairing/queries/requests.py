"""Reads about requests. To anybody but the two of them a request does not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, selectinload

from mentorlink.competencies.queries import needs_of
from mentorlink.competencies.rules import Need
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.models import Offer, Request, RequestCompetency, RequestMessage
from mentorlink.pairing.policy import may_see_request
from mentorlink.pairing.queries.suggestions import Suggestion, best_for, competency_names
from mentorlink.pairing.stages import OPEN
from mentorlink.people.models import Person

PAGE = 20
Box = Literal["in", "out"]


def request_for(actor: Actor, request_id: int) -> Request:
    """The request with what was said, if the actor is one of the two."""
    request = db.session.get(
        Request,
        request_id,
        options=(selectinload(Request.competencies), selectinload(Request.thread).joinedload(RequestMessage.author)),
    )
    if request is None or not may_see_request(actor, request):
        raise NotFound()
    return request


def requests_for(actor: Actor, box: Box, *, page: int = 1) -> tuple[Sequence[Request], int]:
    """A page of the requests to the actor (``in``) or from them (``out``), open ones first, and how many there are."""
    mine = Offer.person_id == actor.person_id if box == "in" else Request.person_id == actor.person_id
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Request).join(Request.offer).where(mine)) or 0
    asker = sa.orm.aliased(Person)
    mentor = sa.orm.aliased(Person)
    rows = db.session.scalars(
        sa.select(Request)
        .join(Request.offer)
        .join(mentor, Offer.person_id == mentor.id)
        .join(asker, Request.person_id == asker.id)
        .options(
            contains_eager(Request.offer).contains_eager(Offer.person.of_type(mentor)),
            contains_eager(Request.person.of_type(asker)),
            selectinload(Request.competencies).joinedload(RequestCompetency.competency),
        )
        .where(mine)
        .order_by(Request.state.in_(OPEN).desc(), Request.sent_at.desc(), Request.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return rows.all(), total


def open_requests_for(actor: Actor, *, limit: int = 40) -> list[Request]:
    """Open requests to and from the actor, the latest first. One query; nothing of what was said comes with them."""
    asker, mentor = sa.orm.aliased(Person), sa.orm.aliased(Person)
    rows = db.session.scalars(
        sa.select(Request)
        .join(Request.offer)
        .join(mentor, Offer.person_id == mentor.id)
        .join(asker, Request.person_id == asker.id)
        .options(
            contains_eager(Request.offer).contains_eager(Offer.person.of_type(mentor)),
            contains_eager(Request.person.of_type(asker)),
            defer(Request.message),
            defer(Request.decline_words),
        )
        .where(sa.or_(Offer.person_id == actor.person_id, Request.person_id == actor.person_id), Request.state.in_(OPEN))
        .order_by(Request.sent_at.desc(), Request.id.desc())
        .limit(limit)
    )
    return list(rows)


def own_request(actor: Actor, client_id: str) -> Request | None:
    """The request that the actor's form of this id became, if it did."""
    return db.session.scalar(sa.select(Request).where(Request.person_id == actor.person_id, Request.client_id == client_id))


def open_request_to(actor: Actor, offer: Offer) -> Request | None:
    """The actor's open request to this offer."""
    return db.session.scalar(
        sa.select(Request).where(Request.person_id == actor.person_id, Request.offer_id == offer.id, Request.state.in_(OPEN))
    )


def open_requests(actor: Actor) -> int:
    """How many requests of the actor's own are open."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(Request).where(Request.person_id == actor.person_id, Request.state.in_(OPEN))
        )
        or 0
    )


def alternatives_to(actor: Actor, request: Request) -> list[Suggestion]:
    """Three others with room, for who asked and got no yes. Whom they asked already is left out."""
    if not actor.is_person(request.person_id) or request.state not in ("expired", "declined"):
        return []
    asked = set(
        db.session.scalars(
            sa.select(Offer.person_id)
            .join(Request, Request.offer_id == Offer.id)
            .where(
                Request.person_id == actor.person_id,
                sa.or_(Request.state.in_(OPEN), Request.id == request.id, Request.sent_at >= request.sent_at),
            )
        )
    )
    return best_for(actor, kind=request.offer.kind, k=3, without=asked)


def waiting_by_box(actor: Actor) -> dict[str, int]:
    """How many requests wait for a move of the actor, by box."""
    row = db.session.execute(
        sa.select(
            sa.func.count(sa.case((sa.and_(Offer.person_id == actor.person_id, Request.state == "sent"), 1))),
            sa.func.count(sa.case((sa.and_(Request.person_id == actor.person_id, Request.state == "asked_back"), 1))),
        )
        .select_from(Request)
        .join(Offer, Request.offer_id == Offer.id)
        .where(Request.state.in_(OPEN), sa.or_(Offer.person_id == actor.person_id, Request.person_id == actor.person_id))
    ).one()
    return {"in": int(row[0]), "out": int(row[1])}


@dataclass(frozen=True)
class RequestView:
    """What stands around a request for one of the two."""

    mine: bool
    """True for who asked, False for who is asked."""
    gaps: Sequence[Need]
    """What the asker wants to grow in, with the levels of now; shown to the two."""
    others_open: int
    """Open requests of the asker to others; told to the asker alone."""
    alternatives: Sequence[Suggestion]
    names: Mapping[str, Mapping[str, str]]


def request_view(actor: Actor, request: Request) -> RequestView:
    """What the actor sees beside the request."""
    mine = actor.is_person(request.person_id)
    wanted = {row.competency_id for row in request.competencies}
    needs = [need for need in needs_of((request.person_id,)).get(request.person_id, []) if need.competency_id in wanted]
    alternatives = alternatives_to(actor, request)
    codes = {term.code for each in alternatives for term in each.why.competencies}
    others = open_requests(actor) - request.is_open if mine else 0
    return RequestView(mine, needs, others, alternatives, competency_names(codes) if codes else {})
