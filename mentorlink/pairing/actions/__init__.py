"""Use cases of pairing."""

from mentorlink.pairing.actions.choosing import choose_finding, forget_person, leave_ranking, save_person, settle_need, voice_need
from mentorlink.pairing.actions.invitations import (
    end_invitation,
    invite_mentee,
    refuse_invitation,
    take_invitation,
    withdraw_invitation,
    withdraw_invitations,
)
from mentorlink.pairing.actions.kept import decline_place, give_places, lapse_place, withdraw_places
from mentorlink.pairing.actions.models import adopt_model, decline_model, propose_model, retire_model
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
    expire_request,
    free_place,
    remind_of_request,
    send_request,
    withdraw_request,
)
from mentorlink.pairing.actions.shown import forget_shown, note_after_answer, note_shown
from mentorlink.pairing.actions.waiting import join_line, leave_line
from mentorlink.pairing.actions.words import keep_words

__all__ = [
    "OfferRow",
    "accept_request",
    "adopt_model",
    "answer_back",
    "ask_back",
    "change_offer",
    "choose_finding",
    "close_offer",
    "close_requests",
    "decline_model",
    "decline_place",
    "decline_request",
    "end_invitation",
    "expire_request",
    "forget_person",
    "forget_shown",
    "free_place",
    "give_places",
    "invite_mentee",
    "join_line",
    "keep_words",
    "lapse_place",
    "leave_line",
    "leave_ranking",
    "note_after_answer",
    "note_shown",
    "open_offer",
    "pause_offer",
    "propose_model",
    "refuse_invitation",
    "remind_of_request",
    "resume_offer",
    "retire_model",
    "save_offers",
    "save_person",
    "send_request",
    "settle_need",
    "take_invitation",
    "voice_need",
    "withdraw_invitation",
    "withdraw_invitations",
    "withdraw_places",
    "withdraw_request",
]
