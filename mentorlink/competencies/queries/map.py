"""The competency map of one person: what their job asks, what was found, by whom, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from mentorlink.competencies import rules
from mentorlink.competencies.models import Assessment, Competency, Framework, Level, LevelsNoted
from mentorlink.competencies.policy import may_see_map
from mentorlink.competencies.queries.needs import Asked, effective_standards, kind_order
from mentorlink.competencies.queries.standards import limits_on
from mentorlink.competencies.rules import Need
from mentorlink.competencies.shapes import CompetencyMap, Found, LevelChange, MapRow
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.people.models import Person

NEWS = timedelta(days=30)
"""Changes of so many days are told to who never looked before."""


def map_for(actor: Actor, person: Person | int) -> CompetencyMap:
    """The map of ``person``; to whoever may not see it the person does not exist."""
    who = map_owner_for(actor, person)
    asked = effective_standards({who.job_id: who.job.tier_id}).get(who.job_id, []) if who.job and who.job_id else []
    ledger = _ledger(who.id)
    rows = [_row(item, ledger.get(item.competency_id, ())) for item in asked]
    extra = _extra(ledger, {item.competency_id for item in asked})
    needs = [Need(row.competency_id, row.code, row.required or 0, row.actual) for row in rows]
    return CompetencyMap(
        person=who,
        rows=_with_levels(rows),
        extra=_with_levels(extra),
        match=rules.job_person_match(needs, limits_on(clock.today())),
        changes=tuple(_changes(rows + extra, who.id)),
    )


def map_owner_for(actor: Actor, person: Person | int) -> Person:
    """The person, for whoever may see their map; to others there is nobody."""
    who = db.session.get(Person, person) if isinstance(person, int) else person
    if who is None or not may_see_map(actor, who):
        raise NotFound()
    return who


def sheet_rows(person: Person) -> list[tuple[Asked, Competency]]:
    """What one is asked to judge about ``person``: what their job asks, each with its five levels."""
    asked = (
        effective_standards({person.job_id: person.job.tier_id}).get(person.job_id, []) if person.job and person.job_id else []
    )
    rows = {
        row.id: row
        for row in db.session.scalars(
            sa.select(Competency)
            .where(Competency.id.in_([item.competency_id for item in asked]))
            .options(selectinload(Competency.levels))
        )
    }
    return [(item, rows[item.competency_id]) for item in asked]


def last_said(person_id: int, source: str, *, assessor_id: int | None = None) -> dict[int, tuple[int, date]]:
    """Competency id → level and day of the newest finding of this source (and assessor)."""
    query = (
        sa.select(Assessment.competency_id, Assessment.level, Assessment.assessed_on)
        .where(Assessment.person_id == person_id, Assessment.source == source)
        .order_by(Assessment.assessed_on, Assessment.created_at)
    )
    if assessor_id is not None:
        query = query.where(Assessment.assessor_id == assessor_id)
    return {competency_id: (level, on) for competency_id, level, on in db.session.execute(query)}


def _ledger(person_id: int) -> dict[int, tuple[Found, ...]]:
    """Competency id → findings with their verdicts, newest first."""
    query = (
        sa.select(
            Assessment.competency_id, Assessment.id, Assessment.source, Assessment.level, Assessment.assessed_on,
            Assessment.created_at, Assessment.method, Assessment.assessor_id, Person.name, Assessment.voices,
        )
        .outerjoin(Person, Assessment.assessor_id == Person.id)
        .where(Assessment.person_id == person_id)
        .order_by(Assessment.assessed_on.desc(), Assessment.created_at.desc(), Assessment.id.desc())
    )  # fmt: skip
    ledger: dict[int, list[Found]] = defaultdict(list)
    for competency_id, id_, source, level, on, at, method, assessor_id, assessor, voices in db.session.execute(query):
        ledger[competency_id].append(Found(id_, source, level, on, at, method, assessor_id, assessor, voices=voices))
    return {competency_id: _judged(findings) for competency_id, findings in ledger.items()}


def _judged(findings: Sequence[Found]) -> tuple[Found, ...]:
    today = clock.today()
    counting = rules.current(findings, today)
    if counting is None:
        return ()
    return tuple(
        Found(
            f.id, f.source, f.level, f.assessed_on, f.created_at, f.method, f.assessor_id, f.assessor,
            rules.verdict(f, counting, today), f.voices,
        )
        for f in findings
    )  # fmt: skip


def _row(item: Asked, findings: tuple[Found, ...]) -> MapRow:
    counting = next((found for found in findings if found.verdict == "counts"), None)
    return MapRow(
        item.competency_id, item.code, item.name, item.kind, item.required, counting.level if counting else None, findings
    )


def _extra(ledger: Mapping[int, tuple[Found, ...]], asked: Collection[int]) -> list[MapRow]:
    """What was found beside what the job asks."""
    others = set(ledger) - set(asked)
    if not others:
        return []
    query = (
        sa.select(Competency.id, Competency.code, Competency.name, Framework.kind)
        .join(Framework)
        .where(Competency.id.in_(others))
        .order_by(*kind_order(), Competency.position, Competency.id)
    )
    rows = []
    for competency_id, code, name, kind in db.session.execute(query):
        row = _row(Asked(competency_id, code, name, kind, 0, False), ledger[competency_id])
        rows.append(MapRow(competency_id, code, name, kind, None, row.actual, row.findings))
    return rows


def _with_levels(rows: Iterable[MapRow]) -> tuple[MapRow, ...]:
    """Give each row the wording of the level held, and of the next one where there is a gap."""
    rows = list(rows)
    wanted = {(row.competency_id, number) for row in rows for number in (row.actual or 0, (row.actual or 0) + 1)}
    if not wanted:
        return ()
    levels = {
        (level.competency_id, level.number): level
        for level in db.session.scalars(sa.select(Level).where(Level.competency_id.in_({row.competency_id for row in rows})))
        if (level.competency_id, level.number) in wanted
    }
    return tuple(
        MapRow(
            row.competency_id, row.code, row.name, row.kind, row.required, row.actual, row.findings,
            levels.get((row.competency_id, row.actual or 0)),
            levels.get((row.competency_id, (row.actual or 0) + 1)) if row.gap else None,
        )
        for row in rows
    )  # fmt: skip


def _changes(rows: Iterable[MapRow], person_id: int) -> Iterable[LevelChange]:
    """The ledger is its own history: which level counted when the person last looked, and which counts now."""
    noted = db.session.get(LevelsNoted, person_id)
    seen_at = noted.noted_at if noted else clock.now() - NEWS
    for row in rows:
        then = rules.current((f for f in row.findings if f.created_at <= seen_at), seen_at.date())
        now = row.counting
        if now is None or now.source == "self" or now.created_at <= seen_at:
            continue
        if then is None or then.level != now.level:
            yield LevelChange(row.code, row.name, then.level if then else None, now.level, now.source)
