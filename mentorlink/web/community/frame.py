"""What several pages of communities share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, request
from flask_babel import gettext as _

from mentorlink.community import policy, queries, shapes
from mentorlink.community.actions.communities import FIRST_ROOM
from mentorlink.community.inputs import (
    CommunityInput,
)
from mentorlink.community.models import Community
from mentorlink.kernel.actions import ensure
from mentorlink.people.queries import kept_away_by
from mentorlink.web.guard import actor

pages = Blueprint("community", __name__)


pages.app_template_filter("quoted")(shapes.quoted)


@pages.app_template_filter("room_name")
def room_name(name: str) -> str:
    """What a room is called; the first one, until somebody names it, in the reader's language."""
    return _("Common room") if name in FIRST_ROOM.values() else name


@pages.app_template_global()
def kept_away() -> set[int]:
    """Whom the reader of the page keeps away: what they wrote is folded. One query for a page."""
    if "kept_away" not in g:
        g.kept_away = kept_away_by(actor().person_id or 0)
    found: set[int] = g.kept_away
    return found


def facilitated(community_id: int) -> Community:
    """The community, for those who may change it; its forms do not exist for others."""
    community = queries.community_for(actor(), community_id)
    ensure(policy.may_change_community, actor(), community)
    return community


def columns(community: Community) -> dict[str, Any]:
    return {name: getattr(community, name) for name in CommunityInput.model_fields}


def render() -> shapes.Render:
    piece = current_app.jinja_env.get_template("community/_message.html").module.message  # type: ignore[attr-defined]
    return lambda row: str(piece(row)).strip()


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
