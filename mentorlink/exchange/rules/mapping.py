"""A mapping at work: a row of the file becomes a text per column of ours."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from mentorlink.exchange.inputs import Mapping, Source
from mentorlink.exchange.rules.columns import COLUMNS, VERDICTS, complete, folded, suggestion
from mentorlink.exchange.rules.files import Table
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.kernel.text import fold


def suggested(kind: str, headings: Sequence[str]) -> Mapping:
    """The mapping that the headings themselves suggest."""
    return Mapping(columns={code: Source(column=heading) for code, heading in suggestion(kind, headings).items()})


def headings_key(headings: Sequence[str]) -> str:
    """One key for the same set of headings in any order and spelling."""
    words = sorted({folded(heading) for heading in headings} - VERDICTS)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def check(kind: str, mapping: Mapping, headings: Sequence[str]) -> None:
    """Raise Invalid for a mapping that does not fit: columns unknown, missing in the file, or still needed. All at once."""
    there = {folded(heading) for heading in headings}
    ours = {column.code for column in COLUMNS[kind]}
    faults = [
        Fault(f"columns.{code}", "mapping_column_unknown", {"column": code}) for code in mapping.columns if code not in ours
    ]
    for code, source in mapping.columns.items():
        gone = [heading for heading in headings_of(source) if folded(heading) not in there]
        faults += [Fault(f"columns.{code}", "heading_missing", {"heading": heading}) for heading in gone]
    if mapping.only is not None and folded(mapping.only.column) not in there:
        faults.append(Fault("only", "heading_missing", {"heading": mapping.only.column}))
    faults += [Fault(f"columns.{code}", "column_needed", {"column": code}) for code in complete(kind, list(mapping.columns))]
    if faults:
        raise Invalid(*faults)


def headings_of(source: Source) -> list[str]:
    """Headings that a source reads, in order."""
    own = [source.column] if source.column is not None else []
    parts = [heading for part in source.parts for heading in headings_of(part)]
    return own + parts + (headings_of(source.otherwise) if source.otherwise else [])


class Reader:
    """Reads rows of one table by one mapping."""

    def __init__(self, mapping: Mapping, table: Table) -> None:
        self._places = {folded(heading): place for place, heading in reversed(list(enumerate(table.head)))}
        self._mapping = mapping
        self._words: dict[int, dict[str, str]] = {}
        self._place_of = lru_cache(maxsize=None)(lambda heading: self._places.get(folded(heading)))

    def counts(self, cells: Sequence[str]) -> bool:
        """True unless the mapping leaves this row out."""
        only = self._mapping.only
        if only is None:
            return True
        return fold(self._cell(only.column, cells)) in {fold(word) for word in only.words}

    def texts(self, number: int, cells: Sequence[str]) -> dict[str, str]:
        """Column → text, for columns of which the row says something."""
        read_texts = {code: self._value(source, number, cells) for code, source in self._mapping.columns.items()}
        return {code: text for code, text in read_texts.items() if text}

    def raw(self, code: str, cells: Sequence[str]) -> str:
        """What stands in the file where the column comes from."""
        source = self._mapping.columns.get(code)
        return " ".join(filter(None, (self._cell(heading, cells) for heading in headings_of(source)))) if source else ""

    def _value(self, source: Source, number: int, cells: Sequence[str]) -> str:
        if source.column is not None:
            text = self._cell(source.column, cells)
        elif source.value is not None:
            text = source.value.replace("{row}", str(number))
        else:
            text = source.join.join(filter(None, (self._value(part, number, cells) for part in source.parts)))
        if source.values:
            text = self._ours(source).get(fold(text)) or source.values.get("*") or text
        if not text and source.otherwise is not None:
            return self._value(source.otherwise, number, cells)
        return text

    def _ours(self, source: Source) -> AnyMapping[str, str]:
        if id(source) not in self._words:
            self._words[id(source)] = {fold(theirs): ours for theirs, ours in source.values.items()}
        return self._words[id(source)]

    def _cell(self, heading: str, cells: Sequence[str]) -> str:
        place = self._place_of(heading)
        return cells[place].strip() if place is not None else ""


def with_values(mapping: Mapping, more: AnyMapping[str, AnyMapping[str, str]]) -> Mapping:
    """``mapping`` that also turns these words: column → the file's word → ours."""
    columns: dict[str, Any] = mapping.model_dump()["columns"]
    for code, words in more.items():
        if code in columns:
            columns[code]["values"] = {**columns[code]["values"], **{theirs: ours for theirs, ours in words.items() if ours}}
    return read(Mapping, {**mapping.model_dump(), "columns": columns})
