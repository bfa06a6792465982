"""The way in, as a person meets it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech


@pytest.mark.parametrize(("locale", "width"), [("id", 360), ("en", 1280)])
def test_the_demo_is_entered_by_one_click_and_left_again(house: House, guests: Guests, locale: str, width: int) -> None:
    say = Speech(locale)
    page = guests.context(house, locale, width).new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name=say("Look around as …"))).to_be_visible()
    page.get_by_role("button", name="Wening Pramesti").click()
    expect(page).to_have_url(f"{house.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wening")
