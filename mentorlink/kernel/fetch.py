"""Fetching from an address that a person gave: https alone, public servers alone, small, and soon.

The name is resolved here, every address it has is looked at, and the connection goes to the very address that was looked at;
a name that leads elsewhere at the second look gains nothing. Each step of a redirect is looked at like the first.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

PORT = 443
REDIRECTS = 3
_PIECE = 65536
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for an IPv4 one behind a translator."""


class NotFetched(Exception):
    """Why nothing was fetched: ``code`` begins with fetch_ and ends in address, private, unreachable, slow, refused, …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """What a server answered."""

    content: bytes | None
    """None: it is what it was when ``etag`` was told."""
    etag: str


def fetch(address: str, *, most: int, seconds: float = 15, etag: str = "", agent: str = "MentorLink") -> Fetched:
    """The content of ``address``, at most ``most`` bytes and within ``seconds``; raises NotFetched."""
    end = time.monotonic() + seconds
    for _step in range(REDIRECTS + 1):
        host, path = parts_of(address)
        answer = _ask(host, path, public_address(host), end=end, most=most, etag=etag, agent=agent)
        if isinstance(answer, Fetched):
            return answer
        address = urljoin(address, answer)
    raise NotFetched("fetch_redirects")


def post(address: str, body: bytes, *, headers: dict[str, str], seconds: float = 10) -> int:
    """Send ``body`` to ``address`` and read nothing of the answer but its status; raises NotFetched. No redirects."""
    host, path = parts_of(address)
    connection = _Connection(host, public_address(host), timeout=min(seconds, 5))
    too_late = threading.Event()
    watch = threading.Timer(seconds, _give_up, (connection, too_late))
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body=body, headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        slow = too_late.is_set() or isinstance(error, TimeoutError)
        raise NotFetched("fetch_slow" if slow else "fetch_unreachable") from None
    finally:
        watch.cancel()
        connection.close()


def parts_of(address: str) -> tuple[str, str]:
    """Host and path of an https address without user, password or port; raises NotFetched."""
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode().rstrip(".")
    except (ValueError, UnicodeError):
        raise NotFetched("fetch_address") from None
    if parts.scheme != "https" or not host or "@" in parts.netloc or port not in (None, PORT):
        raise NotFetched("fetch_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(ord(sign) <= 32 or ord(sign) == 127 for sign in path):
        raise NotFetched("fetch_address")
    return host, path


def public_address(host: str) -> str:
    """An address of ``host``, all of whose addresses are public; raises NotFetched."""
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("fetch_unreachable") from None
    addresses = [str(each[4][0]) for each in found]
    if not addresses:
        raise NotFetched("fetch_unreachable")
    if not all(is_public(address) for address in addresses):
        raise NotFetched("fetch_private")
    return addresses[0]


def is_public(address: str) -> bool:
    """True for an address of the public internet, also when it is wrapped into an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None,))[0]
        if inner is None and found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback)


class _Connection(http.client.HTTPSConnection):
    """Goes to the address that was looked at; certificate and name are those of the host."""

    def __init__(self, host: str, to: str, *, timeout: float) -> None:
        super().__init__(host, PORT, timeout=timeout, context=ssl.create_default_context())
        self.to = to

    def connect(self) -> None:
        bare = socket.create_connection((self.to, PORT), timeout=self.timeout)
        self.sock = self._context.wrap_socket(bare, server_hostname=self.host)  # type: ignore[attr-defined]  # of its parent


def _ask(host: str, path: str, to: str, *, end: float, most: int, etag: str, agent: str) -> Fetched | str:
    """What the server answers, or where it sends on."""
    left = end - time.monotonic()
    if left <= 0:
        raise NotFetched("fetch_slow")
    connection = _Connection(host, to, timeout=min(left, 5))
    too_late = threading.Event()
    watch = threading.Timer(left, _give_up, (connection, too_late))
    watch.daemon = True
    watch.start()
    try:
        headers = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity", "User-Agent": agent}
        connection.request("GET", path, headers=headers | ({"If-None-Match": etag} if etag else {}))
        found = _read(connection.getresponse(), most)
        if too_late.is_set():  # a line that was cut looks like an answer that has come to its end
            raise TimeoutError
        return found
    except (OSError, http.client.HTTPException) as error:
        slow = too_late.is_set() or isinstance(error, TimeoutError)
        raise NotFetched("fetch_slow" if slow else "fetch_unreachable") from None
    finally:
        watch.cancel()
        connection.close()


def _give_up(connection: http.client.HTTPSConnection, too_late: threading.Event) -> None:
    """Whoever sends a byte every few seconds is ended all the same."""
    too_late.set()
    if (sock := connection.sock) is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _read(answer: http.client.HTTPResponse, most: int) -> Fetched | str:
    told = (answer.headers.get("ETag") or "")[:200]
    if answer.status == 304:
        return Fetched(None, told)
    if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("Location"):
        return str(answer.headers["Location"])
    if answer.status != 200:
        raise NotFetched("fetch_refused")
    if (answer.headers.get("Content-Encoding") or "identity").lower() != "identity":
        raise NotFetched("fetch_refused")
    content = bytearray()
    while piece := answer.read(_PIECE):
        content += piece
        if len(content) > most:
            raise NotFetched("fetch_too_big")
    return Fetched(bytes(content), told)
