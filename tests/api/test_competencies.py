"""JSON of findings and of what colleagues see."""

from __future__ import annotations

from tests.cast import Cast


def test_colleagues_are_asked_answer_and_nobody_reads_a_single_answer(cast: Cast) -> None:
    person, head = cast.person("newcomer", cast.budget), cast.client(cast.supervisor)
    near = [cast.person(f"colleague_{place}", cast.budget) for place in range(3)]
    address, own = f"/api/v1/people/{person.id}/colleagues", cast.client(person)
    assert {each.id for each in near} <= {each["id"] for each in own.get(address).json["colleagues"]}
    wanted = {"token": "one-form", "colleagues": [each.id for each in near], "competencies": ["T.1"]}
    too_few = own.post(address, json=wanted | {"colleagues": [near[0].id]})
    assert (too_few.status_code, too_few.json["error"]["faults"][0]["code"]) == (422, "too_few_colleagues")
    asked = own.post(address, json=wanted)
    assert (asked.status_code, asked.json["asked"], len(asked.json["colleagues"])) == (201, 3, 3)
    assert own.post(address, json=wanted).json["id"] == asked.json["id"]
    review = f"/api/v1/colleagues/{asked.json['id']}"
    assert own.get(review).status_code == 404
    first = cast.client(near[0])
    assert [each["id"] for each in first.get("/api/v1/colleagues").json["asked"]] == [asked.json["id"]]
    assert [each["code"] for each in first.get(review).json["competencies"]] == ["T.1"]
    assert first.post(f"{review}/answer", json={"levels": {"T.2": 3}}).status_code == 422
    said = first.post(f"{review}/answer", json={"levels": {"T.1": 3}}).json
    assert (said["mine"], said["levels"]) == ("answered", {"T.1": 3})
    seen = head.get(address).json["asked"][0]
    assert (seen["answered"], seen["colleagues"]) == (1, [])
    assert first.post(f"{review}/withdraw").status_code == 404
    for each in near[1:]:
        assert cast.client(each).post(f"{review}/answer", json={"levels": {"T.1": 2}}).status_code == 200
    over = own.get(address).json["asked"][0]
    assert (over["state"], over["entered"]) == ("closed", 1)
    assert first.get(review).json["levels"] == {}
    assert cast.client(near[1]).post(f"{review}/decline").json["error"]["code"] == "colleagues_over"


def test_who_asked_takes_the_question_back_and_a_sheet_counts_once(cast: Cast) -> None:
    person, head = cast.person("newcomer", cast.budget), cast.client(cast.supervisor)
    near = [cast.person(f"colleague_{place}", cast.budget).id for place in range(3)]
    address = f"/api/v1/people/{person.id}/colleagues"
    asked = head.post(address, json={"token": "one-form", "colleagues": near, "competencies": ["T.1"]}).json
    assert head.post(f"/api/v1/colleagues/{asked['id']}/withdraw").json["state"] == "withdrawn"
    assert cast.client(cast.stranger).get(address).status_code == 404
    sheet = {"token": "one-sheet", "levels": {"T.1": 2}}
    findings = f"/api/v1/people/{person.id}/assessments"
    assert [head.post(f"{findings}/superior", json=sheet).json["added"] for _ in range(2)] == [1, 0]
    assert head.post(f"{findings}/self", json=sheet).status_code == 403
    assert cast.client(cast.stranger).post(f"{findings}/superior", json=sheet).status_code == 404
    own = cast.client(person).post(f"{findings}/self", json=sheet | {"token": "my-sheet"}).json
    evidence = next(row for row in own["map"]["competencies"] if row["code"] == "T.1")["evidence"]
    assert {found["source"] for found in evidence} == {"self", "superior"}
