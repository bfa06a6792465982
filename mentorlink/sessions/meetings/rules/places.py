"""Where a call takes place that nobody named a link for."""

from __future__ import annotations

import secrets

ROOM = "{room}"


def new_room(template: str) -> str:
    """The address of a room that nobody can guess, made from ``template``; none where there is no template."""
    return template.replace(ROOM, f"mentorlink-{secrets.token_hex(12)}") if template else ""
