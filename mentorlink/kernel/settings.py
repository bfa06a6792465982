"""The settings in force. The application puts them here when it starts; features read what they need."""

from __future__ import annotations

from config import Settings
from mentorlink.kernel import clock

_in_force: list[Settings] = []


def use(settings: Settings) -> None:
    """Take ``settings`` into use in this process."""
    _in_force[:] = [settings]
    clock.keep(settings.default_timezone)


def current() -> Settings:
    """The settings in force."""
    return _in_force[0]
