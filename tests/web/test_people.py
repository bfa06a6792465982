"""Pages of people, as a browser without script sees them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.exchange.actions import note_export
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actions import transaction
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people import actions
from mentorlink.people.models import AuditEntry, DemoSignIn, Person, RoleGrant, SignIn, Unit
from mentorlink.web.guard import cookie_name
from mentorlink.web.people.browsers import device_name
from mentorlink.web.people.door import back
from tests.cast import Cast
from tests.people.ways import NEW_PASSWORD, PASSWORD, give_password, key_in, mails
from tests.queries import count_queries

NIP = "198901012014032001"


def come_in(cast: Cast, person: Person, **other: str) -> FlaskClient:
    client = cast.client()
    answer = client.post("/sign-in", data={"login": person.email, "password": PASSWORD, **other})
    assert answer.status_code == 303
    return client


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return BeautifulSoup(answer.text, "html.parser")


# The way in


def test_signing_in_sets_one_careful_cookie_and_goes_on(cast: Cast) -> None:
    person = give_password(cast.mentee)
    answer = cast.client().post("/sign-in", data={"login": person.email, "password": PASSWORD, "next": "/units?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/units?x=1")
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith(f"{cookie_name()}="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert len(cookie.split("=")[1].split(";")[0]) >= 43


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    person = give_password(cast.mentee)
    secure = cast.app.config["SETTINGS"].model_copy(update={"base_url": "https://mentorlink.example"})
    monkeypatch.setitem(cast.app.config, "SETTINGS", secure)
    answer = cast.client().post("/sign-in", data={"login": person.email, "password": PASSWORD})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if "mentorlink=" in value)
    assert cookie.startswith("__Host-mentorlink=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(elsewhere: str) -> None:
    assert back("/mentoring/3?tab=goals") == "/mentoring/3?tab=goals"
    assert back(elsewhere) == "/"


def test_a_wrong_password_comes_back_with_the_login_and_never_the_password(cast: Cast) -> None:
    person = give_password(cast.mentee)
    answer = cast.client().post("/sign-in", data={"login": person.email, "password": "not the password"})
    assert answer.status_code == 422
    assert f'value="{person.email}"' in answer.text
    assert "not the password" not in answer.text
    unknown = cast.client().post("/sign-in", data={"login": "nobody@nusaraya.example", "password": "not the password"})

    def bare(text: str) -> str:
        return re.sub(r"\S+@nusaraya\.example|[\w.-]{60,}", "", text)

    assert unknown.status_code == 422
    assert bare(unknown.text) == bare(answer.text)


def test_too_many_tries_say_when_to_come_back(cast: Cast) -> None:
    client = cast.client()
    with clock.at(clock.now(), everywhere=True):
        for _ in range(8):
            client.post("/sign-in", data={"login": "nobody@nusaraya.example", "password": "not the password"})
        answer = client.post("/sign-in", data={"login": "nobody@nusaraya.example", "password": "not the password"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


def test_a_form_from_another_site_does_not_sign_in(cast: Cast) -> None:
    person = give_password(cast.mentee)
    cast.app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = cast.client().post("/sign-in", data={"login": person.email, "password": PASSWORD})
    finally:
        cast.app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code in (400, 401)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_signing_out_ends_the_sign_in_on_the_server_too(cast: Cast) -> None:
    client = come_in(cast, give_password(cast.mentee))
    stolen = client.get_cookie(cookie_name())
    assert stolen is not None
    assert client.get("/me").status_code == 200
    assert client.post("/sign-out").status_code == 303
    thief = cast.client()
    thief.set_cookie(cookie_name(), stolen.value, domain="localhost")
    assert thief.get("/me").status_code == 303


def test_a_sign_in_ends_after_idling_and_after_its_whole_time(cast: Cast) -> None:
    begun = clock.now()
    with clock.at(begun, everywhere=True):
        client = come_in(cast, give_password(cast.mentee))
    for minutes in range(0, 12 * 60, 29):
        with clock.at(begun + timedelta(minutes=minutes), everywhere=True):
            assert client.get("/me/settings").status_code == 200
    with clock.at(begun + timedelta(hours=12, seconds=1), everywhere=True):
        assert client.get("/me/settings").status_code == 303
    with clock.at(begun, everywhere=True):
        client = come_in(cast, cast.mentee)
    with clock.at(begun + timedelta(minutes=31), everywhere=True):
        assert client.get("/me/settings").status_code == 303


def test_what_a_page_asks_by_itself_keeps_no_sign_in_awake(cast: Cast) -> None:
    begun = clock.now()
    with clock.at(begun, everywhere=True):
        client = come_in(cast, give_password(cast.mentee))
    seen = sa.select(SignIn.seen_at).where(SignIn.person_id == cast.mentee.id)
    with clock.at(begun + timedelta(minutes=2), everywhere=True):
        for address in ("/rooms/1/events", "/rooms/1/unread", "/meetings/1/notes/changes"):
            assert client.get(address).status_code == 404
        assert db.session.scalar(seen) == begun
        assert client.get("/me").status_code == 200
    db.session.rollback()
    assert db.session.scalar(seen) == begun + timedelta(minutes=2)


def test_a_signed_in_page_is_not_stored_by_caches(cast: Cast) -> None:
    assert "no-store" in come_in(cast, give_password(cast.mentee)).get("/me").headers["Cache-Control"]


def test_who_is_disabled_is_out_at_the_next_request(cast: Cast) -> None:
    person = give_password(cast.mentee)
    client = come_in(cast, person)
    assert client.get("/me").status_code == 200
    actions.disable_person(Actor.system(), db.session.get_one(Person, person.id))
    assert client.get("/me").status_code == 303


def test_demo_sign_ins_are_offered_in_demo_mode_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    person = cast.mentee
    person.of_demo = True
    db.session.add(DemoSignIn(person_id=person.id, story={"id": "Mencari mentor", "en": "Looks for a mentor"}))
    db.session.commit()
    address = f"/sign-in/demo/{person.id}"
    assert person.name not in cast.client().get("/sign-in").text
    assert cast.client().post(address).status_code == 404
    from mentorlink.kernel import settings

    monkeypatch.setattr(settings, "current", lambda: cast.app.config["SETTINGS"].model_copy(update={"demo": True}))
    assert person.name in cast.client().get("/sign-in").text
    client = cast.client()
    assert client.post(address).status_code == 303
    assert client.get("/me").status_code == 200


# Links


def test_asking_for_a_new_password_answers_everybody_alike(cast: Cast) -> None:
    person = give_password(cast.mentee)
    known, unknown = (cast.client().post("/forgot", data={"login": login}) for login in (person.email, "nobody@nusaraya.example"))
    assert (known.status_code, known.headers["Location"]) == (303, "/forgot/sent")
    assert (unknown.status_code, unknown.headers["Location"], unknown.data) == (303, "/forgot/sent", known.data)


def test_an_invitation_leads_from_the_mail_to_ones_own_profile(cast: Cast) -> None:
    hr = cast.client(cast.coordinator)
    form = {
        "name": "Suparman",
        "email": "suparman@nusaraya.example",
        "unit_id": str(cast.budget.id),
        "contract": "pns",
        "nip": NIP,
        "locale": "id",
    }
    answer = hr.post("/people/new", data=form)
    assert answer.status_code == 303
    payload = mails("people/invitation")[-1]
    from mentorlink.web.mail import compose

    person = db.session.get_one(Person, payload["to_person_id"])
    message = compose(person.email, person, payload)
    address = f"http://localhost/invitation?key={key_in(payload)}"
    for part in message.iter_parts():
        assert address in part.get_content()
    assert "MentorLink" in message["Subject"]
    client = cast.client()
    assert "Suparman" in client.get(address).text
    short = client.post("/invitation", data={"key": key_in(payload), "password": "short"})
    assert short.status_code == 422
    assert "short" not in short.text.split("<body")[1].split('name="password"')[1][:200]
    taken = client.post("/invitation", data={"key": key_in(payload), "password": NEW_PASSWORD})
    assert (taken.status_code, taken.headers["Location"]) == (303, "/me/edit")
    assert client.get("/me/edit").status_code == 200
    assert cast.client().get(address).status_code == 410


def test_a_reset_mail_leads_to_a_new_password(cast: Cast) -> None:
    from mentorlink.people.actions.links import send_reset_link
    from mentorlink.web.mail import compose

    person = give_password(cast.mentee)
    send_reset_link(Actor.system(), person.email)
    payload = mails("people/reset")[-1]
    message = compose(person.email, db.session.get_one(Person, person.id), payload)
    key = key_in(payload)
    assert f"http://localhost/reset?key={key}" in message.get_body(("plain",)).get_content()
    client = cast.client()
    assert client.get(f"/reset?key={key}").status_code == 200
    assert client.post("/reset", data={"key": key, "password": NEW_PASSWORD}).headers["Location"] == "/sign-in"
    assert client.post("/reset", data={"key": key, "password": NEW_PASSWORD}).status_code == 409
    assert client.post("/sign-in", data={"login": cast.mentee.email, "password": NEW_PASSWORD}).status_code == 303


def test_the_first_administrator_begins_at_the_units(cast: Cast) -> None:
    link = actions.first_administrator_link(Actor.system())
    key = link.partition("key=")[2]
    client = cast.client()
    assert client.get(link.removeprefix("http://localhost")).status_code == 200
    bad = client.post("/first-administrator", data={"key": key, "name": "", "email": "no", "password": "short"})
    assert bad.status_code == 422
    form = {"key": key, "name": "Yohanis", "email": "yohanis@nusaraya.example", "password": NEW_PASSWORD}
    assert client.post("/first-administrator", data=form).headers["Location"] == "/"
    assert client.get("/units").status_code == 200
    assert client.get(f"/first-administrator?key={key}").status_code == 410


# One's own pages


def test_every_page_of_ones_own_opens_in_both_languages(cast: Cast) -> None:
    client = come_in(cast, give_password(cast.mentee))
    for locale in ("id", "en"):
        assert client.post("/locale", data={"locale": locale, "next": "/me"}).headers["Location"] == "/me"
        for address in ("/me", "/me/edit", "/me/devices", "/me/password", "/me/settings", "/units"):
            assert page(client, address).html["lang"] == locale


def test_a_profile_is_written_and_faults_keep_what_was_written(cast: Cast) -> None:
    client = come_in(cast, give_password(cast.mentee))
    form = {"timezone": "Asia/Makassar", "bio": "Suka <b>angka</b> & tabel", "languages": ["id", "su"], "in_field_since": "2012"}
    bad = client.post("/me/edit", data=form | {"in_field_since": "dua ribu"})
    assert bad.status_code == 422
    assert "Suka &lt;b&gt;angka&lt;/b&gt; &amp; tabel" in bad.text
    assert client.post("/me/edit", data=form).status_code == 303
    shown = client.get("/me").text
    assert "Suka &lt;b&gt;angka&lt;/b&gt; &amp; tabel" in shown
    assert "<b>angka" not in shown


def test_devices_are_listed_and_ended_one_by_one_or_all_others(cast: Cast) -> None:
    person = give_password(cast.mentee)
    here, there, third = (come_in(cast, person) for _ in range(3))
    shown = page(here, "/me/devices")
    assert len(shown.select("form[action$='/end']")) == 2
    first = shown.select_one("form[action$='/end']")
    assert first is not None
    assert here.post(str(first["action"])).status_code == 303
    assert sorted([there.get("/me").status_code, third.get("/me").status_code]) == [200, 303]
    assert here.post("/me/devices/end-others").status_code == 303
    assert [there.get("/me").status_code, third.get("/me").status_code, here.get("/me").status_code] == [303, 303, 200]


def test_nobody_ends_anothers_device(cast: Cast) -> None:
    come_in(cast, give_password(cast.mentee))
    row = db.session.scalars(sa.select(SignIn.id)).one()
    assert cast.client(cast.stranger).post(f"/me/devices/{row}/end").status_code == 404
    assert cast.client(cast.stranger).post("/me/devices/999999/end").status_code == 404


def test_a_changed_password_keeps_this_device_and_ends_the_others(cast: Cast) -> None:
    person = give_password(cast.mentee)
    here, there = come_in(cast, person), come_in(cast, person)
    wrong = here.post("/me/password", data={"current": "not the password", "password": NEW_PASSWORD})
    assert wrong.status_code == 422
    assert here.post("/me/password", data={"current": PASSWORD, "password": NEW_PASSWORD}).status_code == 303
    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 303)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_device_has_a_name_that_people_know(cast: Cast, user_agent: str, words: str) -> None:
    with cast.app.test_request_context(headers={"Accept-Language": "en"}):
        assert device_name(user_agent).words == words


# Colleagues


def test_a_colleagues_profile_shows_no_nip_and_no_e_mail_but_to_hr(cast: Cast) -> None:
    person = cast.person("mentee", cast.budget, nip=NIP)
    address = f"/people/{person.id}"
    for who in (cast.mentor, cast.supervisor, cast.stranger):
        shown = cast.client(who).get(address).text
        assert person.name in shown
        assert NIP not in shown
        assert person.email not in shown
    assert NIP in cast.client(cast.coordinator).get(address).text


def test_an_administrator_who_is_not_hr_reads_no_nip_anywhere_and_changes_the_rest(cast: Cast) -> None:
    person = cast.person("mentee", cast.budget, nip=NIP)
    client, address = cast.client(cast.administrator), f"/people/{person.id}"
    assert "HR alone takes it" in client.get("/files").text
    for page_of in (address, f"{address}/manage", f"{address}/edit", "/people", "/api/v1/directory", "/files/take-people.csv"):
        answer = client.get(page_of)
        assert answer.status_code == 200
        assert person.email in answer.text.replace("<wbr>", "")
        assert NIP not in answer.text
    masked = "•" * 15 + NIP[-3:]
    assert masked in client.get(f"{address}/manage").text
    assert [one["nip"] for one in client.get("/api/v1/directory").json["people"] if one["id"] == person.id] == [masked]
    form = {
        "name": "Nama Baru", "email": person.email, "unit_id": str(person.unit_id), "contract": "pns", "locale": "id", "nip": "",
    }  # fmt: skip
    assert client.post(f"{address}/edit", data=form).status_code == 303
    other = cast.client(cast.coordinator)
    assert "Nama Baru" in other.get(f"{address}/manage").text
    assert NIP in other.get(f"{address}/manage").text
    assert NIP in other.get("/files/take-people.csv").text
    assert client.post(f"{address}/edit", data=form | {"nip": "12"}).status_code == 422
    assert other.post(f"{address}/edit", data=form).status_code == 303  # HR sees it, and takes it away
    db.session.refresh(person)
    assert person.nip is None


def test_who_never_was_and_who_has_left_look_the_same(cast: Cast) -> None:
    gone = cast.person("gone", cast.budget, state="disabled")
    client = cast.client(cast.stranger)
    answers = [client.get(f"/people/{number}") for number in (gone.id, 999999)]
    assert [answer.status_code for answer in answers] == [404, 404]

    def bare(text: str) -> str:
        return re.sub(r"[0-9a-f]{12}|[\w.-]{60,}|/people/\d+", "", text)

    assert bare(answers[0].text) == bare(answers[1].text)


def test_blocking_is_known_to_the_blocker_alone(cast: Cast) -> None:
    one, other = cast.mentee, cast.mentor
    client = cast.client(one)
    assert client.post(f"/people/{other.id}/block").status_code == 303
    assert f"/people/{other.id}/unblock" in client.get(f"/people/{other.id}").text
    assert other.name in client.get("/me").text
    seen_by_other = cast.client(other).get(f"/people/{one.id}").text
    assert "unblock" not in seen_by_other
    assert client.post(f"/people/{other.id}/unblock").status_code == 303


# HR


ADDRESSES_OF_HR = ("/people", "/people/new", "/people/{0}/manage", "/people/{0}/edit", "/units/new", "/units/{1}")


def test_pages_of_hr_are_closed_to_employees_and_open_to_hr(cast: Cast) -> None:
    numbers = (cast.mentor.id, cast.statistics.id)
    clerk, hr = cast.client(cast.mentee), cast.client(cast.coordinator)
    for address in ADDRESSES_OF_HR:
        assert clerk.get(address.format(*numbers)).status_code == 403
        assert hr.get(address.format(*numbers)).status_code == 200
    assert [clerk.get("/audit").status_code, hr.get("/audit").status_code] == [403, 403]
    assert cast.client(cast.administrator).get("/audit").status_code == 200


def test_people_and_units_of_another_part_do_not_exist_for_hr_of_one_unit(cast: Cast) -> None:
    local = cast.person("local", cast.finance)
    actions.grant_role(Actor.system(), local, "manager", cast.finance)
    client = cast.client(db.session.get_one(Person, local.id))
    inside, outside = cast.mentee, cast.mentor
    finance_id, statistics_id = cast.finance.id, cast.statistics.id
    assert client.get(f"/people/{inside.id}/manage").status_code == 200
    assert client.get(f"/units/{finance_id}").status_code == 200
    for method, address in (
        ("get", "/people/{0}/manage"), ("get", "/people/{0}/edit"), ("post", "/people/{0}/edit"), ("post", "/people/{0}/disable"),
        ("post", "/people/{0}/enable"), ("post", "/people/{0}/invite"), ("post", "/people/{0}/roles"),
        ("post", "/people/{0}/roles/1/revoke"),
    ):  # fmt: skip
        assert getattr(client, method)(address.format(outside.id)).status_code == 404
        assert getattr(client, method)(address.format(999999)).status_code == 404
    for method, address in (
        ("get", "/units/{0}"),
        ("post", "/units/{0}"),
        ("post", "/units/{0}/move"),
        ("post", "/units/{0}/head"),
        ("post", "/units/{0}/close"),
    ):
        assert getattr(client, method)(address.format(statistics_id)).status_code == 404


def test_a_refusal_is_written_down(cast: Cast) -> None:
    clerk = cast.mentee
    assert cast.client(clerk).get("/people").status_code == 403
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.act, entry.actor_id, entry.facts["where"]) == ("denied", clerk.id, "people.directory")


def test_hr_changes_data_gives_and_takes_roles_disables_and_enables(cast: Cast) -> None:
    client, person = cast.client(cast.administrator), cast.mentee
    person_id = person.id
    form = {
        "name": "Siti Rahmawati",
        "email": person.email,
        "unit_id": str(cast.finance.id),
        "contract": "pppk",
        "nip": "9" * 18,
        "rank": "III/b",
        "locale": "id",
    }
    assert client.post(f"/people/{person_id}/edit", data=form | {"nip": "12"}).status_code == 422
    assert client.post(f"/people/{person_id}/edit", data=form).status_code == 303
    assert client.post(f"/people/{person_id}/roles", data={"role": "coach", "unit_id": str(cast.finance.id)}).status_code == 303
    assert client.post(f"/people/{person_id}/roles", data={"role": "owner"}).status_code == 422
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == person_id))
    assert "III/b" in client.get(f"/people/{person_id}/manage").text
    assert client.post(f"/people/{person_id}/roles/{grant_id}/revoke").status_code == 303
    assert client.post(f"/people/{person_id}/disable").status_code == 303
    assert client.post(f"/people/{person_id}/disable").status_code == 409
    assert client.post(f"/people/{person_id}/enable").status_code == 303
    db.session.rollback()
    assert db.session.get_one(Person, person_id).state == "invited"


def test_units_are_added_renamed_moved_headed_and_closed(cast: Cast) -> None:
    client, head = cast.client(cast.coordinator), cast.mentor
    answer = client.post("/units/new", data={"code": "team", "name_id": "Tim", "parent_id": str(cast.budget.id)})
    address = answer.headers["Location"]
    assert client.post(address, data={"code": "team", "name_id": "Tim Baru", "place": "ambon"}).status_code == 303
    assert client.post(f"{address}/head", data={"email": "nobody@nusaraya.example"}).status_code == 422
    assert client.post(f"{address}/head", data={"email": head.email}).status_code == 303
    assert client.post(f"{address}/move", data={"parent_id": str(cast.statistics.id)}).status_code == 303
    tree = client.get("/units").text
    assert "Tim Baru" in tree
    assert head.name in tree
    assert client.post(f"{address}/close").status_code == 303
    assert "Tim Baru" not in client.get("/units").text
    assert db.session.scalar(sa.select(Unit.path).where(Unit.code == "team")).startswith(cast.statistics.path)


def test_the_number_of_queries_of_each_list_does_not_grow(cast: Cast) -> None:
    administrator = cast.administrator
    client = cast.client(administrator)
    counts: dict[str, list[int]] = {}
    for size in (3, 60):
        for number in range(size):
            person = cast.person(f"{size}-{number}", cast.unit(f"u{size}-{number}", cast.agency), role="mentor")
            actions.note_denial(cast.actor(person), "role_needed")
            actions.set_head(Actor.system(), db.session.get_one(Unit, person.unit_id), db.session.get_one(Person, person.id))
        for address in ("/people", "/people?q=a&role=mentor", "/units", "/audit", "/people/new"):
            client.get(address)
            with count_queries() as statements:
                assert client.get(address).status_code == 200
            counts.setdefault(address, []).append(len(statements))
    assert all(small == large <= 15 for small, large in counts.values()), counts


# A sign-in that ended while somebody wrote


def test_everything_written_and_chosen_comes_back_named_and_goes_out_as_it_was(cast: Cast) -> None:
    person = give_password(cast.mentee)
    client = cast.client()
    form = {"bio": "Pendek", "can_help_with": "Dua kata", "locale": "en", "client_id": "a" * 40, "csrf_token": "old"}
    answer = client.post("/me/edit", data=form)
    assert answer.status_code == 401
    soup = BeautifulSoup(answer.text, "html.parser")
    labels = {label["for"]: label.text for label in soup.select("label.form-label")}
    said = {labels[str(area["id"])]: area.text.strip() for area in soup.select("textarea")}
    assert said == {"Tentang saya": "Pendek", "Yang dapat saya bantu": "Dua kata"}
    again = soup.select_one("form[action='/me/edit']")
    assert again is not None
    kept = {str(each["name"]): str(each["value"]) for each in again.select("input")}
    assert {name: kept[name] for name in form if name != "csrf_token"} == {
        name: value for name, value in form.items() if name != "csrf_token"
    }
    cast.app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser = cast.client()
        token = BeautifulSoup(browser.get("/sign-in").text, "html.parser").select_one("input[name=csrf_token]")
        browser.post("/sign-in", data={"login": person.email, "password": PASSWORD, "csrf_token": str(token["value"])})  # type: ignore[index]
        stale = browser.post("/me/edit", data=kept)
        assert stale.status_code == 400
        fresh = BeautifulSoup(stale.text, "html.parser").select_one("form[action='/me/edit']")
        assert fresh is not None
        once_more = {str(each["name"]): str(each["value"]) for each in fresh.select("input")}
        once_more.pop("client_id")
        assert browser.post("/me/edit", data=once_more).status_code in (303, 422)
    finally:
        cast.app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("number", ["9" * 5000, str(2**63), "-1", "1e3", "\u00b2", "\u0661"])
def test_a_number_that_nothing_can_have_is_refused_and_changes_nothing(cast: Cast, number: str) -> None:
    head = cast.supervisor
    client, unit_id, parent_id = cast.client(cast.coordinator), cast.finance.id, cast.finance.parent_id
    for address, field in (
        (f"/units/{unit_id}/move", "parent_id"),
        (f"/units/{unit_id}/head", "person_id"),
        ("/people/invite", "unit"),
        (f"/people/{head.id}/edit", "unit_id"),
        (f"/people/{head.id}/roles", "unit_id"),
    ):
        assert client.post(address, data={field: number, "role": "mentor"}).status_code in (404, 422), address
    for address in ("/competencies/frameworks", "/programme", "/learning-hours", "/people", "/audit"):
        assert (
            client.get(address, query_string={"year": number, "page": number, "unit": number, "person": number}).status_code < 500
        )
    unit = db.session.get_one(Unit, unit_id)
    assert (unit.parent_id, unit.head_id) == (parent_id, head.id)


def test_hr_invites_everybody_who_waits_from_the_directory(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with_server(cast, monkeypatch)
    waiting = cast.person("newcomer", cast.budget, state="invited")
    client = cast.client(cast.coordinator)
    assert "Invite 1 person" in page(client, "/people").text
    assert "No valid invitation" in client.get(f"/people/{waiting.id}/manage").text
    assert waiting.email not in client.get("/people?state=invited").text.replace("<wbr>", "")
    assert waiting.email in client.get("/people?state=uninvited").text.replace("<wbr>", "")
    assert "Invite 1 person" not in page(client, f"/people?unit={cast.statistics.id}").text
    asked = client.post("/people/invite", data={"unit": str(cast.finance.id)}, follow_redirects=True)
    assert "1 invitation is on its way." in asked.text
    assert waiting.email in asked.text.replace("<wbr>", "")
    assert waiting.email in client.get("/people?state=invited").text.replace("<wbr>", "")
    assert waiting.email not in client.get("/people?state=uninvited").text
    again = client.post("/people/invite", data={"unit": ""}, follow_redirects=True)
    assert "Nobody waits for an invitation." in again.text
    assert [letter["to_person_id"] for letter in mails("people/invitation")] == [waiting.id]


def test_without_a_mail_server_who_invites_is_told_that_no_mail_goes_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hr, person = cast.client(cast.coordinator), cast.person("new", cast.finance, state="invited")
    for page in ("/people?state=uninvited", f"/people/{person.id}/manage", "/people/new"):
        assert "No invitation reaches anybody yet" in hr.get(page).text
    done = hr.post(f"/people/{person.id}/invite", follow_redirects=True).text
    assert "no mail server is set up, so it does not go out yet" in done
    assert "Send the invitation again" in done
    with_server(cast, monkeypatch)
    sent = hr.post(f"/people/{person.id}/invite", follow_redirects=True).text
    assert "No invitation reaches anybody yet" not in sent
    assert "is on its way to" in sent
    assert "the link to choose a password went out on" in sent


def with_server(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house that has a mail server."""
    changed = cast.app.config["SETTINGS"].model_copy(update={"smtp_url": "smtp://mail.example:25"})
    monkeypatch.setitem(cast.app.config, "SETTINGS", changed)
    monkeypatch.setattr(settings, "_in_force", [changed])


