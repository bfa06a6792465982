"""Groups: finding one, opening one, who is in it, when it meets."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.models import Person
from mentorlink.people.queries import blocked_with, search_people
from mentorlink.sessions.meetings.queries import meetings_for
from mentorlink.sessions.mentoring.groups import actions, queries
from mentorlink.sessions.mentoring.groups.inputs import Asking, GroupInput, Invited
from mentorlink.sessions.mentoring.groups.models import Group
from mentorlink.sessions.mentoring.groups.policy import may_lead_group, may_open_group, may_see_group
from mentorlink.sessions.mentoring.queries import competencies_left, standings_for
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.mentoring.frame import pages

SESSIONS = 30


@pages.get("/mentoring/groups")
@signed_in
def groups() -> str:
    """The actor's groups, and those with room that fit them."""
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 6 else 1
    found, total = queries.open_groups_for(actor(), page=page)
    return render_template(
        "mentoring/groups/index.html", mine=queries.groups_for(actor()), asking=queries.asking_counts(actor()), found=found,
        page=page, pages=max(1, -(-total // queries.PAGE)), may_open=may_open_group(actor()),
    )  # fmt: skip


@pages.get("/mentoring/groups/new")
@signed_in
def new_group() -> tuple[str, int]:
    """The form of a group to open."""
    return _edit(None, Form({"places": 6}))


@pages.post("/mentoring/groups/new")
@signed_in
def open_group() -> Answer | tuple[str, int]:
    """Open a group."""
    try:
        group = actions.open_group(actor(), read_form(GroupInput, request.form))
    except Invalid as error:
        return _edit(None, sent(error), status=422)
    flash(_("Your group is open. Invite your mentees, or wait for who asks."), "good")
    return _to(group)


@pages.get("/mentoring/groups/<int:group_id>")
@signed_in
def group(group_id: int) -> tuple[str, int]:
    """One group: as its mentor leads it, as a mentee is in it, or as a colleague finds it."""
    return _group(queries.group_to_join_for(actor(), group_id))


def _group(row: Group, refused: Invalid | None = None) -> tuple[str, int]:
    inside, leads = may_see_group(actor(), row), may_lead_group(actor(), row)
    context: dict[str, Any] = {"sessions": meetings_for(actor(), row.series, limit=SESSIONS) if inside else []}
    if leads:
        who, mine = request.args.get("q", ""), standings_for(actor(), open_only=True)
        context |= {
            "members": queries.memberships_to_lead_for(actor(), row),
            "standings": {one.mentorship.mentee_id: one for one in mine if one.side == "mentor"},
            "own": queries.mentees_to_invite_for(actor(), row) if row.state != "ended" else [],
            "q": who,
            "people": _found(who),
        }
    form = sent(refused) if refused else None
    html = render_template(
        "mentoring/groups/group.html", group=row, inside=inside, leads=leads, me=queries.membership_of(actor(), row), form=form,
        **context,
    )  # fmt: skip
    return html, 422 if refused else 200


def _found(text: str) -> list[Person]:
    """Colleagues of that name, but for whom a block keeps apart."""
    if len(text.strip()) < 3:
        return []
    apart = blocked_with(actor().person_id or 0)
    return [person for person in search_people(actor(), text) if person.id not in apart]


@pages.get("/mentoring/groups/<int:group_id>/edit")
@signed_in
def edit_group(group_id: int) -> tuple[str, int]:
    """The form with what stands."""
    row = queries.group_to_lead_for(actor(), group_id)
    values = {
        "name": row.name, "about": row.about, "places": row.places, "by_invitation": row.state == "shut",
        "competency_ids": [competency.id for competency in row.competencies],
    }  # fmt: skip
    return _edit(row, Form(values))


@pages.post("/mentoring/groups/<int:group_id>/edit")
@signed_in
def change_group(group_id: int) -> Answer | tuple[str, int]:
    """Describe the group anew."""
    row = queries.group_to_lead_for(actor(), group_id)
    try:
        actions.change_group(actor(), row, read_form(GroupInput, request.form))
    except Invalid as error:
        return _edit(queries.group_to_lead_for(actor(), group_id), sent(error), status=422)
    flash(_("Saved."), "good")
    return _to(row)


def _edit(row: Group | None, form: Form, *, status: int = 200) -> tuple[str, int]:
    return render_template("mentoring/groups/edit.html", group=row, form=form, competencies=competencies_left(())), status


@pages.post("/mentoring/groups/<int:group_id>/ask")
@signed_in
def ask_group(group_id: int) -> Answer | tuple[str, int]:
    """Ask for a place."""
    row = queries.group_to_join_for(actor(), group_id)
    try:
        member = actions.ask_to_join(actor(), row, read_form(Asking, request.form))
    except Invalid as error:
        return _group(row, error)
    flash(_("You are in the group.") if member.state == "in" else _("Asked. The mentor answers, and you are told."), "good")
    return _to(row)


@pages.post("/mentoring/groups/<int:group_id>/invite")
@signed_in
def invite_to_group(group_id: int) -> Answer | tuple[str, int]:
    """Invite somebody."""
    row = queries.group_to_lead_for(actor(), group_id)
    try:
        member = actions.invite_to_group(actor(), row, read_form(Invited, request.form))
    except Invalid as error:
        return _group(row, error)
    flash(_("%(name)s is in the group.", name=member.person.name) if member.state == "in" else
          _("%(name)s is invited.", name=member.person.name), "good")  # fmt: skip
    return _to(row)


@pages.post("/mentoring/groups/<int:group_id>/end")
@signed_in
def end_group(group_id: int) -> Answer:
    """Meet no more."""
    row = queries.group_to_lead_for(actor(), group_id)
    actions.end_group(actor(), row)
    flash(_("The group has ended. Each mentoring goes on by itself."), "good")
    return redirect(url_for("mentoring.groups"), 303)


@pages.post("/mentoring/groups/members/<int:member_id>/join")
@signed_in
def join_group(member_id: int) -> Answer:
    """Say the second yes."""
    member = queries.membership_for(actor(), member_id)
    actions.join_group(actor(), member)
    mine = actor().is_person(member.person_id)
    flash(_("You are in the group.") if mine else _("%(name)s is in the group.", name=member.person.name), "good")
    return _to(member.group)


@pages.post("/mentoring/groups/members/<int:member_id>/decline")
@signed_in
def decline_group(member_id: int) -> Answer:
    """Say no, or take back what one asked."""
    member = queries.membership_for(actor(), member_id)
    actions.decline_group(actor(), member)
    flash(_("Noted; the other has been told."), "good")
    return _to(member.group) if may_lead_group(actor(), member.group) else redirect(url_for("mentoring.groups"), 303)


@pages.post("/mentoring/groups/members/<int:member_id>/leave")
@signed_in
def leave_group(member_id: int) -> Answer:
    """Meet there no more."""
    member = queries.membership_for(actor(), member_id)
    actions.leave_group(actor(), member)
    if may_lead_group(actor(), member.group):
        flash(_("%(name)s meets with the group no more. Your mentoring goes on.", name=member.person.name), "good")
        return _to(member.group)
    flash(_("You meet with the group no more. Your own mentoring goes on."), "good")
    return redirect(url_for("mentoring.groups"), 303)


def _to(row: Group) -> Answer:
    return redirect(url_for("mentoring.group", group_id=row.id), 303)
