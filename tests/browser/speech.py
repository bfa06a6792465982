"""The words of the interface in one language, so that a test reads the page as a person does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent.parent.parent / "mentorlink" / "translations" / "id" / "LC_MESSAGES"


@cache
def _indonesian() -> dict[str, str]:
    said: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="id"):
                if not message.id or message.fuzzy:
                    continue
                plural = isinstance(message.id, (list, tuple))
                words = message.string[0] if isinstance(message.string, (list, tuple)) else message.string
                if words:
                    said.update(dict.fromkeys(message.id if plural else (message.id,), words))
    return said


class Speech:
    """``say("Send the request")`` in the language of a page."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, words: str, **facts: object) -> str:
        """The interface's words for an English sentence of the source; unknown to the catalogues is an error."""
        said = words if self.locale == "en" else _indonesian()[words]
        return said % facts if facts else said.replace("%%", "%")

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """The words for a number of things."""
        return self(one if self.locale == "en" and number == 1 else many, num=number, **facts)
