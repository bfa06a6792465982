"""The life of a community from its first idea to its archive: its facilitator on a phone in Indonesian, a member in English."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from mentorlink.community.models import Community, Room, Topic
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import KnowledgePage
from mentorlink.kernel import clock
from mentorlink.learning.models import HoursEntry
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech
from tests.browser.walk import Walk

PICTURES = os.environ.get("MENTORLINK_PICTURES", "")
"""A folder for pictures of the way, for the documentation."""

MEASURE = "Hari sampai laporan dijawab"


class Life(Walk):
    """The facilitator, a member (the mentee) and an expert (the mentor), each in their own language and on their own screen."""

    def __init__(self, house: House, guests: Guests, screens: dict[str, tuple[str, int]]) -> None:
        self.screens, self.speeches = screens, dict[Page, Speech]()
        super().__init__(house, guests, *screens["facilitator"])
        self.host = self.enter("facilitator")
        self.title = "Laporan tepat waktu"

    @property
    def mark(self) -> str:
        """What this walk's pictures are told apart by."""
        return "-".join(sorted({locale for locale, _width in self.screens.values()}))

    def enter(self, who: str) -> Page:
        """Sign in, in one's own language."""
        self.locale, self.width = self.screens[who]
        page = super().enter(who)
        self.speeches[page] = Speech(self.locale)
        return page

    def on(self, page: Page | Locator) -> Speech:
        """The words of whom a page belongs to."""
        return self.speeches[page.page if isinstance(page, Locator) else page]

    def press(self, page: Page | Locator, words: str, **facts: object) -> None:
        """Press the button that says this in the page's language."""
        page.get_by_role("button", name=self.on(page)(words, **facts), exact=True).click()

    def follow(self, page: Page | Locator, words: str, **facts: object) -> None:
        """Follow the link that says this in the page's language."""
        page.get_by_role("link", name=self.on(page)(words, **facts), exact=True).first.click()

    def number(self, column: sa.orm.InstrumentedAttribute[int]) -> int:
        """The newest row's id."""
        return int(self.house.one(sa.select(sa.func.max(column))))

    @property
    def here(self) -> str:
        """The community's address."""
        return f"/communities/{self.house.one(sa.select(Community.id).where(Community.name == self.title))}"

    def picture(self, page: Page, name: str) -> None:
        """Keep what the page shows, where pictures are wanted."""
        if PICTURES:
            window = page.viewport_size or {"width": 1280, "height": 900}
            height = page.evaluate(
                "() => { document.activeElement?.blur(); scrollTo(0, 0); return document.documentElement.scrollHeight; }"
            )
            page.set_viewport_size({"width": window["width"], "height": height})
            page.screenshot(path=str(Path(PICTURES) / f"community-{name}{'' if self.mark == 'en' else '-' + self.mark}.png"))
            page.set_viewport_size(window)

    def found(self) -> None:
        """The facilitator proposes it, the others join, one of them is its expert."""
        page = self.host
        page.goto("/communities/new")
        page.locator('[name="name"]').fill(self.title)
        page.locator('[name="purpose"]').fill("Laporan bulanan selalu terlambat sembilan hari")
        self.press(page, "Create the community")
        for other in (self.mentee, self.mentor):
            other.goto(self.here)
            self.press(other, "Join")
            expect(other.get_by_role("link", name=self.on(other)("Life"), exact=True)).to_be_visible()
        page.goto(f"{self.here}/members")
        role = page.locator(f'form[action$="/members/{self.house.person_id("mentor")}/role"]')
        role.filter(has=page.locator('input[value="expert"]')).evaluate("form => form.requestSubmit()")
        expect(
            page.locator("li", has_text=self.mentor_name).get_by_text(self.on(page)("Expert"), exact=True).first
        ).to_be_visible()

    def prepare(self) -> None:
        """Charter, a measure of the start, promises; then the work may begin."""
        page = self.host
        page.goto(f"{self.here}/life")
        expect(page.get_by_role("button", name=self.on(page)("Begin the work"), exact=True)).to_have_count(0)
        self.follow(page, "Change the charter")
        page.locator('[name="belongs"]').fill("Semua yang menulis atau menunggu laporan")
        page.locator('[name="why"]').fill("Lebih sedikit lembur di akhir bulan")
        self.press(page, "Save")
        form = page.locator('form[action$="/measures"]')
        for name, value in (("name", MEASURE), ("start", "9"), ("aim", "3"), ("unit", "hari")):
            form.locator(f'[name="{name}"]').fill(value)
        form.get_by_role("button", name=self.on(form)("Add"), exact=True).click()
        expect(page.locator("#measures td", has_text=MEASURE)).to_be_visible()
        for each in (page, self.mentee):
            each.goto(f"{self.here}/life")
            each.locator("#promises").get_by_role("textbox").fill("Saya membawa satu kasus setiap bulan")
            self.press(each, "Promise")
            expect(each.locator("#promises").get_by_role("textbox")).to_have_value("Saya membawa satu kasus setiap bulan")
        page.reload()
        self.picture(page, "preparation")
        self.press(page, "Begin the work")
        expect(page.locator("#yields").get_by_text(self.on(page)("We have met"))).to_be_visible()

    def gather(self) -> None:
        """A gathering is planned, attended by its code, held, written down and followed up."""
        page, member = self.host, self.mentee
        page.goto(f"{self.here}/gatherings/new")
        page.locator('[name="title"]').fill("Bedah laporan pertama")
        page.locator('[name="agenda"]').fill("Kasus pertama\nSiapa melakukan apa")
        page.locator('[name="host_id"]').select_option(str(self.house.person_id("facilitator")))
        self.press(page, "Plan it")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bedah laporan pertama")
        number = self.number(Gathering.id)
        member.goto(f"/gatherings/{number}")
        self.press(member, "I’m coming")
        expect(member.locator("#who").get_by_text(self.on(member).count("%(num)s comes", "%(num)s come", 1))).to_be_visible()
        begun = sa.update(Gathering).where(Gathering.id == number).values(starts_at=clock.now() - timedelta(minutes=70))
        self.house.change(begun)
        member.reload()
        member.locator('[name="code"]').fill(str(self.house.one(sa.select(Gathering.code).where(Gathering.id == number))))
        self.press(member, "I am here")
        expect(member.locator("#there").get_by_text(self.mentee_name)).to_be_visible()
        page.goto(f"/gatherings/{number}")
        self.press(page, "It took place")
        page.locator("#minutes textarea").fill("Laporan menunggu tanda tangan; kita pakai paraf berjenjang.")
        self.press(page, "Save the minutes")
        form = page.locator('form[action$="/follow-ups"]')
        form.locator('[name="text"]').fill("Menulis alur paraf")
        form.locator('[name="owner_id"]').select_option(str(self.house.person_id("mentee")))
        form.get_by_role("button").click()
        expect(page.locator("#follow-ups").get_by_text("Menulis alur paraf")).to_be_visible()
        self.picture(page, "gathering")
        member.reload()
        member.get_by_role("button", name=self.on(member)("Done: %(text)s", text="Menulis alur paraf")).click()
        expect(member.locator("#follow-ups .is-done")).to_be_visible()
        earned = sa.select(sa.func.coalesce(HoursEntry.capped_from, HoursEntry.jp)).where(
            HoursEntry.origin == f"gathering:{number}", HoursEntry.person_id == self.house.person_id("mentee")
        )
        assert self.house.one(earned) == 2

    def decide(self) -> None:
        """A member puts a question, another agrees, it stands."""
        page = self.mentee
        page.goto(f"{self.here}/decisions/new")
        page.locator('[name="question"]').fill("Paraf berjenjang atau satu pintu?")
        page.locator('[name="way1"]').fill("Paraf berjenjang")
        page.locator('[name="way2"]').fill("Satu pintu")
        self.press(page, "Propose the decision")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Paraf berjenjang atau satu pintu?")
        number = self.number(Decision.id)
        self.mentor.goto(f"/decisions/{number}")
        self.press(self.mentor, "I agree")
        self.host.goto(f"/decisions/{number}")
        self.press(self.host, "Decide now")
        expect(self.host.get_by_text(self.on(self.host)("This stands"), exact=True)).to_be_visible()
        self.picture(self.host, "decision")

    def learn(self) -> None:
        """A question is answered, the thread becomes a page, the expert stands by it."""
        page, expert = self.mentee, self.mentor
        room = self.house.one(sa.select(Room.id).join(Community).where(Community.name == self.title))
        page.goto(f"/rooms/{room}/topics/new")
        page.locator('[name="title"]').fill("Siapa memaraf dulu?")
        page.locator('[name="body"]').fill("Kepala subbagian atau penyusun?")
        page.locator('main form button[type="submit"]').last.click()
        expect(page.locator("#topic-title")).to_have_text("Siapa memaraf dulu?")
        topic = self.number(Topic.id)
        expert.goto(f"/rooms/{room}?topic={topic}")
        expert.locator("#f-body").fill("Penyusun dulu, lalu kepala subbagian: yang tahu isinya menjamin lebih dulu.")
        expert.locator("#composer").get_by_role("button", name=self.on(expert)("Send"), exact=True).click()
        answer = expert.locator("#log .msg:not(.pending)", has_text="Penyusun dulu")
        expect(answer).to_be_visible()  # it stands, and does not wait any more: the next page is asked for once
        page.goto(f"/topics/{topic}/knowledge")
        self.press(page, "It is a question")
        page.locator("li", has_text="Penyusun dulu").get_by_role("button", name=self.on(page)("This helped")).click()
        expect(page.locator(".badge", has_text=self.on(page)("This helped"))).to_be_visible()
        self.press(page, "Make a page")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Siapa memaraf dulu?")
        self.press(page, "Send to an expert")
        expert.goto(f"/pages/{self.number(KnowledgePage.id)}")
        self.press(expert, "I stand by it")
        expect(expert.locator(".badge", has_text=self.on(expert)("Reviewed")).first).to_be_visible()
        self.picture(expert, "page")

    def look_back(self) -> None:
        """What changed is measured and said; the community closes and can still be read."""
        page = self.host
        page.goto(f"{self.here}/life")
        self.press(page, "Look at what changed")
        page.get_by_label(self.on(page)("Change: %(name)s", name=MEASURE)).first.click()
        form = page.locator('form[action*="/measures/"][action$="/result"]')
        form.locator('[name="result"]').fill("4")
        form.get_by_role("button").click()
        expect(page.locator("#measures").get_by_text("83", exact=False)).to_be_visible()
        page.locator('[name="changed"]').fill("Laporan lima hari lebih cepat")
        page.locator('[name="keep"]').fill("Paraf berjenjang")
        page.locator("#review").get_by_role("button", name=self.on(page)("Save"), exact=True).click()
        expect(page.get_by_role("button", name=self.on(page)("Go on"), exact=True)).to_be_visible()
        self.picture(page, "evaluation")
        self.press(page, "Close with an archive")
        page.locator("#ask-close button[type=submit]").click()
        expect(page.get_by_text(self.on(page)("This community is closed"), exact=True).first).to_be_visible()
        self.mentee.goto(f"{self.here}/life")
        expect(self.mentee.locator("#archive").get_by_text("Bedah laporan pertama")).to_be_visible()
        expect(self.mentee.get_by_role("button", name=self.on(self.mentee)("Promise"), exact=True)).to_have_count(0)
        self.picture(self.mentee, "archive")

    def look_again(self) -> None:
        """What came of it stays to be read, and nobody writes any more."""
        page = self.mentee
        say = self.on(page)
        seen = {
            f"{self.here}/life": "This community is closed",
            f"/gatherings/{self.number(Gathering.id)}": "Took place",
            f"/decisions/{self.number(Decision.id)}": "This stands",
            f"/pages/{self.number(KnowledgePage.id)}": "Reviewed",
            f"{self.here}/knowledge": "Answered",
            self.here: "This community is closed",
        }
        for address, words in seen.items():
            page.goto(address)
            expect(page.locator("main").get_by_text(say(words), exact=True).first).to_be_visible()
            for written in ("Promise", "I’m coming", "Change", "Write a page", "Join"):
                expect(page.locator("main").get_by_role("button", name=say(written), exact=True)).to_have_count(0)


PHONE, DESK = ("id", 360), ("en", 1280)
BOTH = {"facilitator": PHONE, "mentee": DESK, "mentor": ("id", 1280)}
"""The walk of the tests: every page of it is used in both languages by those who work on it together."""

ALONE = [dict.fromkeys(BOTH, screen) for screen in (DESK, PHONE)]
"""The walks of the pictures: one language each."""


@pytest.mark.parametrize("screens", ALONE if PICTURES else [BOTH])
def test_a_community_lives_from_its_first_idea_to_its_archive(
    own_house: House, guests: Guests, screens: dict[str, tuple[str, int]]
) -> None:
    life = Life(own_house, guests, screens)
    life.found()
    life.prepare()
    life.gather()
    life.decide()
    life.learn()
    life.look_back()
    life.look_again()
