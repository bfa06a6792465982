"""Reads of periods: which one a day lies in, what a recap holds, how far its certificates are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from mentorlink.competencies.queries import among
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import (
    Certificate,
    CertificateRun,
    Claim,
    HoursEntry,
    LearningPeriod,
    PeriodMonth,
    RecapRow,
)
from mentorlink.learning.policy import may_see_periods
from mentorlink.learning.rules.periods import months_between
from mentorlink.people.models import Person

SAMPLE = 50
"""Rows of a recap that the page shows; the files have them all."""


def period_on(day: date, *, hold: bool = False) -> LearningPeriod | None:
    """The period in which ``day`` lies. ``hold``: it is not frozen by anybody else until this transaction is over."""
    query = (
        sa.select(LearningPeriod)
        .join(PeriodMonth, PeriodMonth.period_id == LearningPeriod.id)
        .where(PeriodMonth.month == day.replace(day=1))
    )
    if hold:
        query = query.with_for_update(read=True, of=LearningPeriod).execution_options(populate_existing=True)
    return db.session.scalar(query)


def frozen_months(first: date, last: date) -> set[date]:
    """First days of the months between two days that no entry can reach any more."""
    return set(
        db.session.scalars(
            sa.select(PeriodMonth.month)
            .join(LearningPeriod)
            .where(PeriodMonth.month.in_(months_between(first, last)), LearningPeriod.state == "frozen")
        )
    )


def frozen_between(first: date, last: date) -> LearningPeriod | None:
    """A frozen period that has one of these days."""
    return db.session.scalar(
        sa.select(LearningPeriod)
        .join(PeriodMonth, PeriodMonth.period_id == LearningPeriod.id)
        .where(PeriodMonth.month.in_(months_between(first, last)), LearningPeriod.state == "frozen")
        .limit(1)
    )


def periods_for(actor: Actor) -> Sequence[LearningPeriod]:
    """Every period, newest first: for who closes or approves them."""
    if not may_see_periods(actor):
        raise NotFound()
    return db.session.scalars(sa.select(LearningPeriod).order_by(LearningPeriod.begins_on.desc())).all()


def period_for(actor: Actor, period_id: int) -> LearningPeriod:
    """One period."""
    period = db.session.get(LearningPeriod, period_id)
    if period is None or not may_see_periods(actor):
        raise NotFound()
    return period


def newest_period() -> LearningPeriod | None:
    """The one made last: its signatory is the likeliest for what comes."""
    return db.session.scalar(sa.select(LearningPeriod).order_by(LearningPeriod.id.desc()).limit(1))


def latest_period() -> LearningPeriod | None:
    """The one that ends last."""
    return db.session.scalar(sa.select(LearningPeriod).order_by(LearningPeriod.ends_on.desc()).limit(1))


def ledger_state(period: LearningPeriod) -> tuple[int, int]:
    """How many entries the ledger has in the days of a period, and the highest id: it is only added to, so these tell it all."""
    count, newest = db.session.execute(
        sa.select(sa.func.count(), sa.func.max(HoursEntry.id)).where(
            HoursEntry.happened_on >= period.begins_on, HoursEntry.happened_on <= period.ends_on
        )
    ).one()
    return count, newest or 0


MOST_NAMED = 10
"""So many claims that wait are named beside how many there are."""


@dataclass(frozen=True)
class RecapSums:
    """What a recap adds up to, and what there is to look at before it is checked."""

    rows: int
    people: int
    jp: int
    by_path: list[tuple[str, int, int, int]]
    """Path, rows, people, JP; most JP first."""
    certifies: int
    without_nip: int
    waiting: int
    """Claims of these days that nobody has decided: once it is frozen, they come too late."""
    waiting_first: Sequence[Claim]
    """The first of them, the longest wait first."""
    outdated: bool
    """The ledger has moved on since it was built."""


def recap_sums_for(actor: Actor, period: LearningPeriod) -> RecapSums:
    """The sums of the recap as it was built last."""
    if not may_see_periods(actor):
        raise NotFound()
    mine = _of(period)
    by_path = [
        (path, rows, people, int(jp))
        for path, rows, people, jp in db.session.execute(
            sa.select(RecapRow.path, sa.func.count(), sa.func.count(sa.distinct(RecapRow.person_id)), sa.func.sum(RecapRow.jp))
            .where(mine)
            .group_by(RecapRow.path)
        )
    ]
    people, certifies, without_nip = db.session.execute(
        sa.select(
            sa.func.count(sa.distinct(RecapRow.person_id)),
            sa.func.sum(sa.case((certifying(period), 1), else_=0)),
            sa.func.count(sa.distinct(sa.case((RecapRow.nip.is_(None), RecapRow.person_id)))),
        ).where(mine)
    ).one()
    open_ = sa.and_(Claim.state.in_(("sent", "returned")), Claim.ends_on >= period.begins_on, Claim.starts_on <= period.ends_on)
    waiting = db.session.scalar(sa.select(sa.func.count()).select_from(Claim).where(open_)) or 0
    first = sa.select(Claim).options(joinedload(Claim.person)).where(open_).order_by(Claim.sent_at, Claim.id).limit(MOST_NAMED)
    built = period.state in ("built", "checked", "approved")
    return RecapSums(
        rows=sum(row[1] for row in by_path),
        people=people,
        jp=sum(row[3] for row in by_path),
        by_path=sorted(by_path, key=lambda row: (-row[3], row[0])),
        certifies=int(certifies or 0),
        without_nip=without_nip,
        waiting=waiting,
        waiting_first=db.session.scalars(first).unique().all() if waiting else (),
        outdated=built and ledger_state(period) != (period.entries_seen, period.newest_entry),
    )


def certifying(period: LearningPeriod) -> sa.ColumnElement[bool]:
    """The condition that a row of the recap gets a certificate of ours.

    A mentorship that closed before the period was frozen has one that stands for these hours already; one that closes later
    leaves out what the period certifies (``certified_of``).
    """
    other = aliased(Certificate)
    stands = [other.origin == RecapRow.source, other.revoked_at.is_(None)]
    if period.frozen_at is not None:
        stands.append(other.issued_at < period.frozen_at)
    return sa.and_(RecapRow.certifies, ~sa.exists().where(*stands))


@dataclass(frozen=True)
class Certified:
    """Hours of a source that a frozen period certifies."""

    begins_on: date
    ends_on: date
    jp: int
    number: str | None
    """Of its certificate, once it is issued."""


def certified_of(source: str) -> list[Certified]:
    """What frozen periods certify of a source such as ``mentorship:3``, in their order."""
    rows = db.session.execute(
        sa.select(LearningPeriod.begins_on, LearningPeriod.ends_on, RecapRow.jp, Certificate.number)
        .join(RecapRow, sa.and_(RecapRow.period_id == LearningPeriod.id, RecapRow.build == LearningPeriod.build))
        .outerjoin(Certificate, Certificate.recap_row_id == RecapRow.id)
        .where(
            LearningPeriod.state == "frozen", RecapRow.source == source, RecapRow.certifies, Certificate.revoked_at.is_(None)
        )
        .order_by(LearningPeriod.begins_on)
    )  # fmt: skip
    return [Certified(*row) for row in rows]


def _of(period: LearningPeriod) -> sa.ColumnElement[bool]:
    return sa.and_(RecapRow.period_id == period.id, RecapRow.build == period.build)


def recap_sample_for(actor: Actor, period: LearningPeriod) -> Sequence[RecapRow]:
    """The first rows of the recap."""
    if not may_see_periods(actor):
        raise NotFound()
    return db.session.scalars(sa.select(RecapRow).where(_of(period)).order_by(RecapRow.id).limit(SAMPLE)).all()


def recap_for(actor: Actor, period: LearningPeriod) -> Iterator[tuple[RecapRow, str | None]]:
    """Every row of the recap in its order, with the number of the certificate that stands for it."""
    if not may_see_periods(actor):
        raise NotFound()
    closing = aliased(Certificate)
    own = sa.func.coalesce(RecapRow.facts["certificate"].as_string(), Certificate.number, closing.number)
    query = (
        sa.select(RecapRow, own)
        .outerjoin(Certificate, Certificate.recap_row_id == RecapRow.id)
        .outerjoin(
            closing,
            sa.and_(RecapRow.certifies, ~certifying(period), closing.origin == RecapRow.source, closing.revoked_at.is_(None)),
        )
        .where(_of(period))
        .order_by(RecapRow.id)
        .execution_options(yield_per=1000)
    )
    yield from db.session.execute(query)  # type: ignore[misc]  # rows of two are pairs


def run_of(period: LearningPeriod) -> CertificateRun | None:
    """The issuing of its certificates, where it was begun."""
    return db.session.get(CertificateRun, period.id)


def uncertified(period: LearningPeriod, *, limit: int) -> Sequence[RecapRow]:
    """Rows that still need a certificate, in their order, with the person."""
    return db.session.scalars(
        sa.select(RecapRow)
        .options(joinedload(RecapRow.person))
        .outerjoin(Certificate, Certificate.recap_row_id == RecapRow.id)
        .where(_of(period), certifying(period), Certificate.id.is_(None))
        .order_by(RecapRow.id)
        .limit(limit)
    ).all()


def certified_count(period: LearningPeriod) -> int:
    """Certificates issued for the rows of a period."""
    return db.session.scalar(sa.select(sa.func.count()).where(Certificate.period_id == period.id)) or 0


def people_in(period: LearningPeriod, *, after: int, limit: int) -> Sequence[int]:
    """Ids of people with entries in the period's days, beyond ``after``, in order."""
    learned = sa.exists().where(
        HoursEntry.person_id == Person.id,
        HoursEntry.happened_on >= period.begins_on,
        HoursEntry.happened_on <= period.ends_on,
        HoursEntry.id <= period.newest_entry,
    )
    # person by person, so that a part reads the entries of its own people and not the ledger of everybody
    return db.session.scalars(sa.select(Person.id).where(Person.id > after, learned).order_by(Person.id).limit(limit)).all()


def entries_in(period: LearningPeriod, person_ids: Collection[int]) -> Sequence[HoursEntry]:
    """The entries of these people as the ledger stood when the recap was begun."""
    return db.session.scalars(
        sa.select(HoursEntry)
        .options(
            selectinload(HoursEntry.claim).options(selectinload(Claim.evidence), selectinload(Claim.decided_by)),
            selectinload(HoursEntry.rule),  # its table is read once, not beside every entry
        )
        .where(
            among(HoursEntry.person_id, person_ids),
            HoursEntry.happened_on >= period.begins_on,
            HoursEntry.happened_on <= period.ends_on,
            HoursEntry.id <= period.newest_entry,
        )
        .order_by(HoursEntry.person_id, HoursEntry.happened_on, HoursEntry.id)
    ).all()


def people_of(person_ids: Collection[int]) -> dict[int, Person]:
    """Who they are."""
    return {row.id: row for row in db.session.scalars(sa.select(Person).where(among(Person.id, person_ids)))}
