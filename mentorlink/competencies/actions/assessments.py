"""Findings enter the ledger, and the levels that count follow in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.competencies.events import LevelsChanged
from mentorlink.competencies.inputs import AssessmentRow, SheetInput
from mentorlink.competencies.models import Assessment, Competency, CurrentLevel, LevelsNoted
from mentorlink.competencies.policy import (
    may_confirm_levels,
    may_note_changes,
    may_record_assessment,
    may_refresh_levels,
    may_save_assessments,
)
from mentorlink.competencies.queries.needs import among
from mentorlink.competencies.queries.order import counting_first, is_valid
from mentorlink.competencies.rules import shared_level
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.kernel.errors import Fault, Invalid, NotFound
from mentorlink.people.models import Person

CHUNK = 5000
T = TypeVar("T")


class Counts(NamedTuple):
    """What a bulk save did."""

    added: int = 0
    changed: int = 0
    same: int = 0


@action
def record_sheet(actor: Actor, person: Person, source: str, *, data: SheetInput) -> int:
    """All findings of one sheet enter the ledger together; the same sheet sent again adds nothing. Returns how many were new."""
    ensure(may_record_assessment, actor, person, source)
    _lock_people((person.id,))
    known = dict(
        db.session.execute(
            sa.select(Competency.code, Competency.id).where(Competency.code.in_(data.levels), Competency.retired_at.is_(None))
        ).all()
    )
    unknown = sorted(set(data.levels) - known.keys())
    if unknown:
        raise Invalid(*(Fault(f"levels.{code}", "unknown_competency", {"code": code}) for code in unknown))
    on = _not_in_future(data.assessed_on)
    rows = [
        _row(
            person.id,
            known[code],
            source,
            level,
            on,
            assessor_id=actor.person_id,
            method=data.method,
            origin=f"sheet:{data.token}",
        )
        for code, level in data.levels.items()
    ]
    return _enter(rows)


@action
def confirm_levels(
    actor: Actor,
    person_id: int,
    levels: Mapping[int, int],
    *,
    origin: str,
    assessed_on: date | None = None,
    confirmed_with: int | None = None,
) -> int:
    """The levels that both sides of a closed mentorship confirmed count from now on; said twice with one ``origin``, once.

    ``levels``: competency id → level. ``confirmed_with`` is the other side, whom the ledger names. Joins the
    transaction of the closing. Returns how many findings were new.
    """
    ensure(may_confirm_levels, actor)
    if db.session.get(Person, person_id) is None:
        raise NotFound()
    on = _not_in_future(assessed_on)
    rows = [
        _row(person_id, competency_id, "mentorship", level, on, assessor_id=confirmed_with, origin=origin)
        for competency_id, level in levels.items()
    ]
    return _enter(rows)


@action
def save_assessments(actor: Actor, rows: Sequence[AssessmentRow]) -> Counts:
    """Every finding of a file stands in the ledger once, however often the file is loaded; levels follow set-wise.

    A finding is the same when person, competency, source, day and level are the same. A corrected level is a new finding,
    which counts because it was recorded later.
    """
    ensure(may_save_assessments, actor)
    table = [
        _row(
            row.person_id, row.competency_id, row.source, row.level, _not_in_future(row.assessed_on), assessor_id=row.assessor_id,
            method=row.method, origin=f"import:{row.source}:{row.assessed_on.isoformat()}:{row.level}",
        )
        for row in rows
    ]  # fmt: skip
    added = _enter(table)
    return Counts(added=added, same=len(table) - added)


@action
def refresh_levels(actor: Actor) -> int:
    """Levels whose finding has grown too old give way to fresher findings. Runs every night; returns how many people changed."""
    ensure(may_refresh_levels, actor)
    today, fresher = clock.today(), aliased(Assessment)
    people = db.session.scalars(
        sa.select(CurrentLevel.person_id)
        .join(Assessment, CurrentLevel.assessment_id == Assessment.id)
        .where(
            ~is_valid(today),
            sa.exists().where(
                fresher.person_id == CurrentLevel.person_id,
                fresher.competency_id == CurrentLevel.competency_id,
                is_valid(today, fresher),
            ),
        )
        .distinct()
    ).all()
    return len(recompute_levels(people))


@action
def note_changes(actor: Actor, person: Person) -> None:
    """The person has seen how their levels stand; from now on only later changes are told."""
    ensure(may_note_changes, actor, person)
    put = insert_into(LevelsNoted).values(person_id=person.id, noted_at=clock.now())
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id"], set_={"noted_at": put.excluded.noted_at}))


def enter_shared(person_id: int, levels: Mapping[int, Sequence[int]], *, origin: str) -> int:
    """What several colleagues said stands in the ledger as one finding for each competency; returns how many were new."""
    rows = [
        _row(person_id, competency_id, "peer", shared_level(said), clock.today(), origin=origin, voices=len(said))
        for competency_id, said in sorted(levels.items())
    ]
    return _enter(rows)


def recompute_levels(person_ids: Collection[int]) -> tuple[int, ...]:
    """Make the levels that count follow the ledger for these people; tells and returns whose levels became other ones."""
    if not person_ids:
        return ()
    db.session.flush()
    changed: set[int] = set()
    for some in _chunks(sorted(set(person_ids)), CHUNK):
        _lock_people(some)
        changed |= _recompute(some)
    if changed:
        record(LevelsChanged(tuple(sorted(changed))))
    for row in list(db.session.identity_map.values()):
        if isinstance(row, CurrentLevel):
            db.session.expire(row)
    return tuple(sorted(changed))


def _recompute(person_ids: Sequence[int]) -> set[int]:
    keys = (CurrentLevel.person_id, CurrentLevel.competency_id)
    columns = (*keys, CurrentLevel.level, CurrentLevel.assessment_id)
    before = {
        row[:2]: row[2:] for row in db.session.execute(sa.select(*columns).where(among(CurrentLevel.person_id, person_ids)))
    }
    upserts, changed = [], set()
    for person_id, competency_id, level, assessment_id in db.session.execute(_counting(person_ids)):
        old = before.get((person_id, competency_id))
        if old == (level, assessment_id):
            continue
        upserts.append({"person_id": person_id, "competency_id": competency_id, "level": level, "assessment_id": assessment_id})
        if old is None or old[0] != level:
            changed.add(person_id)
    if upserts:
        insert = insert_into(CurrentLevel)
        insert = insert.on_conflict_do_update(
            index_elements=["person_id", "competency_id"],
            set_={"level": insert.excluded.level, "assessment_id": insert.excluded.assessment_id},
        )
        db.session.connection().execute(insert, upserts)
    return changed


def _counting(person_ids: Collection[int]) -> sa.Select[Any]:
    """``rules.current`` as one statement: the counting finding of each person and competency."""
    within, order = (Assessment.person_id, Assessment.competency_id), counting_first(clock.today())
    place = sa.func.row_number().over(partition_by=within, order_by=order)
    ranked = (
        sa.select(Assessment.person_id, Assessment.competency_id, Assessment.level, Assessment.id, place.label("place"))
        .where(among(Assessment.person_id, person_ids))
        .subquery()
    )
    return sa.select(ranked.c.person_id, ranked.c.competency_id, ranked.c.level, ranked.c.id).where(ranked.c.place == 1)


def _enter(rows: Sequence[Mapping[str, Any]]) -> int:
    """Add the findings whose (person, competency, origin) is new; levels follow for those concerned."""
    new = _unknown(rows)
    db.session.flush()
    for some in _chunks(new, CHUNK):
        statement = insert_into(Assessment).on_conflict_do_nothing(index_elements=["person_id", "competency_id", "origin"])
        db.session.connection().execute(statement, some)
    recompute_levels({row["person_id"] for row in new})
    return len(new)


def _unknown(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    there: set[tuple[int, int, str]] = set()
    people = sorted({row["person_id"] for row in rows})
    for some in _chunks(people, CHUNK):
        _lock_people(some)
        there.update(
            tuple(key)  # type: ignore[misc]  # three columns, three parts
            for key in db.session.execute(
                sa.select(Assessment.person_id, Assessment.competency_id, Assessment.origin).where(
                    among(Assessment.person_id, some), Assessment.origin.is_not(None)
                )
            )
        )
    new: dict[tuple[int, int, str], Mapping[str, Any]] = {}
    for row in rows:
        key = (row["person_id"], row["competency_id"], row["origin"])
        if key not in there:
            new.setdefault(key, row)
    return list(new.values())


def _lock_people(person_ids: Sequence[int]) -> None:
    """Two deeds about one person take turns, so that neither computes levels without the other's finding."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            sa.select(Person.id)
            .where(among(Person.id, person_ids))
            .order_by(Person.id)
            .with_for_update(of=Person, key_share=True)
        ).all()


def _row(
    person_id: int, competency_id: int, source: str, level: int, assessed_on: date, *,
    assessor_id: int | None = None, method: str = "", origin: str, voices: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "person_id": person_id, "competency_id": competency_id, "source": source, "level": level, "assessed_on": assessed_on,
        "assessor_id": assessor_id, "method": method, "origin": origin, "voices": voices, "created_at": clock.now(),
    }  # fmt: skip


def _not_in_future(day: date | None) -> date:
    if day is not None and day > clock.today("Asia/Jayapura"):
        raise Invalid(Fault("assessed_on", "in_future"))
    return day or clock.today()


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
