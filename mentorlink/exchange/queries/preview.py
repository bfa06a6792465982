"""The preview: exactly what applying a table would do, computed by the code that applying runs again."""

from __future__ import annotations

import hashlib
import heapq
import json
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from mentorlink.exchange.inputs import Mapping as FileMapping
from mentorlink.exchange.queries.changes import Change, shown_changes, shown_news
from mentorlink.exchange.queries.known import known_words
from mentorlink.exchange.queries.nearest import Nearest
from mentorlink.exchange.queries.plans import Deed, plan
from mentorlink.exchange.queries.rows import row_input
from mentorlink.exchange.rules import cells, columns, mapping
from mentorlink.exchange.rules.files import BROKEN, ROUNDED, Notice, Table
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Fault
from mentorlink.kernel.text import fold

_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "units": (("code",),), "jobs": (("code",),), "people": (("nip",), ("email",)), "standards": (("job", "tier", "competency"),),
    "assessments": (), "offers": (),
}  # fmt: skip
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "units": ("code",), "jobs": ("code",), "people": ("nip", "email"), "standards": ("job", "tier", "competency"),
    "assessments": ("person", "competency", "source", "assessed_on"), "offers": ("person", "kind"),
}  # fmt: skip
"""The columns that together say what a row is about."""
_NOTHING: Mapping[int, Container[str]] = {}
_NUMBERS = re.compile(r"[0-9](?:[\W_]{0,3}[0-9]){8,}")
SHOWN = 30
GROUPS = 60
UNKNOWN_WORDS = 40


@dataclass(frozen=True)
class RowFault:
    """One fault: row as in the file, our column, the file's heading, what stands there, and what is wrong with it."""

    row: int
    column: str
    heading: str
    value: str
    fault: Fault


@dataclass
class FaultGroup:
    """The same fault in several rows."""

    column: str
    heading: str
    fault: Fault
    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    @property
    def told(self) -> Fault:
        """The fault, said of all these rows together."""
        if self.fault.code == "rows_disagree" and len(self.rows) > 1:
            return replace(self.fault, code="rows_disagree_all")
        return self.fault


@dataclass(frozen=True)
class Sample:
    """One row of the preview: what is new, or what changes from what to what."""

    row: int
    label: str
    changes: Sequence[Change] = ()
    doubted: bool = False
    """Whether the row may be about another person than the one it changes."""


