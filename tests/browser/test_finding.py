"""Finding somebody, by several people at once: a place that opens is kept for who waits, lists keep what was chosen."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.kernel import clock
from mentorlink.pairing.models import HeldPlace, Invitation, Offer, Waiting
from mentorlink.people.models import Person
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech


def full_offer(house: House) -> int:
    """The offer of the cast's mentor who is full."""
    person = house.person_id("mentor_full")
    query = sa.select(Offer.id).where(Offer.person_id == person, Offer.kind == "mentor", Offer.closed_at.is_(None))
    return int(house.one(query))


def listen(page: Page) -> Page:
    """Wait until the page has its line to the server."""
    page.wait_for_function("() => performance.getEntriesByType('resource').some((r) => r.name.includes('/socket.io/'))")
    return page


@pytest.mark.timeout(180)
def test_a_place_that_opens_is_kept_for_who_waits_and_taken_by_asking(own_house: House, guests: Guests) -> None:
    house = own_house
    offer = full_offer(house)
    others = sa.update(Waiting).where(Waiting.person_id != house.person_id("mentee"))
    house.change(others.values(state="left", closed_at=clock.now()))
    waits, say = guests.page_of(house, "mentee", "id", 360), Speech("id")
    waits.goto("/find/waiting")
    expect(waits.get_by_text(say("You are number %(place)s in the line.", place=1)).first).to_be_visible()
    listen(waits)

    mentor = guests.page_of(house, "mentor_full", "en", 1280)
    mentor.goto("/offers/mentor")
    places = mentor.locator("input[name=capacity]")
    places.fill(str(int(places.input_value()) + 1))
    mentor.locator("form.offer-form button[type=submit], main form button[type=submit]").first.click()
    mentor.wait_for_url("**/offers")

    expect(waits.get_by_role("link", name=say("See the place"))).to_be_visible()
    held = house.one(sa.select(HeldPlace.person_id).where(HeldPlace.offer_id == offer, HeldPlace.state == "offered"))
    assert held == house.person_id("mentee")
    mentor.reload()
    expect(mentor.locator(".places i.held")).to_have_count(1)

    waits.get_by_role("link", name=say("See the place")).click()
    waits.get_by_role("link", name=say("Take the place")).click()
    waits.locator("textarea[name=message]").fill("Saya menunggu tempat ini dan ingin belajar merancang survei.")
    waits.get_by_role("button", name=say("Send request")).click()
    waits.wait_for_url("**/requests/*")

    mentor.goto("/requests?box=in")
    mentor.locator("a.list-row", has_text=str(house.one(sa.select(Person.name).where(Person.id == held)))).first.click()
    mentor.get_by_role("button", name="Accept").click()
    expect(mentor.get_by_text("You said yes. You can begin.")).to_be_visible()
    row = house.every(sa.select(Offer.taken, Offer.held, Offer.capacity).where(Offer.id == offer))[0]
    assert row.taken == row.capacity
    assert row.held == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_who_is_chosen_for_comparing_stays_chosen_through_filters_pages_and_the_back_button(
    house: House, guests: Guests, width: int
) -> None:
    page = guests.page_of(house, "mentee", "en", width)
    page.goto("/find")
    first = page.locator(".suggestion").nth(0)
    name = first.locator(".card-title a").inner_text()
    first.get_by_text("Compare").click()
    expect(page).to_have_url(re.compile(r"pick=\d+"))
    page.locator(".pagination a[rel=next]").click()
    expect(page.locator("[data-pick-bar]")).to_contain_text("One chosen")
    second = page.locator(".suggestion").nth(0)
    other = second.locator(".card-title a").inner_text()
    second.get_by_text("Compare").click()
    if width < 700:
        page.locator(".filters-open").click()
    page.locator("input[name=zone]").first.check()
    expect(page).to_have_url(re.compile(r"zone=.*pick=\d+|pick=\d+.*zone="))
    if width < 700:
        page.locator("[data-filters-done]").click()
    expect(page.locator("[data-pick-say]")).to_have_text("2 chosen")
    page.locator("[data-pick-go]").click()
    page.wait_for_url("**/find/compare?*")
    expect(page.locator(".compare-table thead")).to_contain_text(name)
    expect(page.locator(".compare-table thead")).to_contain_text(other)
    page.reload()
    expect(page.locator(".compare-table thead th[scope=col]")).to_have_count(2)
    page.go_back()
    expect(page.locator("input[name=zone]").first).to_be_checked()
    expect(page.locator("[data-pick-say]")).to_have_text("2 chosen")


