"""The room of a session on two devices: both write at once, a line is lost, pages are closed; not a keystroke is lost."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.sessions.meetings.models import Meeting, NotesRevision
from mentorlink.sessions.mentoring.models import Mentorship
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.meetings.writing import answer, cases

ANSWERS = """async (cases) => {
  const app = document.querySelector('script[type=module][src*="/js/"]').src;
  const { apply, carried, tidy } = await import(app.replace(/\\/js\\/.*$/, "/js/notes/change.js"));
  return cases.map(([text, later, earlier]) => {
    const [overEarlier, overLater] = carried(later, earlier);
    return {
      tidy: [tidy(later), tidy(earlier)],
      carried: [overEarlier, overLater],
      texts: [apply(text, later), apply(text, earlier), apply(apply(text, earlier), overEarlier)],
    };
  });
}"""
"""What the rules in static/js make of the same cases as ``tests.meetings.writing.answer``."""


PLACES = ("#agenda-text", "#notes-body", "#action-text", "#private-body", ".prompt-list", "#last-time")
"""Where one reads and writes during a session."""

ALL_IN_SIGHT = """(places) => {
  const room = document.documentElement;
  const seen = places.every((place) => {
    const { top, bottom } = document.querySelector(place).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  return seen && room.scrollHeight <= innerHeight && room.scrollWidth <= innerWidth;
}"""


def session_of(house: House, mentor: str) -> tuple[int, int]:
    """The next session of a mentor, and the id of the mentee."""
    pair = sa.select(Mentorship.series_id, Mentorship.mentee_id).where(
        Mentorship.mentor_id == house.person_id(mentor), Mentorship.state == "active"
    )
    series, mentee = house.every(pair.order_by(Mentorship.id).limit(1))[0]
    planned = sa.select(Meeting.id).where(Meeting.state == "planned", Meeting.series_id == series)
    return int(house.one(planned.order_by(Meeting.starts_at).limit(1))), mentee


def enter(page: Page, session: int) -> Page:
    """Open the room and wait until its notes listen."""
    page.goto(f"/meetings/{session}")
    saved(page)
    return page


def saved(page: Page) -> None:
    """All that was typed here has arrived."""
    expect(page.locator("form[data-state=saved]")).to_have_count(1)


def write(page: Page, words: str, *, at: str = "end") -> None:
    """Type into the notes, at their beginning or end, key by key."""
    page.locator("#notes-body").focus()
    page.keyboard.press("Control+End" if at == "end" else "Control+Home")
    page.keyboard.type(words, delay=15)


def holds(page: Page, *words: str) -> None:
    """The notes hold all of these, once each."""
    page.wait_for_function(
        "words => { const text = document.querySelector('#notes-body')?.value ?? '';"
        " return JSON.parse(words).every((word) => text.split(word).length === 2); }",
        arg=json.dumps(words),
    )


@pytest.fixture
def alone(own_house: House) -> House:
    """A house of which the test may do with the notes what it likes."""
    return own_house


def test_two_write_at_once_through_lost_lines_and_reloads(alone: House, guests: Guests) -> None:
    guests.complaints.line_may_break = True
    session, who = session_of(alone, "mentor")
    mentee = enter(guests.page_of(alone, who), session)
    mentor = enter(guests.page_of(alone, "mentor", locale="en", width=1280), session)

    # both at once, at both ends
    write(mentor, "Sampel berlapis. ", at="start")
    write(mentee, " Kuesioner pulau.")
    for page in (mentee, mentor):
        holds(page, "Sampel berlapis. ", " Kuesioner pulau.")
        saved(page)

    # one loses the line and goes on writing; so does the other
    mentee.context.set_offline(True)
    write(mentee, " Tanpa sambungan 😀.")
    expect(mentee.locator("form[data-state=offline]")).to_have_count(1)
    write(mentor, "Sementara itu. ", at="start")
    saved(mentor)

    # the page without a line is closed as it is; another one of the same browser sends what it kept
    context = mentee.context
    mentee.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/meetings/{session}")
    everything = ("Sampel berlapis. ", " Kuesioner pulau.", " Tanpa sambungan 😀.", "Sementara itu. ")
    for page in (again, mentor):
        holds(page, *everything)

    # both reload in the middle of a word
    write(mentor, "Laporan 2024 bab ")
    write(again, "Mulai: ", at="start")
    for page in (again, mentor):
        page.reload()
    for page in (again, mentor):
        holds(page, *everything, "Laporan 2024 bab ", "Mulai: ")
        saved(page)
    texts = {page.locator("#notes-body").input_value() for page in (again, mentor)}
    assert len(texts) == 1
    newest = sa.select(NotesRevision.author_ids).where(NotesRevision.meeting_id == session).order_by(NotesRevision.number.desc())
    assert alone.every(newest.limit(1))

    # the agenda is live too
    agenda = mentor.locator("#agenda form.add-line")
    agenda.locator("input[name=text]").fill("Memilih pulau contoh")
    agenda.get_by_role("button").click()
    expect(again.locator("#agenda").get_by_text("Memilih pulau contoh")).to_be_visible()
    expect(mentor.locator("#agenda").get_by_text("Memilih pulau contoh")).to_be_visible()

    # on a laptop all of it is in sight, and the page does not scroll
    mentor.set_viewport_size({"width": 1366, "height": 768})
    mentor.wait_for_function(f"(places) => ({ALL_IN_SIGHT})(places)", arg=list(PLACES))  # laid out anew with the next frame

    # the browser's rules of writing and the server's are one
    table = cases(400)
    said = mentor.evaluate(ANSWERS, [list(case) for case in table])
    assert len(said) == len(table)
    for case, theirs in zip(table, said, strict=True):
        assert theirs == answer(*case), case