@dataclass
class Preview:
    """What applying would do now."""

    kind: str
    total: int
    fates: dict[int, str]
    """Row → add, change, same, repeat or left_out. Faulty rows are not in it."""
    faults: list[RowFault]
    notices: Sequence[Notice]
    deed: Deed
    good: list[tuple[int, Any]]
    digest: str
    bad_rows: list[tuple[int, list[str]]]
    head: Sequence[str]
    remarks: list[RowFault] = field(default_factory=list)
    """What of a row is passed over while the rest of it goes in."""
    doubts: frozenset[int] = frozenset()
    """Rows by which somebody known would bear another name altogether: another person, perhaps."""
    nips: bool = True
    """Whether whoever looks may read numbers of people in full."""

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which fate; the numbers sum to ``total``."""
        count = Counter(self.fates.values())
        names = ("add", "change", "same", "repeat", "left_out")
        return {name: count[name] for name in names} | {"faulty": len(self.bad_rows)}

    @property
    def does_something(self) -> bool:
        """True when applying changes anything."""
        return any(fate in ("add", "change") for fate in self.fates.values())

    @property
    def groups(self) -> list[FaultGroup]:
        """The faults, the same ones together, the most frequent first."""
        return grouped(self.faults)

    def samples(self, fate: str, *, most: int = SHOWN) -> list[Sample]:
        """The first rows of that fate, with what is written."""
        places = [at for at, (number, _) in enumerate(self.good) if self.fates.get(number) == fate]
        places = sorted(places, key=lambda at: self.good[at][0] not in self.doubts)[:most]
        rows = {at: self.good[at][1] for at in places}
        news = fate == "add"
        changes = shown_news(self.kind, self.deed, rows, nips=self.nips) if news else shown_changes(self.kind, self.deed, places)
        return [
            Sample(number, _label(self.kind, row), changes.get(at, ()), number in self.doubts)
            for at in places
            for number, row in (self.good[at],)
        ]


def veiled(preview: Preview) -> Preview:
    """``preview`` as somebody sees it who may not read the numbers of people that a file of somebody else holds."""
    return replace(
        preview,
        nips=False,
        faults=[replace(fault, value=veil(fault.value)) for fault in preview.faults],
        remarks=[replace(remark, value=veil(remark.value)) for remark in preview.remarks],
        bad_rows=[(number, [veil(cell) for cell in cells]) for number, cells in preview.bad_rows],
    )


def veil(text: str) -> str:
    """A text in which of every long number no more than its end can be read."""
    return _NUMBERS.sub(lambda found: f"…{found[0][-3:]}", text)


def grouped(faults: Iterable[RowFault]) -> list[FaultGroup]:
    """Faults, the same ones together, the most frequent first."""
    together: dict[Any, FaultGroup] = {}
    for fault in faults:
        facts = tuple(sorted((name, str(value)) for name, value in fault.fault.facts.items() if name != "rows"))
        group = together.setdefault((fault.column, fault.fault.code, facts), FaultGroup(fault.column, fault.heading, fault.fault))
        group.rows.append(fault.row)
        if fault.value and fault.value not in group.values and len(group.values) < 3:
            group.values.append(fault.value)
    return sorted(together.values(), key=lambda group: (-len(group.rows), group.rows[0]))


def preview_of(actor: Actor, kind: str, table: Table, how: FileMapping) -> Preview:
    """What applying ``table`` as ``kind`` with the mapping ``how`` would do now; Invalid when the mapping does not fit."""
    mapping.check(kind, how, table.head)
    reader, known = mapping.Reader(how, table), known_words(kind)
    fates: dict[int, str] = {}
    found: list[tuple[int, Fault]] = []
    rows = _Rows(frozenset(how.columns))
    cells_of = dict(table.rows)
    for number, line in table.rows:
        if not reader.counts(line):
            fates[number] = "left_out"
            continue
        texts = reader.texts(number, line)
        row, wrong = row_input(kind, texts, known, number=number)
        rows.take(number, row, texts, wrong)
        found += [(number, fault) for fault in wrong]
    good, wrong_later, deed = _settle(actor, kind, rows)
    found += [(twin, fault) for number, fault in wrong_later for twin in (number, *rows.twins.get(number, ()))]
    nearest = Nearest(kind)
    faults = [row_fault(kind, reader, how, number, cells_of[number], nearest.told(fault)) for number, fault in found]
    fates.update({twin: "repeat" for number, _ in good for twin in rows.twins.get(number, ())})
    fates.update({number: deed.fates[at] for at, (number, _) in enumerate(good)})
    faults.sort(key=lambda fault: (fault.row, fault.column, fault.fault.code))
    bad = {fault.row for fault in faults}
    digest = _digest(kind, fates, faults, deed)
    bad_rows = [(number, line) for number, line in table.rows if number in bad]
    remarks = [row_fault(kind, reader, how, good[at][0], cells_of[good[at][0]], remark) for at, remark in deed.remarks]
    doubts = frozenset(good[at][0] for at in doubted(deed)) if kind == "people" else frozenset()
    return Preview(kind, len(table.rows), fates, faults, table.notices, deed, good, digest, bad_rows, table.head, remarks, doubts)


def doubted(deed: Deed) -> list[int]:
    """Positions of people's rows that give somebody known a name without anything of the old one."""
    now = {id_: dict(values) for id_, values in deed.before}
    named = ((at, now.get(deed.found[at], {}).get("name"), values.get("name")) for at, values in deed.changes.items())
    return [at for at, old, new in named if old and new and not may_be_one_name(old, new)]


def may_be_one_name(old: str, new: str) -> bool:
    """True where one is a spelling, a shorter or a longer form of the other, as far as words can tell."""
    before, after = fold(old), fold(new)
    return bool(set(before.split()) & set(after.split())) or SequenceMatcher(None, before, after).ratio() >= 0.6


