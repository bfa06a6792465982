"""A room in real browsers: live, offline for a while, over a restart; what pushes show is what a reload shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from mentorlink.community import actions, queries
from mentorlink.community.actions import safety
from mentorlink.community.inputs import (
    ChoiceInput,
    EditInput,
    MergeInput,
    PinInput,
    ReactionInput,
    RoomInput,
    RoomMoveInput,
    SettleInput,
)
from mentorlink.community.inputs.safety import GlassInput
from mentorlink.community.models import Message, Room, Topic
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.db import db
from mentorlink.people.models import Person, SignIn
from tests.cast import Cast
from tests.community.talk import Talk
from tests.live.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
Open = Callable[..., Page]
LONG = 620
MUTE = ChoiceInput(choice="mute")

SHOWN = """() => [...document.querySelectorAll('#log > li:not([data-new])')].map((item) => {
  const copy = item.cloneNode(true);
  copy.className = [...item.classList].sort().join(' ');
  return copy.outerHTML;
})"""


@pytest.fixture
def open_room(browser: Browser, server: Server, talk: Talk) -> Iterator[Open]:
    """Opens the room in a browser of its own, signed in as a person; fails on any script error."""
    contexts, errors = [], []

    def make(person: Person, path: str = "", **options: Any) -> Page:
        token, person_id = crypto.new_token(), person.id
        db.session.rollback()  # what was read before is no ground to write on
        db.session.add(
            SignIn(person_id=person_id, token_hash=crypto.token_hash(token), created_at=clock.now(), seen_at=clock.now())
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


SIDE = """() => [...document.querySelectorAll('#topics a')].map((row) => [
  row.dataset.topic, row.querySelector('.topic-title').textContent, row.matches('.unread'),
  row.querySelector('.count').hidden ? 0 : row.querySelector('[data-n]').textContent,
  [...row.querySelectorAll('.topic-state svg')].map((icon) => icon.getAttribute('aria-label')),
])"""
LINES = """() => [...document.querySelectorAll('#log > [data-line]')].map((line) => {
  let above = line.previousElementSibling;
  while (above && !above.matches('.msg')) above = above.previousElementSibling;
  return [line.dataset.line, line.innerText, above && above.id];
})"""
PINS = "() => [...document.querySelectorAll('#pins li')].map((item) => item.innerText)"


def everything(page: Page) -> list[Any]:
    """What the room's page shows: messages, what the log tells beside them, the list of topics, pins."""
    expect(page.locator("#log [aria-live]")).to_have_count(0)
    return [page.evaluate(part) for part in (SHOWN, LINES, SIDE, PINS)]


