"""JSON for HR's own systems: units, people, standards and levels read, files brought, looked at and carried out."""

from __future__ import annotations

import io
from typing import Any

from flask.testing import FlaskClient

from mentorlink.people.models import Person
from tests.cast import Cast

HEAD = "kode;nama;induk"


def bring(client: FlaskClient, text: str, kind: str = "units", **more: str) -> Any:
    data = {"file": (io.BytesIO(text.encode()), "units.csv"), **more}
    return client.post(f"/api/v1/imports/{kind}", data=data, content_type="multipart/form-data")


def test_a_file_is_brought_looked_at_and_carried_out_once(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    brought = bring(client, f"{HEAD}\nkas;Kas;finance\nbad;Buruk;nowhere\n")
    assert brought.status_code == 201, brought.text
    preview = brought.json["preview"]
    assert (preview["rows"], preview["counts"]["add"], preview["counts"]["faulty"]) == (2, 1, 1)
    assert [(fault["rows"], fault["in_rows"]) for fault in preview["faults"]] == [([3], 1)]
    address = f"/api/v1/imports/{brought.json['id']}"
    assert client.post(f"{address}/apply", json={"digest": "of-something-else"}).json["error"]["code"] == "preview_changed"
    applied = client.post(f"{address}/apply", json={"digest": preview["digest"]})
    assert (applied.status_code, applied.json["state"], applied.json["counts"]["add"]) == (200, "applied", 1)
    assert [row["row"] for row in applied.json["left"]["rows"]] == [3]
    again = client.post(f"{address}/apply", json={"digest": preview["digest"]})
    assert (again.status_code, again.json["error"]["code"]) == (409, "import_settled")
    assert {"kas"} <= {unit["code"] for unit in client.get("/api/v1/units").json["units"]}
    same = bring(client, f"{HEAD}\nkas;Kas;finance\n").json
    assert (same["preview"]["does_something"], same["preview"]["counts"]["same"]) == (False, 1)
    assert client.post(f"/api/v1/imports/{same['id']}/drop", json={}).json["state"] == "dropped"
    assert [row["state"] for row in client.get("/api/v1/imports").json["imports"]] == ["dropped", "applied"]


def test_a_file_without_faults_leaves_nothing_over(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    brought = bring(client, f"{HEAD}\nkas;Kas;finance\n").json
    address = f"/api/v1/imports/{brought['id']}"
    applied = client.post(f"{address}/apply", json={"digest": brought["preview"]["digest"]})
    assert (applied.status_code, applied.json["state"], "left" in applied.json) == (200, "applied", False)
    assert client.get(address).json == applied.json


def test_what_is_no_table_and_what_names_no_mapping_is_refused_as_json(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    assert bring(client, "").status_code == 422
    assert client.post("/api/v1/imports/units", data={}).json["error"]["faults"][0]["field"] == "file"
    assert bring(client, f"{HEAD}\na;A;\n", mapping="never kept").json["error"]["code"] == "mapping_not_found"


def test_hr_reads_people_roles_and_levels_of_those_whom_they_look_after_alone(cast: Cast) -> None:
    mentee, unit_hr = cast.mentee, cast.person("unit_hr", cast.statistics)
    hr = cast.client(cast.coordinator)
    given = hr.post(f"/api/v1/people/{unit_hr.id}/roles", json={"role": "manager", "unit_id": cast.statistics.id})
    assert given.status_code == 201
    grant_id = given.json["role"]["id"]
    everyone = hr.get("/api/v1/directory?limit=1").json
    assert (len(everyone["people"]), everyone["total"]) == (1, 3)
    assert len(hr.get("/api/v1/directory", query_string={"after": everyone["next_after"]}).json["people"]) == 2
    levels = {row["person_id"]: row for row in hr.get(f"/api/v1/levels?unit={cast.budget.id}").json["people"]}
    assert [(need["code"], need["gap"]) for need in levels[mentee.id]["levels"]] == [("T.1", 2), ("T.2", 1), ("T.3", 0)]
    of_unit = cast.client(unit_hr)
    assert [person["id"] for person in of_unit.get("/api/v1/directory").json["people"]] == [unit_hr.id]
    assert of_unit.get(f"/api/v1/people/{mentee.id}/roles").status_code == 404
    assert bring(of_unit, HEAD).status_code == 403
    assert hr.delete(f"/api/v1/people/{unit_hr.id}/roles/{grant_id}").json == {"roles": []}
    assert cast.client(mentee).get("/api/v1/directory").status_code == 403


def test_everyone_reads_what_a_job_asks_and_who_works_where(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    assert {line["required"] for line in client.get("/api/v1/standards/jobs/analis").json["standard"]} == {3}
    assert client.get("/api/v1/standards/tiers/jf_ahli_muda").json["standard"] == []
    assert [job["code"] for job in client.get("/api/v1/standards").json["jobs"]] == ["analis"]
    people = client.get(f"/api/v1/units/{cast.budget.id}/people").json["people"]
    assert [person["id"] for person in people] == [cast.mentee.id]


def test_a_profile_is_written_only_over_what_was_read(cast: Cast) -> None:
    person: Person = cast.mentee
    client = cast.client(person)
    words = {"timezone": "Asia/Jakarta", "languages": ["id"], "in_field_since": 2015}
    unseen = client.put("/api/v1/me/profile", json=words | {"bio": "Unseen"})
    assert (unseen.status_code, unseen.json["error"]["faults"][0]["field"]) == (422, "stamp")
    stamp = client.get("/api/v1/me").json["stamp"]
    first = client.put("/api/v1/me/profile", json=words | {"bio": "First", "stamp": stamp})
    assert first.status_code == 200
    late = client.put("/api/v1/me/profile", json=words | {"bio": "Late", "stamp": stamp})
    assert (late.status_code, late.json["error"]["code"]) == (409, "changed_meanwhile")
    assert client.put("/api/v1/me/profile", json=words | {"bio": "Next", "stamp": first.json["stamp"]}).status_code == 200
