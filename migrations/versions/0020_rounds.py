"""0020 rounds: a stop of the slider is taken by a job; lists beside a request that came to nothing are noted"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

DOORS = "door IN ('find', 'home', 'api', 'instead')"
OLD_DOORS = "door IN ('find', 'home', 'api')"
DOOR, OLD_DOOR = "find, home, api or instead", "find, home or api"
ASKED = "the draft is being brought to this stop by a job; closed until then"


def upgrade() -> None:
    """Two columns, and one more door."""
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("stop_asked", sa.Integer(), nullable=True, comment=ASKED))
        batch.add_column(sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True))
    _doors(DOORS, DOOR)


def downgrade() -> None:
    """Lists of the new door go."""
    op.execute("DELETE FROM shown_person WHERE list_id IN (SELECT id FROM shown_list WHERE door = 'instead')")
    op.execute("DELETE FROM shown_list WHERE door = 'instead'")
    _doors(OLD_DOORS, OLD_DOOR)
    with op.batch_alter_table("round") as batch:
        batch.drop_column("stop_asked_at")
        batch.drop_column("stop_asked")


def _doors(condition: str, comment: str) -> None:
    with op.batch_alter_table("shown_list") as batch:
        if op.get_bind().dialect.name == "postgresql":  # SQLite's copy of the table leaves the old one behind
            batch.drop_constraint(op.f("ck_shown_list_door"), type_="check")
            batch.alter_column("door", comment=comment, existing_type=sa.String(10), existing_nullable=False)
        batch.create_check_constraint(op.f("ck_shown_list_door"), condition)
