"""A pair that others care for."""

from __future__ import annotations

from tests.mentoring.conftest import pair, paired

__all__ = ["pair", "paired"]
