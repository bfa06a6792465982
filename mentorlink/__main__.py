"""``python -m mentorlink COMMAND``: operate MentorLink.

``serve`` runs everything from one process. Where the environment names no database, it keeps one in a folder, with its keys:
for a trial, a small agency, or a developer; the other commands find that installation by the same folder (``--data``).
"""

from __future__ import annotations

import argparse
import base64
import errno
import os
import secrets
import socket
import sys
import time
from pathlib import Path

import click
from apiflask.commands import spec_command
from flask import Flask
from flask.cli import ScriptInfo

import mentorlink.kernel.lean  # noqa: F401  before what it makes lighter
from config import Settings, load_settings
from mentorlink.app import create_app
from mentorlink.cli import commands
from mentorlink.cli.beginnings import load_beginnings
from mentorlink.cli.demo import loader
from mentorlink.cli.exchange import match_file
from mentorlink.cli.migrate import keys_open, migrate
from mentorlink.kernel import crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.live.serve import serve as serve_pages_and_sockets
from mentorlink.people.actions import first_administrator_link
from mentorlink.people.queries import first_administrator_awaited, needs_first_administrator

DEFAULT_DATA = Path(__file__).parent.parent / "var"
PORT = 8000


@click.group("mentorlink", subcommand_metavar="COMMAND …")
@click.option(
    "--data",
    default=str(DEFAULT_DATA),
    help="Folder of an installation that ./run made (./var), where no MENTORLINK_DATABASE_URL is set.",
)
@click.pass_context
def main(context: click.Context, data: str) -> None:
    """Operate MentorLink."""
    context.obj = ScriptInfo(create_app=lambda: create_app(load_settings()), set_debug_flag=False)
    if context.invoked_subcommand != "serve" and _keys_of(Path(data)).is_file():
        _take_environment_of(Path(data))


@main.command("serve", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def _serve(context: click.Context, options: tuple[str, ...]) -> None:
    """Bring the database to the newest schema and serve pages and sockets (serve --help)."""
    serve(["--data", str(context.parent.params["data"] if context.parent else DEFAULT_DATA), *options])


for one in (*commands.ALL, match_file(create_app), spec_command):
    main.add_command(one)


def serve(arguments: list[str]) -> None:
    """Migrate, load the demo once (or start empty), and serve pages and sockets on localhost.

    A database that the environment names is for real people: nobody is made up there.
    """
    options = _options(arguments)
    refuse_taken(options.host, options.port)
    folder = Path(options.data).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    ours = os.environ.get("MENTORLINK_DATABASE_URL", _database_of(folder)) == _database_of(folder)
    if ours:
        _make_keys(folder)
    _take_environment_of(folder, options.port)

    settings = load_settings(demo=False)
    app, kind = _open(settings)
    if kind == "unfinished" and settings.data_dir is not None:
        say("making the demo agency was interrupted last time; beginning anew")
        for file in settings.data_dir.glob("mentorlink.db*"):
            file.unlink()
        app, kind = _open(settings)
    if options.empty and kind == "demo":
        sys.exit(f"{folder} holds the demo agency; give --data another folder to start empty.")
    begun_empty = folder / "begun-empty"
    if options.empty:
        begun_empty.touch()
    if kind == "empty" and ours and not begun_empty.exists():
        say("making the demo agency, once: about 300 people and their year")
        started = time.monotonic()
        with create_app(load_settings(demo=True)).app_context():
            loader.load()
        say(f"the demo agency is there ({time.monotonic() - started:.0f} s)")
        kind = "demo"
    if kind == "demo":
        app = create_app(load_settings(demo=True))
    if kind == "joined":
        say("real people have joined the made-up ones: nobody signs in without a password any more")
    refuse_taken(options.host, options.port)  # making a demo takes long enough for somebody else to come
    with app.app_context():
        if needs_first_administrator():
            if first_administrator_awaited():
                say("a link printed at an earlier start works as well, until it is a day old or one of them is used")
            say(f"the first administrator begins here (the link works once): {first_administrator_link(Actor.system())}")
    say(f"MentorLink is at {settings.base_url} (stop with Ctrl-C)")
    serve_pages_and_sockets(app, options.host, options.port)


def _open(settings: Settings) -> tuple[Flask, str]:
    """The application over a database with the newest schema and the reference tables, and what the database holds."""
    crypto.load_keys(settings.data_keys)
    if not keys_open(settings.database_url):
        sys.exit(
            "The keys do not open what this database holds sealed. Give the keys it was begun with: MENTORLINK_DATA_KEYS, "
            "or the keys.env of its folder. Nothing was changed."
        )
    say("bringing the database to the newest schema")
    migrate(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        kind = loader.kind_of_database()
        load_beginnings()
        db.session.remove()
        db.engine.dispose()
    return app, kind


def refuse_taken(host: str, port: int) -> None:
    """End with one line where nothing can listen at that address: somebody else does, or it is none of ours."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a port just left is free
            line.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"port {port} is in use: another program, or another MentorLink, listens there. Take another one (--port).")
        if error.errno == errno.EACCES:
            sys.exit(f"port {port} is not open to you: take one from 1024 on (--port).")
        sys.exit(f"MentorLink cannot listen on {host}: {error.strerror} (--host).")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Serve MentorLink on localhost.")
    parser.add_argument("--port", type=_port, default=PORT, help=f"listen on this port ({PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="listen on this address (127.0.0.1)")
    parser.add_argument("--data", default=str(DEFAULT_DATA), help="folder of database and keys (./var)")
    parser.add_argument("--empty", action="store_true", help="start without the demo agency")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
        raise argparse.ArgumentTypeError(f"{text} is no port: take a number from 1 to 65535")
    return int(text)


def _keys_of(folder: Path) -> Path:
    return folder / "keys.env"


def _database_of(folder: Path) -> str:
    return f"sqlite:///{folder.resolve() / 'mentorlink.db'}"


def _make_keys(folder: Path) -> None:
    """Keys of an installation of its own, kept beside its database, once."""
    if _keys_of(folder).exists():
        return
    ring = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    descriptor = os.open(_keys_of(folder), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"MENTORLINK_SECRET_KEY={secrets.token_urlsafe(48)}\nMENTORLINK_DATA_KEYS={ring}\n")


def _take_environment_of(folder: Path, port: int = PORT) -> None:
    """Set what the environment does not: the folder's database and keys, the local address."""
    for line in _keys_of(folder).read_text().splitlines() if _keys_of(folder).is_file() else ():
        name, _equals, value = line.partition("=")
        os.environ.setdefault(name, value)
    os.environ.setdefault("MENTORLINK_DATABASE_URL", _database_of(folder))
    os.environ.setdefault("MENTORLINK_BASE_URL", f"http://localhost:{port}")


def say(line: str) -> None:
    """One line of what happens."""
    print(f"· {line}", flush=True)


if __name__ == "__main__":
    main(prog_name="python -m mentorlink")
