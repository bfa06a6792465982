"""What the house keeps of somebody's looking for each other: offers, requests, lines, wishes, rounds, what lists showed."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.competencies.models import Competency
from mentorlink.insights.queries.record.part import Part, part
from mentorlink.pairing.models import (
    FindingChoice,
    HeldPlace,
    Invitation,
    NeedVoice,
    Offer,
    Request,
    RequestMessage,
    SavedPerson,
    ShownList,
    ShownPerson,
    Waiting,
)
from mentorlink.people.models import Person
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundTie, RoundWish


def parts(me: int) -> Iterator[Part]:
    """Part by part."""
    other, second = aliased(Person), aliased(Person)
    yield part(
        "offers", "agency", me, Offer.person_id,
        {"kind": Offer.kind, "capacity": Offer.capacity, "message": Offer.message, "at": Offer.opened_at,
         "closed_at": Offer.closed_at},
    )  # fmt: skip
    yield part(
        "requests", "pair", me, Request.person_id,
        {"with": other.name, "message": Request.message, "state": Request.state, "at": Request.sent_at,
         "answer": Request.decline_words},
        (Offer, Request.offer_id == Offer.id), (other, Offer.person_id == other.id),
    )  # fmt: skip
    yield part(
        "request_answers", "pair", me, Offer.person_id,
        {"with": other.name, "text": Request.decline_words, "at": Request.closed_at},
        (Request, Request.offer_id == Offer.id), (other, Request.person_id == other.id),
        where=Request.decline_words.is_not(None),
    )  # fmt: skip
    yield part("request_words", "pair", me, RequestMessage.author_id,
               {"kind": RequestMessage.kind, "text": RequestMessage.body, "at": RequestMessage.created_at})  # fmt: skip
    yield part(
        "invitations", "pair", me, Invitation.person_id,
        {"with": other.name, "message": Invitation.message, "answer": Invitation.reply, "state": Invitation.state,
         "at": Invitation.sent_at},
        (Offer, Invitation.offer_id == Offer.id), (other, Offer.person_id == other.id),
    )  # fmt: skip
    yield part(
        "invitations_sent", "pair", me, Offer.person_id,
        {"with": other.name, "message": Invitation.message, "state": Invitation.state, "at": Invitation.sent_at},
        (Invitation, Invitation.offer_id == Offer.id), (other, Invitation.person_id == other.id),
        where=Invitation.id.is_not(None),
    )  # fmt: skip
    yield part("saved", "me", me, SavedPerson.person_id,
               {"with": other.name, "kind": SavedPerson.kind, "at": SavedPerson.saved_at},
               (other, SavedPerson.saved_id == other.id))  # fmt: skip
    yield part(
        "waiting", "hr", me, Waiting.person_id,
        {"kind": Waiting.kind, "competency": Competency.name, "state": Waiting.state, "at": Waiting.joined_at,
         "closed_at": Waiting.closed_at},
        (Competency, Waiting.competency_id == Competency.id),
    )  # fmt: skip
    yield part("held_places", "pair", me, HeldPlace.person_id,
               {"state": HeldPlace.state, "at": HeldPlace.offered_at, "until": HeldPlace.until})  # fmt: skip
    yield part(
        "needs", "hr", me, NeedVoice.person_id,
        {"kind": NeedVoice.kind, "competency": Competency.name, "level": NeedVoice.level, "at": NeedVoice.said_at,
         "closed_at": NeedVoice.settled_at},
        (Competency, NeedVoice.competency_id == Competency.id),
    )  # fmt: skip
    yield part(
        "finding_choices", "me", me, FindingChoice.person_id,
        {"unranked": FindingChoice.unranked, "open_to_offers": FindingChoice.open_to_offers, "at": FindingChoice.changed_at},
    )  # fmt: skip
    yield part(
        "lists", "me", me, ShownList.person_id,
        {"kind": ShownList.kind, "at": ShownList.shown_at, "filters": ShownList.filters, "count": ShownList.total},
    )  # fmt: skip
    yield part("list_people", "me", me, ShownPerson.viewer_id,
               {"with": other.name, "kind": ShownPerson.kind, "day": ShownPerson.day, "place": ShownPerson.place},
               (other, ShownPerson.mentor_id == other.id))  # fmt: skip
    yield part(
        "rounds", "hr", me, RoundMember.person_id,
        {"title": Round.name, "side": RoundMember.side, "capacity": RoundMember.places, "count": RoundMember.missed,
         "out": RoundMember.out},
        (Round, RoundMember.round_id == Round.id),
    )  # fmt: skip
    yield part(
        "round_wishes", "hr", me, RoundWish.person_id,
        {"title": Round.name, "side": RoundWish.side, "place": RoundWish.place, "with": other.name},
        (Round, RoundWish.round_id == Round.id), (other, RoundWish.wished_id == other.id),
    )  # fmt: skip
    yield part(
        "round_ties", "hr", me, (RoundTie.mentee_id, RoundTie.mentor_id),
        {"title": Round.name, "kind": RoundTie.kind, "with": _other(me, RoundTie.mentee_id, other, second)},
        (Round, RoundTie.round_id == Round.id), (other, RoundTie.mentee_id == other.id),
        (second, RoundTie.mentor_id == second.id),
    )  # fmt: skip
    yield part(
        "round_pairs", "hr", me, (Proposal.mentee_id, Proposal.mentor_id),
        {"title": Round.name, "with": _other(me, Proposal.mentee_id, other, second), "reason": Proposal.decided,
         "at": Round.published_at},
        (Round, Proposal.round_id == Round.id), (other, Proposal.mentee_id == other.id),
        (second, Proposal.mentor_id == second.id),
        where=Round.published_at.is_not(None),
    )  # fmt: skip


def _other(me: int, first: sa.ColumnElement[int], mentee: type[Person], mentor: type[Person]) -> sa.ColumnElement[str]:
    return sa.case((first == me, mentor.name), else_=mentee.name)
