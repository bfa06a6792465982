"""Every page is looked at: axe finds nothing, nothing scrolls sideways, the browser complains of nothing.

Here each page is seen in one state and one of two variants; ``scripts/screenshots.py`` sees all states of all pages in all of
them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.house import ROOT


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("share", "variant"), [("1/2", "id 360 light"), ("2/2", "en 1280 dark")], ids=["phone", "desk"])
def test_every_page_can_be_used_by_everybody(demo: Path, share: str, variant: str) -> None:
    locale, width, theme = variant.split()
    command = [sys.executable, "scripts/screenshots.py", "--no-pictures", "--one-state", "--share", share]
    command += ["--locales", locale, "--widths", width, "--themes", theme]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"MENTORLINK_TEST_DEMO": str(demo)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
