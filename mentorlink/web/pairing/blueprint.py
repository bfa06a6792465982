"""The blueprint, and what its templates share."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from flask_babel import format_timedelta

from mentorlink.people.queries import LANGUAGES
from mentorlink.web.locale import in_language

pages = Blueprint("pairing", __name__)


@pages.app_template_filter("language")
def language(code: str) -> str:
    """The name of a language."""
    return in_language(dict(LANGUAGES[code])) if code in LANGUAGES else code


@pages.app_template_filter("wait")
def wait(time: timedelta) -> str:
    """How long something takes, in the roughest unit that still says something."""
    return str(format_timedelta(time, threshold=1.2))
