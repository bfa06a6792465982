"""The engine's words: names of terms, rules and filters, and the bit of each rule and filter."""

from __future__ import annotations

TERMS = ("cover", "text", "experience", "place", "field", "language", "grade")
RULES = (
    "self",
    "line_of_command",
    "no_room",
    "paused",
    "blocked",
    "past_failed_pair",
    "other_field",
    "same_unit",
    "grade_distance",
)
FILTERS = ("fields", "time_zones", "places", "languages", "unit", "covers", "min_years", "grades")

BIT = {name: 1 << place for place, name in enumerate((*RULES, *FILTERS))}
RULE_BITS = sum(BIT[name] for name in RULES)
ABSENT = 1 << 31
"""A slot without a person."""
