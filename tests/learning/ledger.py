"""What a test needs of the ledger that the house refuses."""

from __future__ import annotations

import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.learning.models.periods import GUARDS, UNGUARDS


def without_guards(*statements: sa.Executable) -> None:
    """Run statements that the database's guards refuse, and put the guards back."""
    dialect = db.engine.dialect.name
    for guard in UNGUARDS[dialect]:
        db.session.execute(sa.text(guard))
    for statement in statements:
        db.session.execute(statement)
    for guard in GUARDS[dialect]:
        db.session.execute(sa.text(guard))
    db.session.commit()
