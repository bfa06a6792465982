"""Use cases of pairing."""

from mentorlink.pairing.actions.offers import (
    OfferRow,
    change_offer,
    close_offer,
    open_offer,
    pause_offer,
    resume_offer,
    save_offers,
)
from mentorlink.pairing.actions.requests import (
    accept_request,
    answer_back,
    ask_back,
    close_requests,
    decline_request,
    end_coaching,
    expire_request,
    free_place,
    remind_of_request,
    send_request,
    withdraw_request,
)

__all__ = [
    "OfferRow",
    "accept_request",
    "answer_back",
    "ask_back",
    "change_offer",
    "close_offer",
    "close_requests",
    "decline_request",
    "end_coaching",
    "expire_request",
    "free_place",
    "open_offer",
    "pause_offer",
    "remind_of_request",
    "resume_offer",
    "save_offers",
    "send_request",
    "withdraw_request",
]
