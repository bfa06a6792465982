"""A superior sees that people are mentored, the stage and the hours; agrees where it is asked; of coaching what is shared."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import record, transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.people.actions import disable_person
from mentorlink.people.events import UnitChanged
from mentorlink.people.models import Person, Unit
from mentorlink.programmes.actions import make_default_programme
from mentorlink.programmes.models import Programme
from mentorlink.sessions.coaching import actions as coaching
from mentorlink.sessions.coaching import inputs as said
from mentorlink.sessions.coaching.queries import shared_for
from mentorlink.sessions.coaching.stages import SHARED
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.models import SuperiorWord
from mentorlink.sessions.mentoring.queries import superior_word_for, team_for, words_wanted_for
from tests.cast import Cast
from tests.coaching.two import Two
from tests.mentoring.pair import Pair
from tests.queries import count_queries


def test_a_head_sees_stage_and_hours_of_their_people_and_no_word(pair: Pair) -> None:
    pair.agree(topics_in="Secret words")
    pair.meet(minutes=45, summary="Secret sum")
    cast = pair.cast
    head = cast.client(cast.supervisor)
    page, file = head.get("/mentoring/people").text, head.get("/mentoring/people.csv").text
    for text in (page, file):
        assert "Mentee" in text
        assert "Secret" not in text
    row = team_for(cast.actor(cast.supervisor)).rows[0]
    assert (row.stage, row.sessions, row.minutes) == ("prescriptive", 1, 45)
    for person in (cast.other_head, cast.stranger, cast.coordinator, cast.mentee):
        assert team_for(cast.actor(person)).rows == []


@pytest.fixture
def asking(cast: Cast) -> Pair:
    """A pair of a programme that asks for the superior's word; both have signed."""
    assert cast.supervisor.id
    programme = make_default_programme(Actor.system())
    db.session.get_one(Programme, programme.id).rules = programme.rules | {"superior_agrees": True}
    db.session.commit()
    pair = Pair(cast, start=False)
    pair.id = actions.start_mentorship(
        pair.mentor, mentor_id=pair.mentor_id, mentee_id=pair.mentee_id, competency_ids=pair.competency_ids,
        programme_id=programme.id,
    ).id  # fmt: skip
    pair.agree()
    return pair


def test_who_is_the_superior_by_now_is_asked_and_their_silence_is_not_the_pairs(asking: Pair) -> None:
    cast, began = asking.cast, clock.now()

    def told(kind: str) -> list[int]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.id)))

    def watch(days: float) -> None:
        with clock.at(began + timedelta(days=days)), transaction():
            jobs.handlers["care.watch_silence"]({})

    assert told("superior_wanted") == [cast.supervisor.id]
    watch(7.5)
    watch(8)
    assert told("superior_wanted") == [cast.supervisor.id] * 2, "the superior is reminded, and once"
    watch(60)
    assert told("quiet") == told("quiet_closing") == []
    with transaction():
        db.session.get_one(Unit, cast.finance.id).head_id = cast.stranger.id
        record(UnitChanged(cast.finance.id))
    assert told("superior_wanted")[-1] == cast.stranger.id
    assert words_wanted_for(cast.actor(cast.supervisor)) == []
    disable_person(Actor.system(), db.session.get_one(Person, cast.stranger.id))
    assert db.session.get(SuperiorWord, asking.id) is None, "with nobody to ask nobody is waited for"
    assert asking.advance().stage == "persuasive"


def test_a_superiors_yes_stays_when_another_takes_over(asking: Pair) -> None:
    superior = asking.cast.actor(asking.cast.supervisor)
    actions.say_superior_word(superior, superior_word_for(superior, asking.id), agreed=True)
    disable_person(Actor.system(), db.session.get_one(Person, asking.cast.supervisor.id))
    assert asking.advance().stage == "persuasive"


def test_where_the_programme_asks_the_superior_the_first_gate_waits_for_them(asking: Pair) -> None:
    cast, pair = asking.cast, asking
    with pytest.raises(Conflict, match="gate_closed"):
        pair.advance()
    superior = cast.actor(cast.supervisor)
    assert [one.agreed for one in words_wanted_for(superior)] == [None]
    for person in (cast.other_head, cast.coordinator, cast.mentee):
        with pytest.raises(NotFound):
            superior_word_for(cast.actor(person), pair.id)
    assert "Waiting for the superior" in cast.client(cast.mentee).get(f"/mentoring/{pair.id}").text
    assert cast.client(cast.supervisor).post(f"/mentoring/{pair.id}/superior", data={"agreed": "1"}).status_code == 303
    assert pair.advance().stage == "persuasive"
    with pytest.raises(Conflict, match="superior_too_late"):
        actions.say_superior_word(superior, superior_word_for(superior, pair.id), agreed=False)


