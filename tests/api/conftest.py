"""The pair of mentoring and the two of coaching, for whoever tests them through the API."""

from __future__ import annotations

from tests.coaching.conftest import two
from tests.mentoring.conftest import pair

__all__ = ["pair", "two"]
