"""The pages of pairing, by a browser without scripts; and the same journey as JSON."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.inputs import read
from mentorlink.pairing.actions import OfferRow, accept_request, save_offers
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.queries import index_of, pool
from mentorlink.people.models import Block, Person
from mentorlink.programmes.actions import add_programme
from mentorlink.programmes.inputs import ProgrammeInput
from tests.cast import Cast
from tests.pairing.stage import WISH, ask, offer
from tests.queries import count_queries
from tests.rounds.ground import PROGRAMME

pytestmark = pytest.mark.one_database  # what pages ask of a database, tests/pairing asks of both


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> BeautifulSoup:
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, answer.text[:2000]
    return BeautifulSoup(answer.text, "html.parser")


def names_of(soup: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select(".suggestion .card-title a")]


def text_of(soup: BeautifulSoup, selector: str = "main") -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return re.sub(r"\s+", " ", found.get_text(" ", strip=True))


# The list


def test_the_list_says_in_words_what_a_mentor_covers_and_what_stays_open(cast: Cast) -> None:
    cast.assess(cast.person("looks", cast.budget, levels=(1, 2)), cast.competencies[2], 1)
    offer(cast, cast.mentor)
    soup = page(cast.client(cast.person("looks")), "/find")
    assert names_of(soup) == ["Mentor"]
    told = text_of(soup, ".suggestion")
    assert "Covers 2 of your 3 gaps" in told
    assert "Competency 1" in told
    assert "1 → 3" in told
    assert "Stays open: Competency 3" in told
    assert "Same field: Finance" in told
    assert "11 years in the field" in told or "years in the field" in told
    assert "2 free places" in told


def test_ties_are_shown_as_ties(cast: Cast) -> None:
    for number in range(2):
        offer(cast, cast.person(f"twin{number}", cast.statistics, levels=(4, 4, 4)))
    offer(cast, cast.person("weaker", cast.statistics, levels=(3, 2, 2)))
    soup = page(cast.client(cast.mentee), "/find")
    places = [re.sub(r"\D", "", mark.get_text()) for mark in soup.select(".suggestion-place")]
    assert places == ["1", "1", "3"]
    assert "shares this place with 1 other" in text_of(soup, ".suggestion")


def test_the_supervisor_is_no_mentor_but_may_be_a_coach(cast: Cast) -> None:
    offer(cast, cast.supervisor)
    offer(cast, cast.supervisor, kind="coach")
    client = cast.client(cast.mentee)
    assert names_of(page(client, "/find")) == []
    assert names_of(page(client, "/find?kind=coach")) == ["Supervisor"]


def test_filters_narrow_the_list_and_stand_in_the_address(cast: Cast) -> None:
    offer(cast, cast.person("west", cast.statistics, levels=(4, 4), timezone="Asia/Jakarta"))
    offer(cast, cast.person("east", cast.statistics, levels=(4, 4), timezone="Asia/Jayapura", in_field_since=2024))
    client = cast.client(cast.mentee)
    assert set(names_of(page(client, "/find"))) == {"West", "East"}
    soup = page(client, "/find?zone=WIT")
    assert names_of(soup) == ["East"]
    assert soup.select_one("input[name=zone][value=WIT][checked]") is not None
    assert names_of(page(client, "/find?years=5")) == ["West"]
    assert names_of(page(client, "/find?q=eas")) == ["East"]
    assert names_of(page(client, f"/find?unit={cast.budget.id}")) == []
    assert names_of(page(client, "/find?competency=T.1&field=keuangan&language=id&zone=WIB")) == ["West"]


def test_a_filter_by_script_gets_the_list_and_the_counts_and_nothing_else(cast: Cast) -> None:
    offer(cast, cast.person("west", cast.statistics, levels=(4, 4), timezone="Asia/Jakarta"))
    offer(cast, cast.person("east", cast.statistics, levels=(4, 4), timezone="Asia/Jayapura"))
    client = cast.client(cast.mentee)
    whole = page(client, "/find")
    count = whole.find("span", class_="choice-count", string="2")
    assert count is not None
    part = page(client, "/find?zone=WIT", HX_Request="true", HX_Target="results")
    assert part.select_one("html") is None
    assert names_of(part) == ["East"]
    again = part.find(id=count["id"])
    assert again is not None
    assert (again["hx-swap-oob"], again.get_text()) == ("innerHTML", "1")


def test_an_empty_list_names_the_change_that_helps_most(cast: Cast) -> None:
    for number in range(3):
        offer(cast, cast.person(f"middle{number}", cast.statistics, levels=(4,), timezone="Asia/Makassar"))
    soup = page(cast.client(cast.mentee), "/find?zone=WIT")
    assert "Nobody fits all of this" in text_of(soup)
    hint = soup.select_one(".empty a.btn-primary")
    assert hint is not None
    assert hint.get_text(strip=True) == "Also accept WITA: 3 more mentors"
    assert len(names_of(page(cast.client(cast.mentee), str(hint["href"])))) == 3


def test_what_cannot_be_read_in_the_address_is_left_out(cast: Cast) -> None:
    offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    for address in ("/find?years=abc", "/find?kind=guru&zone=WIB", "/find?utm_source=mail", "/find?page=0", "/find?unit=x"):
        assert names_of(page(client, address)) == ["Mentor"]


def test_who_is_full_is_shown_on_demand_and_cannot_be_asked(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    accept_request(cast.actor(cast.mentor), ask(cast, cast.person("first", cast.budget), there))
    client = cast.client(cast.mentee)
    soup = page(client, "/find")
    assert names_of(soup) == []
    assert "All who fit have no free place now" in text_of(soup)
    shown = page(client, "/find?full=1")
    assert names_of(shown) == ["Mentor"]
    assert shown.select_one(f'a[href="/find/{there.id}"]') is None


def test_who_has_no_assessed_gap_is_led_to_the_self_assessment(cast: Cast) -> None:
    soup = page(cast.client(cast.person("new", cast.budget)), "/find")
    assert "3 competencies of your job are not assessed yet" in text_of(soup)
    assert soup.select_one('a[href="/competencies/self-assessment"]') is not None


def test_why_somebody_stands_there_is_a_page_and_a_piece_for_a_dialog_and_its_parts_sum_to_the_fit(cast: Cast) -> None:
    """Also where a programme weighs a part that usually does not count."""
    own = {"points": {"grade": 12, "field": 10, "cover": 30}, "grade_points": {"0": 0.5}}
    add_programme(cast.actor(cast.coordinator), read(ProgrammeInput, PROGRAMME | {"rules": own}))
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    address = f"/find/{there.id}/why"
    assert page(client, "/find").select_one(f'a[href="{address}"]') is not None
    told = text_of(page(client, "/find"), "#about-order")
    assert "Job tiers up to 23.1 points" in told
    assert "Experience" not in told
    named = ["cover", "field", "grade"]
    whole, piece = page(client, address), page(client, address, X_Requested_With="fetch")
    assert piece.select_one("html") is None
    for soup in (whole, piece):
        cells = [float(cell.get_text()) for cell in soup.select(".why-table tbody td b")]
        total = soup.select_one(".why-table tfoot td b")
        assert total is not None
        assert round(sum(cells), 1) == float(total.get_text())
        assert [key["class"] for key in soup.select(".why-table .key")] == [["key", f"fit-key-{part}"] for part in named]
        assert [bar["class"] for bar in soup.select(".fit-bar rect:not(.fit-rest)")] == [[f"fit-{part}"] for part in named]
        assert "the distance between your job tiers counts in part" in text_of(soup, ".why-table")
        assert abs(cells[-1] - 50 * 12 / 52) < 0.1


def test_the_list_needs_as_many_queries_for_ten_offers_as_for_a_thousand(cast: Cast) -> None:
    client = cast.client(cast.mentee)

    def queries_with(number: int) -> int:
        for each in range(db.session.scalar(sa.select(sa.func.count()).select_from(Offer)) or 0, number):
            db.session.add(
                Person(
                    email=f"n{each}@x.example",
                    name=f"N {each}",
                    folded_name=f"n {each}",
                    unit_id=cast.statistics.id,
                    job_id=cast.job.id,
                    state="active",
                    languages=["id"],
                    created_at=clock.now(),
                    in_field_since=2000,
                )
            )
        db.session.commit()
        ids = db.session.scalars(sa.select(Person.id).where(Person.email.like("n%@x.example"))).all()
        save_offers(Actor.system(), [OfferRow(person_id) for person_id in ids])
        index_of("mentor")
        pool._pool().settle()
        with count_queries() as sent:
            page(client, "/find")
        return len(sent)

    few = queries_with(10)
    assert queries_with(1000) == few
    assert few <= 22


# Asking and answering


def form_of(client: FlaskClient, address: str) -> dict[str, str]:
    soup = page(client, address)
    return {str(field["name"]): str(field.get("value", "")) for field in soup.select("form.card input[type=hidden]")}


def test_the_journey_from_the_list_to_the_pair(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    mentee, mentor = cast.client(cast.mentee), cast.client(cast.mentor)
    data = form_of(mentee, f"/find/{there.id}") | {"message": WISH, "competencies": ["T.1", "T.2"]}
    sent = mentee.post(f"/find/{there.id}", data=data)
    assert sent.status_code == 303
    address = sent.headers["Location"]
    assert "Waiting for the answer" in text_of(page(mentee, address))
    assert WISH in text_of(page(mentor, address))
    assert mentor.post(f"{address}/question", data={"body": "Why do you ask me?"}).status_code == 303
    assert "Why do you ask me?" in text_of(page(mentee, address))
    assert mentee.post(f"{address}/answer", data={"body": "You did it last year."}).status_code == 303
    assert mentor.post(f"{address}/accept").status_code == 303
    soup = page(mentee, address)
    assert "You are a pair" in text_of(soup)
    assert "1 free place" in text_of(page(cast.client(cast.stranger), "/find"), ".suggestion")


def test_the_form_sent_twice_by_back_and_again_is_one_request(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    data = form_of(client, f"/find/{there.id}") | {"message": WISH}
    first, second = client.post(f"/find/{there.id}", data=data), client.post(f"/find/{there.id}", data=data)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]


def test_a_message_that_is_too_short_comes_back_with_what_was_written(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    data = form_of(client, f"/find/{there.id}") | {"message": "Hi"}
    answer = client.post(f"/find/{there.id}", data=data)
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    assert text_of(soup, "#f-message") == "Hi"
    assert "at least 20 characters" in text_of(soup, ".error-summary")
    assert soup.select_one("input[name=client_id]")["value"] == data["client_id"]  # type: ignore[index]


@pytest.mark.one_database
def test_ticked_is_what_one_looked_for_or_the_widest_gaps_and_the_field_says_how_much_to_write(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentee)

    def ticked(soup: BeautifulSoup) -> list[str]:
        return [str(box["value"]) for box in soup.select("input[name=competencies][checked]")]

    assert ticked(page(client, f"/find/{there.id}")) == ["T.1", "T.2"]
    narrowed = page(client, "/find?competency=T.2").select_one(f'.suggestion a[href^="/find/{there.id}?"]')
    assert narrowed is not None
    soup = page(client, str(narrowed["href"]))
    assert ticked(soup) == ["T.2"]
    assert "Ticked is what you looked for." in text_of(soup)
    assert "At least 20 characters" in text_of(soup, "#f-message-hint")


def test_a_refusal_is_told_beside_the_form_with_what_was_written(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    client = cast.client(cast.mentee)
    data = form_of(client, f"/find/{there.id}") | {"message": WISH}
    accept_request(cast.actor(cast.mentor), ask(cast, cast.person("first", cast.budget), there))
    answer = client.post(f"/find/{there.id}", data=data)
    assert answer.status_code == 409
    assert "The last place was taken a moment ago." in answer.text


def test_the_page_of_a_full_blocked_or_forbidden_offer_has_no_form(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    superior = offer(cast, cast.supervisor)
    soup = page(client, f"/find/{superior.id}")
    assert soup.select_one("textarea") is None
    assert "stands in your line of command" in text_of(soup)
    there = offer(cast, cast.mentor)
    assert page(client, f"/find/{there.id}").select_one("textarea") is not None
    db.session.add(Block(person_id=cast.mentor.id, blocked_id=cast.mentee.id, created_at=clock.now()))
    db.session.commit()
    page(client, f"/find/{there.id}", 404)


def test_a_decline_shows_the_reason_as_chosen_to_who_asked(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    mentor = cast.client(cast.mentor)
    refused = mentor.post(f"/requests/{request.id}/decline", data={"words": "Sorry"})
    assert refused.status_code == 422
    assert (
        mentor.post(f"/requests/{request.id}/decline", data={"reason": "time", "words": "Next year, gladly."}).status_code == 303
    )
    told = text_of(page(cast.client(cast.mentee), f"/requests/{request.id}"))
    assert "The timing does not fit" in told
    assert "Next year, gladly." in told


def test_what_people_write_is_shown_as_text(cast: Cast) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }}"
    request = ask(cast, cast.mentee, offer(cast, cast.mentor, message=attack), message=attack)
    for address in ("/find", f"/find/{request.offer_id}", f"/requests/{request.id}"):
        soup = page(cast.client(cast.mentee), address)
        assert soup.select_one("main img[src=x], main script") is None
        assert "49" not in text_of(soup, "main").split()


@pytest.mark.one_database
def test_a_tab_opened_again_where_only_a_form_goes_leads_to_the_thing(cast: Cast) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    address = f"/requests/{request.id}"
    again = cast.client(cast.mentor).get(f"{address}/decline")
    assert (again.status_code, again.headers["Location"]) == (303, address)
    assert cast.client(cast.stranger).get(f"{address}/decline", follow_redirects=True).status_code == 404
    as_json = cast.client(cast.mentor).get(f"{address}/decline", headers={"Accept": "application/json"})
    assert as_json.status_code == 405
    refused = cast.client(cast.mentor).post("/requests")
    assert (refused.status_code, "GET" in refused.headers["Allow"]) == (405, True)


@pytest.mark.parametrize("verb", ["", "/accept", "/decline", "/question", "/answer", "/withdraw", "/end"])
def test_strangers_get_what_they_would_get_for_a_request_that_never_was(cast: Cast, verb: str) -> None:
    request = ask(cast, cast.mentee, offer(cast, cast.mentor))
    stranger = cast.client(cast.stranger)
    for number in (request.id, 999_999):
        answer = stranger.post(f"/requests/{number}{verb}") if verb else stranger.get(f"/requests/{number}")
        assert answer.status_code == 404
    assert db.session.get_one(Request, request.id).state == "sent"


def test_the_two_boxes_show_each_side_its_own(cast: Cast) -> None:
    ask(cast, cast.mentee, offer(cast, cast.mentor))
    assert "Mentor" in text_of(page(cast.client(cast.mentee), "/requests"), ".list-group")
    assert "Waits for you" in text_of(page(cast.client(cast.mentor), "/requests"), ".list-group")
    assert "Nobody has asked you yet" in text_of(page(cast.client(cast.mentee), "/requests?box=in"))


def test_the_boxes_need_as_many_queries_for_one_request_as_for_many(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentor)

    def queries_now() -> int:
        with count_queries() as sent:
            page(client, "/requests?box=in")
        return len(sent)

    ask(cast, cast.mentee, there, competencies=("T.1",))
    few = queries_now()
    for number in range(15):
        ask(cast, cast.person(f"asker{number}", cast.budget), there, competencies=("T.1", "T.2"))
    assert queries_now() == few
    assert few <= 15


# Offering


def test_an_offer_is_opened_changed_paused_and_closed_on_its_page(cast: Cast) -> None:
    client = cast.client(cast.mentor)
    looks = cast.client(cast.mentee)
    assert (
        client.post("/offers/mentor", data={"capacity": "3", "languages": ["id", "en"], "message": "Gladly"}).status_code == 303
    )
    assert "3 free places" in text_of(page(looks, "/find"), ".suggestion")
    assert client.post("/offers/mentor", data={"capacity": "1", "competencies": ["T.1"]}).status_code == 303
    assert "Covers 1 of your 2 gaps" in text_of(page(looks, "/find"), ".suggestion")
    until = clock.today().replace(year=clock.today().year + 1).isoformat()
    assert client.post("/offers/mentor/pause", data={"until": until}).status_code == 303
    assert names_of(page(looks, "/find")) == []
    assert client.post("/offers/mentor/resume").status_code == 303
    assert names_of(page(looks, "/find")) == ["Mentor"]
    assert client.post("/offers/mentor/close").status_code == 303
    assert names_of(page(looks, "/find")) == []


def test_opening_an_offer_makes_one_a_mentor(cast: Cast) -> None:
    before = cast.actor(cast.mentor)
    assert not before.has("mentor")  # type: ignore[arg-type]  # a Role is its word
    cast.client(cast.mentor).post("/offers/mentor", data={"capacity": "2"})
    assert cast.actor(cast.mentor).has("mentor")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"capacity": "0"}, "1 or more"),
        ({"capacity": "7"}, "6 or less"),
        ({"capacity": "x"}, "whole number"),
        ({"capacity": "2", "competencies": ["T.3"]}, None),
        ({"capacity": "2", "paused_until": "2020-01-01"}, "after today"),
        ({"capacity": "2", "competencies": ["X"]}, "in which you have a level"),
        ({"capacity": "2", "taken": "0"}, "not known here"),
    ],
)
def test_a_wrong_offer_is_told_at_its_field(cast: Cast, data: dict[str, object], told: str | None) -> None:
    answer = cast.client(cast.mentor).post("/offers/mentor", data=data)
    assert answer.status_code == (422 if told else 303)
    assert told is None or told in text_of(BeautifulSoup(answer.text, "html.parser"), ".error-summary")


def test_places_in_use_are_not_taken_away(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=2)
    for number in range(2):
        accept_request(cast.actor(cast.mentor), ask(cast, cast.person(f"asker{number}", cast.budget), there))
    answer = cast.client(cast.mentor).post("/offers/mentor", data={"capacity": "1"})
    assert answer.status_code == 422
    assert "2 places are in use" in answer.text


def test_coaching_is_offered_by_who_was_granted_the_role(cast: Cast) -> None:
    page(cast.client(cast.mentor), "/offers/coach", 404)
    assert cast.client(cast.mentor).post("/offers/coach", data={"capacity": "1"}).status_code == 403
    page(cast.client(cast.mentor), "/offers/guru", 404)


# The same as JSON


def test_the_journey_as_json(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    mentee, mentor = cast.client(cast.mentee), cast.client(cast.mentor)
    found = mentee.get("/api/v1/suggestions").json
    assert [(line["offer"]["id"], line["place"]) for line in found["suggestions"]] == [(there.id, 1)]
    assert found["suggestions"][0]["covers"] == [
        {"competency": "T.1", "from": 1, "to": 3},
        {"competency": "T.2", "from": 2, "to": 3},
    ]
    sent = mentee.post(
        f"/api/v1/offers/{there.id}/requests", json={"client_id": "json-12345", "message": WISH, "competencies": ["T.1"]}
    )
    assert sent.status_code == 201
    number = sent.json["id"]
    assert [row["id"] for row in mentor.get("/api/v1/requests?box=in").json["requests"]] == [number]
    assert mentor.post(f"/api/v1/requests/{number}/question", json={"body": "Why me?"}).json["state"] == "asked_back"
    assert mentee.post(f"/api/v1/requests/{number}/answer", json={"body": "You know it."}).json["state"] == "sent"
    accepted = mentor.post(f"/api/v1/requests/{number}/accept")
    assert accepted.json["state"] == "accepted"
    assert cast.client(cast.stranger).get(f"/api/v1/requests/{number}").status_code == 404
    assert mentor.post(f"/api/v1/requests/{number}/decline", json={"reason": "time"}).status_code == 409
    wrong = mentee.post(f"/api/v1/offers/{there.id}/requests", json={"message": "x", "state": "accepted"})
    assert (wrong.status_code, {fault["field"] for fault in wrong.json["error"]["faults"]}) == (
        422,
        {"client_id", "message", "state"},
    )
