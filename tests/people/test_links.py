"""Invitation, reset, first administrator: each link works once, for a time, and tells a stranger nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mentorlink.kernel import clock, jobs, settings
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, TooMany
from mentorlink.people import actions, effects, queries
from mentorlink.people.actions import links
from mentorlink.people.inputs import (
    FirstAdministratorInput,
    NewPasswordInput,
    PasswordChangeInput,
    ResetRequestInput,
    SignInInput,
)
from mentorlink.people.models import Account, Link, Person, RoleGrant, SignIn, Unit
from tests.cast import Browser, Cast
from tests.people.ways import NEW_PASSWORD, NOBODY, PASSWORD, at_once, deeds, give_password, key_in, mails, sign_in_of


def ask(cast: Cast, login: str) -> None:
    actions.ask_reset(NOBODY, ResetRequestInput(login=login), address="10.0.0.7")


def do_jobs() -> None:
    """Do the jobs that look up who asked; mails stay."""
    db.session.rollback()
    for task in db.session.scalars(
        sa.select(jobs.Task).where(jobs.Task.kind == "people.send_reset", jobs.Task.done_at.is_(None))
    ):
        payload, task_id = dict(task.payload), task.id
        with jobs.transaction():
            effects.send_reset(payload)
            db.session.get_one(jobs.Task, task_id).done_at = clock.now()


def reset_key(cast: Cast, person: Person) -> str:
    ask(cast, person.email)
    do_jobs()
    return key_in(mails("people/reset")[-1])


def test_asking_does_the_same_for_known_unknown_and_disabled(cast: Cast) -> None:
    known, gone = give_password(cast.mentee), give_password(cast.mentor)
    gone.state = "disabled"
    db.session.commit()
    emails = (known.email, "nobody@nusaraya.example", gone.email)
    for email in emails:
        ask(cast, email)
    waiting = db.session.scalars(sa.select(jobs.Task)).all()
    assert [(task.kind, sorted(task.payload)) for task in waiting] == [("people.send_reset", ["sealed_login"])] * 3
    assert not any(email in str(task.payload) for task in waiting for email in emails)
    do_jobs()
    assert [mail["to_person_id"] for mail in mails("people/reset")] == [known.id]


def test_a_reset_sets_the_password_once_and_signs_every_device_out(cast: Cast) -> None:
    person = give_password(cast.mentee)
    actions.sign_in(NOBODY, SignInInput(login=person.email, password=PASSWORD))
    key = reset_key(cast, person)
    actions.reset_password(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))
    assert db.session.scalar(sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))) == 0
    assert actions.sign_in(NOBODY, SignInInput(login=person.email, password=NEW_PASSWORD))
    with pytest.raises(Invalid):
        actions.sign_in(NOBODY, SignInInput(login=person.email, password=PASSWORD))
    with pytest.raises(Conflict) as refused:
        actions.reset_password(NOBODY, NewPasswordInput(key=key, password=PASSWORD))
    assert refused.value.code == "link_gone"


def test_a_reset_link_lasts_ten_minutes(cast: Cast) -> None:
    person = give_password(cast.mentee)
    asked = clock.now()
    with clock.at(asked):
        key = reset_key(cast, person)
    with clock.at(asked + timedelta(minutes=10, seconds=1)), pytest.raises(Conflict):
        actions.reset_password(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))
    with clock.at(asked + timedelta(minutes=9, seconds=59)):
        actions.reset_password(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))


def test_a_second_link_makes_the_first_useless(cast: Cast) -> None:
    person = give_password(cast.mentee)
    first, second = reset_key(cast, person), reset_key(cast, person)
    with pytest.raises(Conflict):
        actions.reset_password(NOBODY, NewPasswordInput(key=first, password=NEW_PASSWORD))
    actions.reset_password(NOBODY, NewPasswordInput(key=second, password=NEW_PASSWORD))


def test_of_two_uses_of_one_link_at_once_one_works(cast: Cast) -> None:
    person = give_password(cast.mentee)
    key = reset_key(cast, person)
    use = NewPasswordInput(key=key, password=NEW_PASSWORD)
    raised = at_once(cast, *[lambda: actions.reset_password(NOBODY, use)] * 4)
    assert sorted(type(error).__name__ for error in raised) == ["Conflict", "Conflict", "Conflict", "NoneType"]
    assert deeds().count("password_reset") == 1


def test_a_bad_new_password_does_not_use_the_link_up(cast: Cast) -> None:
    person = give_password(cast.mentee)
    key = reset_key(cast, person)
    for bad, code in (
        ("short", "password_short"),
        ("password1234", "password_listed"),
        ("mentee kebun teh pagi", "password_contextual"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.reset_password(NOBODY, NewPasswordInput(key=key, password=bad))
        assert [fault.code for fault in refused.value.faults] == [code]
    actions.reset_password(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))


def test_no_secret_of_a_link_is_readable_in_the_database(cast: Cast) -> None:
    person = give_password(cast.mentee)
    key = reset_key(cast, person)
    stored = [
        str(row) for table in ("link", "task", "audit_entry") for row in db.session.execute(sa.text(f"SELECT * FROM {table}"))
    ]
    assert stored
    assert not any(key in row for row in stored)


def test_asking_again_and_again_is_paused(cast: Cast) -> None:
    with clock.at(clock.now()):
        for _ in range(8):
            ask(cast, "nobody@nusaraya.example")
        with pytest.raises(TooMany):
            ask(cast, "nobody@nusaraya.example")


def test_an_invitation_makes_somebody_active_and_signed_in_once(cast: Cast) -> None:
    person = cast.person("newcomer", cast.budget, state="invited")
    actions.invite_person(cast.actor(cast.coordinator), person)
    key = key_in(mails("people/invitation")[-1])
    token = actions.accept_invitation(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))
    row = sign_in_of(token)
    assert row is not None
    assert row.person_id == person.id
    assert db.session.get_one(Person, person.id).state == "active"
    with pytest.raises(Conflict):
        actions.accept_invitation(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))
    with pytest.raises(Conflict) as refused:
        actions.invite_person(cast.actor(cast.coordinator), cast.person("newcomer"))
    assert refused.value.code == "already_joined"


def test_who_was_invited_and_asks_for_a_password_is_invited_again(cast: Cast) -> None:
    person = cast.person("newcomer", cast.budget, state="invited")
    ask(cast, person.email)
    do_jobs()
    assert mails("people/reset") == []
    assert [mail["to_person_id"] for mail in mails("people/invitation")] == [person.id]


def test_a_link_of_one_kind_opens_nothing_of_another(cast: Cast) -> None:
    person = cast.person("newcomer", cast.budget, state="invited")
    actions.invite_person(cast.actor(cast.coordinator), person)
    key = key_in(mails("people/invitation")[-1])
    with pytest.raises(Conflict):
        actions.reset_password(NOBODY, NewPasswordInput(key=key, password=NEW_PASSWORD))
    assert queries.open_link("invitation", key) is not None


def test_a_new_address_makes_links_to_the_old_one_useless(cast: Cast) -> None:
    from mentorlink.people.inputs import PersonInput

    person = give_password(cast.mentee)
    key = reset_key(cast, person)
    data = PersonInput(name=person.name, email="elsewhere@nusaraya.example", unit_id=cast.budget.id, job_id=person.job_id)
    actions.change_person(cast.actor(cast.coordinator), person, db.session.get_one(Unit, cast.budget.id), data)
    assert queries.open_link("reset", key) is None


def test_changing_the_password_asks_for_the_present_one_and_keeps_only_this_device(cast: Cast) -> None:
    person = give_password(cast.mentee)
    actor = cast.actor(person)
    kept = sign_in_of(actions.sign_in(NOBODY, SignInInput(login=person.email, password=PASSWORD)))
    actions.sign_in(NOBODY, SignInInput(login=person.email, password=PASSWORD))
    assert kept is not None
    with pytest.raises(Invalid) as refused:
        actions.change_password(actor, person, PasswordChangeInput(current="no, not that", password=NEW_PASSWORD))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("current", "password_wrong")]
    actions.change_password(actor, person, PasswordChangeInput(current=PASSWORD, password=NEW_PASSWORD), keep_sign_in=kept.id)
    assert [row.id for row in queries.sign_ins_for(actor)] == [kept.id]


def test_guessing_the_present_password_is_paused(cast: Cast) -> None:
    person = give_password(cast.mentee)
    actor = cast.actor(person)
    wrong = PasswordChangeInput(current="no, not that", password=NEW_PASSWORD)
    with clock.at(clock.now()):
        for _ in range(8):
            with pytest.raises(Invalid):
                actions.change_password(actor, db.session.get_one(Person, actor.person_id), wrong)
        with pytest.raises(TooMany):
            actions.change_password(actor, db.session.get_one(Person, actor.person_id), wrong)


def test_nobody_changes_anothers_password(cast: Cast) -> None:
    person = give_password(cast.mentee)
    data = PasswordChangeInput(current=PASSWORD, password=NEW_PASSWORD)
    for other in (cast.administrator, cast.coordinator, cast.stranger):
        with pytest.raises(Denied):
            actions.change_password(cast.actor(other), db.session.get_one(Person, person.id), data)
    actions.change_password(cast.actor(person), db.session.get_one(Person, person.id), data)


FIRST = {"name": "Yohanis Rumbiak", "email": "yohanis@nusaraya.example", "password": NEW_PASSWORD}


def console_key() -> str:
    """The secret in the link that the console prints."""
    address, _, key = actions.first_administrator_link(Actor.system()).partition("?key=")
    assert address == "http://localhost/first-administrator"
    return key


def test_the_console_link_makes_the_first_administrator_and_the_root(app: Flask) -> None:
    key = console_key()
    token = actions.claim_first_administrator(NOBODY, FirstAdministratorInput(key=key, **FIRST))
    row = sign_in_of(token)
    assert row is not None
    person = db.session.get_one(Person, row.person_id)
    assert queries.actor_of(person, door="page").has_over(None, Role.ADMINISTRATOR)
    assert person.unit.name == {"id": "Nusa Raya"}
    assert person.unit.path == f"/{person.unit.id}/"
    with pytest.raises(Conflict) as refused:
        actions.first_administrator_link(Actor.system())
    assert refused.value.code == "administrator_exists"


def test_the_first_administrator_says_what_the_agency_is_called_and_everybody_reads_it(app: Flask) -> None:
    settings.use(app.config["SETTINGS"].model_copy(update={"agency_name": ""}))
    assert queries.agency_names()["id"] == "MentorLink"
    key = console_key()
    with pytest.raises(Invalid) as refused:
        actions.claim_first_administrator(NOBODY, FirstAdministratorInput(key=key, **FIRST))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("agency", "missing")]
    client = Browser(app, app.response_class)
    form = FIRST | {"key": key, "agency": "Badan Arsip Nusantara"}
    assert "Name of your agency" in client.get(f"/first-administrator?key={key}", headers={"Accept-Language": "en"}).text
    assert client.post("/first-administrator", data=form).status_code == 303
    assert "Badan Arsip Nusantara" in client.get("/me").text
    settings.use(app.config["SETTINGS"])
    assert queries.agency_names()["id"] == "Nusa Raya"  # what is configured stands before it


def test_the_link_of_an_earlier_start_works_until_one_is_used_or_one_is_to_stand_alone(app: Flask) -> None:
    assert not queries.first_administrator_awaited()
    first, second = console_key(), console_key()
    assert queries.first_administrator_awaited()
    assert queries.open_link("first_administrator", first)
    actions.first_administrator_link(Actor.system(), alone=True)
    for key in (first, second):
        with pytest.raises(Conflict):
            actions.claim_first_administrator(NOBODY, FirstAdministratorInput(key=key, **FIRST))
    early, _late = console_key(), console_key()
    assert actions.claim_first_administrator(NOBODY, FirstAdministratorInput(key=early, **FIRST))
    assert not queries.first_administrator_awaited()


@pytest.mark.parametrize("links", [1, 2])
def test_the_first_administrator_comes_once_even_of_two_at_once(cast: Cast, links: int) -> None:
    keys = [console_key() for _ in range(links)]
    claims = [FirstAdministratorInput(key=keys[-n], **(FIRST | {"email": f"a{n}@nusaraya.example"})) for n in range(2)]
    raised = at_once(cast, *[lambda claim=claim: actions.claim_first_administrator(NOBODY, claim) for claim in claims])
    assert sorted(type(error).__name__ for error in raised) == ["Conflict", "NoneType"]
    assert len(queries.people_with_role(Role.ADMINISTRATOR)) == 1


def test_only_the_console_asks_for_that_link(cast: Cast) -> None:
    with pytest.raises(Denied):
        actions.first_administrator_link(cast.actor(cast.coordinator))


def test_old_rows_are_tidied_away(cast: Cast) -> None:
    person = give_password(cast.mentee)
    reset_key(cast, person)
    actions.sign_in(NOBODY, SignInInput(login=person.email, password=PASSWORD))
    later = clock.now() + timedelta(hours=13)
    with clock.at(later), jobs.transaction():
        effects.tidy({})
    assert db.session.scalar(sa.select(SignIn.ended_at)) == later
    with clock.at(later + timedelta(days=91)), jobs.transaction():
        effects.tidy({})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Link)) == 0
    assert db.session.get(Account, person.id) is not None


# Many at once


def invited(cast: Cast, number: int, unit: Unit) -> list[int]:
    rows = [
        Person(
            email=f"{unit.code}{n}@nusaraya.example", name=f"Baru {n}", folded_name=f"baru {n}", unit_id=unit.id, state="invited",
            created_at=clock.now(),
        )
        for n in range(number)
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.commit()
    return [row.id for row in rows]


def test_everybody_without_a_link_that_works_is_invited_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "INVITATIONS_A_MINUTE", 2)
    hr, administrator = cast.actor(cast.coordinator), cast.actor(cast.administrator)
    budget, elsewhere = invited(cast, 3, cast.budget), invited(cast, 2, cast.statistics)
    boss = cast.person("new_boss", cast.budget, role="administrator")
    boss.state = "invited"
    db.session.commit()
    assert queries.uninvited_count(hr, cast.finance) == 3
    actions.invite_person(hr, db.session.get_one(Person, budget[0]))
    assert actions.invite_people(hr, cast.finance) == 2
    assert actions.invite_people(hr, cast.finance) == 0
    assert actions.invite_people(hr) == len(elsewhere)
    assert actions.invite_people(administrator) == 1
    letters = mails("people/invitation")
    assert sorted(letter["to_person_id"] for letter in letters) == sorted([*budget, *elsewhere, boss.id])
    actions.accept_invitation(NOBODY, NewPasswordInput(key=key_in(letters[1]), password=NEW_PASSWORD))
    assert db.session.get_one(Person, letters[1]["to_person_id"]).state == "active"
    with clock.at(clock.now() + timedelta(days=40)):
        assert actions.invite_people(hr) == 4
    assert len(set(db.session.scalars(sa.select(jobs.Task.run_at).where(jobs.Task.dedupe_key.like("mail:people-link-%"))))) > 4


def test_of_two_who_invite_everybody_at_once_each_mail_goes_out_once(cast: Cast) -> None:
    hr, administrator = cast.actor(cast.coordinator), cast.actor(cast.administrator)
    waiting = invited(cast, 4, cast.budget)
    assert at_once(cast, lambda: actions.invite_people(hr), lambda: actions.invite_people(administrator)) == [None, None]
    assert sorted(letter["to_person_id"] for letter in mails("people/invitation")) == waiting


def test_hr_of_a_unit_invites_its_people_and_no_others(cast: Cast) -> None:
    person = cast.person("finance_hr", cast.finance)
    db.session.add(RoleGrant(person_id=person.id, role="manager", unit_id=cast.finance.id, granted_at=clock.now()))
    db.session.commit()
    scoped = cast.actor(person)
    invited(cast, 2, cast.budget), invited(cast, 2, cast.statistics)
    with pytest.raises(Denied):
        actions.invite_people(scoped, cast.statistics)
    with pytest.raises(Denied):
        actions.invite_people(cast.actor(cast.mentee))
    assert (queries.uninvited_count(scoped), queries.uninvited_count(cast.actor(cast.mentee))) == (2, 0)
    assert actions.invite_people(scoped) == 2
