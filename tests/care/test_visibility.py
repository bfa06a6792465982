"""Who finds which confidential field where: each field × each relation × each page, file, JSON, search, notice and mail.

The fields stand in one table (``secrets.py``); the doors are read off the URL map: a new GET address with an id of the pair is
asked by itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from mentorlink.kernel import jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import load_hours_rule
from mentorlink.notifications.models import Notice
from mentorlink.people.models import AuditEntry, Person
from mentorlink.sessions.meetings.models import PrivateNote
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.web.mail import compose
from tests.care.secrets import BY_MAIL, CODES, FIELDS, MARK, RELATIONS, columns, write_everything
from tests.cast import Cast
from tests.databases import Databases
from tests.mentoring.pair import Pair

OWN = ("home", "mentoring", "coaching", "meetings", "notifications", "learning", "api_mentoring", "api_meetings",
       "api_sessions", "api_coaching", "api_groups", "api_notifications")  # fmt: skip
"""Blueprints whose addresses without an id are asked too: what is one's own, in lists and files."""


@pytest.fixture
def everything(cast: Cast, databases: Databases) -> dict[str, Any]:
    """Every field written: made once, and a copy of it for each test; the ids of it."""

    def make() -> dict[str, Any]:
        load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
        return write_everything(Pair(cast))

    return dict(databases.once("everything", cast, make))


@pytest.fixture
def pair(cast: Cast, everything: dict[str, Any]) -> Pair:
    """The two whose fields they are."""
    found = Pair(Cast(cast.app, dict(cast.people)), start=False)
    found.id = everything["mentorship_id"]
    return found


def doors(app: Flask, ids: dict[str, Any]) -> Iterator[str]:
    """Every GET address that can be built of the ids, and one's own lists; pages, files and JSON alike."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or not rule.arguments <= set(ids) | {"form"}:
            continue
        if rule.arguments or rule.endpoint.split(".")[0] in OWN:
            yield adapter.build(rule.endpoint, {name: ids.get(name, "json") for name in rule.arguments})
    for meeting_id in (ids["held"], ids["cancelled"], ids["group_meeting"]):
        yield from (f"/meetings/{meeting_id}", f"/meetings/{meeting_id}/notes", f"/meetings/{meeting_id}/notes/changes")
    yield from (f"/mentoring/groups/{ids['group']}", f"/coaching/{ids['parted']}", f"/search?q={MARK}", f"/people?q={MARK}")


def marks(text: str) -> set[str]:
    """The fields whose words stand in a text."""
    return set(re.findall(re.escape(MARK) + r"([a-z_]+\.[a-z_]+)\.", text))


def test_every_confidential_column_stands_in_the_table() -> None:
    named = {field for field in FIELDS if not field.startswith("group.")} | CODES
    assert columns() == named, "a new encrypted column names its readers in tests/care/secrets.py"


def reader(cast: Cast, relation: str) -> Person:
    """The person of the cast who stands in the relation."""
    name = RELATIONS[relation]
    person: Person = getattr(cast, name) if hasattr(cast, name) else cast.person(name)
    return person


@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_field_is_found_by_those_it_is_for_and_by_nobody_else(pair: Pair, everything: dict[str, Any]) -> None:
    addresses = list(doors(pair.cast.app, everything))
    assert len(addresses) > 60
    found: dict[str, set[str]] = {field: set() for field in FIELDS}
    where: dict[tuple[str, str], str] = {}
    for relation in RELATIONS:
        client = pair.cast.client(reader(pair.cast, relation))
        for address in addresses:
            for field in marks(client.get(address).get_data(as_text=True)):
                found[field].add(relation)
                where.setdefault((field, relation), address)
    wrong = {
        field: sorted((relation, where.get((field, relation), "nowhere")) for relation in found[field] ^ set(readers))
        for field, readers in FIELDS.items()
        if found[field] != readers
    }
    assert wrong == {}


@pytest.mark.one_database
def test_no_log_says_a_word_of_it(cast: Cast, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    caplog.set_level(logging.DEBUG)
    ids = write_everything(Pair(cast))
    here = f"/meetings/{ids['meeting_id']}/private"
    assert cast.client(cast.mentee).post(here, data={"body": f"{MARK}broken.", "version": 1}).status_code == 303
    with pytest.raises(sa.exc.IntegrityError) as broken:
        db.session.execute(sa.insert(PrivateNote).values(meeting_id=None, person_id=1, body=f"{MARK}broken."))
    logging.getLogger().exception("a statement failed", exc_info=broken.value)
    said = caplog.text + "".join(capfd.readouterr())
    assert "a statement failed" in said
    assert MARK not in said


def test_no_notice_job_or_record_holds_a_word_of_it_and_a_mail_only_where_to_meet(pair: Pair, everything: dict[str, Any]) -> None:
    for table, column in ((Notice, Notice.facts), (AuditEntry, AuditEntry.facts), (jobs.Task, jobs.Task.payload)):
        rows = db.session.scalars(sa.select(column)).all()
        assert rows, table.__tablename__
        assert MARK not in str(rows)
    written: dict[str, set[int]] = {}
    mails = sa.select(jobs.Task.payload).where(jobs.Task.kind.in_(("mail.send", "mail.soon")))
    for payload in db.session.scalars(mails).all():
        person = db.session.get(Person, payload.get("to_person_id"))
        mail = compose(person.email, person, payload) if person is not None else None
        words = "" if mail is None else " ".join(str(part.get_content()) for part in mail.walk() if not part.is_multipart())
        for field in marks(words):
            written.setdefault(field, set()).add(person.id if person else 0)
    people = {relation: reader(pair.cast, relation).id for relation in RELATIONS}
    assert written == {field: {people[relation] for relation in readers} for field, readers in BY_MAIL.items()}


@pytest.mark.one_database
def test_after_the_end_the_two_still_read_and_the_others_still_do_not(pair: Pair, everything: dict[str, Any]) -> None:
    actions.end_early(pair.mentee, pair.row(), inputs.EarlyEndInput(code="manipulation", text=f"{MARK}at_the.end."))
    assert db.session.get_one(Mentorship, pair.id).state == "ended_early"
    cast = pair.cast
    for name, reads in (("mentee", True), ("mentor", False), ("supervisor", False), ("coordinator", False)):
        client = cast.client(getattr(cast, name))
        text = "".join(
            client.get(address).get_data(as_text=True) for address in doors(cast.app, everything) if "mentoring" in address
        )
        assert ("at_the.end" in marks(text)) is reads, name
