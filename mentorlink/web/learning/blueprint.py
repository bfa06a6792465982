"""The blueprint, and what its pages share."""

from __future__ import annotations

from babel.dates import get_month_names
from flask import Blueprint, request
from flask_babel import get_locale

from mentorlink.kernel import clock
from mentorlink.web.guard import actor

pages = Blueprint("learning", __name__)


def this_year() -> int:
    """The year that the reader has now."""
    return clock.today(actor().timezone).year


def asked_year(*, ahead: int = 0) -> int:
    """The year that the address asks for; this one unless it is a possible one."""
    now = this_year()
    year = request.args.get("year", default=now, type=int)
    return year if 2000 <= year <= now + ahead else now


def month_names() -> list[str]:
    """The twelve months in the reader's language, short."""
    names = get_month_names("abbreviated", locale=get_locale())
    return [str(names[number]) for number in range(1, 13)]
