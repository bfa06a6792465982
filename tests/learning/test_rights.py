"""Index, record and rights: each number has its source, everything of mine and nothing of others, the law's clock runs."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from mentorlink.community.models import Message
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied
from mentorlink.learning import actions
from mentorlink.learning.inputs import ContractInput, DataAnswer, DataRequestInput, FeedbackInput, IndexFactInput
from mentorlink.learning.models import ContractTerm, DataRequest, Feedback, HoursEntry, IndexFact, IndexRule
from mentorlink.learning.queries import year_for
from mentorlink.learning.queries.index import index_for, newest_index_rule
from mentorlink.learning.queries.rights import data_request_for, purposes_of, serves, usable
from mentorlink.learning.rules.index import Known, index_of, kind_of_post
from mentorlink.learning.rules.settings import Settings
from mentorlink.learning.stages import ERASABLE, PURPOSES
from mentorlink.notifications.models import Notice
from mentorlink.pairing.models import SavedPerson
from mentorlink.pairing.queries.choices import choices_of
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.actions import save_private_note
from mentorlink.sessions.meetings.inputs import PrivateText
from mentorlink.sessions.meetings.models import PrivateNote, WeeklyHours
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.web.learning.papers import can_draw
from tests import story
from tests.cast import Cast
from tests.community.talk import Talk

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)


@pytest.fixture
def rules(cast: Cast) -> Cast:
    """Hours and index have their rules."""
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    actions.load_index_rule(Actor.system(), valid_from=date(2025, 1, 1))
    return cast


def test_the_index_tells_the_source_of_each_number_and_what_moves_it(rules: Cast) -> None:
    cast, hr, mentee = rules, rules.actor(rules.coordinator), rules.mentee
    with clock.at(NOON):
        said = {"dimension": "qualification", "value": "s2", "source": "Ijazah 2014", "as_of": date(2024, 1, 1)}
        actions.enter_index_fact(hr, mentee, IndexFactInput.model_validate(said))
        actions.enter_index_fact(hr, mentee, IndexFactInput.model_validate(said | {"value": "s1", "as_of": date(2023, 1, 1)}))
        deed = {"path": "technical", "happened_on": date(2026, 3, 3), "origin": "claim:1", "jp": 14}
        actions.credit_deed(Actor.system(), mentee.id, **deed)  # type: ignore[arg-type]
        standing = index_for(cast.actor(mentee), mentee, 2026)
        parts = {part.code: part for part in standing.index.parts}
        assert (parts["qualification"].points, parts["technical"].points, parts["technical"].value) == (20, 0, 14)
        assert not standing.index.whole
        with pytest.raises(Denied):
            actions.enter_index_fact(cast.actor(mentee), mentee, IndexFactInput.model_validate(said))
        with clock.at(NOON, everywhere=True):
            page = cast.client(mentee).get("/professionalism-index").text
            assert "Ijazah 2014" in page
            assert "6 JP more of technical learning" in page
            for stranger in (cast.supervisor, cast.stranger):
                assert cast.client(stranger).get(f"/people/{mentee.id}/professionalism-index").status_code == 404
            form = {"fact": "discipline:none", "source": "SK 12", "as_of": "2026-01-05"}
            assert cast.client(cast.coordinator).post(f"/people/{mentee.id}/professionalism-index", data=form).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IndexFact)) == 3


def test_new_weights_come_to_a_hundred_and_change_no_earlier_year(rules: Cast) -> None:
    client = rules.client(rules.coordinator)
    with clock.at(NOON, everywhere=True):
        page = client.get("/professionalism-index/weights").text
        assert "Bachelor" in page
        content, tier = db.session.scalars(sa.select(IndexRule)).one().content, rules.mentee.job.tier.code
        form = {"valid_from": "2026-07-01", "based_on": "1", "technical_jp": "24"}
        for name in ("qualification", "performance", "discipline"):
            form |= {f"{name}.{code}": str(points) for code, points in content[name].items()}
        for post, parts in content["competency"].items():
            form |= {f"competency.{post}.{code}": str(points) for code, points in parts.items()}
        form |= {f"bands.{band}": str(points) for band, points in content["bands"].items() if points}
        form |= {f"buckets.{path}": part for part, paths in content["paths"].items() for path in paths}
        form |= {"buckets.mentoring": "seminar", "buckets.self_study": "none", "names.discipline.none.en": "Clean record"}
        form |= {"new.qualification.id": "Profesi", "new.qualification.points": "22", f"posts.{tier}": "structural"}
        for wrong in ({"discipline.none": "9"}, {"bands.high": "95"}, {"buckets.nothing": "technical"}):
            assert client.post("/professionalism-index/weights", data=form | wrong).status_code == 422
        assert client.post("/professionalism-index/weights", data=form).status_code == 303
        versions = client.get("/professionalism-index/weights").text.partition("versions-head")[2]
        assert versions.index("Version 2") < versions.index("To come") < versions.index("Version 1") < versions.index("In force")
        assert index_for(rules.actor(rules.mentee), rules.mentee, 2026).rule.number == 1
        made = newest_index_rule()
        assert made is not None
        later = {name: text for name, text in form.items() if not name.startswith("new.")}
        later |= {"valid_from": "2026-08-01", "based_on": "2", "qualification.own_7": "22", "drop.qualification.own_7": "1"}
        every = {f"drop.discipline.{code}": "1" for code in content["discipline"]}
        assert client.post("/professionalism-index/weights", data=later | every).status_code == 422
        again = {"new.qualification.id": "Vokasi", "new.qualification.points": "12"}
        assert client.post("/professionalism-index/weights", data=later | again).status_code == 303
        shorter = newest_index_rule()
        assert shorter is not None
        assert set(shorter.content["qualification"]) == {*content["qualification"], "own_8"}, "a code names one step for good"
        asked_anew = {"qualification": Known("own_7", "a paper", date(2026, 7, 1))}
        part = index_of(shorter.content, post="executive", known=asked_anew, jp_by_path={}).parts[0]
        assert (part.points, part.known) == (0, None)
    assert made.content["qualification"]["own_7"] == 22
    assert made.content["names"]["qualification"]["own_7"] == {"id": "Profesi", "en": "Profesi"}
    assert made.content["names"]["discipline"]["none"]["en"] == "Clean record"
    assert (kind_of_post(made.content, tier), kind_of_post(content, tier)) == ("structural", "functional")
    said = {"qualification": "own_7", "discipline": "gone"}
    known = {name: Known(value, "a paper", date(2026, 7, 1)) for name, value in said.items()}
    assert index_of(made.content, post="executive", known=known, jp_by_path={}).total == 22
    assert "mentoring" in made.content["paths"]["seminar"]
    assert not {"mentoring", "self_study"} & set(made.content["paths"]["technical"])


def test_the_record_holds_all_that_is_mine_and_nothing_that_others_keep(rules: Cast) -> None:
    cast = rules
    with clock.at(clock.now() - timedelta(days=3)):
        pair = story.pair(cast)
    meeting = story.met(cast, pair)
    save_private_note(cast.actor(cast.mentee), meeting, PrivateText(body="MINEALONE"))
    save_private_note(cast.actor(cast.mentor), meeting, PrivateText(body="THEIRSALONE"))
    client = cast.client(cast.mentee)
    told = client.get("/my-record.json").json
    sections = {section["section"]: section for section in told["sections"]}
    assert sections["profile"]["rows"][0]["email"] == cast.mentee.email
    assert [row["text"] for row in sections["private_notes"]["rows"]] == ["MINEALONE"]
    assert sections["hours"]["rows"][0]["jp"] == 2
    for section in told["sections"]:
        assert section["who_could_see_it"]
        assert all(set(row) == set(section["fields"]) for row in section["rows"])
    assert "THEIRSALONE" not in str(told)
    if not can_draw():
        pytest.skip("Pango is not on this machine")
    paper = pypdf.PdfReader(io.BytesIO(client.get("/my-record.pdf").data))
    text = " ".join(page.extract_text() for page in paper.pages)
    assert "MINEALONE" in text
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert client.get("/my-record").status_code == 200


def test_the_clock_of_the_law_runs_and_of_two_answers_one_is_first(rules: Cast) -> None:
    cast = rules
    with clock.at(NOON):
        said = DataRequestInput(client_id="request-1", kind="correction", text="My rank is III/d since May.")
        row = actions.ask_about_data(cast.actor(cast.mentee), cast.mentee, said)
        assert actions.ask_about_data(cast.actor(cast.mentee), cast.mentee, said).id == row.id
        assert row.due_at - row.asked_at == timedelta(hours=72)
    hr = cast.actor(cast.coordinator)
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "data_requested")).all()
    assert told == [] or {notice.person_id for notice in told} == {cast.coordinator.id}
    with clock.at(NOON + timedelta(hours=80), everywhere=True):
        assert "Overdue" in cast.client(cast.coordinator).get("/data-requests").text
        answer = DataAnswer(state="done", answer="Corrected today.")
        actions.answer_data_request(hr, data_request_for(hr, row.id), answer)
        with pytest.raises(Conflict):
            actions.answer_data_request(hr, db.session.get_one(DataRequest, row.id), answer)
        assert "Corrected today." in cast.client(cast.mentee).get("/my-record").text
    assert cast.client(cast.supervisor).get("/data-requests").status_code == 403


def test_contract_staff_are_counted_by_their_contract_year(rules: Cast) -> None:
    cast = rules
    person = cast.person("contracted", cast.budget, contract="pppk")
    with clock.at(NOON):
        for number, day in enumerate((date(2026, 2, 1), date(2026, 5, 1))):
            deed = {"path": "technical", "happened_on": day, "origin": f"claim:{number}", "jp": 20}
            actions.credit_deed(Actor.system(), person.id, **deed)  # type: ignore[arg-type]
        assert year_for(cast.actor(person), person, 2026).forecast.beyond == 16
        with clock.at(NOON, everywhere=True):
            form = {"begins_on": "2024-04-01"}
            assert cast.client(cast.coordinator).post(f"/people/{person.id}/contract", data=form).status_code == 303
        learning = year_for(cast.actor(person), person, 2026)
        assert learning.contract == (date(2026, 4, 1), date(2027, 3, 31), 20)
        assert (learning.forecast.beyond, learning.forecast.left) == (0, 4)
    assert db.session.get_one(ContractTerm, person.id).noted_by_id == cast.coordinator.id


def ask(cast: Cast, kind: str) -> DataRequest:
    """The mentee asks something about their data."""
    said = DataRequestInput(client_id=f"request-{kind}", kind=kind, text="Please do this.")  # type: ignore[arg-type]
    return actions.ask_about_data(cast.actor(cast.mentee), cast.mentee, said)


def test_an_objection_and_a_halt_hold_at_once(cast: Cast) -> None:
    me = cast.mentee.id
    assert {each.given for each in purposes_of(me)} == {None}
    ask(cast, "objection")
    assert choices_of(me).unranked
    assert {each.given for each in purposes_of(me)} == {None}
    assert any(each.served for each in purposes_of(me))
    ask(cast, "halt")
    assert not any(each.served for each in purposes_of(me))
    assert "obeys this since it was asked" in cast.client(cast.coordinator).get("/data-requests").text


def test_nothing_is_used_by_consent_before_a_yes_and_by_duty_until_an_objection(cast: Cast) -> None:
    """Page, queries and history agree; what was said stays."""
    client, me = cast.client(cast.mentee), cast.mentee.id

    def used(purpose: str) -> bool:
        by_query = db.session.scalar(sa.select(usable(purpose, Person.id)).where(Person.id == me))
        assert by_query == serves(me, purpose)
        return bool(by_query)

    assert {each.code: each.ground for each in purposes_of(me)} == PURPOSES
    assert [used(purpose) for purpose in PURPOSES] == [False, True, True]
    for purpose, words in (("public_check", (True, False, True)), ("comparison", (False, True))):
        for given in words:
            said = {"purpose": purpose, "given": str(given).lower()}
            assert client.post("/my-record/consent", data=said).status_code == 303
            assert used(purpose) is given
    kept = {each.code: [given for given, _at in each.said] for each in purposes_of(me)}
    assert kept == {"public_check": [True, False, True], "evaluation": [], "comparison": [True, False]}
    page = client.get("/my-record").text
    assert page.count("<summary>What I said<") == 2
    assert "no objection any more" in page


def test_hr_erases_by_part_what_somebody_asks_and_keeps_what_the_law_keeps(cast: Cast) -> None:
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    meeting = story.met(cast, story.pair(cast))
    me = cast.actor(cast.mentee)
    said = FeedbackInput(origin=f"meeting:{meeting.id}", useful=5, usable=5)
    actions.give_feedback(me, cast.mentee, said)
    save_private_note(me, meeting, PrivateText(body="MINEALONE"))
    db.session.execute(sa.update(Person).where(Person.id == cast.mentee.id).values(bio="About me", place="Bandung"))
    cast.add(Notice(person_id=cast.mentee.id, kind="meeting_near", facts={}, about="meeting", about_id=1, created_at=clock.now()))
    cast.add(
        SavedPerson(person_id=cast.mentee.id, saved_id=cast.supervisor.id, kind="mentor", stood="room", saved_at=clock.now())
    )
    cast.add(WeeklyHours(person_id=cast.mentee.id, weekday=1, starts=480, ends=600))
    db.session.commit()
    number, client = ask(cast, "deletion").id, cast.client(cast.coordinator)
    before = {table: rows(table, cast.mentee.id) for table in (PrivateNote, SavedPerson, WeeklyHours, Feedback)}
    assert set(before.values()) == {1}
    kept = db.session.scalar(sa.select(Mentorship.id)), rows(HoursEntry, cast.mentee.id)
    answer = {"answer": "Erased; hours are kept by law.", "erase": [part for part in ERASABLE if part != "tests"]}
    assert client.post(f"/data-requests/{number}", data={**answer, "state": "refused"}).status_code == 422
    assert client.post(f"/data-requests/{number}", data={**answer, "state": "done"}).status_code == 303
    person = db.session.get_one(Person, cast.mentee.id)
    assert (person.bio, person.place) == ("", None)
    assert {rows(table, cast.mentee.id) for table in before} == {0}
    assert {notice.kind for notice in db.session.scalars(sa.select(Notice).where(Notice.person_id == person.id))} == {
        "data_answered"
    }
    assert (db.session.scalar(sa.select(Mentorship.id)), rows(HoursEntry, cast.mentee.id)) == kept
    page = cast.client(cast.mentee).get("/my-record").text
    assert "Erased" in page
    assert "Private notes, and why they ended something early" in page
    assert "Their answers and results in tests" not in page
    assert "Kept: the law has the agency keep the record of service" in page
    assert "Kept: it belongs to another person too" in page


def rows(table: Any, person_id: int) -> int:
    """How many of them are somebody's."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(table.person_id == person_id)) or 0


