"""Pages of gatherings: when a community meets, who comes, what is said and what follows."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import queries
from mentorlink.community.actions import gatherings as actions
from mentorlink.community.inputs.gatherings import (
    CancelInput,
    CodeInput,
    ComingInput,
    FollowUpInput,
    FollowUpStateInput,
    GatheringInput,
    MinutesInput,
    PointInput,
    PresentInput,
    TurnInput,
)
from mentorlink.community.models import Community
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.policy import role_in
from mentorlink.community.policy.gatherings import may_plan_gathering, may_run_gathering
from mentorlink.community.queries.gatherings import (
    follow_up_for,
    gathering_for,
    gatherings_for,
    members_by_id,
    next_host,
    point_for,
    round_for,
    sheet_for,
)
from mentorlink.community.queries.knowledge import library_for, material_of
from mentorlink.community.rules.gatherings import code_is_open
from mentorlink.kernel import clock
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Conflict, Fault, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/communities/<int:community_id>/gatherings")
@signed_in
def gatherings(community_id: int) -> str:
    """Gatherings to come, and those that are over."""
    who = actor()
    community = queries.community_for(who, community_id)
    return render_template(
        "community/gatherings.html",
        community=community,
        role=role_in(who, community_id),
        coming=gatherings_for(who, community),
        over=gatherings_for(who, community, past=True),
        plans=may_plan_gathering(who, community),
    )


@pages.get("/communities/<int:community_id>/gatherings/new")
@signed_in
def new_gathering(community_id: int) -> str:
    """Plan one; whose turn it is to host is suggested."""
    community = queries.community_for(actor(), community_id)
    ensure(may_plan_gathering, actor(), community)
    day = clock.today(actor().timezone) + timedelta(days=7)
    values = {"day": day.isoformat(), "at": "09:00", "minutes": 90, "mode": "in_person", "host_id": str(next_host(community_id))}
    return _form_page(community, Form(values))


@pages.post("/communities/<int:community_id>/gatherings")
@signed_in
def plan_gathering(community_id: int) -> ResponseReturnValue:
    """Put it into the calendar."""
    community = queries.community_for(actor(), community_id)
    try:
        made = actions.plan_gathering(actor(), community, read_form(GatheringInput, request.form))
    except Invalid as error:
        return _form_page(community, sent(error)), 422
    flash(_("Planned. The members are told."), "good")
    return _to(made)


@pages.get("/gatherings/<int:gathering_id>")
@signed_in
def gathering(gathering_id: int) -> str:
    """One gathering: agenda, who comes, minutes, what follows."""
    return _page(gathering_for(actor(), gathering_id))


@pages.get("/gatherings/<int:gathering_id>/edit")
@signed_in
def edit_gathering(gathering_id: int) -> str:
    """Change when, where or who leads it."""
    row = gathering_for(actor(), gathering_id)
    ensure(may_run_gathering, actor(), row)
    here = row.starts_at.astimezone(ZoneInfo(actor().timezone))
    values = {
        "title": row.title, "about": row.about, "day": here.date().isoformat(), "at": f"{here:%H:%M}", "minutes": row.minutes,
        "mode": row.mode, "place": row.place, "places": row.places or "", "host_id": str(row.host_id),
    }  # fmt: skip
    return _form_page(row.community, Form(values), row)


@pages.post("/gatherings/<int:gathering_id>")
@signed_in
def change_gathering(gathering_id: int) -> ResponseReturnValue:
    """Change it."""
    row = gathering_for(actor(), gathering_id)
    try:
        actions.change_gathering(actor(), row, read_form(GatheringInput, request.form))
    except Invalid as error:
        return _form_page(row.community, sent(error), row), 422
    flash(_("Saved."), "good")
    return _to(row)


@pages.post("/gatherings/<int:gathering_id>/cancel")
@signed_in
def cancel_gathering(gathering_id: int) -> ResponseReturnValue:
    """Call it off."""
    row = gathering_for(actor(), gathering_id)
    try:
        actions.cancel_gathering(actor(), row, read_form(CancelInput, request.form))
    except Invalid as error:
        return _page(row, sent(error), wrong="cancel"), 422
    return _to(row)


@pages.post("/gatherings/<int:gathering_id>/answer")
@signed_in
def answer_gathering(gathering_id: int) -> ResponseReturnValue:
    """Come, or not."""
    row = gathering_for(actor(), gathering_id)
    state = actions.answer_gathering(actor(), row, read_form(ComingInput, request.form))
    if state == "waiting":
        flash(_("All places are taken. You are on the list and hear as soon as one is free."), "info")
    return _to(row, "who")


@pages.post("/gatherings/<int:gathering_id>/points")
@signed_in
def add_point(gathering_id: int) -> ResponseReturnValue:
    """Put something on the agenda."""
    row = gathering_for(actor(), gathering_id)
    try:
        actions.add_point(actor(), row, read_form(PointInput, request.form))
    except Invalid as error:
        return _page(row, sent(error), wrong="point"), 422
    return _to(row, "agenda")


@pages.post("/points/<int:point_id>")
@signed_in
def tick_point(point_id: int) -> ResponseReturnValue:
    """It was talked about."""
    point = point_for(actor(), point_id)
    actions.tick_point(actor(), point)
    return redirect(url_for("community.gathering", gathering_id=point.gathering_id, _anchor="agenda"), 303)


@pages.post("/gatherings/<int:gathering_id>/check-in")
@signed_in
def check_in(gathering_id: int) -> ResponseReturnValue:
    """Say by the code that one is there."""
    row = gathering_for(actor(), gathering_id)
    try:
        if not actions.check_in(actor(), row, read_form(CodeInput, request.form)):
            raise Invalid(Fault("code", "code_wrong"))
    except Invalid as error:
        return _page(row, sent(error), wrong="code"), 422
    flash(_("Noted: you are here."), "good")
    return _to(row)


@pages.post("/gatherings/<int:gathering_id>/present")
@signed_in
def note_presence(gathering_id: int) -> ResponseReturnValue:
    """Note who is there."""
    row = gathering_for(actor(), gathering_id)
    actions.note_presence(actor(), row, read_form(PresentInput, request.form))
    return _to(row, "there")


@pages.post("/gatherings/<int:gathering_id>/hold")
@signed_in
def hold_gathering(gathering_id: int) -> ResponseReturnValue:
    """It took place."""
    row = gathering_for(actor(), gathering_id)
    actions.hold_gathering(actor(), row)
    flash(_("It counts for everybody who was there."), "good")
    return _to(row)


@pages.post("/gatherings/<int:gathering_id>/minutes")
@signed_in
def write_minutes(gathering_id: int) -> ResponseReturnValue:
    """Keep the minutes."""
    row = gathering_for(actor(), gathering_id)
    try:
        actions.write_minutes(actor(), row, read_form(MinutesInput, request.form))
    except Invalid as error:
        return _page(row, sent(error), wrong="minutes"), 422
    except Conflict as error:
        if error.code != "minutes_changed":
            raise
        return _page(gathering_for(actor(), gathering_id), sent(), wrong="minutes_changed"), 409
    flash(_("Saved."), "good")
    return _to(row, "minutes")


@pages.post("/gatherings/<int:gathering_id>/follow-ups")
@signed_in
def agree_follow_up(gathering_id: int) -> ResponseReturnValue:
    """Write down who does what."""
    row = gathering_for(actor(), gathering_id)
    try:
        actions.agree_follow_up(actor(), row, read_form(FollowUpInput, request.form))
    except Invalid as error:
        return _page(row, sent(error), wrong="follow"), 422
    return _to(row, "follow-ups")


@pages.post("/follow-ups/<int:follow_up_id>")
@signed_in
def settle_follow_up(follow_up_id: int) -> ResponseReturnValue:
    """It is done, or dropped."""
    row = follow_up_for(actor(), follow_up_id)
    actions.settle_follow_up(actor(), row, read_form(FollowUpStateInput, request.form))
    return redirect(url_for("community.gathering", gathering_id=row.gathering_id, _anchor="follow-ups"), 303)


@pages.get("/gatherings/<int:gathering_id>/round")
@signed_in
def talk_round(gathering_id: int) -> str:
    """The round of talk: hands, turns, equal time. The page asks for itself every few seconds."""
    row = gathering_for(actor(), gathering_id)
    name = "_round" if request.headers.get("HX-Request") else "round"
    return render_template(
        f"community/{name}.html",
        gathering=row,
        community=row.community,
        turns=round_for(actor(), row),
        runs=may_run_gathering(actor(), row),
    )


@pages.post("/gatherings/<int:gathering_id>/round")
@signed_in
def open_round(gathering_id: int) -> ResponseReturnValue:
    """Begin a round of talk, or end it."""
    row = gathering_for(actor(), gathering_id)
    actions.open_round(actor(), row, opened=request.form.get("open") == "1")
    return _to_round(row)


@pages.post("/gatherings/<int:gathering_id>/hand")
@signed_in
def hand(gathering_id: int) -> ResponseReturnValue:
    """Raise one's hand, or take it down."""
    row = gathering_for(actor(), gathering_id)
    (actions.raise_hand if request.form.get("up") == "1" else actions.lower_hand)(actor(), row)
    return _to_round(row)


