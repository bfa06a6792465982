"""A pair whose pages the tests open."""

from __future__ import annotations

from tests.mentoring.conftest import pair, paired

__all__ = ["pair", "paired"]
