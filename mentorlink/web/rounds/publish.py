"""Step six: publish."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel.actor import Role
from mentorlink.kernel.inputs import read
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import PublishInput
from mentorlink.rounds.queries import (
    busy_run,
    changed_in,
    draft_figures,
    has_stopped,
    is_open_today,
    overlaps_of,
    published_figures,
)
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import found, pages, sheet_for, stepped


@pages.get("/rounds/<int:round_id>/publish")
@requires(Role.MANAGER)
def publish(round_id: int) -> Any:
    """What would be published and which pairs have changed since; how far it is; what came of it."""
    round_ = found(round_id)
    figures = draft_figures(round_)
    waits = round_.state in ("preparing", "open") and round_.publishing_since is None and figures.pairs
    sheet = sheet_for(round_, "check") if waits else None
    count, changed = changed_in(round_, sheet) if sheet else (0, [])
    return stepped(
        "rounds/publish.html", round_, "publish", figures=figures, sheet=sheet, changed=changed, changed_count=count,
        busy=busy_run(round_), published=published_figures(round_), stopped=has_stopped(round_),
        overlaps=overlaps_of(actor(), round_) if waits else (), still_open=waits and is_open_today(round_),
    )  # fmt: skip


@pages.post("/rounds/<int:round_id>/publish")
@requires(Role.MANAGER)
def do_publish(round_id: int) -> Any:
    """Publish the draft."""
    round_ = found(round_id)
    data = read(
        PublishInput,
        {"without_changed": request.form.get("without_changed") == "1", "revision": request.form.get("revision")},
    )
    if actions.publish_round(actor(), round_, data).state != "published":
        flash(_("The round is being published. You may leave this page; it goes on."), "info")
    return redirect(url_for("rounds.publish", round_id=round_id), 303)
