"""Figures of the whole agency are worked out anew, by the house alone."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.insights.models import AGENCY, FigureSheet, sheet_of_year
from mentorlink.insights.policy import may_work_figures_out
from mentorlink.insights.queries.sheet import work_out
from mentorlink.insights.queries.year_sheet import work_out_year, years_of_mentoring
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into

STAYS = timedelta(days=1)
"""The figures of a year that is over are worked out anew when they are older than this."""


@action
def keep_figures(actor: Actor, sheets: dict[str, dict[str, object]]) -> None:
    """Put the figures where the pages read them."""
    ensure(may_work_figures_out, actor)
    rows = [{"code": code, "made_at": clock.now(), "body": body} for code, body in sheets.items()]
    again = insert_into(FigureSheet).values(rows)
    db.session.execute(
        again.on_conflict_do_update(index_elements=["code"], set_={name: again.excluded[name] for name in ("made_at", "body")})
    )


def refresh_figures(_payload: dict[str, object]) -> None:
    """Job: work the figures out, which takes seconds, and then keep them, which takes none."""
    today = clock.today()
    fresh = set(db.session.scalars(sa.select(FigureSheet.code).where(FigureSheet.made_at > clock.now() - STAYS)))
    years = [year for year in years_of_mentoring(today) if year == today.year or sheet_of_year(year) not in fresh]
    kept = dict(db.session.execute(sa.select(FigureSheet.code, FigureSheet.body)).all())
    of_years = {sheet_of_year(year): work_out_year(year, today, kept.get(sheet_of_year(year))) for year in years}
    sheets = {AGENCY: work_out(today), **of_years}
    db.session.rollback()
    keep_figures(Actor.system(), sheets)
