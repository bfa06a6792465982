"""Rows by which the pool of each process learns what it must take in anew."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant


class PoolState(Base):
    """One row: how far the log of the pool has come. Its lock gives the log's numbers in the order of the commits."""

    __tablename__ = "pool_state"

    id: Mapped[int] = mapped_column(primary_key=True, comment="always 1")
    epoch: Mapped[str] = mapped_column(sa.String(40), comment="another database, another epoch: then a pool is built anew")
    seq: Mapped[int]


class PoolChange(Base):
    """Somebody in the pool is not as they were; each process reads them again before it ranks next."""

    __tablename__ = "pool_change"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: so many that the pool is built anew")
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
