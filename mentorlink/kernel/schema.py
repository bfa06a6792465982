"""Which schema this code needs, and which one the database has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from mentorlink.kernel.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


@cache
def needed() -> str:
    """The newest migration that came with this code."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def there() -> str:
    """The newest migration that the database has had; "" where it never had one."""
    return db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""
