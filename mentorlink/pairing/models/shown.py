"""Rows of what lists showed, and of the models learned from what came of it.

Nobody reads these rows person by person: they are counted, and a model is fitted on them. They go after a set time.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorlink.kernel.db import Base, Instant, Json, one_of
from mentorlink.pairing.stages import KINDS
from mentorlink.people.models import Person

DOORS = ("find", "home", "api", "instead")
"""Where a list stands: the page of finding, the home page, the JSON of it, and beside a request that came to nothing."""
MODEL_STATES = ("proposed", "adopted", "declined", "overtaken", "retired")
"""Proposed: waits for a decision. Overtaken: a newer proposal came first. Retired: ranked once, does not now."""


class RankingModel(Base):
    """A model that ranked better than policy on people it had not seen. It ranks only once an administrator adopted it."""

    __tablename__ = "ranking_model"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), comment="mentor or coach")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the kind")
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    made_at: Mapped[datetime] = mapped_column(Instant)
    inputs_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of the rows it was fitted on, in any order")
    seed: Mapped[int] = mapped_column(comment="of folds and resampling: the same rows and seed give the same model")
    figures: Mapped[Any] = mapped_column(Json, comment="counts, areas under the curve with intervals, calibration")
    weights: Mapped[Any] = mapped_column(Json, comment="part of the score → what it adds at most")
    curves: Mapped[Any] = mapped_column(Json, comment="part of the score → points of its curve, where it bends")
    odds: Mapped[Any] = mapped_column(Json, comment="slope and base of the odds of a request; empty: not calibrated, not said")
    decided_at: Mapped[datetime | None] = mapped_column(Instant, comment="adopted, declined or retired")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="", comment="why it was adopted, declined or retired")

    decided_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("state", MODEL_STATES), name="state"),
        sa.UniqueConstraint("kind", "number"),
        sa.UniqueConstraint("kind", "inputs_hash"),
        sa.Index("uq_ranking_model_adopted", "kind", unique=True,
                 sqlite_where=sa.text("state = 'adopted'"), postgresql_where=sa.text("state = 'adopted'")),
        sa.Index("uq_ranking_model_proposed", "kind", unique=True,
                 sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'")),
    )  # fmt: skip


class ShownList(Base):
    """A ranked list as somebody saw it. The same list again on the same day is this row."""

    __tablename__ = "shown_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who saw it")
    kind: Mapped[str] = mapped_column(sa.String(10), comment="mentor or coach")
    day: Mapped[date]
    shown_at: Mapped[datetime] = mapped_column(Instant, comment="the first time that day")
    door: Mapped[str] = mapped_column(sa.String(10), comment="find, home, api or instead")
    filters: Mapped[Any] = mapped_column(Json, comment="filter → values; never a name that was searched for")
    start: Mapped[int] = mapped_column(comment="lines of the list before this page")
    total: Mapped[int] = mapped_column(comment="how many the whole list held")
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), comment="whose terms held")
    model_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ranking_model.id"), comment="what ranked; none: policy weights")
    digest: Mapped[str] = mapped_column(sa.String(32), comment="of door, filters, model and lines")

    __table_args__ = (
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("door", DOORS), name="door"),
        sa.UniqueConstraint("person_id", "kind", "day", "digest"),
        sa.Index("ix_shown_list_day", "day"),
    )


class ShownPerson(Base):
    """Somebody stood in somebody's list on a day: once a day, at the highest place on a page that they had that day."""

    __tablename__ = "shown_person"

    viewer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, comment="who saw the list")
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, comment="who stood in it")
    day: Mapped[date] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(sa.ForeignKey("shown_list.id"), index=True)
    slot: Mapped[int] = mapped_column(comment="line on the page, from 1")
    place: Mapped[int] = mapped_column(comment="place in the whole list; equal scores have equal places")
    tied: Mapped[int] = mapped_column(comment="how many had this very score, this one included")
    chance: Mapped[float] = mapped_column(comment="chance of standing at this line; 1: the order leaves nothing to chance")
    shares: Mapped[Any] = mapped_column(Json, comment="part of the score → its share, 0 to 1, before weights and curves")

    __table_args__ = (
        sa.CheckConstraint("slot >= 1 AND place >= 1 AND tied >= 1", name="counts"),
        sa.CheckConstraint("chance > 0 AND chance <= 1", name="chance"),
        sa.Index("ix_shown_person_day", "day"),
    )
