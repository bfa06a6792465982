"""Headers that every answer carries, errors too."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

PART_SECURITY_POLICY = "default-src 'none'"
"""What a script or a style of a page says of itself; the page's own policy is what holds, and a room fetches sixteen of them."""

PARTS = {"text/css", "text/javascript"}


def set_up(app: Flask) -> None:
    """Put the headers on every answer of ``app``."""
    secure = app.config["SETTINGS"].secure_cookies

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        if _is_part(response):
            headers["Content-Security-Policy"] = PART_SECURITY_POLICY
            return response
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if not request.path.startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        return response


def _is_part(response: Response) -> bool:
    """A script or a style that a page fetches. What runs by itself, as a worker does, is none."""
    return request.path.startswith("/static/") and response.mimetype in PARTS and "worker" not in request.path
