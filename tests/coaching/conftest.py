"""A coach and a coachee to drive."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.coaching.two import Two
from tests.databases import Databases


@pytest.fixture
def begun(cast: Cast, databases: Databases) -> int:
    """The id of an engagement in which the mentor of the cast coaches the mentee; they are at their first talk."""
    return int(databases.once("begun", cast, lambda: Two(cast).id))


@pytest.fixture
def two(cast: Cast, begun: int) -> Two:
    """The two of it."""
    return Two(cast, begun=begun)
