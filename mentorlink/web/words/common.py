"""Sentences for what any input can have wrong, and for what any use case can refuse."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

SENTENCES = {
    "changed_meanwhile": lambda f: _("Somebody saved this in the meantime. Please look again."),
    # pydantic's own codes
    "missing": lambda f: _("Please fill this in."),
    "extra_forbidden": lambda f: _("This field is not known here."),
    "string_type": lambda f: _("Please write text."),
    "string_too_short": lambda f: ngettext(
        "Please write at least %(num)s character.", "Please write at least %(num)s characters.", f["min_length"]
    ),
    "string_too_long": lambda f: ngettext(
        "Please write at most %(num)s character.", "Please write at most %(num)s characters.", f["max_length"]
    ),
    "string_pattern_mismatch": lambda f: _("This is not in the expected form."),
    "int_parsing": lambda f: _("Please give a whole number."),
    "int_type": lambda f: _("Please give a whole number."),
    "int_from_float": lambda f: _("Please give a whole number."),
    "float_parsing": lambda f: _("Please give a number."),
    "bool_parsing": lambda f: _("Please answer yes or no."),
    "greater_than_equal": lambda f: _("Please give %(ge)s or more.", ge=f["ge"]),
    "less_than_equal": lambda f: _("Please give %(le)s or less.", le=f["le"]),
    "greater_than": lambda f: _("Please give more than %(gt)s.", gt=f["gt"]),
    "less_than": lambda f: _("Please give less than %(lt)s.", lt=f["lt"]),
    "literal_error": lambda f: _("Please choose one of the options."),
    "enum": lambda f: _("Please choose one of the options."),
    "too_short": lambda f: ngettext("Please choose at least %(num)s.", "Please choose at least %(num)s.", f["min_length"]),
    "too_long": lambda f: ngettext("Please choose at most %(num)s.", "Please choose at most %(num)s.", f["max_length"]),
    "date_parsing": lambda f: _("Please give a date such as 2026-11-21."),
    "date_from_datetime_parsing": lambda f: _("Please give a date such as 2026-11-21."),
    "datetime_parsing": lambda f: _("Please give a date and time such as 2026-11-21 09:30."),
    "datetime_from_date_parsing": lambda f: _("Please give a date and time such as 2026-11-21 09:30."),
    "time_parsing": lambda f: _("Please give a time such as 09:30."),
    "list_type": lambda f: _("Please choose from the list."),
    "dict_type": lambda f: _("This is not in the expected form."),
    "url_parsing": lambda f: _("Please give a web address that starts with https://."),
    # our own
    "control_character": lambda f: _("This contains invisible control characters; please remove them."),
    "line_break": lambda f: _("Please keep this to one line."),
    "invalid": lambda f: _("Please check the marked fields."),
    "not_found": lambda f: _("This page does not exist, or it is not open to you."),
    "not_signed_in": lambda f: _("Please sign in first."),
    "role_needed": lambda f: _("This page is for colleagues with another role."),
    "too_many": lambda f: _("That was too often. Please try again in a moment."),
}
