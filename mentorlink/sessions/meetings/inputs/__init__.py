"""What the use cases of meetings take from outside."""

from mentorlink.sessions.meetings.inputs.papers import Absence, AgendaText, MeetingOutcome, Notes, PrivateText, Promise, Reason
from mentorlink.sessions.meetings.inputs.planning import MeetingLog, MeetingPlan, MeetingTime

__all__ = [
    "Absence",
    "AgendaText",
    "MeetingLog",
    "MeetingOutcome",
    "MeetingPlan",
    "MeetingTime",
    "Notes",
    "PrivateText",
    "Promise",
    "Reason",
]
