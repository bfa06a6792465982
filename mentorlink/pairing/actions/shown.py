"""What lists showed: noted, and forgotten in time."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa

from mentorlink.kernel import clock, later, settings
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, insert_into
from mentorlink.pairing.models import ShownList, ShownPerson
from mentorlink.pairing.policy import may_forget_shown, may_note_shown
from mentorlink.pairing.queries.shown import Exposure, is_news


def note_after_answer(actor: Actor, seen: Exposure | None) -> None:
    """Note a list once the page is out, so that the page waits for nothing; a list that was noted that day costs one read."""
    if seen is not None:
        later.after_answer(lambda: is_news(seen) and note_shown(actor, seen))


@action
def note_shown(actor: Actor, seen: Exposure) -> bool:
    """Note a list that somebody saw; two statements. False when there is nothing new in it.

    Somebody counts as seen once a day by the same reader, at the highest line on a page that they had that day. Never noted for
    who objects to automated ranking.
    """
    ensure(may_note_shown, actor, seen.person_id)
    if not is_news(seen):
        return False
    row = {
        "person_id": seen.person_id, "kind": seen.kind, "day": seen.day, "shown_at": clock.now(), "door": seen.door,
        "filters": dict(seen.filters), "start": seen.start, "total": seen.total, "programme_id": seen.programme_id,
        "model_id": seen.model_id, "digest": seen.digest,
    }  # fmt: skip
    list_id = db.session.scalar(insert_into(ShownList).values(row).on_conflict_do_nothing().returning(ShownList.id))
    if list_id is None:
        return False
    lines = insert_into(ShownPerson)
    better = {name: lines.excluded[name] for name in ("list_id", "slot", "place", "tied", "chance", "shares")}
    db.session.execute(
        lines.on_conflict_do_update(
            index_elements=[ShownPerson.viewer_id, ShownPerson.kind, ShownPerson.mentor_id, ShownPerson.day],
            set_=better,
            where=lines.excluded.slot < ShownPerson.slot,
        ),
        [
            {"viewer_id": seen.person_id, "kind": seen.kind, "day": seen.day, "list_id": list_id, **asdict(line)}
            for line in sorted(seen.lines, key=lambda line: line.mentor_id)  # two tabs at once take the rows in one order
        ],
    )
    return True


@action
def forget_shown(actor: Actor, *, of_person: int | None = None) -> int:
    """Delete what lists showed longer ago than the setting says, or all that one person saw; how many lists went."""
    ensure(may_forget_shown, actor)
    if of_person is not None:
        lines, lists = ShownPerson.viewer_id == of_person, ShownList.person_id == of_person
    else:
        before = clock.today() - timedelta(days=settings.current().shown_days)
        lines, lists = ShownPerson.day < before, ShownList.day < before
    db.session.execute(sa.delete(ShownPerson).where(lines))
    gone = db.session.execute(sa.delete(ShownList).where(lists))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE answers with a cursor
