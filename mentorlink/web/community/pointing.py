"""Letting a session or a line of a plan point to material of the library."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from mentorlink.community.actions import knowledge as actions
from mentorlink.community.inputs.knowledge import PointInput
from mentorlink.community.models.knowledge import Material
from mentorlink.community.queries import knowledge as reads
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.inputs import read_form
from mentorlink.learning.actions import plans
from mentorlink.learning.models import PlanLine
from mentorlink.learning.queries import line_for
from mentorlink.sessions.meetings.policy import may_change_meeting
from mentorlink.sessions.meetings.queries import meeting_for
from mentorlink.web.community.frame import pages
from mentorlink.web.guard import actor, signed_in


@dataclass(frozen=True)
class Pointer:
    """Something that points to material: what it is and is called, where one goes back to, the use case, what it is about."""

    about: str
    about_id: int
    title: str
    back: str
    action: str
    competency_id: int | None = None


@pages.get("/meetings/<int:meeting_id>/material")
@signed_in
def material_for_meeting(meeting_id: int) -> str:
    """Choose from the library for a session."""
    meeting = meeting_for(actor(), meeting_id)
    ensure(may_change_meeting, actor(), meeting)
    action = url_for("community.point_meeting", meeting_id=meeting_id)
    title = _("Session of %(day)s", day=format_datetime(meeting.starts_at, "d MMMM y"))
    return _choice(Pointer("meeting", meeting_id, title, _to_meeting(meeting_id), action))


@pages.post("/meetings/<int:meeting_id>/material")
@signed_in
def point_meeting(meeting_id: int) -> ResponseReturnValue:
    """Let a session point to it, or no more."""
    actions.point_meeting(actor(), meeting_for(actor(), meeting_id), _chosen())
    return redirect(_to_meeting(meeting_id), 303)


@pages.get("/plan-lines/<int:line_id>/material")
@signed_in
def material_for_line(line_id: int) -> str:
    """Choose from the library for a line of a plan; what fits its competency comes first."""
    line = line_for(actor(), line_id)
    action = url_for("community.point_line", line_id=line_id)
    return _choice(Pointer("plan_line", line_id, line.activity, _to_line(line), action, line.competency_id))


@pages.post("/plan-lines/<int:line_id>/material")
@signed_in
def point_line(line_id: int) -> ResponseReturnValue:
    """Let a line of a plan point to it, or no more."""
    line = line_for(actor(), line_id)
    plans.point_line(actor(), line, _chosen())
    return redirect(_to_line(line), 303)


@pages.app_template_global()
def material_pointed(about: str, about_ids: list[int]) -> dict[int, list[Material]]:
    """What sessions or lines of a plan point to, by their ids, as far as the reader may read it."""
    return reads.material_of_many(actor(), about, about_ids)


def _chosen() -> Material:
    return reads.material_for(actor(), read_form(PointInput, request.form).material_id)


def _to_meeting(meeting_id: int) -> str:
    return url_for("meetings.meeting", meeting_id=meeting_id, _anchor="material")


def _to_line(line: PlanLine) -> str:
    return url_for("learning.plan", plan_id=line.plan_id, _anchor=f"line-{line.id}")


def _choice(pointer: Pointer) -> str:
    who, text = actor(), request.args.get("q", "")[:80]
    fits = reads.library_for(who, competency_id=pointer.competency_id, text=text)[1] if pointer.competency_id else []
    return render_template(
        "community/material_choose.html",
        pointer=pointer,
        text=text,
        there={row.id for row in reads.material_of(who, pointer.about, pointer.about_id)},
        fitting=fits,
        others=[row for row in reads.library_for(who, text=text)[1] if row not in fits],
    )
