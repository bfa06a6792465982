"""What every act of HR on a round does first: count itself, or learn that somebody else was faster."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.rounds.models import Round, RoundChange, RoundRun
from mentorlink.rounds.queries import SILENT, changes_since, takes_stop
from mentorlink.rounds.stages import BUSY, UNSETTLED


def touch(actor: Actor, round_: Round, revision: int, act: str, **facts: Any) -> Round:
    """Count an act upon the round as its author saw it. Of two acts upon one revision the database lets the first through.

    The second is told who did what since; nothing of it is done. While the draft is brought to another stop, nothing is done
    either; a job that was cut off makes room.
    """
    counted = db.session.execute(
        sa.update(Round)
        .where(
            Round.id == round_.id,
            Round.revision == revision,
            Round.state.in_(UNSETTLED),
            Round.publishing_since.is_(None),
            sa.or_(Round.stop_asked_at.is_(None), Round.stop_asked_at < clock.now() - SILENT),
        )
        .values(revision=Round.revision + 1, stop_asked=None, stop_asked_at=None)
    )
    db.session.refresh(round_)
    if counted.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE answers with a cursor
        _refuse(round_, revision)
    db.session.add(
        RoundChange(round_id=round_.id, revision=round_.revision, by_id=actor.person_id, at=clock.now(), act=act, facts=facts)
    )
    return round_


def end_run(run: RoundRun, state: str) -> bool:
    """A run that waits or runs is over; False where it was over before, and then it stays as it ended."""
    ended = db.session.execute(
        sa.update(RoundRun)
        .where(RoundRun.id == run.id, RoundRun.state.in_(BUSY))
        .values(state=state, ended_at=clock.now(), progress=100 if state == "done" else RoundRun.progress)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(run)
    return bool(ended.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE answers with a cursor


def note_change(round_: Round, act: str, **facts: Any) -> None:
    """Count what the house did upon a round whose row is locked, in the name of who asked for it."""
    round_.revision += 1
    db.session.add(
        RoundChange(
            round_id=round_.id, revision=round_.revision, by_id=round_.published_by_id, at=clock.now(), act=act, facts=facts
        )
    )


def _refuse(round_: Round, revision: int) -> None:
    if round_.state not in UNSETTLED:
        raise Conflict("round_settled", state=round_.state)
    if round_.publishing_since is not None:
        raise Conflict("round_publishing")
    if takes_stop(round_):
        raise Conflict("stop_under_way")
    changes = changes_since(round_.id, revision)
    raise Conflict(
        "round_changed",
        times=round_.revision - revision,
        acts=[[change.act, change.by.full_name if change.by else ""] for change in changes],
    )
