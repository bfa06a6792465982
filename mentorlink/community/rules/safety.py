"""Decisions about safety: what is held, how long to wait in a slow room."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from mentorlink.kernel.text import fold

OPEN_FOR = timedelta(hours=24)
"""A broken glass lets read for so long."""

_ENDS = (
    "com|net|org|info|biz|edu|gov|int|id|ly|me|gg|io|co|cc|tv|to|ai|sg|my|us|uk|eu|de|nl|au|in|cn|ru|tk|ml|ga|cf|gq|pw|xyz|top|"
    "click|site|online|shop|store|link|live|app|dev|page|club|vip|win|bet|fun|icu|asia|cloud|space|website|web|tech|pro|mobi"
)
_LINK = re.compile(
    rf"//[\w-]|www\.|\bmailto:|\b[\w-]+(?:\.[\w-]+)*\.(?:(?:{_ENDS})\b|[a-z]{{2,}}(?::\d+)?[/?#][\w-])", re.IGNORECASE
)
"""An address with its beginning; a name that ends as addresses do; any name with a path behind it."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def why_held(body: str, *, joined_at: datetime, now: datetime, newcomer_days: int, words: Collection[str]) -> str | None:
    """``links`` or ``words`` where a newcomer's message waits for a moderator; None where it stands at once."""
    if now >= joined_at + timedelta(days=newcomer_days):
        return None
    if _LINK.search(_UNSEEN.sub("", unicodedata.normalize("NFKC", body))):
        return "links"
    said = f" {re.sub(r'[^0-9a-z]+', ' ', fold(body))} "
    return "words" if any(f" {word} " in said for word in words) else None


def words_of(text: str) -> list[str]:
    """Held words as they are compared: folded, one for each line, none twice."""
    found = (re.sub(r"[^0-9a-z]+", " ", fold(line)).strip() for line in text.splitlines())
    return sorted({word for word in found if word})


def wait(last: datetime | None, now: datetime, slow_seconds: int) -> int:
    """Seconds until somebody who wrote at ``last`` may write again."""
    if last is None or not slow_seconds:
        return 0
    left = slow_seconds - (now - last).total_seconds()
    return max(0, -int(-left // 1))