def test_of_what_is_erased_in_communities_and_requests_only_their_own_words_go(cast: Cast) -> None:
    talk = Talk(cast)
    mine, theirs = talk.say(cast.mentee, "MYWORDS").id, talk.say(cast.mentor, "THEIRWORDS").id
    number = ask(cast, "deletion").id
    answer = DataAnswer(state="done", answer="Done as asked.", erase=["words", "finding"])
    hr = cast.actor(cast.coordinator)
    actions.answer_data_request(hr, data_request_for(hr, number), answer)
    assert [db.session.get_one(Message, each).body for each in (mine, theirs)] == ["", "THEIRWORDS"]
    assert data_request_for(hr, number).erased == ["words", "finding"]


def test_hr_is_told_when_the_hours_to_warn_are_left_and_when_none_are_each_once(cast: Cast) -> None:
    assert cast.coordinator.id
    with clock.at(NOON):
        ask(cast, "correction")
    found = []
    for hours in (40, 49, 60, 73, 90):
        with clock.at(NOON + timedelta(hours=hours)):
            found.append(actions.watch_clock(Actor.system()))
    assert found == [0, 1, 0, 1, 0]
    kinds = db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == cast.coordinator.id).order_by(Notice.id)).all()
    assert kinds == ["data_requested", "data_due", "data_overdue"]


