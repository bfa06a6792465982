"""A pair that others care for."""

from datetime import date

import pytest

from mentorlink.kernel.actor import Actor
from mentorlink.learning.actions import load_hours_rule
from tests.cast import Cast
from tests.mentoring.pair import Pair


@pytest.fixture
def pair(cast: Cast) -> Pair:
    """The cast's mentor and mentee."""
    load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
    return Pair(cast)
