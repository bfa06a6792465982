"""A whole matching round, by two programme managers at once, one on a phone in Indonesian, one at a desk in English, and by
those whom it pairs."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from mentorlink.kernel import clock
from mentorlink.people.models import Person, RoleGrant
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundWish
from tests.browser.conftest import Guests
from tests.browser.house import House

NAME = "Putaran Uji"


def second_manager(house: House) -> int:
    """Another programme manager of the agency, from among its people."""
    taken = sa.select(RoleGrant.person_id)
    person = int(
        house.one(
            sa.select(Person.id).where(Person.state == "active", Person.id.not_in(taken)).order_by(Person.id.desc()).limit(1)
        )
    )
    house.change(sa.insert(RoleGrant).values(person_id=person, role="manager", granted_at=clock.now()))
    return person


def name_of(house: House, who: str) -> str:
    return str(house.one(sa.select(Person.name).where(Person.id == house.person_id(who))))


def number_of(house: House) -> int:
    return int(house.one(sa.select(Round.id).where(Round.name == NAME)))


def pairs_of(house: House, round_id: int) -> set[tuple[int, int | None]]:
    """Who is with whom in the draft."""
    rows = house.every(sa.select(Proposal.mentee_id, Proposal.mentor_id).where(Proposal.round_id == round_id))
    return {(row.mentee_id, row.mentor_id) for row in rows}


def on(page: Page, round_id: int, step: str) -> Page:
    page.goto(f"/rounds/{round_id}/{step}")
    return page


def test_two_managers_take_a_round_from_its_beginning_to_its_publication(own_house: House, guests: Guests) -> None:
    first = guests.page_of(own_house, "programme_manager", "id", 360)
    second = guests.page_of(own_house, second_manager(own_house), "en", 1280)

    # who takes part
    first.goto("/rounds")
    first.locator('a[href$="/rounds/new"]').first.click()
    first.locator("#f-name").fill(NAME)
    first.locator("form.form button[type=submit]").click()
    first.wait_for_url("**/people")
    round_id = number_of(own_house)
    first.locator('form[action$="/people"] button.btn-primary').click()
    expect(first.locator("#results table tbody tr").first).to_be_visible()

    # cover map, weights with their effect on an example
    on(first, round_id, "cover")
    expect(first.locator("table").last).to_be_visible()
    on(first, round_id, "weights")
    before = first.locator("#example").inner_text()
    with first.expect_response("**/weights/example**"):
        first.locator('select[name="importances.cover"]').select_option("off")
    expect(first.locator("#example")).not_to_have_text(before, use_inner_text=True)
    first.locator("#weights button[type=submit]:not([name])").last.click()
    expect(first.locator('select[name="importances.cover"]')).to_have_value("off")

    # two are never to be paired; who takes part is let in, and says whom they would like
    mentees, mentors = (
        own_house.every(
            sa.select(Person.id, Person.name).join(RoundMember).where(RoundMember.round_id == round_id, RoundMember.side == side)
        )
        for side in ("mentee", "mentor")
    )
    banned = next((mentee, mentor) for mentee in mentees for mentor in mentors if mentee.id != mentor.id)
    first.goto(f"/rounds/{round_id}/weights?mentee_q={banned[0].name}&mentor_q={banned[1].name}")
    tie = first.locator('form[action$="/ties"]')
    tie.locator('select[name="mentee_id"]').select_option(str(banned[0].id))
    tie.locator('select[name="mentor_id"]').select_option(str(banned[1].id))
    tie.locator('button[value="ban"]').click()
    expect(first.locator("#ties .list-row")).to_have_count(1)
    on(first, round_id, "people")
    first.locator("#f-open_until").fill((clock.today() + timedelta(days=3)).isoformat())
    first.locator('form[action$="/open"] button[type=submit]').click()
    first.locator('form[action$="/shut"]').wait_for(state="attached")
    wisher = guests.page_of(own_house, mentees[-1].id, "en", 1280)
    wisher.goto(f"/rounds/{round_id}/me?side=mentee")
    wisher.locator('select[name="wish1"]').select_option(index=1)
    wished = wisher.locator('select[name="wish1"]').input_value()
    wisher.locator('form[action$="/wishes"] button[type=submit]').click()
    expect(wisher.locator('select[name="wish1"]')).to_have_value(wished)
    assert own_house.every(sa.select(RoundWish.wished_id).where(RoundWish.round_id == round_id)) == [(int(wished),)]

    # solved in the background, seen by both
    on(second, round_id, "run")
    on(first, round_id, "run")
    first.locator('form[action$="/run"] button').click()
    expect(first.locator('form[action*="/check"]').first).to_be_visible(timeout=90_000)
    on(second, round_id, "draft")
    expect(second.locator(".round-line").first).to_be_visible()
    assert (banned[0].id, banned[1].id) not in pairs_of(own_house, round_id)

    # both change the same draft: the second is told, and nothing of theirs is done
    on(first, round_id, "draft")
    first.locator('form[action$="/lock"] button').first.click()
    expect(first.locator('form[action$="/lock"] .btn-accent').first).to_be_visible()
    second.locator('form[action$="/lock"] button').nth(1).click()
    expect(second.locator("main")).to_contain_text(name_of(own_house, "programme_manager"))
    assert own_house.one(sa.select(sa.func.count()).where(Proposal.round_id == round_id, Proposal.locked.is_(True))) == 1

    # solved once more: what is locked stands; two runs side by side, the slider, groups, and those without a mentor
    locked = own_house.every(
        sa.select(Proposal.mentee_id, Proposal.mentor_id).where(Proposal.round_id == round_id, Proposal.locked.is_(True))
    )
    on(first, round_id, "run")
    first.locator('form[action$="/run"] button').click()
    expect(first.locator('form[action*="/run/2/check"]')).to_be_visible(timeout=90_000)
    assert {(row.mentee_id, row.mentor_id) for row in locked} <= pairs_of(own_house, round_id)
    on(first, round_id, "compare")
    expect(first.locator(".round-two tbody tr").first).to_be_visible()
    on(first, round_id, "stops")
    first.locator(".round-slider a").last.click()
    make = first.locator('form[action$="/stops"] button')
    expect(first.locator(".round-slider li").last.locator("[aria-current]")).to_be_visible()
    if make.count():
        make.click()
        first.wait_for_url("**/draft")
    expect(first.locator(".round-line").first).to_be_visible(timeout=60_000)
    on(first, round_id, "fairness")
    expect(first.locator("table tbody tr").first).to_be_visible()
    first.goto(f"/rounds/{round_id}/draft?kind=alone")
    alone = own_house.one(sa.select(sa.func.count()).where(Proposal.round_id == round_id, Proposal.mentor_id.is_(None)))
    expect(first.locator(".round-nobody")).to_have_count(min(alone, 20))

    # dragged onto another's line: what it would cost opens, and nothing has moved
    on(second, round_id, "draft")
    stood = pairs_of(own_house, round_id)
    lines = second.locator("[data-line][data-mentor]")
    expect(lines.first).to_be_visible(timeout=90_000)  # not before the draft stands where the slider was put
    mentors = lines.evaluate_all("all => all.map((each) => each.dataset.mentor)")
    at = next(number for number, mentor in enumerate(mentors[1:]) if mentor != mentors[number])
    lines.nth(at).drag_to(lines.nth(at + 1))
    second.wait_for_url(f"**/draft/*?mentor={mentors[at + 1]}")
    wanted = own_house.one(sa.select(Person.name).where(Person.id == int(mentors[at + 1])))
    expect(second.locator("main")).to_contain_text(str(wanted))
    assert pairs_of(own_house, round_id) == stood

    # a quota is set beside those that the last round left
    on(first, round_id, "weights")
    set_before = first.locator("#quotas .list-row").count()
    quota = first.locator('form[action$="/quotas"]')
    quota.locator('select[name="group"] option').first.wait_for(state="attached")
    quota.locator('input[name="at_least"]').fill("1")
    quota.locator("button[type=submit]").click()
    expect(first.locator("#quotas .list-row")).to_have_count(set_before + 1)

    # moved, with the cost before the deed
    on(second, round_id, "draft")
    second.locator('.round-tools a[href*="/draft/"]').last.click()
    second.locator('a[href*="mentor="]').first.click()
    moving = second.locator('form[action$="/move"]')
    expect(moving).to_be_visible()
    if moving.locator('input[name="instead_of"]').count():
        moving.locator('input[name="instead_of"]').first.check()
    moving.locator("button[type=submit]").click()
    second.wait_for_url("**/draft")
    moved = own_house.every(sa.select(Proposal.mentee_id, Proposal.mentor_id).where(Proposal.moved_by_id.is_not(None)))
    assert len(moved) == 1

    # nobody else has seen anything
    mentee = guests.page_of(own_house, moved[0].mentee_id, "id", 360)
    mentee.goto(f"/rounds/{round_id}/me?side=mentee")
    expect(mentee.locator('form[action$="/leave"]')).to_be_attached()
    assert not mentee.locator('main a[href*="/mentorships/"]').count()
    assert not mentee.locator(".round-why").count()

    # published by both at once: it happens once
    for page in (first, second):
        on(page, round_id, "publish")
    for page in (first, second):
        page.locator("form[data-confirm] button[type=submit]").click()
        page.locator("#confirm [value=yes]").click()
    for page in (first, second):
        on(page, round_id, "publish")
        expect(page.locator(".alert.tone-good")).to_be_visible()
    pairs = own_house.every(sa.select(Proposal.id).where(Proposal.round_id == round_id, Proposal.mentor_id.is_not(None)))
    lines = sa.select(Proposal.mentorship_id).where(Proposal.round_id == round_id)
    begun = own_house.every(lines.where(Proposal.mentorship_id.is_not(None)))
    assert len(begun) == len(pairs) > 0

    # both sides find each other
    mentee.goto(f"/rounds/{round_id}/me")
    mentee.locator('a[href*="/mentorships/"], a[href*="/mentoring/"]').last.click()
    expect(mentee.locator("h1")).to_be_visible()
    mentor = guests.page_of(own_house, moved[0].mentor_id, "en", 1280)
    mentor.goto("/notices")
    expect(mentor.locator("main")).to_contain_text(NAME)