class _Rows:
    """The rows of a file, those that say word for word the same as one, with what is told already of faulty ones."""

    def __init__(self, mapped: frozenset[str]) -> None:
        self.kept: list[tuple[int, Any]] = []
        self.told: dict[int, set[str]] = {}
        """Row that is at fault by itself → its columns at fault."""
        self.twins: dict[int, list[int]] = {}
        self._mapped = mapped
        self._first: dict[Any, int] = {}

    def take(self, number: int, row: Any, texts: Mapping[str, str], faults: Sequence[Fault]) -> None:
        """Keep a row, or beside an earlier one that says the same."""
        first = self._first.setdefault(tuple(sorted(texts.items())) if faults else row, number)
        if first != number:
            self.twins.setdefault(first, []).append(number)
            return
        self.kept.append((number, row))
        if faults:
            self.told[number] = {fault.field for fault in faults}

    def own(self, number: int, fault: Fault) -> Fault | None:
        """``fault``, found beside the other rows, unless it only follows from one that is told already.

        By a key that is at fault nobody can say whether somebody is new: what they would need then is told as just that.
        """
        told = self.told.get(number, set())
        if told & {"nip", "email"} and fault.code in ("needed_for_new", "key_missing"):
            fault = Fault(fault.field, "needed_if_new")
        unread = fault.code == "needed_if_new" and fault.field not in self._mapped
        return None if unread or (fault.field and fault.field in told) else fault


