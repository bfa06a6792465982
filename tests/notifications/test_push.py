"""Browsers are told while no page is open: sealed for one browser, signed, in time, and no longer than they wish."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock, fetch, jobs, settings, webpush
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.jobs import Task
from mentorlink.notifications.actions import choose_rhythm, notify, read_all_notices
from mentorlink.notifications.inputs import RhythmInput
from mentorlink.notifications.models import PushDevice
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.kernel.test_fetch import Server, answer, server  # noqa: F401

KEY = webpush.new_key()


@dataclass
class Laptop:
    """A browser, and the push service that it is subscribed to."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    shared: bytes = b"sixteen secrets!"
    endpoint: str = "https://push.example.id/send/one"
    status: int = 201
    heard: list[dict[str, str]] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def form(self) -> dict[str, str]:
        keys = {"public": webpush.encode(self.public), "shared": webpush.encode(self.shared)}
        return keys | {"endpoint": self.endpoint}

    def take(self, address: str, body: bytes, *, headers: dict[str, str], seconds: float = 10) -> int:
        """What the service does: looks at who sends, hands on; the browser reads."""
        assert address == self.endpoint
        check_sender(address, headers["Authorization"])
        if self.status < 300:
            self.heard.append(json.loads(self.open(body)))
        return self.status

    def open(self, body: bytes) -> bytes:
        """Read as RFC 8291 says, by no code of ours."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        exchanged = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = hkdf(exchanged, self.shared, b"WebPush: info\0" + self.public + sender, 32)
        key, nonce = (
            hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16),
            hkdf(secret, salt, b"Content-Encoding: nonce\0", 12),
        )
        words = AESGCM(key).decrypt(nonce, sealed, None)
        assert words[-1] == 2
        return words[:-1]


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def check_sender(address: str, said: str) -> None:
    token, key = (part.split("=", 1)[1] for part in said.removeprefix("vapid ").split(", "))
    head, claims, signature = token.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.urlsafe_b64decode(key + "=="))
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    found = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert found["aud"] == "https://" + urlsplit(address).netloc
    assert found["sub"].startswith("mailto:")
    assert 0 < found["exp"] - clock.now().timestamp() <= 24 * 3600


@pytest.fixture
def laptop(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> Iterator[Laptop]:
    found, before = Laptop(), settings.current()
    changed = before.model_copy(update={"push_key": KEY})
    settings.use(changed)
    monkeypatch.setitem(cast.app.config, "SETTINGS", changed)
    monkeypatch.setattr(fetch, "post", found.take)
    yield found
    settings.use(before)


def tell(person: Person, number: int = 1) -> None:
    notify(Actor.system(), person.id, kind="join_accepted", about="community", about_id=number, facts={"community": "Data"})


def send() -> None:
    """Send what is due, so that a refusal is heard."""
    for task in db.session.scalars(sa.select(Task).where(Task.kind == "push.send", Task.run_at <= clock.now())).all():
        jobs.handlers["push.send"](task.payload)
    db.session.rollback()


def devices() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(PushDevice)) or 0


@pytest.mark.one_database
def test_it_seals_as_the_example_of_the_standard_does() -> None:
    own = ec.derive_private_key(
        int.from_bytes(webpush.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    sealed = webpush.seal_with(
        b"When I grow up, I want to be a watermelon", own=own, salt=webpush.decode("DGv6ra1nlYgDCS1FRnbzlw"),
        public="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        shared="BTBZMqHH6r4Tts7J_aSIgg",
    )  # fmt: skip
    assert webpush.encode(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.one_database
@given(st.binary(max_size=webpush.MOST))
def test_only_the_browser_reads_what_was_sealed_for_it(words: bytes) -> None:
    laptop = Laptop()
    assert laptop.open(webpush.seal(words, public=webpush.encode(laptop.public), shared=webpush.encode(laptop.shared))) == words


@pytest.mark.one_database
@pytest.mark.parametrize("key", ["", "short", "*" * 43, webpush.encode(bytes(32))])
def test_what_is_no_key_is_none(key: str) -> None:
    assert not webpush.is_key(key)
    assert webpush.is_key(webpush.new_key())


def test_a_browser_is_told_in_the_readers_language_until_it_is_told_no_more(laptop: Laptop, cast: Cast) -> None:
    client = cast.client(cast.mentee)
    assert client.post("/notices/devices", data=laptop.form).status_code == 204
    assert client.post("/notices/devices", data=laptop.form).status_code == 204
    assert devices() == 1
    raw = str(db.session.execute(sa.text("SELECT endpoint, public, shared FROM push_device")).all())
    assert "push.example.id" not in raw
    tell(cast.mentee)
    tell(cast.mentor)
    send()
    assert [(one["text"], one["href"].startswith("/notices/")) for one in laptop.heard] == [("Welcome to Data.", True)]
    page = client.get("/notices/settings").text
    assert webpush.public_key(KEY) in page
    device = db.session.scalars(sa.select(PushDevice.id)).one()
    assert cast.client(cast.mentor).post(f"/notices/devices/{device}/drop").status_code == 404
    assert client.post(f"/notices/devices/{device}/drop").status_code == 303
    tell(cast.mentee, 2)
    send()
    assert len(laptop.heard) == 1


def test_quiet_hours_are_kept_and_what_was_read_is_not_told(laptop: Laptop, cast: Cast) -> None:
    cast.client(cast.mentee).post("/notices/devices", data=laptop.form)
    mentee = cast.actor(cast.mentee)
    hour = clock.now().astimezone(ZoneInfo(cast.mentee.timezone)).hour
    choose_rhythm(mentee, RhythmInput(digest="never", quiet_from=(hour - 1) % 24, quiet_to=(hour + 2) % 24))
    tell(cast.mentee)
    send()
    assert laptop.heard == []
    with clock.at(clock.now() + timedelta(hours=4)):
        send()
        assert len(laptop.heard) == 1
        read_all_notices(mentee)
        send()
    assert len(laptop.heard) == 1


def test_a_subscription_that_is_gone_is_forgotten_and_a_busy_service_is_asked_again(laptop: Laptop, cast: Cast) -> None:
    cast.client(cast.mentee).post("/notices/devices", data=laptop.form)
    tell(cast.mentee)
    laptop.status = 503
    with pytest.raises(Exception, match="503"):
        send()
    laptop.status = 410
    send()
    assert devices() == 0


def test_whoever_uses_the_browser_next_is_not_told_what_concerns_who_used_it_before(laptop: Laptop, cast: Cast) -> None:
    first = cast.client(cast.mentee)
    first.post("/notices/devices", data=laptop.form)
    tell(cast.mentee)
    cast.client(cast.mentor).post("/notices/devices", data=laptop.form)
    send()
    assert (laptop.heard, devices()) == ([], 1)
    mentor = cast.client(cast.mentor)
    mentor.post("/notices/devices", data=laptop.form)
    mentor.post("/sign-out")
    assert devices() == 0


@pytest.mark.parametrize(
    "endpoint", ["http://push.example.id/send/one", "https://user:word@push.example.id/x", "https://x:8443/12345678901"]
)
def test_what_is_no_push_service_is_refused(laptop: Laptop, cast: Cast, endpoint: str) -> None:
    client = cast.client(cast.mentee)
    assert client.post("/notices/devices", data=laptop.form | {"endpoint": endpoint}).status_code == 422
    assert client.post("/notices/devices", data=laptop.form | {"public": "AAAA"}).status_code == 422
    assert devices() == 0


def test_without_a_key_there_is_nothing_to_switch_on(cast: Cast) -> None:
    client = cast.client(cast.mentee)
    assert "notifications-push" not in client.get("/notices/settings").text
    assert client.post("/notices/devices", data=Laptop().form).status_code == 409
    worker = client.get("/push-worker.js")
    assert (worker.status_code, worker.mimetype) == (200, "text/javascript")


@pytest.mark.one_database
def test_it_is_sent_to_public_servers_alone_and_follows_nobody(server: Server) -> None:  # noqa: F811
    bodies: list[bytes] = []
    for said in (answer("201 Created"), answer("307 Temporary Redirect", b"", "Location: https://127.0.0.1/")):
        server.answers.append(lambda client, said=said: (bodies.append(client.recv(65536)), client.sendall(said)))  # type: ignore[misc]
    assert fetch.post("https://calendar.example.id/send", b"sealed", headers={"TTL": "60"}) == 201
    assert server.requests[0].startswith(b"POST /send HTTP/1.1\r\n")
    assert fetch.post("https://calendar.example.id/send", b"sealed", headers={}) == 307
    assert bodies == [b"sealed", b"sealed"]
    with pytest.raises(fetch.NotFetched) as refused:
        fetch.post("https://127.0.0.1/send", b"sealed", headers={})
    assert refused.value.code == "fetch_private"
