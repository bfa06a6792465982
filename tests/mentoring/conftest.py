"""A pair for every test of mentoring."""

import pytest

from tests.cast import Cast
from tests.mentoring.pair import Pair


@pytest.fixture
def pair(cast: Cast) -> Pair:
    """The cast's mentor and mentee in the first stage, working on two competencies (levels 1 and 2 of 3)."""
    return Pair(cast)
