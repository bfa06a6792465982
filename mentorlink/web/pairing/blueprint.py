"""The blueprint, and what its templates share."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, cast

from flask import Blueprint
from flask_babel import format_timedelta

from mentorlink.kernel.errors import NotFound
from mentorlink.pairing.stages import KINDS
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


def known_kind(kind: str) -> Literal["mentor", "coach"]:
    """The kind of help that an address names."""
    if kind not in KINDS:
        raise NotFound()
    return cast(Literal["mentor", "coach"], kind)
