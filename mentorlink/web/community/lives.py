"""Pages of a community's life: where it stands, what its steps must yield, and who takes over."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mentorlink.community import queries
from mentorlink.community.actions import lives as actions
from mentorlink.community.inputs.lives import (
    AssignInput,
    CharterInput,
    KeeperInput,
    MeasureInput,
    MoveInput,
    PromiseInput,
    ResultInput,
    ReviewInput,
    SettleInput,
    SuccessorInput,
)
from mentorlink.community.models import Community
from mentorlink.community.policy import role_in
from mentorlink.community.policy.communities import lives
from mentorlink.community.policy.lives import may_steer, may_take_step
from mentorlink.community.queries.decisions import decisions_for
from mentorlink.community.queries.gatherings import gatherings_for, members_by_id
from mentorlink.community.queries.knowledge import pages_for
from mentorlink.community.queries.lives import (
    community_to_assign_for,
    competencies_by_framework,
    count_to_assign,
    focus_of,
    measure_for,
    measures_for,
    promise_for,
    promises_for,
    reviews_for,
    running_programmes,
    standing_for,
)
from mentorlink.community.rules.lives import share_reached
from mentorlink.kernel import clock
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.queries import search_people, units_for
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/communities/<int:community_id>/life")
@signed_in
def life(community_id: int) -> str:
    """Where the community stands, what each step must yield and who has it."""
    return _life_page(queries.community_for(actor(), community_id))


@pages.get("/communities/<int:community_id>/charter")
@signed_in
def charter(community_id: int) -> str:
    """Say what it is for, who belongs, why it matters, and which competencies it is about."""
    community = queries.community_for(actor(), community_id)
    ensure(may_steer, actor(), community)
    stands = standing_for(actor(), community).life
    form = Form(
        {
            "purpose": community.purpose, "belongs": stands.belongs, "why": community.why,
            "competency_ids": [str(row.id) for row in focus_of(community_id)], "programme_id": str(stands.programme_id or ""),
        }
    )  # fmt: skip
    return _charter_page(community, form)


@pages.post("/communities/<int:community_id>/charter")
@signed_in
def write_charter(community_id: int) -> ResponseReturnValue:
    """Keep it."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.write_charter(actor(), community, read_form(CharterInput, request.form))
    except Invalid as error:
        return _charter_page(community, sent(error)), 422
    flash(_("Saved."), "good")
    return _to_life(community_id)


@pages.post("/communities/<int:community_id>/promise")
@signed_in
def promise(community_id: int) -> ResponseReturnValue:
    """Promise something to the community."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.make_promise(actor(), community, read_form(PromiseInput, request.form))
    except Invalid as error:
        return _life_page(community, sent(error), wrong="promise"), 422
    flash(_("Your promise stands where every member sees it."), "good")
    return _to_life(community_id, "promises")


@pages.post("/promises/<int:promise_id>")
@signed_in
def settle_promise(promise_id: int) -> ResponseReturnValue:
    """Say how a promise went."""
    row = promise_for(actor(), promise_id)
    actions.settle_promise(actor(), row, read_form(SettleInput, request.form))
    return _to_life(row.community_id, "promises")


@pages.post("/communities/<int:community_id>/measures")
@signed_in
def add_measure(community_id: int) -> ResponseReturnValue:
    """Measure the community by something."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.add_measure(actor(), community, read_form(MeasureInput, request.form))
    except Invalid as error:
        return _life_page(community, sent(error), wrong="measure"), 422
    return _to_life(community_id, "measures")


@pages.post("/measures/<int:measure_id>/result")
@signed_in
def note_result(measure_id: int) -> ResponseReturnValue:
    """Say where a measure stands now."""
    row = measure_for(actor(), measure_id)
    community = queries.community_for(actor(), row.community_id)
    try:
        actions.note_result(actor(), row, read_form(ResultInput, request.form))
    except Invalid as error:
        return _life_page(community, sent(error), wrong=f"result-{measure_id}"), 422
    return _to_life(row.community_id, "measures")


@pages.post("/measures/<int:measure_id>/drop")
@signed_in
def drop_measure(measure_id: int) -> ResponseReturnValue:
    """Measure it by this no more."""
    row = measure_for(actor(), measure_id)
    community_id = row.community_id
    actions.drop_measure(actor(), row)
    return _to_life(community_id, "measures")


@pages.post("/communities/<int:community_id>/keepers/<code>")
@signed_in
def name_keeper(community_id: int, code: str) -> ResponseReturnValue:
    """Say who has something that a step must yield."""
    community = queries.community_for(actor(), community_id)
    actions.name_keeper(actor(), community, code, read_form(KeeperInput, request.form))
    return _to_life(community_id, "yields")


