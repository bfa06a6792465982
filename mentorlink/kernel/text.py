"""Text that people write: safe Markdown, plain excerpts, folding for search and comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"class", "data-person"}, "code": {"class"}}


_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)


_CLOCK = re.compile(r"\b(\d\d):(\d\d)\b")


def clock_in(language: object, words: str) -> str:
    """``words`` with times as the language writes them: 13.30 in Indonesian, 13:30 elsewhere."""
    return _CLOCK.sub(r"\1.\2", words) if str(language) == "id" else words


@cache
def _parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
        .enable(["table", "strikethrough"])
        .disable(["image"])
    )
    parser.core.ruler.push("addresses", _lead_addresses)
    return parser


def _lead_addresses(state: StateCore) -> None:
    """A bare web address in the words leads where it says; in code and inside links it stays as it is."""
    for block in state.tokens:
        if block.type != "inline" or "://" not in block.content:
            continue
        inside, tokens = 0, []
        for token in block.children or []:
            inside += token.nesting if token.type in ("link_open", "link_close") else 0
            tokens += _led(state, token) if token.type == "text" and not inside else [token]
        block.children = tokens


def _led(state: StateCore, token: Token) -> list[Token]:
    found, at, words = [], 0, token.content
    for match in _ADDRESS.finditer(words):
        address = _address(match[0])
        target = state.md.normalizeLink(address)
        if len(address) < len("https://a.b") or not state.md.validateLink(target):
            continue
        opens = Token("link_open", "a", 1, attrs={"href": target})
        found += [*_text(words[at : match.start()]), opens, *_text(address), Token("link_close", "a", -1)]
        at = match.start() + len(address)
    return [*found, *_text(words[at:])]


def _address(found: str) -> str:
    """The address without what belongs to the sentence around it: a stop, a quotation mark, a bracket that it did not open."""
    while found[-1:] in tuple(".,;:!?'*_~") or any(
        found.endswith(shut) and found.count(shut) > found.count(opened) for opened, shut in ("()", "[]")
    ):
        found = found[:-1]
    return found


def _text(words: str) -> list[Token]:
    return [Token("text", "", 0, content=words)] if words else []


def markdown(source: str) -> str:
    """Render Markdown to safe HTML: no raw HTML, no images, links to http, https and mailto only, bare addresses too."""
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
