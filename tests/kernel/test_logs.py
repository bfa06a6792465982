"""The log says what went wrong, and never whose data it went wrong with."""

import json
import logging
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from mentorlink.kernel import logs
from mentorlink.kernel.db import db
from mentorlink.web import errors
from mentorlink.web.people import audit
from tests.cast import Cast


def test_a_broken_constraint_is_logged_without_the_values(cast: Cast) -> None:
    person = cast.mentee
    values = {"email": person.email, "name": "Canary", "folded_name": "canary", "unit_id": person.unit_id, "languages": ["id"]}
    with pytest.raises(sa.exc.IntegrityError) as broken:
        db.session.execute(
            sa.insert(type(person)),
            [values | {"state": "active", "locale": "id", "timezone": "Asia/Jakarta", "created_at": person.created_at}],
        )
    db.session.rollback()
    line: Any = {"exception": [{"exc_value": str(broken.value)}]}
    logged = str(logs._keep_values_out(None, "", line)) + logs.named(broken.value)
    assert "person" in logged
    assert [word for word in (person.email, "Canary", "canary") if word in logged] == []


def test_a_failure_carries_one_number_on_the_page_and_in_every_line_of_the_log(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    logs.set_up("info")
    monkeypatch.setattr(errors, "log", structlog.get_logger("errors"))

    def fail(_actor: object) -> None:
        raise RuntimeError("nothing works")

    monkeypatch.setattr(audit.people, "audit_acts_for", fail)
    client = cast.client(cast.administrator)
    pages = [client.get("/audit") for _ in range(2)]
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    structlog.configure(**before)
    assert [page.status_code for page in pages] == [500, 500]
    numbers = [line["request"] for line in lines if line["event"] == "request failed"]
    assert len(set(numbers)) == 2
    for number, page in zip(numbers, pages, strict=True):
        assert number in page.text
        assert [line["status"] for line in lines if line["request"] == number and line["event"] == "answered"] == [500]


def test_an_address_that_is_a_key_by_itself_is_not_logged(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    logs.set_up("info")
    token = "k" * 40
    assert cast.client().get(f"/calendar/{token}.ics").status_code == 404
    said = capsys.readouterr().err
    structlog.configure(**before)
    assert "/calendar/[hidden].ics" in said
    assert token not in said


def test_what_a_library_warns_of_is_one_line_of_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        logs.set_up("info")
        try:
            raise ValueError("it broke\nDETAIL: Key (email)=(rina@x.example)")
        except ValueError:
            logging.getLogger("library").exception('a "quoted" word\nDETAIL: rina@x.example')
        said = capsys.readouterr().err
    finally:
        structlog.configure(**before)
        root.handlers = handlers
    (line,) = said.splitlines()
    read = json.loads(line)
    assert (read["logger"], read["level"], read["event"].strip()) == ("library", "error", 'a "quoted" word')
    assert "rina@" not in line
