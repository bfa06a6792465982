"""A wrong configuration stops the start with a line that names what is wrong; a right one starts."""

from __future__ import annotations

import base64
import os

import pytest
from flask import Flask

from config import Settings, SettingsError, load_settings
from mentorlink.app import create_app
from mentorlink.kernel import webpush
from mentorlink.kernel.db import db
from tests.cast import Cast
from tests.conftest import KEYS, settings_for

RIGHT = {
    "MENTORLINK_SECRET_KEY": "k3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4",
    "MENTORLINK_DATA_KEYS": KEYS[0],
    "MENTORLINK_DATABASE_URL": "sqlite:///nowhere/mentorlink.db",
}
OTHER_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


def start(monkeypatch: pytest.MonkeyPatch, **said: str | None) -> Settings:
    for name in [name for name in os.environ if name.startswith("MENTORLINK_")]:
        monkeypatch.delenv(name)
    for name, value in (RIGHT | {f"MENTORLINK_{name}": value for name, value in said.items()}).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name", ["SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT", "PORT_80_TCP_ADDR", "NAME", "TEST_ALL", "CHROMIUM"]
)
def test_what_containers_and_tools_tell_is_no_setting(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert start(monkeypatch, **{name: "tcp://10.0.0.7:80"})


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SECRET_KEY", None, "Field required"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("SECRET_KEY", "changeme-changeme-changeme-changeme-1234", "sample or guessable"),
        ("SECRET_KEY", "a" * 40, "sample or guessable"),
        ("DATA_KEYS", None, "Field required"),
        ("DATA_KEYS", " , ", "at least one key"),
        ("DATA_KEYS", "abc", "32 bytes in url-safe base64"),
        ("DATA_KEYS", base64.urlsafe_b64encode(b"too short").decode(), "32 random bytes"),
        ("DATA_KEYS", base64.urlsafe_b64encode(b"a" * 32).decode(), "32 random bytes"),
        ("DATA_KEYS", f"{KEYS[0]},{base64.urlsafe_b64encode(b'ab' * 16).decode()}", "32 random bytes"),
        ("DATABASE_URL", None, "Field required"),
        ("DATABASE_URL", "mysql://host/name", "starts with sqlite:/// or postgresql+psycopg://"),
        ("DEFAULT_TIMEZONE", "Asia/Nowhere", "is an IANA time zone"),
        ("DEFAULT_LOCALE", "fr", "'id' or 'en'"),
        ("BASE_URL", "localhost:8000", "starts with http:// or https://"),
        ("BASE_URL", "https://", "names a host"),
        ("SMTP_URL", "bla", "smtp://user:password@host:587?starttls=1"),
        ("SMTP_URL", "smtp://host:port", "address of a mail server"),
        ("SMTP_URL", "smtp://host?startls=1", "address of a mail server"),
        ("MAIL_FROM", "xx", "is an e-mail address"),
        ("REDIS_URL", "foo", "redis://host:6379/0"),
        ("SESION_IDLE_MINUTES", "5", "did you mean MENTORLINK_SESSION_IDLE_MINUTES?"),
        ("MAIL_URL", "xx", "MENTORLINK_SMTP_URL"),
        ("QWERTY", "1", "docs/operating.md lists all"),
        ("PUSH_KEY", "not a key", "push-key"),
        ("VIDEO_ROOMS", "http://video.example/{room}", "starts with https://"),
        ("VIDEO_ROOMS", "https://video.example/", "holds {room}"),
        ("SESSION_IDLE_MINUTES", "0", "greater than or equal to"),
        ("INVITATION_DAYS", "soon", "valid integer"),
        ("LOG_LEVEL", "loud", "'debug', 'info'"),
        ("DEMO", "perhaps", "boolean"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, why: str
) -> None:
    assert start(monkeypatch).database_url == RIGHT["MENTORLINK_DATABASE_URL"]
    with pytest.raises(SettingsError) as refused:
        start(monkeypatch, **{name: value})
    told = str(refused.value)
    assert told.startswith("MentorLink does not start")
    assert why in told
    assert f"MENTORLINK_{name}:" in told
    assert value is None or len(value) < 12 or value not in told


@pytest.mark.one_database
def test_every_fault_is_told_at_once_and_a_ring_of_keys_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        start(monkeypatch, SECRET_KEY="short", DATA_KEYS="", DEFAULT_TIMEZONE="Mars", LOG_LEVELL="info")
    assert str(refused.value).count("\n  MENTORLINK_") == 4
    chosen = start(
        monkeypatch, DATA_KEYS=f" {KEYS[0]} , {OTHER_KEY}", BASE_URL="https://mentor.example", PUSH_KEY=webpush.new_key()
    )
    assert chosen.data_keys == (KEYS[0], OTHER_KEY)
    assert (chosen.secure_cookies, chosen.sign_in_cookie) == (True, "__Host-mentorlink")


@pytest.mark.one_database
def test_right_addresses_and_what_tests_and_scripts_read_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, values in {
        "SMTP_URL": ("", "smtp://localhost", "smtp://u%40x:p@mail.example:587?starttls=1", "smtps://mail.example:465"),
        "MAIL_FROM": ("no-reply@localhost", "Pusat Bimbingan <mentor@nusaraya.example>"),
        "REDIS_URL": ("", "redis://127.0.0.1:6379/0", "rediss://:secret@host", "unix:///run/redis.sock"),
        "TEST_DEMO": ("/x",), "CHROMIUM": ("/x",), "PICTURES": ("1",),
    }.items():  # fmt: skip
        for value in values:
            start(monkeypatch, **{name: value})


def test_the_demo_does_not_start_over_real_people(app: Flask, cast: Cast) -> None:
    url = app.config["SETTINGS"].database_url
    person = cast.mentee
    with pytest.raises(SettingsError, match="MENTORLINK_DEMO cannot be switched on"):
        create_app(settings_for(url, demo=True))
    person.of_demo = True
    db.session.commit()
    assert create_app(settings_for(url, demo=True)).config["SETTINGS"].demo
