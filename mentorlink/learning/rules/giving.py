"""What counts of what people give in a community: which path, and how many minutes a deed stands for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Giving:
    """One kind of deed. Without ``minutes`` it counts as long as it lasted."""

    path: str
    minutes: int | None


@cache
def givings() -> dict[str, Giving]:
    """``data/giving.csv`` by deed."""
    with (DATA / "giving.csv").open(encoding="utf-8", newline="") as file:
        return {row["deed"]: Giving(row["path"], int(row["minutes"]) if row["minutes"] else None) for row in csv.DictReader(file)}
