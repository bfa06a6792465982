"""What may stand as evidence: a file that is what it says, or an address elsewhere."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import urlsplit

from mentorlink.kernel.errors import Fault, Invalid

EVIDENCE_MB = 5
NAME_LENGTH = 120

_BEGINS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
_ENDS = {"pdf": b"%%EOF", "png": b"IEND", "jpg": b"\xff\xd9"}
_CALLED = {"pdf": "pdf", "png": "png", "jpg": "jpg", "jpeg": "jpg"}
_TAIL = 1024
_INFECTED = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|OpenAction(?!\s*\[)|AA\s*(?:<<|\d+\s+\d+\s+R)|JS\s*(?:[(<]|\d+\s+\d+\s+R))"
)
"""Names in a PDF that make a reader do something, or that carry files of their own. The page to open at (a list) does nothing;
the two short names count with what follows them, since three letters occur in any picture."""
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_length(size: int) -> None:
    """Refuse a file that is empty or too large."""
    if not size:
        raise Invalid(Fault("file", "evidence_empty"))
    if size > EVIDENCE_MB * 2**20:
        raise Invalid(Fault("file", "evidence_too_large", {"limit": EVIDENCE_MB, "size": round(size / 2**20, 1)}))


def kind_of_file(name: str, content: bytes) -> str:
    """``pdf``, ``png`` or ``jpg``, by the bytes and not by the name; raises Invalid with one clear fault."""
    check_length(len(content))
    if _INFECTED in content:
        raise Invalid(Fault("file", "evidence_infected"))
    kind = next((kind for kind, mark in _BEGINS.items() if content.startswith(mark)), None)
    called = _CALLED.get(PurePath(name).suffix.lower().lstrip("."))
    if kind is None or called is None:
        raise Invalid(Fault("file", "evidence_other_kind"))
    if kind != called:
        raise Invalid(Fault("file", "evidence_misnamed", {"called": called, "kind": kind}))
    if _ENDS[kind] not in content[-_TAIL:]:
        raise Invalid(Fault("file", "evidence_damaged"))
    if kind == "pdf" and _ACTIVE.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)):
        raise Invalid(Fault("file", "evidence_active"))
    return kind


def check_link(link: str) -> str:
    """An address that a browser may open: http or https, with a host, without a name and password in it."""
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in link):
        raise ValueError("link_not_web")
    return link
