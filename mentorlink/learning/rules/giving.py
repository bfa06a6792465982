"""What counts of what people give in a community: which path, and how many minutes a deed stands for.

Part of the rule of learning hours: ``data/giving.csv`` ships the first version, HR makes later ones on the page.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Giving:
    """One kind of deed. Without a path it does not count; without ``minutes`` it counts as long as it lasted."""

    path: str | None
    minutes: int | None = None


def givings_of(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Giving]:
    """The deeds of a rule's version, by kind."""
    return {deed: Giving(**row) for deed, row in table.items()}


@cache
def shipped_givings() -> dict[str, dict[str, Any]]:
    """``data/giving.csv`` as a rule's version keeps it."""
    with (DATA / "giving.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["deed"]: asdict(Giving(row["path"] or None, int(row["minutes"]) if row["minutes"] else None))
            for row in csv.DictReader(file)
        }
