"""What hands each test the live database as a template has it: migrated and empty, with the ground of the cast, or as was kept.

The first process of a run migrates and lays the ground; the others take what it laid.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from mentorlink.cli.migrate import migrate
from mentorlink.kernel.db import db
from tests.cast import Cast, lay_ground

FIRST = ("empty", "ground")
"""The templates that every run begins with."""


class Databases(ABC):
    """The live database of this process, and the templates that it can be made like."""

    def __init__(self, url: str, shared: Path) -> None:
        self.url, self.shared = url, shared
        self.told: dict[str, Any] = {}
        """Template → what its maker told of it, and who is in it."""
        self.standing = ""
        """The template that the live database was last made like."""

    @abstractmethod
    def fill(self, app: Flask) -> None:
        """Make the live database and the first templates; ``app`` is the application over it."""

    def renew(self, template: str) -> None:
        """Let the live database be as the template is."""
        self.standing = self._put_back(template)

    def once(self, template: str, cast: Cast, make: Callable[[], Any]) -> Any:
        """What ``make`` says of the rows it makes over the ground: made once, after which a test that asks for the fixture of
        this name begins with a copy of them. Where another fixture was first, they are made beside what that one made."""
        if self.standing == template:
            return self.told[template][0]
        first = self.standing == "ground" and template not in self.told and self._untouched()
        told = make()
        if first:
            db.session.rollback()
            self._keep(template)
            self.told[template] = told, dict(cast.people)
            self.standing = template
        return told

    def people(self) -> dict[str, int]:
        """Who of the cast is in the template that stands."""
        return dict(self.told[self.standing][1]) if self.standing in self.told else {}

    @abstractmethod
    def _put_back(self, template: str) -> str:
        """The template that then stands: the ground, where this one got lost."""

    @abstractmethod
    def _untouched(self) -> bool:
        """True while nothing was written since the live database was made like a template."""

    @abstractmethod
    def _keep(self, template: str) -> None: ...

    @contextmanager
    def _one_at_a_time(self) -> Iterator[Path]:
        """Alone among the processes of the run; yields the note that says whether the first has been."""
        with (self.shared / "laying").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.shared / "laid"


class Files(Databases):
    """SQLite: a template is the bytes of a file, written into the live one below its open connections.

    A connection that opens a file reads its six hundred tables and indexes first, which takes longer than most tests do with
    it. What a test wrote is in the log beside the file. Emptied, its index saying nothing, the log is read anew by whoever
    comes first; that is the keeper, who writes a number that was never there, so that nobody takes the pages for those they know.
    """

    def __init__(self, folder: Path, shared: Path) -> None:
        self.path = folder / "live.db"
        super().__init__(f"sqlite:///{self.path}", shared)
        self.templates: dict[str, bytes] = {}
        self.keeper: sqlite3.Connection | None = None
        """Never closed while tests run, so that the log and its index stay the files they are."""
        self.parts: list[int] = []
        """The live file, its log, and the index; closing one would drop the locks this process has on it."""
        self.renewals, self.size = 0, 0
        """How often the file was put back, and how long the log was then."""

    def fill(self, app: Flask) -> None:
        with self._one_at_a_time() as laid, app.app_context():
            if not laid.exists():
                migrate(self.url)
                for template in FIRST:
                    if template == "ground":
                        lay_ground()
                    db.session.remove()
                    db.engine.dispose()
                    (self.shared / f"{template}.db").write_bytes(self.path.read_bytes())
                laid.touch()
        self.templates = {template: (self.shared / f"{template}.db").read_bytes() for template in FIRST}
        self._lay("ground")

    def _put_back(self, template: str) -> str:
        if not db.engine.pool.checkedout():  # type: ignore[attr-defined]  # kinds of pools that count have it, and this one does
            try:
                self._write_back(self.templates[template], *self.parts)
                return template
            except sqlite3.OperationalError:  # another process is writing
                pass
        db.engine.dispose()  # who is in the middle of something keeps the old file
        self._lay(template)
        return template

    def _write_back(self, pages: bytes, file: int, log: int, index: int) -> None:
        os.pwrite(file, pages, 0)
        os.ftruncate(file, len(pages))
        os.ftruncate(log, 0)
        os.pwrite(index, bytes(136), 0)  # its two heads, and how far it was copied into the file
        self._number()

    def _untouched(self) -> bool:
        return os.fstat(self.parts[1]).st_size == self.size

    def _keep(self, template: str) -> None:
        assert self.keeper
        (busy, *_pages) = self.keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy, "somebody reads on, so what was written is not all in the file"
        self.templates[template] = os.pread(self.parts[0], os.fstat(self.parts[0]).st_size, 0)

    def _lay(self, template: str) -> None:
        """A live file of its own for those who come now."""
        if self.keeper:
            self.keeper.close()
        for part in self.parts:
            os.close(part)
        names = [Path(f"{self.path}{suffix}") for suffix in ("", "-wal", "-shm")]
        for name in names:
            name.unlink(missing_ok=True)
        self.path.write_bytes(self.templates[template])
        self.keeper = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self.keeper.execute("PRAGMA journal_mode=WAL")
        self.keeper.execute("PRAGMA synchronous=OFF")
        self.keeper.execute("PRAGMA user_version=0")
        self.parts = [os.open(name, os.O_RDWR) for name in names]
        self._number()

    def _number(self) -> None:
        assert self.keeper
        self.renewals += 1
        self.keeper.execute(f"PRAGMA user_version={self.renewals}")
        self.size = os.fstat(self.parts[1]).st_size


SEQUENCES = """
    SELECT s.oid::regclass AS name, t.relname AS of_table, p.last_value AS value
    FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_sequences p ON p.schemaname = 'public' AND p.sequencename = s.relname
    WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
