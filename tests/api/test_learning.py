"""The learning record through the API: a year, a claim sent and decided, a plan on its way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from mentorlink.insights.actions import refresh_figures
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from tests.cast import Cast
from tests.insights import crowd

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)


def test_a_claim_is_sent_decided_and_counts_and_a_plan_goes_to_the_superior(cast: Cast) -> None:
    assert cast.supervisor.id
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    said = {"client_id": "from-the-phone", "path": "seminar", "activity": "Seminar", "starts_on": "2026-06-02"}
    with clock.at(NOON, everywhere=True):
        mine, chief, other = (cast.client(person) for person in (cast.mentee, cast.supervisor, cast.stranger))
        lacking = mine.post("/api/v1/learning/claims", json=said)
        assert (lacking.status_code, lacking.json["error"]["faults"][0]["code"]) == (422, "evidence_needed")
        made = mine.post("/api/v1/learning/claims", json=said | {"link": "https://example.id/bukti"})
        assert (made.status_code, made.json["state"]) == (201, "sent")
        here = f"/api/v1/learning/claims/{made.json['id']}"
        assert [row["id"] for row in chief.get("/api/v1/learning/approvals").json["claims"]] == [made.json["id"]]
        assert other.get(here).status_code == 404
        decided = chief.post(f"{here}/decision", json={"decision": "approve", "revision": 1})
        assert decided.json["state"] == "approved"
        year = mine.get("/api/v1/learning/hours?year=2026").json
        assert (year["jp"], year["floor"], year["by_path"]) == (4, 20, [{"path": "seminar", "jp": 4, "kept_out": 0}])
        assert chief.get(f"/api/v1/people/{cast.mentee.id}/learning-hours").json["jp"] == 4
        assert other.get(f"/api/v1/people/{cast.mentee.id}/learning-hours").status_code == 404
        assert mine.get("/api/v1/learning/plan").status_code == 404
        plan = actions.begin_plan(cast.actor(cast.mentee), cast.mentee, 2026)
        assert mine.get("/api/v1/learning/plan").json["state"] == "not_begun"
        step = mine.post(f"/api/v1/learning/plans/{plan.id}/step", json={"step": "send", "revision": 1})
        assert (step.status_code, step.json["error"]["code"]) == (409, "plan_empty")


def test_figures_and_sums_are_told_to_whom_the_pages_tell_them_and_say_of_when(cast: Cast) -> None:
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    people = crowd.people(cast, cast.budget, 6, 1, 3, 3)
    crowd.mentorships(cast.mentor.id, people, cast.competencies[0].id, NOON)
    db.session.commit()
    with clock.at(NOON + timedelta(hours=1), everywhere=True):
        refresh_figures({})
        hr, head, mine = (cast.client(person) for person in (cast.coordinator, cast.supervisor, cast.mentee))
        told = hr.get("/api/v1/figures/programme").json
        assert "error" not in told, told
        assert (told["year"], told["pairs"], told["pairs_who_met"], told["ran"]) == (2026, 6, 0, 6)
        assert told["as_of"].startswith("2026-06-15T06")
        assert told["outcome"]["people_as_of"] == "2026-06-15"
        assert {row["people"] for row in told["outcome"]["access"]["unit"]} != set()
        whole, own = (client.get("/api/v1/figures/agency").json for client in (hr, head))
        assert whole["people"] > own["people"] > 0
        assert len(whole["units"][0]["gaps"]) == len(whole["competencies"])
        assert hr.get("/api/v1/figures/agency?unit=99999").status_code == 404
        sums = hr.get("/api/v1/learning/plans/sums?year=2026").json
        assert (sums["year"], sums["units"][0]["planned"]) == (2026, 0)
        first = next(row for row in sums["competencies"] if row["code"] == cast.competencies[0].code)
        assert first["needing"] >= 6
        assert mine.get("/api/v1/figures/agency").status_code == 404
        for path in ("figures/programme", "learning/plans/sums"):
            assert [client.get(f"/api/v1/{path}").status_code for client in (mine, head)] == [403, 403]
