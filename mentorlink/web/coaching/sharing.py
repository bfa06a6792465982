"""What the superior may see, resting, and what a coach has learnt."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.queries import superior_of
from mentorlink.sessions.coaching import actions
from mentorlink.sessions.coaching.inputs import CredentialInput, Rest, Shares
from mentorlink.sessions.coaching.queries import caseload_of, credentials_of, shares_of
from mentorlink.sessions.coaching.stages import SHARED
from mentorlink.web.coaching.board import overview
from mentorlink.web.coaching.frame import back_to, mine, page, pages
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/coaching/<int:engagement_id>/sharing")
@signed_in
def sharing(engagement_id: int) -> tuple[str, int]:
    """Item by item what the superior sees now; the coachee chooses, the coach reads."""
    row = mine(engagement_id)
    superior = superior_of(row.coachee)
    return page("sharing", row, shares=shares_of(actor(), row), items=SHARED, superior=superior)


@pages.post("/coaching/<int:engagement_id>/sharing")
@signed_in
def share(engagement_id: int) -> Answer:
    """Share exactly what is ticked; what is not ticked is withdrawn at once."""
    row = mine(engagement_id)
    items = actions.share_with_superior(actor(), row, read_form(Shares, request.form))
    said = _("Saved. Your superior sees what is ticked, from now on.") if items else _("Your superior sees nothing of it.")
    flash(said, "good")
    return back_to("sharing", row)


@pages.post("/coaching/<int:engagement_id>/rest")
@signed_in
def rest(engagement_id: int) -> Answer | tuple[str, int]:
    """Rest until a day."""
    row = mine(engagement_id)
    try:
        actions.rest_engagement(actor(), row, read_form(Rest, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("Paused. It goes on by itself on the day of return."), "good")
    return back_to("engagement", row)


@pages.post("/coaching/<int:engagement_id>/resume")
@signed_in
def resume(engagement_id: int) -> Answer:
    """Go on."""
    row = mine(engagement_id)
    actions.resume_engagement(actor(), row)
    flash(_("Good to have you back."), "good")
    return back_to("engagement", row)


@pages.get("/coaching/caseload")
@signed_in
def caseload() -> tuple[str, int]:
    """How many coachees one has, and what one has learnt to coach by."""
    return _caseload()


def _caseload(refused: Invalid | None = None) -> tuple[str, int]:
    return render_template(
        "coaching/caseload.html", caseload=caseload_of(actor().person_id), credentials=credentials_of(actor().person_id or 0),
        form=sent(refused) if refused else None,
    ), 422 if refused else 200  # fmt: skip


@pages.post("/coaching/credentials")
@signed_in
def add_credential() -> Answer | tuple[str, int]:
    """Write down a credential."""
    try:
        actions.add_credential(actor(), read_form(CredentialInput, request.form))
    except Invalid as error:
        return _caseload(error)
    return redirect(url_for("coaching.caseload"), 303)


@pages.post("/coaching/credentials/drop")
@signed_in
def drop_credential() -> Answer:
    """Take one's own credential away."""
    number = request.form.get("credential_id", "")
    if number.isascii() and number.isdigit() and len(number) < 15:
        actions.drop_credential(actor(), int(number))
    return redirect(url_for("coaching.caseload"), 303)
