"""Offers, suggestions and requests as JSON: codes, numbers and what people wrote to each other, for who may read it."""

from __future__ import annotations

from typing import Any

from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.queries import Suggestion, Suggestions
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
        "suggestions": [suggestion(each, ranked=found.ranked) for each in found.items],
        "choices": {name: {str(value): n for value, n in counts.items()} for name, counts in found.ranking.choices.items()},
        "changes": [{"filter": change.filter, "value": change.value, "more": change.gain} for change in found.changes],
        "without_room": found.full,
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
