"""What is said as the page and the wire show it: a message, who said it, and what it answers, without rows that a session
watches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from mentorlink.community.models.messages import Message
from mentorlink.people.models import Person

message = Message.__table__
author, replied = Person.__table__.alias("author"), Person.__table__.alias("replied")
reply = Message.__table__.alias("reply")

_MESSAGE = tuple(column.name for column in message.c)
_REPLY = ("id", "author_id", "body", "html", "deleted_at")
_PERSON = ("id", "name")
_REPLY_AT = len(_MESSAGE) + len(_PERSON)

WIDTH = _REPLY_AT + len(_REPLY) + len(_PERSON)
"""So many columns a message takes."""


def columns() -> list[sa.Label[Any]]:
    """The columns of a message, in the order in which ``said`` reads them; the first says whether there is one."""
    parts = ((message, _MESSAGE), (author, _PERSON), (reply, _REPLY), (replied, _PERSON))
    return [part.c[name].label(f"said_{at}_{name}") for at, (part, names) in enumerate(parts) for name in names]


def joined(start: Any) -> Any:
    """``start``, which holds ``message`` or is it, with who said it and what it answers."""
    return (
        start.outerjoin(author, author.c.id == message.c.author_id)
        .outerjoin(reply, reply.c.id == message.c.reply_to_id)
        .outerjoin(replied, replied.c.id == reply.c.author_id)
    )


def said(row: Any, start: int = 0) -> Any:
    """The message whose columns begin at ``start`` of a row, under the names that its rows have; or None."""
    if row[start] is None:
        return None
    end, answer = start + len(_MESSAGE), start + _REPLY_AT
    found = SimpleNamespace(**dict(zip(_MESSAGE, row[start:end], strict=True)))
    found.author = SimpleNamespace(id=row[end], name=row[end + 1])
    found.reply_to = None
    if row[answer] is not None:
        found.reply_to = SimpleNamespace(**dict(zip(_REPLY, row[answer : answer + len(_REPLY)], strict=True)))
        found.reply_to.author = SimpleNamespace(id=row[answer + len(_REPLY)], name=row[answer + len(_REPLY) + 1])
    return found
