"""Static files under addresses that change with their content, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import brotli
import rjsmin  # type: ignore[import-untyped]  # it has no types
from flask import Blueprint, Response, abort, current_app, request, send_from_directory, url_for

from mentorlink.web.guard import public

pages = Blueprint("assets", __name__)


PACKED = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/manifest+json"})
"""Kinds of files worth packing as tightly as can be, once per process."""


@cache
def _packed(root: str, path: str, _digest: str) -> bytes:
    content = (Path(root) / path).read_bytes()
    if path.endswith(".js"):
        content = rjsmin.jsmin(content, keep_bang_comments=True)  # what is written for readers of the code is a quarter of it
    return brotli.compress(content, quality=11)


@cache
def _digest(root: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(root).rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """Address of a file below ``static/``; one digest of the whole tree, so relative imports are versioned too."""
    return _address(str(current_app.static_folder), request.script_root, path)


@cache
def _address(root: str, _mounted_at: str, path: str) -> str:
    return url_for("assets.versioned", digest=_digest(root), path=path)


@pages.get("/static/~<digest>/<path:path>")
@public
def versioned(digest: str, path: str) -> Response:
    """A static file; kept for a year when the digest is the current one."""
    folder = str(current_app.static_folder)
    if not path or path.endswith("/"):
        abort(404)
    response = send_from_directory(folder, path)
    current = digest == _digest(folder)
    if current and response.mimetype in PACKED and "br" in request.accept_encodings:
        response = Response(_packed(folder, path, digest), mimetype=response.mimetype)
        response.headers["Content-Encoding"] = "br"
        response.vary.add("Accept-Encoding")
    if current:
        response.cache_control.max_age = 31536000
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
        response.cache_control.public = True
    return response
