"""A room in real browsers: live, offline for a while, over a restart; what pushes show is what a reload shows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mentorlink.community import queries
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, SignIn
from tests.cast import Cast
from tests.community.talk import Talk
from tests.live.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]

SHOWN = "() => [...document.querySelectorAll('#log > li:not([data-new])')].map((item) => item.outerHTML)"


@pytest.fixture
def open_room(browser: Browser, server: Server, talk: Talk) -> Iterator[Open]:
    """Opens the room in a browser of its own, signed in as a person; fails on any script error."""
    contexts, errors = [], []

    def make(person: Person, path: str = "", **options: Any) -> Page:
        token = crypto.new_token()
        db.session.add(
            SignIn(person_id=person.id, token_hash=crypto.token_hash(token), created_at=clock.now(), seen_at=clock.now())
        )
        db.session.commit()
        context = browser.new_context(base_url=server.url, **options)
        context.add_cookies([{"name": "mentorlink", "value": token, "url": server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path or f"/rooms/{talk.room_id}")
        _joined(page)
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def _joined(page: Page) -> None:
    """Wait until the page hears the room."""
    page.wait_for_selector("[data-controller~=community-room][data-line=open]", state="attached")


def say(page: Page, words: str) -> None:
    page.fill("#f-body", words)
    page.press("#f-body", "Enter")


def test_two_browsers_talk_and_each_shows_what_a_reload_shows(talk: Talk, cast: Cast, open_room: Open) -> None:
    talk.say(cast.mentor, "Before")
    one, two = open_room(cast.mentor), open_room(cast.mentee, locale="id-ID", viewport={"width": 360, "height": 740})
    say(one, "First **words**")
    expect(two.locator("#log")).to_contain_text("First words")
    say(two, "An answer to @mentor")
    expect(one.locator("#log .mentions-me")).to_contain_text("An answer")
    one.locator(".msg", has_text="First words").hover()
    one.locator(".msg", has_text="First words").locator("[data-do=edit]").click()
    expect(one.locator("#f-body")).to_have_value("First **words**")
    say(one, "Better words")
    expect(two.locator("#log")).to_contain_text("Better words")
    two.locator(".msg", has_text="An answer").first.evaluate("(item) => item.querySelector('[data-do=delete]').click()")
    two.locator("#confirm [value=yes]").click()
    expect(one.locator("#log .deleted")).to_have_count(1)
    expect(two.locator("#log .deleted")).to_have_count(1)
    heard = one.locator("main").aria_snapshot()
    said = heard[heard.index('- log "Messages in General talk"') :]
    for words in (
        "- list:",
        "- text: Mentor",
        "- paragraph: Before",
        "- paragraph: Better words",
        '- button "Reply"',
        '- textbox "Message"',
    ):
        assert words in said, heard
    assert re.findall(r"^\s*- (?:button|link|textbox|checkbox|region|log):?$", heard, re.MULTILINE) == [], "without a name"
    for page in (one, two):
        expect(page.locator("#log [aria-live]")).to_have_count(0)
        before = page.evaluate(SHOWN)
        page.reload()
        _joined(page)
        assert page.evaluate(SHOWN) == before


def test_written_without_a_line_it_is_sent_later_once_and_in_order(talk: Talk, cast: Cast, open_room: Open) -> None:
    one, two = open_room(cast.mentee), open_room(cast.mentor)
    one.context.set_offline(True)
    for words in ("one", "two", "three"):
        say(one, f"offline {words}")
    expect(one.locator("#log .pending")).to_have_count(3)
    expect(two.locator("#log .msg")).to_have_count(0)
    one.context.set_offline(False)
    expect(two.locator("#log .msg")).to_have_count(3, timeout=40000)
    expect(one.locator("#log .pending")).to_have_count(0, timeout=40000)
    bodies = two.locator("#log .msg-body").all_inner_texts()
    assert [body.strip() for body in bodies] == ["offline one", "offline two", "offline three"]
    expect(one.locator("#log .msg")).to_have_count(3)


def test_a_draft_and_what_waits_survive_a_reload(talk: Talk, cast: Cast, open_room: Open, server: Server) -> None:
    one = open_room(cast.mentee)
    one.route("**/rooms/*/messages", lambda route: route.abort())
    say(one, "Waiting to go")
    expect(one.locator("#log .pending")).to_have_count(1)
    one.fill("#f-body", "Half a thought")
    one.wait_for_timeout(500)
    one.reload()
    expect(one.locator("#log .pending")).to_contain_text("Waiting to go")
    expect(one.locator("#f-body")).to_have_value("Half a thought")
    one.unroute("**/rooms/*/messages")
    expect(one.locator("#log .pending")).to_have_count(0, timeout=40000)
    expect(one.locator("#log .msg")).to_have_count(1)


def test_the_server_restarts_under_an_open_page(talk: Talk, cast: Cast, open_room: Open, server: Server) -> None:
    one, two = open_room(cast.mentee), open_room(cast.mentor)
    say(one, "before the restart")
    expect(two.locator("#log")).to_contain_text("before the restart")
    server.stop(kill=True)
    say(one, "while it is away")
    expect(one.locator("#log .pending")).to_have_count(1)
    server.start()
    expect(two.locator("#log")).to_contain_text("while it is away", timeout=60000)
    expect(one.locator("#log .pending")).to_have_count(0, timeout=60000)
    for page in (one, two):
        expect(page.locator("#log .msg")).to_have_count(2)


def test_ten_screens_of_talk_open_at_the_first_unread_and_load_upwards(talk: Talk, cast: Cast, open_room: Open) -> None:
    for number in range(130):
        talk.say(cast.mentor if number % 2 else cast.mentee, f"message number {number}")
    page = open_room(cast.mentee, f"/rooms/{talk.room_id}?before=99999999")
    assert page.locator("#log .msg").count() < 130
    for _turn in range(10):
        page.evaluate("() => { document.getElementById('pane').scrollTop = 0 }")
        page.wait_for_timeout(300)
    expect(page.locator("#log .msg")).to_have_count(130)
    numbers = page.evaluate("() => [...document.querySelectorAll('#log > .msg')].map((item) => Number(item.dataset.seq))")
    assert numbers == sorted(set(numbers))


def test_what_was_on_the_screen_counts_as_seen(talk: Talk, cast: Cast, open_room: Open) -> None:
    for number in range(60):
        talk.say(cast.mentor, f"message number {number}")
    who = cast.actor(cast.mentee)
    page = open_room(cast.mentee)
    page.wait_for_timeout(3000)
    db.session.rollback()
    left = queries.unread_by_topic(who, talk.room_id)[talk.topic.id]
    assert 0 < left < 60
    page.evaluate("() => { const pane = document.getElementById('pane'); pane.scrollTop = pane.scrollHeight }")
    page.wait_for_timeout(3000)
    page.evaluate("() => { const pane = document.getElementById('pane'); pane.scrollTop = pane.scrollHeight }")
    expect(page.locator("#topics a[aria-current] .count")).to_be_hidden(timeout=15000)
    db.session.rollback()
    assert queries.unread_by_topic(who, talk.room_id) == {}


def test_the_browsers_log_heals_whatever_is_lost_doubled_or_late(talk: Talk, cast: Cast, open_room: Open) -> None:
    page = open_room(cast.mentee)
    run = """async ([entries, deliveries]) => {
      const { RoomLog } = await import('/static/js/room/log.js');
      const log = new RoomLog({ cursor: 0, stamp: '', topic: 1, atEnd: true, messages: [] });
      for (const part of deliveries) {
        const { gap } = log.take(part.map((seq) => entries[seq - 1]));
        if (gap) log.take(entries.slice(log.cursor));
      }
      log.take(entries.slice(log.cursor));
      return [log.cursor, log.inOrder().map(({ id, html }) => [id, html])];
    }"""
    for seed in range(40):
        chance = random.Random(seed)
        entries, expected = _history(chance)
        deliveries = [_delivery(chance, len(entries)) for _ in range(30)]
        assert page.evaluate(run, [entries, deliveries]) == [len(entries), [[key, html] for key, html in expected.items()]]


def _history(chance: random.Random) -> tuple[list[dict[str, Any]], dict[int, str]]:
    entries: list[dict[str, Any]] = []
    held: dict[int, str] = {}
    for seq in range(1, 40):
        kind = chance.choice(["posted", "posted", "edited", "deleted", "joined", "topic"])
        entry: dict[str, Any] = {"seq": seq, "kind": kind, "stamp": f"{seq:08x}", "topic": chance.choice([1, 1, 2])}
        if kind == "posted":
            entry |= {"id": seq, "html": f"<li>{seq}</li>"}
            if entry["topic"] == 1:
                held[seq] = entry["html"]
        elif kind in ("edited", "deleted") and held:
            key = chance.choice(list(held))
            held[key] = f"<li>{key} as of {seq}</li>"
            entry |= {"id": key, "html": held[key], "quote": ""}
        entries.append(entry)
    return entries, held


def _delivery(chance: random.Random, length: int) -> list[int]:
    start = chance.randrange(1, length)
    return list(range(start, min(length, start + chance.randrange(1, 6)) + 1))
