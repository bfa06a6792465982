"""Static files under addresses that change with their content, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_from_directory, url_for

from mentorlink.web.guard import public

pages = Blueprint("assets", __name__)


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
    return url_for("assets.versioned", digest=_digest(str(current_app.static_folder)), path=path)


@pages.get("/static/~<digest>/<path:path>")
@public
def versioned(digest: str, path: str) -> Response:
    """A static file; kept for a year when the digest is the current one."""
    folder = str(current_app.static_folder)
    if not path or path.endswith("/"):
        abort(404)
    response = send_from_directory(folder, path)
    if digest == _digest(folder):
        response.cache_control.max_age = 31536000
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
        response.cache_control.public = True
    return response
