"""Rough use: signed out in the middle, back, twice, two tabs, other people's addresses, no mouse, no script."""

from __future__ import annotations

import re

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.community.models import Membership, Message
from mentorlink.community.models.gatherings import Gathering
from mentorlink.kernel import clock
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import DemoSignIn, Person, SignIn
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech
from tests.browser.test_room import enter, kept, room_of, shows, write

say = Speech("id")


def offer_of(house: House, who: str) -> int:
    """Somebody's offer to mentor."""
    return int(house.one(sa.select(Offer.id).where(Offer.person_id == house.person_id(who), Offer.kind == "mentor")))


def asked(house: House, who: str | int) -> int:
    """How many requests somebody has sent."""
    return int(house.one(sa.select(sa.func.count()).where(Request.person_id == house.person_id(who))))


def seeker(house: House) -> int:
    """Somebody who has asked nobody yet and is in no pair."""
    busy = sa.union(
        sa.select(Request.person_id), sa.select(Mentorship.mentee_id), sa.select(Mentorship.mentor_id), sa.select(Offer.person_id)
    )
    free = sa.select(Person.id).where(Person.id.not_in(busy), Person.id.not_in(sa.select(DemoSignIn.person_id)))
    return int(house.one(free.order_by(Person.id.desc()).limit(1)))


def end_sign_ins(house: House, who: str | int) -> None:
    """Sign somebody out everywhere, as time or an administrator does."""
    house.change(sa.update(SignIn).where(SignIn.person_id == house.person_id(who)).values(ended_at=clock.now()))


def fill_request(page: Page, house: House, words: str) -> None:
    """Write a request to the mentor without sending it."""
    page.goto(f"/find/{offer_of(house, 'mentor')}")
    page.get_by_label(say("Your message")).fill(words)


def send(page: Page) -> None:
    """Send the request that was written."""
    page.get_by_role("button", name=say("Send request"), exact=True).click()


def test_a_text_outlives_the_end_of_a_sign_in(house: House, guests: Guests) -> None:
    page = guests.page_of(house, "mentee")
    fill_request(page, house, "Sudah setengah halaman saya tulis.")
    guests.complaints.line_may_break = True  # the page's socket is refused from now on, if it asks again
    end_sign_ins(house, "mentee")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Please sign in again"))
    assert asked(house, "mentee") == 0
    page.get_by_role("link", name=say("Sign in and carry on")).click()
    page.get_by_role("button", name="Wening Pramesti").click()
    expect(page.get_by_label(say("Your message"))).to_have_value("Sudah setengah halaman saya tulis.")
    send(page)
    expect(page.locator(".quote", has_text="Sudah setengah halaman saya tulis.")).to_be_visible()
    assert asked(house, "mentee") == 1


