"""Use cases about people, units, roles and accounts, a module per noun."""

from mentorlink.people.actions.preferences import choose_locale, choose_theme
from mentorlink.people.actions.sign_ins import end_other_sign_ins, end_sign_in, touch_sign_in

__all__ = [
    "choose_locale",
    "choose_theme",
    "end_other_sign_ins",
    "end_sign_in",
    "touch_sign_in",
]
