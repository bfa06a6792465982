"""Every address with somebody else's id in it: to who may not know of a thing, it looks like one that never was.

The routes come from the URL map. A new one whose id the world (``world.py``) does not know fails here by its name; one that is
open to more people than the two or the one it concerns is named in a table below.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Rule

from mentorlink.kernel.db import db, metadata
from mentorlink.people.models import Person
from mentorlink.web.learning import papers
from mentorlink.web.security import CONTENT_SECURITY_POLICY
from tests.cast import Cast
from tests.databases import Databases
from tests.house.test_routes import PUBLIC
from tests.house.world import NEVER, PRIVATE, SECRET, World

pytestmark = pytest.mark.timeout(600)

ITEMS = {"agenda": "agenda_item", "actions": "action_item", "roadmap": "roadmap_item"}
"""Part of an address → which kind of item its ``item_id`` is."""

PLACES: dict[str, dict[str, Any]] = {
    "competencies.framework": {"code": "teknis"},
    "competencies.edition": {"code": "teknis", "number": 1},
    "competencies.edition_file": {"code": "teknis", "number": 1},
    "api_competencies.edition": {"code": "teknis", "number": 1},
    "competencies.competency": {"code": "T.1"},
    "api_competencies.competency": {"code": "T.1"},
    "competencies.edit_competency": {"code": "T.1"},
    "competencies.save_competency": {"code": "T.1"},
    "competencies.job_standard": {"code": "analis"},
    "api_competencies.job_standard": {"code": "analis"},
    "api_competencies.tier_standard": {"code": "jf_ahli_muda"},
    "api_exchange.bring": {"kind": "people"},
    "api_mentoring.stages_of": {"number": 1},
    "mentoring.stages_of": {"number": 1},
    "api_competencies.record_sheet": {"source": "superior"},
    "competencies.save_job_standard": {"code": "analis"},
    "competencies.tier_standard": {"code": "jf_ahli_muda"},
    "competencies.save_tier_standard": {"code": "jf_ahli_muda"},
    "community.name_keeper": {"code": "why"},
    "rounds.cancel": {"number": 1},
    "rounds.check": {"number": 1},
    "rounds.sample": {"name": "mentors-50.csv"},
    "exchange.faults": {"form": "csv"},
    "exchange.template": {"kind": "people", "form": "csv"},
    "exchange.take": {"kind": "people", "form": "csv"},
    "exchange.forget": {"kind": "people"},
    "learning.rule": {"number": 1},
    "learning.sums_file": {"form": "csv"},
    "learning.annual_file": {"form": "csv"},
    "learning.recap_file": {"form": "csv"},
    "learning.record_file": {"form": "csv"},
    "learning.certificate_paper": {"language": "id"},
    "learning.badge_achievement": {"path": "mentoring"},
    "learning.badge_status": {"number": 0},
    "learning.badge_key": {"name": "none"},
    "learning.record_file_of_mine": {"form": "json"},
    "styleguide.rare": {"name": "404"},
    "learning.evaluation_file": {"form": "csv"},
}
"""What stands in an address by its endpoint, where the world's own names do not say it."""

OPEN_TO_ALL = {
    # an offer is made to every colleague, and so is a colleague's profile
    "pairing.ask", "pairing.send", "pairing.why", "api_pairing.offer", "api_pairing.send",
    "people.profile", "people.block", "people.unblock", "api_people.colleague", "pairing.save", "api_pairing.save",
    # one's own list of saved people; who is not on it is off it already
    "pairing.forget",
    # one's own offers, by kind
    "pairing.offer_form", "pairing.save_offer", "pairing.close", "api_pairing.save_my_offer", "api_pairing.close_my_offer",
    # what every job asks for
    "competencies.framework", "competencies.edition", "competencies.edition_file", "competencies.competency",
    "api_competencies.competency", "api_competencies.edition", "competencies.job_standard", "competencies.tier_standard",
    "api_competencies.job_standard", "api_competencies.tier_standard",
    # every colleague may know the tree of units and who works where
    "api_people.people_of_unit",
    # how everybody's hours count
    "learning.rule",
    # whoever has the secret address of a feed reads it
    "meetings.feed",
    # a certificate by the code on its paper
    "learning.check", "learning.badge", "learning.badge_achievement", "learning.badge_status",
    # a test is open to everybody, and one's own record comes as two sorts of files
    "learning.test", "learning.sit_test", "learning.record_file_of_mine",
}  # fmt: skip
"""Endpoints whose things every colleague may know of."""

