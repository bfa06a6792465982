"""Rows of the learning record: the hours and their rules, what is claimed, the plan of a year."""

from mentorlink.learning.models.claims import Claim, Evidence
from mentorlink.learning.models.hours import Certificate, HoursEntry, HoursRule
from mentorlink.learning.models.plans import DevelopmentPlan, PlanLine

__all__ = ["Certificate", "Claim", "DevelopmentPlan", "Evidence", "HoursEntry", "HoursRule", "PlanLine"]
