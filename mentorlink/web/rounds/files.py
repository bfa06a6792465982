"""The draft or the published round as a file: every cell inert, whatever somebody is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, stream_with_context
from flask_babel import gettext as _

from mentorlink.competencies.queries import needs_of
from mentorlink.competencies.rules import Need
from mentorlink.exchange.rules.streaming import workbook_pieces
from mentorlink.exchange.shapes import csv_pieces, outgoing
from mentorlink.kernel.actor import Role
from mentorlink.programmes.rules import TERMS
from mentorlink.rounds.actions import note_file
from mentorlink.rounds.models import Proposal, Round
from mentorlink.rounds.queries import competency_words, every_line, standing_of_lines
from mentorlink.web.guard import actor, requires
from mentorlink.web.locale import in_language
from mentorlink.web.rounds.blueprint import found, pages
from mentorlink.web.words.programmes import part_name
from mentorlink.web.words.rounds import decided_sentence, fit_points, rule_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/rounds/<int:round_id>/pairs.csv")
@requires(Role.MANAGER)
def pairs_csv(round_id: int) -> Any:
    """Every line as CSV."""
    round_ = found(round_id)
    note_file(actor(), round_, form="csv")
    return _sent(csv_pieces(_head(), _rows(round_)), "text/csv", f"round-{round_.id}.csv")


@pages.get("/rounds/<int:round_id>/pairs.xlsx")
@requires(Role.MANAGER)
def pairs_xlsx(round_id: int) -> Any:
    """Every line as a workbook."""
    round_ = found(round_id)
    note_file(actor(), round_, form="xlsx")
    rows = ([outgoing(cell) for cell in row] for row in _rows(round_))
    return _sent(workbook_pieces(_head(), rows, sheet=_("Pairs")), XLSX, f"round-{round_.id}.xlsx")


def _sent(pieces: Iterator[Any], kind: str, name: str) -> Response:
    """The file as it is written: a round of a hundred thousand begins to arrive at once, and is nowhere held whole."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(pieces), mimetype=kind, headers=headers)


def _head() -> list[str]:
    return [
        _("Mentee"), _("Unit of the mentee"), _("Mentor"), _("Unit of the mentor"), _("Fit, of 100"), _("Levels missing"),
        _("Levels covered"), _("Covers"), _("Leaves open"), _("Why"), _("Locked"),
        *(_("%(part)s, points", part=part_name(term)) for term in TERMS),
    ]  # fmt: skip


def _rows(round_: Round) -> Iterator[list[Any]]:
    for lines in every_line(round_):
        yield from _some_rows(round_, lines)


def _some_rows(round_: Round, lines: Sequence[Proposal]) -> Iterator[list[Any]]:
    names = competency_words({gap[0] for line in lines for gap in line.why.get("gaps", ())})
    gone, firsts = standing_of_lines(round_, lines)
    needs = needs_of({line.mentee_id for line in lines if line.mentor_id is None})
    names |= {need.code: need.name for some in needs.values() for need in some}
    for line in lines:
        if line.id in gone:
            told = _("Not possible any more: %(rules)s.", rules="; ".join(map(rule_name, gone[line.id])))
            yield [line.mentee.full_name, in_language(line.mentee.unit.name), *[""] * 7, told, "", *[""] * len(TERMS)]
            continue
        gaps = line.why.get("gaps", ()) if line.mentor else _open_gaps(needs.get(line.mentee_id, ()))
        fit = fit_points(line.why["terms"], line.score) if line.mentor else {}
        covers = [_gap(names, gap[0], gap[1], gap[1] + gap[4]) for gap in gaps if gap[4]]
        leaves = [_gap(names, gap[0], gap[1] + gap[4], gap[2]) for gap in gaps if gap[1] + gap[4] < gap[2]]
        yield [
            line.mentee.full_name, in_language(line.mentee.unit.name), line.mentor.full_name if line.mentor else "",
            in_language(line.mentor.unit.name) if line.mentor else "", round(line.score / 10_000, 1) if line.mentor else "",
            sum(gap[2] - gap[1] for gap in gaps), sum(gap[4] for gap in gaps), "; ".join(covers), "; ".join(leaves),
            decided_sentence(line, firsts), _("yes") if line.locked else "",
            *(fit[term] if line.mentor else "" for term in TERMS),
        ]  # fmt: skip


def _open_gaps(needs: Sequence[Need]) -> list[tuple[str, int, int, int, int]]:
    """The gaps of somebody without a mentor as they are now, in the shape of those of a pair: nobody covers any."""
    return [(need.code, need.actual or 0, need.required, 0, 0) for need in needs if need.gap]


def _gap(names: Any, code: str, before: int, after: int) -> str:
    return f"{in_language(names.get(code)) or code} {before}→{after}"
