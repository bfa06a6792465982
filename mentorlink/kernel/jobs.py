"""The outbox and the task table: work that must not be lost, enqueued in the transaction of the deed and done after it.

A worker leases a job by a conditional UPDATE, runs its handler in one transaction with marking it done, and on failure
tries again later with growing pauses. A handler's effect on rows therefore happens exactly once. What leaves the house
(a mail) or takes long (a matching round) runs apart: outside that transaction and in a thread of its own, so that neither a
slow mail server nor a long computation holds up who writes or what is due. Such a handler may run more than once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel import clock
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.db import Base, Instant, Json, db
from mentorlink.kernel.logs import named

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], None]
handlers: dict[str, Handler] = {}
"""Task kind → handler. ``mentorlink/wiring.py`` alone fills it."""

apart: set[str] = set()
"""Task kinds that run outside the transaction, in their own thread. What such a handler writes it writes by actions, and so
that a second run does no harm. ``mentorlink/wiring.py`` alone fills it."""

alone: set[str] = set()
"""Of those, task kinds with a thread for themselves: nothing else that waits for the world holds them up.
``mentorlink/wiring.py`` alone fills it."""

every: dict[str, timedelta] = {}
"""Task kind → how often it runs by itself. ``mentorlink/wiring.py`` alone fills it."""


_beats: dict[threading.Thread, datetime] = {}
"""Threads that work in this process → when each last began something."""


class Application(Protocol):
    """What the worker needs of the application."""

    def app_context(self) -> AbstractContextManager[Any]:
        """The context in which database work runs."""


LEASE = timedelta(minutes=5)
"""A job whose worker is gone is taken by another after so long."""
SILENCE = timedelta(hours=1)
"""So long one job may keep a worker busy; a round of many thousands takes minutes."""
ATTEMPTS = 8
"""A job that failed so often is given up, until somebody has looked at it."""
LATER = timedelta(hours=6)
"""A job that cannot be done yet is tried again after so long, as often as it takes."""


class Later(Exception):
    """Raised by a handler whose job is not at fault: what it needs of the world is not there yet, and its job waits."""


_running: ContextVar[int | None] = ContextVar("running", default=None)


class Task(Base):
    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60), comment="which handler")
    payload: Mapped[dict[str, Any]] = mapped_column(Json, comment="ids and facts for the handler")
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(200), unique=True, comment="said twice, stands once")
    run_at: Mapped[datetime] = mapped_column(Instant, comment="not before")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Instant, comment="a worker has it until then")
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    dead_at: Mapped[datetime | None] = mapped_column(Instant, comment="given up after too many attempts")
    last_error: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (
        sa.Index("ix_task_due", "run_at", sqlite_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
                 postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL")),
    )  # fmt: skip


def enqueue(kind: str, payload: dict[str, Any], *, run_at: datetime | None = None, dedupe_key: str | None = None) -> None:
    """Add a job in the current transaction. A second one with the same ``dedupe_key`` is not added."""
    if dedupe_key is not None and db.session.scalar(sa.select(Task.id).where(Task.dedupe_key == dedupe_key)):
        return
    db.session.add(Task(kind=kind, payload=payload, run_at=run_at or clock.now(), dedupe_key=dedupe_key))


def enqueue_many(kind: str, payloads: Mapping[str, dict[str, Any]], *, run_at: datetime | None = None) -> None:
    """Add many jobs in the current transaction, by their ``dedupe_key``, none of which stands yet."""
    instant = run_at or clock.now()
    rows = [
        {"kind": kind, "payload": payload, "run_at": instant, "dedupe_key": key, "attempts": 0}
        for key, payload in payloads.items()
    ]
    if rows:
        db.session.execute(sa.insert(Task), rows)


def discard(kind: str) -> None:
    """Drop the waiting jobs of ``kind``. The demo does so with the mails of its made-up year."""
    with transaction():
        db.session.execute(sa.delete(Task).where(Task.kind == kind, Task.done_at.is_(None)))


def given_up() -> list[Task]:
    """The jobs that failed too often, oldest first."""
    return list(db.session.scalars(sa.select(Task).where(Task.dead_at.is_not(None)).order_by(Task.dead_at, Task.id)))


def try_again() -> int:
    """Let all jobs that were given up be due once more; returns how many they are."""
    anew = {"dead_at": None, "attempts": 0, "run_at": clock.now()}
    with transaction():
        result = db.session.execute(sa.update(Task).where(Task.dead_at.is_not(None)).values(anew))
    return int(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


def run_due(*, limit: int = 100, only: bool | str | None = None) -> int:
    """Run jobs that are due, oldest first; returns how many were tried. Needs an application context.

    ``only``: True for those that run apart but not alone, a kind for that one, False for those within, None for all.
    """
    tried = 0
    while tried < limit and (task_id := _claim(only)) is not None:
        _run(task_id)
        tried += 1
    return tried


def _claim(only: bool | str | None) -> int | None:
    instant = clock.now()
    free = sa.and_(
        Task.done_at.is_(None),
        Task.dead_at.is_(None),
        Task.run_at <= instant,
        sa.or_(Task.leased_until.is_(None), Task.leased_until < instant),
        _in_lane(only),
    )
    db.session.rollback()
    candidate = db.session.scalar(sa.select(Task.id).where(free).order_by(Task.run_at, Task.id).limit(1))
    if candidate is None:
        db.session.rollback()
        return None
    with transaction():
        claimed = db.session.execute(
            sa.update(Task).where(Task.id == candidate, free).values(leased_until=instant + LEASE, attempts=Task.attempts + 1)
        )
        if claimed.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
            return candidate
    return _claim(only)


def _in_lane(only: bool | str | None) -> sa.ColumnElement[bool]:
    if only is None:
        return sa.true()
    if isinstance(only, str):
        return Task.kind == only
    return Task.kind.in_(apart - alone) if only else Task.kind.not_in(apart)


def _run(task_id: int) -> None:
    try:
        _run_apart(task_id)
        with transaction():
            task = db.session.get_one(Task, task_id, with_for_update=True)
            if task.done_at is None and task.kind not in apart:
                handlers[task.kind](task.payload)
            task.done_at, task.leased_until = clock.now(), None
    except Later as reason:
        log.warning("job waits", task=task_id, reason=str(reason))
        with transaction():
            task = db.session.get_one(Task, task_id)
            task.last_error, task.leased_until, task.run_at = str(reason), None, clock.now() + LATER
            task.attempts -= 1  # this was none
    except Exception as error:
        log.warning("job failed", task=task_id, error=named(error))
        with transaction():
            task = db.session.get_one(Task, task_id)
            task.last_error = named(error)[:2000]
            task.leased_until = None
            task.run_at = clock.now() + timedelta(seconds=min(3600, 5 * 3**task.attempts))
            if task.attempts >= ATTEMPTS:
                task.dead_at = clock.now()


def _run_apart(task_id: int) -> None:
    task = db.session.get_one(Task, task_id)
    if task.kind in apart:
        token = _running.set(task_id)
        try:
            handlers[task.kind](task.payload)
        finally:
            _running.reset(token)
    db.session.rollback()


def keep_lease() -> None:
    """Say between the parts of a long run that it lives, so that no other worker begins it too. Elsewhere nothing happens."""
    task_id = _running.get()
    if task_id is not None:
        db.session.rollback()
        with transaction():
            db.session.execute(sa.update(Task).where(Task.id == task_id).values(leased_until=clock.now() + LEASE))


def schedule() -> None:
    """Enqueue what runs by itself, once per period however many schedulers there are; old jobs go with a new period."""
    instant = clock.now()
    slots = {f"every:{kind}:{int(instant.timestamp() // period.total_seconds())}": kind for kind, period in every.items()}
    there = set(db.session.scalars(sa.select(Task.dedupe_key).where(Task.dedupe_key.in_(slots))))
    db.session.rollback()
    if there.issuperset(slots):
        return
    try:
        with transaction():
            for key, kind in slots.items():
                enqueue(kind, {}, dedupe_key=key)
            db.session.execute(sa.delete(Task).where(Task.done_at < instant - timedelta(days=7)))
    except IntegrityError:  # another scheduler was faster, and has done just this
        log.info("scheduled elsewhere")


def work(app: Application, stop: threading.Event, *, pause: float = 1.0) -> None:
    """The worker: schedule, run what is due, sleep; until ``stop`` is set. What runs apart has threads beside it."""
    lanes: list[bool | str] = [True, *sorted(alone)]
    beside = [threading.Thread(target=_loop, args=(app, stop, pause, lane), name="jobs apart", daemon=True) for lane in lanes]
    for thread in beside:
        thread.start()
    _beats.update(dict.fromkeys((threading.current_thread(), *beside), clock.now()))
    _loop(app, stop, pause, False)
    for thread in beside:
        thread.join(5)
    for thread in (threading.current_thread(), *beside):
        _beats.pop(thread, None)


def alive() -> bool:
    """False where a worker of this process has died, or has been at one job for longer than any may take."""
    since = clock.now() - SILENCE
    return all(thread.is_alive() and beat > since for thread, beat in list(_beats.items()))


def _loop(app: Application, stop: threading.Event, pause: float, only: bool | str) -> None:
    while not stop.is_set():
        _beats[threading.current_thread()] = clock.now()
        try:
            with app.app_context():
                schedule()
                while run_due(limit=1, only=only) and not stop.is_set():
                    _beats[threading.current_thread()] = clock.now()
        except Exception:  # the database may be away for a while; the worker must outlive that
            log.exception("worker stumbles")
        stop.wait(pause)
