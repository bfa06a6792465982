"""What search looks through: one entry for each thing, in the compared forms of its words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant, one_of

FOUND = ("message", "topic", "room", "page", "question", "material")
"""What can be found in communities."""


class SearchEntry(Base):
    """A thing that search finds. SQLite keeps a full-text table ``search_words`` of it, PostgreSQL an index of lexemes."""

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(primary_key=True, comment="the newer thing has the higher number")
    kind: Mapped[str] = mapped_column(sa.String(10))
    thing_id: Mapped[int]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("community.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    words: Mapped[str] = mapped_column(
        sa.Text, comment="stems with a blank between, and filters as words that no text has: _c12 community, _r room, _t topic …"
    )

    __table_args__ = (
        sa.UniqueConstraint("kind", "thing_id"),
        sa.CheckConstraint(one_of("kind", FOUND), name="kind"),
    )