OPEN_TO_HR = {
    "competencies.person_map", "api_competencies.person_map", "competencies.assess_person", "competencies.save_assessment",
    "competencies.colleagues", "competencies.ask_colleagues", "api_competencies.colleagues",
    "api_competencies.ask_colleagues", "api_competencies.record_sheet",
    "learning.hours", "learning.certificate", "learning.plan_of", "learning.plan", "learning.claim", "learning.evidence",
    "learning.decide_claim", "learning.reverse_claim", "learning.sums_file", "learning.annual_file",
    "learning.certificate_paper", "learning.revoke_certificate",
    "learning.period", "learning.period_progress", "learning.take_period_step", "learning.drop_period",
    "learning.issue_certificates", "learning.recap_file", "learning.record_file",
    "learning.person_index", "learning.enter_index_fact", "learning.note_contract", "learning.answer_data_request",
    "learning.retire_item", "learning.note_value", "learning.evaluation_file", "learning.preview_form", "learning.close_form",
    "learning.withdraw_session", "api_learning.hours", "api_learning.claim", "api_learning.decide_claim", "api_learning.plan",
    "api_learning.take_plan_step",
    "programmes.edit", "programmes.save",
    # a round is its programme manager's alone until it is published
    "rounds.new", "rounds.create", "rounds.show", "rounds.drop", "rounds.people", "rounds.enrol", "rounds.add_person",
    "rounds.take_out", "rounds.places", "rounds.all_places", "rounds.open_up", "rounds.shut", "rounds.cover", "rounds.seek",
    "rounds.weights", "rounds.example", "rounds.save_weights", "rounds.tie", "rounds.untie", "rounds.run", "rounds.progress",
    "rounds.start", "rounds.cancel", "rounds.check", "rounds.compare", "rounds.draft", "rounds.stops", "rounds.choose_stop",
    "rounds.move", "rounds.do_move", "rounds.lock", "rounds.free", "rounds.fairness", "rounds.publish", "rounds.do_publish",
    "rounds.pairs_csv", "rounds.pairs_xlsx", "rounds.sample", "rounds.set_quota", "rounds.drop_quota",
}  # fmt: skip
"""Endpoints whose things the programme manager may know of, and the administrator not."""

OPEN_TO_BOTH = {
    "competencies.edit_competency", "competencies.save_competency",
    "competencies.save_job_standard", "competencies.save_tier_standard",
    "exchange.show", "exchange.columns", "exchange.map_columns", "exchange.apply", "exchange.drop", "exchange.faults",
    "exchange.template", "exchange.take",
    # which mapping is not there, it is told to who saves mappings
    "exchange.forget",
    "api_exchange.bring", "api_exchange.show", "api_exchange.apply", "api_exchange.drop",
    "api_people.roles", "api_people.grant",
    # a pair's content is asked for by name of the pair, and opened by two; what it says is opened to nobody by that
    "mentoring.ask_open", "mentoring.ask_opening", "mentoring.opening", "mentoring.decide_opening",
    "people.manage", "people.edit_person", "people.change_person", "people.invite", "people.disable", "people.enable",
    "people.grant", "people.unit", "people.change_unit", "people.close_unit", "people.set_head", "people.move_unit",
    "programmes.programme", "ranking.model",
}  # fmt: skip
"""Endpoints whose things the programme manager and the administrator may know of."""

OPEN_TO_ADMINISTRATOR = {
    # whether the glass before closed rooms is to be broken; what is behind it only who asked reads, once it is
    "community.glass",
    "community.break_glass",
    "ranking.adopt",
    "ranking.decline",
    "ranking.retire",
}
"""Endpoints whose things the administrator may know of and decide on."""

