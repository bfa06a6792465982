"""Rows by which the pool of each process learns what it must take in anew, and what all of them know of words."""

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
    edition: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="of the words that all processes read texts by; 0: none yet"
    )


class PoolWords(Base):
    """What the pools of all processes know of words, so that every one of them gives the same list; the newest edition only."""

    __tablename__ = "pool_words"

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(
        sa.LargeBinary, comment="vocabulary, rarity of words, bridge of the two languages; packed, no text that somebody wrote"
    )
    made_at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(comment="how far the log had come when they were learnt")


class PoolChange(Base):
    """Somebody in the pool is not as they were; each process reads them again before it ranks next."""

    __tablename__ = "pool_change"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="none: so many that the pool is built anew")
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
