"""Thanks with consent, a concern to a safe person, content opened by two; to everybody else none of it exists."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, Invalid, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import grant_role
from mentorlink.people.models import AuditEntry
from mentorlink.sessions.care import actions, inputs, queries
from mentorlink.sessions.meetings.actions import save_private_note
from mentorlink.sessions.meetings.inputs import PrivateText
from mentorlink.sessions.mentoring.queries import mentorship_for
from tests.coaching.two import Two
from tests.mentoring.pair import Pair

REASON = "A complaint has to be looked into by law."


def named(pair: Pair, person: object) -> None:
    actions.name_safe_person(pair.cast.actor(pair.cast.coordinator), inputs.SafePersonChoice(person_id=person.id))  # type: ignore[attr-defined]


def test_a_concern_reaches_the_safe_person_and_nobody_else(pair: Pair) -> None:
    cast, series = pair.cast, pair.row().series
    for person in (cast.stranger, cast.supervisor, cast.mentor):
        named(pair, person)
    safe = [one.id for one in queries.safe_people(pair.mentee, series)]
    assert safe == [cast.stranger.id], "neither of the two, and no superior of theirs"
    with pytest.raises(Invalid):
        actions.raise_concern(pair.mentee, series, inputs.ConcernText(to_id=cast.supervisor.id, text="x"))
    answer = cast.client(cast.mentee).post(
        f"/mentoring/series/{series.id}/concern", data={"to_id": cast.stranger.id, "text": "He presses me"}
    )
    assert answer.status_code == 303
    concern_id = int(answer.location.rsplit("/", 1)[1])
    assert "He presses me" in cast.client(cast.stranger).get(answer.location).text
    for person in (cast.mentor, cast.supervisor, cast.coordinator, cast.administrator):
        assert cast.client(person).get(answer.location).status_code == 404
    assert "He presses me" not in cast.client(cast.mentor).get(f"/mentoring/{pair.id}").text
    assert db.session.scalars(sa.select(Notice.person_id).where(Notice.about == "concern")).all() == [cast.stranger.id]
    actions.answer_concern(
        cast.actor(cast.stranger), queries.concern_for(cast.actor(cast.stranger), concern_id), inputs.AnswerText(text="Come by")
    )
    assert "Come by" in cast.client(cast.mentee).get(answer.location).text


def test_content_opens_by_a_second_person_for_a_day_and_the_pair_is_told(pair: Pair) -> None:
    cast = pair.cast
    pair.agree(topics_in="Words of the two")
    meeting = pair.meet(summary="What we said")
    save_private_note(pair.mentee, meeting, PrivateText(body="Mine alone"))
    series = mentorship_for(pair.mentor, pair.id).series
    hr, administrator = cast.actor(cast.coordinator), cast.actor(cast.administrator)
    client = cast.client(cast.coordinator)
    address = client.post(f"/mentoring/series/{series.id}/open", data={"reason": REASON}).location
    assert "Words of the two" not in client.get(address).text
    opening, _series = queries.opening_for(hr, int(address.rsplit("/", 1)[1]))
    with pytest.raises(Denied):
        actions.decide_opening(hr, opening, series, agreed=True)
    assert cast.client(cast.mentor).get(address).status_code == 404, "nothing is opened yet"
    actions.decide_opening(administrator, opening, series, agreed=True)
    page = client.get(address).text
    assert "Words of the two" in page
    assert "What we said" in page
    assert "Mine alone" not in page
    assert "Words of the two" not in cast.client(cast.administrator).get(address).text, "who agreed does not read"
    told = cast.client(cast.mentor).get(address).text
    assert REASON in told
    assert "Coordinator" in told
    acts = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.thing == "opening")).all()
    assert acts == ["opening_asked", "opening_agreed", "opening_read"]
    assert sorted(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "opened"))) == sorted(
        [pair.mentor_id, pair.mentee_id]
    )
    assert opening.standing == "agreed"
    with clock.at(clock.now() + timedelta(hours=25), everywhere=True):
        assert opening.standing == "over"
        with pytest.raises(NotFound):
            queries.opened_for(hr, opening)


def test_who_decides_openings_reads_of_their_own_pair_only_what_was_agreed(pair: Pair) -> None:
    cast, series_id = pair.cast, pair.row().series_id
    grant_role(Actor.system(), cast.mentor, Role.MANAGER)
    hr, administrator = cast.actor(cast.coordinator), cast.actor(cast.administrator)
    opening = actions.ask_opening(hr, queries.series_to_open_for(hr, series_id), inputs.OpeningReason(reason=REASON))
    address = f'"/mentoring/openings/{opening.id}"'
    assert address in cast.client(cast.administrator).get("/mentoring/openings").text
    assert address not in cast.client(cast.mentor).get("/mentoring/openings").text
    actions.decide_opening(administrator, *queries.opening_for(administrator, opening.id), agreed=True)
    assert address in cast.client(cast.mentor).get("/mentoring/openings").text


def test_nobody_opens_their_own_pair_and_no_superior_opens_any(pair: Pair) -> None:
    series = pair.row().series
    for person in (pair.cast.mentor, pair.cast.supervisor, pair.cast.stranger):
        actor = pair.cast.actor(person)
        with pytest.raises(NotFound):
            queries.series_to_open_for(actor, series.id)
        with pytest.raises(Denied):
            actions.ask_opening(actor, series, inputs.OpeningReason(reason=REASON))


@pytest.mark.parametrize("consent", [True, False])
def test_thanks_reach_the_superior_only_if_both_want_it(pair: Pair, consent: bool) -> None:
    cast, series = pair.cast, pair.row().series
    data = {"to_id": pair.mentor_id, "text": "You listened"} | ({"may_pass_on": "1"} if consent else {})
    assert cast.client(cast.mentee).post(f"/mentoring/series/{series.id}/thanks", data=data).status_code == 303
    thanks = queries.thanks_between(pair.mentor, series)[0]
    head = cast.other_head
    assert queries.thanks_passed_to(cast.actor(head)) == []
    if not consent:
        with pytest.raises(Denied):
            actions.pass_thanks_on(pair.mentor, thanks)
        return
    assert cast.client(cast.mentor).post(f"/mentoring/thanks/{thanks.id}/pass-on").status_code == 303
    assert "You listened" in cast.client(head).get("/mentoring/people").text
    assert "You listened" not in cast.client(cast.supervisor).get("/mentoring/people").text


def test_an_opened_coaching_shows_goal_sheets_and_commitments_and_nothing_that_is_ones_own(pair: Pair) -> None:
    cast = pair.cast
    assert cast.supervisor.id
    two = Two(cast).engage().set_goal(text="Bangau goal", why="Bangau why", sign="Bangau sign")
    meeting = two.plan(days=3)
    two.sheet(meeting, reality="Bangau reality", options="Bangau one\nBangau two")
    two.commit(meeting, text="Bangau promise")
    save_private_note(two.coachee, meeting, PrivateText(body="Bangau alone"))
    client = cast.client(cast.coordinator)
    address = client.post(f"/mentoring/series/{two.row().series_id}/open", data={"reason": REASON}).location
    opening, series = queries.opening_for(cast.actor(cast.coordinator), int(address.rsplit("/", 1)[1]))
    assert "Bangau" not in client.get(address).text
    actions.decide_opening(cast.actor(cast.administrator), opening, series, agreed=True)
    page = client.get(address).text
    for words in ("goal", "why", "sign", "reality", "one", "two", "promise"):
        assert f"Bangau {words}" in page, words
    assert "Bangau alone" not in page
