"""Sentences for what the use cases of programmes refuse."""

from __future__ import annotations

from flask_babel import gettext as _


def part_name(term: str) -> str:
    """A part of the score, as programme managers read it."""
    return {
        "cover": _("Covers the gaps"),
        "text": _("Goals and experience in words"),
        "experience": _("Years of experience"),
        "place": _("Place and working hours"),
        "field": _("Same field of work"),
        "language": _("A common language"),
        "grade": _("Distance of job tiers"),
    }[term]


SENTENCES = {
    "may_add_programme": lambda f: _("Programmes are made by HR of the unit they are for."),
    "may_edit_programme": lambda f: _("This programme is run by somebody else."),
    "programme_exists": lambda f: _("There is such a programme already."),
    "programme_changed": lambda f: _(
        "Somebody saved this programme while you were editing it. "
        "Nothing of yours was saved; please open the page again. Your text is kept in this browser."
    ),
    "ends_before_start": lambda f: _("The programme ends before it starts."),
    "nothing_weighs": lambda f: _("At least one part has to count, otherwise everybody ranks the same."),
    "grades_crossed": lambda f: _("The lowest step allowed is above the highest."),
    "unknown_unit": lambda f: _("This unit does not exist any more."),
}
