"""Commands of exchange: files in and out, and ranked lists for somebody else's files of mentors and mentees."""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app, g
from flask.cli import with_appcontext
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from config import Settings, load_settings
from mentorlink.exchange import actions, queries
from mentorlink.exchange.inputs import Mapping as FileMapping
from mentorlink.exchange.inputs import Pack
from mentorlink.exchange.queries import FaultGroup, MatchLine, MatchSummary, PairedRounds, Preview
from mentorlink.exchange.rules.columns import KINDS, column_of, recognised
from mentorlink.exchange.rules.examples import EXAMPLES
from mentorlink.exchange.rules.files import Table, read_table
from mentorlink.exchange.shapes import (
    csv_pieces,
    faults_table,
    in_words,
    leftover_rows,
    pair_head,
    pair_row,
    shown_address,
    xlsx_file,
)
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import DomainError, Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.matching import Explanation
from mentorlink.programmes.actions import load_reference
from mentorlink.programmes.rules import ProgrammeRules

HOUSE = Actor.system()
SHOWN = 20
READ = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Outgoing(click.Path):
    """A file to write, refused before any work is done where nothing can be written."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, in a folder that is there."""
        file: Path = super().convert(value, param, ctx)  # type: ignore[assignment]  # `path_type` says so
        if not file.parent.is_dir():
            self.fail(f"there is no folder {file.parent}", param, ctx)
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            self.fail(f"{file} cannot be written", param, ctx)
        return file


WRITE = _Outgoing(dir_okay=False, path_type=Path)

kind_argument = click.argument("kind", type=click.Choice(KINDS))
language_option = click.option(
    "--language", type=click.Choice(["id", "en"]), default="en", help="Language of headings and faults."
)


