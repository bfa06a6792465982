"""Runs the tests: on SQLite, beside them on PostgreSQL those that say something about it, then with a browser where there is one.

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
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.program import chromium

SOME_FAILED = 1
"""How pytest ends when tests ran and some failed."""

FAILED_ONCE: list[str] = []
"""Names of tests that failed beside others."""

WITH_SERVERS = ("tests/browser", "tests/live")
"""Where tests stand that begin processes of their own, browsers and servers, and wait for them."""

CORES = min(4, os.cpu_count() or 2)


STEALING = ("--dist", "worksteal")
"""Each process has a share of the tests, and takes from the others' when it is done: little talk for thousands of small tests."""

ONE_BY_ONE = ("--dist", "load", "--maxschedchunk", "1")
"""Whoever is free takes the next: for few long tests."""


def say(line: str) -> None:
    """One line of what happens."""
    print(f"· {line}", flush=True)


class Run:
    """One run of pytest, which notes what failed in a folder of its own.

    What an assertion compared is told where a test is tried once more, alone: to prepare every process for it takes long.

    Where it goes on beside another (``aside``), it leaves the processors to that one, which takes longer, and what it says goes
    to a file beside that folder, to be shown later.
    """

    def __init__(
        self, name: str, processes: int, marks: str, *more: str, aside: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        self.name, self.environment = name, environment or {}
        self.said = ROOT / ".pytest_cache" / f"{name}.txt" if aside else None
        self.wanted = ("-m", marks, *more, "-o", f"cache_dir=.pytest_cache/{name}")
        with self._file() as out:
            self.process = self._begin("-n", str(processes if processes > 1 else 0), "--assert=plain", *self.wanted, out=out)
        if aside:
            os.setpriority(os.PRIO_PROCESS, self.process.pid, 19)

    def shown(self) -> None:
        """Wait for it, and show what it says."""
        if self.said:
            say(f"{self.name}:")
            with self.said.open(encoding="utf-8", errors="replace") as words:
                over = False
                while not over:
                    over = self.process.poll() is not None
                    sys.stdout.write(words.read())
                    sys.stdout.flush()
                    time.sleep(0 if over else 0.2)
        self.process.wait()

    def ended(self) -> int:
        """How it ended; what failed beside others is tried once more alone, and named at the end of everything.

        Pages, sockets and threads wait for each other with limits; on a machine that does four things at once one of them may
        run out. A fault of the product fails alone as well; one that shows itself only beside others is to be looked for where
        the same name is told again and again.
        """
        code = self.process.wait()
        if code != SOME_FAILED:
            return code
        say(f"{self.name}: what failed beside others is tried once more, alone")
        FAILED_ONCE.extend(self._failed())
        return self._begin("-n", "0", "--last-failed", "--last-failed-no-failures=none", *self.wanted).wait()

    def _file(self) -> AbstractContextManager[IO[bytes] | None]:
        if self.said is None:
            return nullcontext()
        self.said.parent.mkdir(exist_ok=True)
        return self.said.open("wb")

    def _begin(self, *arguments: str, out: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | self.environment, stdout=out, stderr=out)

    def _failed(self) -> list[str]:
        """The tests that failed, by pytest's own note."""
        note = ROOT / ".pytest_cache" / self.name / "v" / "cache" / "lastfailed"
        return sorted(json.loads(note.read_text(encoding="utf-8"))) if note.is_file() else []


def pytest(*arguments: str, **environment: str) -> int:
    """Run pytest as it is told; no tests collected counts as failure."""
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=os.environ | environment)


def everything(browser: str | None, programs: Path | None) -> list[int]:
    """All tests on SQLite; beside them those that say something about a database on PostgreSQL, then those with browsers.

    Each half of the processors keeps to its own: a process learns the code, the templates and how statements read before it is
    quick, so few processes that run long need less than many that share the same tests.
    """
    half = max(1, CORES // 2) if programs or browser else CORES
    with ExitStack() as stack:
        demo = stack.enter_context(demo_agency(browser is not None))
        say(f"tests on SQLite, with {half} processes" if half > 1 else "tests on SQLite")
        elsewhere = [f"--ignore={folder}" for folder in WITH_SERVERS] if browser else []
        runs = [Run("sqlite", half, "not browser", *STEALING, *elsewhere)]
        if programs:
            address = stack.enter_context(postgres(programs))
            say("beside them on PostgreSQL those that say something about a database")
            marks = "not browser and not one_database"
            environment = {"MENTORLINK_TEST_POSTGRES": address}
            runs.append(Run("postgresql", half, marks, *STEALING, aside=True, environment=environment))
        if browser:
            say("and then with browsers and servers")
            environment = {"MENTORLINK_CHROMIUM": browser, "MENTORLINK_TEST_DEMO": demo()}
            if programs:
                runs[-1].process.wait()
            # they wait for much that needs no processor, but each process learns the code anew
            runs.append(Run("browsers", CORES + 1, "", *ONE_BY_ONE, *WITH_SERVERS, aside=True, environment=environment))
        for run in runs:
            run.shown()
        return [run.ended() for run in runs]


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
    browser, programs = chromium(), postgres_folder()
    results = everything(browser, programs)
    left_out = []
    if not programs:
        left_out.append("PostgreSQL (add it with: apt-get install postgresql)")
    if not browser:
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
    return next((code for code in results if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
