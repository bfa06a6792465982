"""Reads across the house."""

from mentorlink.insights.queries.home import Home, home_for
from mentorlink.insights.queries.programme import (
    SHOWN,
    SILENT_DAYS,
    WAITING_DAYS,
    Funnel,
    Pair,
    WaitingRequest,
    funnel_for,
    pairs_for,
    silent_pairs_for,
    waiting_count_for,
    waiting_requests_for,
)

__all__ = [
    "SHOWN", "SILENT_DAYS", "WAITING_DAYS", "Funnel", "Home", "Pair", "WaitingRequest",
    "funnel_for", "home_for", "pairs_for", "silent_pairs_for", "waiting_count_for", "waiting_requests_for",
]  # fmt: skip