@click.command("import")
@kind_argument
@click.argument("file", type=READ)
@click.option("--mapping", "mapping_name", help="A saved mapping's name, or a JSON file that holds one.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
@click.option("--faults", "faults_out", type=WRITE, help="Write the faulty rows here.")
@language_option
@with_appcontext
def import_file(kind: str, file: Path, mapping_name: str | None, dry_run: bool, faults_out: Path | None, language: str) -> None:
    """Take in FILE (CSV or XLSX): the good rows go in, the faulty ones are told and written to --faults."""
    g.language = language
    started = time.perf_counter()
    with refusals():
        table = read_table(file.read_bytes(), recognise=partial(recognised, kind))
        mapping = _mapping(kind, mapping_name, table)
        preview = (
            queries.preview_of(HOUSE, kind, table, mapping)
            if dry_run
            else actions.take_in(HOUSE, kind, table, mapping=mapping).preview
        )
    _tell(preview, dry_run=dry_run, seconds=time.perf_counter() - started)
    if faults_out is not None and preview.bad_rows:
        head, rows = faults_table(leftover_rows(preview), language, _say_stored)
        _write(faults_out, head, rows)
        click.echo(f"faulty rows: {faults_out}")
    raise SystemExit(1 if preview.faults else 0)


@click.command("export")
@kind_argument
@click.argument("file", type=WRITE)
@language_option
@with_appcontext
def export_file(kind: str, file: Path, language: str) -> None:
    """Write every row of KIND to FILE; the ending .xlsx or .csv says how."""
    actions.note_export(HOUSE, kind, file.suffix.lstrip(".") or "csv")
    _write(file, queries.head_of(kind, language), queries.rows_for(HOUSE, kind))
    click.echo(str(file))


def match_file(make_application: Callable[[Settings | None], Flask]) -> click.Command:
    """The command that ranks mentors for two files; it makes its own application, so it needs no settings."""

    @click.command("match-file")
    @click.option("--mentors", required=True, type=READ, help="CSV or XLSX of mentors.")
    @click.option("--mentees", required=True, type=READ, help="CSV or XLSX of mentees.")
    @click.option("--mapping", default="mentor-match.json", show_default=True, help="The pack of mappings that reads them.")
    @click.option("--out", required=True, type=WRITE, help="Where the lists or pairs go (CSV or XLSX).")
    @click.option("--top", default=10, show_default=True, type=click.IntRange(1, 500), help="How many mentors a list holds.")
    @click.option("--ignore-both", is_flag=True, help="Nobody stands on both sides, whatever the files say.")
    @click.option("--rounds", default=0, type=click.IntRange(0, 10), help="Pair everybody so often instead of listing.")
    @click.option(
        "--value", default=0.0, type=click.FloatRange(-1, 5), help="With --rounds: worth of a pair as such; 1 pairs most people."
    )
    @click.option("--into-agency", is_flag=True, help="Use the database of the settings instead of one that is thrown away.")
    @language_option
    def run(**options: Any) -> None:
        """Rank mentors for every mentee of two files, or pair them in rounds, explained, in one go."""
        with _application(make_application, options) as app, app.app_context():
            g.language = options["language"]
            with refusals():
                _match(options)

    return run


def _match(options: Mapping[str, Any]) -> None:
    started = time.perf_counter()
    pack = read(Pack, json.loads(_found(options["mapping"]).read_text(encoding="utf-8")))
    if options["rounds"] and not options["into_agency"]:
        _pair_files(pack, options)
        return
    actions.load_pack(HOUSE, pack, with_rules=not options["into_agency"])
    asking: dict[str, list[int]] = {}
    for side in ("mentors", "mentees"):
        table = read_table(options[side].read_bytes())
        report = actions.take_in_pack(HOUSE, pack, side, table=table, both=not options["ignore_both"])
        click.echo(f"{side}: {report.rows} rows, {len(report.people)} people, {len(report.asking)} of them ask for a mentor")
        for preview in report.previews.values():
            if preview.faults:
                click.echo(f"  as {preview.kind}:")
                _tell_faults(preview, indent="    ")
        asking[side] = report.asking
    loaded = time.perf_counter()
    everybody = list(dict.fromkeys(asking["mentees"] + asking["mentors"]))
    if options["rounds"]:
        _pair(everybody, options, load=loaded - started)
        return
    matches = queries.match_lines(everybody, options["top"])
    _write(options["out"], _match_head(), (_match_row(line, matches.names) for line in matches.lines))
    _summarise(matches.summary, load=loaded - started, rank=time.perf_counter() - loaded)
    click.echo(f"lists: {options['out']}")


def _pair_files(pack: Pack, options: Mapping[str, Any]) -> None:
    """Pair two files that need no database: what they say of people is all that counts."""
    started = time.process_time()
    tables = {side: read_table(options[side].read_bytes()) for side in queries.SIDES}
    sides = queries.two_sides(pack, tables, both=not options["ignore_both"])
    for side, report in sides.reports.items():
        click.echo(f"{side}: {report.rows} rows, {report.people} people, {report.asking} of them ask for a mentor")
        for kind, faults in report.faults.items():
            click.echo(f"  as {kind}:")
            _tell_groups(kind, queries.grouped(faults), indent="    ")
    load = time.process_time() - started
    terms = queries.terms_by(pack.round_rules or pack.rules or ProgrammeRules())
    paired = queries.pair_in_rounds(
        sides.mentees, sides.mentors, sides.people, terms=terms, rounds=options["rounds"], value=options["value"]
    )
    _tell_pairs(paired, options, load=load)


def _pair(mentee_ids: list[int], options: Mapping[str, Any], *, load: float) -> None:
    _tell_pairs(queries.paired_rounds(mentee_ids, options["rounds"], value=options["value"]), options, load=load)


def _tell_pairs(paired: PairedRounds, options: Mapping[str, Any], *, load: float) -> None:
    _write(options["out"], pair_head(), (pair_row(line) for line in paired.lines))
    for number, one in enumerate(paired.rounds, start=1):
        proof = "no plan is better" if one.exact else f"no plan is better by more than {100 * one.gap:.4f} %"
        click.echo(f"round {number}: {one.pairs} pairs, {one.points:.0f} points, {proof}")
    reached = f"{paired.with_mentor} of {paired.mentees} mentees, {paired.with_mentee} of {paired.mentors} mentors"
    click.echo(f"in all: {paired.pairs} pairs, {paired.points:.0f} points; with somebody: {reached}")
    click.echo(f"time: {load:.1f} s to take the files in, {paired.seconds:.2f} s of the processor for scores and rounds")
    click.echo(f"pairs: {options['out']}")


def _found(name: str) -> Path:
    """The file itself, or the pack of that name that comes with MentorLink."""
    own = EXAMPLES / Path(name).stem / name
    if not Path(name).exists() and own.exists():
        return own
    if not Path(name).exists():
        raise click.ClickException(f"there is no file {name}, and no example of that name")
    return Path(name)


@contextmanager
def _application(make: Callable[[Settings | None], Flask], options: Mapping[str, Any]) -> Iterator[Flask]:
    if options["into_agency"]:
        yield make(None)
        return
    with tempfile.TemporaryDirectory(prefix="mentorlink-") as folder:
        settings = load_settings(
            secret_key=secrets.token_urlsafe(48),
            data_keys=(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),),
            database_url=f"sqlite:///{folder}/match.db",
            demo=False,
            background=False,
            log_level="error",
        )
        app = make(settings)
        if not options["rounds"]:
            with app.app_context():
                db.create_all()  # thrown away with the folder, so it never migrates
                load_reference(HOUSE)
        yield app


