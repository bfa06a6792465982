"""0010 rooms: topics that are settled, moved and merged, reactions, polls, files, pins, choices, search"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OLD_KINDS = "kind IN ('posted', 'edited', 'deleted', 'topic', 'renamed', 'joined', 'left')"
KINDS = "kind IN ('posted', 'edited', 'deleted', 'changed', 'topic', 'renamed', 'settled', 'moved', 'joined', 'left')"
FOLDED = "kernel.text.fold(title); of a merged topic ~id, so that its title is free"
KIND = "changed: what a message shows beside its words; settled: how a topic stands; moved: messages came to the topic"
LEXEMES = "array_to_tsvector(string_to_array(words, ' '))"


def upgrade() -> None:
    """Rooms as learning communities need them."""
    _topics()
    _messages()
    _choices()
    _search()


def _topics() -> None:
    comment = "where its messages are now; it stays as a way there and is listed no more"
    with op.batch_alter_table("topic") as batch:
        batch.add_column(sa.Column("resolved_at", sa.DateTime(timezone=True), comment="settled; it can still be written in"))
        batch.add_column(sa.Column("resolved_by_id", sa.Integer()))
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), comment=comment))
        batch.create_foreign_key(op.f("fk_topic_resolved_by_id"), "person", ["resolved_by_id"], ["id"])
        batch.create_foreign_key(op.f("fk_topic_merged_into_id"), "topic", ["merged_into_id"], ["id"])
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("topic", "folded_title", comment=FOLDED, existing_type=sa.String(120), existing_nullable=False)
        op.alter_column("room_event", "kind", comment=KIND, existing_type=sa.String(10), existing_nullable=False)
    with op.batch_alter_table("room_event") as batch:
        batch.add_column(sa.Column("from_topic_id", sa.Integer(), comment="of moved: where they stood before"))
        batch.create_foreign_key(op.f("fk_room_event_from_topic_id"), "topic", ["from_topic_id"], ["id"])
        if op.get_bind().dialect.name == "postgresql":  # SQLite's copy of the table leaves the old one behind
            batch.drop_constraint(op.f("ck_room_event_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_room_event_kind"), KINDS)


def _messages() -> None:
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("pinned_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("pinned_by_id", sa.Integer()))
        batch.add_column(
            sa.Column(
                "extras",
                JSON,
                nullable=False,
                server_default="{}",
                comment=(
                    "what it shows beside its words, gathered at each change: reactions, files, poll; the rows are the truth"
                ),
            )
        )
        batch.create_foreign_key(op.f("fk_message_pinned_by_id"), "person", ["pinned_by_id"], ["id"])
    with op.batch_alter_table("message") as batch:
        batch.alter_column("extras", server_default=None)
    pinned = sa.text("pinned_at IS NOT NULL")
    op.create_index("ix_message_pinned", "message", ["topic_id"], sqlite_where=pinned, postgresql_where=pinned)
    op.create_table(
        "reaction",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code IN ('like', 'thanks', 'agree', 'idea', 'celebrate', 'question')", name=op.f("ck_reaction_code")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reaction_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reaction_person_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", "code", name=op.f("pk_reaction")),
    )
    op.create_index(op.f("ix_reaction_person_id"), "reaction", ["person_id"])
    op.create_table(
        "message_competency",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_competency_message_id")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_message_competency_competency_id")),
        sa.PrimaryKeyConstraint("message_id", "competency_id", name=op.f("pk_message_competency")),
    )
    op.create_index(op.f("ix_message_competency_competency_id"), "message_competency", ["competency_id"])
    op.create_table(
        "poll",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("options", JSON, nullable=False, comment="in the order shown; a vote names the place, from 0"),
        sa.Column("many", sa.Boolean(), nullable=False, comment="more than one option may be chosen"),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_poll_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_poll")),
    )
    op.create_table(
        "poll_vote",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["message_id"], ["poll.message_id"], name=op.f("fk_poll_vote_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_poll_vote_person_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", "option", name=op.f("pk_poll_vote")),
    )
    op.create_index(op.f("ix_poll_vote_person_id"), "poll_vote", ["person_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False, comment="as shown and taken away; never a path"),
        sa.Column("kind", sa.String(length=8), nullable=False,
                  comment="image: drawn anew by us; document: handed out to keep, never shown"),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes that are kept"),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('image', 'document')", name=op.f("ck_attachment_kind")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_attachment_room_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_attachment_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attachment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )  # fmt: skip
    for column in ("room_id", "message_id", "person_id", "created_at"):
        op.create_index(op.f(f"ix_attachment_{column}"), "attachment", [column])
    op.create_table(
        "attachment_content",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), comment="of an image: what the talk shows"),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_content_attachment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_content")),
    )


def _choices() -> None:
    for name, codes in (("topic", "choice IN ('follow', 'mute')"), ("room", "choice = 'mute'")):
        table, column = f"{name}_choice", f"{name}_id"
        op.create_table(
            table,
            sa.Column("person_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.Column("choice", sa.String(length=6), nullable=False),
            sa.CheckConstraint(codes, name=op.f(f"ck_{table}_choice")),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id")),
            sa.ForeignKeyConstraint([column], [f"{name}.id"], name=op.f(f"fk_{table}_{column}")),
            sa.PrimaryKeyConstraint("person_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _search() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="the newer thing has the higher number"),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "words",
            sa.Text(),
            nullable=False,
            comment=("stems with a blank between, and filters as words that no text has: _c12 community, _r room, _t topic …"),
        ),
        sa.CheckConstraint(
            "kind IN ('message', 'topic', 'room', 'page', 'question', 'material')", name=op.f("ck_search_entry_kind")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_search_entry_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "thing_id", name=op.f("uq_search_entry_kind_thing_id")),
    )
    for column in ("community_id", "at"):
        op.create_index(op.f(f"ix_search_entry_{column}"), "search_entry", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX search_words ON search_entry USING gin ({LEXEMES})")
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='id', detail=none, "
        "columnsize=0, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )
    gone = "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);"
    come = "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);"
    for name, deed, does in (
        ("put", "INSERT", come),
        ("drop", "DELETE", gone),
        ("change", "UPDATE OF words", gone + come),
    ):
        op.execute(f"CREATE TRIGGER search_words_{name} AFTER {deed} ON search_entry BEGIN {does} END")


def downgrade() -> None:
    """Back to rooms with topics and messages alone."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE search_words")
    for table in ("search_entry", "room_choice", "topic_choice", "attachment_content", "attachment", "poll_vote", "poll",
                  "message_competency", "reaction"):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_message_pinned", "message")
    with op.batch_alter_table("message") as batch:
        for column in ("pinned_at", "pinned_by_id", "extras"):
            batch.drop_column(column)
    op.execute("DELETE FROM room_event WHERE kind IN ('changed', 'settled', 'moved')")
    with op.batch_alter_table("room_event") as batch:
        batch.drop_column("from_topic_id")
        if op.get_bind().dialect.name == "postgresql":
            batch.drop_constraint(op.f("ck_room_event_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_room_event_kind"), OLD_KINDS)
    with op.batch_alter_table("topic") as batch:
        for column in ("resolved_at", "resolved_by_id", "merged_into_id"):
            batch.drop_column(column)