def test_a_text_in_a_dialog_is_seen_again_after_the_end_of_a_sign_in(house: House, guests: Guests) -> None:
    waiting = sa.select(Request.id).join(Offer).where(Request.state == "sent", Offer.person_id == house.person_id("mentor"))
    asker = guests.page_of(house, seeker(house))
    fill_request(asker, house, "Mohon bimbingan menyusun kuesioner.")
    send(asker)
    expect(asker.locator(".quote", has_text="kuesioner")).to_be_visible()
    page = guests.page_of(house, "mentor")
    address = f"/requests/{house.one(waiting.order_by(Request.id.desc()).limit(1))}"
    page.goto(address)
    page.locator("[popovertarget=say-no]").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(say("A few words")).fill("Bulan depan dengan senang hati.")
    page.reload()
    expect(page.locator(".draft-waits")).to_be_visible()  # not sent: told beside the button, the dialog stays closed
    page.locator("[popovertarget=say-no]").first.click()
    guests.complaints.line_may_break = True
    end_sign_ins(house, "mentor")
    dialog.get_by_role("button", name=say("Decline"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Please sign in again"))
    page.context.add_cookies(house.cookies(house.sign_in("mentor")))  # type: ignore[arg-type]  # a TypedDict of the same shape
    page.goto(address)
    expect(page.get_by_role("dialog").get_by_label(say("A few words"))).to_have_value("Bulan depan dengan senang hati.")


def test_going_back_after_sending_and_sending_again_makes_no_second_request(house: House, guests: Guests) -> None:
    who = seeker(house)
    page = guests.page_of(house, who)
    fill_request(page, house, "Mohon bimbingan menyusun survei.")
    send(page)
    expect(page.locator(".quote", has_text="Mohon bimbingan menyusun survei.")).to_be_visible()
    page.go_back()
    if page.get_by_role("button", name=say("Send request"), exact=True).count():
        page.get_by_label(say("Your message")).fill("Mohon bimbingan menyusun survei.")
        send(page)
    page.wait_for_load_state()
    page.goto("/requests")
    expect(page.locator("main .list-row")).to_have_count(1)
    assert asked(house, who) == 1


def test_two_tabs_with_the_same_form_end_in_one_request_and_a_clear_word(house: House, guests: Guests) -> None:
    who = seeker(house)
    first = guests.page_of(house, who)
    second = first.context.new_page()
    for tab in (first, second):
        fill_request(tab, house, "Ditulis di dua jendela sekaligus.")
    send(first)
    expect(first.locator(".quote", has_text="Ditulis di dua jendela sekaligus.")).to_be_visible()
    send(second)
    expect(second.locator(".alert, .next-step").first).to_be_visible()
    assert asked(house, who) == 1


def test_what_changed_under_the_hands_of_who_writes_is_told_and_what_they_wrote_is_kept(house: House, guests: Guests) -> None:
    who = seeker(house)
    asker, mentor = guests.page_of(house, who), guests.page_of(house, "mentor")
    fill_request(asker, house, "Saya ingin belajar menulis telaahan.")
    send(asker)
    expect(asker.locator(".quote", has_text="telaahan")).to_be_visible()
    address = asker.url
    mentor.goto(address)
    mentor.get_by_role("button", name=say("Tell me more"), exact=True).click()
    mentor.get_by_label(say("Your question")).fill("Telaahan yang mana dahulu?")

    asker.get_by_role("button", name=say("Withdraw the request"), exact=True).click()
    asker.get_by_role("dialog").get_by_role("button", name=say("Take it back"), exact=True).click()
    line = mentor.get_by_role("dialog").locator(".changed-line")
    expect(line).to_be_visible()
    expect(mentor.get_by_label(say("Your question"))).to_have_value("Telaahan yang mana dahulu?")
    line.get_by_role("button", name=say("Show it"), exact=True).click()
    expect(mentor.locator(".was-written .said")).to_have_text("Telaahan yang mana dahulu?")
    expect(mentor.locator(".timeline").get_by_text(say("Taken back"), exact=True)).to_be_visible()


def test_of_two_who_write_the_same_words_the_second_keeps_theirs_beside_the_firsts(house: House, guests: Guests) -> None:
    theirs = sa.select(Mentorship).where(Mentorship.mentor_id == house.person_id("mentor"), Mentorship.state == "active")
    pair = house.every(theirs)[0]
    mentor, mentee = guests.page_of(house, "mentor"), guests.page_of(house, pair.mentee_id)
    for page in (mentor, mentee):
        page.goto(f"/mentoring/{pair.id}/goals/edit")
    asked, save = say("What is this mentoring for?"), say("Save the goals")
    cards = mentee.locator(".was-written .said")
    mentee.get_by_label(asked).fill("Menulis laporan yang dibaca pimpinan.")
    mentor.get_by_label(asked).fill("Menulis laporan yang dipakai warga.")
    mentor.get_by_role("button", name=save, exact=True).click()
    expect(mentor.get_by_text("Menulis laporan yang dipakai warga.").first).to_be_visible()
    mentee.locator(".changed-line").get_by_role("button", name=say("Show it"), exact=True).click()
    expect(cards).to_have_text(["Menulis laporan yang dibaca pimpinan."])
    expect(mentee.get_by_label(asked)).to_have_value("Menulis laporan yang dipakai warga.")

    mentor.goto(f"/mentoring/{pair.id}/goals/edit")
    mentee.goto(f"/mentoring/{pair.id}/goals/edit")
    mentor.get_by_label(asked).fill("Menulis ringkasan satu halaman.")
    mentor.get_by_role("button", name=save, exact=True).click()
    expect(mentee.get_by_label(asked)).to_have_value("Menulis ringkasan satu halaman.")

    mentee.route("**/goals/edit", lambda route: route.abort() if route.request.headers.get("x-unasked") else route.continue_())
    mentor.goto(f"/mentoring/{pair.id}/goals/edit")
    mentee.get_by_label(asked).fill("Menulis untuk pembaca yang sibuk.")
    mentor.get_by_label(asked).fill("Menulis satu halaman tiap pekan.")
    mentor.get_by_role("button", name=save, exact=True).click()
    expect(mentor.get_by_text("Menulis satu halaman tiap pekan.").first).to_be_visible()
    mentee.get_by_role("button", name=save, exact=True).click()
    expect(mentee.locator("main[data-refused]")).to_be_visible()
    expect(mentee.locator("html[data-started]")).to_be_attached()
    mentee.unroute("**/goals/edit")
    mentee.evaluate(
        "id => document.dispatchEvent(new CustomEvent('mentorlink:changed', {detail: {about: 'mentorship', id}}))", pair.id
    )
    line = mentee.locator(".changed-line")
    expect(line).to_be_visible()
    expect(mentee.get_by_label(asked)).to_have_value("Menulis untuk pembaca yang sibuk.")
    line.get_by_role("button", name=say("Show it"), exact=True).click()
    expect(mentee.locator("main[data-refused]")).to_have_count(0)
    expect(cards.first).to_contain_text("Menulis untuk pembaca yang sibuk.")


def test_addresses_of_others_look_as_if_they_never_were(house: House, guests: Guests) -> None:
    pair = house.every(sa.select(Mentorship).where(Mentorship.mentee_id != house.person_id("mentee")).limit(1))[0]
    meeting = house.one(sa.select(Meeting.id).where(Meeting.series_id == pair.series_id).limit(1))
    request = house.one(sa.select(Request.id).where(Request.person_id != house.person_id("mentee")).limit(1))
    page = guests.page_of(house, "mentee")
    seen = {}
    for there, never in (
        (f"/mentoring/{pair.id}", "/mentoring/999999"),
        (f"/mentoring/{pair.id}/agreement", "/mentoring/999999/agreement"),
        (f"/meetings/{meeting}", "/meetings/999999"),
        (f"/requests/{request}", "/requests/999999"),
        (f"/competencies/of/{pair.mentor_id}", "/competencies/of/999999"),
    ):
        for address in (there, never):
            answer = page.goto(address)
            assert answer is not None
            seen[address] = (answer.status, page.get_by_role("heading", level=1).inner_text())
        assert seen[there] == seen[never]
        assert seen[there][0] == 404


def test_a_mentor_is_asked_without_touching_a_mouse(house: House, guests: Guests) -> None:
    page = guests.page_of(house, seeker(house), width=1280)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=say("Skip to content"))).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    walk_to(page, page.locator(".topnav").get_by_role("link", name=say("Find a mentor")))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/find"))
    walk_to(page, page.locator(".suggestion").first.get_by_role("link", name=re.compile("^" + say("Ask to be my mentor"))))
    page.keyboard.press("Enter")
    area = page.get_by_label(say("Your message"))
    walk_to(page, area)
    page.keyboard.type("Ditulis dengan papan ketik saja.")
    walk_to(page, page.get_by_role("button", name=say("Send request"), exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".quote", has_text="Ditulis dengan papan ketik saja.")).to_be_visible()


