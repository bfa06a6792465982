"""Rows of notes written together, and of what each says of a meeting afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mentorlink.kernel.db import Base, Instant, Secret, SecretJson, one_of

ABOUT = ("summary", "direction", "step", "issue", "outcome", "agenda", "reflection", "sheet")
"""Shared texts whose earlier states are kept."""


class NoteChange(Base):
    """A change of the shared notes, in the order in which changes count. Old ones go once nobody can build on them."""

    __tablename__ = "meeting_note_change"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, comment="1, 2, 3 … within the meeting, given under the meeting's lock")
    client_id: Mapped[str] = mapped_column(sa.String(40), comment="the writer's own id of the change: sent twice, stands once")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    change: Mapped[list[Any]] = mapped_column(SecretJson, comment="what was kept, taken out and put in; the pair only")
    at: Mapped[datetime] = mapped_column(Instant, index=True)

    __table_args__ = (sa.UniqueConstraint("meeting_id", "client_id"),)


class Afterthought(Base):
    """What one member says of a meeting afterwards. Read by the others once every member has said everything."""

    __tablename__ = "meeting_afterthought"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(
        SecretJson, comment="question → answer (agenda, proposed, decided: me, other, both; useful: 1 to 5); the members only"
    )
    complete: Mapped[bool] = mapped_column(default=False, comment="every question is answered")
    said_at: Mapped[datetime] = mapped_column(Instant)


class TextState(Base):
    """An earlier state of a shared text that is kept whole elsewhere."""

    __tablename__ = "text_state"

    about: Mapped[str] = mapped_column(sa.String(20), primary_key=True, comment=f"what sort of text: {', '.join(ABOUT)}")
    about_id: Mapped[int] = mapped_column(primary_key=True, comment="the row that holds the text")
    number: Mapped[int] = mapped_column(primary_key=True, comment="1, 2, 3 …; the newest is what stands")
    body: Mapped[str] = mapped_column(Secret, comment="those who share the text only")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (sa.CheckConstraint(one_of("about", ABOUT), name="about"),)
