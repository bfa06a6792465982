"""Who takes a file away is written down."""

from __future__ import annotations

from mentorlink.exchange.policy import may_take_file
from mentorlink.exchange.rules.columns import COLUMNS
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import NotFound
from mentorlink.people.actions import record_audit


@action
def note_export(actor: Actor, kind: str, form: str) -> None:
    """The record says who took which file in which form; what is in it follows from who they are."""
    ensure(may_take_file, actor)
    if kind not in COLUMNS:
        raise NotFound()
    record_audit(actor, "file_taken", "file", None, kind=kind, form=form)