OPEN = {
    "stranger": OPEN_TO_ALL,
    "coordinator": OPEN_TO_ALL | OPEN_TO_HR | OPEN_TO_BOTH,
    "administrator": OPEN_TO_ALL | OPEN_TO_BOTH | OPEN_TO_ADMINISTRATOR,
}

ONE_SIDED = {
    "mentor": {
        "people.end_device": 404, "notifications.go": 404, "notifications.open_notice": 404, "api_notifications.read_one": 404,
        "learning.hours": 404, "learning.certificate": 404, "learning.plan_of": 404, "learning.plan": 404,
        "learning.claim": 404, "learning.evidence": 404, "learning.edit_line": 404, "learning.certificate_paper": 404,
        "learning.person_index": 404, "api_learning.hours": 404, "api_learning.claim": 404, "api_learning.plan": 404,
        "competencies.person_map": 404, "api_competencies.person_map": 404,
        "competencies.assess_person": 404, "competencies.save_assessment": 404,
        "competencies.colleagues": 404, "competencies.ask_colleagues": 404, "competencies.withdraw_review": 404,
        "pairing.withdraw": 403, "api_pairing.withdraw": 403, "pairing.answer": 403, "api_pairing.answer": 403,
        "pairing.take": 403, "api_pairing.take": 403, "pairing.refuse": 403, "api_pairing.refuse": 403,
        "pairing.place": 404, "pairing.leave_place": 404, "pairing.leave": 404,
        "community.change_message": 403,
        "coaching.write_goal": 403, "coaching.ask_superior": 403, "coaching.withdraw_question": 403, "coaching.check_in": 403,
        "meetings.drop_exception": 404, "meetings.drop_calendar": 404, "meetings.fetch_calendar": 404,
        "meetings.withdraw_times": 403,
        "coaching.drop_commitment": 403, "coaching.question": 404, "coaching.answer_question": 404,
        "api_coaching.write_goal": 403, "api_coaching.ask_superior": 403, "api_coaching.withdraw_question": 403,
        "api_coaching.share_with_superior": 403, "api_coaching.check_in": 403, "api_coaching.drop_commitment": 403,
        "api_coaching.question": 404, "api_coaching.answer_question": 404,
    },
    "applicant": {
        "pairing.accept": 403, "api_pairing.accept": 403, "pairing.decline": 403, "api_pairing.decline": 403,
        "pairing.question": 403, "api_pairing.question": 403, "mentoring.mentorship": 404, "meetings.meeting": 404,
        "coaching.engagement": 404, "coaching.goal": 404, "coaching.sheet": 404, "coaching.commitment": 404,
        "api_coaching.engagement": 404, "api_coaching.sheet": 404, "api_coaching.commitment": 404, "api_sessions.meeting": 404,
    },
    "seeker": {"pairing.withdraw_help": 403},
}  # fmt: skip
"""Who shares a thing with another and may not do this with it, and how they are answered."""

SAYS = {
    "answer": {"body": "An answer."}, "question": {"body": "What for?"}, "decline": {"reason": "time"},
    "change_message": {"body": "Other words."},
    "write_goal": {"text": "A", "why": "B", "sign": "C", "now": "2", "wanted": "5", "by_on": "2199-01-01", "based_on": "1"},
    "ask_superior": {"text": "How well do I lead?"}, "check_in": {"answer": "done"},
}  # fmt: skip
"""What a form or an object of the API would have to say to be taken."""

WRITTEN_BY_READING = {
    "audit_entry", "attempt", "shown_list", "shown_person", "round_sheet", "certificate_paper", "signing_key",
}  # fmt: skip
"""Tables that a GET may add to: the record of refusals and of files taken away, what ranked lists showed, that somebody looks
at what a job is to work out, and a paper in the language in which it is first asked for, with the key that signs badges."""

ASKED_BY_READING = {"rounds.sheet"}
"""Jobs that a GET may ask for: they only work out what the page shows."""


