"""Photographs every page and looks for what makes a page hard to use.

    scripts/screenshots.py FOLDER             every page at 360 and 1280 px, light and dark, in Indonesian and English
    scripts/screenshots.py FOLDER --only find pages whose name contains a word
    scripts/screenshots.py --docs             the pictures of docs/walk-through.md and docs/communities.md

Beside the pictures lies ``index.html``. Each page is read by axe, measured for sideways scrolling, and heard for complaints
of the browser; the exit code is 1 if anything was found. It works on a demo agency of its own, in a folder thrown away after.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa
from playwright.async_api import Browser, Page, async_playwright
from werkzeug.routing import MapAdapter

from mentorlink.app import create_app
from mentorlink.cli import words
from mentorlink.people.models import Person
from tests.browser.house import House, demo_database, open_house
from tests.browser.pages import NOT_PAGES, View, views
from tests.browser.program import chromium, flags
from tests.browser.serving import AXE
from tests.conftest import settings_for

PICTURES = ROOT / "docs/pictures"
LOCALES, WIDTHS, THEMES = ("id", "en"), (360, 1280), ("light", "dark")
DOCUMENTED = {
    "home": ("home.index", 360),
    "map": ("competencies.my_map", 1280),
    "find": ("pairing.suggestions", 1280),
    "ask": ("pairing.ask", 360),
    "request": ("pairing.request_page-asked_back-mentor", 360),
    "mentoring": ("mentoring.mentorship-collaborative-mentee", 1280),
    "session": ("meetings.meeting-held", 1280),
    "group": ("mentoring.group-leads", 1280),
    "closing": ("mentoring.closing-confirmative", 360),
    "board": ("mentoring.board", 1280),
    "people": ("mentoring.people", 1280),
    "coaching": ("coaching.engagement-engaged-coach", 1280),
    "sheet": ("coaching.sheet-engaged", 1280),
    "commitment": ("coaching.commitment-engaged", 360),
    "hours": ("learning.my_hours-with-hours", 1280),
    "agency": ("insights.agency", 1280),
    "room": ("community.room", 1280),
    "programme": ("insights.overview", 1280),
    "pulse": ("community.pulse", 1280),
    "safety": ("community.moderation", 1280),
}
"""Pictures of the walk-through: name, page, width."""

DOCUMENTED_IN = "en"

TALLEST = 7000
"""Longest picture, in pixels."""

SETTLED = """async () => {
  await document.fonts.ready;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));
  await frame();
}"""

LOOK = """async ([whole, address]) => {
  const width = document.documentElement.clientWidth;
  const wide = !whole || document.documentElement.scrollWidth <= width ? [] :
    [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1)
      .slice(0, 5).map((element) => element.tagName.toLowerCase() + "." + element.className);
  if (whole) await new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed });
    document.head.append(script);
    script.remove();
  });
  const rules = whole ? { "target-size": { enabled: true } } : undefined;
  document.querySelectorAll("[data-floats]").forEach((one) => one.remove()); // one scrolls past what it covers just now
  const only = whole ? undefined : { type: "rule", values: ["color-contrast"] };
  const found = await axe.run(document, { resultTypes: ["violations"], ...(rules && { rules }), ...(only && { runOnly: only }) });
  return [wide, found.violations.map((one) => ({
    rule: one.id, help: one.help,
    where: one.nodes.slice(0, 4).map((node) =>
      [node.target.join(" "), node.html.slice(0, 140), (node.failureSummary ?? "").split("\\n").slice(1).join(" ")].join("  ")),
    count: one.nodes.length,
  }))];
}"""
"""What scrolls sideways, and what axe finds: all of it in the first theme, in the others what colours alone can change."""


@dataclass
class Finding:
    """Something wrong on one page."""

    page: str
    variant: str
    what: str

    def __str__(self) -> str:
        return f"{self.page} [{self.variant}] {self.what}"


@dataclass
class Shot:
    """A page taken in one variant."""

    view: View
    locale: str
    width: int
    theme: str
    address: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def variant(self) -> str:
        """Locale, width, theme."""
        return f"{self.locale}-{self.width}-{self.theme}"

    @property
    def file(self) -> str:
        """Name of the picture."""
        return f"{self.view.name}.{self.variant}.png"


def missing_pages(adapter: MapAdapter, seen: Sequence[View]) -> list[str]:
    """GET routes that nobody looks at."""
    routes = {rule.endpoint for rule in adapter.map.iter_rules() if "GET" in (rule.methods or set())}
    pages = {name for name in routes if not name.startswith("api_") and name not in NOT_PAGES}
    return sorted(pages - {view.endpoint for view in seen})


class Photographer:
    """Takes pages of one house in one language.

    A window stays open while the people before it change, by their cookie: what the browser has loaded and made ready for one
    page it need not for the next, so that a page takes half the time of one in a window of its own.
    """

    def __init__(self, browser: Browser, house: House, locale: str, folder: Path | None) -> None:
        self.browser, self.house, self.locale, self.folder = browser, house, locale, folder
        self._cookies: dict[str | int | None, list[Any]] = {None: []}

    async def take_many(self, wanted: Sequence[View], adapter: MapAdapter, options: argparse.Namespace) -> list[Shot]:
        """Pages at each width in each theme, in ``options.jobs`` windows at a time."""
        left = [(view, width) for width in options.widths for view in wanted][::-1]
        taken = await asyncio.gather(*(self._take_turns(left, adapter, options) for _window in range(options.jobs)))
        return [shot for shots in taken for shot in shots]

    async def _take_turns(self, left: list[tuple[View, int]], adapter: MapAdapter, options: argparse.Namespace) -> list[Shot]:
        shots: list[Shot] = []
        pages: dict[int, Page] = {}
        while left:
            view, width = left.pop()
            address = adapter.build(view.endpoint, dict(view.values))
            try:
                pages[width] = pages.get(width) or await self._window(width)
                shots += await self.take(pages[width], view, address, width, options.themes)
            except Exception as error:  # one page that cannot be taken must not hide the others
                shot = Shot(view, self.locale, width, options.themes[0], address)
                shot.findings.append(Finding(view.name, shot.variant, f"cannot be taken: {str(error)[:300]}"))
                shots.append(shot)
        return shots

    async def picture(self, name: str, view: View, address: str, width: int) -> None:
        """One window of a page, for the documents."""
        page = await self._window(width)
        await self._let_in(page, view.who)
        await page.emulate_media(color_scheme="light")
        await page.goto(address, wait_until="load")
        await page.evaluate(SETTLED)
        await photograph(page, PICTURES / f"{name}.png", whole=False)
        await page.context.close()

    async def take(self, page: Page, view: View, address: str, width: int, themes: Sequence[str]) -> list[Shot]:
        """One page at one width in each of ``themes``."""
        heard: list[str] = []
        hears: dict[Any, Any] = {
            "console": lambda message: heard.append(message.text) if _is_complaint(message) else None,
            "pageerror": lambda error: heard.append(f"uncaught: {error}"),
        }
        await self._let_in(page, view.who)
        for event, hear in hears.items():
            page.on(event, hear)
        try:
            await page.emulate_media(color_scheme=themes[0])  # type: ignore[arg-type]
            answer = await page.goto(address, wait_until="load")
            if answer is None or answer.status != view.status:
                heard.append(f"answered {answer.status if answer else 'nothing'} instead of {view.status}")
            shots = [await self._shoot(page, view, width, theme, whole=theme == themes[0]) for theme in themes]
            shots[0].findings += [Finding(view.name, shots[0].variant, f"browser: {words}") for words in heard]
            return shots
        finally:
            for event, hear in hears.items():
                page.remove_listener(event, hear)

    async def _shoot(self, page: Page, view: View, width: int, theme: str, *, whole: bool) -> Shot:
        shot = Shot(view, self.locale, width, theme, page.url)
        if not whole:
            await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        await page.evaluate(SETTLED)
        wide, found = await page.evaluate(LOOK, [whole, AXE])
        shot.findings += [Finding(view.name, shot.variant, f"scrolls sideways: {element}") for element in wide]
        for one in found:
            where = "\n      ".join(one["where"])
            what = f"axe {one['rule']} ×{one['count']}: {one['help']}\n      {where}"
            shot.findings.append(Finding(view.name, shot.variant, what))
        if self.folder:
            await photograph(page, self.folder / shot.file)
        return shot

    async def _window(self, width: int) -> Page:
        context = await self.browser.new_context(
            locale={"id": "id-ID", "en": "en-GB"}[self.locale],
            viewport=_size(width),
            is_mobile=width < 700,
            has_touch=width < 700,
            timezone_id="Asia/Makassar",
            reduced_motion="reduce",
            base_url=self.house.url,
        )
        context.set_default_timeout(60_000)
        return await context.new_page()

    async def _let_in(self, page: Page, who: str | int | None) -> None:
        """Let somebody be before the page that opens next, or a stranger."""
        if who not in self._cookies:
            self._cookies[who] = self.house.cookies(self.house.sign_in(who))  # type: ignore[arg-type]  # None is there already
        await page.goto("/healthz")  # the page that stands there would go on as somebody else
        await page.context.clear_cookies()
        if who is not None:
            await page.context.add_cookies(self._cookies[who])


def _size(width: int) -> Any:
    return {"width": width, "height": 780 if width < 700 else 900}


def _is_complaint(message: Any) -> bool:
    return message.type == "error" and not message.text.startswith("Failed to load resource")


async def photograph(page: Page, path: Path, *, whole: bool = True) -> None:
    """A picture of the page; a whole one as if the window were as long as the page, so that bars stand where they belong."""
    window = page.viewport_size or {"width": 1280, "height": 900}
    if whole:
        height = await page.evaluate("() => document.documentElement.scrollHeight")
        if height > window["height"]:
            await page.set_viewport_size({"width": window["width"], "height": min(height, TALLEST)})
    await page.screenshot(path=path)
    await page.set_viewport_size(window)  # type: ignore[arg-type]  # a dict of the same shape


async def take_all(houses: dict[str, House], options: argparse.Namespace) -> tuple[list[Shot], list[str]]:
    """Every wanted page in every wanted variant; also the routes nobody looks at."""
    shots: list[Shot] = []
    unseen: list[str] = []
    folder = Path(options.folder) if options.folder and not options.no_pictures else None
    async with browser() as chrome:
        for locale, house in houses.items():
            app = create_app(settings_for(f"sqlite:///{house.database}", demo=True))
            adapter = app.url_map.bind("", url_scheme="http")
            seen = views(house)
            unseen = missing_pages(adapter, seen)
            wanted = [view for view in seen if view.endpoint in app.view_functions and options.only in view.name]
            if options.one_state:
                wanted = list({view.endpoint: view for view in reversed(wanted)}.values())[::-1]
            part, parts = (int(number) for number in options.share.split("/"))
            wanted = wanted[part - 1 :: parts]
            photographer = Photographer(chrome, house, locale, folder)
            shots += await photographer.take_many(wanted, adapter, options)
    return shots, unseen


async def take_documented(house: House) -> None:
    """The pictures of the walk-through."""
    app = create_app(settings_for(f"sqlite:///{house.database}", demo=True))
    adapter = app.url_map.bind("", url_scheme="http")
    seen = {view.name: view for view in views(house)}
    async with browser() as chrome:
        photographer = Photographer(chrome, house, DOCUMENTED_IN, None)
        for name, (page, width) in DOCUMENTED.items():
            view = seen[page]
            await photographer.picture(name, view, adapter.build(view.endpoint, dict(view.values)), width)


def walk_a_life() -> None:
    """The pictures of a community's life: the journey of the tests takes them on its way, once in each language."""
    journey = [sys.executable, "-m", "pytest", "-q", "tests/browser/test_community_life.py"]
    subprocess.run(journey, cwd=ROOT, env={**os.environ, "MENTORLINK_PICTURES": str(PICTURES)}, check=True)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A Chromium."""
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=chromium(), args=flags())
        yield chrome
        await chrome.close()


def write_index(folder: Path, shots: Sequence[Shot], unseen: Sequence[str]) -> None:
    """A page that shows all pictures, a row per page of the product."""
    rows: dict[str, list[Shot]] = {}
    for shot in shots:
        rows.setdefault(shot.view.name, []).append(shot)
    look = "body{font:14px sans-serif} img{width:220px;border:1px solid #999} td{vertical-align:top;padding:4px} .bad{color:#b00}"
    parts = [f"<!doctype html><meta charset=utf-8><title>Pages</title><style>{look}</style><table>"]
    parts += [f"<p class=bad>nobody looks at {html.escape(name)}</p>" for name in unseen]
    for name, taken in rows.items():
        parts.append(f"<tr><th colspan=9 align=left>{html.escape(name)}</th></tr><tr>")
        for shot in taken:
            found = "".join(f"<pre class=bad>{html.escape(str(finding))}</pre>" for finding in shot.findings)
            parts.append(
                f"<td>{shot.variant}<br><a href='{shot.file}'><img loading=lazy src='{shot.file}' alt=''></a>{found}</td>"
            )
        parts.append("</tr>")
    (folder / "index.html").write_text("\n".join(parts), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Take pictures, report, and say by the exit code whether all is well."""
    options = parse(arguments)
    started = time.monotonic()
    words.compile_all()
    with tempfile.TemporaryDirectory(prefix="mentorlink-pages-") as temporary:
        base = Path(temporary)
        demo = demo_database(base)
        os.environ["MENTORLINK_TEST_DEMO"] = str(demo)  # what is forked for the houses, and who walks a life, use it again
        houses: dict[str, House] = {}
        with ExitStack() as stack:
            for locale in [DOCUMENTED_IN] if options.docs else options.locales:
                houses[locale] = stack.enter_context(open_house(demo, base / locale))
                houses[locale].change(sa.update(Person).values(locale=locale))
            if options.docs:
                PICTURES.mkdir(parents=True, exist_ok=True)
                asyncio.run(take_documented(houses[DOCUMENTED_IN]))
                walk_a_life()
                return 0
            shots, unseen = asyncio.run(take_all(houses, options))
    return report(shots, unseen, Path(options.folder) if options.folder and not options.no_pictures else None, started)


