"""A demo agency to walk through: its database, made once, and servers that each work on a copy of it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import sqlalchemy as sa

from mentorlink.cli.demo.agency import content
from mentorlink.kernel import clock, crypto
from mentorlink.people.models import Person, SignIn
from tests.browser.serving import FORKS, main

ROOT = Path(__file__).parent.parent.parent
STARTING = 240
"""Seconds that a server may take to answer for the first time."""

COOKIE = "mentorlink"
BOUNDARY = "a-line-between-the-parts-of-a-form"


def demo_database(folder: Path) -> Path:
    """The database of the demo agency, made by whoever asks first; ``MENTORLINK_TEST_DEMO`` names one made before."""
    made = os.environ.get("MENTORLINK_TEST_DEMO")
    if made:
        return Path(made)
    path = folder / "demo.db"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            draft = folder / "draft.db"
            subprocess.run([sys.executable, "-m", "tests.browser.making", str(draft)], cwd=ROOT, check=True)
            draft.rename(path)
    return path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """A served copy of the demo agency."""

    def __init__(self, demo: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database, self.log = folder / "house.db", folder / "server.log"
        shutil.copyfile(demo, self.database)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.engine = sa.create_engine(f"sqlite:///{self.database}", poolclass=sa.NullPool, connect_args={"timeout": 20})
        self.process: ForkServerProcess | None = None
        self._cast = {entry["key"]: entry["email"] for entry in content("cast")["cast"]}

    def open(self) -> None:
        """Serve, and wait until pages are answered."""
        self.process = FORKS.Process(target=main, args=(str(self.database), self.port, str(self.log)))
        self.process.start()
        until = time.monotonic() + STARTING
        while time.monotonic() < until and self.process.is_alive():
            with suppress(OSError), urlopen(f"{self.url}/healthz", timeout=2):
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server does not answer:\n{self.words()}")

    def close(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop serving."""
        if self.process is None:
            return
        if how != signal.SIGKILL:
            self.process.terminate()
            self.process.join(15)
        with suppress(ProcessLookupError):
            os.killpg(int(self.process.pid or 0), signal.SIGKILL)
        self.process.join()
        self.process = None

    def words(self) -> str:
        """The end of what the server has said."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    # The rows behind it

    def person_id(self, who: str | int) -> int:
        """The id of somebody, by key in the cast, e-mail address or id."""
        if isinstance(who, int):
            return who
        return int(self.one(sa.select(Person.id).where(Person.email == self._cast.get(who, who))))

    def one(self, query: Any) -> Any:
        """The first value a query finds."""
        with self.engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def every(self, query: Any) -> list[Any]:
        """All rows a query finds."""
        with self.engine.connect() as connection:
            return list(connection.execute(query))

    def change(self, statement: Any) -> None:
        """Change rows behind the server's back, for what no page can bring about (time that passes)."""
        with self.engine.begin() as connection:
            connection.execute(statement)

    def sign_in(self, who: str | int) -> str:
        """The token of a new sign-in of anybody."""
        token, instant = crypto.new_token(), clock.now()
        row = {
            "person_id": self.person_id(who), "token_hash": crypto.token_hash(token), "user_agent": "", "address": "127.0.0.1",
            "created_at": instant, "seen_at": instant,
        }  # fmt: skip
        self.change(sa.insert(SignIn).values(**row))
        return token

    def bring(self, who: str | int, kind: str, name: str, content: str) -> None:
        """Let somebody bring a file in, as the form on the page of files does."""
        address = f"{self.url}/files"
        cookie = f"{COOKIE}={self.sign_in(who)}"
        with urlopen(Request(address, headers={"Cookie": cookie})) as page:
            token = re.findall(r'name="csrf_token" value="([^"]+)"', page.read().decode())[0]
            cookie += "; " + "; ".join(each.split(";")[0] for each in page.headers.get_all("Set-Cookie") or [])
        fields = [("csrf_token", "", token), ("kind", "", kind), ("file", f'; filename="{name}"', content)]
        body = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{more}\r\n\r\n{value}\r\n'
            for field, more, value in fields
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Referer": address, "Cookie": cookie}
        urlopen(Request(address, f"{body}--{BOUNDARY}--\r\n".encode(), headers)).close()

    def speak(self, who: str | int, locale: str) -> None:
        """Let somebody's pages be in a language."""
        self.change(sa.update(Person).where(Person.id == self.person_id(who)).values(locale=locale))

    def cookies(self, token: str) -> list[Mapping[str, Any]]:
        """The cookie that carries a token, for a browser context."""
        return [{"name": COOKIE, "value": token, "url": self.url, "httpOnly": True, "sameSite": "Lax"}]


@contextmanager
def open_house(demo: Path, folder: Path) -> Iterator[House]:
    """A house that is closed afterwards."""
    house = House(demo, folder)
    try:
        house.open()
        yield house
    finally:
        house.close()
        house.engine.dispose()
