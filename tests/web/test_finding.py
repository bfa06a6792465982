"""The pages beside the ranked list, by a browser without scripts; and the same as JSON."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel import jobs
from mentorlink.kernel.db import db
from mentorlink.pairing.actions import accept_request, choose_finding, save_person
from mentorlink.pairing.inputs import ChoicesInput
from mentorlink.pairing.models import HeldPlace, Invitation, Offer
from mentorlink.pairing.queries import choices_of, lines_for, saved_for
from mentorlink.people.models import Person
from mentorlink.people.queries import has_blocked
from tests.cast import Cast
from tests.pairing.stage import WISH, ask, offer
from tests.queries import count_queries

pytestmark = pytest.mark.one_database  # what pages ask of a database, tests/pairing asks of both


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:2000]
    return BeautifulSoup(answer.text, "html.parser")


def text_of(soup: BeautifulSoup, selector: str = "main") -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return re.sub(r"\s+", " ", found.get_text(" ", strip=True))


def fill(offers: list[Offer], cast: Cast) -> None:
    for each in offers:
        taker = cast.person(f"taker{each.id}", cast.budget)
        accept_request(cast.actor(each.person), ask(cast, taker, each))


def test_the_address_of_a_comparison_holds_the_list_one_came_from(cast: Cast) -> None:
    ids = [offer(cast, cast.person(f"n{number}", cast.statistics, levels=(4, number + 2, 3))).id for number in range(3)]
    client = cast.client(cast.mentee)
    listed = page(client, f"/find?zone=WIB&pick={ids[0]}&pick={ids[2]}")
    assert {box["value"] for box in listed.select("input[name=pick][checked]")} == {str(ids[0]), str(ids[2])}
    kept = {(field["name"], field["value"]) for field in listed.select("#picks input[type=hidden]")}
    assert ("zone", "WIB") in kept
    soup = page(client, f"/find/compare?zone=WIB&pick={ids[0]}&pick={ids[2]}")
    assert [th.get_text(strip=True) for th in soup.select("thead th .compare-who a")] == ["N0", "N2"]
    rows = [th.get_text(strip=True) for th in soup.select("tbody th[scope=row]")]
    assert rows[0] == "Fit"
    assert {"Competency 1", "Stays open", "Experience", "Place and time", "Language", "Free places", "Reply"} <= set(rows)
    assert all(len(row.select("td")) == 2 for row in soup.select("tbody tr"))
    back = next(link for link in soup.select("main a") if link.get_text(strip=True) == "Back to the list")
    assert set(re.findall(r"(?:zone|pick)=\w+", str(back["href"]))) == {"zone=WIB", f"pick={ids[0]}", f"pick={ids[2]}"}


def test_fewer_than_two_are_told_to_choose(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    for address in ("/find/compare", f"/find/compare?pick={there.id}", "/find/compare?pick=abc&pick=987654"):
        assert "Choose two or three people" in text_of(page(cast.client(cast.mentee), address))


def test_saving_and_forgetting_lead_back_to_the_list_as_it_was(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    form = page(client, "/find?zone=WIB").select_one(f'form[action="/find/{there.id}/save"]')
    assert form is not None
    onward = form.select_one("input[name=next]")
    assert onward is not None
    answer = client.post(f"/find/{there.id}/save", data={"next": onward["value"]})
    assert answer.headers["Location"] == "/find?zone=WIB"
    assert "Mentor" in text_of(page(client, "/find/saved"))
    assert "Saved" in text_of(page(client, "/find"), ".suggestion-facts")
    client.post(f"/find/saved/{cast.mentor.id}/mentor/forget")
    assert saved_for(cast.actor(cast.mentee)) == []
    assert client.post(f"/find/{there.id}/save", data={"next": "//evil.example"}).headers["Location"] == "/find/saved"


def test_a_block_from_the_list_leads_back_and_offers_to_undo_it(cast: Cast) -> None:
    offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    number = cast.mentor.id
    answer = client.post(f"/people/{number}/block", data={"next": "/find?zone=WIB"})
    assert answer.headers["Location"] == f"/find?zone=WIB&blocked={number}"
    soup = page(client, answer.headers["Location"])
    assert soup.select(".suggestion") == []
    undo = soup.select_one(f'form[action="/people/{number}/unblock"]')
    assert undo is not None
    answer = client.post(str(undo["action"]), data={"next": undo.select_one("input[name=next]")["value"]})  # type: ignore[index]
    assert answer.headers["Location"] == "/find?zone=WIB"
    assert not has_blocked(cast.actor(cast.mentee), cast.mentor)
    assert cast.client(cast.stranger).get(f"/find?blocked={number}").text.count("unblock") == 0


def test_from_a_full_mentor_to_the_line_and_the_kept_place(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    fill([there], cast)
    client, mentor = cast.client(cast.mentee), cast.client(cast.mentor)
    assert "Wait for a place" in text_of(page(client, f"/find/{there.id}"))
    assert client.post("/find/waiting", data={"offer_id": str(there.id)}).status_code == 303
    assert "You are number 1 in the line." in text_of(page(client, "/find/waiting"))
    assert "1 colleague waits for a place with you" in text_of(page(mentor, "/offers"))
    mentor.post("/offers/mentor", data={"capacity": "2"})
    while jobs.run_due():
        pass
    place = db.session.scalars(sa.select(HeldPlace)).one()
    assert f"/find/places/{place.id}" in page(client, "/find").decode()
    soup = page(client, f"/find/places/{place.id}")
    assert "Kept for you until" in text_of(soup)
    assert "Nobody else can take it" in text_of(soup)
    assert "This place is kept for you" in text_of(page(client, f"/find/{there.id}"))
    assert "1 kept for who waited" in text_of(page(mentor, "/offers"))
    notice = page(client, "/notices")
    assert "is kept for you until" in text_of(notice)
    client.post(f"/find/places/{place.id}/decline")
    assert "This place is not kept any more" in text_of(page(client, f"/find/places/{place.id}"))


def test_an_empty_list_leads_to_the_line_and_to_hr(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    soup = page(client, "/find")
    assert "Nobody has a place for this now" in text_of(soup)
    form = soup.select_one('form[action="/find/needs"]')
    assert form is not None
    data = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    client.post("/find/needs", data=data)
    assert "HR knows" in text_of(page(client, "/find"))
    again = text_of(page(client, "/find"))
    assert "HR knows" in again
    assert "told HR" not in again  # of fewer than five nobody hears how many
    hr = cast.client(cast.coordinator)
    table = page(hr, "/programme/needs")
    assert data["competency"] in text_of(table, "tbody")
    assert "Mentee" not in text_of(table)
    hr.post("/programme/needs", data={"kind": "mentor", "competency": data["competency"]})
    assert "Nobody misses anybody" in text_of(page(hr, "/programme/needs"))
    client.post("/find/waiting", data={"kind": "mentor", "competency": data["competency"]})
    assert len(lines_for(cast.actor(cast.mentee))) == 1
    assert "you wait for this" in text_of(page(client, "/find"))


def test_the_setting_holds_at_once_on_every_page_and_in_json(cast: Cast) -> None:
    offer(cast, cast.person("zoe", cast.statistics, levels=(5, 5, 5)))
    there = offer(cast, cast.person("adi", cast.statistics, levels=(2, 3, 3)))
    client = cast.client(cast.mentee)
    assert 'href="/me/finding"' in page(client, "/me/settings").decode()
    assert page(client, f"/find/{there.id}/why").select_one(".why-table") is not None
    client.post("/me/finding", data={"unranked": "1"})
    assert choices_of(cast.mentee.id).unranked
    soup = page(client, "/find")
    assert [a.get_text(strip=True) for a in soup.select(".suggestion .card-title a")] == ["Adi", "Zoe"]
    assert soup.select(".suggestion-place, .fit, [data-controller=pairing-why]") == []
    assert page(client, f"/find/{there.id}").select(".fit, .why-table") == []
    page(client, f"/find/{there.id}/why", 404)
    assert page(client, f"/find/compare?pick={there.id}").select(".fit") == []
    assert "nobody is suggested before anybody else" in text_of(page(client, "/"))
    told = client.get("/api/v1/suggestions").get_json()
    assert [each["offer"]["person"]["name"] for each in told["suggestions"]] == ["Adi", "Zoe"]
    assert "fit" not in told["suggestions"][0]
    client.post("/me/finding", data={})
    assert page(client, "/find").select(".suggestion-place") != []


def test_an_invitation_goes_its_way_on_pages_and_shows_no_level_to_who_invites(cast: Cast) -> None:
    offer(cast, cast.mentor)
    mentor, mentee = cast.client(cast.mentor), cast.client(cast.mentee)
    profile = f"/people/{cast.mentee.id}"
    assert "Invite as a mentee" not in text_of(page(mentor, profile))
    choose_finding(cast.actor(cast.mentee), ChoicesInput(open_to_offers=True))
    assert "Invite as a mentee" in text_of(page(mentor, profile))
    address = f"/offers/mentor/people/{cast.mentee.id}"
    listed = page(mentor, "/offers/mentor/people")
    assert "You could help with 2 things they look for" in text_of(listed)
    for soup in (listed, page(mentor, address)):
        assert soup.select(".level, .bridge, .fit") == []
        assert "level 1" not in text_of(soup)
    assert mentor.post(address, data={"message": "short"}).status_code == 422
    sent = mentor.post(address, data={"message": "I have done this before & would <b>gladly</b> help."})
    assert "Invite as a mentee" not in text_of(page(mentor, profile)), "once is enough"
    shown = page(mentee, sent.headers["Location"])
    assert "would <b>gladly</b> help" in text_of(shown)
    found = page(mentee, "/find")
    assert "1 colleague offers you help" in text_of(found)
    assert "Offers you help already" in text_of(found, ".suggestion")
    assert found.select_one(".suggestion a.btn-primary")["href"] == sent.headers["Location"]
    assert mentee.post(f"{sent.headers['Location']}/accept", data={"competencies": "T.1", "reply": "Yes."}).status_code == 303
    assert db.session.scalars(sa.select(Invitation.state)).one() == "accepted"
    assert "You are a pair" in text_of(page(mentor, sent.headers["Location"]))


def test_own_lists_need_as_many_queries_for_one_row_as_for_ten(cast: Cast) -> None:
    client, who = cast.client(cast.mentee), cast.actor(cast.mentee)
    for address in ("/find/saved", "/find/waiting", "/invitations"):
        page(client, address)

    def queries_with(number: int) -> list[int]:
        for each in range(number):
            there = offer(cast, cast.person(f"m{each}{number}", cast.statistics, levels=(4, 4)), capacity=1)
            save_person(who, there)
            if each < 5:
                fill([there], cast)
                client.post("/find/waiting", data={"offer_id": str(there.id)})
        counted = []
        for address in ("/find/saved", "/find/waiting"):
            with count_queries() as sent:
                page(client, address)
            counted.append(len(sent))
        return counted

    few = queries_with(1)
    assert queries_with(9) == few


def test_the_same_as_json(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    fill([there], cast)
    client = cast.client(cast.mentee)
    assert client.post("/api/v1/choices", json={"open_to_offers": True}).get_json() == {"unranked": False, "open_to_offers": True}
    saved = client.post(f"/api/v1/offers/{there.id}/save", json={}).get_json()["saved"]
    assert [(each["stands"], each["news"]) for each in saved] == [("full", None)]
    joined = client.post("/api/v1/waiting", json={"offer_id": there.id})
    assert joined.status_code == 201
    line = client.get("/api/v1/waiting").get_json()["waiting"][0]
    assert (line["place_in_line"], line["kept"]) == (1, None)
    cast.client(cast.mentor).post("/offers/mentor", data={"capacity": "2"})
    while jobs.run_due():
        pass
    kept = client.get("/api/v1/waiting").get_json()["waiting"][0]["kept"]
    assert client.get(f"/api/v1/places/{kept['id']}").get_json() == kept
    asked = client.post(f"/api/v1/offers/{there.id}/requests", json={"client_id": "form-12345", "message": WISH})
    assert asked.status_code == 201
    assert client.post(f"/api/v1/places/{kept['id']}/decline", json={}).status_code == 409
    second = offer(cast, cast.second_mentor)
    compared = client.get(f"/api/v1/suggestions/compared?pick={there.id}&pick={second.id}").get_json()
    assert [each["offer"]["id"] for each in compared["suggestions"]] == [there.id, second.id]
    sent = cast.client(cast.second_mentor).post(f"/offers/mentor/people/{cast.mentee.id}", data={"message": WISH})
    number = int(sent.headers["Location"].split("/")[-1])
    assert client.get("/api/v1/invitations").get_json()["invitations"][0]["id"] == number
    assert client.post(f"/api/v1/invitations/{number}/decline", json={"reply": "Not now."}).get_json()["state"] == "declined"
    assert client.post("/api/v1/needs", json={"competency": "T.1"}).status_code == 201
    assert db.session.get_one(Person, cast.mentee.id).is_active
