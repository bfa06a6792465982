"""Which browser is driven; imports nothing, so that scripts may ask too."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Programs that will do. The first has no window at all and takes a third less time for the same pages."""


def chromium() -> str | None:
    """The browser's program: ``MENTORLINK_CHROMIUM`` or the first that is there."""
    return os.environ.get("MENTORLINK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def flags() -> list[str]:
    """How it is started. A page is opened once and left: compiling its scripts for speed would cost more than it saves."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return [*sandbox, "--disable-dev-shm-usage", "--js-flags=--no-turbofan --no-maglev"]
