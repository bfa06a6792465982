"""The journey that MentorLink exists for, walked by two people at once, from the gap to the confirmed level."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.walk import Walk


def onlooker(house: House, guests: Guests, walk: Walk) -> Page:
    """A third person, with the mentor in the list they look at."""
    page = guests.page_of(house, "facilitator", walk.locale, walk.width)
    page.goto(f"/find?q={walk.mentor_name.split()[0]}")
    expect(page.locator(".suggestion", has_text=walk.mentor_name)).to_be_visible()
    return page


def funnel(page: Page) -> list[int]:
    """The numbers that HR sees."""
    page.goto("/programme")
    return [int(number) for text in page.locator(".stat dd, .chart-funnel text, .funnel b").all_inner_texts() for number in re.findall(r"\d+", text)[:1]]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("locale", "width"), [("id", 360), ("en", 1280)])
def test_two_people_go_from_a_gap_to_a_confirmed_level(own_house: House, guests: Guests, locale: str, width: int) -> None:
    walk = Walk(own_house, guests, locale, width)
    hr = guests.page_of(own_house, "programme_manager", locale, 1280)
    before = funnel(hr)

    walk.see_what_is_next()
    walk.find_somebody()
    third = onlooker(own_house, guests, walk)
    walk.ask("Saya ingin belajar merancang survei di daerah kepulauan.")
    walk.hear_of_it()
    walk.ask_back("Survei apa yang sudah pernah Anda olah?", "Survei kepuasan layanan 2025.", third)
    walk.become_a_pair()
    walk.agree()
    walk.set_goals()
    walk.plan_the_way()
    walk.hold_sessions()
    walk.finish_the_way()
    walk.confirm()
    walk.see_what_moved()

    assert funnel(hr) != before
