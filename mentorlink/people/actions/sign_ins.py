"""Signing in, and signed-in devices: kept awake, ended.

A password is checked between two short transactions, not inside one: its 20 ms of work would hold the write lock of the
embedded database. What was checked is compared again when the sign-in is opened.
"""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.actions.throttle import Try, forgive_try, take_try
from mentorlink.people.events import SignedOut
from mentorlink.people.inputs import SignInInput
from mentorlink.people.models import Account, DemoSignIn, Person, SignIn
from mentorlink.people.queries.accounts import credentials_of
from mentorlink.people.rules import hash_password, needs_new_hash, password_matches

SEEN_EVERY = timedelta(minutes=1)


def sign_in(actor: Actor, data: SignInInput, *, user_agent: str = "", address: str = "") -> str:
    """The token of a new sign-in, for the cookie. Whatever is wrong, the refusal and the work are the same."""
    attempt = Try("sign_in", login_key(data.login), address)
    take_try(actor, attempt)
    found = credentials_of(data.login)
    usable = found if found and found.state == "active" else None
    checked = usable.password_hash if usable else None
    if not password_matches(checked, data.password) or usable is None or checked is None:
        note_failed_sign_in(actor, found.person_id if found else None, address=address)
        raise Invalid(Fault("", "sign_in_failed"))
    better = hash_password(data.password) if needs_new_hash(checked) else None
    token = open_sign_in(
        actor, usable.person_id, checked_hash=checked, better_hash=better, user_agent=user_agent, address=address
    )
    forgive_try(actor, attempt)
    return token


@action
def note_failed_sign_in(actor: Actor, person_id: int | None, *, address: str = "") -> None:
    """Write a failed sign-in down; of an unknown account nothing but the address."""
    ensure(policy.anyone, actor)
    record_audit(actor, "sign_in_failed", "person" if person_id else "", person_id, address=address)


@action
def open_sign_in(
    actor: Actor, person_id: int, *, checked_hash: str, better_hash: str | None = None, user_agent: str = "", address: str = ""
) -> str:
    """A new device of somebody whose password was just found right against ``checked_hash``."""
    ensure(policy.may_open_sign_in, actor, db.session.get(Person, person_id))
    account = lock(db.session.get_one(Account, person_id))
    if account.password_hash != checked_hash:
        raise Conflict("password_just_changed")
    if better_hash:
        account.password_hash = better_hash
    return new_sign_in(person_id, user_agent=user_agent, address=address)


@action
def sign_in_as_demo(actor: Actor, person_id: int, *, user_agent: str = "", address: str = "") -> str:
    """The token of a new sign-in as somebody of the demo, without password; only where the demo runs."""
    ensure(policy.anyone, actor)
    offer = sa.select(DemoSignIn).where(DemoSignIn.person_id == person_id).with_for_update(of=DemoSignIn)
    offered = db.session.scalar(offer) if settings.current().demo else None
    if offered is None or not offered.person.is_active or not offered.person.of_demo:
        raise NotFound()
    return new_sign_in(person_id, user_agent=user_agent, address=address)


def end_demo(actor: Actor) -> None:
    """Before somebody real comes in, inside an action: nobody gets in without a password from now on.

    Devices of the demo's people are signed out, but for those of who acts: they see what came of it.
    """
    if not db.session.execute(sa.delete(DemoSignIn)).rowcount:  # type: ignore[attr-defined]  # a DELETE answers with a cursor
        return
    for person_id in db.session.scalars(sa.select(Person.id).where(Person.of_demo, Person.id != (actor.person_id or 0))).all():
        end_sign_ins(person_id)
    record_audit(actor, "demo_ended")


@action
def touch_sign_in(actor: Actor, sign_in_id: int) -> None:
    """Note that the device was used just now; a sign-in that has ended stays ended."""
    ensure(policy.may_use_own_account, actor)
    instant = clock.now()
    db.session.execute(
        sa.update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.person_id == actor.person_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at < instant - SEEN_EVERY,
        )
        .values(seen_at=instant)
    )


@action
def end_sign_in(actor: Actor, sign_in_id: int) -> None:
    """Sign the actor out of one of their devices."""
    ensure(policy.may_use_own_account, actor)
    if not end_sign_ins(actor.person_id, only=sign_in_id):
        raise NotFound()
    record_audit(actor, "signed_out", "person", actor.person_id)


@action
def end_other_sign_ins(actor: Actor, keep_id: int | None) -> int:
    """Sign the actor out of every device but one; returns how many that were."""
    ensure(policy.may_use_own_account, actor)
    ended = len(end_sign_ins(actor.person_id, keep=keep_id))
    if ended:
        record_audit(actor, "other_devices_signed_out", "person", actor.person_id, devices=ended)
    return ended


def new_sign_in(person_id: int, *, user_agent: str, address: str) -> str:
    """Add a sign-in inside an action; returns its token, which is kept nowhere."""
    token, instant = crypto.new_token(), clock.now()
    db.session.add(
        SignIn(
            person_id=person_id,
            token_hash=crypto.token_hash(token),
            user_agent=user_agent[:300],
            address=address[:45],
            created_at=instant,
            seen_at=instant,
        )
    )
    record_audit(Actor(person_id=person_id), "signed_in", "person", person_id, address=address)
    return token


def end_sign_ins(person_id: int | None, *, only: int | None = None, keep: int | None = None) -> list[int]:
    """End a person's open sign-ins inside an action and tell of each; returns their ids."""
    conditions = [SignIn.person_id == person_id, SignIn.ended_at.is_(None)]
    if only is not None:
        conditions.append(SignIn.id == only)
    if keep is not None:
        conditions.append(SignIn.id != keep)
    ended = list(db.session.scalars(sa.update(SignIn).where(*conditions).values(ended_at=clock.now()).returning(SignIn.id)))
    for sign_in_id in ended:
        record(SignedOut(int(person_id or 0), sign_in_id))
    return ended


def login_key(login: str) -> str:
    """One spelling of an e-mail address or NIP, for counting."""
    digits = re.sub(r"[\s.\-]", "", login)
    return digits if re.fullmatch(r"[0-9]{18}", digits) else login.strip().lower()
