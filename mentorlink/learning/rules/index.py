"""The professionalism index: points for qualification, competency, performance and discipline, and what would move them.

Weights, bands and which paths count where are a versioned table (``data/index.json`` ships version 1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from mentorlink.learning.rules.credit import DATA

POSTS = ("structural", "functional", "executive")
"""Kinds of posts: who leads, who has a profession, who carries out."""

ASKED = ("qualification", "performance", "discipline")
TRAINED = ("leadership", "functional")


@cache
def shipped_index() -> dict[str, Any]:
    """``data/index.json``."""
    found: dict[str, Any] = json.loads((DATA / "index.json").read_text(encoding="utf-8"))
    return found


def kind_of_post(rule: Mapping[str, Any], tier_code: str | None) -> str:
    """The kind of post by the tier: as the version says of the longest beginning of its code; else ``executive``."""
    posts = rule.get("posts") or shipped_index()["posts"]
    known = [begin for begin in posts if (tier_code or "").startswith(begin)]
    return str(posts[max(known, key=len)]) if known else "executive"


@dataclass(frozen=True)
class Known:
    """What was entered for one dimension: the code, which paper says so, and of when."""

    value: str
    source: str
    as_of: date


@dataclass(frozen=True)
class Part:
    """One part of the index. ``value`` is a code, JP, or nothing where nobody has said anything yet."""

    code: str
    points: float
    most: float
    value: str | int | None
    known: Known | None
    asked: int | None = None
    """JP that would meet it, where it is met by hours."""


@dataclass(frozen=True)
class Index:
    """Where somebody stands."""

    parts: list[Part]
    band: str
    whole: bool
    """Nothing that the index asks for is unknown."""

    @property
    def total(self) -> float:
        """Points of 100."""
        return sum(part.points for part in self.parts)

    @property
    def moves(self) -> list[Part]:
        """Parts that could still bring points, most first."""
        return sorted((part for part in self.parts if part.points < part.most), key=lambda part: part.points - part.most)


def index_of(rule: Mapping[str, Any], *, post: str, known: Mapping[str, Known], jp_by_path: Mapping[str, int]) -> Index:
    """The index of somebody in a kind of post. What is not known brings no points and is said to be unknown."""
    parts = []
    for code in ASKED:
        table, fact = rule[code], known.get(code)
        if fact and fact.value not in table:  # a later version has no such step: its points are to be said anew
            fact = None
        points = table[fact.value] if fact else 0
        parts.append(Part(code, points, max(table.values()), fact.value if fact else None, fact))
    weights = rule["competency"][post]
    for code in TRAINED:
        if code in weights:
            fact = known.get(code)
            done = fact is not None and fact.value == "done"
            parts.append(Part(code, weights[code] if done else 0, weights[code], fact.value if fact else None, fact))
    technical = sum(jp_by_path.get(path, 0) for path in rule["paths"]["technical"])
    met = technical >= rule["technical_jp"]
    parts.append(
        Part("technical", weights["technical"] if met else 0, weights["technical"], technical, None, rule["technical_jp"])
    )
    seminar = sum(jp_by_path.get(path, 0) for path in rule["paths"]["seminar"])
    parts.append(Part("seminar", weights["seminar"] if seminar > 0 else 0, weights["seminar"], seminar, None, 1))
    total = sum(part.points for part in parts)
    bands = sorted(rule["bands"].items(), key=lambda band: -band[1])
    band = next(name for name, least in bands if total >= least)
    return Index(parts, band, all(part.known is not None for part in parts if part.code in (*ASKED, *TRAINED)))
