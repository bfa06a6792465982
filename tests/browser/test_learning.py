"""A claim with a file goes from the page of the employee over the superior's desk into the ledger."""

from __future__ import annotations

import re

import sqlalchemy as sa
from playwright.sync_api import expect

from mentorlink.kernel import clock
from mentorlink.learning.models import HoursEntry
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.walk import Walk

PAPER = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PICTURE = b"\x89PNG\r\n\x1a\n"
TITLE = "Seminar tata kelola data daerah"


def test_a_claim_with_a_file_is_approved_and_counts(house: House, guests: Guests) -> None:
    walk = Walk(house, guests, "id", 360)
    page, chief = walk.mentee, walk.enter("unit_head")
    page.goto("/learning-hours")
    walk.follow(page, "Claim hours")
    page.get_by_role("link", name=re.compile("^Seminar")).click()
    walk.write(page, "Activity", TITLE)
    page.locator('[name="starts_on"]').fill(clock.today("Asia/Makassar").isoformat())
    page.locator('[name="file"]').set_input_files(
        {"name": "foto.pdf", "mimeType": "application/pdf", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    walk.press(page, "Send the claim")
    expect(page.locator("#f-file-error")).to_be_visible()
    page.locator('[name="file"]').set_input_files({"name": "sertifikat.pdf", "mimeType": "application/pdf", "buffer": PAPER})
    walk.press(page, "Send the claim")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)

    chief.goto("/approvals")
    chief.get_by_role("link", name=re.compile(TITLE)).click()
    with chief.expect_download() as download:
        chief.get_by_role("link", name=re.compile("PDF")).click()
    assert re.fullmatch(r"[\w-]{24}\.pdf", download.value.suggested_filename)
    walk.press(chief, "Approve")
    expect(chief.get_by_text(walk.say("In the ledger"), exact=True)).to_be_visible()

    page.goto("/learning-hours")
    expect(page.locator("tr", has_text=TITLE).get_by_text("4", exact=True)).to_be_visible()
    newest = sa.select(HoursEntry.jp).order_by(HoursEntry.id.desc()).limit(1)
    assert house.one(newest) == 4
