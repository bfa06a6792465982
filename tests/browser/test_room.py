"""A room on several devices: what one writes the others see, whatever happens to the line or to the server."""

from __future__ import annotations

import re
import signal

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.community.models import Membership, Message, Room
from mentorlink.community.models.safety import RoomRule
from mentorlink.pairing.models import Offer
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech

LINE_OPENS = """async () => {
  const app = [...document.scripts].find((one) => one.src.includes("/js/app.js"));
  const { connection } = await import(app.src.replace("app.js", "live.js"));
  const line = await connection();
  if (!line.connected) await new Promise((opened) => line.once("connect", opened));
}"""


def room_of(house: House, *people: str) -> int:
    """A room that all of these may read."""
    query = sa.select(Room.id).order_by(Room.id).limit(1)
    for person in people:
        mine = sa.select(Membership.community_id).where(Membership.person_id == house.person_id(person))
        query = query.where(Room.community_id.in_(mine))
    return int(house.one(query))


def enter(page: Page, room: int) -> Page:
    """Open the room and wait until the line is open."""
    page.goto(f"/rooms/{room}")
    expect(page.locator("#composer")).to_be_visible()
    page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.includes('socket.io.esm'))")
    return page


def write(page: Page, words: str) -> None:
    """Write a message."""
    page.locator("#f-body").fill(words)
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("#f-body")).to_have_value("")


def shows(page: Page, words: str) -> None:
    """The message stands there once, and has arrived."""
    expect(page.locator(".msg", has_text=words)).to_have_count(1)
    expect(page.locator(".msg.pending, .msg.failed", has_text=words)).to_have_count(0)


def kept(house: House, words: str) -> int:
    """How many rows hold the message."""
    return int(house.one(sa.select(sa.func.count()).where(Message.body == words)))


