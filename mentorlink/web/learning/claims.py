"""Pages of claims: which path, the form, one claim with its evidence, the decision."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision, Reason, Upload
from mentorlink.learning.models import Claim, HoursRule
from mentorlink.learning.policy import may_decide, may_reverse_claim
from mentorlink.learning.queries import (
    claim_for,
    claims_beside,
    entries_of_claim,
    evidence_for,
    own_claim_for,
    own_lines_for,
    paths_known,
    person_with_hours_for,
    rule_on,
    superior_deciding,
)
from mentorlink.learning.queries.credit import foreseen
from mentorlink.learning.rules import EVIDENCE_MB, paths_of
from mentorlink.learning.rules.claims import claimed_jp
from mentorlink.people.models import Person
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.learning.blueprint import pages

MIME = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
FIELDS = (
    "path", "activity", "provider", "certificate_no", "starts_on", "ends_on", "minutes", "units", "stated_jp", "link",
    "plan_line_id",
)  # fmt: skip


def _me() -> Person:
    return person_with_hours_for(actor(), actor().person_id or 0)


def _rule() -> HoursRule:
    return rule_on(clock.today(actor().timezone))


@pages.get("/learning-hours/claim")
@signed_in
def claim_form() -> str:
    """Which way of learning, then what is asked about it."""
    rule = _rule()
    path = request.args.get("path", "")
    data = {"path": path, "plan_line_id": request.args.get("line", "")}
    paths = {code: row for code, row in paths_of(rule.paths).items() if row.claimable and not row.retired}
    if path not in paths:
        return render_template("learning/claim_path.html", paths=paths, rule=rule, line=data["plan_line_id"])
    return _form(Form(data), path)


def _form(form: Form, path: str, claim: Claim | None = None) -> str:
    rule = _rule()
    return render_template(
        "learning/claim_form.html",
        form=form,
        rule=rule,
        path=path,
        table=paths_of(rule.paths)[path],
        claim=claim,
        lines=own_lines_for(actor(), _me()),
        superior=superior_deciding(_me()),
        client_id=form.data.get("client_id") or crypto.new_token()[:32],
        limit=EVIDENCE_MB,
        today=clock.today(actor().timezone),
    )


def _upload() -> Upload | None:
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    return Upload(file.filename, file.stream.read(EVIDENCE_MB * 2**20 + 1))


@pages.post("/learning-hours/claims")
@signed_in
def send_claim() -> Any:
    """Claim what was learned."""
    try:
        claim = actions.claim_hours(actor(), _me(), read_form(ClaimInput, request.form), upload=_upload())
    except Invalid as error:
        path = request.form.get("path", "")
        if path not in paths_of(_rule().paths):
            raise
        return _form(sent(error), path), 422
    flash(_("Sent. You hear when it is decided; until then it does not count."), "good")
    return redirect(url_for("learning.claim", claim_id=claim.id), 303)


@pages.get("/claims/<int:claim_id>")
@signed_in
def claim(claim_id: int) -> str:
    """One claim: what, with what evidence, where it stands."""
    return _claim(claim_for(actor(), claim_id), Form())


def _claim(row: Claim, form: Form) -> str:
    who, rule = actor(), rule_on(row.ends_on)
    table = paths_of(rule.paths)[row.path]
    return render_template(
        "learning/claim.html",
        claim=row,
        form=form,
        rule=rule,
        table=table,
        jp=claimed_jp(table, row),
        credited=foreseen(row) if row.state in ("sent", "returned") else None,
        entries=entries_of_claim(who, row),
        beside=claims_beside(who, row),
        paths=paths_known(),
        may_decide=may_decide(who, row.person, superior_deciding(row.person)),
        may_reverse=may_reverse_claim(who, row.person),
        mine=who.is_person(row.person_id),
    )


@pages.get("/claims/<int:claim_id>/edit")
@signed_in
def edit_claim(claim_id: int) -> str:
    """Correct a claim that came back."""
    row = own_claim_for(actor(), claim_id)
    data = {name: value for name in FIELDS if (value := getattr(row, name)) is not None}
    if row.abroad:
        data["abroad"] = "1"
    return _form(Form(data), row.path, row)


@pages.post("/claims/<int:claim_id>/edit")
@signed_in
def change_claim(claim_id: int) -> Any:
    """Send a corrected claim again."""
    row = own_claim_for(actor(), claim_id)
    try:
        actions.change_claim(actor(), row, read_form(ClaimInput, request.form), upload=_upload())
    except Invalid as error:
        return _form(sent(error), row.path, row), 422
    flash(_("Sent again."), "good")
    return redirect(url_for("learning.claim", claim_id=claim_id), 303)


@pages.post("/claims/<int:claim_id>/withdraw")
@signed_in
def withdraw_claim(claim_id: int) -> Any:
    """Take back a claim that nobody has decided."""
    actions.withdraw_claim(actor(), own_claim_for(actor(), claim_id))
    flash(_("The claim is withdrawn."), "info")
    return redirect(url_for("learning.my_hours"), 303)


@pages.post("/claims/<int:claim_id>/decide")
@signed_in
def decide_claim(claim_id: int) -> Any:
    """Approve, return or refuse."""
    row = claim_for(actor(), claim_id)
    try:
        actions.decide_claim(actor(), row, read_form(Decision, request.form))
    except Invalid as error:
        return _claim(claim_for(actor(), claim_id), sent(error)), 422
    flash(_("Decided. %(name)s is told.", name=row.person.full_name), "good")
    return redirect(url_for("learning.claim", claim_id=claim_id), 303)


@pages.post("/claims/<int:claim_id>/reverse")
@signed_in
def reverse_claim(claim_id: int) -> Any:
    """Take an approved claim back out of the ledger."""
    row = claim_for(actor(), claim_id)
    try:
        actions.reverse_claim(actor(), row, read_form(Reason, request.form))
    except Invalid as error:
        return _claim(claim_for(actor(), claim_id), sent(error)), 422
    flash(_("Corrected by a new entry. %(name)s is told.", name=row.person.full_name), "good")
    return redirect(url_for("learning.claim", claim_id=claim_id), 303)


@pages.get("/claims/<int:claim_id>/evidence")
@signed_in
def evidence(claim_id: int) -> Response:
    """The evidence as an attachment, under its random name."""
    row = evidence_for(actor(), claim_id)
    disposition = f"attachment; filename={row.stored_name}"
    return Response(row.content, mimetype=MIME[row.kind], headers={"Content-Disposition": disposition})
