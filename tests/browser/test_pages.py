"""Every page is looked at: axe finds nothing, nothing scrolls sideways, the browser complains of nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.house import ROOT


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("locale", "width", "theme"), [("id", "360", "light"), ("en", "1280", "dark")])
def test_every_page_can_be_used_by_everybody(demo: Path, locale: str, width: str, theme: str) -> None:
    command = [
        sys.executable,
        "scripts/screenshots.py",
        "--no-pictures",
        "--locales",
        locale,
        "--widths",
        width,
        "--themes",
        theme,
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"MENTORLINK_TEST_DEMO": str(demo)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
