"""The page of a meeting: last time, agenda, notes, actions, and how it ended."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from mentorlink.kernel import clock
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read_form
from mentorlink.sessions.coaching.models import Commitment
from mentorlink.sessions.coaching.queries import commitments_for, engagement_of_series
from mentorlink.sessions.meetings import actions
from mentorlink.sessions.meetings.inputs import (
    Absence,
    AgendaText,
    Cancelling,
    MeetingOutcome,
    PrivateText,
    Promise,
    SomebodyPresent,
)
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.models import TextState
from mentorlink.sessions.meetings.notes.queries import afterthoughts_for, notes_seq, text_histories
from mentorlink.sessions.meetings.policy import leads, may_change_meeting, may_say_afterwards
from mentorlink.sessions.meetings.queries import (
    MeetingRoom,
    action_item_for,
    agenda_item_for,
    meeting_for,
    place_in_run,
    room_for,
    series_for,
)
from mentorlink.sessions.mentoring.queries import counts_earlier, mentorship_of_series
from mentorlink.web.forms import sent
from mentorlink.web.guard import actor, signed_in
from mentorlink.web.meetings.frame import after, page, pages, prompts_of
from mentorlink.web.words import error_sentence
from mentorlink.web.words.mentoring import stage_name


@pages.get("/meetings/<int:meeting_id>")
@signed_in
def meeting(meeting_id: int) -> Answer | tuple[str, int]:
    """One meeting; what stands for a session of the group leads there."""
    row = meeting_for(actor(), meeting_id)
    if row.of_id is not None:
        return redirect(url_for("meetings.meeting", meeting_id=row.of_id), 303)
    return room_page(row)


def room_page(
    row: Meeting, refused: Invalid | None = None, *, wrong: str = "", status: int = 200, **more: Any
) -> tuple[str, int]:
    room = room_for(actor(), row)
    return page(
        "meeting",
        row.series,
        meeting=row,
        room=room,
        notes_seq=notes_seq(row),
        said=afterthoughts_for(actor(), row) if row.state == "held" else None,
        may_say=may_say_afterwards(actor(), row),
        may_write=may_change_meeting(actor(), row),
        prompts=prompts_of(row.series),
        states=_states(row, room),
        taken_on=_taken_on(row),
        begun=row.starts_at - actions.EARLY <= clock.now(),
        started=row.starts_at <= clock.now(),
        earlier=_counts_earlier(row),
        run=place_in_run(row),
        may_undo=(
            row.state == "held"
            and leads(actor(), row.series)
            and (row.settled_at or row.created_at) + actions.UNDO_WITHIN > clock.now()
        ),
        today=clock.today(actor().timezone),
        form=sent(refused) if refused else None,
        wrong=wrong,
        status=422 if refused else status,
        **more,
    )


def _states(row: Meeting, room: MeetingRoom) -> dict[tuple[str, int], list[TextState]]:
    """Earlier wordings of the summary and of what is on the agenda."""
    return text_histories({"summary": [row.id] if row.summary else [], "agenda": [item.id for item in room.agenda]})


def _counts_earlier(row: Meeting) -> dict[str, Any] | None:
    """What is said of a talk of a pair that does not count for the stage they are in."""
    pair = mentorship_of_series(row.series_id) if row.state == "held" else None
    found = counts_earlier(pair, row) if pair else None
    return found and {"stage": found.stage and stage_name(found.stage), "now": stage_name(found.now), "since": found.since}


def _taken_on(row: Meeting) -> list[Commitment]:
    """In a coaching: what the coachee took on in earlier sessions and has not done yet."""
    if row.series.takes_actions or row.state not in ("planned", "held"):
        return []
    engagement = engagement_of_series(row.series_id)
    if engagement is None:
        return []
    found = commitments_for(actor(), engagement, open_only=True)
    return [commitment for commitment in found if commitment.meeting_id != row.id]


@pages.post("/meetings/<int:meeting_id>/hold")
@signed_in
def hold(meeting_id: int) -> Answer | tuple[str, int]:
    """It took place."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.hold_meeting(actor(), row, read_form(MeetingOutcome, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="hold")
    except Conflict as error:
        return _settled(meeting_id, error)
    flash(_("Noted as held."), "good")
    return after(row.series, row)


def _settled(meeting_id: int, error: Conflict) -> tuple[str, int]:
    """The session as another has settled it meanwhile, with what was written for it and is not kept."""
    if error.code != "meeting_settled":
        raise error
    written = request.form.get("reason") or request.form.get("summary", "")
    row = meeting_for(actor(), meeting_id)
    return room_page(row, wrong="settled", status=409, sentence=error_sentence(error), written=written.strip())


