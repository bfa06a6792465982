"""Sheets: what a page says of the whole cohort, as a job worked it out last, and whether it is still so.

Whether a sheet is fresh is told by a few numbers that cost the same at any size: the revision of the round, who takes part, the
counter of the pool (offers, places, people who offer), the newest assessment, pair and block. What these cannot tell, such as
a mentee who left, an age limit does. A sheet informs; what is decided upon it is checked again on the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mentorlink.competencies.models import Assessment, Competency
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.pairing.models import PoolState
from mentorlink.people.models import Block
from mentorlink.rounds.models import Proposal, Round, RoundMember, RoundSheet
from mentorlink.rounds.queries.cohort import cohort_of, people_named
from mentorlink.rounds.queries.cover import Cover, CoverLine, candidates_of
from mentorlink.rounds.queries.draft import changed_since, pairs_in
from mentorlink.rounds.rules import cover_rows
from mentorlink.sessions.mentoring.models import Mentorship

PATIENCE = timedelta(minutes=3)
"""A sheet that was asked for longer ago may be asked for again."""

FRESH = timedelta(minutes=15)
"""No sheet counts as fresh for longer."""

MOST_NAMED = 50


@dataclass(frozen=True)
class Sheet:
    """A sheet as a page needs it."""

    body: Any
    made_at: datetime | None
    """None: it was never made yet."""
    fresh: bool


def sheet_of(round_: Round, kind: str) -> Sheet:
    """The last sheet of this kind. Two queries."""
    row = db.session.get(RoundSheet, (round_.id, kind))
    if row is None or row.made_at is None:
        return Sheet([], None, False)
    return Sheet(row.body, row.made_at, row.stamp == stamp_of(round_) and row.made_at > clock.now() - FRESH)


def stamp_of(round_: Round) -> str:
    """A digest of what sheets of this round are worked out from, as far as a few numbers tell it. One query."""
    here = sa.and_(RoundMember.round_id == round_.id, RoundMember.out.is_(False))
    numbers = db.session.execute(
        sa.select(
            sa.select(Round.revision).where(Round.id == round_.id).scalar_subquery(),
            sa.select(sa.func.count()).select_from(RoundMember).where(here).scalar_subquery(),
            sa.select(sa.func.max(RoundMember.id)).where(here).scalar_subquery(),
            sa.select(sa.func.max(PoolState.seq)).scalar_subquery(),
            sa.select(sa.func.max(Assessment.id)).scalar_subquery(),
            sa.select(sa.func.max(Mentorship.id)).scalar_subquery(),
            sa.select(sa.func.count()).select_from(Block).scalar_subquery(),
        )
    ).one()
    told = ":".join(str(number) for number in (*numbers, clock.today()))
    return hashlib.sha256(told.encode()).hexdigest()


def work_out(round_: Round, kind: str) -> list[dict[str, Any]]:
    """What a sheet says, from the rows as they are now. Reads the whole cohort."""
    return _cover_body(round_) if kind == "cover" else _check_body(round_)


def _cover_body(round_: Round) -> list[dict[str, Any]]:
    cohort = cohort_of(round_)
    rows = cover_rows(cohort)
    named = candidates_of(round_.programme, rows, {mentor.id for mentor in cohort.mentors})
    return [asdict(row) | {"candidates": named.get(row.code, [])} for row in rows]


def _check_body(round_: Round) -> list[dict[str, Any]]:
    lines = pairs_in(round_)
    return [{"line": id_, "rules": list(rules)} for id_, rules in sorted(changed_since(round_, lines).items())]


def cover_of(round_: Round) -> Cover:
    """The cover map as of now. Reads the whole cohort: for a job, not for a page."""
    return cover_in(Sheet(work_out(round_, "cover"), clock.now(), True))


def cover_in(sheet: Sheet) -> Cover:
    """The cover map that a sheet holds. Two queries."""
    rows = {row["code"]: row for row in sheet.body}
    names = {row.code: row for row in db.session.scalars(sa.select(Competency).where(Competency.code.in_(rows)))}
    people = people_named({person_id for row in rows.values() for person_id, _level in row["candidates"]})
    return Cover(
        [
            CoverLine(
                names[code], row["needed"], row["levels"], row["covered"], row["unfillable"], row["level"], row["recruit"],
                [(people[person_id], level) for person_id, level in row["candidates"] if person_id in people],
            )
            for code, row in rows.items()
            if code in names
        ]
    )  # fmt: skip


def changed_in(round_: Round, sheet: Sheet) -> tuple[int, Sequence[tuple[Proposal, Sequence[str]]]]:
    """How many pairs a sheet says cannot be published, and the first of them by name. One query."""
    rules = {row["line"]: row["rules"] for row in sheet.body[:MOST_NAMED]}
    lines = db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.id.in_(rules), Proposal.round_id == round_.id, Proposal.mentor_id.is_not(None))
        .order_by(Proposal.id)
    ).all()
    return len(sheet.body), [(line, rules[line.id]) for line in lines]
