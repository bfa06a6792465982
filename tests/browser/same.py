"""``python -m tests.browser.same ONE OTHER``: says where two demo agencies, made on one day by two processes, differ.

Compared is every row of every table, but for what comes from the clock, from a secret or from chance by intent: moments,
sealed and hashed columns, tokens, and how long a computation took.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

BY_CHANCE = re.compile(r"token|hash|secret|key|client_id|sha256|uid|dedupe")
CHANCE = {
    "certificate": {"code"}, "gathering": {"code"}, "hours_evidence": {"stored_name"}, "room_event": {"stamp"},
    "round_run": {"phase"}, "notice": {"id"},
}  # fmt: skip
"""What else is drawn anew each time, or stands as far as a thread had come."""
NOT_OF_THE_SEED = {"task", "pool_state", "pool_words", "audit_entry", "shown_list", "shown_person", "attempt", "sign_in"}
"""Jobs done or not yet, what a process keeps for itself, who came by."""


def differences(one: Path, other: Path) -> Iterator[str]:
    """Table: how many rows each side has alone, and the first of them."""
    with (
        closing(sqlite3.connect(f"file:{one}?mode=ro", uri=True)) as a,
        closing(sqlite3.connect(f"file:{other}?mode=ro", uri=True)) as b,
    ):
        for (table,) in a.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            if table in NOT_OF_THE_SEED or table.startswith(("search_", "sqlite_", "alembic")):
                continue
            mine, theirs = _rows(a, table), _rows(b, table)
            if mine != theirs:
                alone = [row for row in mine if row not in set(theirs)], [row for row in theirs if row not in set(mine)]
                yield f"{table}: {len(alone[0])} and {len(alone[1])} rows differ, first {alone[0][:1]} and {alone[1][:1]}"


def _rows(database: sqlite3.Connection, table: str) -> list[str]:
    columns = [
        name
        for _place, name, kind, *_more in database.execute(f'PRAGMA table_info("{table}")')
        if kind.upper() not in ("DATETIME", "BLOB") and not BY_CHANCE.search(name) and name not in CHANCE.get(table, ())
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    return sorted(repr([_plain(value) for value in row]) for row in database.execute(f'SELECT {names} FROM "{table}"'))


def _plain(value: Any) -> Any:
    """A value without how long something took, and without the hour of the day."""
    if isinstance(value, str) and value.startswith("{") and '"seconds"' in value:
        return {name: each for name, each in json.loads(value).items() if name != "seconds"}
    return re.sub(r"T\d\d:\d\d:\d\d(\.\d+)?\+00:00", "", value) if isinstance(value, str) else value


if __name__ == "__main__":
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(found) or "the same")
    sys.exit(bool(found))
