"""Reads of pairing."""

from mentorlink.pairing.queries.mentees import Asking, asking, askings, barriers
from mentorlink.pairing.queries.offers import OfferView, offer_for, offer_view, offers_of, own_offers
from mentorlink.pairing.queries.pool import index_of, warm_pool
from mentorlink.pairing.queries.requests import (
    RequestView,
    alternatives_to,
    open_request_to,
    open_requests,
    own_request,
    request_for,
    request_view,
    requests_for,
    waiting_by_box,
    waiting_for,
)
from mentorlink.pairing.queries.suggestions import (
    AskView,
    Suggestion,
    Suggestions,
    ask_view,
    best_for,
    competency_names,
    rankings,
    replies_of,
    suggestions_for,
)
from mentorlink.pairing.queries.terms import Terms, terms_of

__all__ = [
    "AskView",
    "Asking",
    "OfferView",
    "RequestView",
    "Suggestion",
    "Suggestions",
    "Terms",
    "alternatives_to",
    "ask_view",
    "asking",
    "askings",
    "barriers",
    "best_for",
    "competency_names",
    "index_of",
    "offer_for",
    "offer_view",
    "offers_of",
    "open_request_to",
    "open_requests",
    "own_offers",
    "own_request",
    "rankings",
    "replies_of",
    "request_for",
    "request_view",
    "requests_for",
    "suggestions_for",
    "terms_of",
    "waiting_by_box",
    "waiting_for",
    "warm_pool",
]
