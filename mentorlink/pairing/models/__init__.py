"""Rows of pairing: who offers to help, who asked whom, who waits for a place, and what each process must take in anew."""

from mentorlink.pairing.models.choosing import FindingChoice, HeldPlace, Invitation, NeedVoice, SavedPerson, Waiting
from mentorlink.pairing.models.offers import Offer, OfferCompetency
from mentorlink.pairing.models.pool import PoolChange, PoolState, PoolWords
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
    "PoolWords",
    "RankingModel",
    "Request",
    "RequestCompetency",
    "RequestMessage",
    "SavedPerson",
    "ShownList",
    "ShownPerson",
    "Waiting",
]
