"""Links that are sent out: invitation, password reset, first administrator. Each works once, for a time."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, crypto, jobs, settings
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db, lock, or_refuse
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.text import fold
from mentorlink.people import policy
from mentorlink.people.actions.audit import record_audit
from mentorlink.people.actions.passwords import set_password, sound_password
from mentorlink.people.actions.sign_ins import end_demo, login_key, new_sign_in
from mentorlink.people.actions.throttle import Try, take_try
from mentorlink.people.events import PersonAdded, RoleGranted
from mentorlink.people.inputs import FirstAdministratorInput, NewPasswordInput, ResetRequestInput
from mentorlink.people.models import Link, Person, RoleGrant, Unit
from mentorlink.people.queries.accounts import credentials_of, grants_of, needs_first_administrator, open_link
from mentorlink.people.queries.people import uninvited
from mentorlink.people.queries.units import root_unit

FIRST_ADMINISTRATOR_LASTS = timedelta(hours=24)
INVITATIONS_A_MINUTE = 300
"""When thousands are invited at once, so many mails become due in a minute."""


@action
def invite_person(actor: Actor, person: Person) -> None:
    """Send somebody the link with which they choose their first password; an earlier one no longer works."""
    ensure(policy.may_change_account, actor, person, grants_of([person.id]).get(person.id, ()))
    if lock(person).state != "invited":
        raise Conflict("already_joined")
    send_invitation(person)
    record_audit(actor, "invitation_sent", "person", person.id)


@action
def invite_people(actor: Actor, unit: Unit | None = None) -> int:
    """Invite everybody (in ``unit`` and below) who has no password yet and no link that works; returns how many.

    Asked for twice, also at once, nobody gets two mails. They go out some hundreds a minute, so that others need not wait.
    """
    ensure(policy.may_invite_people, actor, unit)
    db.session.execute(sa.select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).with_for_update())
    person_ids = list(db.session.scalars(uninvited(actor, unit)))
    days = settings.current().invitation_days
    for minute, start in enumerate(range(0, len(person_ids), INVITATIONS_A_MINUTE)):
        sent_at = clock.now() + timedelta(minutes=minute)
        tokens = {crypto.new_token(): person_id for person_id in person_ids[start : start + INVITATIONS_A_MINUTE]}
        hashes = {crypto.token_hash(token): token for token in tokens}
        rows = [
            {"kind": "invitation", "token_hash": key, "person_id": tokens[token], "expires_at": sent_at + timedelta(days=days)}
            for key, token in hashes.items()
        ]
        links = db.session.execute(sa.insert(Link).returning(Link.id, Link.person_id, Link.token_hash), rows)
        jobs.enqueue_many(
            "mail.send",
            {
                f"mail:people-link-{link_id}": _letter(link_id, person_id, hashes[key], "people/invitation", days=days)
                for link_id, person_id, key in links
            },
            run_at=sent_at,
        )
    if person_ids:
        record_audit(actor, "people_invited", "unit" if unit else "", unit.id if unit else None, people=len(person_ids))
    return len(person_ids)


@action
def ask_reset(actor: Actor, data: ResetRequestInput, *, address: str = "") -> None:
    """Ask for a link to a new password. Nothing tells whether the account exists: who it is, is looked up later."""
    ensure(policy.anyone, actor)
    take_try(actor, Try("reset", login_key(data.login), address))
    jobs.enqueue("people.send_reset", {"sealed_login": crypto.seal(data.login).decode()})


@action
def send_reset_link(actor: Actor, login: str) -> None:
    """Mail the link to whom ``login`` names: a new password, or the invitation again if they have none yet."""
    ensure(policy.may_send_reset_link, actor)
    found = credentials_of(login)
    if found is None or found.state == "disabled":
        return
    person = db.session.get_one(Person, found.person_id)
    if found.state == "invited":
        send_invitation(person)
        return
    minutes = settings.current().reset_minutes
    link, token = _new_link("reset", person.id, timedelta(minutes=minutes))
    _mail(link, token, "people/reset", minutes=minutes)
    record_audit(actor, "reset_sent", "person", person.id)


def accept_invitation(
    actor: Actor, data: NewPasswordInput, *, locale: str | None = None, user_agent: str = "", address: str = ""
) -> str:
    """Take an invitation: the person chooses a password, is active from now on, and signed in; returns the token.

    ``locale``: the language they chose on the way in, which is theirs from now on.
    """
    person_id, password_hash = _choose_password("invitation", data)
    chosen = {"user_agent": user_agent, "address": address}
    return _take_invitation(actor, data.key, person_id, password_hash, locale=locale, **chosen)


@action
def _take_invitation(
    actor: Actor, key: str, person_id: int, password_hash: str, *, locale: str | None, user_agent: str, address: str
) -> str:
    ensure(policy.anyone, actor)
    take_link("invitation", key)
    person = lock(db.session.get_one(Person, person_id))
    if person.state != "invited":
        raise Conflict("link_gone")
    person.state, person.locale = "active", locale or person.locale
    set_password(person, password_hash)
    record_audit(Actor(person_id=person.id), "joined", "person", person.id, address=address)
    return new_sign_in(person.id, user_agent=user_agent, address=address)


def reset_password(actor: Actor, data: NewPasswordInput, *, address: str = "") -> None:
    """Choose a new password by link; every device is signed out. Signing in is the next step, with all it asks."""
    person_id, password_hash = _choose_password("reset", data)
    _take_reset(actor, data.key, person_id, password_hash, address=address)


@action
def _take_reset(actor: Actor, key: str, person_id: int, password_hash: str, *, address: str) -> None:
    ensure(policy.anyone, actor)
    take_link("reset", key)
    person = lock(db.session.get_one(Person, person_id))
    if not person.is_active:
        raise Conflict("link_gone")
    set_password(person, password_hash)
    record_audit(Actor(person_id=person.id), "password_reset", "person", person.id, address=address)


@action
def first_administrator_link(actor: Actor, *, alone: bool = False) -> str:
    """The address of a new one-time page that makes the first administrator; Conflict once there is one.

    Earlier ones work on until they lapse or one of them is used, so a restart ends nobody's beginning; ``alone``: no longer.
    """
    ensure(policy.may_make_first_administrator, actor)
    if not needs_first_administrator():
        raise Conflict("administrator_exists")
    if alone:
        _void_first_administrator_links()
    token = _new_link("first_administrator", None, FIRST_ADMINISTRATOR_LASTS)[1]
    return f"{settings.current().base_url.rstrip('/')}/first-administrator?key={token}"


def _void_first_administrator_links() -> None:
    db.session.execute(sa.update(Link).where(*_for_first_administrator()).values(used_at=clock.now()))


def _for_first_administrator() -> tuple[sa.ColumnElement[bool], ...]:
    return Link.kind == "first_administrator", Link.used_at.is_(None)


def claim_first_administrator(actor: Actor, data: FirstAdministratorInput, *, user_agent: str = "", address: str = "") -> str:
    """Become the first administrator, of the root unit, which is made if there is none; returns the sign-in's token."""
    if open_link("first_administrator", data.key) is None:
        raise Conflict("link_gone")
    password_hash = sound_password(data.password, known=(data.name, data.email))
    return _take_first_administrator(actor, data, password_hash, user_agent=user_agent, address=address)