def test_without_script_two_are_compared_and_the_list_is_found_again(house: House, guests: Guests) -> None:
    page = guests.page_of(house, "mentee", "en", 1280, script=False)
    page.goto("/find")
    boxes = page.locator(".suggestion input[name=pick]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator(".compare-table thead th[scope=col]")).to_have_count(2)
    page.get_by_role("link", name="Back to the list").first.click()
    expect(page.locator(".suggestion input[name=pick]:checked")).to_have_count(2)


def test_suggestions_on_the_home_page_follow_what_mentors_do(own_house: House, guests: Guests) -> None:
    page = guests.page_of(own_house, "mentee", "en", 1280)
    page.goto("/")
    card = page.locator("[data-controller=pairing-best]")
    first = card.locator("strong").first.inner_text()
    listen(page)
    page.wait_for_timeout(1000)
    best = own_house.one(sa.select(Person.id).where(Person.name == first.split(",")[0].removeprefix("Dr. ")))
    mentor = guests.page_of(own_house, best, "en", 1280)
    mentor.goto("/offers")
    mentor.get_by_role("button", name="Close", exact=True).first.click()
    mentor.get_by_role("button", name="Close the offer").click()
    expect(card.locator("strong").first).not_to_have_text(first)
    page.reload()
    expect(card).not_to_contain_text(first)


def test_a_block_from_the_list_is_at_once_and_can_be_undone_there(own_house: House, guests: Guests) -> None:
    page = guests.page_of(own_house, "mentee", "en", 1280)
    page.goto("/find?zone=WITA")
    item = page.locator(".suggestion").nth(0)
    name = item.locator(".card-title a").inner_text()
    item.locator("details.menu summary").click()
    item.get_by_role("button", name="Block").click()
    page.locator("#confirm [value=yes]").click()
    page.wait_for_url("**blocked=*")
    expect(page.locator(".suggestions")).not_to_contain_text(name)
    expect(page.locator("input[type=checkbox][name=zone][value=WITA]")).to_be_checked()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".suggestions")).to_contain_text(name)


def test_a_mentor_invites_and_the_invited_says_yes(own_house: House, guests: Guests) -> None:
    house = own_house
    mentor = guests.page_of(house, "mentor", "en", 1280)
    mentor.goto("/offers/mentor/people")
    mentor.get_by_role("link", name=re.compile("^Invite ")).first.click()
    mentor.locator("textarea[name=message]").fill("I have walked this way and would gladly show you how.")
    mentor.get_by_role("button", name="Send invitation").click()
    mentor.wait_for_url("**/invitations/*")
    number = int(mentor.url.rstrip("/").split("/")[-1])
    invited = house.one(sa.select(Invitation.person_id).where(Invitation.id == number))
    page = guests.page_of(house, invited, "en", 360)
    page.goto("/invitations")
    page.locator(f'a[href="/invitations/{number}"]').click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You are a pair")).to_be_visible()
    mentor.reload()
    expect(mentor.get_by_text("You are a pair")).to_be_visible()


def test_who_objects_to_ranking_sees_names_in_order_and_no_score(own_house: House, guests: Guests) -> None:
    page = guests.page_of(own_house, "mentee", "en", 1280)
    page.goto("/me/finding")
    page.get_by_label("I object to automated ranking").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/find")
    expect(page.get_by_text("in the order of their names")).to_be_visible()
    expect(page.locator(".suggestion-place, .suggestions .fit")).to_have_count(0)
    names = [
        re.sub(r"^(Dr|Drs|Ir|dr|Hj|H)\. ", "", text).lower()
        for text in page.locator(".suggestion .card-title a").all_inner_texts()
    ]
    assert names == sorted(names)
    page.goto("/")
    expect(page.get_by_text("nobody is suggested before anybody else")).to_be_visible()
