"""A round on two files: nothing of them is stored, nobody is told; to see what a round would come to, and by whose rules."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from mentorlink.exchange.inputs import Pack
from mentorlink.exchange.queries import MOST_ROWS, SIDES, PairedRounds, SideReport, grouped, pair_in_rounds, terms_by, two_sides
from mentorlink.exchange.rules.columns import column_of
from mentorlink.exchange.rules.examples import SAMPLES, example_pack, sample_path
from mentorlink.exchange.rules.files import Table, read_table
from mentorlink.exchange.shapes import csv_pieces, pair_head, pair_row, xlsx_file
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Fault, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.programmes.queries import rules_of
from mentorlink.programmes.rules import ProgrammeRules
from mentorlink.rounds.queries import programmes_for_rounds
from mentorlink.rounds.stages import VALUES
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import pages
from mentorlink.web.rounds.files import XLSX

SHOWN = 12
MOST_ROUNDS = 5
AIMS = {"fit": 0.0, "people": VALUES[-1]}
"""Aim → what being matched at all is worth beside the score."""


@pages.get("/rounds/trial")
@requires(Role.MANAGER)
def trial() -> str:
    """Choose two files and by whose rules they are paired."""
    return _page(Form({"source": "own", "rounds": "3", "aim": "fit", "rules": "pack"}))


@pages.post("/rounds/trial")
@requires(Role.MANAGER)
def try_round() -> Any:
    """Pair two files in rounds, and show it or give it as a file."""
    try:
        paired, reports = _paired()
    except Invalid as error:
        return _page(sent(error)), 422
    form = request.form.get("as", "page")
    if form == "xlsx":
        with xlsx_file(pair_head(), map(pair_row, paired.lines), sheet=_("Pairs")) as book:
            return _file(Response(book.read(), mimetype=XLSX), "pairs.xlsx")
    if form == "csv":
        return _file(Response("".join(csv_pieces(pair_head(), map(pair_row, paired.lines))), mimetype="text/csv"), "pairs.csv")
    return _page(sent(), paired=paired, reports=reports)


@pages.get("/rounds/trial/<name>")
@requires(Role.MANAGER)
def sample(name: str) -> Any:
    """A file of the sample, to see what such a file looks like."""
    if name not in SAMPLES:
        abort(404)
    return _file(Response(sample_path(name).read_bytes(), mimetype="text/csv"), name)


def _page(form: Form, *, paired: PairedRounds | None = None, reports: Any = None) -> str:
    return render_template(
        "rounds/trial.html",
        form=form,
        programmes=programmes_for_rounds(actor()),
        samples=SAMPLES,
        most=MOST_ROWS,
        most_rounds=MOST_ROUNDS,
        paired=paired,
        head=pair_head(),
        rows=[pair_row(line) for line in paired.lines[:SHOWN]] if paired else [],
        faults=[group for report in (reports or {}).values() for group in _groups(report)],
        reports=reports or {},
    )


def _groups(report: SideReport) -> list[Any]:
    told = [(kind, group) for kind, faults in report.faults.items() for group in grouped(faults)]
    return [(group.heading or (column_of(kind, group.column).name["en"] if group.column else ""), group) for kind, group in told]


def _paired() -> tuple[PairedRounds, Any]:
    pack = _pack()
    rules = _rules(pack)
    sides = two_sides(pack, _tables(), both="both" in request.form)
    rounds = min(max(request.form.get("rounds", 1, type=int) or 1, 1), MOST_ROUNDS)
    value = AIMS.get(request.form.get("aim", "fit"), 0.0)
    paired = pair_in_rounds(sides.mentees, sides.mentors, sides.people, terms=terms_by(rules), rounds=rounds, value=value)
    return paired, sides.reports


def _tables() -> dict[str, Table]:
    size = request.form.get("source", "own")
    if size in ("50", "500"):
        return {side: read_table(sample_path(f"{side}-{size}.csv").read_bytes()) for side in SIDES}
    tables, faults = {}, []
    for side in SIDES:
        upload = request.files.get(side)
        try:
            if upload is None or not upload.filename:
                raise Invalid(Fault(side, "missing"))
            tables[side] = read_table(upload.read())
        except Invalid as error:
            faults += [Fault(side, fault.code, fault.facts) for fault in error.faults]
    if faults:
        raise Invalid(*faults)
    return tables


def _pack() -> Pack:
    upload = request.files.get("mapping")
    if upload is None or not upload.filename:
        return example_pack()
    try:
        return read(Pack, json.loads(upload.read().decode("utf-8")))
    except (Invalid, ValueError, TypeError):
        raise Invalid(Fault("mapping", "mapping_unreadable")) from None


def _rules(pack: Pack) -> ProgrammeRules:
    """Those of one of the actor's programmes, else those that the mapping brings along."""
    chosen = request.form.get("rules", "pack")
    found = next((each for each in programmes_for_rounds(actor()) if str(each.id) == chosen), None)
    return rules_of(found) if found else pack.round_rules or pack.rules or ProgrammeRules()


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
