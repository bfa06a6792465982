"""The kinds of files and their columns: what each is called in both languages, and what it takes."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mentorlink.kernel.text import fold

DATA = Path(__file__).parent.parent / "data" / "columns.csv"

CLEARS = frozenset(
    {"title_before", "title_after", "place", "bio", "can_help_with", "wants_to_grow_in", "parent", "head", "message"}
)
"""Columns that a single hyphen empties; elsewhere an empty cell is the only way to say nothing."""

VERDICT = {"id": "Yang perlu diperbaiki", "en": "What to correct"}
"""Heading of the last column of a file of faulty rows; passed over when that file is loaded again."""

PLACE = {"id": "Baris di berkas asal", "en": "Row in the original file"}
"""Heading of its first column, to which the remarks refer; passed over as well."""


@dataclass(frozen=True)
class Column:
    """One column of a kind of file."""

    code: str
    form: str
    """text, code, digits, number, yesno, date, level, languages, competencies, choice, unit, job, competency or person."""
    needed: bool
    name: Mapping[str, str]
    help: Mapping[str, str]
    known_as: tuple[str, ...]
    """Headings, folded, by which it is recognised; the surest first."""
    example: str


def folded(heading: str) -> str:
    """A heading for comparing: lower case, words only."""
    return re.sub(r"[^\w]+|_", " ", fold(heading)).strip()


def _read() -> Mapping[str, tuple[Column, ...]]:
    kinds: dict[str, list[Column]] = {}
    with DATA.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            names = [row["column"], row["name_id"], row["name_en"], *filter(None, row["known_as"].split("|"))]
            kinds.setdefault(row["kind"], []).append(
                Column(
                    row["column"],
                    row["form"],
                    row["needed"] == "yes",
                    {"id": row["name_id"], "en": row["name_en"]},
                    {"id": row["help_id"], "en": row["help_en"]},
                    tuple(dict.fromkeys(map(folded, names))),
                    row["example"],
                )
            )
    return MappingProxyType({kind: tuple(columns) for kind, columns in kinds.items()})


COLUMNS = _read()
"""Kind → its columns, in the order of a file that we write."""

KINDS = tuple(COLUMNS)
"""In the order in which a new agency loads them: what is named stands before who names it."""

VERDICTS = frozenset(map(folded, (*VERDICT.values(), *PLACE.values())))
"""Headings that we added to a file of faulty rows ourselves."""


def column_of(kind: str, code: str) -> Column:
    """The column of that code."""
    return next(column for column in COLUMNS[kind] if column.code == code)


def recognised(kind: str, headings: Sequence[str]) -> int:
    """How many of these are headings of ``kind``."""
    known = {name for column in COLUMNS[kind] for name in column.known_as}
    return len({folded(heading) for heading in headings} & known)


def likelier(kind: str, headings: Sequence[str]) -> str | None:
    """The kind whose file this seems to be rather than one of ``kind``: it is all there, and more headings are known by it."""
    found = {other: recognised(other, headings) for other in KINDS if not complete(other, list(suggestion(other, headings)))}
    best = max(found, key=lambda other: found[other], default=kind)
    least = recognised(kind, headings) + (2 if kind in found else 1)
    return best if best != kind and found[best] >= least else None


def suggestion(kind: str, headings: Sequence[str]) -> dict[str, str]:
    """Column → the heading that most surely is it. One heading serves one column; an ambiguous one serves none."""
    by_word: dict[str, list[str]] = {}
    for heading in headings:
        by_word.setdefault(folded(heading), []).append(heading)
    ranked = sorted(
        (place, position, column.code, word)
        for position, column in enumerate(COLUMNS[kind])
        for place, word in enumerate(column.known_as)
        if word in by_word
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _place, _position, code, word in ranked:
        if code not in found and word not in taken and len(by_word[word]) == 1:
            found[code] = by_word[word][0]
            taken.add(word)
    return found


def complete(kind: str, mapped: Sequence[str]) -> list[str]:
    """Columns that are still needed when these are mapped. People need a NIP or an e-mail, standards a job or a tier."""
    missing = [column.code for column in COLUMNS[kind] if column.needed and column.code not in mapped]
    if kind == "people" and not {"nip", "email"} & set(mapped):
        missing.append("email")
    if kind == "standards" and not {"job", "tier"} & set(mapped):
        missing.append("job")
    return missing
