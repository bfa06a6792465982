"""Adding, changing, disabling people."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.kernel.stamps import refuse_if_changed
from mentorlink.kernel.text import fold
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.actions.links import send_invitation, void_links
from mentorlink.people.actions.roles import keep_an_administrator, lock_administrators
from mentorlink.people.actions.sign_ins import end_demo, end_sign_ins
from mentorlink.people.events import PersonAdded, PersonChanged, PersonLeft, PersonReturned, UnitChanged
from mentorlink.people.inputs import PersonInput
from mentorlink.people.models import Account, Job, Person, Unit
from mentorlink.people.queries.accounts import grants_of
from mentorlink.people.queries.people import taken_keys


@action
def add_person(actor: Actor, unit: Unit, data: PersonInput, *, invite: bool = True) -> Person:
    """Take somebody into ``unit`` and, unless told not to, mail them an invitation."""
    ensure(policy.may_add_person, actor, unit)
    _check(data, unit)
    person = Person(
        unit_id=unit.id,
        languages=["id"],
        timezone=data.timezone or unit.timezone or settings.current().default_timezone,
        locale=data.locale or settings.current().default_locale,
        created_at=clock.now(),
    )
    _write(person, data)
    end_demo(actor)
    with or_refuse(_taken(data)):
        db.session.add(person)
    record_audit(actor, "person_added", "person", person.id, unit_id=unit.id)
    record(PersonAdded(person.id))
    if invite:
        send_invitation(person)
        record_audit(actor, "invitation_sent", "person", person.id)
    return person


@action
def change_person(actor: Actor, person: Person, unit: Unit, data: PersonInput, *, seen: str | None = None) -> Person:
    """Write what HR keeps of somebody. A new e-mail address makes every link useless that went to the old one.

    ``seen`` is the stamp of what the form was filled with. Who may not read the NIP and gives none leaves it as it is.
    """
    ensure(policy.may_change_account, actor, person, grants_of([person.id]).get(person.id, ()))
    ensure(policy.may_add_person, actor, unit)
    before = lock(person).kept_by_hr
    if data.nip is None and not policy.may_see_nip(actor, person):
        data = read(PersonInput, {**data.model_dump(), "nip": person.nip})
    _check(data, unit, before=person)
    old_email = person.email
    _write(person, data)
    person.unit_id = unit.id
    person.timezone = data.timezone or person.timezone
    person.locale = data.locale or person.locale
    refuse_if_changed(seen, before, person.kept_by_hr)
    changed = _changed_names(person)
    if not changed:
        return person
    with or_refuse(_taken(data, but=person.id)):
        db.session.add(person)
    db.session.expire(person, ["unit", "job"])
    if data.email != old_email:
        void_links(person.id)
    record_audit(actor, "person_changed", "person", person.id, fields=changed)
    record(PersonChanged(person.id))
    return person


@action
def disable_person(actor: Actor, person: Person) -> Person:
    """Somebody leaves: every device is signed out at once, they head nothing any more, links are useless."""
    ensure(policy.may_change_account, actor, person, grants_of([person.id]).get(person.id, ()))
    if actor.is_person(person.id):
        raise Conflict("not_oneself")
    administrators = lock_administrators()
    if lock(person).state == "disabled":
        raise Conflict("person_left")
    if person.id in administrators:
        keep_an_administrator(administrators - {person.id})
    person.state = "disabled"
    db.session.flush()
    void_links(person.id)
    end_sign_ins(person.id)
    headed = sa.update(Unit).where(Unit.head_id == person.id).values(head_id=None).returning(Unit.id)
    for unit_id in list(db.session.scalars(headed)):
        record(UnitChanged(unit_id))
    record_audit(actor, "person_disabled", "person", person.id)
    record(PersonLeft(person.id))
    return person


@action
def enable_person(actor: Actor, person: Person) -> Person:
    """Somebody returns, with the password they had; who never chose one is invited again."""
    ensure(policy.may_change_account, actor, person, grants_of([person.id]).get(person.id, ()))
    if lock(person).state != "disabled":
        raise Conflict("person_here")
    account = db.session.get(Account, person.id)
    person.state = "active" if account and account.password_hash else "invited"
    db.session.flush()
    if person.state == "invited":
        send_invitation(person)
    record_audit(actor, "person_enabled", "person", person.id)
    record(PersonReturned(person.id))
    return person


def _write(person: Person, data: PersonInput) -> None:
    person.email, person.nip, person.contract, person.rank = data.email, data.nip, data.contract, data.rank
    person.name, person.folded_name = data.name, fold(data.name)
    person.title_before, person.title_after = data.title_before or None, data.title_after or None
    person.job_id, person.in_field_since, person.place = data.job_id, data.in_field_since, data.place or None


def _check(data: PersonInput, unit: Unit, *, before: Person | None = None) -> None:
    faults = []
    if unit.closed_at is not None and (before is None or before.unit_id != unit.id):
        faults.append(Fault("unit_id", "unit_closed"))
    if data.job_id is not None and db.session.get(Job, data.job_id) is None:
        faults.append(Fault("job_id", "job_unknown"))
    if faults:
        raise Invalid(*faults)


def _taken(data: PersonInput, *, but: int | None = None) -> Invalid:
    with db.session.no_autoflush:
        faults = taken_keys(data.email, data.nip or "", but=but)
    return Invalid(*(faults or [Fault("email", "email_taken")]))


def _changed_names(person: Person) -> list[str]:
    state = sa.inspect(person)
    return sorted(attribute.key for attribute in state.attrs if attribute.history.has_changes())
