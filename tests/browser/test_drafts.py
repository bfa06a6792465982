"""What is written is kept on the device until the server says that it took it, through lines that break on the way."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.sessions.meetings.models import PrivateNote
from mentorlink.sessions.mentoring.models import Mentorship, Reflection
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech
from tests.browser.test_rough_use import end_sign_ins
from tests.browser.test_session_room import enter, session_of

say = Speech("id")
LOST = "Not saved: there is no connection. What you wrote is kept on this device; save it once the connection is back."


def kept(page: Page, stem: str) -> list[str]:
    """The drafts on this device whose key begins so."""
    found = page.evaluate("() => Object.keys(localStorage)")
    return [one for one in found if one.startswith("mentorlink.draft.") and f".{stem}" in one]


@pytest.fixture
def closing(house: House) -> tuple[int, int]:
    """A mentorship in its last stage whose mentee has written no reflection yet, and the mentee."""
    written = sa.exists().where(Reflection.mentorship_id == Mentorship.id, Reflection.person_id == Mentorship.mentee_id)
    query = sa.select(Mentorship.id, Mentorship.mentee_id).where(
        Mentorship.stage == "confirmative", Mentorship.state == "active", ~written
    )
    id_, mentee = house.every(query.limit(1))[0]
    return int(id_), int(mentee)


def test_a_text_that_was_on_its_way_when_the_line_broke_is_there_again_and_goes_when_it_was_taken(
    house: House, guests: Guests, closing: tuple[int, int]
) -> None:
    guests.complaints.line_may_break = True
    id_, mentee = closing
    page = guests.page_of(house, mentee)
    address = f"/mentoring/{id_}/closing"
    page.goto(address)
    areas = page.locator("#reflection textarea, form[data-draft^=reflection] textarea")
    words = [f"Saya belajar menyusun kuesioner, bagian {number}." for number in range(areas.count())]
    for area, text in zip(areas.all(), words, strict=True):
        area.fill(text)
    page.context.set_offline(True)
    page.locator("form[data-draft^=reflection] button[type=submit]").click(no_wait_after=True)
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto("/")  # another page comes before: it says nothing of what was sent
    page.goto(address)
    expect(areas.first).to_have_value(words[0])
    page.locator("form[data-draft^=reflection] button[type=submit]").click()
    expect(page.locator(".toast", has_text=say("Your reflection is saved."))).to_be_visible()
    assert kept(page, "reflection") == []


def test_a_private_note_outlives_a_lost_line_and_does_not_stay_on_the_device_once_it_is_saved(
    house: House, guests: Guests
) -> None:
    guests.complaints.line_may_break = True
    session, who = session_of(house, "mentor")
    page = enter(guests.page_of(house, who), session)
    note = page.locator("#private-body")
    button = page.get_by_role("button", name=say("Save my note"))

    page.context.set_offline(True)
    note.fill("Ragu soal waktu.")
    button.click()
    expect(page.locator(".toast", has_text=say(LOST))).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(note).to_have_value("Ragu soal waktu.")

    button.click()
    expect(page.locator(".toast", has_text=say("Your private note is saved."))).to_be_visible()
    note.fill("Ragu soal waktu. Tanyakan lagi.")
    button.click()
    expect(page.locator("input[name=version][value='2']")).to_have_count(1)
    expect(page.locator("#private .alert")).to_have_count(0)
    page.goto("/")
    assert kept(page, "private") == []
    assert house.one(sa.select(PrivateNote.version).where(PrivateNote.meeting_id == session)) == 2


def test_who_is_signed_out_while_writing_notes_is_told_so_and_loses_nothing(house: House, guests: Guests) -> None:
    guests.complaints.line_may_break = True
    session, who = session_of(house, "mentor")
    page = enter(guests.page_of(house, who), session)
    notes = page.locator("#notes-body")
    end_sign_ins(house, who)
    notes.press_sequentially("Catatan setelah keluar.")
    line = page.locator("#notes-status")
    expect(line).to_contain_text(say("Sign in"))
    expect(page.locator("form[data-state=signedOut]")).to_have_count(1)
    line.get_by_role("link").click()
    page.wait_for_url("**/sign-in?**")
    page.context.add_cookies(house.cookies(house.sign_in(who)))  # type: ignore[arg-type]  # a TypedDict of the same shape
    page.goto(f"/meetings/{session}")
    expect(notes).to_have_value(re.compile("Catatan setelah keluar."))
    expect(page.locator("form[data-state=saved]")).to_have_count(1)
