"""Two files, mentors and mentees, as the matcher takes them: read by a pack alone, without a row of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mentorlink.exchange.inputs import Condition, Pack, Step
from mentorlink.exchange.queries.preview import RowFault, all_disagreements, once, row_fault
from mentorlink.exchange.queries.rows import row_input
from mentorlink.exchange.rules import mapping
from mentorlink.exchange.rules.files import Table
from mentorlink.kernel import clock
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.text import fold
from mentorlink.matching import Mentee, Mentor
from mentorlink.pairing.rules import offered, years_in_field, zone_code
from mentorlink.people.models import Field, Job, Person, Tier, Unit

SIDES = ("mentors", "mentees")
MOST_ROWS = 5_000
"""Of either file: more is for an import and a round of the agency's own."""


@dataclass
class SideReport:
    """What one file came to."""

    rows: int
    people: int = 0
    asking: int = 0
    faults: dict[str, list[RowFault]] = field(default_factory=dict)
    """Kind of thing → what is wrong with rows that were read as it."""


@dataclass(frozen=True)
class TwoSides:
    """Who offers and who asks. Ids are places in the order of addresses, so the order of the rows changes nothing."""

    mentors: list[Mentor]
    mentees: list[Mentee]
    people: Mapping[int, Person]
    """Never stored: they carry names, unit and job from the files to whoever tells of them."""
    reports: Mapping[str, SideReport]


def two_sides(pack: Pack, tables: Mapping[str, Table], *, both: bool = True) -> TwoSides:
    """Who stands in the two files. ``both`` False: nobody stands on the other side too, whatever a file says.

    Rows with faults are told in the reports and left out. Raises Invalid where a file has not the columns that the pack reads,
    nobody stands on a side, or a file is too long.
    """
    world = _World(pack)
    offering: set[str] = set()
    asking: set[str] = set()
    reports = {}
    for side in SIDES:
        table, plan = tables[side], pack.sides[side]  # type: ignore[index]  # both sides are there: `Pack` says so
        if len(table.rows) > MOST_ROWS:
            raise Invalid(Fault(side, "too_many_rows", {"most": MOST_ROWS}))
        report = reports[side] = SideReport(len(table.rows))
        here: dict[int, str] = {}
        for step in plan.steps:
            if both or step.mapping.only is None:
                here |= _named_by(side, world, step, table, report, offering)
        report.people = len(here)
        asks = _who_asks(plan.asks if both or plan.asks is True else False, table, here)
        report.asking = len(asks)
        asking |= asks
    number_of = {email: number for number, email in enumerate(sorted(world.people), start=1)}
    sides = TwoSides(
        [world.mentor(email, number_of[email]) for email in sorted(offering & world.people.keys())],
        [world.mentee(email, number_of[email]) for email in sorted(asking)],
        {number_of[email]: world.person(email) for email in world.people},
        reports,
    )
    nobody = [
        Fault(side, "nobody_in_file") for side, there in (("mentors", sides.mentors), ("mentees", sides.mentees)) if not there
    ]
    if nobody:
        raise Invalid(*nobody)
    return sides


def _named_by(side: str, world: _World, step: Step, table: Table, report: SideReport, offering: set[str]) -> dict[int, str]:
    """What ``_World.read`` gives; where the file has not the columns, the fault names the file."""
    try:
        return world.read(step, table, report, offering)
    except Invalid as error:
        raise Invalid(*(Fault(side, fault.code, fault.facts) for fault in error.faults)) from None


def _who_asks(asks: bool | Condition, table: Table, here: Mapping[int, str]) -> set[str]:
    if isinstance(asks, bool):
        return set(here.values()) if asks else set()
    place = next((at for at, heading in enumerate(table.head) if fold(heading) == fold(asks.column)), None)
    words = {fold(word) for word in asks.words}
    cells = dict(table.rows)
    return {email for number, email in here.items() if place is not None and fold(cells[number][place]) in words}


