"""Use cases of the learning record."""

from mentorlink.learning.actions.certificates import issue_certificate
from mentorlink.learning.actions.claims import change_claim, claim_hours, decide_claim, reverse_claim, withdraw_claim
from mentorlink.learning.actions.hours import credit_deed, credit_year, withdraw_deed
from mentorlink.learning.actions.plans import add_line, begin_plan, change_line, note_plans_taken, remove_line, take_plan_step
from mentorlink.learning.actions.rules import load_hours_rule, save_hours_rule

__all__ = [
    "add_line",
    "begin_plan",
    "change_claim",
    "change_line",
    "claim_hours",
    "credit_deed",
    "credit_year",
    "decide_claim",
    "issue_certificate",
    "load_hours_rule",
    "note_plans_taken",
    "remove_line",
    "reverse_claim",
    "save_hours_rule",
    "take_plan_step",
    "withdraw_claim",
    "withdraw_deed",
]
