"""The blueprint, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, request

from mentorlink.competencies import queries
from mentorlink.kernel import crypto
from mentorlink.people.models import Person
from mentorlink.web.forms import Form
from mentorlink.web.guard import actor

pages = Blueprint("competencies", __name__)

SHEETS = ("superior", "assessment_centre", "peer")
"""What one may say about somebody else on a page."""


def person_of(person_id: int) -> Person:
    """Whose map it is, if the actor may see it."""
    return queries.map_owner_for(actor(), person_id)


def levels_sent() -> dict[str, str]:
    """Competency code → level, of the fields that a sheet was sent with."""
    return {
        name.removeprefix("levels."): value for name, value in request.form.items() if name.startswith("levels.") and value != ""
    }


def token_of(form: Form) -> str:
    """What makes one form one deed, however often it is sent."""
    return str(form.data.get("token") or crypto.new_token().replace("_", "-")[:36])
