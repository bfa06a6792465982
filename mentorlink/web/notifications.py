"""Pages of notices: what one was told, and how one wants to be told."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from mentorlink.community.queries.knowledge import asked_again_on
from mentorlink.kernel import webpush
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.notifications import actions
from mentorlink.notifications.actions import choose_preferences, choose_rhythm, read_all_notices, read_notice
from mentorlink.notifications.inputs import DeviceInput, PreferencesInput, RhythmInput
from mentorlink.notifications.queries import PAGE, device_for, devices_for, notice_for, notices_for, preferences_of, rhythm_of
from mentorlink.notifications.shapes import sentence
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, public, signed_in
from mentorlink.web.people.browsers import device_name
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


@pages.get("/push-worker.js")
@public
def push_worker() -> Response:
    """The part of the browser that hears while no page is open. At the root, for all pages; asked for afresh."""
    script = send_from_directory(str(current_app.static_folder), "js/push-worker.js", mimetype="text/javascript")
    script.headers["Cache-Control"] = "no-store"
    return script


@pages.post("/notices/devices")
@signed_in
def add_device() -> ResponseReturnValue:
    """Let this browser be told, as its script asks."""
    said = read_form(DeviceInput, request.form)
    actions.add_device(actor(), said, sign_in_id=current_user.sign_in.id, user_agent=request.user_agent.string)
    return "", 204


@pages.post("/notices/devices/<int:push_id>/drop")
@signed_in
def drop_device(push_id: int) -> Response:
    """Let a browser be told no more."""
    actions.drop_device(actor(), device_for(actor(), push_id))
    flash(_("That device is told no more."), "good")
    return redirect(url_for("notifications.settings", _anchor="devices"), 303)


def _settings_page(form: Form | None = None) -> str:
    who = actor().person_id or 0
    key = current_app.config["SETTINGS"].push_key
    return render_template(
        "notifications/settings.html",
        groups=preferences_of(who),
        rhythm=rhythm_of(who),
        form=form,
        asked_again_on=asked_again_on(actor()),
        push_key=webpush.public_key(key) if key else "",
        devices=[(row, device_name(row.user_agent)) for row in devices_for(actor())] if key else [],
    )
