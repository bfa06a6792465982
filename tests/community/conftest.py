from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.community.talk import Talk


@pytest.fixture
def talk(cast: Cast) -> Talk:
    """A community with a room, the mentor facilitating, the mentee belonging."""
    return Talk(cast)