@action
def _take_first_administrator(
    actor: Actor, data: FirstAdministratorInput, password_hash: str, *, user_agent: str, address: str
) -> str:
    ensure(policy.anyone, actor)
    db.session.execute(sa.select(Link.id).where(*_for_first_administrator()).order_by(Link.id).with_for_update())
    take_link("first_administrator", data.key)
    if not needs_first_administrator():
        raise Conflict("administrator_exists")
    _void_first_administrator_links()
    person = Person(
        email=data.email,
        name=data.name,
        folded_name=fold(data.name),
        unit_id=_agency(data.agency).id,
        timezone=settings.current().default_timezone,
        locale=settings.current().default_locale,
        languages=["id"],
        state="active",
        created_at=clock.now(),
    )
    end_demo(actor)
    with or_refuse(Invalid(Fault("email", "email_taken"))):
        db.session.add(person)
    db.session.add(RoleGrant(person_id=person.id, role=str(Role.ADMINISTRATOR), granted_at=clock.now()))
    set_password(person, password_hash)
    record_audit(Actor(person_id=person.id), "first_administrator_made", "person", person.id, address=address)
    record(PersonAdded(person.id))
    record(RoleGranted(person.id, str(Role.ADMINISTRATOR)))
    return new_sign_in(person.id, user_agent=user_agent, address=address)


def take_link(kind: str, key: str) -> None:
    """Use a link up, inside an action; of two at once one is let through, the other gets Conflict."""
    used = db.session.execute(
        sa.update(Link)
        .where(
            Link.token_hash == crypto.token_hash(key), Link.kind == kind, Link.used_at.is_(None), Link.expires_at > clock.now()
        )
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        raise Conflict("link_gone")


def void_links(person_id: int) -> None:
    """Make every link that was sent to somebody useless, inside an action."""
    db.session.execute(sa.update(Link).where(Link.person_id == person_id, Link.used_at.is_(None)).values(used_at=clock.now()))


def _choose_password(kind: str, data: NewPasswordInput) -> tuple[int, str]:
    link = open_link(kind, data.key)
    person = db.session.get(Person, link.person_id) if link else None
    if person is None:
        raise Conflict("link_gone")
    return person.id, sound_password(data.password, known=(person.name, person.email, person.nip or ""))


def send_invitation(person: Person) -> None:
    """Mail somebody their invitation, inside an action; an earlier one no longer works."""
    days = settings.current().invitation_days
    link, token = _new_link("invitation", person.id, timedelta(days=days))
    _mail(link, token, "people/invitation", days=days)


def _new_link(kind: str, person_id: int | None, lasts: timedelta) -> tuple[Link, str]:
    if person_id is not None:
        void_links(person_id)
    token = crypto.new_token()
    link = Link(kind=kind, token_hash=crypto.token_hash(token), person_id=person_id, expires_at=clock.now() + lasts)
    db.session.add(link)
    db.session.flush()
    return link, token


def _mail(link: Link, token: str, template: str, **facts: object) -> None:
    payload = _letter(link.id, link.person_id, token, template, **facts)
    jobs.enqueue("mail.send", payload, dedupe_key=f"mail:people-link-{link.id}")


def _letter(link_id: int, person_id: int | None, token: str, template: str, **facts: object) -> dict[str, object]:
    return {
        "to_person_id": person_id,
        "template": template,
        "facts": {"sealed_key": crypto.seal(token).decode(), **facts},
        "message_id": f"people-link-{link_id}",
    }


def _agency(said: str) -> Unit:
    """The highest unit; made with the name that is configured, or else with what was said, where there is none yet."""
    root = root_unit()
    if root is None:
        name = settings.current().agency_name or said
        if not name:
            raise Invalid(Fault("agency", "missing"))
        root = Unit(code="ROOT", name={"id": name}, path="", timezone=settings.current().default_timezone)
        db.session.add(root)
        db.session.flush()
        root.path = f"/{root.id}/"
    return root
