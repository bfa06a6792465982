"""JSON of people."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.people.models import Person, SignIn
from tests.cast import Cast

NIP = "198901012014032001"


def test_a_refusal_is_json_with_code_facts_and_faults(cast: Cast) -> None:
    nobody = cast.client().get("/api/v1/me")
    assert (nobody.status_code, nobody.json) == (401, {"error": {"code": "not_signed_in", "facts": {}, "faults": []}})
    client = cast.client(cast.mentee)
    assert client.get("/api/v1/people/999999").json == {"error": {"code": "not_found", "facts": {}, "faults": []}}
    bad = client.put("/api/v1/me/profile", json={"timezone": "Mars", "rank": "IV/e", "bio": "x" * 1501, "stamp": "s"})
    assert bad.status_code == 422
    assert bad.json is not None
    assert {(fault["field"], fault["code"]) for fault in bad.json["error"]["faults"]} == {
        ("timezone", "timezone_unknown"), ("rank", "extra_forbidden"), ("bio", "string_too_long"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("x", "text/plain", 415),
    ],
)
def test_what_is_no_json_object_is_refused_as_json(cast: Cast, body: str, kind: str, status: int) -> None:
    answer = cast.client(cast.mentee).put("/api/v1/me/profile", data=body, content_type=kind)
    assert (answer.status_code, answer.json) == (status, {"error": {"code": f"http_{status}", "facts": {}, "faults": []}})


def test_oneself_is_shown_whole_and_a_colleague_without_what_is_private(cast: Cast) -> None:
    person = cast.person("mentee", cast.budget, nip=NIP)
    me = cast.client(person).get("/api/v1/me").json
    assert me is not None
    assert (me["person"]["nip"], me["person"]["email"]) == (NIP, person.email)
    for who in (cast.mentor, cast.administrator):
        colleague = cast.client(who).get(f"/api/v1/people/{person.id}").json
        assert colleague is not None
        assert set(colleague["person"]) == {
            "id", "name", "full_name", "job", "tier", "field", "unit", "in_field_since", "languages", "place", "timezone",
            "bio", "can_help_with", "wants_to_grow_in",
        }  # fmt: skip


def test_search_finds_colleagues_by_name(cast: Cast) -> None:
    cast.person("ayu", cast.budget, name="Ni Luh Ayu")
    found = cast.client(cast.mentor).get("/api/v1/people?q=ayu").json
    assert found is not None
    assert [set(person) for person in found["people"]] == [{"id", "name", "initials", "job", "unit"}]


def test_changing_takes_the_form_secret_in_a_header(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    stamp = client.get("/api/v1/me").json["stamp"]  # type: ignore[index]
    profile = {"timezone": "Asia/Makassar", "bio": "Halo", "stamp": stamp}
    cast.app.config["WTF_CSRF_ENABLED"] = True
    try:
        refused = client.put("/api/v1/me/profile", json=profile)
        assert (refused.status_code, refused.json) == (400, {"error": {"code": "csrf", "facts": {}, "faults": []}})
        secret = client.get("/api/v1/me").json["csrf_token"]  # type: ignore[index]
        done = client.put("/api/v1/me/profile", json=profile, headers={"X-CSRFToken": secret})
    finally:
        cast.app.config["WTF_CSRF_ENABLED"] = False
    assert done.status_code == 200
    assert db.session.scalar(sa.select(Person.bio).where(Person.email == "mentee@nusaraya.example")) == "Halo"


def test_an_ended_sign_in_opens_nothing(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    assert client.get("/api/v1/me").status_code == 200
    db.session.execute(sa.update(SignIn).values(ended_at=SignIn.created_at))
    db.session.commit()
    assert client.get("/api/v1/me").status_code == 401
