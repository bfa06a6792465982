"""The life of a membership, as a table: which state may follow which."""

from __future__ import annotations

STEPS: dict[str, tuple[str, ...]] = {
    "asked": ("in", "declined", "withdrawn"),
    "invited": ("in", "declined", "withdrawn"),
    "in": ("left",),
    "left": (),
    "declined": (),
    "withdrawn": (),
}
LIVE = ("asked", "invited", "in")


def came_from(state: str) -> tuple[str, ...]:
    """The states from which ``state`` may be reached."""
    return tuple(before for before, after in STEPS.items() if state in after)
