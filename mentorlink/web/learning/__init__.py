"""Pages of the learning record: hours and claims, plans, units' sums, the rule, periods, certificates."""

from mentorlink.web.learning import certificates, claims, hours, periods, plans, rules, sums
from mentorlink.web.learning.blueprint import pages

__all__ = ["certificates", "claims", "hours", "pages", "periods", "plans", "rules", "sums"]
