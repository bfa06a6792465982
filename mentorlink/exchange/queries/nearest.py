"""What may have been meant by a word of a file that nothing here is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from mentorlink.competencies.rules import EVIDENCE
from mentorlink.exchange.queries.known import names_of
from mentorlink.exchange.rules.cells import FIXED
from mentorlink.exchange.rules.columns import column_of
from mentorlink.kernel.errors import Fault
from mentorlink.kernel.text import fold
from mentorlink.people.queries import LANGUAGES

UNKNOWN = frozenset({"unit_unknown", "job_unknown", "tier_unknown", "field_unknown", "competency_code_unknown", "word_unknown"})
"""Faults about a word that stands for nothing here."""

FEW, MOST, LOOKED_AT = 12, 3, 60
"""So many values are all named, so many near ones otherwise, and so many words of a file are looked at."""

Options = Sequence[tuple[str, Mapping[str, str]]]


class Nearest:
    """Finds for unknown words of one file of ``kind`` what is there; asks the database once, and only when one is unknown."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._names: Mapping[str, Options] | None = None
        self._words: dict[str, dict[str, str]] = {}
        self._found: dict[tuple[str, str], dict[str, Any]] = {}

    def told(self, fault: Fault) -> Fault:
        """``fault`` with the fact ``near``, what may have been meant; or ``choice``, all there is, being few."""
        if fault.code not in UNKNOWN or not fault.field:
            return fault
        word = str(fault.facts.get("code") or fault.facts.get("word") or "").split(",")[0]
        key = (fault.field, fold(word))
        if key not in self._found:
            if len(self._found) >= LOOKED_AT:
                return fault
            self._found[key] = self._near(fault.field, key[1])
        return replace(fault, facts=fault.facts | self._found[key])

    def _near(self, name: str, word: str) -> dict[str, Any]:
        options = dict(self._options(name))
        if name not in self._words:
            self._words[name] = {fold(text): code for code, names in options.items() for text in (*names.values(), code)}
        words = self._words[name]
        within = [text for text in words if len(word) > 2 and word in text]
        close = get_close_matches(word, words, n=2 * MOST, cutoff=0.6)
        codes = list(dict.fromkeys(words[text] for text in (*close, *within)))[:MOST]
        if codes:
            return {"near": [{"code": code, "name": dict(options[code])} for code in codes]}
        return {"choice": [{"code": code, "name": dict(names)} for code, names in options.items()]} if len(options) <= FEW else {}

    def _options(self, name: str) -> Options:
        column = column_of(self._kind, name)
        if name in FIXED:
            codes = [code for code in dict.fromkeys(FIXED[name].values()) if (name, code) != ("source", "mentorship")]
            return [(code, EVIDENCE[code].name if name == "source" else {}) for code in codes]
        if column.form == "languages":
            return list(LANGUAGES.items())
        if self._names is None:
            self._names = names_of(self._kind)
        place = {"choice": name, "competencies": "competency"}.get(column.form, column.form)
        return self._names.get(place, [])
