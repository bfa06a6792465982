"""Sentences for refusals around meetings."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _


def _settled(facts: dict[str, Any]) -> str:
    match facts.get("state"):
        case "held":
            return _("This session is already noted as held. Reload the page to see it.")
        case "cancelled":
            return _("This session has been cancelled in the meantime.")
        case "missed":
            return _("This session is already noted as missed.")
        case _:
            return _("This session has changed in the meantime. Reload the page to see how it stands.")


SENTENCES = {
    "may_begin_series": lambda f: _("Only the people who will meet can begin this."),
    "may_begin_many_series": lambda f: _("Only the people who will meet can begin this."),
    "may_set_series_state": lambda f: _("Only the two of you can change this."),
    "may_plan_meeting": lambda f: _("Only the two of you plan your sessions."),
    "may_change_meeting": lambda f: _("Only the two of you can change this session."),
    "may_write_private_note": lambda f: _("Only somebody who meets here keeps a private note here."),
    "may_change_action_item": lambda f: _("Only the two of you can change this action."),
    "series_paused": lambda f: _("Your mentoring is paused. Resume it first, then plan or log sessions."),
    "series_closed": lambda f: _("You two have finished here. What you wrote can still be read."),
    "meeting_at_that_time": lambda f: _("You already have a session at exactly that time. Was it sent twice?"),
    "meeting_settled": _settled,
    "meeting_ahead": lambda f: _("This session has not begun yet. Move it first if you met earlier."),
    "meeting_not_held": lambda f: _("A summary belongs to a session that was held."),
    "agenda_full": lambda f: _("The agenda holds at most %(limit)s items.", limit=f["limit"]),
    "notes_too_old": lambda f: _("These notes were open for too long. Open the session again; what you wrote is kept."),
    "notes_full": lambda f: _("Shared notes hold at most %(limit)s characters.", limit=f["limit"]),
    "afterthoughts_open": lambda f: _("Everybody has said how it was; now it stays as it is."),
    "not_yet_happened": lambda f: _("This lies in the future. Plan it as a session instead."),
    "before_the_pair": lambda f: _("This was before the two of you began."),
    "in_the_past": lambda f: _("This time has passed. Choose a later one, or log a talk that took place."),
    "too_far_ahead": lambda f: _("Please choose a day within the next year."),
    "not_a_member": lambda f: _("Please choose one of you two."),
    "link_not_https": lambda f: _("A link starts with https://."),
}