class _World:
    """What the pack brings along, and what the files add to it, each thing by its code."""

    def __init__(self, pack: Pack) -> None:
        self.tiers = {tier.code: Tier(code=tier.code, grade=tier.grade, name=tier.name.model_dump()) for tier in pack.tiers}
        self.fields = {item.code: Field(code=item.code, name=item.name.model_dump()) for item in pack.fields}
        self.units: dict[str, Any] = {}
        self.jobs: dict[str, Any] = {}
        self.people: dict[str, Any] = {}
        self.keys: dict[str, str] = {}
        """Address or NIP, whichever a row names, → the address by which somebody stands here."""
        self.required: dict[str, dict[str, int]] = defaultdict(dict)
        self.levels: dict[str, dict[str, int]] = defaultdict(dict)
        self.offers: dict[str, Any] = {}
        competencies = [one.code for one in pack.framework.competencies] if pack.framework else []
        self.known: dict[str, dict[str, str]] = {
            "tier": _both_ways(self.tiers), "field": _both_ways(self.fields), "competency": _both_ways(competencies),
            "unit": {}, "job": {},
        }  # fmt: skip

    def read(self, step: Step, table: Table, report: SideReport, offering: set[str]) -> dict[int, str]:
        """Take in the rows of one reading; row → address of whom it is about, where it names people."""
        mapping.check(step.kind, step.mapping, table.head)
        reader, faults, rows = mapping.Reader(step.mapping, table), [], []
        for number, line in table.rows:
            if not reader.counts(line):
                continue
            row, wrong = row_input(step.kind, reader.texts(number, line), self.known, number=number)
            wrong += self._unknown(step.kind, row)
            faults += [row_fault(step.kind, reader, step.mapping, number, line, fault) for fault in wrong]
            if not wrong:
                rows.append((number, row))
        rows_once = once(rows)
        cells = dict(table.rows)
        twice = all_disagreements(step.kind, rows_once)
        faults += [row_fault(step.kind, reader, step.mapping, number, cells[number], fault) for number, fault in twice]
        if faults:
            report.faults[step.kind] = faults
        out = {number for number, _fault in twice}
        return self._take(step.kind, [(number, row) for number, row in rows_once if number not in out], offering)

    def _unknown(self, kind: str, row: Any) -> list[Fault]:
        """What a row refers to and neither file nor pack has."""
        asked = {"people": ("unit", "job"), "standards": ("job",)}.get(kind, ())
        named = [(name, getattr(row, name)) for name in asked if getattr(row, name)]
        faults = [Fault(name, f"{name}_unknown", {"code": code}) for name, code in named if code not in self.known[name]]
        if kind in ("assessments", "offers") and row.person and fold(row.person) not in self.keys:
            faults.append(Fault("person", "person_not_here"))
        return faults

    def _take(self, kind: str, rows: list[tuple[int, Any]], offering: set[str]) -> dict[int, str]:
        match kind:
            case "units" | "jobs":
                table, words = (self.units, self.known["unit"]) if kind == "units" else (self.jobs, self.known["job"])
                for _number, row in rows:
                    table.setdefault(row.code, row)
                    words |= _both_ways([row.code])
            case "people":
                for _number, row in rows:
                    key = row.email or row.nip
                    self.people.setdefault(key, row)
                    self.keys |= {fold(name): key for name in (row.email, row.nip) if name}
                return {number: row.email or row.nip for number, row in rows}
            case "standards":
                for _number, row in rows:
                    self.required[row.job or row.tier][row.competency] = row.required
            case "assessments":
                for _number, row in rows:
                    self.levels[self.keys[fold(row.person)]][row.competency] = row.level
            case _:
                for _number, row in rows:
                    self.offers[self.keys[fold(row.person)]] = row
                    offering.add(self.keys[fold(row.person)])
        return {}

    def mentor(self, email: str, number: int) -> Mentor:
        """Who offers, with the levels that the offer brings."""
        offer = self.offers[email]
        said = "\n".join(part for part in (self.people[email].can_help_with, offer.message, self.people[email].bio) if part)
        held = offered(self.levels[email], offer.competencies or ())
        return Mentor(number, held, text=said, **self._shared(email, offer.languages))

    def mentee(self, email: str, number: int) -> Mentee:
        """Who asks; a level that nobody assessed makes no gap."""
        row, levels = self.people[email], self.levels[email]
        job = self.jobs.get(row.job)
        asked = self.required[job.tier] | self.required[job.code] if job else {}
        known = {code: level for code, level in asked.items() if code in levels}
        held = {code: levels[code] for code in known}
        return Mentee(number, held, known, text=row.wants_to_grow_in or "", **self._shared(email, None))

    def person(self, email: str) -> Person:
        """Somebody of the files, as those who tell of pairs know people."""
        row = self.people[email]
        unit, job = self.units.get(row.unit), self.jobs.get(row.job)
        return Person(
            email=email,
            name=row.name or email,
            unit=Unit(code=unit.code, name={"id": unit.name_id, "en": unit.name_en or unit.name_id}) if unit else None,
            job=Job(
                code=job.code, name={"id": job.name_id, "en": job.name_en or job.name_id}, tier=self.tiers.get(job.tier),
                field=self.fields.get(job.field),
            ) if job else None,
        )  # fmt: skip

    def _shared(self, email: str, languages: Any) -> dict[str, Any]:
        row = self.people[email]
        job = self.jobs.get(row.job)
        tier = self.tiers.get(job.tier) if job else None
        return {
            "unit": self._path(row.unit), "field": job.field if job else None, "grade": tier.grade if tier else None,
            "years": years_in_field(row.in_field_since, clock.today()), "languages": frozenset(languages or row.languages or ()),
            "time_zone": zone_code(row.timezone or ""), "place": row.place or None,
        }  # fmt: skip

    def _path(self, code: str | None) -> tuple[str, ...]:
        path: list[str] = []
        while code and code in self.units and code not in path:
            path.insert(0, code)
            code = self.units[code].parent
        return tuple(path)


def _both_ways(codes: Any) -> dict[str, str]:
    return {fold(code): code for code in codes} | {code: code for code in codes}
