"""Two people of a pair on their pages at the same time: what one does is not put under the other's hands or eyes."""

from __future__ import annotations

import sqlalchemy as sa
from playwright.sync_api import expect

from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.mentoring.models import Agreement, Mentorship, Signature
from tests.browser.conftest import Guests
from tests.browser.house import House
from tests.browser.speech import Speech

say = Speech("id")


def test_an_agreement_is_not_exchanged_under_the_eyes_of_who_reads_it_to_sign(house: House, guests: Guests) -> None:
    theirs = sa.select(Mentorship.id, Mentorship.mentee_id).where(
        Mentorship.mentor_id == house.person_id("mentor"), Mentorship.state == "active", Mentorship.stage == "prescriptive"
    )
    other = sa.select(Mentorship.id, Mentorship.mentee_id).where(Mentorship.state == "active", Mentorship.agreement_number > 0)
    pair = (house.every(theirs) or house.every(other.limit(1)))[0]
    mentor_id = house.one(sa.select(Mentorship.mentor_id).where(Mentorship.id == pair.id))
    mentor, mentee = guests.page_of(house, mentor_id), guests.page_of(house, pair.mentee_id)

    def proposes(ending: str) -> int:
        mentor.goto(f"/mentoring/{pair.id}/agreement/edit")
        mentor.locator("[name=ending]").fill(ending)
        mentor.locator("form[data-draft^=agreement] button[type=submit]").click()
        mentor.wait_for_url("**/agreement")
        return int(house.one(sa.select(Mentorship.agreement_number).where(Mentorship.id == pair.id)))

    first = proposes("Sebulan sebelumnya kita bicara.")
    mentee.goto(f"/mentoring/{pair.id}/agreement")
    expect(mentee.get_by_role("button", name=say("Sign version %(number)s", number=first))).to_be_visible()
    second = proposes("Kita berhenti kapan saja.")
    line = mentee.locator(".changed-line")
    expect(line).to_contain_text(say("A new version has come. Read it before you sign."))
    mentee.get_by_role("button", name=say("Sign version %(number)s", number=first)).click()
    expect(mentee.locator("main .alert")).to_contain_text(str(second))
    signed = sa.select(sa.func.count()).select_from(Signature).join(Agreement).where(Agreement.mentorship_id == pair.id)
    assert house.one(signed.where(Agreement.number.in_((first, second)), Signature.person_id == pair.mentee_id)) == 0
    mentee.get_by_role("button", name=say("Sign version %(number)s", number=second)).click()
    expect(mentee.locator(".toast")).to_contain_text(say("You signed."))


def test_who_writes_into_another_box_of_a_sheet_sees_what_came_and_both_texts_stand(house: House, guests: Guests) -> None:
    query = (
        sa.select(Engagement.coach_id, Engagement.coachee_id, Meeting.id)
        .join(Meeting, Meeting.series_id == Engagement.series_id)
        .where(Engagement.state == "engaged", Engagement.paused_until.is_(None), Meeting.state.in_(("planned", "held")))
    )
    coach_id, coachee_id, session = house.every(query.limit(1))[0]
    coach, coachee = guests.page_of(house, coach_id), guests.page_of(house, coachee_id)
    for page in (coach, coachee):
        page.goto(f"/coaching/sessions/{session}")
    boxes = "form[data-boxes]"
    for name, words in (("goal", "Membuka rapat tanpa teks."), ("options", "Mulai dengan cerita\nMulai dengan data")):
        coachee.locator(f"{boxes} [name={name}]").fill(words)
    coach.locator(f"{boxes} [name=reality]").fill("Tiga rapat terakhir dibacakan.")
    coachee.locator(f"{boxes} button[type=submit]").click()
    line = coach.locator(".changed-line")
    expect(line).to_be_visible()
    line.get_by_role("button").click()
    expect(coach.locator(f"{boxes} [name=goal]")).to_have_value("Membuka rapat tanpa teks.")
    expect(coach.locator(f"{boxes} [name=reality]")).to_have_value("Tiga rapat terakhir dibacakan.")
    expect(coach.locator(".was-written")).to_have_count(0)
    coach.locator(f"{boxes} button[type=submit]").click()
    expect(coach.locator(".toast")).to_be_visible()
    expect(coachee.locator(f"{boxes} [name=reality]")).to_have_value("Tiga rapat terakhir dibacakan.")
