"""What people choose while finding: lists without ranking, comparing, saving, blocking, telling HR; and what a leaver leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, Invalid, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.pairing import shapes
from mentorlink.pairing.actions import (
    accept_request,
    change_offer,
    choose_finding,
    forget_person,
    join_line,
    pause_offer,
    save_person,
    settle_need,
    voice_need,
)
from mentorlink.pairing.inputs import ChoicesInput, FindInput, NeedInput, OfferInput, PauseInput, WaitInput
from mentorlink.pairing.models import NeedVoice
from mentorlink.pairing.queries import (
    ask_view,
    best_for,
    compared_for,
    competency_told,
    needs_told_for,
    saved_for,
    suggestions_for,
    way_on_for,
)
from mentorlink.people.actions import block_person, disable_person, unblock_person
from mentorlink.people.models import Person, RoleGrant, Unit
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship
from tests.cast import Cast
from tests.pairing.stage import ask, offer


def named(cast: Cast, **wanted: object) -> list[str]:
    return [each.offer.person.name for each in suggestions_for(cast.actor(cast.mentee), FindInput.model_validate(wanted)).items]


def three(cast: Cast) -> None:
    """Offers whose order by fit is not the order of names."""
    offer(cast, cast.person("zoe", cast.statistics, levels=(5, 5, 5), timezone="Asia/Makassar"))
    offer(cast, cast.person("adi", cast.statistics, levels=(2, 2, 2)))
    offer(cast, cast.person("mia", cast.statistics, levels=(3, 2, 2)))
    offer(cast, cast.supervisor)


# Objecting to automated ranking


def test_who_objects_sees_the_same_people_by_name_and_no_score(cast: Cast) -> None:
    three(cast)
    ranked = named(cast)
    assert ranked == ["Zoe", "Mia", "Adi"]
    choose_finding(cast.actor(cast.mentee), ChoicesInput(unranked=True))
    found = suggestions_for(cast.actor(cast.mentee), FindInput())
    assert not found.ranked
    assert [each.offer.person.name for each in found.items] == ["Adi", "Mia", "Zoe"]
    assert {(each.match.place, each.match.score) for each in found.items} == {(0, 0.0)}
    assert found.total == 3
    told = shapes.suggestions(found)
    assert not told["ranked"]
    assert all("fit" not in each and "place" not in each and "parts" not in each for each in told["suggestions"])
    assert named(cast, zone=["WITA"]) == ["Zoe"]
    assert named(cast, q="mi") == ["Mia"]
    assert best_for(cast.actor(cast.mentee)) == []
    choose_finding(cast.actor(cast.mentee), ChoicesInput())
    assert named(cast) == ranked


def test_the_list_by_name_is_paged_without_gap_or_repeat(cast: Cast) -> None:
    for number in range(23):
        offer(cast, cast.person(f"n{number:02}", cast.statistics, levels=(4, number % 5 + 1)))
    choose_finding(cast.actor(cast.mentee), ChoicesInput(unranked=True))
    pages = [name for page in (1, 2, 3) for name in named(cast, page=page)]
    assert pages == [f"N{number:02}" for number in range(23)]


def test_the_page_on_which_one_asks_shows_no_score_either(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    assert ask_view(cast.actor(cast.mentee), there).ranked
    choose_finding(cast.actor(cast.mentee), ChoicesInput(unranked=True))
    assert not ask_view(cast.actor(cast.mentee), there).ranked


# Comparing


def test_picked_people_stand_side_by_side_with_the_same_gaps(cast: Cast) -> None:
    offers = [offer(cast, cast.person(f"n{number}", cast.statistics, levels=(number + 2, 2, 2))) for number in range(3)]
    ids = [each.id for each in offers]
    found = compared_for(cast.actor(cast.mentee), FindInput(pick=tuple(reversed(ids))))
    assert [each.offer.id for each in found.items] == ids[::-1]
    assert len({tuple(sorted(term.code for term in each.why.competencies)) for each in found.items}) == 1
    listed = {each.offer.id: each for each in suggestions_for(cast.actor(cast.mentee), FindInput()).items}
    for each in found.items:
        assert each.match.score == listed[each.offer.id].match.score
        assert each.why.terms == listed[each.offer.id].why.terms


def test_a_masked_pair_is_not_compared(cast: Cast) -> None:
    good, blocked = offer(cast, cast.mentor), offer(cast, cast.second_mentor)
    line, paused = offer(cast, cast.supervisor), offer(cast, cast.person("rests", cast.statistics, levels=(4,)))
    block_person(cast.actor(cast.second_mentor), cast.mentee)
    pause_offer(cast.actor(paused.person), paused, PauseInput(until=clock.today() + timedelta(days=3)))
    for other in (blocked, line, paused):
        found = compared_for(cast.actor(cast.mentee), FindInput(pick=(good.id, other.id)))
        assert [each.offer.id for each in found.items] == [good.id]


# Saving and blocking


def test_a_saved_person_tells_what_changed_since(cast: Cast) -> None:
    there, who = offer(cast, cast.mentor, capacity=1), cast.actor(cast.mentee)
    request = accept_request(cast.actor(cast.mentor), ask(cast, cast.person("taker", cast.budget), there))
    save_person(who, there)
    assert [(each.stands, each.news) for each in saved_for(who)] == [("full", None)]
    change_offer(cast.actor(cast.mentor), there, OfferInput(capacity=2))
    assert [(each.stands, each.news) for each in saved_for(who)] == [("room", "room_again")]
    save_person(who, there)
    assert [each.news for each in saved_for(who)] == [None]
    pause_offer(cast.actor(cast.mentor), there, PauseInput(until=clock.today() + timedelta(days=3)))
    assert [each.news for each in saved_for(who)] == ["paused_now"]
    assert suggestions_for(cast.actor(cast.mentor), FindInput()).items == []
    forget_person(who, cast.mentor.id, "mentor")
    forget_person(who, cast.mentor.id, "mentor")
    assert saved_for(who) == []
    assert request.state == "accepted"


def test_a_block_is_seen_in_every_list_both_ways_at_once_and_can_be_lifted(cast: Cast) -> None:
    there, own = offer(cast, cast.mentor), offer(cast, cast.mentee)
    mentee, mentor = cast.actor(cast.mentee), cast.actor(cast.mentor)
    save_person(mentee, there)
    lists = (
        lambda: named(cast),
        lambda: [each.offer.person.name for each in best_for(mentee)],
        lambda: [each.row.saved.name for each in saved_for(mentee)],
        lambda: [each.offer.person.name for each in compared_for(mentee, FindInput(pick=(there.id,))).items],
    )
    assert [found() for found in lists] == [["Mentor"]] * 4
    for blocker, blocked in ((mentee, cast.mentor), (mentor, cast.mentee)):
        block_person(blocker, blocked)
        assert [found() for found in lists] == [[]] * 4
        assert own.person_id not in {each.offer.person_id for each in suggestions_for(mentor, FindInput()).items}
        unblock_person(blocker, blocked)
        assert [found() for found in lists] == [["Mentor"]] * 4
    assert db.session.scalars(sa.select(Notice.kind)).all() == []


# Telling HR


def test_a_need_that_nobody_covers_is_told_to_hr_once_and_counted(cast: Cast) -> None:
    offer(cast, cast.person("partly", cast.statistics, levels=(4, 1, 1)))
    first, second, manager = cast.mentee, cast.person("second", cast.budget, levels=(1, 1, 1)), cast.coordinator
    way = way_on_for(cast.actor(first), suggestions_for(cast.actor(first), FindInput()))
    assert [(each.need.code, each.told, each.voices) for each in way.uncovered] == [("T.2", False, 0)]
    for who in (first, first, second):
        voice_need(cast.actor(who), NeedInput(competency="T.2"))
    told = needs_told_for(cast.actor(manager))
    assert [(need.code, need.level, need.voices, need.places) for need in told] == [("T.2", 3, None, 0)]
    notices = db.session.execute(sa.select(Notice.person_id, Notice.kind)).all()
    assert notices == [(manager.id, "need_told")]
    way = way_on_for(cast.actor(first), suggestions_for(cast.actor(first), FindInput()))
    assert [(each.told, each.voices) for each in way.uncovered] == [(True, None)]


def test_what_is_taken_up_leaves_the_list_and_tells_who_spoke(cast: Cast) -> None:
    voice_need(cast.actor(cast.mentee), NeedInput(competency="T.2"))
    manager = cast.actor(cast.coordinator)
    assert settle_need(manager, "mentor", competency_told(manager, "T.2")) == 1
    assert settle_need(manager, "mentor", competency_told(manager, "T.2")) == 0
    assert needs_told_for(manager) == []
    assert db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == cast.mentee.id)).all() == ["need_settled"]
    voice_need(cast.actor(cast.mentee), NeedInput(competency="T.2"))
    assert len(needs_told_for(manager)) == 1


def test_a_manager_of_a_unit_sees_and_settles_what_its_people_told(cast: Cast) -> None:
    voice_need(cast.actor(cast.mentee), NeedInput(competency="T.1"))
    elsewhere = cast.person("elsewhere", cast.statistics, levels=(1, 1, 1))
    voice_need(cast.actor(elsewhere), NeedInput(competency="T.1"))
    local = cast.person("local", cast.statistics)
    db.session.add(RoleGrant(person_id=local.id, role="manager", unit_id=cast.statistics.id, granted_at=clock.now()))
    db.session.commit()
    assert [need.code for need in needs_told_for(cast.actor(local))] == ["T.1"]
    settle_need(cast.actor(local), "mentor", competency_told(cast.actor(local), "T.1"))
    open_ones = db.session.scalars(sa.select(NeedVoice.person_id).where(NeedVoice.settled_at.is_(None))).all()
    assert open_ones == [cast.mentee.id]


def test_of_fewer_than_five_neither_number_nor_day_is_told_and_only_ones_own_units_count(cast: Cast) -> None:
    people = [cast.person(f"voice{number}", cast.budget, levels=(1, 1, 1)) for number in range(5)]
    for who in people[:4]:
        voice_need(cast.actor(who), NeedInput(competency="T.2"))
        join_line(cast.actor(who), WaitInput(competency="T.2"))
    [need] = needs_told_for(cast.actor(cast.coordinator))
    assert (need.voices, need.since, need.waiting) == (None, None, None)
    client = cast.client(cast.coordinator)
    assert client.get("/programme/needs").text.count("fewer than 5") == 3
    voice_need(cast.actor(people[4]), NeedInput(competency="T.2"))
    join_line(cast.actor(people[4]), WaitInput(competency="T.2"))
    [need] = needs_told_for(cast.actor(cast.coordinator))
    assert (need.voices, need.since is None, need.waiting) == (5, False, 5)
    way = way_on_for(cast.actor(people[0]), suggestions_for(cast.actor(people[0]), FindInput()))
    assert {each.need.code: each.voices for each in way.uncovered}["T.2"] == 5
    elsewhere, local = cast.person("elsewhere", cast.statistics, levels=(1, 1, 1)), cast.person("local", cast.statistics)
    voice_need(cast.actor(elsewhere), NeedInput(competency="T.2"))
    db.session.add(RoleGrant(person_id=local.id, role="manager", unit_id=cast.statistics.id, granted_at=clock.now()))
    db.session.commit()
    offer(cast, cast.person("near", cast.budget, levels=(4, 4, 4)))
    assert [each.places for each in needs_told_for(cast.actor(cast.coordinator))] == [2]
    [need] = needs_told_for(cast.actor(local))
    assert (need.voices, need.waiting, need.places) == (None, 0, 0)
    flashed = cast.client(local).post(
        "/programme/needs", data={"kind": "mentor", "competency": "T.2"}, follow_redirects=True
    ).text  # fmt: skip
    assert "Who told you of it is told" in flashed


def test_needs_are_for_hr_and_one_tells_only_ones_own(cast: Cast) -> None:
    with pytest.raises(Invalid):
        voice_need(cast.actor(cast.mentee), NeedInput(competency="T.3"))
    for who in (cast.mentee, cast.administrator):
        with pytest.raises(NotFound):
            needs_told_for(cast.actor(who))
        with pytest.raises(Denied):
            settle_need(cast.actor(who), "mentor", cast.competencies[0])


# Who leaves


@pytest.mark.parametrize("leaver", ["mentor", "mentee"])
def test_when_one_of_a_pair_leaves_it_ends_the_other_is_told_and_the_place_is_free(cast: Cast, leaver: str) -> None:
    there = offer(cast, cast.mentor, capacity=2)
    request = accept_request(cast.actor(cast.mentor), ask(cast, cast.mentee, there))
    stays = cast.mentee if leaver == "mentor" else cast.mentor
    disable_person(cast.actor(cast.administrator), getattr(cast, leaver))
    pair = db.session.get_one(Mentorship, request.mentorship_id)
    assert pair.state == "ended_early"
    assert db.session.get_one(EarlyEnd, pair.id).code == "left"
    assert there.taken == 0
    kinds = db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == stays.id).order_by(Notice.id)).all()
    assert kinds[-1] == f"{leaver}_left"


def test_the_line_of_command_that_changed_after_the_request_is_found_at_the_accept(cast: Cast) -> None:
    from mentorlink.kernel.errors import Conflict

    there = offer(cast, cast.mentor)
    request = ask(cast, cast.mentee, there)
    unit = db.session.get_one(Unit, cast.budget.id)
    db.session.execute(sa.update(Unit).where(Unit.id == unit.id).values(head_id=cast.mentor.id))
    db.session.commit()
    with pytest.raises(Conflict) as refused:
        accept_request(cast.actor(cast.mentor), request)
    assert refused.value.facts["rules"] == ["line_of_command"]
    assert named(cast) == []


def test_the_house_alone_is_no_person_who_chooses(cast: Cast) -> None:
    with pytest.raises(Denied):
        choose_finding(Actor.system(), ChoicesInput(unranked=True))
    assert isinstance(cast.mentee, Person)
