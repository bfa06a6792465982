"""0015 wrong codes of gatherings, and devices that are told"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows of wrong codes, and of devices that are told."""
    op.create_table(
        "gathering_code_try",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, comment="wrong ones since the last wait"),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gathering_id"], ["gathering.id"], name="fk_gathering_code_try_gathering_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_gathering_code_try_person_id"),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", name="pk_gathering_code_try"),
    )
    op.create_index("ix_gathering_code_try_person_id", "gathering_code_try", ["person_id"])
    op.create_table(
        "push_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=True, comment="signing out there ends it; sign-ins that ran out do not"),
        sa.Column("endpoint", sa.LargeBinary(), nullable=False, comment="address at the push service: who knows it may send"),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False, comment="SHA-256: the same browser stands once"),
        sa.Column("public", sa.LargeBinary(), nullable=False, comment="the browser's key: point on P-256, url-safe base64"),
        sa.Column(
            "shared",
            sa.LargeBinary(),
            nullable=False,
            comment="16 bytes that the browser shares with whoever it subscribed to",
        ),
        sa.Column(
            "user_agent",
            sa.String(length=300),
            nullable=False,
            comment="what the browser says of itself, to name it in the list",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True, comment="when its service last took something"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_push_device_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_push_device"),
        sa.UniqueConstraint("endpoint_hash", name="uq_push_device_endpoint_hash"),
    )
    op.create_index("ix_push_device_person_id", "push_device", ["person_id"])
    op.create_index("ix_push_device_sign_in_id", "push_device", ["sign_in_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("push_device")
    op.drop_table("gathering_code_try")
