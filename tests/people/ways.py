"""What the tests of people do again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import Task
from mentorlink.people.models import Account, AuditEntry, Person, SignIn
from mentorlink.people.rules import hash_password
from tests.cast import Cast

PASSWORD = "bukit hujan sepatu"
NEW_PASSWORD = "lampu meja rotan 7"
NOBODY = Actor(person_id=None)


@cache
def hashed(password: str = PASSWORD) -> str:
    """A hash made once per run."""
    return hash_password(password)


def give_password(person: Person) -> Person:
    """Let a person of the cast sign in with ``PASSWORD``."""
    person_id = person.id
    db.session.add(Account(person_id=person_id, password_hash=hashed()))
    db.session.commit()
    return db.session.get_one(Person, person_id)


def sign_in_of(token: str) -> SignIn | None:
    """The sign-in that a cookie's token stands for, ended or not; None if there never was one."""
    return db.session.scalar(sa.select(SignIn).where(SignIn.token_hash == crypto.token_hash(token)))


def mails(template: str) -> list[dict[str, Any]]:
    """Payloads of mails waiting to go out, oldest first."""
    db.session.rollback()
    waiting = db.session.scalars(sa.select(Task.payload).where(Task.kind == "mail.send").order_by(Task.id))
    return [payload for payload in waiting if payload["template"] == template]


def key_in(payload: dict[str, Any]) -> str:
    """The secret of the link in a mail."""
    return crypto.unseal(payload["facts"]["sealed_key"].encode())


def deeds() -> list[str]:
    """Codes of what is in the record, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))


def at_once(cast: Cast, *calls: Callable[[], object]) -> list[BaseException | None]:
    """Run the calls in threads that start together; what each raised, in their order."""
    raised: list[BaseException | None] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number: int, call: Callable[[], object]) -> None:
        with cast.app.app_context():
            start.wait()
            try:
                call()
            except BaseException as error:
                raised[number] = error
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
