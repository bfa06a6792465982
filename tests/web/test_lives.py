"""Pages of a community's life: its steps, gatherings and decisions, as a browser without JavaScript walks through them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from mentorlink.community.actions import decisions, lives
from mentorlink.community.inputs.lives import CharterInput
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.programmes.actions import make_default_programme
from tests.cast import Cast
from tests.community.living import Living
from tests.queries import count_queries


@pytest.fixture
def living(cast: Cast) -> Living:
    return Living(cast)


def test_a_facilitator_prepares_a_community_with_plain_forms(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.mentor), f"/communities/{living.community_id}"
    page = client.get(f"{here}/life").text
    assert "It is said who belongs" in page
    assert "Begin the work" not in page
    charter = {"purpose": "Reports come late every month", "belongs": "Who writes reports", "why": "Less work at night"}
    competency = str(cast.competencies[0].id)
    assert client.post(f"{here}/charter", data=charter | {"competency_ids": [competency, "", ""]}).status_code == 303
    start = {"name": "Days late", "unit": "days", "start": "9", "aim": "3,5", "start_on": "2026-01-05"}
    assert client.post(f"{here}/measures", data=start).status_code == 303
    assert client.post(f"{here}/promise", data={"text": "I bring a case"}).status_code == 303
    page = client.get(f"{here}/life").text
    assert "Begin the work" in page
    assert "Competency 1" in page
    assert client.post(f"{here}/step", data={"code": "begin", "step": "preparation"}).status_code == 303
    assert client.post(f"{here}/step", data={"code": "begin", "step": "preparation"}).status_code == 409


def test_faults_come_back_beside_their_fields(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.mentor), f"/communities/{living.community_id}"
    wrong = client.post(f"{here}/measures", data={"name": "Da", "start": "many", "aim": "3", "start_on": "2026-01-05"})
    assert wrong.status_code == 422
    assert 'id="f-start-error"' in wrong.text
    assert client.post(f"{here}/promise", data={"text": "x"}).status_code == 422
    planned = {"title": "Sharing", "day": "2199-01-05", "at": "09:00", "minutes": "5"}
    assert client.post(f"{here}/gatherings", data=planned).status_code == 422
    asked = {"question": "Which template?", "method": "vote", "way1": "One", "closes_on": "2199-01-01"}
    wrong = client.post(f"{here}/decisions", data=asked)
    assert wrong.status_code == 422
    assert "A vote needs two options at least" in wrong.text


def test_a_gathering_is_planned_answered_attended_and_held(living: Living, cast: Cast) -> None:
    host, guest, here = cast.client(cast.mentor), cast.client(cast.mentee), f"/communities/{living.community_id}"
    day = clock.today("Asia/Jakarta") - timedelta(days=1)
    plan = {"title": "Sharing cases", "day": day.isoformat(), "at": "09:00", "minutes": "90", "agenda": "Case one\nCase two"}
    made = host.post(f"{here}/gatherings", data=plan).location
    assert "Sharing cases" in guest.get(f"{here}/gatherings").text
    code = living.gathering(int(made.rsplit("/", 1)[1])).code
    page = guest.get(made).text
    assert "Case two" in page
    assert code not in page
    wrong = guest.post(f"{made}/check-in", data={"code": "12"})
    assert wrong.status_code == 422
    assert guest.post(f"{made}/answer", data={"answer": "going"}).status_code == 303
    noted = guest.post(f"{made}/check-in", data={"code": code})
    assert noted.status_code in (303, 409)
    person = {"person_id": cast.mentee.id, "present": "1"}
    assert host.post(f"{made}/present", data=person).status_code == 303
    assert host.post(f"{made}/hold").status_code == 303
    assert host.post(f"{made}/minutes", data={"body": "We shared two cases", "version": "0"}).status_code == 303
    task = {"text": "Write the case down", "owner_id": str(cast.mentee.id)}
    assert host.post(f"{made}/follow-ups", data=task).status_code == 303
    page = guest.get(made).text
    assert "We shared two cases" in page
    assert "Write the case down" in page


def test_a_round_of_talk_goes_by_plain_forms_and_refreshes_a_piece(living: Living, cast: Cast) -> None:
    row, host, guest = living.plan(hours=-1), cast.client(cast.mentor), cast.client(cast.mentee)
    here = f"/gatherings/{row.id}"
    assert guest.post(f"{here}/hand", data={"up": "1"}).status_code == 409
    host.post(f"{here}/round", data={"open": "1"})
    guest.post(f"{here}/hand", data={"up": "1"})
    host.post(f"{here}/turn")
    piece = guest.get(f"{here}/round", headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert "I have spoken" in piece
    assert "<html" in host.get(f"{here}/round").text


def test_a_question_is_weighed_and_decided_on_its_page(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.mentee), f"/communities/{living.community_id}"
    asked = {
        "question": "Which template?",
        "method": "consent",
        "way1": "One for all",
        "pros1": "Simple",
        "closes_on": "2199-01-01",
    }
    page = client.post(f"{here}/decisions", data=asked).location
    assert client.post(f"{page}/stance", data={"stance": "object"}).status_code == 422
    assert client.post(f"{page}/stance", data={"stance": "agree"}).status_code == 303
    assert client.post(f"{page}/conclude").status_code == 303
    text = client.get(page).text
    assert "This stands" in text
    assert "One for all" in text


def test_the_pages_of_a_life_ask_no_more_where_there_is_more(living: Living, cast: Cast) -> None:
    client, counts = cast.client(cast.mentor), []
    living.prepare()
    paths = ("life", "gatherings", "decisions")
    for _round in range(2):
        for _more in range(3):
            living.hold(cast.mentee)
            living.ask()
        with count_queries() as counted:
            for path in paths:
                assert client.get(f"/communities/{living.community_id}/{path}").status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] / len(paths) <= 22


def test_who_does_not_belong_sees_no_life(living: Living, cast: Cast) -> None:
    client, row, decision = cast.client(cast.stranger), living.plan(), living.ask()
    addresses = (f"/communities/{living.community_id}/life", f"/gatherings/{row.id}", f"/decisions/{decision.id}")
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_before_a_unit_is_sent_its_page_says_how_many_would_come(living: Living, cast: Cast) -> None:
    client, here = cast.client(cast.coordinator), f"/communities/{living.community_id}/assign"
    programme = make_default_programme(Actor.system())
    living.steer(lives.write_charter, living.community, CharterInput(purpose="Reports are late", programme_id=programme.id))
    assert "would come" in client.get(here).text
    assert "Assign 1 colleague<" not in client.get(here).text
    unit = cast.unit("sent", cast.agency)
    person = cast.person("sent", unit)
    assert "Assign 1 colleague<" in client.get(here, query_string={"unit_id": unit.id}).text
    assert client.post(here, data={"unit_id": unit.id}).status_code == 303
    assert "1 colleague belongs now" in client.get(here).text
    assert "belongs already" in client.get(here, query_string={"unit_id": unit.id}).text
    assert "Belongs already" in client.get(here, query_string={"q": person.name}).text
    assert client.post(here, data={"unit_id": unit.id}).status_code == 303
    assert "Nobody new" in client.get(here).text
    assert client.post(here, data={"unit_id": "x"}).status_code == 422


def test_minutes_saved_by_two_show_the_later_both_texts(living: Living, cast: Cast) -> None:
    row, client = living.hold(cast.mentor), cast.client(cast.mentor)
    here = f"/gatherings/{row.id}/minutes"
    refused = client.post(here, data={"body": "What the other wrote", "version": "0"})
    assert refused.status_code == 409
    assert "<dd>We shared cases</dd>" in refused.text
    assert "\nWhat the other wrote</textarea>" in refused.text
    version = BeautifulSoup(refused.text, "html.parser").select_one("#minutes input[name=version]")
    assert version is not None
    assert client.post(here, data={"body": "What both wrote", "version": version["value"]}).status_code == 303


def test_what_it_came_to_saved_by_two_shows_the_later_both_texts(living: Living, cast: Cast) -> None:
    living.prepare()
    living.go("begin", "preparation")
    living.work()
    living.go("evaluate", "implementation")
    client, here = cast.client(cast.mentor), f"/communities/{living.community_id}/review"
    assert client.post(here, data={"changed": "Five days less", "version": "0"}).status_code == 303
    refused = client.post(here, data={"changed": "Six days less", "keep": "The template", "version": "0"})
    assert refused.status_code == 409
    assert "<dd>Five days less</dd>" in refused.text
    assert "\nSix days less</textarea>" in refused.text
    assert client.post(here, data={"changed": "Both of it", "version": "1"}).status_code == 303


def test_a_code_counts_with_its_gap_and_a_call_named_without_its_beginning_is_a_link(living: Living, cast: Cast) -> None:
    host, guest = cast.client(cast.mentor), cast.client(cast.mentee)
    day = clock.today("Asia/Jakarta")
    plan = {"title": "By video", "day": day.isoformat(), "at": "23:30", "minutes": "60", "mode": "video"}
    made = host.post(f"/communities/{living.community_id}/gatherings", data=plan | {"place": "meet.example.go.id/abc"}).location
    assert 'href="https://meet.example.go.id/abc"' in guest.get(made).text
    row = living.plan(hours=-0.5)
    gapped = f"{row.code[:3]} {row.code[3:]}"
    assert guest.post(f"/gatherings/{row.id}/check-in", data={"code": gapped}).status_code == 303
    assert living.gathering(row.id).code == row.code


def test_an_objection_says_that_it_wants_a_reason(living: Living, cast: Cast) -> None:
    decision = living.ask()
    soup = BeautifulSoup(cast.client(cast.mentee).get(f"/decisions/{decision.id}").text, "html.parser")
    reason = soup.select_one("#f-reason")
    assert reason is not None
    assert reason.has_attr("required")


def test_a_life_shows_no_empty_card_and_says_what_counts(living: Living, cast: Cast) -> None:
    living.ask()
    page = cast.client(cast.mentor).get(f"/communities/{living.community_id}/life").text
    assert 'id="archive"' not in page
    living.prepare()
    living.go("begin", "preparation")
    page = cast.client(cast.mentor).get(f"/communities/{living.community_id}/life").text
    assert "0 of 0" not in page
    assert "gatherings held since the work began: 0" in page


def test_a_question_put_before_the_work_began_counts_once_it_is_decided(living: Living, cast: Cast) -> None:
    decision = living.ask()
    living.prepare()
    living.go("begin", "preparation")
    living.say_where(cast.mentee, decision)
    living.steer(decisions.conclude_decision, decision)
    assert next(duty for duty in living.standing.now if duty.code == "decisions").done
