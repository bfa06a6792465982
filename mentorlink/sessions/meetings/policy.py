"""Who may do what with meetings: the members of a series, nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

from mentorlink.kernel.actor import Actor
from mentorlink.sessions.meetings.models import ActionItem, CalendarSource, Meeting, Series, TimeProposal


def may_begin_series(actor: Actor, person_ids: tuple[int, ...]) -> bool:
    """One of those who will meet, a programme manager's round, or the house."""
    return actor.is_system or actor.person_id in person_ids or any(g.role == "manager" for g in actor.grants)


def may_begin_many_series(actor: Actor) -> bool:
    """The house, for a round that was published."""
    return actor.is_system


def may_set_series_state(actor: Actor, series: Series) -> bool:
    """Who leads it, or the house."""
    return actor.is_system or leads(actor, series)


def may_change_members(actor: Actor, series: Series) -> bool:
    """The house, for whoever knows why these people meet: nobody adds people to a series of two."""
    return actor.is_system and series.host_id is not None


def may_plan_meeting(actor: Actor, series: Series) -> bool:
    """Who leads it plans and logs."""
    return actor.is_system or leads(actor, series)


def may_steer_meeting(actor: Actor, meeting: Meeting) -> bool:
    """Who leads the series moves, cancels and says how it went."""
    return actor.is_system or (leads(actor, meeting.series) and meets_in(actor, meeting))


def may_change_meeting(actor: Actor, meeting: Meeting) -> bool:
    """Every member who meets there writes agenda and notes."""
    return actor.is_system or meets_in(actor, meeting)


def may_say_whether_one_comes(actor: Actor, meeting: Meeting) -> bool:
    """A member of several who meet, for themselves; without who leads there is no meeting."""
    host_id = meeting.series.host_id
    return host_id is not None and not actor.is_person(host_id) and meets_in(actor, meeting)


def may_count_meeting(actor: Actor) -> bool:
    """The house: what several held counts in the series of each who was there."""
    return actor.is_system


def may_see_meeting(actor: Actor, meeting: Meeting) -> bool:
    """Who meets there; and who was there reads it for good, also after they left."""
    return meets_in(actor, meeting) or (actor.person_id is not None and actor.person_id in meeting.present_ids)


def may_write_private_note(actor: Actor, meeting: Meeting) -> bool:
    """Who sees the meeting, as themselves: not even the house writes in another's name."""
    return may_see_meeting(actor, meeting)


def may_say_afterwards(actor: Actor, meeting: Meeting) -> bool:
    """Who was there: in a series of two both were, where several meet it is counted."""
    return meets_in(actor, meeting) and (meeting.series.host_id is None or actor.person_id in meeting.present_ids)


def may_agree_action(actor: Actor, series: Series) -> bool:
    """Every member writes down who does what."""
    return actor.is_system or is_member(actor, series)


def may_change_action_item(actor: Actor, item: ActionItem, series: Series) -> bool:
    """Every member of the series the item belongs to; who came later, of what was agreed since."""
    if item.series_id != series.id:
        return False
    return actor.is_system or (is_member(actor, series) and _since(actor, series) <= item.created_at)


def may_remind(actor: Actor) -> bool:
    """Only the house itself reminds."""
    return actor.is_system


def may_propose_times(actor: Actor, series: Series) -> bool:
    """A member of a series of two: times to choose from need one who answers."""
    return series.host_id is None and is_member(actor, series)


def may_answer_times(actor: Actor, proposal: TimeProposal) -> bool:
    """Who was asked: every member but the one who proposed."""
    return is_member(actor, proposal.series) and not actor.is_person(proposal.proposed_by_id)


def may_withdraw_times(actor: Actor, proposal: TimeProposal) -> bool:
    """Who proposed them."""
    return actor.is_person(proposal.proposed_by_id)


def may_keep_calendar(actor: Actor) -> bool:
    """Anyone who is a person keeps their own hours and calendars."""
    return actor.person_id is not None


def may_change_calendar(actor: Actor, source: CalendarSource) -> bool:
    """One's own."""
    return actor.is_system or actor.is_person(source.person_id)


def may_fetch_calendars(actor: Actor) -> bool:
    """Only the house itself fetches."""
    return actor.is_system


def is_member(actor: Actor, series: Series) -> bool:
    """True for who meets in the series."""
    return actor.person_id is not None and any(member.person_id == actor.person_id for member in series.members)


def leads(actor: Actor, series: Series) -> bool:
    """A member, or where several meet the one who leads."""
    return is_member(actor, series) and (series.host_id is None or actor.is_person(series.host_id))


def meets_in(actor: Actor, meeting: Meeting) -> bool:
    """A member of its series, who was one when it began if they came later."""
    return is_member(actor, meeting.series) and _since(actor, meeting.series) <= meeting.starts_at


def _since(actor: Actor, series: Series) -> datetime:
    came = next((member.since for member in series.members if actor.is_person(member.person_id)), None)
    return came or datetime.min.replace(tzinfo=UTC)
