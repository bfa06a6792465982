"""A job is enqueued with its deed, runs after it, once on rows, again after a failure, and is given up in the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink import wiring
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import ATTEMPTS, LEASE, Later, Task
from mentorlink.people.models import Field
from mentorlink.web.mail import send_mail
from tests.cast import Cast


@pytest.fixture
def done(cast: Cast) -> Iterator[list[dict[str, Any]]]:
    """What the handler ``note`` was given; it also leaves a row."""
    seen: list[dict[str, Any]] = []

    def note(payload: dict[str, Any]) -> None:
        db.session.add(Field(code=f"job-{payload['n']}-{len(seen)}", name={}))
        db.session.flush()
        seen.append(payload)
        if payload.get("fails"):
            raise RuntimeError("no luck")

    jobs.handlers["note"] = note
    jobs.every.clear()
    yield seen
    wiring.wire_all()


def enqueue(**payload: Any) -> None:
    with transaction():
        jobs.enqueue("note", payload)


def rows() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Field).where(Field.code.like("job-%"))) or 0


def test_a_job_of_a_deed_that_failed_is_never_run(cast: Cast, done: list[Any]) -> None:
    def fail() -> None:
        with transaction():
            jobs.enqueue("note", {"n": 1})
            raise RuntimeError("the deed fails")

    with pytest.raises(RuntimeError):
        fail()
    assert jobs.run_due() == 0
    assert done == []


def test_a_job_runs_once(cast: Cast, done: list[Any]) -> None:
    enqueue(n=1)
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert done == [{"n": 1}]


def test_a_job_waits_until_it_is_due(cast: Cast, done: list[Any]) -> None:
    with transaction():
        jobs.enqueue("note", {"n": 1}, run_at=clock.now() + timedelta(days=2))
    assert jobs.run_due() == 0
    with clock.at(clock.now() + timedelta(days=40)):
        assert jobs.run_due() == 1


def test_said_twice_under_one_key_it_stands_once(cast: Cast, done: list[Any]) -> None:
    for _ in range(2):
        with transaction():
            jobs.enqueue("note", {"n": 1}, dedupe_key="once")
    assert jobs.run_due() == 1


def test_a_failed_job_leaves_no_row_and_comes_again_later(cast: Cast, done: list[Any]) -> None:
    enqueue(n=1, fails=True)
    jobs.run_due()
    assert len(done) == 1
    assert rows() == 0
    assert jobs.run_due() == 0
    task = db.session.scalars(sa.select(Task)).one()
    assert "no luck" in (task.last_error or "")
    with clock.at(task.run_at + timedelta(seconds=1)):
        assert jobs.run_due() == 1


def test_after_too_many_attempts_it_is_given_up(cast: Cast, done: list[Any]) -> None:
    enqueue(n=1, fails=True)
    for day in range(1, ATTEMPTS + 3):
        with clock.at(datetime.now(UTC) + timedelta(days=day)):
            jobs.run_due()
    assert len(done) == ATTEMPTS
    assert [job.last_error for job in jobs.given_up()] == ["RuntimeError('no luck')"]
    assert jobs.try_again() == 1
    assert jobs.given_up() == []
    assert (jobs.run_due(), len(done)) == (1, ATTEMPTS + 1)


def test_a_job_that_waits_for_the_world_is_never_given_up(cast: Cast, done: list[Any]) -> None:
    there = False

    def lead(payload: dict[str, Any]) -> None:
        if not there:
            raise Later("no way out yet")
        done.append(payload)

    jobs.handlers["note"] = lead
    enqueue(n=1)
    for day in range(1, ATTEMPTS + 3):
        with clock.at(datetime.now(UTC) + timedelta(days=day)):
            assert (jobs.run_due(), jobs.run_due()) == (1, 0)
    task = db.session.scalars(sa.select(Task)).one()
    assert (task.dead_at, task.attempts, task.last_error) == (None, 0, "no way out yet")
    there = True
    with clock.at(datetime.now(UTC) + timedelta(days=30)):
        assert jobs.run_due() == 1
    assert done == [{"n": 1}]


def test_without_a_mail_server_mails_are_files_and_without_a_folder_they_wait(cast: Cast, tmp_path: Path) -> None:
    payload = {"to_person_id": cast.mentee.id, "template": "notifications/digest", "facts": {}}
    message, settings = EmailMessage(), cast.app.config["SETTINGS"]
    message["Message-ID"] = "<one@house.example>"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mentorlink.web.mail.compose", lambda *_: message)
        for url in ("postgresql+psycopg://nowhere/none", f"sqlite:///{tmp_path}/data.db"):
            patched.setitem(cast.app.config, "SETTINGS", settings.model_copy(update={"database_url": url, "smtp_url": ""}))
            with nullcontext() if url.startswith("sqlite") else pytest.raises(Later):
                send_mail(payload)
    assert [file.name for file in (tmp_path / "mail").iterdir()] == ["one.eml"]


def test_a_job_whose_worker_died_is_taken_up_when_its_lease_ends(cast: Cast, done: list[Any]) -> None:
    enqueue(n=1)
    with transaction():
        db.session.execute(sa.update(Task).values(leased_until=clock.now() + LEASE, attempts=1))
    assert jobs.run_due() == 0
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        assert jobs.run_due() == 1


def test_four_workers_run_each_job_once(cast: Cast, done: list[Any]) -> None:
    for number in range(40):
        enqueue(n=number)

    def work() -> None:
        with cast.app.app_context():
            while jobs.run_due():
                pass
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(payload["n"] for payload in done) == list(range(40))
    assert rows() == 40


def test_two_schedulers_enqueue_a_period_once(cast: Cast, done: list[Any]) -> None:
    jobs.every["note"] = timedelta(hours=1)
    with clock.at(datetime(2026, 1, 5, 9, tzinfo=UTC)):
        jobs.schedule()
        jobs.schedule()
    with clock.at(datetime(2026, 1, 5, 10, tzinfo=UTC)):
        jobs.schedule()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == 2


def test_what_leaves_the_house_holds_up_nobody_who_writes(cast: Cast, done: list[Any]) -> None:
    def write() -> None:
        with cast.app.app_context(), transaction():
            db.session.add(Field(code="job-beside", name={}))

    def send(payload: dict[str, Any]) -> None:
        beside = threading.Thread(target=write)
        beside.start()
        beside.join(5)
        assert not beside.is_alive()
        done.append(payload)

    jobs.handlers["note"] = send
    jobs.apart.add("note")
    enqueue(n=1)
    assert jobs.run_due() == 1
    assert done == [{"n": 1}]
    assert rows() == 1
    assert db.session.scalar(sa.select(Task.done_at)) is not None


def test_a_mail_that_could_not_be_sent_is_tried_again(cast: Cast, done: list[Any]) -> None:
    def refuse(payload: dict[str, Any]) -> None:
        done.append(payload)
        raise OSError("the mail server is away")

    jobs.handlers["note"] = refuse
    jobs.apart.add("note")
    enqueue(n=1)
    assert jobs.run_due() == 1
    task = db.session.scalar(sa.select(Task))
    assert task is not None
    assert (task.done_at, task.leased_until, task.attempts) == (None, None, 1)
    with clock.at(task.run_at):
        assert jobs.run_due() == 1
    assert len(done) == 2


def test_what_is_soon_waits_for_nothing_slow_that_runs_apart_too(cast: Cast, done: list[Any]) -> None:
    begun, may_end, stop = threading.Event(), threading.Event(), threading.Event()

    def compute(payload: dict[str, Any]) -> None:
        begun.set()
        assert may_end.wait(60)

    def note(payload: dict[str, Any]) -> None:
        assert begun.wait(60)
        done.append(payload)
        may_end.set()

    jobs.handlers.update(slow=compute, soon=note)
    jobs.apart.update(("slow", "soon"))
    jobs.alone.add("soon")
    with transaction():
        jobs.enqueue("slow", {})
        jobs.enqueue("soon", {"n": 1})
    worker = threading.Thread(target=jobs.work, args=(cast.app, stop), kwargs={"pause": 0.01})
    worker.start()
    assert may_end.wait(60)
    stop.set()
    worker.join(60)
    assert done == [{"n": 1}]


def test_a_slow_job_apart_holds_up_nothing_that_is_due(cast: Cast, done: list[Any]) -> None:
    begun, may_end, stop = threading.Event(), threading.Event(), threading.Event()

    def compute(payload: dict[str, Any]) -> None:
        begun.set()
        assert may_end.wait(60)

    def note(payload: dict[str, Any]) -> None:
        done.append(payload)
        may_end.set()

    jobs.handlers.update(slow=compute, note=note)
    jobs.apart.add("slow")
    with transaction():
        jobs.enqueue("slow", {})
    worker = threading.Thread(target=jobs.work, args=(cast.app, stop), kwargs={"pause": 0.01})
    worker.start()
    try:
        assert begun.wait(60)
        enqueue(n=1)
        assert may_end.wait(60)
    finally:
        may_end.set()
        stop.set()
        worker.join(60)
    assert done == [{"n": 1}]
