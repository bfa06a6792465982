"""Bytes on the wire of the main pages, in a real browser: the first page with an empty cache, later pages with what is kept.

    python bench/page_weights.py [--browser PROGRAM]

Printed for each page: bytes of bodies and headers as they were sent (compressed), and requests, beside the budgets: 150 kB for
the first page a browser ever opens, 40 kB for any page after that. The demo agency is made first.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.house import House, demo_database, open_house
from tests.browser.program import chromium

FIRST, LATER = 150_000, 40_000
PAGES = (
    ("mentee", "/"),
    ("mentee", "/competencies"),
    ("mentee", "/find"),
    ("mentee", "/communities"),
    ("mentee", "/rooms/2"),
    ("mentee", "/me"),
    ("mentor", "/"),
    ("mentor", "/mentoring"),
    ("mentor", "/mentoring/1"),
    ("mentor", "/requests?box=in"),
    ("mentor", "/notices"),
    ("programme_manager", "/programme"),
    ("programme_manager", "/people"),
    ("programme_manager", "/files"),
)


class Meter:
    """Adds up what a browser context receives over the network."""

    def __init__(self, context: BrowserContext) -> None:
        self.bytes = self.requests = 0
        self.page = context.new_page()
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._count)

    def _count(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"] > 0:
            self.bytes += int(event["encodedDataLength"])
            self.requests += 1

    def open(self, address: str) -> tuple[int, int]:
        """Bytes and requests of one page."""
        self.bytes = self.requests = 0
        answer = self.page.goto(address)
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(1500)  # modules and the live line come after the load
        if answer is None or answer.status != 200:
            raise SystemExit(f"{address} answers {answer and answer.status}")
        return self.bytes, self.requests


def measure(browser: Browser, house: House) -> None:
    """Print a line for each page."""
    print(f"{'page':28} {'bytes':>8} {'budget':>8} {'requests':>9}")
    context = browser.new_context(locale="id-ID")
    show("/sign-in, first of all", *Meter(context).open(f"{house.url}/sign-in"), FIRST)
    for who, path in PAGES[:1]:
        fresh = browser.new_context(locale="id-ID")
        fresh.add_cookies(house.cookies(house.sign_in(who)))  # type: ignore[arg-type]  # a mapping of the right shape
        show(f"{path} ({who}), first of all", *Meter(fresh).open(f"{house.url}{path}"), FIRST)
    for who in dict.fromkeys(who for who, _path in PAGES):
        kept = browser.new_context(locale="id-ID")
        kept.add_cookies(house.cookies(house.sign_in(who)))  # type: ignore[arg-type]
        meter = Meter(kept)
        meter.open(f"{house.url}/notices/settings")
        for person, path in PAGES:
            if person == who:
                show(f"{path} ({who})", *meter.open(f"{house.url}{path}"), LATER)


def show(page: str, size: int, requests: int, budget: int) -> None:
    """One line."""
    print(f"{page:28} {size:8} {budget:8} {requests:9} {'' if size <= budget else '  OVER'}", flush=True)


def main() -> None:
    """Make the demo agency, serve it, open the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", default=chromium())
    options = parser.parse_args()
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="mentorlink-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        with open_house(demo_database(folder), folder / "house") as house:
            browser = playwright.chromium.launch(executable_path=options.browser, args=arguments)
            measure(browser, house)
            browser.close()


if __name__ == "__main__":
    main()