def rules(app: Flask) -> Iterator[Rule]:
    """Every route but the files."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        if rule.endpoint not in ("static", "assets.versioned"):
            yield rule


def method_of(rule: Rule) -> str:
    """The method that a route is for."""
    return next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def values_of(rule: Rule, ids: dict[str, Any]) -> dict[str, Any]:
    """What stands in the address of a thing that is there."""
    found = {}
    for name in rule.arguments:
        key = next((ITEMS[part] for part in rule.rule.split("/") if part in ITEMS), name) if name == "item_id" else name
        found[name] = PLACES.get(rule.endpoint, {}).get(name, ids.get(key))
    return found


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """The path of a route with these values."""
    return str(app.url_map.bind("localhost").build(rule.endpoint, values, method=method_of(rule)))


def ask(client: FlaskClient, rule: Rule, path: str, **more: Any) -> Any:
    """The answer of a route, which like every answer says what the browser may run and that nothing is kept."""
    if path.startswith("/api/") and method_of(rule) != "GET" and not more:
        more = {"json": {}}
    answer = client.open(path, method=method_of(rule), **more)
    answer.get_data()
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, path
    assert answer.headers["Cache-Control"] == "no-store", path
    return answer


def words_of(answer: Any) -> str:
    """What an answer says, whatever sort of file it is."""
    return str(answer.get_data().decode(errors="replace"))


def seen(answer: Any, path: str) -> tuple[int, str]:
    """An answer without what differs by itself: the address, the number of the request, form secrets."""
    text = words_of(answer).replace(path, "…").replace(path.replace("/", "%2F"), "…")
    return answer.status_code, re.sub(r"\b[0-9a-f]{12}\b|[\w.\-]{60,}", "…", text)


def snapshot(*but: str) -> dict[str, str]:
    """Table → digest of its rows."""
    found = {}
    for table in metadata.sorted_tables:
        if table.name not in but:
            columns = [column for column in table.c if column.name != "seen_at"]
            query = sa.select(*(sa.type_coerce(c, sa.types.NullType()) for c in columns))
            if table.name == "task":
                query = query.where(table.c.kind.not_in(ASKED_BY_READING))
            rows = sorted(map(repr, db.session.execute(query)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    db.session.rollback()
    return found


@pytest.fixture
def world(cast: Cast, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> World:
    """Everything there is an address for: made once, and a copy of it for each test. Who gets a paper does not hang on how it
    is drawn."""
    monkeypatch.setattr(papers, "certificate_pdfs", lambda sheets, _language: [b"paper"] * len(sheets))
    return World(cast, databases.once("world", cast, lambda: World(cast).ids))


@pytest.mark.one_database
def test_every_address_leads_somewhere_in_the_world(world: World) -> None:
    unknown = [f"{rule.rule} ({rule.endpoint})" for rule in rules(world.cast.app) if None in values_of(rule, world.ids).values()]
    assert unknown == []


@pytest.mark.one_database
def test_no_address_that_changes_something_is_for_looking_at(world: World) -> None:
    adapter, open_to_get = world.cast.app.url_map.bind("localhost"), []
    for rule in rules(world.cast.app):
        if method_of(rule) == "GET":
            continue
        try:
            endpoint, _values = adapter.match(address(world.cast.app, rule, values_of(rule, world.ids)), method="GET")
        except (MethodNotAllowed, NotFound):
            continue
        if endpoint == rule.endpoint:
            open_to_get.append(rule.rule)
    assert open_to_get == []


@pytest.mark.one_database
def test_looking_changes_nothing(world: World) -> None:
    cast, wrong = world.cast, []
    clients = [cast.client(person) for person in (world.mentor, world.mentee)]
    before = snapshot(*WRITTEN_BY_READING)
    for rule in rules(cast.app):
        if method_of(rule) == "GET":
            path = address(cast.app, rule, values_of(rule, world.ids))
            answers = [ask(client, rule, path) for client in clients]
            wrong += [f"{rule.rule} {answer.status_code}" for answer in answers if answer.status_code >= 500]
            if PRIVATE in answers[0].text:
                wrong.append(f"{rule.rule} shows the mentor what the mentee wrote for nobody else")
    assert wrong == []
    after = snapshot(*WRITTEN_BY_READING)
    assert [name for name in before if before[name] != after[name]] == []


BEYOND = 2**63
"""More than a column holds."""

FAR = "9" * 30
QUERIES = (
    {"page": FAR, "before": FAR, "year": FAR, "topic": FAR, "m": FAR, "old": FAR},
    {"page": "-1", "before": "0001-01-01T00:00:00+23:59", "after": FAR, "year": "\u00b2", "reply": FAR, "q": "\0"},
)
"""What an address may be asked for beyond its bounds."""


def test_a_number_beyond_all_bounds_names_nothing(world: World) -> None:
    client, wrong = world.cast.client(world.others[1]), []
    for rule in rules(world.cast.app):
        values = values_of(rule, world.ids)
        numbers = [name for name, value in values.items() if isinstance(value, int)]
        if numbers:
            path = address(world.cast.app, rule, values | dict.fromkeys(numbers, 0)).replace("/0", f"/{BEYOND}")
            if (status := ask(client, rule, path).status_code) not in (403, 404):
                wrong.append(f"{method_of(rule)} {rule.rule} {status}")
    assert wrong == []


@pytest.mark.one_database
def test_a_number_that_python_does_not_read_leads_nowhere(world: World) -> None:
    adapter = world.cast.app.url_map.bind("localhost")
    for rule in rules(world.cast.app):
        values = values_of(rule, world.ids)
        numbers = [name for name, value in values.items() if isinstance(value, int)]
        path = address(world.cast.app, rule, values | dict.fromkeys(numbers, 0))
        assert adapter.match(path, method=method_of(rule))
        if numbers:
            with pytest.raises((NotFound, MethodNotAllowed)):
                adapter.match(path.replace("/0", f"/{'9' * 5000}"), method=method_of(rule))


class Noticed(ImmutableMultiDict[str, str]):
    """What was asked for, which notes what of it somebody looked at."""

    looked_at: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        self.looked_at.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, *more: Any) -> list[Any]:
        """All of one name."""
        self.looked_at.add(key)
        return super().getlist(key, *more)

    def items(self, multi: bool = False) -> Any:
        """All there is."""
        self.looked_at.update(self)
        return super().items(multi)

    def lists(self) -> Any:
        """All there is, each name with all that was said."""
        self.looked_at.update(self)
        return super().lists()


def test_asking_beyond_all_bounds_breaks_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.cast.app.request_class, "parameter_storage_class", Noticed)
    wrong, tried = [], 0
    clients = world.cast.client(world.mentor), world.cast.client(world.others[1])
    for rule in rules(world.cast.app):
        if method_of(rule) == "GET":
            path, client = address(world.cast.app, rule, values_of(rule, world.ids)), clients[0]
            Noticed.looked_at.clear()
            answers = [ask(client, rule, path, query_string=QUERIES[0])]
            if answers[0].status_code == 404:
                client = clients[1]
                answers = [ask(client, rule, path, query_string=QUERIES[0])]
            tried += len(again := [query for query in QUERIES[1:] if not Noticed.looked_at.isdisjoint(query)])
            answers += [ask(client, rule, path, query_string=query) for query in again]
            wrong += [f"{rule.rule} {answer.status_code}" for answer in answers if answer.status_code >= 500]
    assert wrong == []
    assert tried > 40


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_file_has_two_columns_of_one_name(world: World, language: str) -> None:
    cast, heads = world.cast, {}
    db.session.execute(sa.update(Person).values(locale=language))
    db.session.commit()
    clients = [cast.client(person) for person in (cast.coordinator, world.mentee, world.mentor)]
    for rule in rules(cast.app):
        if method_of(rule) == "GET" and not rule.rule.startswith("/api/") and rule.rule.endswith((".csv", ".<form>")):
            path = address(cast.app, rule, values_of(rule, world.ids))
            answers = (client.get(path) for client in clients)
            answer = next((answer for answer in answers if answer.mimetype == "text/csv"), None)
            if answer is not None:
                heads[rule.endpoint] = next(csv.reader([answer.text.lstrip("\ufeff").splitlines()[0]]))
    assert {"insights.figures_file", "learning.evaluation_file", "exchange.take", "rounds.pairs_csv"} <= set(heads)
    assert {name: head for name, head in heads.items() if len(set(head)) != len(head)} == {}


@pytest.mark.one_database
def test_the_mentee_sees_the_private_note(world: World) -> None:
    page = world.cast.client(world.mentee).get(f"/meetings/{world.ids['meeting_id']}").text
    assert PRIVATE in page
    assert SECRET in page


@pytest.mark.one_database
def test_nothing_changes_without_the_form_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cast, wrong = world.cast, []
    monkeypatch.setitem(cast.app.config, "WTF_CSRF_ENABLED", True)
    client = cast.client(world.mentee)
    before = snapshot()
    for rule in rules(cast.app):
        if method_of(rule) != "GET":
            answer = ask(client, rule, address(cast.app, rule, values_of(rule, world.ids)))
            if answer.status_code != 400:
                wrong.append(f"{method_of(rule)} {rule.rule} {answer.status_code}")
    assert wrong == []
    assert snapshot() == before


@pytest.mark.one_database
def test_who_is_not_signed_in_is_sent_to_sign_in(world: World) -> None:
    cast, wrong = world.cast, []
    client = cast.client()
    before = snapshot()
    for rule in rules(cast.app):
        if rule.endpoint not in PUBLIC:
            path = address(cast.app, rule, values_of(rule, world.ids))
            answer = ask(client, rule, path)
            sent_on = method_of(rule) == "GET" and not path.startswith("/api/")
            good = answer.headers.get("Location", "").startswith("/sign-in") if sent_on else answer.status_code == 401
            if not good or SECRET in answer.text:
                wrong.append(f"{method_of(rule)} {rule.rule} {answer.status_code}")
    assert wrong == []
    assert snapshot() == before


def test_the_tables_name_routes_that_are_there(whole_app: Flask) -> None:
    named = set(PLACES).union(*OPEN.values(), *ONE_SIDED.values())
    assert named - {rule.endpoint for rule in rules(whole_app)} == set()


@pytest.mark.one_database
def test_to_who_may_not_know_a_thing_it_never_was(world: World) -> None:
    cast, wrong = world.cast, []
    before = snapshot(*WRITTEN_BY_READING)
    for who, free in OPEN.items():
        client, nothing = cast.client(getattr(cast, who)), {}
        for rule in rules(cast.app):
            if not rule.arguments or (rule.endpoint in free and method_of(rule) != "GET"):
                continue
            there = values_of(rule, world.ids)
            path = address(cast.app, rule, there)
            answer = ask(client, rule, path)
            sort = rule.endpoint.split(".")[0], method_of(rule), getattr(cast.app.view_functions[rule.endpoint], "guard", "")
            if sort not in nothing:
                never = {name: NEVER if isinstance(value, int) else "never" for name, value in there.items()}
                nowhere = address(cast.app, rule, never)
                nothing[sort] = seen(ask(client, rule, nowhere), nowhere)
            if (seen(answer, path) == nothing[sort]) == (rule.endpoint in free):
                wrong.append(f"{who}: {method_of(rule)} {rule.rule} {answer.status_code}")
            if SECRET in words_of(answer) or PRIVATE in words_of(answer):
                wrong.append(f"{who}: {rule.rule} tells what two people keep to themselves")
        wrong += [f"{who}: {sort} {status}" for sort, (status, _text) in nothing.items() if status not in (403, 404)]
    assert wrong == []
    after = snapshot(*WRITTEN_BY_READING)
    assert [name for name in before if before[name] != after[name] and name != "sign_in"] == []


@pytest.mark.one_database
def test_one_side_does_not_do_what_is_the_other_sides(world: World) -> None:
    cast, wrong = world.cast, []
    for who, table in ONE_SIDED.items():
        client = cast.client(getattr(world, who))
        for rule in rules(cast.app):
            if rule.endpoint in table:
                path = address(cast.app, rule, values_of(rule, world.ids))
                words = SAYS.get(rule.endpoint.split(".")[1], {})
                answer = ask(client, rule, path, **{"json" if path.startswith("/api/") else "data": words})
                if answer.status_code != table[rule.endpoint]:
                    wrong.append(f"{who}: {method_of(rule)} {rule.rule} {answer.status_code}")
    assert wrong == []
