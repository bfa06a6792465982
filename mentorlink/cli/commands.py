"""Commands: ``python -m mentorlink NAME`` for operating, in the application's context."""

from __future__ import annotations

from flask import Flask


def set_up(app: Flask) -> None:
    """Add the commands to ``app.cli``."""
