"""Writes tests/one_database.txt: the tests that PostgreSQL need not run once more.

    .venv/bin/python scripts/one_database.py

A test is left out there when every statement it sends is sent by tests that run on both databases. Those are: all that speak
of what databases do differently (``ALWAYS``, ``BY_NAME``), and of the others the cheapest that together send the rest. A test
that is not in the list runs on both, so a new one does until this is run again.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "one_database.txt"

ALWAYS = ("tests/kernel/", "tests/cli/", "tests/mentoring/test_races.py", "tests/house/test_database.py")
"""What is about the database itself."""

BY_NAME = re.compile(
    # many at one time, and the same once more
    "at_once|at_one|at_the_same|same_time|together|of_two|two_who|of_many|twenty|race|lock|twice|again|doubl|unique|conflict|stale"
    "|meanwhile|retr|redone|fails|first_wins|wins"
    # in which order, how much of it, and what counts as the same
    "|in_order|sorted|newest|oldest|search|letters|bounds|huge|beyond|rows|page_at"
    # what is counted and when
    "|sum|share|percent|median|average|figure|count|zone|midnight|instant"
)
"""Names of tests whose statements may mean another thing on another database."""

NUMBERS = re.compile(r"\(\?(?:, *\?)*\)(?:, \(\?(?:, *\?)*\))*")


class Listener:
    """Notes which statements each test sends, and the time it takes."""

    def __init__(self) -> None:
        self.sent: defaultdict[str, set[str]] = defaultdict(set)
        self.cost: defaultdict[str, float] = defaultdict(float)
        self.test: str | None = None
        sa.event.listen(sa.Engine, "before_cursor_execute", self.hear)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Listen to one test."""
        self.test, started = item.nodeid.split("[")[0], time.process_time()
        self.sent[self.test]  # there, however silent
        result = yield
        self.cost[self.test] += time.process_time() - started
        self.test = None
        return result  # type: ignore[return-value]  # pluggy hands through what a wrapper returns

    def hear(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        """One statement, however many values it lists."""
        if self.test is not None:
            self.sent[self.test].add(NUMBERS.sub("(?)", statement))


def chosen(sent: dict[str, set[str]], cost: dict[str, float]) -> set[str]:
    """The tests to run on both databases: they send every statement there is."""
    wanted = {test for test in sent if test.startswith(ALWAYS) or BY_NAME.search(test.split("::")[1])}
    found = set(wanted)
    missing = set().union(*sent.values()).difference(*(sent[test] for test in found))
    while missing:
        best = max(sorted(set(sent) - found), key=lambda test: len(sent[test] & missing) / (cost[test] + 0.01))
        found.add(best)
        missing -= sent[best]
    often = Counter(statement for test in found for statement in sent[test])
    for test in sorted(found - wanted, key=lambda test: -cost[test]):
        if all(often[statement] > 1 for statement in sent[test]):  # those that were found later send it all
            found.remove(test)
            often.subtract(sent[test])
    return found


def main() -> int:
    """Run the tests on SQLite and write the list."""
    LIST.write_text("")
    listener = Listener()
    unseen = ("--ignore", "tests/live", "--ignore", "tests/browser")  # their statements are sent by other processes
    code = pytest.main(["-n", "0", "-p", "no:randomly", "-m", "not one_database", *unseen], plugins=[listener])
    left_out = sorted(set(listener.sent) - chosen(listener.sent, listener.cost))
    LIST.write_text("".join(f"{test}\n" for test in left_out))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
