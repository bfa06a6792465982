"""Files on their way into a room."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from mentorlink.community import policy
from mentorlink.community.inputs import Upload
from mentorlink.community.models import Attachment, AttachmentContent, Room
from mentorlink.community.rules import files
from mentorlink.kernel import clock
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import TooMany

WAITING = timedelta(days=1)
"""A file whose message was not sent by then goes."""

WAITING_FILES = 30
"""So many files of one person may wait for their message."""


@action
def attach_file(actor: Actor, room: Room, upload: Upload) -> Attachment:
    """The file is kept for a message of the actor in this room: an image drawn anew, a document as it is."""
    ensure(policy.may_attach_file, actor, room)
    waiting = sa.select(sa.func.count()).where(Attachment.person_id == actor.person_id, Attachment.message_id.is_(None))
    if (db.session.scalar(waiting) or 0) >= WAITING_FILES:
        raise TooMany("too_many_files", retry_after=60)
    checked = files.check(upload.name, upload.content)
    attachment = Attachment(
        room_id=room.id, person_id=actor.person_id, name=checked.name, kind=checked.kind, media_type=checked.media_type,
        size=len(checked.content), width=checked.width, height=checked.height, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(attachment)
    db.session.flush()
    db.session.add(AttachmentContent(attachment_id=attachment.id, content=checked.content, small=checked.small))
    return attachment


@action
def drop_file(actor: Actor, attachment: Attachment) -> None:
    """The file is gone before its message was sent."""
    ensure(policy.may_drop_file, actor, attachment)
    remove([attachment.id])


@action
def clear_files(actor: Actor) -> int:
    """Files whose message never came are gone; how many."""
    ensure(policy.may_clear_files, actor)
    old = sa.select(Attachment.id).where(Attachment.message_id.is_(None), Attachment.created_at < clock.now() - WAITING)
    ids = list(db.session.scalars(old.limit(500)))
    remove(ids)
    return len(ids)


def remove(ids: list[int]) -> None:
    """Files and their bytes, inside an action."""
    if ids:
        db.session.execute(sa.delete(AttachmentContent).where(AttachmentContent.attachment_id.in_(ids)))
        db.session.execute(sa.delete(Attachment).where(Attachment.id.in_(ids)))