# Words


def _say(fault: Fault) -> str:
    """The pages' own sentence for a fault: the doors are strangers, so it is asked of the application."""
    return str(current_app.jinja_env.filters["fault_words"](fault))


def _say_stored(kept: Mapping[str, Any]) -> str:
    sentence = _say(Fault(kept["column"], kept["code"], kept["facts"]))
    return f"{kept['heading']}: {sentence}" if kept["heading"] else sentence


@contextmanager
def refusals() -> Iterator[None]:
    """Say a refusal in words and end, where otherwise a traceback would."""
    try:
        yield
    except Invalid as error:
        raise click.ClickException("\n".join(_say(fault) for fault in error.faults)) from None
    except DomainError as error:
        raise click.ClickException(str(current_app.jinja_env.filters["error_words"](error))) from None
    except json.JSONDecodeError as error:
        raise click.ClickException(f"the mapping is no JSON: {error}") from None


def _mapping(kind: str, name: str | None, table: Table) -> FileMapping:
    if name is None:
        return queries.usual_mapping(kind, table.head)[0]
    if Path(name).is_file():
        return read(FileMapping, json.loads(Path(name).read_text(encoding="utf-8")))
    return read(FileMapping, queries.mapping_for(HOUSE, kind, name).content)


def _tell(preview: Preview, *, dry_run: bool, seconds: float) -> None:
    counts = preview.counts
    for notice in preview.notices:
        click.echo(f"note: {_say(Fault('', notice.code, notice.facts))}")
    _tell_faults(preview)
    said = ", ".join(
        f"{counts[name]} {name.replace('_', ' ')}" for name in ("add", "change", "same", "repeat", "left_out", "faulty")
    )
    verb = "would be" if dry_run else "done"
    click.echo(f"{preview.kind}: {preview.total} rows; {verb}: {said} ({seconds:.1f} s)")
    if not preview.does_something:
        click.echo("nothing to change")


def _tell_faults(preview: Preview, indent: str = "") -> None:
    _tell_groups(preview.kind, preview.groups, indent=indent)


def _tell_groups(kind: str, groups: Sequence[FaultGroup], indent: str = "") -> None:
    for group in groups[:SHOWN]:
        rows = ", ".join(map(str, group.rows[:5])) + (f" and {len(group.rows) - 5} more" if len(group.rows) > 5 else "")
        where = group.heading or (column_of(kind, group.column).name[str(get_locale())] if group.column else "")
        values = " / ".join(f"“{value}”" for value in group.values)
        click.echo(f"{indent}row {rows}: {' '.join(part for part in (where, values) if part)}: {_say(group.fault)}")
    if len(groups) > SHOWN:
        click.echo(f"{indent}… and {len(groups) - SHOWN} more kinds of faults; --faults writes them all")


# Files


def _write(file: Path, head: list[str], rows: Iterator[Any]) -> None:
    if file.suffix.lower() == ".xlsx":
        with xlsx_file(head, ([str(cell) for cell in row] for row in rows)) as made:
            file.write_bytes(made.read())
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        for piece in csv_pieces(head, rows):
            stream.write(piece)


