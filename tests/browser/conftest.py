"""People in front of real browsers: each in a context of their own, before a served copy of the demo agency.

Whatever a page complains about (an error on the console, an uncaught exception, something the content security policy
refused, an answer of 500 and above, a part of the page that is not there) fails the test at its end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from mentorlink.cli import words as catalogues
from tests.browser.house import House, demo_database, open_house
from tests.conftest import PATIENCE

OF_THE_LINE = ("net::ERR_", "WebSocket connection to")
"""What Chromium itself says on the console when the line is cut."""

PARTS = {"script", "stylesheet", "image", "font", "manifest"}


LONG = (
    "tests/browser/test_pages.py",
    "tests/browser/test_journey.py",
    "tests/browser/test_community_life.py",
    "tests/browser/test_rounds.py",
    "tests/live/test_faults.py",
)
"""What takes longest is begun first, so that no process is left with it when the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


class Complaints:
    """Collects what goes wrong in pages without being seen."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.line_may_break = False

    def listen(self, context: BrowserContext) -> None:
        """Hear every page of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"uncaught: {error.error}", error.page))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or message.text.startswith("Failed to load resource"):
            return  # answers are judged by _response
        if not (self.line_may_break and any(sign in message.text for sign in OF_THE_LINE)):
            self._note(f"console: {message.text}", message.page)

    def _response(self, response: Response) -> None:
        if self.line_may_break and response.status in (502, 503):
            return
        missing = response.status >= 400 and response.request.resource_type in PARTS
        if missing or response.status >= 500:
            self.heard.append(f"{response.status} {response.request.method} {response.url}")

    def _note(self, what: str, page: Page | None) -> None:
        self.heard.append(f"{what} ({page.url if page else 'no page'})")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the demo agency, one for all processes of a run."""
    catalogues.compile_all()
    base = tmp_path_factory.getbasetemp()
    made = demo_database(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)
    os.environ["MENTORLINK_TEST_DEMO"] = str(made)  # the process that servers are forks of learns from it
    return made


@pytest.fixture(scope="module")
def house(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A served copy of the demo agency, shared by the tests of a module."""
    with open_house(demo, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def own_house(demo: Path, tmp_path: Path) -> Iterator[House]:
    """A served copy of the demo agency for one test alone."""
    with open_house(demo, tmp_path / "house") as house:
        yield house


STARTED = "html[data-started], html:not(:has(script[src*='/js/app.js']))"
"""A page whose controllers are there, or one without any."""


def wait_for_script(page: Page) -> None:
    """Let what opens pages or waits for them wait until their controllers are there too, as a person does who reads first."""
    for name in ("goto", "reload", "wait_for_url"):
        setattr(page, name, _then_started(page, getattr(page, name)))


def _then_started(page: Page, act: Callable[..., Any]) -> Callable[..., Any]:
    def acted(*arguments: Any, **more: Any) -> Any:
        answer = act(*arguments, **more)
        page.locator(STARTED).wait_for(state="attached")
        return answer

    return acted


class Guests:
    """Opens browsers for people of a house."""

    def __init__(self, browser: Browser, complaints: Complaints) -> None:
        self._browser, self.complaints = browser, complaints
        self._contexts: list[BrowserContext] = []

    def context(
        self, house: House, locale: str = "id", width: int = 360, script: bool = True, who: str | int | None = None
    ) -> BrowserContext:
        """A browser of its own; signed in already when ``who`` is given."""
        context = self._browser.new_context(
            base_url=house.url,
            locale={"id": "id-ID", "en": "en-GB"}[locale],
            viewport={"width": width, "height": 780 if width < 700 else 900},
            has_touch=width < 700,
            is_mobile=width < 700,
            java_script_enabled=script,
            timezone_id="Asia/Makassar",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self.complaints.listen(context)
        self._contexts.append(context)
        if who is not None:
            house.speak(who, locale)
            context.add_cookies(house.cookies(house.sign_in(who)))  # type: ignore[arg-type]  # a TypedDict of the same shape
        return context

    def page_of(self, house: House, who: str | int, locale: str = "id", width: int = 360, script: bool = True) -> Page:
        """A page in a new browser of somebody, signed in."""
        page = self.context(house, locale, width, script, who).new_page()
        if script:
            wait_for_script(page)
        return page

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            with suppress(Exception):
                context.close()


@pytest.fixture
def guests(browser: Browser) -> Iterator[Guests]:
    """Opens browsers; at the end nothing may have been complained about."""
    complaints = Complaints()
    guests = Guests(browser, complaints)
    yield guests
    guests.close()
    assert complaints.heard == []


@pytest.fixture
def page_of(guests: Guests, house: House) -> Callable[..., Page]:
    """``page_of("mentee", locale="id", width=360)``: a page of somebody in the module's house."""

    def open_page(who: str | int, **kwargs: object) -> Page:
        return guests.page_of(house, who, **kwargs)  # type: ignore[arg-type]

    return open_page
