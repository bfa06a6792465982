"""The journey that MentorLink exists for, walked by two people at once, from the gap to the confirmed level."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.test_room import enter, room_of, shows, write
from tests.browser.walk import Walk


def onlooker(house: House, guests: Guests, walk: Walk) -> Page:
    """A third person, with the mentor in the list they look at."""
    page = guests.page_of(house, "facilitator", walk.locale, walk.width)
    page.goto(f"/find?q={walk.mentor_name.split()[0]}")
    expect(page.locator(".suggestion", has_text=walk.mentor_name)).to_be_visible()
    return page


def figures(page: Page) -> dict[str, str]:
    """The programme's figures as HR reads them: name → number."""
    page.goto("/programme")
    found = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".stat")].map((stat) =>
          [stat.querySelector(".stat-label").textContent.trim(), stat.querySelector(".stat-value").textContent.trim()]))"""
    )
    assert found
    return dict(found)


def pairs_in_file(page: Page) -> str:
    """The CSV that HR takes away."""
    page.locator('details.menu:has(a[href*="pairs.csv"]) > summary').click()
    with page.expect_download() as download:
        page.locator('a[href*="pairs.csv"]').click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def talk_meanwhile(walk: Walk) -> None:
    """Both say something in their community's room, and each sees the other's words come in."""
    room = room_of(walk.house, "mentee", "mentor")
    pages = {name: enter(walk.guests.page_of(walk.house, name, walk.locale, walk.width), room) for name in ("mentee", "mentor")}
    for speaker, words in (("mentee", "Kerangka sampel saya sudah jadi."), ("mentor", "Bagus, mari kita lihat bersama.")):
        write(pages[speaker], words)
        for page in pages.values():
            shows(page, words)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("locale", "width"), [("id", 360), ("en", 1280)])
def test_two_people_go_from_a_gap_to_a_confirmed_level(own_house: House, guests: Guests, locale: str, width: int) -> None:
    walk = Walk(own_house, guests, locale, width)
    hr = guests.page_of(own_house, "programme_manager", locale, 1280)
    finished = walk.say("Finished")
    before = figures(hr)

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
    talk_meanwhile(walk)
    walk.hold_sessions()
    walk.finish_the_way()
    walk.confirm()
    walk.see_what_moved()

    after = figures(hr)
    assert int(after[finished]) == int(before[finished]) + 1
    rows = [line for line in pairs_in_file(hr).splitlines() if walk.mentee_name in line]
    assert len(rows) == 1
    assert walk.mentor_name in rows[0]
