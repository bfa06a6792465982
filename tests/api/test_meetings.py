"""Planning through the API: find a free time, book it, propose times, choose, move, cancel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorlink.kernel import clock
from tests.mentoring.pair import Pair


def test_a_free_time_is_found_booked_moved_and_cancelled(pair: Pair) -> None:
    client, series = pair.cast.client(pair.cast.mentee), pair.row().series_id
    free = client.get(f"/api/v1/series/{series}/free-times?minutes=45").json["free_times"]
    booked = client.post(f"/api/v1/series/{series}/meetings", json={"slots": free[:1], "minutes": 45})
    assert (booked.status_code, booked.json["starts_at"]) == (201, free[0])
    assert free[0] not in client.get(f"/api/v1/series/{series}/free-times?minutes=45").json["free_times"]
    again = client.post(f"/api/v1/series/{series}/meetings", json={"slots": free[:1], "minutes": 30, "mode": "phone"})
    assert (again.status_code, again.json["error"]["code"]) == (409, "meeting_at_that_time")
    here = f"/api/v1/meetings/{booked.json['id']}"
    assert client.post(f"{here}/move", json={"slots": [free[-1]], "minutes": 45}).json["starts_at"] == free[-1]
    assert client.post(f"{here}/cancel", json={"reason": "Ill"}).json["state"] == "cancelled"


def test_times_are_proposed_and_one_is_taken(pair: Pair) -> None:
    mentee, mentor = pair.cast.client(pair.cast.mentee), pair.cast.client(pair.cast.mentor)
    slots = [(clock.now() + timedelta(days=day)).replace(second=0, microsecond=0).isoformat() for day in (2, 3)]
    made = mentee.post(f"/api/v1/series/{pair.row().series_id}/times", json={"slots": slots}).json
    assert mentor.get("/api/v1/times").json["times"] == [mentor.get(f"/api/v1/times/{made['id']}").json]
    assert made["times"] == slots
    taken = mentor.post(f"/api/v1/times/{made['id']}/take", json={"starts_at": slots[1]})
    assert taken.json["starts_at"] == slots[1]
    assert mentor.post(f"/api/v1/times/{made['id']}/decline", json={}).json["error"]["code"] == "times_settled"


def test_hours_are_said_and_read(pair: Pair) -> None:
    client = pair.cast.client(pair.cast.mentor)
    assert client.get("/api/v1/me/hours").json["said"] is False
    said = {"stretches": [{"weekday": 0, "starts": "09:00", "ends": "11:30"}], "notice_hours": 12}
    found = client.post("/api/v1/me/hours", json=said).json
    assert (found["said"], found["weekly"], found["notice_hours"]) == (True, [{"weekday": 0, "from": 540, "to": 690}], 12)
    overlap = {"stretches": [said["stretches"][0], {"weekday": 0, "starts": "11:00", "ends": "12:00"}]}
    assert client.post("/api/v1/me/hours", json=overlap).json["error"]["faults"][0]["code"] == "hours_overlap"


@pytest.mark.parametrize(
    "said",
    [
        {"slots": ["0001-01-01T00:00:00+14:00"]},
        {"slots": ["9999-12-31T23:59:59-14:00"], "every_weeks": 4, "times": 26},
        {"day": "0001-01-01", "at": "00:00"},
        {"day": "9999-12-31", "at": "23:59:59", "every_weeks": 1},
        {"slots": ["2026-01-01T00:00:00"]},
        {"slots": ["2199-01-01T00:00:00Z"] * 6},
        {"every_weeks": 3},
        {"place": "javascript://x"},
    ],
)
def test_what_is_beyond_all_bounds_is_refused(pair: Pair, said: dict[str, object]) -> None:
    client, series = pair.cast.client(pair.cast.mentee), pair.row().series_id
    for what in ("meetings", "times"):
        assert client.post(f"/api/v1/series/{series}/{what}", json=said).status_code == 422
