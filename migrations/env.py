"""How Alembic reaches the database: batch mode on SQLite, foreign keys off meanwhile and checked at the end."""

import sqlalchemy as sa
from alembic import context
from sqlalchemy.pool import NullPool

from mentorlink.app import import_rows
from mentorlink.kernel.db import Instant, Json, Secret, SecretJson, in_schema, metadata

import_rows()


def render_item(kind, item, autogenerate_context):
    """Write our column types as plain SQLAlchemy, so that a migration stays what it was when the code moves on."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Secret | SecretJson):
        return "sa.LargeBinary()"
    if isinstance(item, Json):
        autogenerate_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


engine = sa.create_engine(context.config.attributes["url"], poolclass=NullPool)

with engine.connect() as connection:
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=on_sqlite,
        compare_type=True,
        render_item=render_item,
        include_name=in_schema,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if on_sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left rows without their parents: {broken[:5]}")
