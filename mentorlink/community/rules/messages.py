"""Decisions about messages: mentions, rendering, client ids. Values in, values out."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from urllib.parse import quote

from mentorlink.kernel.text import fold, markdown

POSTS = 20
"""So many messages one person may post …"""

POSTS_WITHIN = timedelta(seconds=10)
"""… in so much time."""

DEEDS = 30
"""So many entries (edits, reactions, votes, pins …) one person may leave in a room's log in the same time."""

NAME_WORDS = 6
"""A mention typed by hand is looked for in so many words after the @."""

_TOKEN = re.compile(r"@\[([^\[\]\n]{1,160})\]\((\d{1,12})\)")
_TYPED = re.compile(r"(?<![\w@])@(?!\[)(?=\w)")
_LINKED = re.compile(r'@<a href="(\d{1,12})"[^>]*>(.*?)</a>', re.DOTALL)
_COMPETENCY = re.compile(r"#\[([^\[\]\n]{1,160})\]\((\d{1,12})\)")
_LINKED_COMPETENCY = re.compile(r'#<a href="(\d{1,12})"[^>]*>(.*?)</a>', re.DOTALL)


def new_client_id() -> str:
    """A UUIDv7: the time in milliseconds, then chance."""
    moment = int(time.time() * 1000) & (1 << 48) - 1
    value = moment << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def mentioned_ids(body: str) -> set[int]:
    """Person ids in the mentions of ``body``: ``@[Name](12)``."""
    return {int(match[2]) for match in _TOKEN.finditer(body)}


def competency_ids(body: str) -> set[int]:
    """Competency ids in ``body``: ``#[Integritas](3)``."""
    return {int(match[2]) for match in _COMPETENCY.finditer(body)}


def typed_names(body: str) -> set[str]:
    """Folded runs of words after each bare ``@``, each of which may be somebody's name."""
    return {name for match in _TYPED.finditer(body) for name, _end in _runs(body, match.end())}


def link_names(body: str, people: Mapping[str, int]) -> str:
    """Turn ``@Siti Rahma`` into ``@[Siti Rahma](12)`` where ``people`` (folded name → id) knows her; the longest name wins."""
    parts, at = [], 0
    for match in _TYPED.finditer(body):
        found = [(end, name) for name, end in _runs(body, match.end()) if name in people]
        if found and match.start() >= at:
            end, name = max(found)
            parts += [body[at : match.start()], f"@[{body[match.end() : end]}]({people[name]})"]
            at = end
    return "".join([*parts, body[at:]])


def unlink_names(body: str) -> str:
    """The body as one writes it: ``@Siti Rahma``."""
    return _COMPETENCY.sub(lambda match: f"#{match[1]}", _TOKEN.sub(lambda match: f"@{match[1]}", body))


def render(body: str, names: Mapping[int, str], codes: Mapping[int, str] | None = None) -> str:
    """Safe HTML of a message; who is in ``names`` (id → name) is marked as mentioned, others are only named.

    Competencies in ``codes`` (id → code) lead to their page.
    """
    known = codes or {}

    def mark(match: re.Match[str]) -> str:
        name = names.get(int(match[1]))
        return f'<span class="mention" data-person="{match[1]}">@{escape(name)}</span>' if name else f"@{match[2]}"

    def lead(match: re.Match[str]) -> str:
        code = known.get(int(match[1]))
        return f'<a class="mention" href="/competencies/{quote(code)}">#{match[2]}</a>' if code else f"#{match[2]}"

    return _LINKED_COMPETENCY.sub(lead, _LINKED.sub(mark, markdown(body))).strip()


def _runs(body: str, start: int) -> list[tuple[str, int]]:
    """Each run of one to six words from ``start``, folded, with where it ends."""
    runs = []
    for count, word in enumerate(re.finditer(r"[^\s@\[\]()<>*_`]+", body[start : start + 160]), 1):
        if count > NAME_WORDS or "\n" in body[start : start + word.start()]:
            break
        end = start + word.end()
        runs.append((fold(body[start:end]), end))
        bare = body[start:end].rstrip(".,;:!?")
        if bare and len(bare) < end - start:
            runs.append((fold(bare), start + len(bare)))
            break
    return runs
