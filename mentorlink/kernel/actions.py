"""Use cases. One action is one transaction; its news goes to the effects within and after the commit."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError

from mentorlink.kernel import events
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, writers_turn, writing
from mentorlink.kernel.errors import Denied, NotFound
from mentorlink.kernel.events import Event

P = ParamSpec("P")
R = TypeVar("R")

_recorded: ContextVar[deque[Event] | None] = ContextVar("recorded", default=None)
log = structlog.get_logger(__name__)

TRIES = 3
_CROSSED = ("40P01", "40001")
"""PostgreSQL's codes of a deadlock and of transactions that cannot be put in one order."""


def action(use_case: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Make ``verb_noun(actor, …)`` a use case: the outermost opens the transaction, an inner one joins it.

    What the door read before is expired and read again under the write lock, so an action decides on fresh rows. Where two
    actions wait for each other's rows, PostgreSQL undoes one of them; that one is done again from its beginning.
    """

    @wraps(use_case)
    def run(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        if _recorded.get() is not None:
            return use_case(actor, *args, **kwargs)
        for again in range(TRIES):
            try:
                with transaction():
                    return use_case(actor, *args, **kwargs)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _CROSSED or again == TRIES - 1:
                    raise
                time.sleep(random.uniform(0.02, 0.1))  # noqa: S311  # so that the two do not cross again
        raise AssertionError("the last try returns or raises")

    run.is_action = True  # type: ignore[attr-defined]  # read by the house tests
    return run


def in_transaction() -> bool:
    """True inside an action, which another one would join."""
    return _recorded.get() is not None


def ensure(predicate: Callable[..., bool], *args: object) -> None:
    """The lock of a room: raise Denied, coded by the predicate's name, unless it holds."""
    if not predicate(*args):
        raise Denied(predicate.__name__)


def record(event: Event) -> None:
    """Tell what happened. The effects within run before the outermost action commits."""
    queue = _recorded.get()
    if queue is None:
        raise RuntimeError("an event is recorded inside an action")
    queue.append(event)


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction with its effects; ``@action`` and the job runner open it, nobody else."""
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("rows were changed outside an action")
    db.session.rollback()
    queue: deque[Event] = deque()
    happened: list[Event] = []
    recording, locking = _recorded.set(queue), writing.set(True)
    try:
        with writers_turn():
            yield
            while queue:
                happened.append(queue.popleft())
                for effect in events.within.get(type(happened[-1]), ()):
                    effect(happened[-1])
            db.session.commit()
    except ObjectDeletedError:
        db.session.rollback()
        raise NotFound() from None
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _recorded.reset(recording)
        writing.reset(locking)
    for event in happened:
        _tell(event)


def _tell(event: Event) -> None:
    for effect in events.after.get(type(event), ()):
        try:
            effect(event)
        except Exception:  # the deed stands; whoever listens later must not undo or hide it
            db.session.rollback()
            log.exception("effect failed", effect=effect.__qualname__, deed=type(event).__name__)