"""
"""Every sequence of PostgreSQL, the table it counts for, and how far it is."""


class Schemas(Databases):
    """PostgreSQL: a template is a schema beside the live tables, with a copy of each table that holds rows.

    Put back are the rows of tables that were written to (triggers note it): a database made anew for each test takes ten times
    as long, most of it with connections that know no table yet.
    """

    def __init__(self, server: str, worker: str, shared: Path) -> None:
        self.name = f"live_{worker}"
        super().__init__(f"{server}/{self.name}", shared)
        self.admin = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        self.live = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self.filled: dict[str, list[str]] = {}
        """Template → its tables that hold rows."""
        self.renewals = 0

    def fill(self, app: Flask) -> None:
        with self._one_at_a_time() as laid, app.app_context():
            if not laid.exists():
                self._create(self.name)
                migrate(self.url)
                for template in FIRST:
                    if template == "ground":
                        lay_ground()
                    db.session.remove()
                    self._keep(template)
                self._watch()
                db.engine.dispose()
                self.live.dispose()
                self._create("laid", like=self.name)
                laid.touch()
        self._lay()

    def _create(self, name: str, *, like: str = "template1") -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')

    def _lay(self) -> None:
        """A live database with the first templates alone."""
        with self._one_at_a_time():
            self._create(self.name, like="laid")
        self.told.clear()
        self.standing = "ground"
        with self.live.connect() as connection:
            self.filled = {template: self._tables(connection, template) for template in FIRST}

    def _put_back(self, template: str) -> str:
        try:
            self._restore(template)
        except sa.exc.DBAPIError:  # a test has left tables changed, or a thread in the middle of something
            self._lay()
            template = template if template in FIRST else "ground"
            self._restore(template)
        return template

    def _untouched(self) -> bool:
        with self.live.connect() as connection:
            return connection.exec_driver_sql("SELECT 1 FROM watch.touched LIMIT 1").first() is None

    def _keep(self, template: str) -> None:
        with self.live.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {template}")
            for table in self._tables(connection, "public"):
                if connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first():
                    connection.exec_driver_sql(f'CREATE TABLE {template}."{table}" AS TABLE "{table}"')
            self.filled[template] = self._tables(connection, template)
            connection.exec_driver_sql(f"CREATE TABLE {template}.sequence__ AS {SEQUENCES}")
            if self.standing:
                connection.exec_driver_sql("TRUNCATE watch.touched")

    def _watch(self) -> None:
        note = "BEGIN INSERT INTO watch.touched VALUES (TG_TABLE_NAME); RETURN NULL; END"
        with self.live.connect() as connection:
            connection.exec_driver_sql("CREATE SCHEMA watch; CREATE UNLOGGED TABLE watch.touched (name text)")
            connection.exec_driver_sql(f"CREATE FUNCTION watch.note() RETURNS trigger LANGUAGE plpgsql AS '{note}'")
            for table in self._tables(connection, "public"):
                happens = f'AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}"'
                connection.exec_driver_sql(f"CREATE TRIGGER touched {happens} EXECUTE FUNCTION watch.note()")

    def _touched(self, connection: sa.Connection, template: str) -> list[str]:
        touched = set(connection.exec_driver_sql("SELECT DISTINCT name FROM watch.touched").scalars())
        if template != self.standing:
            touched.update(self.filled[template], self.filled[self.standing])
        return sorted(touched)

    def _restore(self, template: str) -> None:
        self.renewals += 1
        with self.live.connect() as connection:
            often = self.renewals % 40  # deleted rows stay in the way of reading until a table is truncated
            names = self._touched(connection, template) if often else self._tables(connection, "public")
            tables = [f'"{name}"' for name in names]
            wipe = [f"DELETE FROM {table}" for table in tables] if often else [f"TRUNCATE {', '.join(tables)}"]
            named = ", ".join(f"'{name}'" for name in names) or "NULL"
            filled = [f'"{name}"' for name in self.filled[template] if name in names]
            connection.exec_driver_sql(
                ";".join(
                    (
                        "BEGIN",
                        "SET LOCAL session_replication_role = replica",
                        "SET LOCAL lock_timeout = '5s'",
                        *wipe,
                        "TRUNCATE watch.touched",
                        *(f"INSERT INTO {table} SELECT * FROM {template}.{table}" for table in filled),
                        "SELECT setval(name, coalesce(value, 1), value IS NOT NULL)"
                        f" FROM {template}.sequence__ WHERE of_table IN ({named})",
                        "COMMIT",
                    )
                )
            )

    @staticmethod
    def _tables(connection: sa.Connection, schema: str) -> list[str]:
        query = f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' AND tablename <> 'sequence__' ORDER BY tablename"
        return list(connection.exec_driver_sql(query).scalars())
