"""Rows of pairing: who offers to help, who asked whom, and what the pool of each process must take in anew."""

from mentorlink.pairing.models.offers import Offer, OfferCompetency
from mentorlink.pairing.models.pool import PoolChange, PoolState
from mentorlink.pairing.models.requests import Request, RequestCompetency, RequestMessage

__all__ = ["Offer", "OfferCompetency", "PoolChange", "PoolState", "Request", "RequestCompetency", "RequestMessage"]