@pages.post("/communities/<int:community_id>/step")
@signed_in
def take_step(community_id: int) -> ResponseReturnValue:
    """Go on, back, hand over, close, or open again."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.take_step(actor(), community, read_form(MoveInput, request.form))
    except Invalid as error:
        return _life_page(community, sent(error), wrong="step"), 422
    flash(_("The community stands in its next step. Every member is told."), "good")
    return _to_life(community_id)


@pages.post("/communities/<int:community_id>/review")
@signed_in
def write_review(community_id: int) -> ResponseReturnValue:
    """Say what changed and what to keep."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.write_review(actor(), community, read_form(ReviewInput, request.form))
    except Invalid as error:
        return _life_page(community, sent(error), wrong="review"), 422
    except Conflict as error:
        if error.code != "review_changed":
            raise
        return _life_page(queries.community_for(actor(), community_id), sent(), wrong="review_changed"), 409
    flash(_("Saved."), "good")
    return _to_life(community_id, "review")


@pages.post("/communities/<int:community_id>/hand-over")
@signed_in
def hand_over(community_id: int) -> ResponseReturnValue:
    """Name who facilitates from now on, and stay or leave."""
    community = queries.community_for(actor(), community_id)
    data = read_form(SuccessorInput, request.form)
    actions.hand_over(actor(), community, data)
    flash(_("Thank you for what you did for %(name)s.", name=community.name), "good")
    return _to_life(community_id) if data.stay else redirect(url_for("community.index"), 303)


@pages.get("/communities/<int:community_id>/assign")
@signed_in
def assign(community_id: int) -> str:
    """Send people of a programme into the community."""
    return _assign_page(community_to_assign_for(actor(), community_id))


@pages.post("/communities/<int:community_id>/assign")
@signed_in
def assign_members(community_id: int) -> ResponseReturnValue:
    """Do it."""
    community = community_to_assign_for(actor(), community_id)
    try:
        came = actions.assign_members(actor(), community, read_form(AssignInput, request.form))
    except Invalid as error:
        return _assign_page(community, sent(error)), 422
    if came:
        flash(ngettext("%(num)s colleague belongs now.", "%(num)s colleagues belong now.", came), "good")
    else:
        flash(_("Nobody new: whom you chose belongs already, or was removed by the facilitators."), "info")
    return redirect(url_for("community.assign", community_id=community_id), 303)


def _to_life(community_id: int, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("community.life", community_id=community_id, _anchor=anchor), 303)


def _life_page(community: Community, form: Form | None = None, *, wrong: str = "") -> str:
    who = actor()
    standing = standing_for(who, community)
    reviews = reviews_for(who, community)
    return render_template(
        "community/life.html",
        community=community,
        role=role_in(who, community.id),
        standing=standing,
        open=lives(community.id),
        steers=may_steer(who, community),
        steps=may_take_step(who, community),
        focus=focus_of(community.id),
        promises=promises_for(who, community),
        measures=measures_for(who, community),
        share=share_reached,
        review=next((row for row in reviews if row.cycle == standing.life.cycle), None),
        reviews=[row for row in reviews if row.decided_at],
        members=members_by_id(community.id),
        gatherings=gatherings_for(who, community, past=True, limit=50),
        decisions=decisions_for(who, community),
        pages=[] if lives(community.id) else [row for row in pages_for(who, community) if row.state == "reviewed"],
        today=clock.today(who.timezone),
        form=form,
        wrong=wrong,
    )


def _charter_page(community: Community, form: Form) -> str:
    chosen = form.data.get("competency_ids", [])
    return render_template(
        "community/charter.html",
        community=community,
        form=form,
        chosen=[chosen] if isinstance(chosen, str) else chosen,
        frameworks=competencies_by_framework(),
        programmes=running_programmes(),
    )


def _assign_page(community: Community, form: Form | None = None) -> str:
    wanted = request.args.get("q", "")[:80]
    units = units_for(actor())
    unit = next((unit for unit in units if str(unit.id) == request.values.get("unit_id")), None)
    found = search_people(actor(), wanted, limit=8) if wanted else []
    return render_template(
        "community/assign.html",
        community=community,
        form=form,
        wanted=wanted,
        found=found,
        belong=queries.members_among(community.id, [person.id for person in found]),
        units=units,
        unit=unit,
        coming=count_to_assign(community.id, unit) if unit else 0,
        most=actions.MOST_ASSIGNED,
        total=queries.member_count(community.id),
    )
