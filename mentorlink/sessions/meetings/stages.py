"""The life of a meeting: which state may follow which."""

from __future__ import annotations

STEPS: dict[str, tuple[str, ...]] = {
    "planned": ("held", "cancelled", "missed"),
    "missed": ("held",),
    "held": (),
    "cancelled": (),
}
"""A missed meeting may turn out to have been held after all."""

UNDONE = ("held", "cancelled")
"""What was held has been credited and stays, but for this: within a day either side may take it back, and it is cancelled for
good; who met after all writes the talk down anew."""


def came_from(state: str) -> tuple[str, ...]:
    """The states from which ``state`` may be reached."""
    return tuple(before for before, after in STEPS.items() if state in after)
