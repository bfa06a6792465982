"""Who finds which field through which door: every field of a pair × every relation × every page, file, JSON, search and log.

The doors are read off the URL map: a new GET address with an id of the pair is asked by itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.db import db
from mentorlink.notifications.models import Notice
from mentorlink.people.models import AuditEntry
from mentorlink.sessions.care import actions as care
from mentorlink.sessions.care.inputs import ConcernText, SafePersonChoice, ThanksText
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import AgendaText, PrivateText, Promise
from mentorlink.sessions.meetings.notes.actions import save_notes, say_afterwards
from mentorlink.sessions.meetings.notes.inputs import Afterwards, NotesText
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.models import Mentorship
from tests.mentoring.pair import Pair

MARK = "Bangau-4T-"
BOTH = {"self", "partner"}
READERS: dict[str, set[str]] = {
    # what the two share
    "agreement": BOTH, "place": BOTH, "agenda": BOTH, "notes": BOTH, "summary": BOTH, "action": BOTH, "purpose": BOTH,
    "indicator": BOTH, "issue": BOTH, "step": BOTH, "back": BOTH, "thanks": BOTH,
    # what is one's own
    "private": {"self"}, "concern": {"self", "safe"},
    # what the other side keeps for themselves: not even the one it is about reads it
    "partners_private": {"partner"},
}  # fmt: skip
"""Field → relations that find it somewhere."""

RELATIONS = {
    "self": "mentee", "partner": "mentor", "superior": "supervisor", "hr": "coordinator",
    "administrator": "administrator", "stranger": "stranger", "former_partner": "second_mentor", "safe": "safe_person",
}  # fmt: skip


@pytest.fixture
def ids(pair: Pair) -> dict[str, Any]:
    """The pair with every field written, and a mentor whom the mentee had before."""
    cast = pair.cast
    former = actions.start_mentorship(
        cast.actor(cast.mentee), mentor_id=cast.second_mentor.id, mentee_id=cast.mentee.id, competency_ids=()
    )
    actions.end_early(cast.actor(cast.second_mentor), former, inputs.EarlyEndInput(code="other"))
    assert cast.supervisor.id
    assert cast.other_head.id
    safe = cast.person("safe_person", cast.agency)
    care.name_safe_person(cast.actor(cast.coordinator), SafePersonChoice(person_id=safe.id))

    def say(field: str) -> str:
        return f"{MARK}{field}."

    pair.agree(topics_in=say("agreement"))
    pair.advance()
    held = pair.meet(summary=say("summary"))
    series = pair.row().series
    tomorrow = clock.today() + timedelta(days=1)
    plan = {"day": tomorrow, "at": "09:00", "place": say("place")}
    from mentorlink.sessions.meetings.inputs import MeetingPlan

    planned = meetings.plan_meeting(pair.mentee, series, MeetingPlan(**plan))
    meetings.add_agenda_item(pair.mentee, planned, AgendaText(text=say("agenda")))
    save_notes(pair.mentee, planned, NotesText(body=say("notes")))
    meetings.save_private_note(pair.mentee, planned, PrivateText(body=say("private")))
    meetings.save_private_note(pair.mentor, planned, PrivateText(body=say("partners_private")))
    item = meetings.agree_action_item(pair.mentee, series, Promise(text=say("action"), owner_id=pair.mentor_id), meeting=planned)
    say_afterwards(pair.mentee, held, Afterwards(agenda="me", proposed="me", decided="me", useful=3))
    goals = tuple({"competency_id": id_, "target": 3, "indicator": say("indicator")} for id_ in pair.competency_ids)
    pair.set_goals(purpose=say("purpose"), targets=goals)
    pair.advance()
    issue = actions.raise_issue(pair.mentee, pair.row(), inputs.IssueRaised(kind="general", text=say("issue")))
    step = actions.add_roadmap_item(pair.mentee, pair.row(), inputs.RoadmapStep(text=say("step"), due_on=tomorrow))
    actions.step_back(pair.mentee, pair.row(), inputs.StepBack(stage="collaborative", reason=say("back")))
    thanks = care.send_thanks(pair.mentee, series, ThanksText(to_id=pair.mentor_id, text=say("thanks")))
    concern = care.raise_concern(pair.mentee, series, ConcernText(to_id=safe.id, text=say("concern")))
    return {
        "mentorship_id": pair.id, "series_id": series.id, "meeting_id": planned.id, "item_id": item.id, "issue_id": issue.id,
        "thanks_id": thanks.id, "concern_id": concern.id, "step_id": step.id, "person_id": pair.mentee_id, "held": held.id,
    }  # fmt: skip


OWN = ("home", "mentoring", "coaching", "meetings", "notifications", "api_mentoring", "api_notifications")
"""Blueprints whose addresses without an id are asked too: what is one's own, in lists."""


def doors(app: Flask, ids: dict[str, Any]) -> list[str]:
    """Every GET address that can be built of the pair's ids, and one's own lists; pages, files and JSON alike."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or not rule.arguments <= set(ids):
            continue
        if rule.arguments or rule.endpoint.split(".")[0] in OWN:
            found.append(adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments}))
    return [*found, f"/meetings/{ids['held']}", f"/search?q={MARK}", f"/people?q={MARK}"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_field_is_found_by_those_it_is_for_and_by_nobody_else(pair: Pair, ids: dict[str, Any]) -> None:
    cast = pair.cast
    addresses = doors(cast.app, ids)
    assert len(addresses) > 30
    found: dict[str, set[str]] = {field: set() for field in READERS}
    for relation, name in RELATIONS.items():
        client = cast.client(getattr(cast, name) if hasattr(cast, name) else cast.person(name))
        for address in addresses:
            text = client.get(address).get_data(as_text=True)
            for field in READERS:
                if f"{MARK}{field}." in text:
                    found[field].add(relation)
    assert found == READERS


def test_no_notice_job_or_record_holds_a_word_of_it(pair: Pair, ids: dict[str, Any]) -> None:
    assert ids
    for table, column in ((Notice, Notice.facts), (AuditEntry, AuditEntry.facts), (jobs.Task, jobs.Task.payload)):
        rows = db.session.scalars(sa.select(column)).all()
        assert table.__tablename__
        assert MARK not in str(rows)


def test_after_the_end_the_two_still_read_and_the_others_still_do_not(pair: Pair, ids: dict[str, Any]) -> None:
    actions.end_early(pair.mentee, pair.row(), inputs.EarlyEndInput(code="manipulation", text=f"{MARK}end."))
    assert db.session.get_one(Mentorship, pair.id).state == "ended_early"
    cast = pair.cast
    for name, reads in (("mentee", True), ("mentor", False), ("supervisor", False), ("coordinator", False)):
        client = cast.client(getattr(cast, name))
        text = "".join(client.get(address).get_data(as_text=True) for address in doors(cast.app, ids) if "mentoring" in address)
        assert (f"{MARK}end." in text) is reads, name
