"""The tree of units."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.kernel.stamps import stamp
from mentorlink.people import actions, policy
from mentorlink.people import queries as people
from mentorlink.people.inputs import UnitInput
from mentorlink.people.models import Unit
from mentorlink.web.fields import meanwhile
from mentorlink.web.forms import Form, id_in, sent
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.people.door import pages, refused
from mentorlink.web.people.facts import place_names, unit_options, zone_options


@pages.get("/units")
@signed_in
def units() -> str:
    """The agency as a tree."""
    who = actor()
    manageable = {unit.id for unit in people.units_to_manage_for(who)}
    return render_template(
        "people/units.html",
        branches=people.branches_for(who),
        manageable=manageable,
        may_add_root=policy.may_manage_unit(who, None),
    )


@pages.get("/units/new")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def new_unit() -> str:
    """Add a unit."""
    return _form(Form({"parent_id": request.args.get("parent", "")}))


@pages.post("/units/new")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def add_unit() -> str | AnyResponse:
    """Add the unit."""
    who = actor()
    try:
        data = read_form(UnitInput, request.form)
        parent = people.unit_to_manage_for(who, data.parent_id) if data.parent_id else None
        unit = actions.add_unit(who, parent, data)
    except Invalid as error:
        return refused(_form(sent(error)))
    flash(_("The unit is added."), "good")
    return redirect(url_for("people.unit", unit_id=unit.id), 303)


@pages.get("/units/<int:unit_id>")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def unit(unit_id: int) -> str:
    """One unit: name, place, head, where it hangs."""
    found = people.unit_to_manage_for(actor(), unit_id)
    return _form(Form(found.written | {"parent_id": found.parent_id or ""}), found)


@pages.post("/units/<int:unit_id>")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def change_unit(unit_id: int) -> str | AnyResponse:
    """Write a unit's name and place."""
    who = actor()
    found = people.unit_to_manage_for(who, unit_id)
    try:
        actions.change_unit(who, found, read_form(UnitInput, request.form), seen=request.form.get("stamp"))
    except Invalid as error:
        return refused(_form(sent(error), people.unit_to_manage_for(who, unit_id)))
    except Conflict:
        return refused(_form(sent(), people.unit_to_manage_for(who, unit_id), changed=True), 409)
    flash(_("Saved."), "good")
    return redirect(url_for("people.unit", unit_id=unit_id), 303)


@pages.post("/units/<int:unit_id>/move")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def move_unit(unit_id: int) -> AnyResponse:
    """Hang a unit elsewhere."""
    who = actor()
    found = people.unit_to_manage_for(who, unit_id)
    chosen = id_in(request.form, "parent_id")
    parent = people.unit_to_manage_for(who, chosen) if chosen else None
    actions.move_unit(who, found, parent)
    flash(_("The unit is moved, with everything below it."), "good")
    return redirect(url_for("people.unit", unit_id=unit_id), 303)


@pages.post("/units/<int:unit_id>/head")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def set_head(unit_id: int) -> str | AnyResponse:
    """Say who heads a unit: somebody of the list, somebody else by e-mail, or nobody."""
    who = actor()
    found = people.unit_to_manage_for(who, unit_id)
    email, chosen = request.form.get("email", "").strip(), id_in(request.form, "person_id")
    head = people.person_for(who, chosen) if chosen and not email else None
    if email:
        head = people.person_by_email_for(who, email)
        if head is None:
            return refused(_form(sent(Invalid(Fault("email", "person_unknown_email"))), found))
    actions.set_head(who, found, head)
    flash(_("Saved."), "good")
    return redirect(url_for("people.unit", unit_id=unit_id), 303)


@pages.post("/units/<int:unit_id>/close")
@requires(Role.MANAGER, Role.ADMINISTRATOR)
def close_unit(unit_id: int) -> AnyResponse:
    """A unit is no more."""
    who = actor()
    actions.close_unit(who, people.unit_to_manage_for(who, unit_id))
    flash(_("The unit is closed."), "good")
    return redirect(url_for("people.units"), 303)


def _form(form: Form, unit: Unit | None = None, *, changed: bool = False) -> str:
    who = actor()
    units = people.units_to_manage_for(who)
    elsewhere = [other for other in units if unit is None or not other.path.startswith(unit.path)]
    return render_template(
        "people/unit.html",
        form=form,
        unit=unit,
        stamp=request.form.get("stamp", "") if form.errors else stamp(unit.written) if unit else "",
        meanwhile=meanwhile("people", unit.written, options={"timezone": zone_options()}) if unit and changed else [],
        above=people.units_above(unit)[:-1] if unit else [],
        members=people.people_of_unit_for(who, unit) if unit else [],
        parents=unit_options(elsewhere),
        may_be_root=policy.may_manage_unit(who, None),
        zones=zone_options(),
        places=place_names(),
    )
