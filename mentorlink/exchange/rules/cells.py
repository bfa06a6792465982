"""Texts of cells as values of ours: numbers, days, yes and no, names of things as their codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from mentorlink.competencies.rules import EVIDENCE, LEVEL_WORDS
from mentorlink.exchange.rules.columns import CLEARS, COLUMNS, Column
from mentorlink.exchange.rules.files import BROKEN, ROUNDED
from mentorlink.exchange.rules.limits import CELL_CHARACTERS
from mentorlink.kernel.errors import Fault
from mentorlink.kernel.text import fold as fold_anew
from mentorlink.people.queries import LANGUAGES

fold = lru_cache(maxsize=2**16)(fold_anew)

Known = Mapping[str, Mapping[str, str]]
"""What is named (unit, job, competency, tier, field) → folded code or name → code. A name that several share is left out."""

YES = frozenset({"ya", "y", "yes", "true", "1", "benar", "x", "v", "✓", "betul"})
NO = frozenset({"tidak", "t", "no", "n", "false", "0", "salah", "bukan", "-", "tdk"})
_ZONES = {
    "wib": "Asia/Jakarta",
    "wita": "Asia/Makassar",
    "wit": "Asia/Jayapura",
    "asia/jakarta": "Asia/Jakarta",
    "asia/pontianak": "Asia/Pontianak",
    "asia/makassar": "Asia/Makassar",
    "asia/jayapura": "Asia/Jayapura",
}
_CONTRACTS = {
    "pns": "pns",
    "pppk": "pppk",
    "p3k": "pppk",
    "other": "other",
    "lainnya": "other",
    "lain": "other",
    "civil servant": "pns",
    "contract": "pppk",
    "cpns": "pns",
    "honorer": "other",
}
_LOCALES = {
    "id": "id",
    "indonesia": "id",
    "bahasa indonesia": "id",
    "indonesian": "id",
    "en": "en",
    "inggris": "en",
    "english": "en",
}
_SOURCES = {
    **{fold(word): code for code, kind in EVIDENCE.items() for word in (code, *kind.name.values())},
    "diri sendiri": "self",
    "self assessment": "self",
    "atasan": "superior",
    "rekan": "peer",
    "sejawat": "peer",
    "pusat penilaian": "assessment_centre",
    "assessment center": "assessment_centre",
    "assessment centre": "assessment_centre",
}
_SOURCES = {
    word: code for word, code in _SOURCES.items() if code in ("self", "peer", "superior", "assessment_centre", "mentorship")
}
_KINDS = {"mentor": "mentor", "coach": "coach", "pelatih": "coach"}
FIXED: Mapping[str, Mapping[str, str]] = {
    "timezone": _ZONES,
    "contract": _CONTRACTS,
    "locale": _LOCALES,
    "source": _SOURCES,
    "kind": _KINDS,
}
"""Words of columns with a fixed choice → code."""

_LANGUAGES = {fold(word): code for code, names in LANGUAGES.items() for word in (code, *names.values())}
_LEVELS = {fold(word): str(level.number) for level in LEVEL_WORDS for word in level.name.values()}
_SEVERAL = re.compile(r"\s*[,;/\n]\s*")
_DAY_FIRST = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})(?: .*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[ T].*)?")
_DAY_NAMED = re.compile(r"(\d{1,2})[ -]([a-z]+)[ -](\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mar maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agt agustus aug august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "des desember dec december",
        ),
        1,
    )
    for name in names.split()
}


_BY_CODE = {kind: {column.code: column for column in columns} for kind, columns in COLUMNS.items()}


def values_of(kind: str, texts: Mapping[str, str], known: Known) -> tuple[dict[str, Any], list[Fault]]:
    """What the texts of one row say: values to be checked by the row's input, and what cannot be read at all."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    columns = _BY_CODE[kind]
    for code, text in texts.items():
        column = columns[code]
        read = _read(column, text, known)
        if isinstance(read, Fault):
            faults.append(read)
        elif read is not None:
            values[column.code] = read
    return values, faults


def is_unknown(column: Column, text: str, known: Known) -> bool:
    """True for a word that stands for nothing of ours, in a column that takes only what there is."""
    table = _table(column, known)
    return table is not None and bool(text) and fold(_bare(text)) not in table


def takes(column: Column, known: Known) -> list[str]:
    """The codes that a column takes."""
    return sorted(set((_table(column, known) or {}).values()))


def _table(column: Column, known: Known) -> Mapping[str, str] | None:
    if column.code in FIXED:
        return FIXED[column.code]
    if column.form in ("unit", "job", "competency") or column.code in ("tier", "field"):
        return known.get(column.code if column.form == "choice" else column.form, {})
    return None


