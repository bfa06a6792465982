"""Gatherings: places, the code of the room, what counts, the round of talk."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions as community_actions
from mentorlink.community.actions import gatherings
from mentorlink.community.inputs.gatherings import CodeInput, ComingInput, GatheringInput, MinutesInput, PresentInput, TurnInput
from mentorlink.community.models.gatherings import Attendance, Gathering
from mentorlink.community.queries.gatherings import next_host, round_for, sheet_for
from mentorlink.community.rules.gatherings import CODE_TRIES, CODE_WAIT, next_speaker
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, NotFound
from mentorlink.learning.models import HoursEntry
from mentorlink.notifications.models import Notice
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.community.living import Living

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


def credited(person: Person) -> int:
    return db.session.scalar(sa.select(sa.func.sum(HoursEntry.jp)).where(HoursEntry.person_id == person.id)) or 0


@pytest.mark.one_database
@given(
    st.dictionaries(st.integers(1, 9), st.integers(0, 600)),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99)), min_size=1),
)
def test_who_has_spoken_the_shortest_speaks_next(spoken: dict[int, int], hands: list[tuple[int, int]]) -> None:
    chosen = next_speaker([(who, START + timedelta(seconds=at)) for who, at in hands], spoken)
    assert spoken.get(chosen or 0, 0) == min(spoken.get(who, 0) for who, _at in hands)


def test_who_was_there_has_it_in_the_record_once_it_was_held(living: Living, cast: Cast) -> None:
    row_id = living.plan(hours=-2).id
    code = living.gathering(row_id).code
    gatherings.check_in(cast.actor(cast.mentee), living.gathering(row_id), CodeInput(code=code))
    assert credited(cast.mentee) == 0
    living.steer(gatherings.hold_gathering, living.gathering(row_id))
    assert credited(cast.mentee) == 2  # 90 minutes
    with pytest.raises(Conflict):
        living.steer(gatherings.hold_gathering, living.gathering(row_id))
    assert credited(cast.mentor) == 0


def test_the_record_follows_every_correction_of_who_was_there(living: Living, cast: Cast) -> None:
    row = living.hold(cast.mentee)
    for present, jp in ((False, 0), (True, 2), (True, 2), (False, 0), (True, 2)):
        living.steer(gatherings.note_presence, living.gathering(row.id), PresentInput(person_id=cast.mentee.id, present=present))
        assert credited(cast.mentee) == jp


def test_if_crediting_fails_the_gathering_is_not_held(living: Living, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row_id = living.plan(hours=-2).id
    living.steer(gatherings.note_presence, living.gathering(row_id), PresentInput(person_id=cast.mentee.id, present=True))

    def break_down(*_args: object, **_more: object) -> None:
        raise RuntimeError("the ledger is away")

    monkeypatch.setattr("mentorlink.learning.effects.credit_giving", break_down)
    with pytest.raises(RuntimeError):
        living.steer(gatherings.hold_gathering, living.gathering(row_id))
    assert living.gathering(row_id).state == "planned"


def test_a_wrong_code_or_one_at_the_wrong_time_notes_nobody(living: Living, cast: Cast) -> None:
    soon, mentee = living.plan(hours=5).id, cast.actor(cast.mentee)
    with pytest.raises(Conflict) as refused:
        gatherings.check_in(mentee, living.gathering(soon), CodeInput(code=living.gathering(soon).code))
    assert refused.value.code == "code_closed"
    now = living.plan(hours=-1).id
    wrong = f"{(int(living.gathering(now).code) + 1) % 1_000_000:06}"
    assert gatherings.check_in(mentee, living.gathering(now), CodeInput(code=wrong)) is False
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 0


def test_who_types_a_few_wrong_codes_waits_and_nobody_else_does(living: Living, cast: Cast) -> None:
    row_id = living.plan(hours=-1).id
    code = living.gathering(row_id).code
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    client, path = cast.client(cast.mentee), f"/gatherings/{row_id}/check-in"
    answers = [client.post(path, data={"code": wrong}).status_code for _ in range(CODE_TRIES)]
    assert set(answers) == {422}
    refused = client.post(path, data={"code": code})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= CODE_WAIT.total_seconds()
    assert gatherings.check_in(cast.actor(cast.mentor), living.gathering(row_id), CodeInput(code=code)) is True
    with clock.at(clock.now() + CODE_WAIT):
        assert gatherings.check_in(cast.actor(cast.mentee), living.gathering(row_id), CodeInput(code=wrong)) is False
        assert gatherings.check_in(cast.actor(cast.mentee), living.gathering(row_id), CodeInput(code=code)) is True


def test_a_gathering_to_come_is_not_held_yet(living: Living) -> None:
    with pytest.raises(Conflict) as refused:
        living.steer(gatherings.hold_gathering, living.plan())
    assert refused.value.code == "gathering_not_begun"


def test_a_place_given_back_goes_to_who_waits_longest(living: Living, cast: Cast) -> None:
    people = [cast.mentor, cast.mentee, cast.person("third"), cast.person("fourth")]
    for person in people[2:]:
        community_actions.join_community(cast.actor(person), living.community)
    row_id = living.plan(places=2).id
    coming, going_not = ComingInput(answer="going"), ComingInput(answer="not_going")
    said = [gatherings.answer_gathering(cast.actor(one), living.gathering(row_id), coming) for one in people]
    assert said == ["going", "going", "waiting", "waiting"]
    gatherings.answer_gathering(cast.actor(people[0]), living.gathering(row_id), going_not)
    sheet = sheet_for(cast.actor(cast.mentor), living.gathering(row_id))
    assert [one.person_id for one in sheet.those("going")] == [people[1].id, people[2].id]
    assert living.gathering(row_id).taken == 2
    assert db.session.scalar(sa.select(Notice.person_id).where(Notice.kind == "place_freed")) == people[2].id


def test_who_waits_and_says_again_that_they_come_keeps_their_turn(living: Living, cast: Cast) -> None:
    people = [cast.mentor, cast.mentee, cast.person("third"), cast.person("fourth")]
    for person in people[2:]:
        community_actions.join_community(cast.actor(person), living.community)
    row_id, coming = living.plan(places=2).id, ComingInput(answer="going")
    for one in (*people, people[2]):
        said = gatherings.answer_gathering(cast.actor(one), living.gathering(row_id), coming)
    assert said == "waiting"
    page = cast.client(people[2]).get(f"/gatherings/{row_id}").text
    assert ('value="going"' in page, 'value="not_going"' in page) == (False, True)
    gatherings.answer_gathering(cast.actor(people[0]), living.gathering(row_id), ComingInput(answer="not_going"))
    db.session.rollback()
    states = [db.session.get_one(Attendance, (row_id, one.id)).state for one in people]
    assert states == ["not_going", "going", "going", "waiting"]


def test_of_many_at_once_only_so_many_have_a_place(living: Living, cast: Cast) -> None:
    people = [cast.person(f"guest_{number}") for number in range(6)]
    for person in people:
        community_actions.join_community(cast.actor(person), living.community)
    row_id, ids = living.plan(places=2).id, [person.id for person in people]
    start = threading.Barrier(len(ids))

    def come(person_id: int) -> None:
        with cast.app.app_context():
            actor = cast.actor(db.session.get_one(Person, person_id))
            row = db.session.get_one(Gathering, row_id)
            start.wait()
            gatherings.answer_gathering(actor, row, ComingInput(answer="going"))

    threads = [threading.Thread(target=come, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    states = list(db.session.scalars(sa.select(Attendance.state).where(Attendance.gathering_id == row_id)))
    assert (states.count("going"), states.count("waiting")) == (2, 4)


def test_the_host_runs_the_gathering_and_other_members_do_not(living: Living, cast: Cast) -> None:
    row = living.plan(host_id=cast.mentee.id)
    gatherings.open_round(cast.actor(cast.mentee), living.gathering(row.id), opened=True)
    other = cast.person("third")
    community_actions.join_community(cast.actor(other), living.community)
    with pytest.raises(Denied):
        gatherings.open_round(cast.actor(other), living.gathering(row.id), opened=False)


def test_whose_turn_it_is_to_host_has_hosted_least(living: Living, cast: Cast) -> None:
    assert next_host(living.community_id) in (cast.mentor.id, cast.mentee.id)
    living.plan(host_id=cast.mentor.id)
    assert next_host(living.community_id) == cast.mentee.id


def test_stale_minutes_are_refused(living: Living) -> None:
    row = living.hold()
    with pytest.raises(Conflict) as refused:
        living.steer(gatherings.write_minutes, living.gathering(row.id), MinutesInput(body="Others", version=0))
    assert refused.value.code == "minutes_changed"


def test_moving_a_gathering_tells_who_means_to_come(living: Living, cast: Cast) -> None:
    row_id = living.plan().id
    gatherings.answer_gathering(cast.actor(cast.mentee), living.gathering(row_id), ComingInput(answer="going"))
    row = living.gathering(row_id)
    moved = GatheringInput(title=row.title, day=row.starts_at.date() + timedelta(days=3), at=row.starts_at.time(), minutes=60)
    living.steer(gatherings.change_gathering, row, moved)
    assert db.session.scalar(sa.select(Notice.person_id).where(Notice.kind == "gathering_moved")) == cast.mentee.id


def test_in_a_round_of_talk_turns_go_to_who_has_spoken_least(living: Living, cast: Cast) -> None:
    row_id, began = living.plan(hours=-1).id, clock.now()
    mentor, mentee = cast.actor(cast.mentor), cast.actor(cast.mentee)
    gatherings.open_round(mentor, living.gathering(row_id), opened=True)

    def at(seconds: int, use_case: object, actor: object, *said: object) -> None:
        with clock.at(began + timedelta(seconds=seconds)):
            use_case(actor, living.gathering(row_id), *said)  # type: ignore[operator]

    at(0, gatherings.raise_hand, mentor)
    at(1, gatherings.give_turn, mentor, TurnInput())
    at(2, gatherings.raise_hand, mentee)
    at(61, gatherings.lower_hand, mentor)
    at(62, gatherings.raise_hand, mentor)
    at(63, gatherings.give_turn, mentor, TurnInput())
    at(64, gatherings.give_turn, mentor, TurnInput())
    with clock.at(began + timedelta(seconds=93)):
        turns = round_for(mentor, living.gathering(row_id))
    assert [(turn.person.id, turn.state, turn.seconds) for turn in turns] == [
        (cast.mentee.id, "speaking", 30),
        (cast.mentor.id, "waiting", 60),
    ]


def test_to_who_does_not_belong_there_is_no_gathering(living: Living, cast: Cast) -> None:
    row_id = living.plan().id
    with pytest.raises(NotFound):
        sheet_for(cast.actor(cast.stranger), living.gathering(row_id))
