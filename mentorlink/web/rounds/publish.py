"""Step six: publish."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import ngettext

from mentorlink.kernel.actor import Role
from mentorlink.kernel.inputs import read
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import PublishInput
from mentorlink.rounds.queries import busy_run, changed_since, draft_figures, pairs_in, published_figures
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import found, pages, stepped

MOST_NAMED = 50


@pages.get("/rounds/<int:round_id>/publish")
@requires(Role.MANAGER)
def publish(round_id: int) -> Any:
    """What would be published, and which pairs have changed since."""
    return _publish(round_id)


def _publish(round_id: int) -> Any:
    round_ = found(round_id)
    pairs = pairs_in(round_) if round_.state in ("preparing", "open") else []
    changed = changed_since(round_, pairs)
    named = [(pair, changed[pair.id]) for pair in pairs if pair.id in changed]
    return stepped(
        "rounds/publish.html", round_, "publish", figures=draft_figures(round_), changed=named[:MOST_NAMED],
        changed_count=len(named), busy=busy_run(round_), published=published_figures(round_),
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
    pairs = published_figures(actions.publish_round(actor(), round_, data)).pairs
    flash(ngettext("%(num)s pair is published and told.", "%(num)s pairs are published and told.", pairs), "good")
    return redirect(url_for("rounds.publish", round_id=round_id), 303)