def _read(column: Column, text: str, known: Known) -> Any:
    if not text.isascii():
        if text == BROKEN:
            return Fault(column.code, "cell_error")
        if "\ufffd" in text:
            return Fault(column.code, "characters_lost")
        if text.startswith(ROUNDED):
            if column.form in ("digits", "person", "code"):
                return Fault(column.code, "number_rounded")
            text = text[len(ROUNDED) :]
    if len(text) > CELL_CHARACTERS:
        return Fault(column.code, "string_too_long", {"max_length": CELL_CHARACTERS})
    if text == "-" and column.code in CLEARS:
        return ""
    return _READERS.get(column.form, _as_is)(column, _bare(text), known)


def _bare(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from reading a cell as formula or number."""
    return text[1:].strip() if text[:1] == "'" and guarded(text) else text


def guarded(text: str) -> bool:
    """True when a leading apostrophe is a spreadsheet's, not a name's."""
    return text[:1] == "'" and (text[1:2] in ("=", "+", "-", "@", "'", "\t", "\r") or text[1:2].isdigit() or not text[1:2])


def _as_is(_column: Column, text: str, _known: Known) -> Any:
    return text or None


def _digits(column: Column, text: str, _known: Known) -> Any:
    digits = re.sub(r"[\s.\-]", "", text)
    if len(digits) == 18 and digits.isdigit() and digits.endswith("000"):
        return Fault(column.code, "number_rounded")
    return text or None


def _number(column: Column, text: str, _known: Known) -> Any:
    plain = text.replace(" ", "").replace("\u00a0", "")
    if re.fullmatch(r"-?\d{1,9}([.,]0+)?", plain):
        return int(re.split(r"[.,]", plain)[0])
    return Fault(column.code, "int_parsing")


def _level(column: Column, text: str, known: Known) -> Any:
    return _number(column, _LEVELS.get(fold(text), text), known)


def _yes_or_no(column: Column, text: str, _known: Known) -> Any:
    word = fold(text)
    return True if word in YES else False if word in NO else Fault(column.code, "bool_parsing")


def _day(column: Column, text: str, _known: Known) -> Any:
    try:
        if matched := _YEAR_FIRST.fullmatch(text):
            return date(*(int(part) for part in matched.groups()))
        if matched := _DAY_FIRST.fullmatch(text):
            return date(int(matched[3]), int(matched[2]), int(matched[1]))
        matched = _DAY_NAMED.fullmatch(fold(text))
        if matched and matched[2] in _MONTHS:
            return date(int(matched[3]), _MONTHS[matched[2]], int(matched[1]))
        return datetime.fromisoformat(text).date()
    except ValueError:
        return Fault(column.code, "date_parsing")


def _languages(column: Column, text: str, _known: Known) -> Any:
    words = [word for word in _SEVERAL.split(text) if word]
    unknown = [word for word in words if fold(word) not in _LANGUAGES]
    if unknown:
        return Fault(column.code, "word_unknown", {"word": ", ".join(unknown[:3])[:80]})
    return tuple(dict.fromkeys(_LANGUAGES[fold(word)] for word in words))


def _competencies(column: Column, text: str, known: Known) -> Any:
    words = [word for word in _SEVERAL.split(text) if word]
    codes = [known.get("competency", {}).get(fold(word)) for word in words]
    unknown = [word for word, code in zip(words, codes, strict=True) if code is None]
    if unknown:
        return Fault(column.code, "competency_code_unknown", {"code": ", ".join(unknown[:3])[:80]})
    return tuple(dict.fromkeys(codes))


def _choice(column: Column, text: str, known: Known) -> Any:
    table = _table(column, known) or {}
    code = table.get(text) or table.get(fold(text))
    if code is not None:
        return code
    if column.code in ("tier", "field"):
        return Fault(column.code, f"{column.code}_unknown", {"code": text[:80]})
    return Fault(column.code, "word_unknown", {"word": text[:80]})


def _named(column: Column, text: str, known: Known) -> Any:
    """A code or a name as the code; what is unknown stays, it may be in the same file."""
    table = known.get(column.form, {})
    return table.get(text) or table.get(fold(text), text)


def _competency(column: Column, text: str, known: Known) -> Any:
    table = known.get("competency", {})
    code = table.get(text) or table.get(fold(text))
    return code if code is not None else Fault(column.code, "competency_code_unknown", {"code": text[:80]})


_READERS = {
    "digits": _digits,
    "person": _digits,
    "number": _number,
    "level": _level,
    "yesno": _yes_or_no,
    "date": _day,
    "languages": _languages,
    "competencies": _competencies,
    "choice": _choice,
    "unit": _named,
    "job": _named,
    "competency": _competency,
}
