"""Search over rooms, and quiet previews of what a link leads to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from mentorlink.community import queries
from mentorlink.community.inputs import SearchInput
from mentorlink.community.queries import Hits
from mentorlink.community.queries.communities import MemberLine
from mentorlink.community.queries.decisions import decision_for
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.community.queries.knowledge import material_for, page_for
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.people.models import Person
from mentorlink.people.queries import search_people
from mentorlink.web.community.frame import pages
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, signed_in

PEOPLE = 5
"""Colleagues shown above what was said …"""

MOST_PEOPLE = 50
"""… and where one looks for colleagues alone."""

_PREVIEWED = re.compile(
    r"^/(messages|topics|rooms|communities|pages|material|gatherings|decisions)/(\d{1,9})(?:/knowledge)?(?:[?#]|$)"
)
_IN_ROOM = re.compile(r"[?&](m|topic)=(\d{1,9})(?=[&#]|$)")


@pages.get("/search")
@signed_in
def search() -> ResponseReturnValue:
    """Find what was said, topics, rooms and people."""
    who, status = actor(), 200
    try:
        asked, form = read_form(SearchInput, request.args), Form(request.args.to_dict())
        hits = queries.search_for(who, asked)
    except Invalid as error:
        asked, form, hits, status = SearchInput(), sent(error), Hits(empty=True), 422
    people = _people(who, asked)
    page = render_template(
        "community/room_search.html",
        asked=asked,
        form=form,
        hits=hits,
        people=people[: len(people) if asked.kind == "person" else PEOPLE],
        more_people=asked.kind != "person" and len(people) > PEOPLE,
        mine=queries.communities_for(who).mine,
        room=queries.room_for(who, asked.room) if asked.room else None,
        topic=queries.topic_for(who, asked.topic) if asked.topic else None,
        query={key: value for key, value in request.args.items() if key != "before" and value},
    )
    return page, status


def _people(who: Actor, asked: SearchInput) -> Sequence[Person | MemberLine]:
    """Colleagues of that name, of one community where that is asked for; none where the search is for something else."""
    elsewhere = (asked.room, asked.topic, asked.by, asked.author, asked.has, asked.since, asked.until, asked.before)
    if not asked.q or any(elsewhere) or asked.kind not in (None, "person"):
        return []
    if asked.community is not None:
        return queries.members_for(who, queries.community_for(who, asked.community), text=asked.q, limit=MOST_PEOPLE)
    return search_people(who, asked.q, limit=MOST_PEOPLE)


@pages.get("/previews")
@signed_in
def preview() -> str:
    """A few words of what an address of ours leads to, if the reader may know of it."""
    found = _PREVIEWED.match(request.args.get("to", "")[:300])
    if found is None:
        abort(404)
    kind, number = found[1], int(found[2])
    inside = dict(_IN_ROOM.findall(request.args["to"])) if kind == "rooms" else {}
    if inside:
        kind, number = ("messages", int(inside["m"])) if "m" in inside else ("topics", int(inside["topic"]))
    read = {
        "messages": queries.message_for, "topics": queries.topic_for, "rooms": queries.room_for,
        "communities": queries.community_for, "pages": page_for, "material": material_for, "gatherings": gathering_for,
        "decisions": decision_for,
    }[kind]  # fmt: skip
    return render_template("community/_preview.html", kind=kind, thing=read(actor(), number))