def test_a_role_that_is_held_or_needed_is_told_on_the_page(cast: Cast) -> None:
    boss = cast.client(cast.administrator)
    where = f"/people/{cast.mentor.id}"
    assert boss.post(f"{where}/roles", data={"role": "coach"}).status_code == 303
    again = boss.post(f"{where}/roles", data={"role": "coach"})
    assert (again.status_code, "This colleague has that role already." in again.text) == (409, True)
    assert f'action="{where}/roles"' in again.text
    grant = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.role == "administrator"))
    refused = boss.post(f"/people/{cast.administrator.id}/roles/{grant}/revoke")
    assert (refused.status_code, "This is the last administrator." in refused.text) == (409, True)
    assert f'action="/people/{cast.administrator.id}/roles"' in refused.text


def test_the_language_chosen_on_the_way_in_is_kept(cast: Cast) -> None:
    person = cast.person("new", cast.finance, state="invited")
    person_id = person.id
    actions.invite_person(cast.actor(cast.coordinator), person)
    key = key_in(mails("people/invitation")[-1])
    browser = cast.client()
    browser.post("/locale", data={"locale": "en"})
    assert browser.post("/invitation", data={"key": key, "password": NEW_PASSWORD}).status_code == 303
    db.session.rollback()
    found = db.session.get_one(Person, person_id)
    assert (found.state, found.locale) == ("active", "en")
    assert "You are signed in on this device now" in browser.get(f"/invitation?key={key}").text


