"""Rows of files that go out: the columns that come in, so that a file taken and brought back changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.competencies.models import Assessment, Competency, Standard
from mentorlink.exchange.rules.columns import COLUMNS
from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.pairing.models import Offer, OfferCompetency
from mentorlink.people.models import Field, Job, Person, Tier, Unit
from mentorlink.people.policy import HR

CHUNK = 2000


def head_of(kind: str, language: str) -> list[str]:
    """The headings of a file of ``kind``."""
    return [column.name[language] for column in COLUMNS[kind]]


def rows_for(actor: Actor, kind: str) -> Iterator[list[str]]:
    """Every row that ``actor`` may take away, as texts in the order of the columns. A constant number of queries, read in chunks.

    HR of a unit gets its people and no others; units, jobs and standards belong to everybody. A NIP goes to HR alone: to others
    the cell is empty, and brought back like that it changes nothing.
    """
    return _ROWS[kind](actor)


def _chunks(query: Any) -> Iterator[Any]:
    return iter(db.session.execute(query.execution_options(yield_per=CHUNK)))


def _in_scope(actor: Actor) -> sa.ColumnElement[bool]:
    """Units that the actor looks after."""
    return _over(actor, HR)


def _over(actor: Actor, roles: Collection[Role]) -> sa.ColumnElement[bool]:
    if actor.is_system:
        return sa.true()
    paths = [grant.unit_path for grant in actor.grants if grant.role in roles]
    return (
        sa.true()
        if None in paths
        else sa.or_(sa.false(), *(Unit.path.startswith(path, autoescape=True) for path in paths if path))
    )


def _units(_actor: Actor) -> Iterator[list[str]]:
    parent, head = aliased(Unit), aliased(Person)
    query = (
        sa.select(Unit.code, Unit.name, parent.code, head.email, Unit.place, Unit.timezone)
        .outerjoin(parent, Unit.parent_id == parent.id)
        .outerjoin(head, sa.and_(Unit.head_id == head.id, head.state != "disabled"))
        .where(Unit.closed_at.is_(None))
        .order_by(Unit.path, Unit.id)
    )
    for code, name, above, email, place, zone in _chunks(query):
        yield [code, name.get("id", ""), name.get("en", ""), above or "", email or "", place or "", zone or ""]


def _jobs(_actor: Actor) -> Iterator[list[str]]:
    query = (
        sa.select(Job.code, Job.name, Tier.code, Field.code)
        .join(Tier)
        .outerjoin(Field, Job.field_id == Field.id)
        .order_by(Job.code)
    )
    for code, name, tier, field in _chunks(query):
        yield [code, name.get("id", ""), name.get("en", ""), tier, field or ""]


def _people(actor: Actor) -> Iterator[list[str]]:
    nip = sa.case((_over(actor, (Role.MANAGER,)), Person.nip), else_="")
    query = (
        sa.select(
            nip, Person.email, Person.name, Person.title_before, Person.title_after, Person.contract, Person.rank,
            Unit.code, Job.code, sa.case((Unit.head_id == Person.id, "ya"), else_=""), Person.in_field_since, Person.languages,
            Person.place, Person.timezone, Person.locale, Person.bio, Person.can_help_with, Person.wants_to_grow_in,
        )
        .join(Unit, Person.unit_id == Unit.id)
        .outerjoin(Job, Person.job_id == Job.id)
        .where(Person.state != "disabled", _in_scope(actor))
        .order_by(Person.folded_name, Person.id)
    )  # fmt: skip
    for row in _chunks(query):
        cells = ["" if cell is None else cell for cell in row]
        cells[11] = ", ".join(cells[11])
        yield [str(cell) for cell in cells]


def _standards(_actor: Actor) -> Iterator[list[str]]:
    query = (
        sa.select(Job.code, Tier.code, Competency.code, Standard.required)
        .join(Competency, Standard.competency_id == Competency.id)
        .outerjoin(Job, Standard.job_id == Job.id)
        .outerjoin(Tier, Standard.tier_id == Tier.id)
        .where(Competency.retired_at.is_(None))
        .order_by(Job.code, Tier.code, Competency.code)
    )
    for job, tier, competency, required in _chunks(query):
        yield [job or "", tier or "", competency, str(required)]


def _assessments(actor: Actor) -> Iterator[list[str]]:
    assessor = aliased(Person)
    query = (
        sa.select(
            Person.email,
            Competency.code,
            Assessment.source,
            Assessment.level,
            Assessment.assessed_on,
            assessor.email,
            Assessment.method,
        )
        .join(Person, Assessment.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .join(Competency, Assessment.competency_id == Competency.id)
        .outerjoin(assessor, Assessment.assessor_id == assessor.id)
        .where(Competency.retired_at.is_(None), Person.state != "disabled", _in_scope(actor))
        .order_by(Person.email, Competency.code, Assessment.assessed_on, Assessment.id)
    )
    seen: tuple[Any, ...] | None = None
    for email, code, source, level, day, by, method in _chunks(query):
        finding = (email, code, source, day, level)
        if finding != seen:
            yield [email, code, source, str(level), day.isoformat(), by or "", method]
        seen = finding


def _offers(actor: Actor) -> Iterator[list[str]]:
    codes: dict[int, list[str]] = {}
    for offer_id, code in db.session.execute(
        sa.select(OfferCompetency.offer_id, Competency.code)
        .join(Competency, OfferCompetency.competency_id == Competency.id)
        .order_by(Competency.code)
    ):
        codes.setdefault(offer_id, []).append(code)
    query = (
        sa.select(Offer.id, Person.email, Offer.kind, Offer.capacity, Offer.languages, Offer.message)
        .join(Person, Offer.person_id == Person.id)
        .join(Unit, Person.unit_id == Unit.id)
        .where(Offer.closed_at.is_(None), Person.state != "disabled", _in_scope(actor))
        .order_by(Person.email, Offer.kind)
    )
    for offer_id, email, kind, capacity, languages, message in _chunks(query):
        yield [email, kind, str(capacity), ", ".join(codes.get(offer_id, [])), ", ".join(languages or []), message]


_ROWS: Mapping[str, Callable[[Actor], Iterator[list[str]]]] = {
    "units": _units, "jobs": _jobs, "people": _people, "standards": _standards, "assessments": _assessments, "offers": _offers,
}  # fmt: skip
