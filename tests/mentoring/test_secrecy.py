"""What a pair writes is in no database file in the clear, and reaches nobody else through any query or page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import Absence, MeetingOutcome, MeetingPlan, PrivateText, Promise, Reason
from mentorlink.sessions.meetings.notes.actions import save_notes
from mentorlink.sessions.meetings.notes.inputs import NotesText
from mentorlink.sessions.mentoring import actions, inputs
from tests.mentoring.pair import Pair

CANARY = "quetzal-"
PARTS = ("", "/agreement", "/goals", "/meetings", "/roadmap", "/closing", "/history")


class Writer:
    """Makes canaries and remembers them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, where: str) -> str:
        self.made.append(f"{CANARY}{where}.")
        return self.made[-1]


def write_everywhere(pair: Pair, say: Writer) -> None:
    """A canary into every text that a pair can write."""
    texts = ("topics_in", "topics_out", "confidentiality", "ending", "other")
    pair.agree(**{name: say(name) for name in texts})
    pair.advance()
    series = pair.row().series
    tomorrow = clock.today() + timedelta(days=1)
    plan = MeetingPlan(day=tomorrow, at="09:00", place=say("place"), agenda=say("agenda"))
    first = meetings.plan_meeting(pair.mentor, series, plan)
    save_notes(pair.mentor, first, NotesText(body=say("notes")))
    meetings.save_private_note(pair.mentee, first, PrivateText(body=say("private")))
    meetings.agree_action_item(pair.mentor, series, Promise(text=say("action"), owner_id=pair.mentor_id), meeting=first)
    second = meetings.plan_meeting(pair.mentor, series, MeetingPlan(day=tomorrow, at="11:00"))
    meetings.cancel_meeting(pair.mentor, second, Reason(reason=say("cancel")))
    third = meetings.plan_meeting(pair.mentor, series, MeetingPlan(day=tomorrow, at="13:00"))
    with clock.at(clock.now() + timedelta(days=2)):
        meetings.hold_meeting(pair.mentor, first, MeetingOutcome(summary=say("summary")))
        meetings.miss_meeting(pair.mentor, third, Absence(reason=say("miss")))
        goals = [{"competency_id": id, "target": 3, "indicator": say(f"indicator{id}")} for id in pair.competency_ids]
        pair.set_goals(purpose=say("purpose"), targets=tuple(goals))
        pair.advance()
        pair._collaborate()
        issue = actions.raise_issue(pair.mentor, pair.row(), inputs.IssueRaised(kind="general", text=say("issue")))
        actions.settle_issue(pair.mentor, issue, inputs.IssueSettled(outcome=say("outcome")))
        step = inputs.RoadmapStep(text=say("step"), due_on=tomorrow)
        item = actions.add_roadmap_item(pair.mentor, pair.row(), step)
        actions.set_roadmap_state(pair.mentor, item, inputs.RoadmapState(state="dropped", reason=say("dropped")))
        pair.advance()
        back = inputs.StepBack(stage="confirmative", reason=say("back"))
        actions.step_back(pair.mentor, pair.row(), back)
        pair.accept_again()
        pair.advance()
        pause = inputs.PauseInput(returns_on=clock.today() + timedelta(days=9), reason=say("pause"))
        actions.pause_mentorship(pair.mentee, pair.row(pair.mentee), pause)
        actions.resume_mentorship(pair.mentee, pair.row(pair.mentee))
        words = inputs.ReflectionText(changed=say("changed"), helped=say("helped"), next=say("next"))
        actions.write_reflection(pair.mentee, pair.row(pair.mentee), words)
        pair.direct(say("direction"))
        pair.evaluate(pair.mentee, say("evaluation"))
        actions.end_early(pair.mentee, pair.row(pair.mentee), inputs.EarlyEndInput(code="lack_of_expertise", text=say("end")))


def bytes_of_the_database() -> bytes:
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    with db.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = (connection.execute(sa.text(f'SELECT t::text FROM "{table}" t')).scalars() for table in tables)
        return "\n".join(str(row) for each in rows for row in each).encode()


def test_no_text_of_a_pair_stands_in_the_database_in_the_clear(app: Flask, pair: Pair) -> None:
    say = Writer()
    write_everywhere(pair, say)
    db.session.rollback()
    found = bytes_of_the_database()
    assert pair.cast.mentee.email.encode() in found, "what is not secret is found there: the search works"
    assert len(say.made) > 25
    assert CANARY.encode() not in found
    assert b"lack_of_expertise" not in found


def test_the_pair_reads_what_it_wrote_and_nobody_else_finds_a_word(pair: Pair) -> None:
    say = Writer()
    write_everywhere(pair, say)
    addresses = [
        *(f"/mentoring/{pair.id}{part}" for part in PARTS),
        *(f"/meetings/{number}" for number in (1, 2, 3)),
        "/meetings/1/notes",
        f"/api/v1/mentorships/{pair.id}",
    ]
    cast = pair.cast
    read = "".join(cast.client(cast.mentee).get(address).text for address in addresses)
    assert [canary for canary in say.made if canary not in read] == []
    partner = "".join(cast.client(cast.mentor).get(address).text for address in addresses)
    hidden = [canary for canary in say.made if canary not in partner]
    assert hidden == [f"{CANARY}{name}." for name in ("private", "evaluation", "end")]
    others = ("/", "/mentoring", "/insights", "/notifications", "/learning", "/competencies", f"/people/{pair.mentee_id}")
    for person in (cast.supervisor, cast.other_head, cast.coordinator, cast.administrator, cast.stranger):
        client = cast.client(person)
        for address in addresses:
            assert client.get(address).status_code == 404, (person.name, address)
        for address in others:
            assert CANARY not in client.get(address, follow_redirects=True).text, (person.name, address)


@pytest.mark.parametrize("door", ["mentoring", "meetings"])
def test_an_id_that_never_was_looks_like_anothers(pair: Pair, door: str) -> None:
    meeting = pair.meet()
    real = pair.id if door == "mentoring" else meeting.id
    client = pair.cast.client(pair.cast.stranger)
    anothers, nobodys = client.get(f"/{door}/{real}"), client.get(f"/{door}/987654")
    assert anothers.status_code == nobodys.status_code == 404
    assert pair.cast.client(pair.cast.mentor).get(f"/{door}/{real}").status_code == 200