def walk_to(page: Page, target: object) -> None:
    """Press Tab until the focus is there; every stop on the way shows where the focus is."""
    for _ in range(120):
        if target.evaluate("(element) => element === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const shown = document.activeElement; if (!shown || shown === document.body) return true;
              const style = getComputedStyle(shown), own = style.outlineStyle !== "none" || style.boxShadow !== "none";
              const box = shown.closest("label, .form-check, .list-row, .card");
              return own || (box && getComputedStyle(box).outlineStyle !== "none"); }"""
        )
        assert seen, f"the focus cannot be seen on {page.evaluate('() => document.activeElement.outerHTML.slice(0, 160)')}"
    raise AssertionError("the keyboard does not get there")


def test_without_script_one_asks_accepts_and_says_hello(house: House, guests: Guests) -> None:
    asker = seeker(house)
    name = house.one(sa.select(Person.name).where(Person.id == asker))
    seeking = guests.page_of(house, asker, script=False)
    mentor = guests.page_of(house, "mentor", script=False)
    fill_request(seeking, house, "Tanpa skrip pun bisa.")
    send(seeking)
    expect(seeking.locator(".quote", has_text="Tanpa skrip pun bisa.")).to_be_visible()

    mentor.goto("/")
    mentor.goto("/requests?box=in")
    mentor.get_by_role("link", name=re.compile(name)).click()
    mentor.get_by_role("button", name=say("Accept"), exact=True).click()
    expect(mentor.get_by_role("link", name=say("Go to the mentoring"))).to_be_visible()

    room = room_of(house, "mentee", "mentor")
    mentor.goto(f"/rooms/{room}")
    mentor.locator("#f-body").fill("Halo, Wening.")
    mentor.locator("#composer button[type=submit]").click()
    shows(mentor, "Halo, Wening.")
    mentee = guests.page_of(house, "mentee", script=False)
    mentee.goto(f"/rooms/{room}")
    shows(mentee, "Halo, Wening.")
    assert kept(house, "Halo, Wening.") == 1


def test_a_script_that_meets_no_script_in_one_room(house: House, guests: Guests) -> None:
    room = room_of(house, "mentee", "mentor")
    plain = guests.page_of(house, "mentor", script=False)
    live = enter(guests.page_of(house, "mentee"), room)
    plain.goto(f"/rooms/{room}")
    plain.locator("#f-body").fill("<b>Bukan</b> tebal & bukan **skrip**")
    plain.locator("#composer button[type=submit]").click()
    expect(live.locator(".msg", has_text="Bukan").last).to_contain_text("<b>Bukan</b> tebal & bukan skrip")
    write(live, "Terbaca.")
    shows(live, "Terbaca.")
    plain.reload()
    shows(plain, "Terbaca.")
    assert int(house.one(sa.select(sa.func.count()).where(Message.body == "Terbaca."))) == 1


def test_minutes_begun_before_another_saved_theirs_stand_above_the_newer_text(house: House, guests: Guests) -> None:
    kept_by = sa.select(Gathering.id, Membership.person_id).join(Membership, Membership.community_id == Gathering.community_id)
    minutes = kept_by.where(Gathering.minutes_version > 0, Membership.role == "facilitator")
    gathering_id, host = house.every(minutes.limit(1))[0]
    page = guests.page_of(house, host)
    page.goto(f"/gatherings/{gathering_id}")
    page.locator("#minutes textarea").fill("Catatan yang belum disimpan.")
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes('minutes'))")
    other = guests.page_of(house, host)
    other.goto(f"/gatherings/{gathering_id}")
    other.locator("#minutes textarea").fill("Catatan rekan.")
    other.get_by_role("button", name=say("Save the minutes")).click()
    expect(other.locator("#minutes textarea")).to_have_value("Catatan rekan.")
    page.reload()
    expect(page.locator("#minutes .was-written")).to_contain_text("Catatan yang belum disimpan.")
    expect(page.locator("#minutes textarea")).to_have_value("Catatan rekan.")
