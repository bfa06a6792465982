"""Fetching what a person named: no private address by any way, not too much, not too long."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mentorlink.kernel import fetch as here
from mentorlink.kernel.fetch import NotFetched, fetch, is_public, parts_of

pytestmark = pytest.mark.one_database
PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "ff02::1", "2001:db8::1",
    "x",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.10.10.10", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.id/x", "ftp://example.id/x", "https://", "https:///x", "https://user@example.id/x", "https://u:p@example.id/",
        "https://example.id:22/x", "https://example.id:99999/x", "https://example.id/a b", "https://example.id/a\r\nHost: y",
        "//example.id",
        "https://" + "a" * 300 + ".id/", "https://[::1/x", "https://example.id/\u00e9",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_https_is_refused(address: str) -> None:
    with pytest.raises(NotFetched) as refused:
        parts_of(address)
    assert refused.value.code == "fetch_address"


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    real = socket.getaddrinfo

    def answer(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if host == "127.0.0.1":
            return real(host, port, *more, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("::ffff:169.254.169.254",)])
def test_a_name_one_of_whose_addresses_is_private_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    resolve(monkeypatch, *addresses)
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_m: pytest.fail("a connection was made"))
    with pytest.raises(NotFetched) as refused:
        fetch("https://calendar.example.id/x.ics", most=1000)
    assert refused.value.code == "fetch_private"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "localhost", "169.254.169.254"]
)
def test_no_way_of_writing_this_machine_leads_to_it(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_m: pytest.fail("a connection was made"))
    with pytest.raises(NotFetched):
        fetch(f"https://{host}/x.ics", most=1000)


class Server:
    """A server with a certificate of its own for calendar.example.id, on this machine; what it says is up to the test."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "calendar.example.id")])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("calendar.example.id")]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .sign(key, hashes.SHA256())
        )
        self.certificate = folder / "server.pem"
        self.certificate.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.answers: list[Callable[[ssl.SSLSocket], None] | bytes] = []
        self.requests: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        while True:
            try:
                bare, _from = self.socket.accept()
                with context.wrap_socket(bare, server_side=True) as client:
                    self.requests.append(client.recv(65536))
                    answer = self.answers.pop(0)
                    if isinstance(answer, bytes):
                        client.sendall(answer)
                    else:
                        answer(client)
            except ssl.SSLError:
                continue
            except OSError:
                if self.socket.fileno() < 0:
                    return


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    found = Server(tmp_path)
    connect = socket.create_connection
    trust = ssl.create_default_context(cafile=str(found.certificate))
    resolve(monkeypatch, "103.10.10.10")
    monkeypatch.setattr(ssl, "create_default_context", lambda: trust)
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda where, timeout: (
            connect(("127.0.0.1", found.port), timeout=timeout)
            if where == ("103.10.10.10", 443)
            else pytest.fail(f"went to {where}")
        ),
    )
    yield found
    found.socket.close()


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def test_the_content_comes_from_the_address_that_was_looked_at(server: Server) -> None:
    server.answers = [answer("200 OK", b"BEGIN:VCALENDAR", 'ETag: "1"')]
    found = fetch("https://calendar.example.id/x.ics?key=1", most=1000)
    assert (found.content, found.etag) == (b"BEGIN:VCALENDAR", '"1"')
    assert server.requests[0].startswith(b"GET /x.ics?key=1 HTTP/1.1\r\nHost: calendar.example.id\r\n")
    server.answers = [answer("304 Not Modified")]
    assert fetch("https://calendar.example.id/x.ics", most=1000, etag='"1"').content is None
    assert b'If-None-Match: "1"' in server.requests[1]


def test_a_certificate_of_another_name_is_not_trusted(server: Server) -> None:
    with pytest.raises(NotFetched) as refused:
        fetch("https://other.example.id/x.ics", most=1000)
    assert refused.value.code == "fetch_unreachable"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://calendar.example.id/x", "fetch_address"),
        ("https://calendar.example.id:22/x", "fetch_address"),
        ("file:///etc/passwd", "fetch_address"),
        ("https://private.example.id/x", "fetch_private"),
        ("/again", "fetch_redirects"),
    ],
)
def test_each_step_of_a_redirect_is_looked_at_like_the_first(
    server: Server, monkeypatch: pytest.MonkeyPatch, to: str, code: str
) -> None:
    public = here.public_address

    def look(host: str) -> str:
        if host.startswith("private"):
            resolve(monkeypatch, "169.254.169.254")
        return public(host)

    monkeypatch.setattr(here, "public_address", look)
    server.answers = [answer("302 Found", b"", f"Location: {to}")] * 9
    with pytest.raises(NotFetched) as refused:
        fetch("https://calendar.example.id/x.ics", most=1000)
    assert refused.value.code == code
    assert len(server.requests) == (4 if code == "fetch_redirects" else 1)


def test_a_redirect_to_a_public_server_is_followed(server: Server) -> None:
    server.answers = [answer("301 Moved", b"", "Location: https://calendar.example.id/new"), answer("200 OK", b"BEGIN")]
    assert fetch("https://calendar.example.id/x.ics", most=1000).content == b"BEGIN"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (answer("200 OK", b"x" * 1001), "fetch_too_big"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 5000, "fetch_too_big"),
        (answer("200 OK", b"\x1f\x8b", "Content-Encoding: gzip"), "fetch_refused"),
        (answer("403 Forbidden"), "fetch_refused"),
        (b"SSH-2.0-x\r\n", "fetch_unreachable"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000, "fetch_unreachable"),
    ],
)
def test_what_is_too_big_or_no_answer_is_refused(server: Server, said: bytes, code: str) -> None:
    server.answers = [said]
    with pytest.raises(NotFetched) as refused:
        fetch("https://calendar.example.id/x.ics", most=1000)
    assert refused.value.code == code


def test_a_byte_every_now_and_then_does_not_hold_us(server: Server) -> None:
    ended = threading.Event()

    def drip(client: ssl.SSLSocket) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
                client.sendall(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            ended.set()

    server.answers = [drip]
    with pytest.raises(NotFetched) as refused:
        fetch("https://calendar.example.id/x.ics", most=1000, seconds=0.6)
    assert refused.value.code == "fetch_slow"
    assert ended.wait(30), "the line is closed"


def test_the_ways_to_write_an_address_are_those_of_the_library() -> None:
    assert ipaddress.ip_address("::ffff:1.2.3.4").ipv4_mapped == ipaddress.ip_address("1.2.3.4")
