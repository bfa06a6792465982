"""The steps of the journey from a gap to a closed mentorship, as two people take them in front of their screens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from mentorlink.kernel import clock
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Mentorship, StagePeriod
from tests.browser.conftest import Guests, wait_for_script
from tests.browser.house import House
from tests.browser.speech import Speech

SEAT = ZoneInfo("Asia/Makassar")
COMPETENCY = "T.STA.01"
"""What the mentee wants to learn: held at level 2, asked for at level 3."""


class Walk:
    """A mentee, a mentor and whoever looks on, in one language."""

    def __init__(self, house: House, guests: Guests, locale: str, width: int) -> None:
        self.house, self.guests, self.locale, self.width = house, guests, locale, width
        self.say = Speech(locale)
        self.mentee_name, self.mentor_name = self.name("mentee"), self.name("mentor")
        self.mentee = self.enter("mentee")
        self.mentor = self.enter("mentor")

    def name(self, who: str) -> str:
        """Somebody's name, without titles."""
        return str(self.house.one(sa.select(Person.name).where(Person.id == self.house.person_id(who))))

    def full_name(self, who: str) -> str:
        """Somebody's name, with titles."""
        columns = sa.select(Person.title_before, Person.name, Person.title_after)
        before, name, after = self.house.every(columns.where(Person.id == self.house.person_id(who)))[0]
        return Person(title_before=before, name=name, title_after=after).full_name

    def enter(self, who: str) -> Page:
        """Sign in by the demo's one click."""
        self.house.speak(who, self.locale)
        page = self.guests.context(self.house, self.locale, self.width).new_page()
        wait_for_script(page)
        page.goto("/")
        page.get_by_role("button", name=self.name(who)).click()
        expect(page.locator("html")).to_have_attribute("lang", self.locale)
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.name(who))
        return page

    def both(self) -> list[tuple[Page, str]]:
        """Each of the two with the other's name."""
        return [(self.mentee, self.mentor_name), (self.mentor, self.mentee_name)]

    def press(self, page: Page | Locator, words: str, **facts: object) -> None:
        """Press the button that says this."""
        page.get_by_role("button", name=self.say(words, **facts), exact=True).click()

    def send(self, page: Page, words: str, **facts: object) -> None:
        """Press the button that sends a form, and see where it leads."""
        with page.expect_navigation():
            self.press(page, words, **facts)

    def at(self, page: Page, address: str) -> None:
        """Open an address, unless one stands there already."""
        if urlsplit(page.url).path != address:
            page.goto(address)

    def follow(self, page: Page | Locator, words: str, **facts: object) -> None:
        """Follow the link that says this."""
        page.get_by_role("link", name=self.say(words, **facts), exact=True).first.click()

    def write(self, page: Page | Locator, label: str, text: str) -> None:
        """Fill the field of this label."""
        page.get_by_label(self.say(label)).fill(text)

    def told(self, page: Page, words: str, **facts: object) -> None:
        """Something is said on the page, by whatever part of it."""
        expect(page.get_by_text(self.say(words, **facts)).first).to_be_visible()

    # From the gap to somebody who could help

    def see_what_is_next(self) -> None:
        """The first page names one next step; the map says where the job asks for more."""
        page, say = self.mentee, self.say
        expect(page.locator(".next-step")).to_have_count(1)
        page.goto("/competencies")
        expect(page.get_by_role("heading", level=1)).to_have_text(say("My competency map"))
        expect(page.get_by_role("heading", name=say("What to do about each gap"))).to_be_visible()
        assert self.level_of(COMPETENCY) == 2
        page.locator(".next-step").get_by_role("link", name=say("Find a mentor")).click()

    def find_somebody(self) -> None:
        """The list is ranked and gives reasons; a filter narrows it where one stands, and can be taken back."""
        page, say = self.mentee, self.say
        page.goto("/find")
        first = page.locator(".suggestion").first
        expect(first.locator(".suggestion-place")).to_contain_text("1")
        if first.locator(".suggestion-more").is_visible():
            first.locator(".suggestion-more").click()
        expect(first.locator(".bridge").first).to_be_visible()
        expect(first.locator(".reasons li").first).to_be_visible()
        points = [int(text) for text in page.locator(".suggestion .fit b").all_inner_texts()]
        assert points == sorted(points, reverse=True)
        before = page.locator("[data-result-count] b").inner_text()
        if self.width < 700:
            page.get_by_role("button", name=re.compile(say("Filters"))).click()
        box = page.get_by_role("group", name=say("Field of work")).get_by_role("checkbox").first
        box.check()
        expect(page.locator("[data-result-count] b")).not_to_have_text(before)
        expect(page).to_have_url(re.compile(r"[?&]field="))
        expect(box).to_be_checked()
        expect(box).to_be_focused()
        page.go_back()
        expect(page.locator("[data-result-count] b")).to_have_text(before)
        page.goto(f"/find?q={self.mentor_name.split()[0]}")
        card = page.locator(".suggestion", has_text=self.mentor_name)
        expect(card.locator("[data-offer-room]")).to_have_text(say.count("%(num)s free place", "%(num)s free places", 2))

    # The request

    def ask(self, text: str) -> None:
        """The message survives a reload; two quick presses send it once."""
        page, say = self.mentee, self.say
        self.listen(self.mentor)
        page.locator(".suggestion", has_text=self.mentor_name).get_by_role(
            "link", name=f"{say('Ask to be my mentor')}: {self.mentor_name}"
        ).click()
        for box in page.locator('[name="competencies"]').all():
            box.set_checked(box.get_attribute("value") == COMPETENCY)
        area = page.get_by_label(say("Your message"))
        area.fill(text)
        page.wait_for_function("(text) => Object.values(localStorage).some((kept) => kept.includes(text))", arg=text)
        page.reload()
        expect(area).to_have_value(text)
        self.told(page, "We put back what you had written and not yet sent.")
        page.get_by_role("button", name=say("Send request"), exact=True).dblclick()
        expect(page.get_by_role("heading", level=1)).to_contain_text(say("Request to %(name)s", name="").strip())
        expect(page.get_by_text(text)).to_be_visible()
        assert self.requests_sent() == 1

    def requests_sent(self) -> int:
        """How many open requests the mentee has."""
        return int(self.house.one(sa.text(f"SELECT count(*) FROM request WHERE person_id = {self.house.person_id('mentee')}")))

    def listen(self, page: Page) -> None:
        """Note what a page tells in passing from now on, however briefly."""
        page.evaluate("""() => {
          window.heard = [];
          const note = () => document.querySelectorAll(".toast").forEach((toast) => window.heard.push(toast.textContent));
          new MutationObserver(note).observe(document.getElementById("toasts"), { childList: true });
        }""")

    def heard(self, page: Page, words: str) -> None:
        """A page has told something in passing."""
        page.wait_for_function("(words) => window.heard.some((text) => text.includes(words))", arg=words)

    def hear_of_it(self) -> None:
        """The mentor, somewhere on the pages, sees it come in without a reload."""
        page, say = self.mentor, self.say
        self.heard(page, say("%(who)s asks you for mentoring.", who=self.full_name("mentee")))
        expect(page.locator('.bar-btn [data-count="notices"]')).to_be_visible()

    def ask_back(self, question: str, answer: str, third: Page) -> None:
        """One question back, an answer, a yes; the room left drops on a page that somebody else has open."""
        mentor, mentee, say = self.mentor, self.mentee, self.say
        mentor.goto("/requests?box=in")
        mentor.get_by_role("link", name=re.compile(self.mentee_name)).click()
        self.press(mentor, "Tell me more")
        dialog = mentor.get_by_role("dialog")
        self.write(dialog, "Your question", question)
        self.listen(mentee)
        self.press(dialog, "Send question")
        expect(mentor.get_by_text(question)).to_be_visible()

        self.heard(mentee, say("%(who)s would like to know a little more before answering.", who=self.full_name("mentor")))
        expect(mentee.get_by_text(question).first).to_be_visible()
        self.write(mentee, "Your answer", answer)
        self.press(mentee, "Send answer")
        expect(mentee.get_by_text(answer)).to_be_visible()

        expect(mentor.get_by_text(answer)).to_be_visible()
        places = third.locator(".suggestion", has_text=self.mentor_name).locator("[data-offer-room]")
        expect(places).to_have_text(say.count("%(num)s free place", "%(num)s free places", 2))
        self.press(mentor, "Accept")
        expect(mentor.get_by_role("link", name=say("Go to the mentoring"), exact=True)).to_be_visible()
        expect(places).to_have_text(say.count("%(num)s free place", "%(num)s free places", 1))
        expect(mentee.get_by_role("link", name=say("Go to the mentoring"), exact=True)).to_be_visible()

    def become_a_pair(self) -> None:
        """Both open the mentoring that began."""
        number = self.mentorship_id
        for page, other in self.both():
            page.goto(f"/mentoring/{number}")
            expect(page.get_by_role("heading", level=1)).to_contain_text(other)

    @property
    def mentorship_id(self) -> int:
        """The mentorship of the two."""
        pair = (Mentorship.mentor_id == self.house.person_id("mentor"), Mentorship.mentee_id == self.house.person_id("mentee"))
        return int(self.house.one(sa.select(Mentorship.id).where(*pair)))

    def part(self, page: Page, name: str = "") -> None:
        """Open a part of the mentoring."""
        page.goto(f"/mentoring/{self.mentorship_id}{'/' + name if name else ''}")

    # Prescriptive

    def agree(self) -> None:
        """The mentor proposes and signs, the mentee signs the same version; starting levels are there.

        With a script the mentee's page, open all the while, shows the version by itself.
        """
        say = self.say
        self.part(self.mentee, "agreement")
        self.part(self.mentor, "agreement/edit")
        today = clock.today("Asia/Makassar")
        self.mentor.locator('[name="starts_on"]').fill(today.isoformat())
        self.mentor.locator('[name="ends_on"]').fill((today + timedelta(days=180)).isoformat())
        self.mentor.locator('[name="topics_in"]').fill("Merancang survei layanan dari awal")
        for name, text in (
            ("confidentiality", "Yang kita bicarakan tinggal di antara kita"),
            ("ending", "Kita bicarakan bila perlu"),
        ):
            field = self.mentor.locator(f'[name="{name}"]')
            if not field.input_value():
                field.fill(text)
        self.send(self.mentor, "Save as version %(number)s", number=1)
        if self.mentee.locator("html[data-started]").count():
            expect(self.mentee.get_by_role("button", name=say("Sign version %(number)s", number=1), exact=True)).to_be_visible()
        for page, _other in reversed(self.both()):
            self.part(page, "agreement")
            self.send(page, "Sign version %(number)s", number=1)
        expect(self.mentee.get_by_text(say("In force"), exact=True)).to_be_visible()
        self.record_baselines()
        self.go_on("persuasive")

    def record_baselines(self) -> None:
        """Where a competency was never assessed, both say the same level."""
        for page, _other in self.both():
            while True:
                self.part(page, "goals")
                said = page.locator("form.cluster", has=page.locator('select[name="level"]'))
                waiting = [form for form in said.all() if form.locator("select").input_value() == "0"]
                if not waiting:
                    break
                waiting[0].locator("select").select_option("1")
                waiting[0].get_by_role("button").click()

    def go_on(self, stage: str) -> None:
        """One of them takes the step when the gate is open; both then stand in the next stage. A day goes by."""
        self.part(self.mentor)
        missing = self.mentor.locator(".conditions li:not(.done)").all_inner_texts()
        assert missing == [], f"the gate is shut: {missing}"
        self.send(self.mentor, "Go on")
        state = sa.select(Mentorship.stage).where(Mentorship.id == self.mentorship_id)
        expect(self.mentor.locator(".flash, .toast").first).to_be_visible()
        assert self.house.one(state) == stage
        here = (StagePeriod.mentorship_id == self.mentorship_id, StagePeriod.left_at.is_(None))
        self.house.change(sa.update(StagePeriod).where(*here).values(entered_at=clock.now() - timedelta(days=1)))

    # Persuasive

    def set_goals(self) -> None:
        """A talk is logged, the mentee writes purpose and targets, both accept."""
        self.log_a_talk()
        self.part(self.mentee, "goals/edit")
        page = self.mentee
        page.locator('[name="purpose"]').fill("Memimpin survei layanan 2027 sendiri")
        for field in page.locator('textarea[name$=".indicator"]').all():
            field.fill("Rancangan survei disetujui pimpinan")
        for group in page.locator("fieldset", has=page.locator('input[name$=".target"]')).all():
            group.locator('input[value="3"]').check()
        self.send(page, "Save the goals")
        for each, _other in self.both():
            self.part(each, "goals")
            if each.get_by_role("button", name=self.say("Accept these goals"), exact=True).count():
                self.send(each, "Accept these goals")
        self.go_on("collaborative")

    def log_a_talk(self) -> None:
        """A corridor talk in one line."""
        page = self.mentor
        self.part(page, "meetings")
        self.follow(page, "Log a session")
        self.write(page, "What came of it?", "Kami mencari inti masalahnya")
        moment = datetime.now(SEAT) - timedelta(minutes=240)
        page.locator('[name="day"]').fill(moment.date().isoformat())
        page.locator('[name="at"]').fill(moment.strftime("%H:%M"))
        self.send(page, "Write it down")
        expect(page.get_by_text("Kami mencari inti masalahnya").first).to_be_visible()

    # Collaborative

    def plan_the_way(self) -> None:
        """A general and a specific issue, and a roadmap with dates."""
        page = self.mentee
        for kind, text in (("general", "Belum pernah memimpin tim"), ("specific", "Ukuran sampel di pulau kecil")):
            self.part(page, "roadmap")
            form = page.locator("#issues form.form-section")
            form.locator("textarea").fill(text)
            form.locator(f'input[value="{kind}"]').check()
            form.get_by_role("button").click()
            expect(page.locator("#issues li", has_text=text)).to_be_visible()
        for number, text in enumerate(("Susun kerangka sampel", "Uji kuesioner di dua pulau"), start=1):
            self.part(self.mentor, "roadmap")
            form = self.mentor.locator("#steps form.form-section")
            form.locator('textarea[name="text"]').fill(text)
            form.locator('input[name="due_on"]').fill((clock.today("Asia/Makassar") + timedelta(days=14 * number)).isoformat())
            form.get_by_role("button").last.click()
            expect(self.mentor.locator("#steps li", has_text=text)).to_be_visible()

    def hold_sessions(self) -> None:
        """Two sessions: agenda by both, notes by both, one private note, an action that comes along."""
        first = self.plan_session(days=2)
        for page, item in ((self.mentee, "Bagaimana memilih sampel?"), (self.mentor, "Contoh dari survei 2024")):
            page.goto(f"/meetings/{first}")
            form = page.locator("#agenda form.add-line")
            form.locator("input[name=text]").fill(item)
            form.get_by_role("button").click()
            expect(page.locator("#agenda").get_by_text(item)).to_be_visible()
        self.let_time_pass(first, minutes=150)
        self.mentee.goto(f"/meetings/{first}")
        self.press(self.mentee, "We met")
        self.save_notes(self.mentee, first, "Sampel acak berlapis per pulau.")
        self.mentor.goto(f"/meetings/{first}")
        expect(self.mentor.locator("#notes-body")).to_have_value("Sampel acak berlapis per pulau.")
        self.save_notes(self.mentor, first, "Sampel acak berlapis per pulau.\nLihat laporan 2024 bab 3.")
        self.write_private(first)
        self.agree_on_action(first, "Baca laporan 2024 bab 3")
        second = self.plan_session(days=9)
        self.let_time_pass(second)
        self.mentee.goto(f"/meetings/{second}")
        carried = self.mentee.locator("#agenda #carried")
        expect(carried.get_by_text(self.say("Open from before"))).to_be_visible()
        carried.get_by_role("button", name=self.say("Done: %(text)s", text="Baca laporan 2024 bab 3")).click()
        self.press(self.mentee, "We met")
        expect(self.mentee.get_by_text(self.say("Took place"), exact=True).first).to_be_visible()

    def plan_session(self, *, days: int) -> int:
        """The mentor plans a session; returns its number in the database."""
        page = self.mentor
        self.part(page, "meetings")
        self.follow(page, "Plan a session")
        when = datetime.now(SEAT) + timedelta(days=days)
        if not page.locator('[name="day"]').is_visible():
            page.get_by_text(self.say("Another day or time"), exact=True).click()
        page.locator('[name="day"]').fill(when.date().isoformat())
        page.locator('[name="at"]').fill("09:30")
        page.locator('[name="agenda"]').fill("Kabar sejak sesi terakhir")
        self.send(page, "Book the session")
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.mentee_name)
        series = sa.select(Mentorship.series_id).where(Mentorship.id == self.mentorship_id).scalar_subquery()
        return int(self.house.one(sa.select(sa.func.max(Meeting.id)).where(Meeting.series_id == series)))

    def let_time_pass(self, meeting: int, *, minutes: int = 70) -> None:
        """The day of a session comes, so many minutes ago; the one thing here that no page can do."""
        begun = clock.now() - timedelta(minutes=minutes)
        self.house.change(sa.update(Meeting).where(Meeting.id == meeting).values(starts_at=begun))

    def save_notes(self, page: Page, meeting: int, text: str) -> None:
        """Write the shared notes."""
        self.at(page, f"/meetings/{meeting}")
        page.locator("#notes-body").fill(text)
        if page.locator("html[data-started]").count():
            expect(page.locator("form[data-state=saved]")).to_have_count(1)
            page.reload()
        else:
            self.press(page, "Save the notes")
        expect(page.locator("#notes-body")).to_have_value(text)

    def write_private(self, meeting: int) -> None:
        """The mentee's own note; the mentor's page does not hold it."""
        secret = "Saya gugup memimpin rapat"
        self.at(self.mentee, f"/meetings/{meeting}")
        self.mentee.locator("#private-body").fill(secret)
        self.press(self.mentee, "Save my note")
        expect(self.mentee.locator("#private-body")).to_have_value(secret)
        self.mentor.goto(f"/meetings/{meeting}")
        expect(self.mentor.locator("#private-body")).to_have_value("")
        assert secret not in self.mentor.content()

    def agree_on_action(self, meeting: int, text: str) -> None:
        """An action of the mentee, with a date."""
        page = self.mentor
        self.at(page, f"/meetings/{meeting}")
        page.locator("#action-text").fill(text)
        page.locator('#actions select[name="owner_id"]').select_option(str(self.house.person_id("mentee")))
        page.locator('#actions input[name="due_on"]').fill((clock.today() + timedelta(days=7)).isoformat())
        self.press(page, "Add the action")
        expect(page.locator("#actions").get_by_text(text)).to_be_visible()

    def finish_the_way(self) -> None:
        """One step done, one closed with a reason; on to the last stage."""
        page = self.mentee
        self.part(page, "roadmap")
        page.locator("#steps li", has_text="Susun kerangka sampel").get_by_role(
            "button", name=self.say("Mark as done"), exact=True
        ).click()
        step = page.locator("#steps li", has_text="Uji kuesioner")
        step.get_by_role("button", name=self.say("Close with a reason"), exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.locator("textarea").fill("Ditunda ke tahun anggaran baru")
        self.press(dialog, "Close the step")
        expect(page.get_by_text("Ditunda ke tahun anggaran baru").first).to_be_visible()
        for each, _other in self.both():
            self.part(each, "goals")
            self.send(each, "They still hold")
        self.go_on("confirmative")

    # Confirmative

    def confirm(self) -> None:
        """Reflections, levels by both, a direction, evaluations; then one of them closes."""
        for page, _other in self.both():
            self.part(page, "closing")
            form = page.locator("form", has=page.locator('textarea[name="changed"]'))
            form.locator('[name="changed"]').fill("Saya merancang, bukan hanya mengolah")
            form.locator('[name="helped"]').fill("Contoh nyata dari lapangan")
            with page.expect_navigation():
                form.get_by_role("button").last.click()
            expect(page.locator('textarea[name="changed"]')).to_have_value("Saya merancang, bukan hanya mengolah")
            form = page.locator("#levels-form")
            for group in form.locator("fieldset").all():
                group.locator('input[value="3"]').check()
            self.send(page, "Save my levels")
        expect(self.mentor.get_by_text(self.say("You say the same")).first).to_be_visible()
        form = self.mentor.locator("#direction form")
        form.locator("textarea").fill("Memimpin satu survei penuh, lalu menjadi mentor")
        with self.mentor.expect_navigation():
            form.get_by_role("button").last.click()
        for page, _other in self.both():
            self.part(page, "closing")
            form = page.locator("#evaluation form")
            for name, value in (("useful", 5), ("trust", 4), ("time", 4)):
                form.locator(f'input[name="{name}"][value="{value}"]').check()
            self.send(page, "Give my evaluation")
            expect(page.locator("#evaluation form")).to_have_count(0)
        self.part(self.mentee)
        self.send(self.mentee, "Close the mentoring")
        expect(self.mentee.get_by_role("button", name=self.say("Close the mentoring"))).to_have_count(0)
        expect(self.mentee.get_by_text(self.say("Closed"), exact=True).first).to_be_visible()

    def see_what_moved(self) -> None:
        """The map has moved, says who said so, and the hours and the certificate are there."""
        page, say = self.mentee, self.say
        assert self.level_of(COMPETENCY) == 3
        page.goto("/competencies")
        expect(page.get_by_role("heading", name=re.compile(say("Something has moved since you last looked")))).to_be_visible()
        expect(page.locator("main")).to_contain_text(self.mentor_name)
        page.goto("/learning-hours")
        expect(page.get_by_text("JP").first).to_be_visible()
        page.locator('main a[href^="/certificates/"]').first.click()
        expect(page.locator("main")).to_contain_text(self.mentee_name)

    def level_of(self, code: str) -> Any:
        """The mentee's level that counts."""
        words = (
            "SELECT current_level.level FROM current_level JOIN competency ON competency.id = competency_id "
            f"WHERE code = '{code}' AND person_id = {self.house.person_id('mentee')}"
        )
        return self.house.one(sa.text(words))