def test_five_browsers_one_offline_one_a_phone_and_each_shows_what_a_reload_shows(
    talk: Talk, cast: Cast, open_room: Open
) -> None:
    people = [cast.second_mentor, cast.supervisor, cast.stranger]
    for person in people:
        actions.join_community(cast.actor(person), talk.community)
    other = actions.create_room(cast.actor(cast.mentor), talk.community, RoomInput(name="Elsewhere")).id
    topics = {name: talk.begin(cast.mentor, name).topic_id for name in ("Goes away", "Becomes one", "Settled", "Muted")}
    first = talk.say(cast.mentor, "Before")
    actions.choose_topic(cast.actor(cast.stranger), queries.topic_for(cast.actor(cast.stranger), topics["Muted"]), MUTE)
    db.session.rollback()
    here = f"/rooms/{talk.room_id}?topic={talk.topic.id}"
    one = open_room(cast.mentor, here)
    two = open_room(cast.mentee, here, locale="id-ID", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    offline, four, five = (open_room(person, here) for person in people)

    say(one, f"First **words** and {one.url.split('?')[0]}?topic={topics['Settled']}")
    for page in (two, offline, four, five):
        expect(page.locator("#log")).to_contain_text("First words")
    expect(two.locator(".preview", has_text="Settled")).to_be_visible()
    offline.context.set_offline(True)
    for number in range(3):
        say(offline, f"offline {number}")
    expect(offline.locator("#log .pending")).to_have_count(3)
    two.fill("#f-body", "An answer to @mentor")
    two.locator("#composer button[type=submit]").click()
    expect(one.locator("#log .mentions-me")).to_contain_text("An answer")
    one.locator(".msg", has_text="First words").hover()
    one.locator(".msg", has_text="First words").locator("[data-do=edit]").click()
    expect(one.locator("#f-body")).to_have_value(re.compile(r"First \*\*words"))
    say(one, "Better words")
    expect(four.locator("#log")).to_contain_text("Better words")
    two.locator(".msg", has_text="An answer").first.evaluate("(item) => item.querySelector('[data-do=delete]').click()")
    two.locator("#confirm [value=yes]").click()

    mentor, mentee = cast.actor(cast.mentor), cast.actor(cast.mentee)
    db.session.rollback()
    for topic_id in topics.values():
        talk.say(cast.mentee, "More here", topic_id=topic_id)
    read = queries.message_for
    actions.pin_message(mentor, read(mentor, first.id), PinInput(pinned=True))
    actions.react(mentee, read(mentee, first.id), ReactionInput(code="thanks"))
    actions.edit_message(mentor, read(mentor, first.id), EditInput(body="Before, put better"))
    hidden = talk.say(cast.mentee, "To be taken away")
    actions.pin_message(mentor, read(mentor, hidden.id), PinInput(pinned=True))
    actions.delete_message(mentor, read(mentor, hidden.id))
    actions.settle_topic(mentor, queries.topic_for(mentor, topics["Settled"]), SettleInput(resolved=True))
    late = talk.begin(cast.mentor, "Comes late").topic_id
    actions.settle_topic(mentor, queries.topic_for(mentor, late), SettleInput(resolved=True))
    actions.merge_topic(mentor, queries.topic_for(mentor, topics["Becomes one"]), MergeInput(topic_id=late))
    actions.move_topic(mentor, queries.topic_for(mentor, topics["Goes away"]), RoomMoveInput(room_id=other))
    admin, second = cast.actor(cast.administrator), cast.actor(cast.person("second_admin", role="administrator"))
    safety.break_glass(second, safety.ask_for_glass(admin, talk.community, GlassInput(reason="A threat was reported")))
    talk.say(cast.mentor, "After that")
    db.session.rollback()
    offline.context.set_offline(False)
    for page in (one, two, offline, four, five):
        for number in range(3):
            expect(page.locator("#log .msg:not(.pending)", has_text=f"offline {number}")).to_have_count(1)
        expect(page.locator("#log .deleted")).to_have_count(2)
        expect(page.locator("#log [data-line]")).to_contain_text("Second Admin")
        expect(page.locator("#log [data-line] a")).to_have_attribute("href", f"/communities/{talk.community_id}/moderation")
        own = int(page is two)  # what was hidden is its author's to take back
        expect(page.locator("#log .deleted [data-do]")).to_have_count(own)
        expect(page.locator("#topics a")).to_have_count(4)
        expect(page.locator(f"#topics [data-topic='{late}'] .topic-state svg")).to_have_count(1)
        expect(page.locator("#pins li")).to_have_text(re.compile("put better"))
    expect(five.locator(f"#topics [data-topic='{topics['Muted']}'] .count")).to_be_hidden()
    expect(offline.locator("#log .pending")).to_have_count(0)
    bodies = [text for text in four.locator("#log .msg-body").all_inner_texts() if "offline" in text]
    assert [body.strip() for body in bodies] == ["offline 0", "offline 1", "offline 2"]

    heard = one.locator("main").aria_snapshot()
    said = heard[heard.index('- log "Messages in General talk"') :]
    for words in ("- list:", "- text: Mentor", "- paragraph: Better words", '- button "Reply"', '- textbox "Message"'):
        assert words in said, heard
    assert re.findall(r"^\s*- (?:button|link|textbox|checkbox|region|log):?$", heard, re.MULTILINE) == [], "without a name"
    for page in (one, two, offline, four, five):
        page.evaluate("() => { const pane = document.getElementById('pane'); pane.scrollTop = pane.scrollHeight }")
        expect(page.locator("#topics a[aria-current] .count")).to_be_hidden()
        afresh = page.context.new_page()
        afresh.goto(here)
        _joined(afresh)
        for _look in range(30):
            stands, shown = everything(page), everything(afresh)  # the fresh one may still be filling in what it quotes
            if stands == shown:
                break
            page.wait_for_timeout(500)
        assert stands == shown, f"{stands}\n{shown}"
        afresh.close()


def test_a_draft_and_what_waits_survive_a_reload(talk: Talk, cast: Cast, open_room: Open, server: Server) -> None:
    first = talk.say(cast.mentee, "As it was")
    one = open_room(cast.mentee)
    expect(one).to_have_url(re.compile(rf"\?topic={talk.topic.id}$"))  # whatever is said elsewhere, a reload shows this
    one.route("**/rooms/*/messages", lambda route: route.abort())
    say(one, "Waiting to go")
    expect(one.locator("#log .pending")).to_have_count(1)
    one.route("**/rooms/*/files", lambda route: route.abort())
    one.set_input_files("#f-upload", {"name": "agenda.txt", "mimeType": "text/plain", "buffer": b"first the accounts"})
    expect(one.locator("#composer-files [data-state]")).to_have_text("waits for the line")
    one.reload()
    expect(one.locator("#composer-files li")).to_contain_text("agenda.txt")
    say(one, "With a file")
    one.fill("#f-body", "Half a thought")
    one.reload()
    expect(one.locator("#log .pending").first).to_contain_text("Waiting to go")
    expect(one.locator("#log .pending").last).to_contain_text("agenda.txt")
    expect(one.locator("#f-body")).to_have_value("Half a thought")
    one.locator(f"#m-{first.id}").hover()
    one.locator(f"#m-{first.id} [data-do=edit]").click()
    expect(one.locator("#f-body")).to_have_value("As it was")
    one.fill("#f-body", "As it shall be")
    one.reload()
    expect(one.locator("#f-body")).to_have_value("As it shall be")
    expect(one.locator("#composer-about")).to_be_visible()
    one.press("#f-body", "Escape")
    expect(one.locator("#f-body")).to_have_value("Half a thought")
    for path in ("messages", "files"):
        one.unroute(f"**/rooms/*/{path}")
    carries = re.compile("agenda|With a file")
    with one.expect_response(
        lambda answer: answer.url.endswith("/messages") and bool(carries.search(answer.request.post_data or ""))
    ) as sent:
        one.goto("/communities")  # what waits goes out from any page
    assert sent.value.ok
    one.goto(f"/rooms/{talk.room_id}")
    expect(one.locator("#log .pending")).to_have_count(0)
    expect(one.locator("#log .msg .msg-body")).to_have_text(["As it was", "Waiting to go", "With a file"])
    expect(one.locator("#log .msg").last.locator(".msg-file")).to_contain_text("agenda.txt")
    for locked in (True, False):  # who may write changes under the open page
        safety.lock_topic(cast.actor(cast.mentor), talk.topic, locked=locked)
        expect(one.locator("#f-body")).to_be_editable(editable=not locked)
        expect(one.locator("#f-body")).to_have_value("Half a thought")
        expect(one.locator("#still")).to_have_text(re.compile("only facilitators write" if locked else "^$"))


def test_a_long_talk_scrolls_in_pages_and_few_of_it_stay_on_the_page(talk: Talk, cast: Cast, open_room: Open) -> None:
    topic, start = talk.topic, clock.now() - timedelta(hours=9)
    first = talk.room.last_seq + 1
    rows = [
        {"room_id": talk.room_id, "topic_id": topic.id, "author_id": cast.mentor.id, "client_id": f"{number:036d}",
         "body": "Words", "html": f"<p>Words {number}</p>", "seq": first + number, "version": 1, "extras": {},
         "created_at": start}
        for number in range(LONG)
    ]  # fmt: skip
    db.session.execute(sa.insert(Message), rows)
    db.session.execute(sa.update(Room).values(last_seq=first + LONG - 1))
    db.session.execute(sa.update(Topic).where(Topic.id == topic.id).values(last_seq=first + LONG - 1))
    db.session.commit()
    page = open_room(cast.mentor, f"/rooms/{talk.room_id}?topic={topic.id}&before=99999999")
    numbers = "() => [...document.querySelectorAll('#log > .msg')].map((item) => Number(item.dataset.seq))"
    lowest = page.evaluate(numbers)[0]
    while lowest > first:
        page.evaluate("() => { document.getElementById('pane').scrollTop = 0 }")
        page.wait_for_function(f"() => Number(document.querySelector('#log > .msg').dataset.seq) < {lowest}")
        shown = page.evaluate(numbers)
        assert shown == list(range(shown[0], shown[-1] + 1))
        assert len(shown) <= 350
        lowest = shown[0]
    expect(page.locator("#newer")).to_be_visible()


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
