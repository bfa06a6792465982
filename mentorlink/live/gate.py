"""What stands before the sockets: a handshake needs a sign-in, our own origin, and room in this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from werkzeug.http import parse_cookie

from mentorlink.live import wires
from mentorlink.live.wires import Start, Wsgi
from mentorlink.people.queries import visit_of

PATH = "/socket.io/"
POLLERS = 24
"""Clients without a WebSocket hold a thread each; beyond so many they read the rooms' logs by ordinary requests."""

SIGN_IN = "mentorlink.sign_in"
"""Key of the WSGI environment under which the sign-in's id reaches the event handlers."""


class Gate:
    """WSGI middleware around Socket.IO's own; everything but its path passes."""

    def __init__(self, app: Flask, inner: Wsgi, engine: Any) -> None:
        self._app, self._inner, self._engine = app, inner, engine
        settings = app.config["SETTINGS"]
        self._cookie = settings.sign_in_cookie
        self._base = _origin(settings.base_url)
        self._most = settings.max_sockets

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._inner(environ, start)
        upgrade = environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        refusal = self._refusal(environ, upgrade)
        if refusal:
            headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]
            start(refusal, headers + ([("Retry-After", "10")] if refusal.startswith("503") else []))
            return [b""]
        if upgrade:
            wires.prepare(environ)
        return self._inner(environ, start)

    def _refusal(self, environ: dict[str, Any], upgrade: bool) -> str | None:
        if not self._is_ours(environ.get("HTTP_ORIGIN"), environ, needed=upgrade):
            return "403 Forbidden"
        if "sid" in parse_qs(environ.get("QUERY_STRING", "")):
            return None
        sign_in = self._sign_in(environ)
        if sign_in is None:
            return "401 Unauthorized"
        if len(self._engine.sockets) >= self._most or (not upgrade and self._pollers() >= POLLERS):
            return "503 Service Unavailable"
        environ[SIGN_IN] = sign_in
        return None

    def _pollers(self) -> int:
        return sum(not its.upgraded for its in list(self._engine.sockets.values()))

    def _is_ours(self, origin: str | None, environ: dict[str, Any], *, needed: bool) -> bool:
        """Browsers name the origin at every WebSocket and every POST; a GET of the same origin may come without."""
        if origin is None:
            return not needed and environ.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin"
        return origin in (self._base, f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}")

    def _sign_in(self, environ: dict[str, Any]) -> int | None:
        token = parse_cookie(environ).get(self._cookie)
        if not token:
            return None
        with self._app.app_context():
            visit = visit_of(token)
            return visit[0].id if visit else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
