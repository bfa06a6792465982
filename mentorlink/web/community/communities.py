"""Pages of communities."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mentorlink.community import actions, policy, queries
from mentorlink.community.inputs import CommunityInput
from mentorlink.community.policy import lives
from mentorlink.community.policy.communities import lives as alive
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.web.community.frame import columns, facilitated, pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in


@pages.get("/communities")
@signed_in
def index() -> str:
    """My communities with what is unread, and those to join."""
    return render_template("community/index.html", communities=queries.communities_for(actor()))


@pages.get("/communities/new")
@signed_in
def new() -> str:
    """Propose a community."""
    return render_template("community/form.html", community=None, form=None)


@pages.post("/communities")
@signed_in
def create() -> ResponseReturnValue:
    """Create it."""
    try:
        community = actions.create_community(actor(), read_form(CommunityInput, request.form))
    except Invalid as error:
        return render_template("community/form.html", community=None, form=sent(error)), 422
    flash(_("The community is there. Invite the first members."), "good")
    return redirect(url_for("community.members", community_id=community.id), 303)


@pages.get("/communities/<int:community_id>")
@signed_in
def show(community_id: int) -> str:
    """A community: what for, who, which rooms."""
    who = actor()
    community = queries.community_for(who, community_id)
    role = policy.role_in(who, community_id)
    return render_template(
        "community/show.html",
        community=community,
        role=role,
        entry=None if role else queries.entry_of(who, community),
        rooms=queries.rooms_of(who, community),
        members=queries.members_for(who, community, limit=24),
        total=queries.member_count(community_id),
        waiting=sum(entry.kind == "asked" for entry in queries.entries_for(who, community)),
        alive=alive(community_id),
        joins=policy.may_join_community(who, community),
        asks=policy.may_ask_to_join(who, community),
        may_assign=lives.may_assign_members(who, community),
        form=None,
    )


@pages.get("/communities/<int:community_id>/edit")
@signed_in
def edit(community_id: int) -> str:
    """Change its name, purpose, why, and how one joins."""
    community = facilitated(community_id)
    return render_template("community/form.html", community=community, form=Form(columns(community)))


@pages.post("/communities/<int:community_id>")
@signed_in
def change(community_id: int) -> ResponseReturnValue:
    """Change it."""
    community = queries.community_for(actor(), community_id)
    try:
        actions.change_community(actor(), community, read_form(CommunityInput, request.form))
    except Invalid as error:
        return render_template("community/form.html", community=community, form=sent(error)), 422
    flash(_("Saved."), "good")
    return redirect(url_for("community.show", community_id=community_id), 303)
