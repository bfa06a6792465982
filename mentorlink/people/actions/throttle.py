"""Failed tries, counted in the database so that all workers agree."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.errors import TooMany
from mentorlink.people import policy
from mentorlink.people.models import Attempt, Person, SignIn
from mentorlink.people.rules import Count, after_failure, after_success, wait_seconds

PER_ADDRESS = 12
"""An office may sit behind one address, so an address may fail this many times as often as a pair."""

PER_ACCOUNT = 6
"""Many addresses at one account: from here on only addresses the owner has used before are let through."""


@dataclass(frozen=True)
class Try:
    """What one try counts against."""

    deed: str
    login: str
    address: str

    @property
    def pair(self) -> str:
        return crypto.token_hash(f"{self.deed}|pair|{self.login}|{self.address}")

    @property
    def account(self) -> str:
        return crypto.token_hash(f"{self.deed}|account|{self.login}")

    @property
    def place(self) -> str:
        return crypto.token_hash(f"{self.deed}|address|{self.address}")


@action
def take_try(actor: Actor, attempt: Try) -> None:
    """Count a try before it is made, so that a burst at once counts in full; TooMany while there is a pause.

    The owner is not locked out: failures from elsewhere pause other addresses, never one that the owner signed in from.
    """
    ensure(policy.anyone, actor)
    limit, instant = settings.current().sign_in_attempts, clock.now()
    limits = {attempt.pair: limit, attempt.place: limit * PER_ADDRESS, attempt.account: limit * PER_ACCOUNT}
    rows = _locked(list(limits))
    if _paused(rows[attempt.account]) and _owner_was_here(attempt):
        limits.pop(attempt.account)
    wait = max(_paused(rows[key]) for key in limits)
    if wait:
        raise TooMany("too_many_tries", retry_after=wait)
    for key, many in limits.items():
        _write(rows[key], after_failure(_count(rows[key]), many, now=instant))


@action
def forgive_try(actor: Actor, attempt: Try) -> None:
    """The try turned out well: the pair starts anew, the wider counts lose this one only."""
    ensure(policy.anyone, actor)
    rows = _locked([attempt.pair, attempt.place, attempt.account])
    _write(rows[attempt.pair], Count(0, clock.now()))
    for key in (attempt.place, attempt.account):
        count = _count(rows[key])
        if count is not None:
            _write(rows[key], after_success(count))


def _locked(keys: list[str]) -> dict[str, Attempt]:
    fresh = [{"key": key, "failures": 0, "last_at": clock.now()} for key in sorted(keys)]
    db.session.execute(insert_into(Attempt).on_conflict_do_nothing(), fresh)
    rows = db.session.scalars(
        sa.select(Attempt)
        .where(Attempt.key.in_(keys))
        .order_by(Attempt.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.key: row for row in rows}


def _count(row: Attempt) -> Count | None:
    return Count(row.failures, row.last_at, row.paused_until) if row.failures else None


def _paused(row: Attempt) -> int:
    return wait_seconds(_count(row), now=clock.now())


def _write(row: Attempt, count: Count) -> None:
    row.failures, row.last_at, row.paused_until = count.failures, count.last_at, count.paused_until


def _owner_was_here(attempt: Try) -> bool:
    login = attempt.login
    return (
        db.session.scalar(
            sa.select(SignIn.id)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.address == attempt.address, sa.or_(Person.email == login, Person.nip == login))
            .limit(1)
        )
        is not None
    )
