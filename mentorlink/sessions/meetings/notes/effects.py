"""What a meeting's room does by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.sessions.meetings.notes.models import NoteChange

KEPT = timedelta(days=30)
"""So long a device that was away can send changes on what it last knew; after that it sends whole texts."""


def forget_old_changes(_payload: dict[str, Any]) -> None:
    """Job ``meetings.tidy_notes``: drop changes nobody builds on any more; text, states and the newest change stay."""
    later = aliased(NoteChange)
    newer = sa.exists().where(later.meeting_id == NoteChange.meeting_id, later.seq > NoteChange.seq)
    db.session.execute(
        sa.delete(NoteChange).where(NoteChange.at < clock.now() - KEPT, newer).execution_options(synchronize_session=False)
    )
