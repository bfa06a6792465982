"""A coach and a coachee to drive."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.coaching.two import Two


@pytest.fixture
def two(cast: Cast) -> Two:
    """The mentor of the cast coaches the mentee; they are at their first talk."""
    return Two(cast)
