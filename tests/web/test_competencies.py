"""Pages of competencies, as people see them."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.competencies.actions import confirm_levels, load_framework, set_match_limits
from mentorlink.competencies.inputs import LimitsInput
from mentorlink.competencies.models import Assessment, Competency, Framework, Standard
from mentorlink.competencies.queries import competency_for, levels_of, limits_on, limits_set, map_for
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from tests.cast import Cast
from tests.competencies.test_colleagues import ask
from tests.competencies.test_frameworks import dictionary, entry
from tests.queries import count_queries

SYSTEM = Actor.system()


def page(client: FlaskClient, path: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == status, path
    return BeautifulSoup(answer.text, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", soup.get_text(" "))


def test_the_map_shows_each_gap_and_the_way_to_a_mentor(cast: Cast) -> None:
    soup = page(cast.client(cast.mentee), "/competencies")
    gaps = [card.h3.get_text(strip=True) for card in soup.select(".gap-card")]
    assert gaps == ["Competency 1", "Competency 2"], "the largest first"
    assert any("competency=T.1" in link["href"] for link in soup.select(".gap-card a"))
    assert "67%" in words(soup)


@pytest.mark.one_database
def test_the_map_puts_the_next_step_first_and_says_when_a_surplus_hides_a_gap(cast: Cast) -> None:
    assert "makes up for what is missing" not in words(page(cast.client(cast.mentee), "/competencies"))
    who = cast.person("uneven", cast.budget, levels=(2, 4, 3))
    asking = cast.person("asking", cast.budget, levels=(1, 1, 1))
    others = [cast.person(f"colleague {number}", cast.budget) for number in range(3)]
    ask(cast, asking, [who, *others])
    soup = page(cast.client(who), "/competencies")
    said = words(soup)
    assert "100%" in said
    assert "1 level beyond what is asked makes up for what is missing elsewhere" in said
    assert said.index("Grow in Competency 1") < said.index("How do you see the work of")


def test_the_picture_and_the_table_have_the_same_numbers(cast: Cast) -> None:
    soup = page(cast.client(cast.mentee), "/competencies")
    table = [[cell.get_text(strip=True) for cell in row.select("td")][1:4] for row in soup.select(".table tbody tr")]
    bars = [bar.b.get_text("", strip=True) for bar in soup.select(".map-bars li")]
    assert table == [["3", "1", "2"], ["3", "2", "1"], ["3", "3", "0"]]
    assert bars == [f"{actual}/ {required}" for required, actual, _gap in table]


def test_the_map_says_who_said_so(cast: Cast) -> None:
    soup = page(cast.client(cast.mentee), "/competencies")
    ledger = soup.select_one(".map-row .ledger")
    assert ledger is not None
    assert "Assessment centre" in ledger.get_text(" ")
    assert "Counts now" in ledger.get_text(" ")


def test_what_nobody_assessed_is_no_gap_but_a_call_to_assess_oneself(cast: Cast) -> None:
    newcomer = cast.person("newcomer", cast.budget)
    soup = page(cast.client(newcomer), "/competencies")
    assert soup.select(".gap-card") == []
    assert len(soup.select("#unassessed .badge")) == 3
    assert "Say where you stand" in words(soup)


@pytest.mark.parametrize("who", ["supervisor", "coordinator"])
def test_superiors_and_hr_see_the_map(cast: Cast, who: str) -> None:
    mentee = cast.mentee
    soup = page(cast.client(getattr(cast, who)), f"/competencies/of/{mentee.id}")
    assert mentee.name in words(soup)
    assert "Find a mentor" not in words(soup.select_one("main") or soup), "looking for a mentor is the person's own step"


@pytest.mark.parametrize("who", ["mentor", "other_head", "stranger", "administrator"])
def test_to_strangers_the_map_does_not_exist(cast: Cast, who: str) -> None:
    mentee, client = cast.mentee, cast.client(getattr(cast, who))
    never = client.get("/competencies/of/999999")
    for path in (f"/competencies/of/{mentee.id}", f"/competencies/of/{mentee.id}/assessment"):
        assert client.get(path).status_code == never.status_code == 404
    assert (
        client.post(f"/competencies/of/{mentee.id}/assessment", data={"token": "0123456789", "levels.T.1": "5"}).status_code
        == 404
    )


def test_a_change_is_told_kindly_until_it_was_seen(cast: Cast) -> None:
    mentee = cast.mentee
    client = cast.client(mentee)
    client.post("/competencies/noted")
    confirm_levels(SYSTEM, mentee.id, {cast.competencies[0].id: 3}, origin="mentorship:1")
    assert "went from level 1 to 3. Well done." in words(page(client, "/competencies"))
    assert client.post("/competencies/noted").status_code == 303
    assert "Well done." not in words(page(client, "/competencies"))


def test_one_assesses_oneself_on_a_sheet(cast: Cast) -> None:
    newcomer = cast.person("newcomer", cast.budget)
    client = cast.client(newcomer)
    soup = page(client, "/competencies/self-assessment")
    assert len(soup.select("fieldset")) == 3
    token = soup.select_one("input[name=token]")["value"]  # type: ignore[index]  # the form has one
    sheet = {"token": token, "levels.T.1": "2", "levels.T.2": "0"}
    assert client.post("/competencies/self-assessment", data=sheet).headers["Location"] == "/competencies"
    assert client.post("/competencies/self-assessment", data=sheet).status_code == 303, "a double click is no second sheet"
    assert sorted(levels_of((newcomer.id,))[newcomer.id].values()) == [0, 2]
    assert db.session.scalar(sa.select(sa.func.count()).where(Assessment.person_id == newcomer.id)) == 2
    assert "Last time: level 2" in words(page(client, "/competencies/self-assessment"))


def test_an_empty_or_wrong_sheet_comes_back_with_what_was_chosen(cast: Cast) -> None:
    client = cast.client(cast.person("newcomer", cast.budget))
    empty = client.post("/competencies/self-assessment", data={"token": "0123456789"})
    assert empty.status_code == 422
    wrong = client.post("/competencies/self-assessment", data={"token": "0123456789", "levels.T.1": "2", "levels.T.2": "9"})
    soup = BeautifulSoup(wrong.text, "html.parser")
    assert wrong.status_code == 422
    assert soup.select_one("input[name='levels.T.1'][value='2']").has_attr("checked")  # type: ignore[union-attr]
    assert soup.select_one(".error-summary a[href='#f-levels.T.2']") is not None


def test_a_superior_assesses_and_the_person_reads_their_name(cast: Cast) -> None:
    newcomer, supervisor = cast.person("newcomer", cast.budget), cast.supervisor
    client = cast.client(supervisor)
    assert len(page(client, f"/competencies/of/{newcomer.id}/assessment").select("fieldset")) == 3
    sent = {"token": "0123456789", "source": "superior", "method": "Half-year report", "levels.T.1": "2"}
    assert client.post(f"/competencies/of/{newcomer.id}/assessment", data=sent).status_code == 303
    ledger = words(page(cast.client(newcomer), "/competencies"))
    assert "Superior · Supervisor · Half-year report" in ledger


def test_a_superior_cannot_pass_for_an_assessment_centre(cast: Cast) -> None:
    newcomer, supervisor = cast.person("newcomer", cast.budget), cast.supervisor
    sent = {"token": "0123456789", "source": "assessment_centre", "levels.T.1": "5"}
    cast.client(supervisor).post(f"/competencies/of/{newcomer.id}/assessment", data=sent)
    assert db.session.scalars(sa.select(Assessment.source).where(Assessment.person_id == newcomer.id)).all() == ["superior"]


def test_the_team_page_lists_who_reports_directly(cast: Cast) -> None:
    clerk = cast.person("clerk", cast.finance, levels=(1, 1, 3))
    soup = page(cast.client(cast.supervisor), "/competencies/team")
    assert [link["href"] for link in soup.select("td .person-name")] == [f"/competencies/of/{clerk.id}"]
    assert "Nobody reports to you" in words(page(cast.client(clerk), "/competencies/team"))


@pytest.mark.parametrize(
    "path",
    [
        "/competencies/dictionary", "/competencies/dictionary/teknis", "/competencies/dictionary/entry/T.1",
        "/competencies/standards", "/competencies/standards?q=anggaran", "/competencies/standards/jobs/analis",
        "/competencies/standards/tiers/jf_ahli_muda",
    ],
)  # fmt: skip
def test_everyone_reads_dictionaries_and_standards(cast: Cast, path: str) -> None:
    assert page(cast.client(cast.mentee), path).h1 is not None
    assert cast.client().get(path).status_code == 303, "but signed in"


@pytest.mark.parametrize(
    "path",
    [
        "/competencies/dictionary/none", "/competencies/dictionary/entry/none", "/competencies/dictionary/teknis/editions/9",
        "/competencies/standards/jobs/none", "/competencies/standards/tiers/none",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_there(cast: Cast, path: str) -> None:
    page(cast.client(cast.mentee), path, 404)


def test_hr_loads_an_edition_from_a_file(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    body = json.dumps(dictionary(entry("U.1"))).encode()
    sent = client.post("/competencies/dictionary/load", data={"file": (io.BytesIO(body), "uji.json")})
    assert sent.headers["Location"] == "/competencies/dictionary/uji"
    assert "U.1" in words(page(client, "/competencies/dictionary/uji"))
    assert '/competencies/dictionary/uji/editions/1/file"' in client.get("/competencies/dictionary/load").text
    taken = client.get("/competencies/dictionary/uji/editions/1/file")
    again = client.post("/competencies/dictionary/load", data={"file": (io.BytesIO(taken.data), "uji.json")})
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[1, 2]", "not a competency dictionary"),
        (b"{}", "Please fill this in."),
        (b"[" * 100_000, "not JSON"),
        (b"kode,level\nU.1,1\n", "cannot be read from a table"),
    ],
    ids=["empty", "binary", "a list", "an empty object", "deeply nested", "a table"],
)
def test_a_file_that_is_no_dictionary_is_answered_clearly(cast: Cast, body: bytes, says: str) -> None:
    sent = cast.client(cast.coordinator).post("/competencies/dictionary/load", data={"file": (io.BytesIO(body), "x.json")})
    assert sent.status_code == 422
    assert says in words(BeautifulSoup(sent.text, "html.parser"))


def form_of(soup: BeautifulSoup) -> dict[str, str]:
    form = soup.select_one("main form[method=post]")
    assert form is not None
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    fields |= {area["name"]: area.get_text().removeprefix("\n") for area in form.select("textarea[name]")}
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        fields[choice["name"]] = chosen["value"] if chosen else ""
    return fields


def test_hr_edits_wording_and_of_two_at_once_the_second_is_told(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1", "Satu")))
    client = cast.client(cast.coordinator)
    form = form_of(page(client, "/competencies/dictionary/entry/U.1/edit"))
    assert client.post("/competencies/dictionary/entry/U.1/edit", data=form | {"name.id": "Pertama"}).status_code == 303
    late = client.post("/competencies/dictionary/entry/U.1/edit", data=form | {"name.id": "Kedua"})
    assert late.status_code == 409
    assert competency_for(SYSTEM, "U.1").name["id"] == "Pertama"


def test_indicators_without_their_translation_come_back(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1", "Satu")))
    client = cast.client(cast.coordinator)
    form = form_of(page(client, "/competencies/dictionary/entry/U.1/edit"))
    sent = client.post("/competencies/dictionary/entry/U.1/edit", data=form | {"levels.2.indicators.id": "satu\ndua"})
    assert sent.status_code == 422
    assert "Indonesian has 2 lines and English 1." in words(BeautifulSoup(sent.text, "html.parser"))


def test_hr_sets_what_a_job_asks_and_the_gap_follows(cast: Cast) -> None:
    client, mentee = cast.client(cast.coordinator), cast.mentee
    form = form_of(page(client, "/competencies/standards/jobs/analis?edit=1"))
    first = cast.competencies[0].id
    assert form[f"required.{first}"] == "3"
    assert client.post("/competencies/standards/jobs/analis", data=form | {f"required.{first}": "0"}).status_code == 303
    gaps = page(cast.client(mentee), "/competencies").select(".gap-card")
    assert [gap.h3.get_text(strip=True) for gap in gaps] == ["Competency 2"]
    assert client.post("/competencies/standards/jobs/analis", data=form | {f"required.{first}": "5"}).status_code == 409


def test_hr_says_from_which_match_on_a_job_is_held_well_and_what_held_before_stays_on_record(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    form = form_of(page(client, "/competencies/standards"))
    assert (form["optimal"], form["fair"]) == ("90", "78")
    mapping = map_for(cast.actor(cast.mentee), cast.mentee).match
    assert mapping.percent is not None
    assert mapping.mapping == "low"
    crossed = client.post("/competencies/standards", data=form | {"optimal": "50", "fair": "50"})
    assert crossed.status_code == 422
    assert "Fair begins below optimal." in crossed.text
    assert client.post("/competencies/standards", data=form | {"optimal": "30", "fair": "20"}).status_code == 303
    assert map_for(cast.actor(cast.mentee), cast.mentee).match.mapping == "optimal"
    assert client.post("/competencies/standards", data=form | {"optimal": "95", "fair": "20"}).status_code == 409
    with clock.at(clock.now() + timedelta(days=2)):
        set_match_limits(cast.actor(cast.coordinator), LimitsInput(optimal=96, fair=80, seen="30-20"))
        assert limits_on(clock.today()) == (96, 80)
        assert limits_on(clock.today() - timedelta(days=1)) == (30, 20)
        assert [row.optimal for row in limits_set(cast.actor(cast.mentee))] == [96, 30]


@pytest.mark.parametrize("who", ["mentee", "supervisor", "stranger"])
@pytest.mark.parametrize(
    "path",
    [
        "/competencies/dictionary/load",
        "/competencies/dictionary/entry/T.1/edit",
        "/competencies/standards",
        "/competencies/standards/jobs/analis",
    ],
)
def test_changing_dictionaries_and_standards_is_for_hr(cast: Cast, who: str, path: str) -> None:
    assert cast.client(getattr(cast, who)).post(path, data={"required.1": "5"}).status_code == 403


def test_pages_take_the_same_number_of_queries_however_much_there_is(cast: Cast) -> None:
    def measure(path: str, client: FlaskClient) -> int:
        client.get(path)
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    mentee, hr = cast.mentee, cast.client(cast.coordinator)
    client, boss = cast.client(mentee), cast.client(cast.supervisor)
    cast.person("clerk_0", cast.finance, levels=(1, 2, 3))
    paths = (
        ("/competencies", client), ("/competencies/self-assessment", client), ("/competencies/team", boss),
        ("/competencies/dictionary", client), ("/competencies/dictionary/teknis", client),
        ("/competencies/standards", hr), ("/competencies/standards/jobs/analis?edit=1", hr),
    )  # fmt: skip
    before = [measure(*each) for each in paths]
    framework = db.session.scalars(sa.select(Framework)).one()
    for number in range(10, 30):
        added = Competency(
            framework_id=framework.id, code=f"T.{number}", name={"id": "X", "en": "X"}, definition={"id": "X", "en": "X"}
        )
        db.session.add(added)
        db.session.flush()
        db.session.add(Standard(competency_id=added.id, job_id=cast.job.id, required=3))
        db.session.commit()
        cast.assess(mentee, added, 1)
        cast.person(f"clerk_{number}", cast.finance, levels=(1, 2, 3))
    assert [measure(*each) for each in paths] == before
    assert max(before) <= 15


def test_the_map_as_json_is_open_to_the_same_people(cast: Cast) -> None:
    mentee = cast.mentee
    body = cast.client(mentee).get("/api/v1/competencies/map").get_json()
    assert [(row["code"], row["required"], row["actual"], row["gap"]) for row in body["competencies"]] == [
        ("T.1", 3, 1, 2),
        ("T.2", 3, 2, 1),
        ("T.3", 3, 3, 0),
    ]
    assert body["competencies"][0]["evidence"][0]["verdict"] == "counts"
    path = f"/api/v1/people/{mentee.id}/competencies"
    assert cast.client(cast.supervisor).get(path).get_json() == body
    assert cast.client(cast.stranger).get(path).status_code == 404
    assert cast.client().get(path).status_code == 401


def test_dictionaries_as_json(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1")))
    client = cast.client(cast.mentee)
    listed = client.get("/api/v1/frameworks").get_json()["frameworks"]
    assert {(shelf["code"], shelf["competencies"], shelf["edition"]) for shelf in listed} == {("teknis", 3, None), ("uji", 1, 1)}
    assert client.get("/api/v1/competencies/U.1").get_json()["levels"][4]["level"] == 5
    assert client.get("/api/v1/frameworks/uji/editions/1").get_json()["competencies"][0]["code"] == "U.1"
    assert client.get("/api/v1/competencies/none").status_code == 404


@pytest.mark.one_database
def test_an_agency_names_the_levels_itself_and_of_two_at_once_the_second_is_told(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1")))
    hr, mentee = cast.client(cast.coordinator), cast.client(cast.mentee)
    page = BeautifulSoup(hr.get("/competencies/levels").text, "html.parser")
    said = {field["name"]: field.get("value") or field.text.strip() for field in page.select("main input[name], main textarea")}
    said |= {"level_4.name.id": "Cakap", "level_4.name.en": "Capable"}
    assert hr.post("/competencies/levels", data=said | {"level_5.name.id": ""}).status_code == 422
    assert "Capable" not in mentee.get("/competencies/dictionary/entry/U.1").text
    assert hr.post("/competencies/levels", data=said).status_code == 303
    assert "Capable" in mentee.get("/competencies/dictionary/entry/U.1").text
    assert hr.post("/competencies/levels", data=said).status_code == 409
    assert mentee.post("/competencies/levels", data=said).status_code == 403
