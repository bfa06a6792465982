"""New passwords."""

from __future__ import annotations

from collections.abc import Iterable

from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.actions.sign_ins import end_sign_ins
from mentorlink.people.actions.throttle import Try, forgive_try, take_try
from mentorlink.people.inputs import PasswordChangeInput
from mentorlink.people.models import Account, Person
from mentorlink.people.queries.accounts import password_hash_of
from mentorlink.people.queries.units import agency_names
from mentorlink.people.rules import hash_password, password_faults, password_matches


def change_password(
    actor: Actor, person: Person, data: PasswordChangeInput, *, keep_sign_in: int | None = None, address: str = ""
) -> None:
    """Give the person a new password; every other device is signed out. The present one is asked for, and throttled."""
    ensure(policy.may_edit_own_profile, actor, person)
    person_id, known = person.id, (person.name, person.email, person.nip or "")
    attempt = Try("change_password", str(person_id), address)
    take_try(actor, attempt)
    present = password_hash_of(person_id)
    if not password_matches(present, data.current) or present is None:
        raise Invalid(Fault("current", "password_wrong"))
    new_hash = sound_password(data.password, known=known)
    replace_password(actor, person_id, checked_hash=present, new_hash=new_hash, keep_sign_in=keep_sign_in, address=address)
    forgive_try(actor, attempt)


@action
def replace_password(
    actor: Actor, person_id: int, *, checked_hash: str, new_hash: str, keep_sign_in: int | None, address: str = ""
) -> None:
    """Put the new hash in the place of the one that was just found right; Conflict if that has changed meanwhile."""
    ensure(policy.may_edit_own_profile, actor, db.session.get_one(Person, person_id))
    if lock(db.session.get_one(Account, person_id)).password_hash != checked_hash:
        raise Conflict("password_just_changed")
    set_password(db.session.get_one(Person, person_id), new_hash, keep_sign_in=keep_sign_in)
    record_audit(actor, "password_changed", "person", person_id, address=address)


def set_password(person: Person, password_hash: str, *, keep_sign_in: int | None = None) -> None:
    """Write a person's new password inside an action and end their sign-ins, but for one."""
    account = db.session.get(Account, person.id) or Account(person_id=person.id)
    account.password_hash, account.password_changed_at = password_hash, clock.now()
    db.session.add(account)
    db.session.flush()
    end_sign_ins(person.id, keep=keep_sign_in)


def sound_password(password: str, *, known: Iterable[str]) -> str:
    """The hash of a new password; Invalid if it is too short, too long or guessable."""
    faults = password_faults(password, known=(*known, *agency_names().values()))
    if faults:
        raise Invalid(*(Fault("password", code) for code in faults))
    return hash_password(password)
