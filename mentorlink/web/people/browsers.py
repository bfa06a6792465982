"""What a person would call their device, from what its browser says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("UCBrowser/", "UC Browser"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class DeviceName:
    """A device in words, and the icon that looks like it."""

    words: str
    icon: str


def device_name(user_agent: str) -> DeviceName:
    """For instance "Chrome on Android"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    icon = "smartphone" if system in ("iPad", "iPhone", "Android") else "laptop"
    if browser and system:
        return DeviceName(_("%(browser)s on %(system)s", browser=browser, system=system), icon)
    return DeviceName(browser or system or _("Unknown browser"), icon)