def test_the_audit_log_says_what_a_file_was_and_is_searched_by_name_and_day(cast: Cast) -> None:
    boss = cast.client(cast.administrator)
    who = cast.actor(cast.coordinator)
    counts = {"add": 12, "change": 3, "same": 0, "faulty": 1}
    actions.note_denial(cast.actor(cast.mentor), "role_needed")
    note_export(who, "standards", "xlsx")
    with transaction():
        actions.record_audit(who, "file_applied", "import_file", 18, kind="people", counts=counts)
        actions.record_audit(who, "people_invited", people=83)
    page = boss.get("/audit").text
    for words in ("kind: People", "12 new, 3 changed, 1 to correct", "people: 83", "kind: Job standards", "format: XLSX"):
        assert words in page
    only = boss.get(f"/audit?name={cast.mentor.name.split()[0]}").text
    assert "kind: People" not in only
    assert cast.mentor.name in only
    today = clock.today(cast.administrator.timezone)
    assert "kind: People" in boss.get(f"/audit?day={today}").text
    assert "kind: People" not in boss.get(f"/audit?day={today - timedelta(days=3)}").text
    assert boss.get("/audit?day=2024-13-77").status_code == 200


def test_the_first_sign_in_page_names_the_house_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_in_force", [cast.app.config["SETTINGS"].model_copy(update={"agency_name": ""})])
    db.session.execute(sa.update(Unit).where(Unit.parent_id.is_(None)).values(closed_at=clock.now()))
    db.session.commit()
    first = cast.client().get("/sign-in", headers={"Accept-Language": "en"}).text
    assert "MentorLink of MentorLink" not in first
    assert "Sign in with your work e-mail or NIP." in first


def test_a_nip_that_is_none_and_an_address_that_is_taken_are_told_at_once(cast: Cast) -> None:
    hr, form = (
        cast.client(cast.coordinator),
        {"name": "Suparman", "unit_id": str(cast.finance.id), "contract": "pns", "locale": "id"},
    )
    refused = hr.post("/people/new", data=form | {"nip": "123", "email": cast.mentee.email.upper()})
    assert refused.status_code == 422
    for words in ("A NIP has 18 digits.", "A colleague has this e-mail address already."):
        assert words in refused.text
    other = cast.mentor.id
    again = hr.post(f"/people/{other}/edit", data=form | {"nip": "123", "email": cast.mentor.email})
    assert "A colleague has this" not in again.text
