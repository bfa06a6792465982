"""Reads of pairing."""

from mentorlink.pairing.queries.figures import Figures, Stall, figures_for, stalls_for
from mentorlink.pairing.queries.mentees import Asking, asking, askings, barriers
from mentorlink.pairing.queries.offers import offer_for, offers_of, own_offers
from mentorlink.pairing.queries.pool import index_of, warm_pool
from mentorlink.pairing.queries.requests import (
    alternatives_to,
    open_request_to,
    open_requests,
    own_request,
    request_for,
    requests_for,
    waiting_for,
)
from mentorlink.pairing.queries.suggestions import (
    Suggestion,
    Suggestions,
    best_for,
    competency_names,
    fit_with,
    rankings,
    replies_of,
    suggestions_for,
)
from mentorlink.pairing.queries.terms import Terms, terms_of

__all__ = [
    "Asking",
    "Figures",
    "Stall",
    "Suggestion",
    "Suggestions",
    "Terms",
    "alternatives_to",
    "asking",
    "askings",
    "barriers",
    "best_for",
    "competency_names",
    "figures_for",
    "fit_with",
    "index_of",
    "offer_for",
    "offers_of",
    "open_request_to",
    "open_requests",
    "own_offers",
    "own_request",
    "rankings",
    "replies_of",
    "request_for",
    "requests_for",
    "stalls_for",
    "suggestions_for",
    "terms_of",
    "waiting_for",
    "warm_pool",
]
