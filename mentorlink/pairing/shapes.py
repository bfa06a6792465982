"""Offers, suggestions and requests as JSON: codes, numbers and what people wrote to each other, for who may read it."""

from __future__ import annotations

from typing import Any

from mentorlink.pairing.models import HeldPlace, Invitation, Offer, Request, Waiting
from mentorlink.pairing.queries import Choices, Line, Saved, Suggestion, Suggestions
from mentorlink.people.models import Person


def suggestion(each: Suggestion, *, ranked: bool = True) -> dict[str, Any]:
    """One line of the list with its reasons; ``fit`` is the sum of ``parts``, of 100. Unranked: neither place nor fit."""
    standing = {
        "place": each.match.place,
        "tied": each.match.tied,
        "fit": round(sum(each.points.values()), 1),
        "parts": each.points,
    }
    return {
        "offer": offer(each.offer),
        **(standing if ranked else {}),
        "saved": each.saved,
        "covers": [{"competency": term.code, "from": term.actual, "to": term.actual + term.covered} for term in each.covers],
        "leaves": [
            {"competency": term.code, "at": term.actual + term.covered, "required": term.required} for term in each.leaves
        ],
        "years": each.years,
        "usual_reply_seconds": int(each.reply.total_seconds()) if each.reply else None,
        "request_id": each.request_id,
    }


def suggestions(found: Suggestions) -> dict[str, Any]:
    """A page of the list, what each choice of a filter would leave, and what would lengthen a short list."""
    return {
        "total": found.total,
        "page": found.wanted.page,
        "pages": found.pages,
        "ranked": found.ranked,
        "ranked_by": _ranked_by(found),
        "suggestions": [suggestion(each, ranked=found.ranked) | {"odds": found.odds_of(each)} for each in found.items],
        "choices": {name: {str(value): n for value, n in counts.items()} for name, counts in found.ranking.choices.items()},
        "changes": [{"filter": change.filter, "value": change.value, "more": change.gain} for change in found.changes],
        "without_room": found.full,
    }


def _ranked_by(found: Suggestions) -> dict[str, Any] | None:
    """What ranks: a model by its number, or policy weights; None for a list by name."""
    if not found.ranked:
        return None
    model = found.terms.model
    return {"model": model.number if model else None, "answers": model.answers if model else None}


def own_offer(row: Offer) -> dict[str, Any]:
    """An offer as its owner changes it."""
    return {
        "id": row.id,
        **row.said,
        "paused_until": row.paused_until.isoformat() if row.paused_until else None,
        "taken": row.taken,
        "held": row.held,
    }


def offer(row: Offer) -> dict[str, Any]:
    """An offer as every colleague sees it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "person": person(row.person),
        "capacity": row.capacity,
        "free": row.free,
        "languages": list(row.languages),
        "message": row.message,
    }


def person(row: Person) -> dict[str, Any]:
    """Who somebody is, in a line."""
    return {
        "id": row.id,
        "name": row.full_name,
        "unit_id": row.unit_id,
        "place": row.place or row.unit.place,
        "timezone": row.timezone,
    }


def request(row: Request) -> dict[str, Any]:
    """A request in a list, for one of the two."""
    return {
        "id": row.id,
        "state": row.state,
        "kind": row.offer.kind,
        "asker": person(row.person),
        "asked": person(row.offer.person),
        "competencies": [each.competency.code for each in row.competencies],
        "sent_at": row.sent_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "mentorship_id": row.mentorship_id,
        "engagement_id": row.engagement_id,
    }


def whole_request(row: Request) -> dict[str, Any]:
    """A request with all that was said, for one of the two."""
    return request(row) | {
        "message": row.message,
        "thread": [
            {"kind": message.kind, "author_id": message.author_id, "body": message.body, "at": message.created_at.isoformat()}
            for message in row.thread
        ],
        "decline_reason": row.decline_reason,
        "decline_words": row.decline_words,
    }


def choices(chosen: Choices) -> dict[str, Any]:
    """How somebody wants to be ranked and found, for themself alone."""
    return {"unranked": chosen.unranked, "open_to_offers": chosen.open_to_offers}


def saved(each: Saved) -> dict[str, Any]:
    """Somebody whom one saved, as they stand now, and what changed since."""
    return {
        "person": person(each.row.saved),
        "kind": each.row.kind,
        "offer_id": each.offer.id if each.offer else None,
        "stands": each.stands,
        "news": each.news,
        "saved_at": each.row.saved_at.isoformat(),
    }


def waiting(row: Waiting) -> dict[str, Any]:
    """What somebody waits for."""
    return {
        "id": row.id,
        "kind": row.kind,
        "competency": row.competency.code if row.competency else None,
        "offer_id": row.offer_id,
        "state": row.state,
        "since": row.since.isoformat(),
    }


def line(each: Line) -> dict[str, Any]:
    """The same with one's place in the line, and the place that is kept if there is one."""
    return waiting(each.row) | {
        "place_in_line": each.place or None,
        "earlier_for_something_else": each.others,
        "kept": place(each.kept) if each.kept else None,
    }


def place(row: HeldPlace) -> dict[str, Any]:
    """A place that is or was kept for somebody, for themself alone."""
    return {
        "id": row.id,
        "offer_id": row.offer_id,
        "state": row.state,
        "until": row.until.isoformat(),
        "request_id": row.request_id,
    }


def invitation(row: Invitation) -> dict[str, Any]:
    """An invitation, for one of the two."""
    return {
        "id": row.id,
        "state": row.state,
        "kind": row.offer.kind,
        "offer_id": row.offer_id,
        "mentor": person(row.offer.person),
        "invited": person(row.person),
        "message": row.message,
        "reply": row.reply,
        "sent_at": row.sent_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "request_id": row.request_id,
    }
