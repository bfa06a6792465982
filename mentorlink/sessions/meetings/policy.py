"""Who may do what with meetings: the members of a series, nobody else."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor
from mentorlink.sessions.meetings.models import ActionItem, CalendarSource, Meeting, Series, TimeProposal


def may_begin_series(actor: Actor, person_ids: tuple[int, ...]) -> bool:
    """One of those who will meet, a programme manager's round, or the house."""
    return actor.is_system or actor.person_id in person_ids or any(g.role == "manager" for g in actor.grants)


def may_begin_many_series(actor: Actor) -> bool:
    """The house, for a round that was published."""
    return actor.is_system


def may_set_series_state(actor: Actor, series: Series) -> bool:
    """A member, or the house."""
    return actor.is_system or is_member(actor, series)


def may_plan_meeting(actor: Actor, series: Series) -> bool:
    """A member plans and logs."""
    return actor.is_system or is_member(actor, series)


def may_change_meeting(actor: Actor, meeting: Meeting) -> bool:
    """Every member moves, cancels, records and writes."""
    return actor.is_system or is_member(actor, meeting.series)


def may_write_private_note(actor: Actor, meeting: Meeting) -> bool:
    """A member, as themselves: not even the house writes in another's name."""
    return is_member(actor, meeting.series)


def may_change_action_item(actor: Actor, item: ActionItem, series: Series) -> bool:
    """Every member of the series the item belongs to."""
    return item.series_id == series.id and (actor.is_system or is_member(actor, series))


def may_remind(actor: Actor) -> bool:
    """Only the house itself reminds."""
    return actor.is_system


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
