"""Pages of notices: what one was told, and how one wants to be told."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.notifications.actions import choose_preferences, choose_rhythm, read_all_notices, read_notice
from mentorlink.notifications.inputs import PreferencesInput, RhythmInput
from mentorlink.notifications.queries import PAGE, notice_for, notices_for, preferences_of, rhythm_of
from mentorlink.notifications.shapes import sentence
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.targets import href

pages = Blueprint("notifications", __name__)


@pages.get("/notices")
@signed_in
def notices() -> str:
    """What the actor was told, newest first."""
    found = notices_for(actor(), before=request.args.get("before", type=int))
    return render_template(
        "notifications/notices.html",
        notices=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        sentence=sentence,
    )


@pages.get("/notices/<int:notice_id>")
@signed_in
def go(notice_id: int) -> Response:
    """Go to where one acts, as a push or a mail links it; a GET marks nothing as read."""
    notice = notice_for(actor(), notice_id)
    return redirect(href(notice.about, notice.about_id), 303)


@pages.post("/notices/<int:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> Response:
    """Mark as read and go to where one acts."""
    notice = notice_for(actor(), notice_id)
    read_notice(actor(), notice)
    return redirect(href(notice.about, notice.about_id), 303)


@pages.post("/notices/read")
@signed_in
def read_all() -> Response:
    """Mark all as read."""
    read_all_notices(actor())
    return redirect(url_for("notifications.notices"), 303)


@pages.get("/notices/settings")
@signed_in
def settings() -> str:
    """What the actor wants to hear of."""
    return _settings_page()


@pages.post("/notices/settings")
@signed_in
def save_settings() -> Response:
    """Keep the wishes."""
    choose_preferences(actor(), read_form(PreferencesInput, request.form))
    flash(_("Saved. You hear of these things as you wish."), "good")
    return redirect(url_for("notifications.settings"), 303)


@pages.post("/notices/rhythm")
@signed_in
def save_rhythm() -> Response | tuple[str, int]:
    """Keep when mails come and when not."""
    try:
        choose_rhythm(actor(), read_form(RhythmInput, request.form))
    except Invalid as error:
        return _settings_page(sent(error)), 422
    flash(_("Saved. You hear of these things as you wish."), "good")
    return redirect(url_for("notifications.settings", _anchor="rhythm"), 303)


def _settings_page(form: Form | None = None) -> str:
    who = actor().person_id or 0
    return render_template("notifications/settings.html", groups=preferences_of(who), rhythm=rhythm_of(who), form=form)
