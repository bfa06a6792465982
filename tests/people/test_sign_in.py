"""Signing in: the same answer and the same work for everybody, pauses that lock nobody out, devices."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid, NotFound, TooMany
from mentorlink.people import actions, queries
from mentorlink.people.actions import sign_ins
from mentorlink.people.inputs import PersonRow, SignInInput
from mentorlink.people.models import Account, DemoSignIn, Person, SignIn
from tests.cast import Cast
from tests.people.ways import NOBODY, PASSWORD, deeds, give_password, hashed, sign_in_of

HOME, ELSEWHERE = "10.0.0.7", "203.0.113.9"


def come_in(login: str, password: str = PASSWORD, *, address: str = HOME) -> str:
    return actions.sign_in(NOBODY, SignInInput(login=login, password=password), user_agent="Test", address=address)


def fail(login: str, times: int, *, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(Invalid):
            come_in(login, "not the password", address=address)


def test_one_signs_in_with_e_mail_in_any_case_and_with_the_nip(cast: Cast) -> None:
    person = give_password(cast.person("mentee", cast.budget, nip="198901012014032001"))
    for login in (person.email, f"  {person.email.upper()} ", "198901012014032001", "19890101 201403 2 001"):
        found = sign_in_of(come_in(login))
        assert found is not None
        assert found.person_id == person.id


def test_only_the_hash_of_a_token_is_stored_and_each_sign_in_has_another(cast: Cast) -> None:
    person = give_password(cast.mentee)
    tokens = {come_in(person.email), come_in(person.email)}
    assert len(tokens) == 2
    stored = set(db.session.scalars(sa.select(SignIn.token_hash)))
    assert stored == {crypto.token_hash(token) for token in tokens}


@pytest.mark.parametrize("who", ["wrong password", "unknown", "invited", "disabled", "without password"])
def test_whatever_is_wrong_the_refusal_and_the_work_are_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    person = give_password(cast.mentee)
    assert come_in(person.email)
    if who in ("invited", "disabled"):
        person.state = who
    if who == "without password":
        db.session.get_one(Account, person.id).password_hash = None
    db.session.commit()
    checked: list[str | None] = []

    def look(password_hash: str | None, password: str) -> bool:
        checked.append(password_hash)
        return really(password_hash, password)

    really = sign_ins.password_matches
    monkeypatch.setattr(sign_ins, "password_matches", look)
    login = "nobody@nusaraya.example" if who == "unknown" else person.email
    with pytest.raises(Invalid) as refused:
        come_in(login, "not the password" if who == "wrong password" else PASSWORD)
    assert [(fault.field, fault.code, fault.facts) for fault in refused.value.faults] == [("", "sign_in_failed", {})]
    assert checked == [hashed() if who == "wrong password" else None]


def test_without_an_account_the_very_same_hash_function_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    from mentorlink.people.rules import passwords

    verified: list[str] = []
    really, nobodys = passwords._hasher.verify, hashed()

    class Watched:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return really(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: nobodys)
    assert not passwords.password_matches(None, "anything at all")
    assert not passwords.password_matches(None, PASSWORD)
    assert verified == [hashed(), hashed()]


def test_after_the_limit_even_the_right_password_waits_and_then_works(cast: Cast) -> None:
    person = give_password(cast.mentee)
    with clock.at(clock.now()):
        fail(person.email, 8)
        with pytest.raises(TooMany) as refused:
            come_in(person.email)
    wait = refused.value.facts["retry_after"]
    assert wait == 30
    with clock.at(clock.now() + timedelta(seconds=wait + 1)):
        assert come_in(person.email)


def test_unknown_accounts_are_paused_like_known_ones(cast: Cast) -> None:
    person = give_password(cast.mentee)
    with clock.at(clock.now()):
        for login in (person.email, "nobody@nusaraya.example"):
            fail(login, 8)
            with pytest.raises(TooMany) as refused:
                come_in(login)
            assert refused.value.facts == {"retry_after": 30}


def test_failures_from_elsewhere_do_not_lock_the_owner_out(cast: Cast) -> None:
    person = give_password(cast.mentee)
    with clock.at(clock.now()):
        come_in(person.email, address=HOME)
        fail(person.email, 8, address=ELSEWHERE)
        with pytest.raises(TooMany):
            come_in(person.email, address=ELSEWHERE)
        assert come_in(person.email, address=HOME)


def test_many_addresses_at_one_account_are_paused_but_for_the_owners_own(cast: Cast) -> None:
    person = give_password(cast.mentee)
    with clock.at(clock.now()):
        come_in(person.email, address=HOME)
        for number in range(12):
            fail(person.email, 4, address=f"203.0.113.{number}")
        with pytest.raises(TooMany):
            come_in(person.email, address="203.0.113.99")
        assert come_in(person.email, address=HOME)


def test_one_address_at_many_accounts_is_paused(cast: Cast) -> None:
    person = give_password(cast.mentee)
    with clock.at(clock.now()):
        for number in range(24):
            fail(f"someone{number}@nusaraya.example", 4, address=ELSEWHERE)
        with pytest.raises(TooMany):
            come_in(person.email, address=ELSEWHERE)
        assert come_in(person.email, address=HOME)


def test_success_lets_the_pair_start_anew(cast: Cast) -> None:
    person = give_password(cast.mentee)
    with clock.at(clock.now()):
        for _ in range(4):
            fail(person.email, 7)
            assert come_in(person.email)


def test_the_record_tells_of_success_and_failure_and_never_names_who_is_unknown(cast: Cast) -> None:
    person = give_password(cast.mentee)
    come_in(person.email)
    fail(person.email, 1)
    fail("nobody@nusaraya.example", 1)
    assert deeds() == ["signed_in", "sign_in_failed", "sign_in_failed"]
    page = queries.audit_for(cast.actor(cast.administrator))
    assert [(entry.thing_id, entry.facts) for entry in page.entries] == [(None, {}), (person.id, {}), (person.id, {})]


def test_a_hash_of_older_cost_is_renewed_at_the_next_sign_in(cast: Cast) -> None:
    from argon2 import PasswordHasher

    person = give_password(cast.mentee)
    old = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    db.session.get_one(Account, person.id).password_hash = old
    db.session.commit()
    come_in(person.email)
    renewed = str(db.session.get_one(Account, person.id).password_hash)
    assert renewed.split("$")[3] == hashed().split("$")[3] != old.split("$")[3]
    assert come_in(person.email)


def test_use_is_noted_once_a_minute_and_never_wakes_what_has_ended(cast: Cast) -> None:
    person = give_password(cast.mentee)
    actor = cast.actor(person)
    begun = clock.now()
    with clock.at(begun):
        row = sign_in_of(come_in(person.email))
        assert row is not None
    for seconds, seen in ((59, 0), (61, 61), (100, 61), (130, 130)):
        with clock.at(begun + timedelta(seconds=seconds)):
            actions.touch_sign_in(actor, row.id)
            assert db.session.get_one(SignIn, row.id).seen_at == begun + timedelta(seconds=seen)
    actions.end_sign_in(actor, row.id)
    with clock.at(begun + timedelta(seconds=300)):
        actions.touch_sign_in(actor, row.id)
        assert db.session.get_one(SignIn, row.id).seen_at == begun + timedelta(seconds=130)


def test_one_ends_ones_own_devices_and_nobody_elses(cast: Cast) -> None:
    person, other = give_password(cast.mentee), give_password(cast.mentor)
    rows = [sign_in_of(come_in(person.email)) for _ in range(3)]
    ids = [row.id for row in rows if row]
    with pytest.raises(NotFound):
        actions.end_sign_in(cast.actor(other), ids[0])
    actions.end_sign_in(cast.actor(person), ids[0])
    with pytest.raises(NotFound):
        actions.end_sign_in(cast.actor(person), ids[0])
    assert actions.end_other_sign_ins(cast.actor(person), ids[2]) == 1
    assert [row.id for row in queries.sign_ins_for(cast.actor(person))] == [ids[2]]


def test_demo_sign_ins_need_demo_mode_an_offer_and_a_person_of_the_demo(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentorlink.kernel import settings

    person = cast.mentee
    person.of_demo = True
    db.session.add(DemoSignIn(person_id=person.id, story={"id": "Pencari mentor", "en": "Looks for a mentor"}))
    db.session.commit()
    person_id, other_id = person.id, cast.mentor.id
    with pytest.raises(NotFound):
        actions.sign_in_as_demo(NOBODY, person_id)
    monkeypatch.setattr(settings, "current", lambda: cast.app.config["SETTINGS"].model_copy(update={"demo": True}))
    with pytest.raises(NotFound):
        actions.sign_in_as_demo(NOBODY, other_id)
    assert sign_in_of(actions.sign_in_as_demo(NOBODY, person_id)) is not None
    db.session.get_one(Person, person_id).of_demo = False
    db.session.commit()
    with pytest.raises(NotFound):
        actions.sign_in_as_demo(NOBODY, person_id)


def test_the_first_real_person_ends_the_demo_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentorlink.kernel import settings

    monkeypatch.setattr(settings, "current", lambda: cast.app.config["SETTINGS"].model_copy(update={"demo": True}))
    administrator, mentee = cast.administrator, cast.mentee
    db.session.execute(sa.update(Person).values(of_demo=True))
    for person in (administrator, mentee):
        db.session.add(DemoSignIn(person_id=person.id, story={"id": "Melihat-lihat", "en": "Looks around"}))
    db.session.commit()
    tokens = [actions.sign_in_as_demo(NOBODY, person_id) for person_id in (administrator.id, mentee.id)]
    assert all(queries.visit_of(token) for token in tokens)
    row = PersonRow(email="sungguh@nusaraya.example", name="Sungguh Ada", unit="budget")
    same = PersonRow(email=mentee.email, name="Nama Baru")
    actions.save_people(cast.actor(administrator), [same])
    assert queries.demo_runs()
    actions.save_people(cast.actor(administrator), [row])
    assert [bool(queries.visit_of(token)) for token in tokens] == [True, False]
    assert (queries.demo_runs(), queries.demo_is_safe(), queries.demo_sign_ins()) == (False, False, [])
    for person_id in (cast.administrator.id, cast.mentee.id):
        with pytest.raises(NotFound):
            actions.sign_in_as_demo(NOBODY, person_id)
    assert queries.needs_first_administrator()
    assert deeds().count("demo_ended") == 1


def test_the_demo_takes_nobody_in_over_real_people(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentorlink.kernel import settings

    monkeypatch.setattr(settings, "current", lambda: cast.app.config["SETTINGS"].model_copy(update={"demo": True}))
    assert cast.mentee.of_demo is False
    row = PersonRow(email="rekaan@nusaraya.example", name="Rekaan", unit="budget")
    with pytest.raises(Conflict):
        actions.save_demo_people(Actor.system(), [row])
    db.session.execute(sa.update(Person).values(of_demo=True))
    db.session.commit()
    saved = actions.save_demo_people(Actor.system(), [row])
    person = db.session.get_one(Person, saved.added[0])
    assert (person.of_demo, person.state) == (True, "active")


def test_the_demo_is_safe_only_while_everybody_is_of_the_demo(cast: Cast) -> None:
    assert queries.demo_is_safe()
    person = cast.mentee
    assert not queries.demo_is_safe()
    person.of_demo = True
    db.session.commit()
    assert queries.demo_is_safe()
