"""What the use cases of meetings take from outside."""

from mentorlink.sessions.meetings.inputs.hours import CalendarAddress, CalendarName, ExceptionInput, HoursInput
from mentorlink.sessions.meetings.inputs.papers import (
    Absence,
    AgendaText,
    Cancelling,
    MeetingOutcome,
    PrivateText,
    Promise,
    Reason,
    SomebodyPresent,
)
from mentorlink.sessions.meetings.inputs.planning import MOST_TIMES, MeetingLog, MeetingPlan, MeetingTime, NoTime

__all__ = [
    "MOST_TIMES",
    "Absence",
    "AgendaText",
    "CalendarAddress",
    "CalendarName",
    "Cancelling",
    "ExceptionInput",
    "HoursInput",
    "MeetingLog",
    "MeetingOutcome",
    "MeetingPlan",
    "MeetingTime",
    "NoTime",
    "PrivateText",
    "Promise",
    "Reason",
    "SomebodyPresent",
]
