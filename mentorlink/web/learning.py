"""Pages of the learning record."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from mentorlink.kernel import clock
from mentorlink.learning.queries import certificate_for, certificates_for, entries_for, person_with_hours_for
from mentorlink.learning.rules import target_of
from mentorlink.web.guard import actor, signed_in

pages = Blueprint("learning", __name__)


@pages.get("/learning-hours")
@signed_in
def my_hours() -> str:
    """The actor's own hours of a year."""
    return _hours(actor().person_id or 0)


@pages.get("/people/<int:person_id>/learning-hours")
@signed_in
def hours(person_id: int) -> str:
    """The hours of somebody the actor is superior of or HR for."""
    return _hours(person_id)


def _hours(person_id: int) -> str:
    person = person_with_hours_for(actor(), person_id)
    this_year = clock.today(actor().timezone).year
    year = request.args.get("year", default=this_year, type=int)
    year = year if 2000 <= year <= this_year else this_year
    entries = entries_for(actor(), person, year)
    return render_template(
        "learning/hours.html",
        person=person,
        year=year,
        this_year=this_year,
        entries=entries,
        total=sum(entry.jp for entry in entries),
        target=target_of(person.contract),
        certificates=certificates_for(actor(), person),
    )


@pages.get("/certificates/<int:certificate_id>")
@signed_in
def certificate(certificate_id: int) -> str:
    """A certificate, made to be printed."""
    return render_template("learning/certificate.html", certificate=certificate_for(actor(), certificate_id))
