"""Everything about me is in my record, or is left out for a reason that is told: a new table cannot be forgotten."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.sql import visitors

from mentorlink.insights.queries.record import LEFT_OUT, REASONS, THEMES, parts_of, record_counts_for, record_for
from mentorlink.insights.queries.record.fates import FATES, KEPT
from mentorlink.kernel.db import metadata
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.stages import ERASABLE
from mentorlink.web.learning.record import fate_name, field_name, part_name, reason_name, section_name, seen_by, theme_name
from tests.cast import Cast
from tests.queries import count_queries


def naming_a_person() -> set[str]:
    """Every column of the database that names a person."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    }


def told() -> set[str]:
    """Columns by which a part of the record finds what is somebody's: read from its query."""
    found = set()
    for _theme, part in parts_of(1):
        clause = part.query.whereclause
        assert clause is not None
        for each in visitors.iterate(clause):
            if isinstance(each, sa.BinaryExpression) and isinstance(each.right, sa.BindParameter) and each.right.value == 1:
                found.add(f"{each.left.table.name}.{each.left.name}")  # type: ignore[union-attr]
    return found


@pytest.mark.one_database
def test_every_column_that_names_a_person_is_in_the_record_or_left_out_for_a_reason() -> None:
    assert naming_a_person() - told() - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) - naming_a_person() == set()
    assert told() & set(LEFT_OUT) == set()
    assert set(LEFT_OUT.values()) == set(REASONS)


def test_every_part_has_words_and_a_name_of_its_own(cast: Cast) -> None:
    parts = [part for _theme, part in parts_of(cast.mentee.id)]
    assert max(Counter(part.code for part in parts).values()) == 1
    with cast.app.test_request_context():
        for part in parts:
            assert all(map(str, (section_name(part.code), seen_by(part.seen_by), *map(field_name, part.fields))))
        assert all(map(theme_name, THEMES))
        assert all(map(reason_name, REASONS))
        assert all(map(part_name, ERASABLE))
        kept = [str(fate_name(each)) for each in KEPT]
        assert len({*kept, str(fate_name("profile"))}) == len(KEPT) + 1


@pytest.mark.one_database
def test_of_every_part_it_is_said_whether_a_deletion_reaches_it() -> None:
    assert set(FATES) == {"profile", *(part.code for _theme, part in parts_of(1))}
    assert set(FATES.values()) == {*ERASABLE, *KEPT}


def test_the_record_asks_once_for_each_part_whoever_reads_it(cast: Cast) -> None:
    actor = cast.actor(cast.mentee)
    with count_queries() as queries:
        sections = record_for(actor, cast.mentee)
    assert len(sections) == 1 + len(list(parts_of(1)))
    assert len(queries) <= len(sections) + 3


def test_the_page_counts_what_the_record_holds_in_a_handful_of_statements(cast: Cast) -> None:
    person, actor = cast.mentee, cast.actor(cast.mentee)
    with count_queries() as queries:
        kept = record_counts_for(actor, person)
    assert len(queries) <= 5
    assert [(each.theme, each.code, each.seen_by, each.count) for each in kept] == [
        (section.theme, section.code, section.seen_by, len(section.rows)) for section in record_for(actor, person)
    ]
    with pytest.raises(NotFound):
        record_counts_for(cast.actor(cast.mentor), person)
