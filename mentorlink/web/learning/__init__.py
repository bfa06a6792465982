"""Pages of the learning record: hours, claims, plans, sums, rules, periods, certificates, index, evaluation, my record."""

from mentorlink.web.learning import (
    certificates,
    claims,
    evaluation,
    hours,
    index,
    periods,
    plans,
    record,
    rules,
    sums,
)
from mentorlink.web.learning.blueprint import pages

__all__ = [
    "certificates",
    "claims",
    "evaluation",
    "hours",
    "index",
    "pages",
    "periods",
    "plans",
    "record",
    "rules",
    "sums",
]
