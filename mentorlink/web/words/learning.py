"""Sentences for refusals of the learning record."""

from __future__ import annotations

from flask_babel import gettext as _

SENTENCES = {
    "no_hours_rule": lambda f: _("There is no rule for learning hours on %(day)s yet; HR loads one first.", **f),
}
