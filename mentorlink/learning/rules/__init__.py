"""Decisions of the learning record: what a deed counts, what a year asks, what evidence is, what a plan adds up to."""

from mentorlink.learning.rules.credit import (
    CAP_PERIODS,
    CAP_UNITS,
    CONVERSIONS,
    SHARES,
    Deed,
    PathRule,
    Share,
    allocate,
    full_jp,
    month_of,
    paths_of,
    period_of,
    shipped_paths,
    spread,
)
from mentorlink.learning.rules.evidence import EVIDENCE_MB, check_length, check_link, kind_of_file
from mentorlink.learning.rules.plans import LEAST, Balance, balance_of, progress_of, suppressed
from mentorlink.learning.rules.year import Forecast, Suggestion, YearTarget, forecast_of, suggestion_of, target_of

__all__ = [
    "CAP_PERIODS",
    "CAP_UNITS",
    "CONVERSIONS",
    "EVIDENCE_MB",
    "LEAST",
    "SHARES",
    "Balance",
    "Deed",
    "Forecast",
    "PathRule",
    "Share",
    "Suggestion",
    "YearTarget",
    "allocate",
    "balance_of",
    "check_length",
    "check_link",
    "forecast_of",
    "full_jp",
    "kind_of_file",
    "month_of",
    "paths_of",
    "period_of",
    "progress_of",
    "shipped_paths",
    "spread",
    "suggestion_of",
    "suppressed",
    "target_of",
]
