"""Pages of certificates: one's own and HR's, its paper and badge, and the public page that checks it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import Revocation
from mentorlink.learning.models import Certificate, SigningKey
from mentorlink.learning.policy import may_revoke_certificate
from mentorlink.learning.queries import (
    certificate_by_code,
    certificate_for,
    paths_known,
    public_keys,
    revoked_between,
)
from mentorlink.learning.queries.rights import serves
from mentorlink.learning.rules.badges import LIST, credential_of, identity_of, place_of, signed_badge, status_list, status_of
from mentorlink.people.queries import mask_nip
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, public, signed_in
from mentorlink.web.learning.blueprint import pages
from mentorlink.web.learning.papers import paper_for
from mentorlink.web.locale import LANGUAGES, agency_name, in_language


def revoked_for(code: str) -> str:
    """Why a certificate was revoked, as everybody may read it."""
    return {
        "error": _("It said something that is not right."),
        "duplicate": _("Another certificate stands for the same."),
        "evidence": _("The evidence behind it did not hold."),
        "asked": _("The holder asked for it."),
    }[code]


pages.app_template_filter("revoked_for")(revoked_for)


@pages.get("/certificates/<int:certificate_id>")
@signed_in
def certificate(certificate_id: int) -> str:
    """A certificate, with its paper, its badge and the page that checks it."""
    return _certificate(certificate_for(actor(), certificate_id), Form())


def _certificate(row: Certificate, form: Form) -> str:
    return render_template(
        "learning/certificate.html",
        certificate=row,
        form=form,
        mine=actor().is_person(row.person_id),
        named=serves(row.person_id, "public_check"),
        may_revoke=may_revoke_certificate(actor(), row),
        languages=LANGUAGES,
    )


@pages.get("/certificates/<int:certificate_id>/<language>.pdf")
@signed_in
def certificate_paper(certificate_id: int, language: str) -> Response:
    """The paper in one language."""
    row = certificate_for(actor(), certificate_id)
    if language not in LANGUAGES or row.revoked_at is not None:
        raise NotFound()
    name = f"{row.number.replace('/', '-')}-{language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(paper_for(row, language), mimetype="application/pdf", headers=headers)


@pages.post("/certificates/<int:certificate_id>/revoke")
@signed_in
def revoke_certificate(certificate_id: int) -> Any:
    """Say that it does not hold any more."""
    row = certificate_for(actor(), certificate_id)
    try:
        actions.revoke_certificate(actor(), row, read_form(Revocation, request.form))
    except Invalid as error:
        return _certificate(certificate_for(actor(), certificate_id), sent(error)), 422
    flash(_("Revoked. Its public page says so from now on, and the holder is told."), "good")
    return redirect(url_for("learning.certificate", certificate_id=certificate_id), 303)


@pages.get("/c")
@public
def check_form() -> Any:
    """Where somebody types the code of a paper."""
    code = request.args.get("code", "").strip().lower().replace(" ", "")
    if code:
        return redirect(url_for("learning.check", code=code), 303)
    return render_template("learning/check.html", certificate=None, code="")


@pages.get("/c/<code>")
@public
def check(code: str) -> Any:
    """What is printed on the paper with this code, and whether it holds; nothing else."""
    try:
        row = certificate_by_code(code[:40])
    except NotFound:
        return render_template("learning/check.html", certificate=None, code=code[:40]), 404
    named = serves(row.person_id, "public_check")
    nip = mask_nip(row.facts["nip"]) if row.facts.get("nip") else ""
    return render_template("learning/check.html", certificate=row, code=code, named=named, nip=nip)


@pages.get("/c/<code>/badge.json")
@public
def badge(code: str) -> Response:
    """The certificate as Open Badge 3.0: with ``?form=jwt`` signed, to be taken into a wallet; else readable."""
    row = certificate_by_code(code[:40])
    if row.revoked_at is not None or not serves(row.person_id, "public_check"):
        raise NotFound()
    key = actions.signing_key(Actor.system())
    row = certificate_by_code(code[:40])
    credential = _credential(row)
    if request.args.get("form") == "jwt":
        return _signed(credential, key)
    return _json(credential)


def _signed(credential: dict[str, Any], key: SigningKey) -> Response:
    address = url_for("learning.badge_key", name=key.name, _external=True)
    return Response(signed_badge(credential, key.private, key.public, address=address), mimetype="application/vc+jwt")


def _status_address(number: int) -> str:
    return url_for("learning.badge_status", number=number, _external=True)


@pages.get("/badges/status/<int:number>")
@public
def badge_status(number: int) -> Response:
    """Which badges were revoked, signed, for whoever checks one: a bit for each and no name; with ``?form=json`` readable."""
    if number > place_of(2**31)[0]:
        raise NotFound()
    key = actions.signing_key(Actor.system())
    revoked = (place_of(each)[1] for each in revoked_between(number * LIST, (number + 1) * LIST))
    told = status_list(revoked, address=_status_address(number), issuer=_issuer()["id"], at=clock.now())
    return _json(told) if request.args.get("form") == "json" else _signed(told, key)


def _credential(row: Certificate) -> dict[str, Any]:
    return credential_of(
        row.facts,
        number=row.number,
        address=url_for("learning.check", code=row.code, _external=True),
        issuer=_issuer(),
        achievement=_achievement(row.facts["path"], row.facts["path_name"]),
        identity=identity_of(row.person.email, row.code),
        issued_at=row.issued_at,
        status=status_of(row.id, _status_address(place_of(row.id)[0])),
    )


def _issuer() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "id": url_for("learning.badge_issuer", _external=True),
        "type": ["Profile"],
        "name": agency_name(),
        "url": settings.base_url,
    }


def _achievement(path: str, names: dict[str, str]) -> dict[str, Any]:
    words = in_language(names)
    return {
        "id": url_for("learning.badge_achievement", path=path, _external=True),
        "type": ["Achievement"],
        "name": words,
        "description": _("Learning hours by this path: %(path)s", path=words),
        "criteria": {"narrative": _("Counted by the agency's rule of learning hours, with evidence or a held session.")},
    }


@pages.get("/badges/issuer")
@public
def badge_issuer() -> Response:
    """Who issues the badges, for whoever checks one."""
    return _json({"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], **_issuer()})


@pages.get("/badges/achievements/<path>")
@public
def badge_achievement(path: str) -> Response:
    """What a badge stands for."""
    names = paths_known().get(path)
    if names is None:
        raise NotFound()
    return _json({"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], **_achievement(path, names)})


@pages.get("/badges/keys")
@public
def badge_keys() -> Response:
    """The public halves of the keys that signed badges, as a JSON Web Key Set."""
    return _json({"keys": public_keys()})


@pages.get("/badges/keys/<name>")
@public
def badge_key(name: str) -> Response:
    """One of them, as the head of a badge names it."""
    key = next((key for key in public_keys() if key["kid"] == name), None)
    if key is None:
        raise NotFound()
    return _json(key)


def _json(content: dict[str, Any]) -> Response:
    answer: Response = jsonify(content)
    return answer
