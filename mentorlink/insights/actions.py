"""Figures of the whole agency are worked out anew, by the house alone."""

from __future__ import annotations

from mentorlink.insights.models import FigureSheet
from mentorlink.insights.policy import may_work_figures_out
from mentorlink.insights.queries.sheet import work_out
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into


@action
def keep_figures(actor: Actor, body: dict[str, object]) -> None:
    """Put the figures where the pages read them."""
    ensure(may_work_figures_out, actor)
    row = {"code": "agency", "made_at": clock.now(), "body": body}
    again = insert_into(FigureSheet).values(row)
    db.session.execute(
        again.on_conflict_do_update(index_elements=["code"], set_={name: again.excluded[name] for name in ("made_at", "body")})
    )


def refresh_figures(_payload: dict[str, object]) -> None:
    """Job: work the figures out, which takes seconds, and then keep them, which takes none."""
    body = work_out(clock.today())
    db.session.rollback()
    keep_figures(Actor.system(), body)
