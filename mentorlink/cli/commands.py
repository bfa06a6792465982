"""Commands: ``python -m mentorlink NAME`` for operating."""

from __future__ import annotations

import base64
import secrets
import signal
import threading
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from flask import Flask, current_app, g
from flask.cli import with_appcontext

from mentorlink.cli import exchange, ranking
from mentorlink.cli.beginnings import load_beginnings
from mentorlink.cli.migrate import alembic_config, migrate
from mentorlink.kernel import jobs, webpush
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning.actions import credit_year
from mentorlink.people.actions import first_administrator_link, invite_people
from mentorlink.people.models import Unit
from mentorlink.people.queries import uninvited_count


@click.command("migrate")
@with_appcontext
def migrate_database() -> None:
    """Bring the database to the newest schema, with the tables that every agency begins with."""
    migrate(current_app.config["SETTINGS"].database_url)
    load_beginnings()
    click.echo("the database has the newest schema")


@click.command("migration")
@click.argument("why")
@with_appcontext
def new_migration(why: str) -> None:
    """Write a migration from what the rows say and the database does not have yet. Read it before you use it."""
    config = alembic_config(current_app.config["SETTINGS"].database_url)
    number = 1 + len(list(Path(config.get_main_option("script_location") or "").glob("versions/*.py")))
    command.revision(config, message=f"{number:04} {why}", rev_id=f"{number:04}", autogenerate=True)


@click.command("work")
@with_appcontext
def work() -> None:
    """Run jobs and the outbox until stopped; for several web processes with MENTORLINK_BACKGROUND=0."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    click.echo("working; stop with Ctrl-C")
    jobs.work(current_app._get_current_object(), stop)  # type: ignore[attr-defined]  # the proxy's own way to the application


@click.command("given-up")
@click.option("--again", is_flag=True, help="Try them once more.")
@with_appcontext
def given_up(again: bool) -> None:
    """List the jobs that failed too often, with what went wrong."""
    for job in jobs.given_up():
        click.echo(f"{job.id}\t{job.kind}\t{job.dead_at:%Y-%m-%d %H:%M} UTC\t{job.last_error}")
    if again:
        click.echo(f"{jobs.try_again()} jobs are due again")


@click.command("first-administrator")
@with_appcontext
def first_administrator() -> None:
    """Print a link by which the first administrator begins; it works once, and links printed before no longer work."""
    g.language = "en"
    with exchange.refusals():
        click.echo(first_administrator_link(Actor.system(), alone=True))


@click.command("invite")
@click.option("--unit", "code", help="Code of a unit: only its people and those below it.")
@click.option("--dry-run", is_flag=True, help="Say how many it would be and send nothing.")
@with_appcontext
def invite(code: str | None, dry_run: bool) -> None:
    """Invite everybody who has no password yet and no invitation that works, by mail."""
    house = Actor.system()
    unit = db.session.scalar(sa.select(Unit).where(Unit.code == code)) if code else None
    if code and unit is None:
        raise click.ClickException(f"there is no unit {code}")
    number = uninvited_count(house, unit) if dry_run else invite_people(house, unit)
    click.echo(f"{number} would be invited" if dry_run else f"{number} invitations are on their way")


@click.command("new-key")
def new_key() -> None:
    """Print a fresh key for MENTORLINK_DATA_KEYS. Put it first in the ring; old keys still open what they sealed."""
    click.echo(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


@click.command("push-key")
def push_key() -> None:
    """Print a fresh key for MENTORLINK_PUSH_KEY. With another one every browser has to be asked anew."""
    click.echo(webpush.new_key())


@click.command("credit-year")
@click.argument("year", type=click.IntRange(2000, 2200))
@with_appcontext
def credit_hours(year: int) -> None:
    """Credit held sessions and approved claims of a year that the ledger does not have yet; run again it adds nothing."""
    click.echo(f"{credit_year(Actor.system(), year)} entries added")


ALL = (
    migrate_database, first_administrator, invite, exchange.import_file, exchange.export_file, credit_hours, ranking.fit_ranking,
    work, given_up, new_key, push_key, new_migration,
)  # fmt: skip
"""In the application's context each, but for those that print a key."""


def set_up(app: Flask) -> None:
    """Add the commands to ``app.cli``."""
    for one in ALL:
        app.cli.add_command(one)