def test_another_time_to_answer_holds_for_who_asks_from_then_on(cast: Cast) -> None:
    hr = cast.client(cast.coordinator)
    with clock.at(NOON, everywhere=True):
        before = ask(cast, "correction")
        said = {**Settings().told(), "based_on": 0, "answer_hours": 30, "warn_hours": 30}
        assert hr.post("/learning-settings", data=said).status_code == 422, "told again before it is asked"
        assert hr.post("/learning-settings", data=said | {"warn_hours": 6}).status_code == 303
        after = ask(cast, "deletion")
        assert "30 hours" in cast.client(cast.mentee).get("/my-record").text
        assert "Hours to answer a request: 72 → 30" in hr.get("/learning-settings").text
    assert [row.due_at - NOON for row in (before, after)] == [timedelta(hours=72), timedelta(hours=30)]


def test_nobody_notes_their_own_contract(cast: Cast) -> None:
    hr = cast.coordinator
    with pytest.raises(Denied):
        actions.note_contract(cast.actor(hr), hr, ContractInput(begins_on=date(2026, 1, 1)))


def test_what_erases_or_refuses_asks_first_and_names_who_is_meant(cast: Cast) -> None:
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    row = ask(cast, "deletion")
    page = BeautifulSoup(cast.client(cast.coordinator).get("/data-requests").text, "html.parser")
    form = page.find("form", action=f"/data-requests/{row.id}")
    assert form is not None
    pressed = {button["value"]: button.find_parent("dialog") for button in form.find_all("button", attrs={"name": "state"})}
    assert sorted(pressed) == ["done", "refused"]
    assert all(dialog is not None for dialog in pressed.values())
    assert form.find("button", type="submit").has_attr("disabled")  # Enter in a field presses the first one
    card = str(form.find_parent("section"))
    for words in (cast.mentee.email, f'href="/people/{cast.mentee.id}"', "They end it themself where they chose it."):
        assert words in card
    assert "You end it" not in card