def _match_head() -> list[str]:
    return [
        _("Mentee"), _("Mentee's e-mail"), _("Place"), _("Mentor"), _("Mentor's e-mail"), _("Unit"), _("Job"), _("Score"),
        _("Covers"), _("Leaves open"), _("Reasons"),
    ]  # fmt: skip


def _match_row(line: MatchLine, names: Mapping[str, Mapping[str, str]]) -> list[Any]:
    mentee = [line.mentee.name, shown_address(line.mentee.email)]
    if line.mentor is None or line.why is None:
        return [*mentee, "", "", "", "", "", "", "", "", _nobody(line.barriers)]
    tied = f" (={line.tied})" if line.tied > 1 else ""
    covers = "; ".join(
        f"{_named(names, each.code)} {each.actual}→{min(each.required, each.held)}"
        for each in line.why.competencies
        if each.covered
    )
    leaves = "; ".join(f"{_named(names, each.code)} {each.remaining}" for each in line.why.competencies if each.remaining)
    job = line.mentor.job
    return [
        *mentee, f"{line.place}{tied}", line.mentor.name, shown_address(line.mentor.email), in_words(line.mentor.unit.name),
        in_words(job.name) if job else "", f"{100 * line.score:.1f}", covers, leaves, "; ".join(_reasons(line, line.why)),
    ]  # fmt: skip


def _reasons(line: MatchLine, why: Explanation) -> Iterator[str]:
    if why.gap:
        yield ngettext(
            "covers %(covered)s of %(num)s missing level",
            "covers %(covered)s of %(num)s missing levels",
            why.gap,
            covered=why.covered,
        )
    else:
        yield _("no gap known")
    if why.field_shared:
        field = line.mentor.field if line.mentor else None
        yield _("same field: %(field)s", field=in_words(field.name) if field else why.field)
    steps = _grades_above(line)
    if steps:
        yield ngettext("%(num)s grade above", "%(num)s grades above", steps)
    if why.years_lead and why.years_lead > 0:
        yield ngettext("%(num)s year more in the field", "%(num)s years more in the field", why.years_lead)
    if why.words:
        yield _("shared words: %(words)s", words=", ".join(word.word for word in why.words[:3]))
    if why.place_shared:
        yield _("same place")


def _grades_above(line: MatchLine) -> int:
    mentor, mentee = line.mentor.job if line.mentor else None, line.mentee.job
    return mentor.tier.grade - mentee.tier.grade if mentor and mentee else 0


def _nobody(barriers: Mapping[str, int]) -> str:
    said = ", ".join(f"{_barrier(code)}: {count}" for code, count in sorted(barriers.items(), key=lambda pair: -pair[1]))
    return _("nobody may be suggested (%(rules)s)", rules=said)


def _barrier(code: str) -> str:
    return {
        "self": _("the person themself"),
        "line_of_command": _("line of command"),
        "no_room": _("no place free"),
        "paused": _("paused"),
        "blocked": _("not possible"),
        "past_failed_pair": _("a pair before"),
        "other_field": _("another field"),
        "same_unit": _("same unit"),
        "grade_distance": _("grade too near or too far"),
    }.get(code, code)


def _named(names: Mapping[str, Mapping[str, str]], code: str) -> str:
    return in_words(names[code]) if code in names else code


def _summarise(summary: MatchSummary, *, load: float, rank: float) -> None:
    everyone = max(1, summary.mentees)
    levels = max(1, summary.gap_levels)
    click.echo(
        f"with at least one eligible mentor: {summary.with_mentor} of {summary.mentees} mentees"
        f" ({100 * summary.with_mentor / everyone:.1f} %),"
        f" {summary.eligible / everyone:.1f} each on average"
    )
    click.echo(
        f"gaps: {summary.gap_levels} levels of {summary.with_gap} mentees; the first of each list covers {summary.covered_first}"
        f" ({100 * summary.covered_first / levels:.1f} %), the best of each list {summary.covered_best}"
        f" ({100 * summary.covered_best / levels:.1f} %)"
    )
    click.echo(f"gap covered whole by somebody listed: {summary.covered_whole} of {summary.with_gap} mentees")
    click.echo(f"time: {load:.1f} s to take the files in, {rank:.2f} s to rank and write {summary.lines} lines")
