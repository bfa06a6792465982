"""0019 commons: search tells questions, and what every colleague may read, from the rest"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN_MATERIAL = "SELECT id FROM material WHERE open_to = 'agency'"
OPEN_PAGES = "SELECT id FROM knowledge_page WHERE open_to = 'agency' AND reviewed_version = version AND state <> 'withdrawn'"
FACETS = {
    "_kquestion": "kind = 'topic' AND thing_id IN (SELECT topic_id FROM community_question)",
    "_oagency": f"(kind = 'material' AND thing_id IN ({OPEN_MATERIAL})) OR (kind = 'page' AND thing_id IN ({OPEN_PAGES}))",
}


def upgrade() -> None:
    """Add the filters to what is there."""
    for word, which in FACETS.items():
        op.execute(f"UPDATE search_entry SET words = '{word} ' || words WHERE {which}")  # noqa: S608  # nothing from outside


def downgrade() -> None:
    """Take them out."""
    for word in FACETS:
        op.execute(f"UPDATE search_entry SET words = replace(words, '{word} ', '') WHERE words LIKE '{word} %'")  # noqa: S608
