"""A pair for every test of mentoring."""

from datetime import date

import pytest

from mentorlink.kernel.actor import Actor
from mentorlink.learning.actions import load_hours_rule
from tests.cast import Cast
from tests.databases import Databases
from tests.mentoring.pair import Pair


@pytest.fixture
def paired(cast: Cast, databases: Databases) -> int:
    """The id of a mentorship of the cast's mentor and mentee in the first stage, on two competencies (levels 1 and 2 of 3)."""

    def make() -> int:
        load_hours_rule(Actor.system(), valid_from=date(2020, 1, 1))
        return Pair(cast).id

    return int(databases.once("paired", cast, make))


@pytest.fixture
def pair(cast: Cast, paired: int) -> Pair:
    """The two of it."""
    found = Pair(cast, start=False)
    found.id = paired
    return found
