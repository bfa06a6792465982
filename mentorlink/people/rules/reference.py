"""Ranks, languages and places that forms offer and files are checked against (``people/data/``)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mentorlink.kernel.text import fold

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Place:
    """A city where people work."""

    name: str
    province: dict[str, str]
    timezone: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


RANKS = {row["code"]: {"id": row["name_id"], "en": row["name_en"]} for row in _rows("ranks.csv")}
"""Golongan, junior first: code → name."""

LANGUAGES = {row["code"]: {"id": row["name_id"], "en": row["name_en"]} for row in _rows("languages.csv")}
"""Languages people work in: ISO 639 code → name."""

PLACES = {
    row["code"]: Place(row["name"], {"id": row["province_id"], "en": row["province_en"]}, row["time_zone"])
    for row in _rows("places.csv")
}
"""Cities: code → place."""

TIMEZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
"""Indonesia's time zones: WIB (west, and Kalimantan's west), WITA, WIT."""

_BY_SPELLING = {fold(spelling): place for code, place in PLACES.items() for spelling in (code, place.name)}


def known_place(text: str) -> Place | None:
    """The listed place that ``text`` names, by code or name in whatever spelling."""
    return _BY_SPELLING.get(fold(text))
