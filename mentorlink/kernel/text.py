"""Text that people write: safe Markdown, plain excerpts, folding for search and comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"class", "data-person"}, "code": {"class"}}


@cache
def _parser() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
        .enable(["table", "strikethrough"])
        .disable(["image"])
    )


def markdown(source: str) -> str:
    """Render Markdown to safe HTML: no raw HTML, no images, links to http, https and mailto only."""
    html = re.sub(r"<(/?)h[1-6]>", lambda match: f"<{match[1]}h4>", _parser().render(source))
    return clean(html)


def clean(html: str) -> str:
    """Let only harmless HTML through."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return clean.replace("<th></th>", "<td></td>")  # a head without words says nothing to who hears the page


def plain(html: str) -> str:
    """The words of an HTML fragment, on one line."""
    import html as entities

    return " ".join(entities.unescape(nh3.clean(html, tags=set())).split())


def excerpt(text: str, limit: int = 140) -> str:
    """At most ``limit`` characters of ``text``, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def fold(text: str) -> str:
    """Lower case without accents, single spaces: for comparing and searching names."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def initials(name: str) -> str:
    """One or two letters for an avatar; Indonesian names may be one word."""
    words = [word for word in re.split(r"[\s.]+", name) if word and word[0].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
