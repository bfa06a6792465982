"""The draft or the published round as a file: every cell inert, whatever somebody is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _

from mentorlink.exchange.shapes import csv_pieces, xlsx_file
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
    answer = Response("".join(csv_pieces(_head(), _rows(round_))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="round-{round_.id}.csv"'
    return answer


@pages.get("/rounds/<int:round_id>/pairs.xlsx")
@requires(Role.MANAGER)
def pairs_xlsx(round_id: int) -> Any:
    """Every line as a workbook."""
    round_ = found(round_id)
    note_file(actor(), round_, form="xlsx")
    with xlsx_file(_head(), _rows(round_), sheet=_("Pairs")) as book:
        answer = Response(book.read(), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="round-{round_.id}.xlsx"'
    return answer


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
    for line in lines:
        if line.id in gone:
            told = _("Not possible any more: %(rules)s.", rules="; ".join(map(rule_name, gone[line.id])))
            yield [line.mentee.full_name, in_language(line.mentee.unit.name), *[""] * 7, told, "", *[""] * len(TERMS)]
            continue
        gaps = line.why.get("gaps", ())
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


def _gap(names: Any, code: str, before: int, after: int) -> str:
    return f"{in_language(names.get(code)) or code} {before}→{after}"
