"""Cases of two who write at once, which the rules of Python and those of the browser both answer."""

from __future__ import annotations

import random
from typing import Any

from mentorlink.sessions.meetings.notes.rules import Change, apply, carried, tidy

BY_HAND: tuple[tuple[str, Change, Change], ...] = (
    ("", ["a"], ["b"]),
    ("satu dua", [4, " dan"], [4, -4]),
    ("satu dua", [-8, "tiga"], [4, " setengah"]),
    ("😀é\n", [1, "X", -1], [-2, "Y"]),
    ("abc", [-1, "P", -1, "Q"], [1, "R", -1, "S"]),
    ("abc", [0, "", 2, 1], [-3]),
    ("tetap", [], [5, "!"]),
)
ALPHABET = ("a", "b", " ", "\n", "😀", "é", "\u0301")


def cases(number: int, *, seed: int = 8) -> list[tuple[str, Change, Change]]:
    """The cases by hand, and so many drawn ones; the same each time."""
    dice = random.Random(seed)
    drawn = []
    for _ in range(number):
        text = "".join(dice.choices(ALPHABET, k=dice.randint(0, 12)))
        drawn.append((text, _change(dice, len(text)), _change(dice, len(text))))
    return [*BY_HAND, *drawn]


def answer(text: str, later: Change, earlier: Change) -> dict[str, Any]:
    """What the rules make of one case."""
    over_earlier, over_later = carried(later, earlier)
    return {
        "tidy": [tidy(later), tidy(earlier)],
        "carried": [over_earlier, over_later],
        "texts": [apply(text, later), apply(text, earlier), apply(apply(text, earlier), over_earlier)],
    }


def _change(dice: random.Random, left: int) -> Change:
    parts: Change = []
    while left and len(parts) < 12:
        step = dice.randint(1, left)
        kind = dice.choice(("keep", "take", "put"))
        parts.append(step if kind == "keep" else -step if kind == "take" else "".join(dice.choices(ALPHABET, k=step)))
        left -= 0 if kind == "put" else step
    return [*parts, dice.choice(ALPHABET)] if dice.random() < 0.5 else parts
