"""What search compares: stems for texts, and filters as words that no text has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from mentorlink.kernel.text import fold
from mentorlink.matching._stem import STOP_WORDS, stem

MOST_WORDS = 8
"""Words of a search that count."""

LEAST_BEGUN = 3
"""Letters from which on the beginning of a word finds it."""

_MORE = "qq"
"""Letters no affix has."""

_WORD = re.compile(r"[^\W_]{1,60}")


def stems(text: str) -> Iterator[str]:
    """The compared forms of a text's words in order: without accents, affixes and words that are in every text."""
    for word in _WORD.findall(fold(text)):
        if word not in STOP_WORDS:
            yield stem(word) or word


def facet(kind: str, value: object) -> str:
    """A filter as a word: ``c12`` of a community, ``r3`` of a room. The bar keeps it apart from every text's words."""
    return f"_{kind}{value}"


AGENCY = facet("o", "agency")
"""Of what every colleague may read, whether they belong to its community or not."""


def entry_words(text: str, facets: Iterable[str], last: str) -> str:
    """What an entry holds: filters, each stem once, and ``last`` the community, so that a blank follows every other."""
    return " ".join([*facets, *dict.fromkeys(stems(text)), last])


def sqlite_query(every: Collection[str], some: Iterable[Collection[str]] = (), *, begun: Collection[str] = ()) -> str:
    """FTS5: all words of ``every``, of each group in ``some`` at least one, and a word that begins like one of ``begun``."""
    groups = ["(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in some]
    begins = ["(" + " OR ".join(f'"{word}"*' for word in begun) + ")"] if begun else []
    return " AND ".join([*(f'"{word}"' for word in every), *begins, *groups])


def postgres_query(every: Collection[str], some: Iterable[Collection[str]] = (), *, begun: Collection[str] = ()) -> str:
    """The same as a tsquery."""
    groups = ["(" + " | ".join(f"'{word}'" for word in group) + ")" for group in some]
    begins = ["(" + " | ".join(f"'{word}':*" for word in begun) + ")"] if begun else []
    return " & ".join([*(f"'{word}'" for word in every), *begins, *groups])


def begun_words(text: str) -> list[str]:
    """How the last word that somebody types may begin as it is compared: they may not have ended it. None where it is short.

    What a word loses at its beginning depends on its length, so it is compared as it stands and as if it went on.
    """
    words = _WORD.findall(fold(text))
    last = words[-1] if words and text[-1:].strip() else ""
    if len(last) < LEAST_BEGUN or last in STOP_WORDS:
        return []
    goes_on = stem(last + _MORE).removesuffix(_MORE)
    return list(dict.fromkeys(form for form in (stem(last) or last, goes_on) if len(form) >= LEAST_BEGUN - 1))
