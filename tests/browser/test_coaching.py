"""Two people from a first talk to a check-in on a phone, with the superior asked one question on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.kernel import clock
from mentorlink.people.models import Person
from mentorlink.sessions.coaching.models import Engagement, Question
from tests.browser.conftest import Guests
from tests.browser.house import House


def press(page: Page, words: str) -> None:
    """Press the one button of this name and see where it leads."""
    button = page.get_by_role("button", name=words, exact=True)
    with page.expect_navigation():
        button.click()


def choose(page: Page, group: str, number: int) -> None:
    """Choose one of ten numbers."""
    page.get_by_role("group", name=group).locator(f'label:text-is("{number}")').click()


@pytest.mark.timeout(300)
def test_two_people_go_from_a_first_talk_to_a_check_in_on_a_phone(own_house: House, guests: Guests) -> None:
    talking = sa.select(Engagement.id, Engagement.coachee_id).where(Engagement.state == "conversation")
    number, coachee_id = own_house.every(talking)[0]
    here = f"/coaching/{number}"
    coachee = guests.page_of(own_house, coachee_id, "en", 360)
    coach = guests.page_of(own_house, "coach", "en", 1280)

    coachee.goto(here)
    coachee.get_by_role("link", name="Log a session").click()
    coachee.get_by_label("What came of it", exact=False).fill("We talked about the weekly meeting.")
    press(coachee, "Write it down")
    for page in (coachee, coach):
        page.goto(here)
        press(page, "Yes, go on")
    expect(coach.get_by_text("your coaching begins").first).to_be_visible()

    coachee.goto(f"{here}/goal")
    coachee.get_by_label("What do you want to reach?").fill("Lead the weekly meeting")
    coachee.get_by_label("Why does it matter to you?").fill("My team waits for it")
    coachee.get_by_label("How will you and others notice?").fill("We end on time")
    choose(coachee, "Where do you stand today?", 3)
    choose(coachee, "Where do you want to be?", 8)
    coachee.get_by_label("By when?").fill((clock.today() + timedelta(days=60)).isoformat())
    press(coachee, "Save the goal")
    expect(coachee.locator(".goal-text")).to_have_text("Lead the weekly meeting")

    coachee.get_by_label("Your question to", exact=False).fill("How well do I lead the weekly meeting?")
    press(coachee, "Ask")
    put = sa.select(Question.id, Question.superior_id).where(Question.engagement_id == number)
    asked, superior_id = own_house.every(put)[0]
    superior = guests.page_of(own_house, superior_id, "en", 360)
    superior.goto(f"/coaching/questions/{asked}")
    expect(superior.locator("main")).not_to_contain_text("My team waits for it")
    choose(superior, "Your number", 5)
    press(superior, "Answer")
    press(coachee, "Take it back at once")
    superior.goto("/coaching")
    expect(superior.locator("main")).not_to_contain_text("How well do I lead the weekly meeting?")

    coach.goto(f"{here}/sessions")
    coach.get_by_role("link", name="By GROW").first.click()
    coach.get_by_label("Goal of this session").fill("An opening for Monday")
    coach.get_by_label("Options", exact=False).fill("Begin with a question\nBegin with a number")
    press(coach, "Save")
    coach.get_by_label("What does the coachee take on?").fill("Try the question on Monday")
    where = own_house.one(sa.select(Person.timezone).where(Person.id == own_house.person_id("coach")))
    coach.get_by_label("Until when").fill(clock.today(where).isoformat())
    press(coach, "Take it on")

    coachee.goto(here)
    coachee.get_by_role("link", name="Say how it stands").click()
    coachee.get_by_label("One line, if you like", exact=False).fill("They answered at once")
    press(coachee, "Done")
    coach.goto(here)
    expect(coach.get_by_text("They answered at once")).to_be_visible()
