"""A pair whose meetings the tests hold."""

from __future__ import annotations

from tests.mentoring.conftest import pair, paired

__all__ = ["pair", "paired"]
