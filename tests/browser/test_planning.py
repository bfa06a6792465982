"""Two people find a time: proposed on the way, chosen on a phone, moved to another free hour, and in the calendar of both."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ical.calendar_stream import IcsCalendarStream
from playwright.sync_api import expect

from mentorlink.sessions.meetings.models import Meeting, TimeProposal
from tests.browser.conftest import Guests
from tests.browser.house import House


@pytest.mark.timeout(300)
def test_a_proposed_time_is_chosen_on_a_phone_and_moved_to_a_free_hour(own_house: House, guests: Guests) -> None:
    query = sa.select(TimeProposal.id, TimeProposal.proposed_by_id, TimeProposal.series_id)
    number, mentee_id, series = own_house.every(query.where(TimeProposal.state == "open"))[0]
    mentor = guests.page_of(own_house, "mentor", "en", 360)
    mentee = guests.page_of(own_house, mentee_id, "en", 1280)

    mentor.goto(f"/meetings/times/{number}")
    with mentor.expect_navigation():
        mentor.get_by_role("button", name="Choose this time").first.click()
    expect(mentor.get_by_text("Booked. Everybody has been told.").first).to_be_visible()
    booked = int(own_house.one(sa.select(sa.func.max(Meeting.id)).where(Meeting.series_id == series)))
    mentor.goto("/meetings/hours")
    address = mentor.locator("#feed-address").input_value()

    mentee.goto(f"/meetings/times/{number}")
    expect(mentee.get_by_text("A time was chosen.")).to_be_visible()
    mentee.goto(f"/meetings/{booked}/move")
    chip = mentee.locator(".slot input:visible").last
    chip.check()
    with mentee.expect_navigation():
        mentee.get_by_role("button", name="Reschedule").click()
    expect(mentee.get_by_text("has been told.").first).to_be_visible()

    answer = mentor.request.get(address)
    entries = {event.url: event for event in IcsCalendarStream.calendar_from_ics(answer.text()).events}
    found = next(event for url, event in entries.items() if str(url).endswith(f"/meetings/{booked}"))
    assert found.sequence == 1
    assert found.start == own_house.one(sa.select(Meeting.starts_at).where(Meeting.id == booked))
