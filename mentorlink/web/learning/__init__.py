"""Pages of the learning record: hours and claims, the plan of a year, what units plan together, the rule of hours."""

from mentorlink.web.learning import claims, hours, plans, rules, sums
from mentorlink.web.learning.blueprint import pages

__all__ = ["claims", "hours", "pages", "plans", "rules", "sums"]