@pages.post("/gatherings/<int:gathering_id>/turn")
@signed_in
def give_turn(gathering_id: int) -> ResponseReturnValue:
    """Let the next one speak."""
    row = gathering_for(actor(), gathering_id)
    actions.give_turn(actor(), row, read_form(TurnInput, request.form))
    return _to_round(row)


def _to(row: Gathering, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("community.gathering", gathering_id=row.id, _anchor=anchor), 303)


def _to_round(row: Gathering) -> ResponseReturnValue:
    return redirect(url_for("community.talk_round", gathering_id=row.id), 303)


def _page(row: Gathering, form: Form | None = None, *, wrong: str = "") -> str:
    who, instant = actor(), clock.now()
    runs = may_run_gathering(who, row)
    return render_template(
        "community/gathering.html",
        gathering=row,
        community=row.community,
        role=role_in(who, row.community_id),
        runs=runs,
        sheet=sheet_for(who, row),
        begun=row.starts_at <= instant,
        code_open=row.state != "cancelled" and code_is_open(instant, row.starts_at, row.minutes),
        members=members_by_id(row.community_id) if runs else [],
        material=material_of(who, "gathering", row.id),
        library=library_for(who, community=row.community)[1],
        today=clock.today(who.timezone),
        form=form,
        wrong=wrong,
    )


def _form_page(community: Community, form: Form, row: Gathering | None = None) -> str:
    return render_template(
        "community/gathering_form.html",
        community=community,
        gathering=row,
        form=form,
        members=members_by_id(community.id),
        turn=next_host(community.id) if row is None else None,
    )