@pytest.fixture
def two(cast: Cast) -> Two:
    """A coaching with a goal, the numbers and reviews of both, a session and a commitment."""
    assert cast.supervisor.id
    two = Two(cast).engage().set_goal(text="Goal-Word", why="Why-Word", sign="Sign-Word")
    meeting = two.plan()
    two.sheet(meeting, goal="Sheet-Word", reality="Real-Word", options="A\nB")
    two.commit(meeting, text="Commit-Word")
    two.scale(two.coach, "before", 4)
    two.scale(two.coachee, "midway", 9)
    two.review(two.coachee, gained="Gain-Word")
    two.review(two.coach, gained="Coach-Word")
    return two


IN_PAGE = {
    "goal": "Goal-Word", "numbers": "coachee 3, coach 4", "sessions": "1 session", "commitments": "0 of 1 commitments done",
    "review": "Gain-Word",
}  # fmt: skip
IN_FILE = {"goal": "Goal-Word", "numbers": "before: 3, 4", "sessions": ",1,30,", "commitments": ",0/1,", "review": "Gain-Word"}
IN_JSON = {
    "goal": "Goal-Word", "numbers": '"before"', "sessions": '"sessions":', "commitments": '"commitments":', "review": "Gain-Word",
}  # fmt: skip
DOORS = {"/mentoring/people": IN_PAGE, "/mentoring/people.csv": IN_FILE, "/api/v1/coaching/shared": IN_JSON}
"""The superior's page, its file and the API → what stands there for each item."""


def test_each_item_shows_through_every_door_while_it_is_shared_and_no_longer(two: Two, cast: Cast) -> None:
    superior, client = cast.actor(cast.supervisor), cast.client(cast.supervisor)

    def shown() -> dict[str, set[str]]:
        found = {}
        for door, signs in DOORS.items():
            text = client.get(door).get_data(as_text=True)
            found[door] = {item for item, sign in signs.items() if sign in text}
            for word in ("Why-Word", "Sign-Word", "Sheet-Word", "Real-Word", "Commit-Word", "Coach-Word"):
                assert word not in text, (door, word)
        return found

    assert shared_for(superior) == []
    for item in SHARED:
        coaching.share_with_superior(two.coachee, two.row(), said.Shares(items=[item]))
        assert shared_for(superior)[0].items == {"coached", item}
        assert shown() == dict.fromkeys(DOORS, {item} - {"coached"}), item
        for person in (cast.other_head, cast.coordinator, cast.administrator, cast.stranger, cast.mentor):
            assert shared_for(cast.actor(person)) == []
    assert shared_for(superior)[0].numbers == {}, "shared before, and not any more"
    coaching.share_with_superior(two.coachee, two.row(), said.Shares(items=list(SHARED)))
    everything = shared_for(superior)[0]
    assert everything.numbers == {"before": {"coachee": 3, "coach": 4}}, "not the number that one alone has said"
    assert everything.review == {"gained": "Gain-Word", "onward": "A bigger room"}
    assert shown() == dict.fromkeys(DOORS, set(SHARED) - {"coached"})
    coaching.share_with_superior(two.coachee, two.row(), said.Shares(items=[]))
    assert shared_for(superior) == []
    assert not any(shown().values())


def test_a_review_is_shared_only_once_both_have_written(cast: Cast) -> None:
    assert cast.supervisor.id
    two = Two(cast).engage().set_goal()
    coaching.share_with_superior(two.coachee, two.row(), said.Shares(items=["review"]))
    two.review(two.coachee, gained="Gain-Word")
    assert shared_for(cast.actor(cast.supervisor))[0].review is None
    two.review(two.coach, gained="Coach-Word")
    assert "Coach-Word" not in str(shared_for(cast.actor(cast.supervisor)))
    assert shared_for(cast.actor(cast.supervisor))[0].review == {"gained": "Gain-Word", "onward": "A bigger room"}


def test_only_the_coachee_shares_and_a_rest_stops_the_work(two: Two, cast: Cast) -> None:
    coach = cast.client(cast.mentor)
    assert coach.post(f"/coaching/{two.id}/sharing", data={"items": "goal"}).status_code == 403
    assert "Nothing is shared" in coach.get(f"/coaching/{two.id}/sharing").text
    coaching.rest_engagement(two.coach, two.row(), said.Rest(returns_on=clock.today() + timedelta(days=9)))
    with pytest.raises(Conflict, match="engagement_rests"):
        two.set_goal(text="New", why="x", sign="y")
    coaching.resume_engagement(two.coachee, two.row())
    assert coach.post("/coaching/credentials", data={"title": "Coach", "issuer": "LAN"}).status_code == 303
    assert "LAN" in cast.client(cast.mentee).get(f"/coaching/{two.id}").text


def test_the_superiors_page_takes_as_many_queries_for_many_as_for_one(pair: Pair) -> None:
    client = pair.cast.client(pair.cast.supervisor)

    def count() -> int:
        with count_queries() as statements:
            assert client.get("/mentoring/people").status_code == 200
        return len(statements)

    few = count()
    for number in range(6):
        person = pair.cast.person(f"colleague_{number}", pair.cast.budget)
        actions.start_mentorship(Actor.system(), mentor_id=pair.mentor_id, mentee_id=person.id)
    assert count() == few
    assert few <= 15