def test_what_one_writes_the_others_see_on_every_device_and_after_a_reload(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    phone = enter(guests.page_of(house, "mentee"), room)
    desk = enter(guests.page_of(house, "mentee", width=1280), room)
    mentor = enter(guests.page_of(house, "mentor", locale="en", width=1280), room)

    expect(mentor.locator("#here")).to_have_text("")
    desk.get_by_label(Speech("id")("Show others when I am here")).check()
    expect(mentor.locator("#here")).to_contain_text("Wening Pramesti")
    phone.locator("#f-body").press_sequentially("Siapa punya ")
    expect(mentor.locator("#typing")).to_contain_text(Speech("en")("NAME is writing").replace("NAME", "Wening Pramesti"))
    write(phone, "Siapa punya **contoh** kuesioner pulau kecil?")
    for page in (phone, desk, mentor):
        shows(page, "Siapa punya contoh kuesioner pulau kecil?")
    expect(mentor.locator(".msg-body strong", has_text="contoh").last).to_be_visible()

    mentor.locator("#f-body").fill("Ada, saya kirim sore ini.")
    mentor.locator("#f-body").press("Enter")
    for page in (phone, desk, mentor):
        shows(page, "Ada, saya kirim sore ini.")
        page.reload()
        shows(page, "Siapa punya contoh kuesioner pulau kecil?")
        shows(page, "Ada, saya kirim sore ini.")


def test_a_server_that_was_restarted_loses_and_doubles_nothing(house: House, guests: Guests) -> None:
    guests.complaints.line_may_break = True
    room = room_of(house, "mentee", "mentor")
    phone = enter(guests.page_of(house, "mentee"), room)
    mentor = enter(guests.page_of(house, "mentor", width=1280), room)
    before, during = "Sebelum server berhenti.", "Saat server berhenti."
    write(phone, before)
    shows(mentor, before)

    house.close(signal.SIGTERM)
    write(phone, during)
    expect(phone.locator(".msg.pending", has_text=during)).to_be_visible()
    house.open()

    for page in (phone, mentor):
        shows(page, before)
        shows(page, during)
    write(mentor, "Sesudah server berhenti.")
    shows(phone, "Sesudah server berhenti.")
    assert kept(house, during) == 1


def test_a_message_is_changed_and_removed_before_everyones_eyes(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    mentor = enter(guests.page_of(house, "mentor", width=1280), room)
    mentee = enter(guests.page_of(house, "mentee", width=1280), room)
    say = Speech("id")
    write(mentor, "Rapat jam 9")
    shows(mentee, "Rapat jam 9")
    message = mentor.locator(".msg", has_text="Rapat jam 9")
    message.hover()
    message.get_by_role("button", name=say("Edit"), exact=True).click()
    expect(mentor.locator("#f-body")).to_have_value("Rapat jam 9")
    mentor.locator("#f-body").fill("Rapat jam 10")
    mentor.locator("#composer button[type=submit]").click()
    shows(mentee, "Rapat jam 10")
    expect(mentee.locator(".msg", has_text="Rapat jam 9")).to_have_count(0)
    message = mentor.locator(".msg", has_text="Rapat jam 10")
    message.hover()
    message.get_by_role("button", name=say("Remove"), exact=True).click()
    mentor.get_by_role("dialog").get_by_role("button", name=say("Remove"), exact=True).click()
    expect(mentee.locator(".msg", has_text="Rapat jam 10")).to_have_count(0)
    expect(mentee.locator(".msg.deleted").last).to_contain_text(say("This message was removed."))


def test_who_is_no_member_finds_no_room(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    inside = sa.select(Membership.person_id)
    stranger = house.one(sa.text(f"SELECT id FROM person WHERE state = 'active' AND id NOT IN ({inside}) LIMIT 1"))
    page = guests.page_of(house, int(stranger))
    answer = page.goto(f"/rooms/{room}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not re.search("composer", page.content())


def test_free_places_are_true_again_when_the_line_is_back(house: House, guests: Guests) -> None:
    guests.complaints.line_may_break = True
    page = guests.page_of(house, "facilitator", width=1280)
    page.goto("/find?q=Rosmaini")
    places = page.locator(".suggestion", has_text="Rosmaini Tanjung").locator("[data-offer-room]")
    say = Speech("id")
    expect(places).to_have_text(say.count("%(num)s free place", "%(num)s free places", 2))
    page.wait_for_function("() => performance.getEntriesByType('resource').some((one) => one.name.includes('socket.io.esm'))")
    page.evaluate(LINE_OPENS)
    house.close(signal.SIGKILL)
    house.change(sa.update(Offer).where(Offer.person_id == house.person_id("mentor"), Offer.kind == "mentor").values(taken=2))
    house.open()
    expect(places).to_have_text(say.count("%(num)s free place", "%(num)s free places", 1))


PICTURE = """() => new Promise((done) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [900, 1600];
  canvas.getContext("2d").fillRect(0, 0, 900, 1600);
  canvas.toBlob(async (blob) => done([...new Uint8Array(await blob.arrayBuffer())]), "image/png");
})"""

AT_END = (
    "() => { const pane = document.getElementById('pane'); return pane.scrollHeight - pane.scrollTop - pane.clientHeight < 3; }"
)


def test_a_picture_that_comes_leaves_who_reads_at_the_end_there(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    phone = enter(guests.page_of(house, "mentee"), room)
    mentor = enter(guests.page_of(house, "mentor", width=1280), room)
    picture = {"name": "denah.png", "mimeType": "image/png", "buffer": bytes(mentor.evaluate(PICTURE))}
    mentor.locator("#f-upload").set_input_files(picture)  # type: ignore[arg-type]  # a TypedDict of the same shape
    expect(mentor.locator("#composer-files li")).to_have_count(1)
    write(mentor, "Denah ruang")
    shows(phone, "Denah ruang")
    phone.wait_for_function("() => [...document.querySelectorAll('.msg-files img')].pop()?.complete")
    phone.wait_for_function(AT_END)
    box = phone.locator(".msg-files img").last.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (162, 288)


def test_the_talk_is_one_stop_of_the_tab_key_and_its_tools_say_whose_words_they_are_for(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    desk = enter(guests.page_of(house, "mentee", width=1280), room)
    mentor = enter(guests.page_of(house, "mentor", width=1280), room)
    write(mentor, "Sampai di sini")
    shows(desk, "Sampai di sini")
    expect(desk.locator("#log .msg[tabindex='0']")).to_have_count(1)
    expect(desk.locator("#log .msg[tabindex='-1'] :is(a, button):not([tabindex='-1'])")).to_have_count(0)
    expect(desk.locator(".msg", has_text="Sampai di sini")).to_have_attribute("tabindex", "0")
    say = Speech("id")
    reply = desk.get_by_role("button", name=say("Reply to NAME").replace("NAME", "Rosmaini Tanjung"))
    expect(reply.last).to_be_attached()
    desk.locator(".msg[tabindex='0']").focus()
    desk.keyboard.press("ArrowUp")
    expect(desk.locator("#log .msg[tabindex='0']")).to_be_focused()


def test_tools_of_the_last_message_come_into_sight_and_a_locked_topic_keeps_what_was_begun(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    phone = enter(guests.page_of(house, "mentee"), room)
    write(phone, "Pesan paling bawah")
    shows(phone, "Pesan paling bawah")
    phone.locator(".msg", has_text="Pesan paling bawah").locator(".msg-body").tap()
    expect(phone.locator(".msg.touched .msg-tools")).to_be_in_viewport(ratio=1)
    foot, tools = phone.locator(".focus-foot").bounding_box(), phone.locator(".msg.touched .msg-tools").bounding_box()
    assert foot is not None
    assert tools is not None
    assert tools["y"] + tools["height"] <= foot["y"]
    phone.locator("#f-body").fill("Setengah kalimat")
    house.change(sa.insert(RoomRule).values(room_id=room, locked=True, slow_seconds=0))
    phone.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes('room-'))")
    phone.reload()
    expect(phone.locator("#f-body")).to_have_value("Setengah kalimat")
    expect(phone.locator("#f-body")).to_be_visible()
    expect(phone.locator("#f-body")).not_to_be_editable()
    house.change(sa.delete(RoomRule).where(RoomRule.room_id == room))


def test_a_mention_that_is_being_read_rings_no_bell_and_one_that_was_read_is_no_longer_told(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    mentee = enter(guests.page_of(house, "mentee", width=1280), room)
    mentor = enter(guests.page_of(house, "mentor", width=1280), room)
    bell = mentee.locator("[data-count='notices']").first
    before = bell.inner_text()
    mentee.bring_to_front()
    token = f"@[Wening Pramesti]({house.person_id('mentee')}) lihat ini"
    write(mentor, token)
    expect(mentee.locator(".msg.mentions-me", has_text="lihat ini")).to_be_visible()
    mentee.wait_for_timeout(3000)
    expect(mentee.locator("#toasts .toast")).to_have_count(0)
    expect(bell).to_have_text(before)
    mentee.reload()
    expect(bell).to_have_text(before)


def test_without_scripts_a_room_is_no_taller_than_the_phone(house: House, guests: Guests) -> None:
    page = guests.page_of(house, "mentee", script=False)
    page.goto(f"/rooms/{room_of(house, 'mentee', 'mentor')}")
    box = page.locator(".focus-shell").bounding_box()
    below = page.locator(".toasts").bounding_box()
    assert box is not None
    assert below is None or below["height"] == 0


def test_what_is_refused_in_a_room_never_stands_over_the_line_one_writes_in(house: House, guests: Guests) -> None:
    desk = enter(guests.page_of(house, "mentee", width=1280), room_of(house, "mentee", "mentor"))
    desk.locator("#f-upload").set_input_files({"name": "alat.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    toast, foot = desk.locator("#toasts .toast"), desk.locator(".focus-foot").bounding_box()
    expect(toast).to_be_visible()
    box, bar = toast.bounding_box(), desk.locator(".focus-bar").bounding_box()
    assert box is not None
    assert foot is not None
    assert bar is not None
    assert bar["y"] + bar["height"] <= box["y"]
    assert box["y"] + box["height"] < foot["y"]
