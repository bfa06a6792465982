"""The blueprint, and what its pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from mentorlink.kernel import clock
from mentorlink.kernel.cells import csv_text
from mentorlink.web.guard import actor

pages = Blueprint("insights", __name__)


def this_year() -> int:
    """The year that the reader has now."""
    return clock.today(actor().timezone).year


def asked_year() -> int:
    """The year that the address asks for; this one unless it is a possible one."""
    year = request.args.get("year", default=this_year(), type=int)
    return year if 2000 <= year <= this_year() else this_year()


def local_day(moment: datetime | None) -> date | None:
    """The day on which something was where the reader is."""
    return moment and moment.astimezone(ZoneInfo(actor().timezone)).date()


def csv_file(name: str, head: list[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV file of this name and the reader's day."""
    answer = Response(csv_text(head, rows), mimetype="text/csv")
    day = clock.today(actor().timezone).isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
    return answer
