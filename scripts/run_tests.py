"""Runs the tests: on SQLite, then those that touch a database once more on PostgreSQL, with a browser where there is one.

    ./test            everything
    ./test --quick    without browsers, PostgreSQL and what is marked slow
    ./test PATHS …    what pytest is told, on SQLite

``MENTORLINK_TEST_ALL=1`` fails if something had to be left out.
"""

from __future__ import annotations

import ctypes.util
import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.program import chromium

SOME_FAILED = 1
"""How pytest ends when tests ran and some failed."""

FAILED_ONCE: list[str] = []
"""Names of tests that failed beside others."""

IN_A_BROWSER = ("tests/browser", "tests/live")
"""Where tests that drive a browser stand."""

CORES = min(4, os.cpu_count() or 2)


STEALING = ("--dist", "worksteal")
"""Each process has a share of the tests, and takes from the others' when it is done: little talk for thousands of small tests."""

ONE_BY_ONE = ("--dist", "load", "--maxschedchunk", "1")
"""Whoever is free takes the next: for few long tests."""


def say(line: str) -> None:
    """One line of what happens."""
    print(f"· {line}", flush=True)


def pytest(*arguments: str, **environment: str) -> int:
    """Run pytest; no tests collected counts as failure."""
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=os.environ | environment)


def side_by_side(processes: int, marks: str, *more: str, **environment: str) -> int:
    """Run tests in several processes; what failed beside others is tried once more alone, and named at the end.

    Pages, sockets and threads wait for each other with limits; on a machine that does four things at once one of them may run
    out. A fault of the product fails alone as well; one that shows itself only beside others is to be looked for where the same
    name is told again and again.
    """
    wanted = ("-m", marks, *more)
    code = pytest("-n", str(processes), *wanted, **environment)
    if code != SOME_FAILED:
        return code
    say("what failed beside others is tried once more, alone")
    FAILED_ONCE.extend(last_failed())
    return pytest("-n", "0", "--last-failed", "--last-failed-no-failures=none", *wanted, **environment)


def last_failed() -> list[str]:
    """The tests that failed in the run before, by pytest's own note."""
    note = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return sorted(json.loads(note.read_text(encoding="utf-8"))) if note.is_file() else []


def postgres_folder() -> Path | None:
    """Where PostgreSQL's server programs are, the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """A throwaway PostgreSQL server on a free port; yields the address that the tests take."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    memory = Path("/dev/shm")  # noqa: S108  # what is thrown away need not reach a disk
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="mentorlink-pg-", dir=memory if roomy else None))
    port = free_port()
    try:
        if as_postgres:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        run = functools.partial(subprocess.run, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        run([*as_postgres, programs / "initdb", "-D", data, "-U", "mentorlink", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
        settings = (
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "jit=off",
            "autovacuum=off",
            "max_connections=200",
            "join_collapse_limit=1",  # planning would take longer than reading the few rows there are
        )
        speed = " ".join(f"-c {setting}" for setting in settings)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} {speed}"
        run([*as_postgres, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql+psycopg://mentorlink@127.0.0.1:{port}"
        finally:
            run([*as_postgres, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo_agency(wanted: bool) -> Iterator[Callable[[], str]]:
    """Make the demo agency that browsers walk through, while other tests run; what is yielded waits for it and names its file."""
    with tempfile.TemporaryDirectory(prefix="mentorlink-demo-") as folder:
        os.environ["MENTORLINK_TEST_TEMPLATES"] = folder
        file = Path(folder) / "demo.db"
        making = subprocess.Popen([sys.executable, "-m", "tests.browser.making", str(file)], cwd=ROOT) if wanted else None

        def made() -> str:
            return str(file) if making and making.wait() == 0 else ""

        try:
            yield made
        finally:
            if making:
                making.kill()
                making.wait()


def main(arguments: list[str]) -> int:
    """Run what ``arguments`` ask for; returns the exit code."""
    started = time.monotonic()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a dozen processes follow, and each would compile everything anew
    if arguments and arguments[0] != "--quick":
        return pytest(*arguments)
    if arguments:
        say("quick: without browsers, PostgreSQL and slow tests")
        return pytest("-n", str(CORES), *STEALING, "-m", "not browser and not slow", *arguments[1:])
    left_out, results = [], []
    browser = chromium()
    with demo_agency(browser is not None) as demo:
        say(f"tests on SQLite, with {CORES} processes")
        results.append(side_by_side(CORES, "not browser", *STEALING))
        programs = postgres_folder()
        if programs:
            say("the same on PostgreSQL")
            with postgres(programs) as address:
                results.append(
                    side_by_side(CORES, "not browser and not one_database", *STEALING, MENTORLINK_TEST_POSTGRES=address)
                )
        else:
            left_out.append("PostgreSQL (add it with: apt-get install postgresql)")
        if browser:
            say("in a browser")  # pages wait for much that needs no processor
            environment = {"MENTORLINK_CHROMIUM": browser, "MENTORLINK_TEST_DEMO": demo()}
            results.append(side_by_side(2 * CORES, "browser", *ONE_BY_ONE, *IN_A_BROWSER, **environment))
        else:
            left_out.append("the browser tests (add them with: apt-get install chromium-headless-shell)")
    if not shutil.which("redis-server"):
        left_out.append("two workers with Redis between them (add it with: apt-get install redis-server)")
    if not shutil.which("node"):
        left_out.append("the official JavaScript client outside a browser (add it with: apt-get install nodejs)")
    if not ctypes.util.find_library("pango-1.0"):
        left_out.append("PDF papers (add them with: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)")
    for what in left_out:
        say(f"left out: {what}")
    for name in FAILED_ONCE:
        say(f"failed beside others, and was tried again alone: {name}")
    say(f"{time.monotonic() - started:.0f} s")
    if left_out and os.environ.get("MENTORLINK_TEST_ALL"):
        return 1
    return max(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