def once(rows: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Rows that say word for word what an earlier one says count once."""
    first: dict[Any, int] = {}
    return [(number, row) for number, row in rows if first.setdefault(row, number) == number]


def _settle(actor: Actor, kind: str, rows: _Rows) -> tuple[list[tuple[int, Any]], list[tuple[int, Fault]], Deed]:
    """The rows that can all go in together, the faults that show beside other rows, and what the good ones do.

    At first all rows are looked at together, the faulty ones too: so each is told everything at once. Taking a faulty row out
    may leave another without its parent, so it goes on until nothing is wrong any more.
    """
    found: list[tuple[int, Fault]] = []
    good = rows.kept
    while True:
        deed = plan(actor, kind, [row for _, row in good])
        beside = [(good[at][0], rows.own(good[at][0], fault)) for at, fault in deed.faults]
        wrong = [(number, fault) for number, fault in beside if fault is not None]
        wrong += all_disagreements(kind, good, rows.told, deed.disagree)
        bad = {number for number, _ in wrong} | (rows.told.keys() if good is rows.kept else set())
        if not bad:
            return good, found, deed
        found += wrong
        good = [(number, row) for number, row in good if number not in bad]


def all_disagreements(
    kind: str,
    rows: Sequence[tuple[int, Any]],
    told: Mapping[int, Container[str]] = _NOTHING,
    found: Sequence[list[int]] = (),
) -> list[tuple[int, Fault]]:
    """A fault for each row that says something else about the same as another, by the column that both share.

    ``found``: groups that only the database shows. Rows that share several columns are told by the first.
    """
    within: dict[int, set[tuple[int, int]]] = defaultdict(set)  # position → groups of earlier columns
    wrong: list[tuple[int, Fault]] = []
    for place, (column, groups) in enumerate([*alike(kind, rows, told), ("", found)]):
        fresh = [group for group in groups if not set.intersection(*(within[at] for at in group))]
        for number, group in enumerate(fresh):
            for at in group:
                within[at].add((place, number))
        wrong += disagreements(rows, [fresh], column)
    return wrong


def alike(
    kind: str, rows: Sequence[tuple[int, Any]], told: Mapping[int, Container[str]] = _NOTHING
) -> list[tuple[str, list[list[int]]]]:
    """For each key its column ("" where it has several) and the positions of rows that it shows to be about one thing.

    ``told``: columns of a row that are at fault; a row is not known by these.
    """
    groups: list[tuple[str, list[list[int]]]] = []
    for key in _KEYS[kind]:
        together: dict[Any, list[int]] = defaultdict(list)
        for at, (number, row) in enumerate(rows):
            values = tuple(getattr(row, name) for name in key)
            if any(value is not None for value in values) and not (number in told and any(name in told[number] for name in key)):
                together[values].append(at)
        groups.append((key[0] if len(key) == 1 else "", [group for group in together.values() if len(group) > 1]))
    return groups


def disagreements(
    rows: Sequence[tuple[int, Any]], findings: Iterable[Iterable[list[int]]], column: str = ""
) -> list[tuple[int, Fault]]:
    """A fault for each row that is about the same as another, as ``column`` shows, and says something else.

    Facts: the first ``rows`` beside it, how many there are (``num``), and the ``first`` of all, by which they belong together.
    """
    groups = [group for found in findings for group in found]
    within: dict[int, list[int]] = defaultdict(list)  # row → its groups
    for place, group in enumerate(groups):
        for number in {rows[at][0] for at in group}:
            within[number].append(place)
    together: dict[tuple[int, ...], tuple[list[int], int]] = {}  # groups → the first rows of them, and how many there are
    for places in set(map(tuple, within.values())):
        numbers = {rows[at][0] for place in places for at in groups[place]}
        together[places] = heapq.nsmallest(6, numbers), len(numbers)
    wrong = []
    for number, places in sorted(within.items()):
        first, count = together[tuple(places)]
        others = [str(other) for other in first if other != number][:5]
        if others:
            facts = {"rows": ", ".join(others), "num": count - 1, "first": first[0]}
            wrong.append((number, Fault(column, "rows_disagree", facts)))
    return wrong


def row_fault(kind: str, reader: mapping.Reader, how: FileMapping, number: int, line: Sequence[str], fault: Fault) -> RowFault:
    """The fault with the place in the file that it came from."""
    wanted = _ABOUT[kind] if fault.code == "rows_disagree" and not fault.field else (fault.field,)
    columns_of_it = [name for name in wanted if name in how.columns]
    headings = [heading for name in columns_of_it for heading in mapping.headings_of(how.columns[name])]
    values = [reader.raw(name, line).replace(ROUNDED, "").replace(BROKEN, "") for name in columns_of_it]
    return RowFault(number, fault.field, " + ".join(dict.fromkeys(headings)), " · ".join(filter(None, values))[:200], fault)


def _digest(kind: str, fates: Mapping[int, str], faults: Sequence[RowFault], deed: Deed) -> str:
    told = [kind, sorted(fates.items()), [(fault.row, fault.column, fault.fault.code) for fault in faults]]
    told += [deed.effect, deed.before]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _label(kind: str, row: Any) -> str:
    match kind:
        case "units" | "jobs":
            return f"{row.code} · {row.name_id}"
        case "people":
            return " · ".join(filter(None, (row.name, row.email))) or "NIP …" + (row.nip or "")[-3:]
        case "standards":
            return f"{row.job or row.tier} · {row.competency} · {row.required}"
        case "assessments":
            return f"{_short(row.person)} · {row.competency} · {row.level}"
        case _:
            return f"{_short(row.person)} · {row.kind} · {row.capacity}"


def _short(key: str) -> str:
    return f"NIP …{key.strip()[-3:]}" if key[:1].isdigit() and "@" not in key else key


def unknown_words(kind: str, table: Table, how: FileMapping) -> dict[str, list[tuple[str, int]]]:
    """Words of the file that stand for nothing of ours, by column, the most frequent first: to be translated once for all."""
    known, reader = known_words(kind), mapping.Reader(how, table)
    wanted = [column for column in columns.COLUMNS[kind] if column.code in how.columns and _translated(column)]
    count: dict[str, Counter[str]] = {column.code: Counter() for column in wanted}
    for number, line in table.rows:
        if not reader.counts(line):
            continue
        texts = reader.texts(number, line)
        for column in wanted:
            text = texts.get(column.code, "")
            if text and text not in (BROKEN, "-") and cells.is_unknown(column, text, known):
                count[column.code][text] += 1
    if kind == "units":
        own = {reader.texts(number, line).get("code") for number, line in table.rows}
        count.get("parent", Counter()).subtract({word: len(table.rows) for word in own if word})
    return {code: [(word, n) for word, n in words.most_common(UNKNOWN_WORDS) if n > 0] for code, words in count.items() if +words}


def _translated(column: columns.Column) -> bool:
    return column.form in ("choice", "unit", "job", "competency")
