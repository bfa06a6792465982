"""The life of a request, as a table: which step leads from where to where, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("mentor", "coach")

STATES = ("sent", "asked_back", "accepted", "declined", "withdrawn", "expired")

OPEN = ("sent", "asked_back")
"""Somebody still has to answer."""

DECLINE_REASONS = ("full", "field", "distance", "time", "conflict", "other")
"""Why a mentor says no. The one who asked sees the reason as it was chosen."""

OFFER_ENDED = "closed"
"""The house's own reason: the offer is there no more, for whatever cause; it never says which."""

QUESTIONS = 3
"""So many questions may be asked back before a yes or no."""


STANDINGS = ("room", "full", "paused", "closed")
"""How an offer stands for who looks at it."""

WAITING_STATES = ("waiting", "offered", "asked", "done", "left")

IN_LINE = ("waiting", "offered", "asked")
"""Not over: in the line, or with a place kept for them (``offered``), or with a request on its way for it (``asked``)."""

PLACE_STATES = ("offered", "asked", "paired", "declined", "lapsed", "gone", "returned")
"""A kept place: offered to somebody, asked for by them; then a pair came of it, or they declined, or their time ran out, or the
offer was paused or closed (gone), or the request for it came to nothing (returned)."""

HOLDING = ("offered", "asked")
"""A place in one of these states counts as held."""

INVITATION_STATES = ("sent", "accepted", "declined", "withdrawn", "expired")


@dataclass(frozen=True)
class Step:
    """A step of a request: who may take it, from which states, into which."""

    verb: str
    by: str
    """asked (the mentor), asker, or clock."""
    sources: tuple[str, ...]
    target: str


STEPS = {
    step.verb: step
    for step in (
        Step("accept", "asked", ("sent", "asked_back"), "accepted"),
        Step("decline", "asked", ("sent", "asked_back"), "declined"),
        Step("ask_back", "asked", ("sent",), "asked_back"),
        Step("answer_back", "asker", ("asked_back",), "sent"),
        Step("withdraw", "asker", ("sent", "asked_back"), "withdrawn"),
        Step("expire", "clock", ("sent", "asked_back"), "expired"),
    )
}


def turn_of(state: str) -> str | None:
    """Who has to move: ``asked``, ``asker``, or nobody."""
    return {"sent": "asked", "asked_back": "asker"}.get(state)
