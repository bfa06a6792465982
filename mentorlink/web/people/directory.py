"""The directory for HR and administrators, and taking somebody in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel import settings
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.kernel.inputs import read_form
from mentorlink.people import actions, policy
from mentorlink.people import queries as people
from mentorlink.people.inputs import PersonInput
from mentorlink.people.models import Unit
from mentorlink.web.fields import meanwhile
from mentorlink.web.forms import Form, id_in, sent
from mentorlink.web.guard import actor, requires
from mentorlink.web.people.door import pages, refused
from mentorlink.web.people.facts import (
    contract_options,
    job_options,
    place_names,
    rank_options,
    role_word,
    state_word,
    unit_options,
    zone_options,
)

STATES = ("uninvited", "invited", "active", "disabled")


@pages.get("/people")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def directory() -> str:
    """Search the people whom one looks after."""
    who, asked = actor(), request.args
    units = people.units_to_manage_for(who)
    unit = next((unit for unit in units if str(unit.id) == asked.get("unit")), None)
    state = asked.get("state", "") if asked.get("state") in STATES else ""
    role = asked.get("role", "") if asked.get("role") in [str(role) for role in Role] else ""
    found = people.directory_for(
        who, text=asked.get("q", "")[:100], unit=unit, state=state, role=role, after=asked.get("after", "")[:300]
    )
    return render_template(
        "people/directory.html",
        found=found,
        unit_options=unit_options(units),
        role_word=role_word,
        state_word=state_word,
        roles=[(str(role), role_word(str(role))) for role in Role],
        states=[(code, state_word(code)) for code in STATES],
        active=sum(1 for value in (unit, state, role) if value),
        sees_audit=policy.may_see_audit(who),
        uninvited=people.uninvited_count(who, unit),
        chosen=unit,
    )


@pages.post("/people/invite")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def invite_all() -> AnyResponse:
    """Invite everybody, in a unit or at all, who has no password and no link that works."""
    who, chosen = actor(), id_in(request.form, "unit")
    number = actions.invite_people(who, people.unit_to_manage_for(who, chosen) if chosen else None)
    if number:
        words = ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", number)
        flash(words if mails_go_out() else _only_written(number), "good" if mails_go_out() else "warn")
    else:
        flash(_("Nobody waits for an invitation."), "info")
    return redirect(url_for("people.directory", unit=chosen, state="invited"), 303)


@pages.get("/people/new")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def new_person() -> str:
    """Invite somebody."""
    chosen = settings.current()
    empty = {"contract": "pns", "locale": chosen.default_locale, "unit_id": request.args.get("unit", "")}
    return person_form(Form(empty), "people/new_person.html")


@pages.post("/people/new")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def add_person() -> str | AnyResponse:
    """Take somebody in and invite them."""
    who = actor()
    try:
        data = read_form(PersonInput, request.form)
        person = actions.add_person(who, chosen_unit(data), data)
    except Invalid as error:
        return refused(person_form(sent(with_taken(error)), "people/new_person.html"))
    words = _("%(name)s is in the directory; the invitation is on its way to %(email)s.", name=person.name, email=person.email)
    flash(words if mails_go_out() else _only_written(1), "good" if mails_go_out() else "warn")
    return redirect(url_for("people.manage", person_id=person.id), 303)


def with_taken(error: Invalid, *, but: int | None = None) -> Invalid:
    """The faults of the form, and those of its sound e-mail address and NIP that somebody else has: all at once."""
    told = {fault.field for fault in error.faults}
    email, nip = request.form.get("email", "").strip().lower(), re.sub(r"[\s.\-]", "", request.form.get("nip", ""))
    return Invalid(*error.faults, *(fault for fault in people.taken_keys(email, nip, but=but) if fault.field not in told))


def mails_go_out() -> bool:
    """Whether there is a mail server, or nobody real to mail, as in the demonstration."""
    return bool(settings.current().smtp_url) or settings.current().demo


def _only_written(number: int) -> str:
    return ngettext(
        "%(num)s invitation is written, but no mail server is set up, so it does not go out yet.",
        "%(num)s invitations are written, but no mail server is set up, so they do not go out yet.",
        number,
    )


def chosen_unit(data: PersonInput) -> Unit:
    """The unit that a form names."""
    return people.unit_for(actor(), data.unit_id)


def person_form(form: Form, template: str, *, changed: Mapping[str, object] | None = None, **more: object) -> str:
    """The form of what HR keeps of a person; ``changed`` is what somebody else saved in the meantime."""
    who = actor()
    units = people.units_to_manage_for(who)
    if not units:
        raise NotFound()
    options = {
        "unit_id": unit_options(units),
        "job_id": job_options(who),
        "rank": rank_options(),
        "contract": contract_options(),
        "timezone": zone_options(),
    }
    return render_template(
        template,
        form=form,
        meanwhile=meanwhile("people", changed, options=options) if changed else [],
        units=options["unit_id"],
        jobs=options["job_id"],
        ranks=options["rank"],
        contracts=options["contract"],
        zones=options["timezone"],
        places=place_names(),
        **more,
    )
