"""What search compares: stems for texts, and filters as words that no text has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from mentorlink.kernel.text import fold
from mentorlink.matching._stem import STOP_WORDS, stem

MOST_WORDS = 8
"""Words of a search that count."""

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


def sqlite_query(every: Collection[str], some: Iterable[Collection[str]] = ()) -> str:
    """FTS5: all words of ``every``, and of each group in ``some`` at least one."""
    groups = ["(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in some]
    return " AND ".join([*(f'"{word}"' for word in every), *groups])


def postgres_query(every: Collection[str], some: Iterable[Collection[str]] = ()) -> str:
    """The same as a tsquery."""
    groups = ["(" + " | ".join(f"'{word}'" for word in group) + ")" for group in some]
    return " & ".join([*(f"'{word}'" for word in every), *groups])
