"""Every page is looked at: axe finds nothing, nothing scrolls sideways, the browser complains of nothing.

Here each page is seen in one state and one of two variants; ``scripts/screenshots.py`` sees all states of all pages in all of
them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scripts import screenshots


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("share", "variant"),
    [("1/2", "id 360 light"), ("2/2", "en 1280 dark")],
)
def test_every_page_can_be_used_by_everybody(demo: Path, share: str, variant: str, capsys: pytest.CaptureFixture[str]) -> None:
    locale, width, theme = variant.split()
    shown = ["--locales", locale, "--widths", width, "--themes", theme]
    wanted = ["--no-pictures", "--one-state", "--jobs", "2", "--share", share, *shown]
    with ThreadPoolExecutor(1) as apart:  # a loop of its own beside the browser that other tests drive
        assert apart.submit(screenshots.main, wanted).result() == 0, capsys.readouterr().out[-6000:]