def report(shots: Sequence[Shot], unseen: Sequence[str], folder: Path | None, started: float) -> int:
    """Say what was found; 1 if anything was."""
    findings = [finding for shot in shots for finding in shot.findings]
    if folder:
        write_index(folder, shots, unseen)
    for name in unseen:
        print(f"nobody looks at {name}: add it to tests/browser/pages.py")
    for finding in findings:
        print(finding)
    pages = len({shot.view.name for shot in shots})
    print(f"{len(shots)} pictures of {pages} pages, {len(findings)} findings, {time.monotonic() - started:.0f} s")
    return 1 if findings or unseen else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description="Photograph every page and look for what makes it hard to use.")
    parser.add_argument("folder", nargs="?", help="where the pictures go")
    parser.add_argument("--only", default="", help="only pages whose name contains this")
    parser.add_argument("--share", default="1/1", help="1/2: every second page, 2/2: the others")
    parser.add_argument("--one-state", action="store_true", help="each page in the first of its states only")
    parser.add_argument("--locales", nargs="+", choices=LOCALES, default=LOCALES)
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--jobs", type=int, default=3, help="pages open at a time")
    parser.add_argument("--no-pictures", action="store_true", help="look only, keep no pictures")
    parser.add_argument("--docs", action="store_true", help="make the pictures of docs/walk-through.md and nothing else")
    options = parser.parse_args(arguments)
    if options.folder:
        Path(options.folder).mkdir(parents=True, exist_ok=True)
    elif not options.no_pictures and not options.docs:
        parser.error("name a folder for the pictures, or ask for --no-pictures")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
