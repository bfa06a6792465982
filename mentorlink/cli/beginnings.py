"""What stands in every agency's database before the first person comes."""

from __future__ import annotations

from datetime import date

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.learning.actions import load_hours_rule, load_index_rule
from mentorlink.programmes.actions import load_reference
from mentorlink.sessions.mentoring.actions import load_stage_rule


def load_beginnings() -> None:
    """Load the reference tables, the programme, the rules of hours, of the index and of the stages; what is there stays."""
    load_reference(Actor.system())
    load_hours_rule(Actor.system(), valid_from=date(clock.today().year - 2, 1, 1))
    load_index_rule(Actor.system(), valid_from=date(clock.today().year - 2, 1, 1))
    load_stage_rule(Actor.system(), valid_from=date(clock.today().year - 2, 1, 1))