@pages.post("/meetings/<int:meeting_id>/undo")
@signed_in
def undo(meeting_id: int) -> Answer:
    """It did not take place after all."""
    row = meeting_for(actor(), meeting_id)
    actions.undo_meeting(actor(), row)
    flash(_("Taken back. It counts no more, and the others have been told."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/excuse")
@signed_in
def excuse(meeting_id: int) -> Answer:
    """One of several cannot come."""
    row = meeting_for(actor(), meeting_id)
    actions.excuse_oneself(actor(), row)
    flash(_("Noted. Your time is free again, and the mentor has been told."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/come")
@signed_in
def come(meeting_id: int) -> Answer:
    """One of several comes after all."""
    row = meeting_for(actor(), meeting_id)
    actions.come_after_all(actor(), row)
    flash(_("You are expected again."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/present")
@signed_in
def present(meeting_id: int) -> Answer | tuple[str, int]:
    """One more was there after all."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.note_present(actor(), row, read_form(SomebodyPresent, request.form).person_id)
    except Invalid as error:
        return room_page(row, error, wrong="present")
    flash(_("Noted; it counts for them too."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/summary")
@signed_in
def summary(meeting_id: int) -> Answer | tuple[str, int]:
    """Better words for what it came to."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.write_summary(actor(), row, read_form(MeetingOutcome, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="summary")
    flash(_("Summary saved."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/cancel")
@signed_in
def cancel(meeting_id: int) -> Answer | tuple[str, int]:
    """Call it off."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.cancel_meeting(actor(), row, read_form(Cancelling, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="cancel")
    except Conflict as error:
        return _settled(meeting_id, error)
    flash(_("Cancelled. The others have been told."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/miss")
@signed_in
def miss(meeting_id: int) -> Answer | tuple[str, int]:
    """Somebody did not come."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.miss_meeting(actor(), row, read_form(Absence, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="miss")
    except Conflict as error:
        return _settled(meeting_id, error)
    flash(_("Noted. Plan another time when you are ready."), "good")
    return after(row.series, row)


@pages.post("/meetings/<int:meeting_id>/agenda")
@signed_in
def add_agenda_item(meeting_id: int) -> Answer | tuple[str, int]:
    """Put something on the agenda."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.add_agenda_item(actor(), row, read_form(AgendaText, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="agenda")
    return after(row.series, row, "agenda")


@pages.post("/meetings/agenda/<int:item_id>/tick")
@signed_in
def tick_agenda_item(item_id: int) -> Answer:
    """Tick an item, or take the tick back."""
    item = agenda_item_for(actor(), item_id)
    actions.tick_agenda_item(actor(), item, done=request.form.get("done") == "1")
    return after(item.meeting.series, item.meeting, "agenda")


@pages.post("/meetings/agenda/<int:item_id>/reword")
@signed_in
def reword_agenda_item(item_id: int) -> Answer | tuple[str, int]:
    """Put an item into other words."""
    item = agenda_item_for(actor(), item_id)
    try:
        actions.reword_agenda_item(actor(), item, read_form(AgendaText, request.form))
    except Invalid as error:
        return room_page(item.meeting, error, wrong=f"agenda-{item_id}")
    return after(item.meeting.series, item.meeting, "agenda")


@pages.post("/meetings/agenda/<int:item_id>/order")
@signed_in
def order_agenda_item(item_id: int) -> Answer:
    """Move an item up or down."""
    item = agenda_item_for(actor(), item_id)
    actions.move_agenda_item(actor(), item, up=request.form.get("up") == "1")
    return after(item.meeting.series, item.meeting, "agenda")


@pages.post("/meetings/agenda/<int:item_id>/drop")
@signed_in
def drop_agenda_item(item_id: int) -> Answer:
    """Take an item off."""
    item = agenda_item_for(actor(), item_id)
    row = item.meeting
    actions.drop_agenda_item(actor(), item)
    return after(row.series, row, "agenda")


@pages.post("/meetings/<int:meeting_id>/private")
@signed_in
def save_private_note(meeting_id: int) -> Answer | tuple[str, int]:
    """Keep what only the actor reads."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.save_private_note(actor(), row, read_form(PrivateText, request.form))
    except Invalid as error:
        return room_page(row, error, wrong="private")
    except Conflict as error:
        if error.code != "note_changed":
            raise
        return room_page(meeting_for(actor(), meeting_id), wrong="private_changed", status=409, mine=sent())
    flash(_("Your private note is saved."), "good")
    return after(row.series, row, "private")


@pages.post("/meetings/<int:meeting_id>/actions")
@signed_in
def agree_action_item(meeting_id: int) -> Answer | tuple[str, int]:
    """Write down who does what until when."""
    row = meeting_for(actor(), meeting_id)
    try:
        actions.agree_action_item(actor(), row.series, read_form(Promise, request.form), meeting=row)
    except Invalid as error:
        return room_page(row, error, wrong="actions")
    return after(row.series, row, "actions")


@pages.post("/meetings/actions/<int:item_id>")
@signed_in
def settle_action_item(item_id: int) -> Answer:
    """Done, dropped, or open again; then back to where the button stood."""
    item = action_item_for(actor(), item_id)
    series = series_for(actor(), item.series_id)
    actions.settle_action_item(actor(), item, series, request.form.get("state", ""))
    back = request.form.get("from", "")
    if back.isascii() and back.isdigit() and len(back) < 20:
        return redirect(url_for("meetings.meeting", meeting_id=int(back), _anchor="actions"), 303)
    return after(series)
