"""The agreement: versions, differences, signing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.programmes.queries import rules_of
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import AgreementDraft, Extension, SignedVersion
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import agreement_in_force, agreements_for
from mentorlink.sessions.mentoring.rules import changes, word_changes
from mentorlink.sessions.mentoring.stages import allows
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.locale import in_language
from mentorlink.web.mentoring.board import overview
from mentorlink.web.mentoring.frame import back_to, mine, page, pages


@pages.get("/mentoring/<int:mentorship_id>/agreement")
@signed_in
def agreement(mentorship_id: int) -> tuple[str, int]:
    """The version that stands, what is proposed, what changed."""
    return _agreement(mine(mentorship_id))


def _agreement(row: Mentorship, *, outdated: bool = False) -> tuple[str, int]:
    versions = agreements_for(actor(), row)
    chosen = next(
        (version for version in versions if str(version.number) == request.args.get("version")), versions[0] if versions else None
    )
    before = next((version for version in versions if chosen and version.number == chosen.number - 1), None)
    clauses = _readable(row, chosen.clauses) if chosen else {}
    different = changes(_readable(row, before.clauses), clauses) if chosen and before else ()
    return page(
        "agreement",
        row,
        versions=versions,
        chosen=chosen,
        before=before,
        clauses=clauses,
        changed={change.code: change for change in different},
        word_changes=word_changes,
        in_force=agreement_in_force(versions, row),
        may_change=allows("propose_agreement", row.stage, row.state),
        outdated=outdated,
        status=409 if outdated else 200,
    )


@pages.get("/mentoring/<int:mentorship_id>/agreement/edit")
@signed_in
def edit_agreement(mentorship_id: int) -> tuple[str, int]:
    """The form of a new version, begun from the newest, or from what most pairs agree."""
    row = mine(mentorship_id)
    versions = agreements_for(actor(), row)
    values: dict[str, Any] = _readable(row, versions[0].clauses) if versions else _usual(row)
    return page("agreement_edit", row, form=Form(values), based_on=row.agreement_number)


@pages.post("/mentoring/<int:mentorship_id>/agreement")
@signed_in
def propose_agreement(mentorship_id: int) -> Answer | tuple[str, int]:
    """Put a new version before both."""
    row = mine(mentorship_id)
    try:
        actions.propose_agreement(actor(), row, read_form(AgreementDraft, request.form))
    except Invalid as error:
        return page("agreement_edit", row, form=sent(error), based_on=request.form.get("based_on", 0), status=422)
    except Conflict as error:
        if error.code != "agreement_changed":
            raise
        newest = agreements_for(actor(), mine(mentorship_id))[0]
        theirs = _readable(row, newest.clauses)
        return page("agreement_edit", row, form=sent(), based_on=newest.number, newest=newest, theirs=theirs, status=409)
    flash(_("Saved as a new version. Both of you sign it now."), "good")
    return back_to("agreement", row)


@pages.post("/mentoring/<int:mentorship_id>/agreement/sign")
@signed_in
def sign_agreement(mentorship_id: int) -> Answer | tuple[str, int]:
    """Sign the version that was shown; where there is a newer one, that is shown first."""
    row = mine(mentorship_id)
    try:
        signed = actions.sign_agreement(actor(), row, read_form(SignedVersion, request.form))
    except Conflict as error:
        if error.code != "agreement_outdated":
            raise
        return _agreement(mine(mentorship_id), outdated=True)
    complete = agreement_in_force([signed], row) is not None
    flash(_("You both signed. The agreement is in force.") if complete else _("You signed."), "good")
    return back_to("agreement", row)


TEXTS = ("topics_in", "topics_out", "confidentiality", "ending")
FRAME = ("period", "frequency", "mode")
"""Of the template: what becomes a clause each, and what is put together into the last one."""


def _readable(row: Mentorship, clauses: dict[str, Any]) -> dict[str, Any]:
    """The clauses with what is still as the template has it in the reader's language: the agency says it in both."""
    template = rules_of(row.programme).agreement
    found = dict(clauses)
    for code in TEXTS:
        if str(clauses.get(code, "")).strip() in {text.strip() for text in template[code].values()}:
            found[code] = in_language(template[code])
    for code in FRAME:
        for text in filter(None, template[code].values()):
            found["other"] = str(found.get("other") or "").replace(text, in_language(template[code]))
    return found


def _usual(row: Mentorship) -> dict[str, Any]:
    """What the programme's template says, and the rest as most pairs have it."""
    today = clock.today(actor().timezone)
    ends: date = today + timedelta(days=182)
    template = rules_of(row.programme).agreement
    texts = {code: in_language(template[code]) for code in TEXTS}
    frame = [in_language(template[code]) for code in FRAME]
    return {
        "starts_on": today.isoformat(), "ends_on": ends.isoformat(), "frequency": "monthly", "minutes": 60, "mode": "mixed",
        **texts, "other": "\n".join(text for text in frame if text),
    }  # fmt: skip


@pages.post("/mentoring/<int:mentorship_id>/agreement/extend")
@signed_in
def extend_agreement(mentorship_id: int) -> Answer | tuple[str, int]:
    """Propose to go on until a later day."""
    row = mine(mentorship_id)
    try:
        actions.extend_agreement(actor(), row, read_form(Extension, request.form))
    except Invalid as error:
        return overview(row, error)
    flash(_("Proposed and signed by you. It holds once the other has signed too."), "good")
    return back_to("agreement", row)
