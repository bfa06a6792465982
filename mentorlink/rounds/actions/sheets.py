"""Sheets: what a page says of the whole cohort, asked for by who looks and worked out by a job."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.rounds.models import Round, RoundSheet
from mentorlink.rounds.policy import may_see_round, may_work_run
from mentorlink.rounds.queries import PATIENCE


@action
def ask_sheet(actor: Actor, round_: Round, kind: str) -> bool:
    """Have a sheet made anew, by a job; False when one is under way already."""
    ensure(may_see_round, actor, round_)
    empty = insert_into(RoundSheet).values(round_id=round_.id, kind=kind, stamp="", body=[])
    db.session.execute(empty.on_conflict_do_nothing(index_elements=["round_id", "kind"]))
    asked = db.session.execute(
        sa.update(RoundSheet)
        .where(
            RoundSheet.round_id == round_.id,
            RoundSheet.kind == kind,
            sa.or_(RoundSheet.asked_at.is_(None), RoundSheet.asked_at < clock.now() - PATIENCE),
        )
        .values(asked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if asked.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        return False
    jobs.enqueue("rounds.sheet", {"round_id": round_.id, "kind": kind})
    return True


@action
def keep_sheet(actor: Actor, round_: Round, kind: str, *, stamp: str, body: Any) -> None:
    """The page shows this from now on."""
    ensure(may_work_run, actor)
    values = {"stamp": stamp, "body": body, "made_at": clock.now(), "asked_at": None}
    row = insert_into(RoundSheet).values(round_id=round_.id, kind=kind, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["round_id", "kind"], set_=values))
