"""Rows of pairing: who offers to help, who asked whom, who waits for a place, and what each process must take in anew."""

from mentorlink.pairing.models.choosing import FindingChoice, HeldPlace, Invitation, NeedVoice, SavedPerson, Waiting
from mentorlink.pairing.models.offers import Offer, OfferCompetency
from mentorlink.pairing.models.pool import PoolChange, PoolState
from mentorlink.pairing.models.requests import Request, RequestCompetency, RequestMessage
from mentorlink.pairing.models.shown import RankingModel, ShownList, ShownPerson

__all__ = [
    "FindingChoice",
    "HeldPlace",
    "Invitation",
    "NeedVoice",
    "Offer",
    "OfferCompetency",
    "PoolChange",
    "PoolState",
    "RankingModel",
    "Request",
    "RequestCompetency",
    "RequestMessage",
    "SavedPerson",
    "ShownList",
    "ShownPerson",
    "Waiting",
]
