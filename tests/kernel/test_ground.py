"""The ground stands: the application starts and serves, and says when it cannot."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, jobs, schema, settings
from mentorlink.kernel.db import db
from tests.cast import Cast


@pytest.fixture
def beats() -> Iterator[dict[threading.Thread, datetime]]:
    kept = dict(jobs._beats)
    yield jobs._beats
    jobs._beats.clear()
    jobs._beats.update(kept)


def test_the_process_says_that_it_lives_and_can_serve(cast: Cast) -> None:
    assert cast.client().get("/healthz").status_code == 200
    assert cast.client().get("/readyz").status_code == 200


def test_it_cannot_serve_with_another_schema_than_the_code_needs(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert schema.there() == schema.needed() != ""
    db.session.rollback()
    monkeypatch.setattr(schema, "needed", lambda: "9999")
    answer = cast.client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the database has another schema than this code\n")


def test_it_cannot_serve_without_its_database(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise sa.exc.OperationalError("SELECT", {}, Exception("no database"))

    monkeypatch.setattr(schema, "there", gone)
    assert cast.client().get("/readyz").status_code == 503
    assert cast.client().get("/healthz").status_code == 200


def test_it_cannot_serve_once_who_does_its_jobs_died_or_hangs(cast: Cast, beats: dict[threading.Thread, datetime]) -> None:
    here, dead = threading.current_thread(), threading.Thread()
    beats[here] = clock.now()
    assert cast.client().get("/readyz").status_code == 200
    beats[here] = clock.now() - jobs.SILENCE - timedelta(seconds=1)
    assert cast.client().get("/readyz").status_code == 503
    beats[here], beats[dead] = clock.now(), clock.now()
    assert cast.client().get("/readyz").status_code == 503


def test_the_day_is_the_one_where_the_house_is(cast: Cast) -> None:
    chosen = settings.current()
    try:
        with clock.at(datetime(2026, 3, 1, 16, tzinfo=UTC)):
            assert clock.today() == date(2026, 3, 1)
            settings.use(chosen.model_copy(update={"default_timezone": "Asia/Jayapura"}))
            assert clock.today() == date(2026, 3, 2)
            assert clock.today("Asia/Jakarta") == date(2026, 3, 1)
    finally:
        settings.use(chosen)
