"""The pair of mentoring and the two of coaching, for whoever tests them through the API."""

from __future__ import annotations

from tests.coaching.conftest import begun, two
from tests.mentoring.conftest import pair, paired

__all__ = ["begun", "pair", "paired", "two"]
