"""Use cases about people, units, roles and accounts, a module per noun."""

from mentorlink.people.actions.audit import note_denial, record_audit
from mentorlink.people.actions.blocks import block_person, unblock_person
from mentorlink.people.actions.bulk import Saved, save_jobs, save_people, save_units
from mentorlink.people.actions.demo import offer_demo_sign_ins, save_demo_people
from mentorlink.people.actions.links import (
    accept_invitation,
    ask_reset,
    claim_first_administrator,
    first_administrator_link,
    invite_people,
    invite_person,
    reset_password,
)
from mentorlink.people.actions.passwords import change_password
from mentorlink.people.actions.persons import add_person, change_person, disable_person, enable_person
from mentorlink.people.actions.profiles import choose_locale, choose_theme, clear_profile, edit_profile
from mentorlink.people.actions.roles import grant_role, revoke_role
from mentorlink.people.actions.sign_ins import end_other_sign_ins, end_sign_in, sign_in, sign_in_as_demo, touch_sign_in
from mentorlink.people.actions.units import add_unit, change_unit, close_unit, move_unit, set_head

__all__ = [
    "Saved",
    "accept_invitation",
    "add_person",
    "add_unit",
    "ask_reset",
    "block_person",
    "change_password",
    "change_person",
    "change_unit",
    "choose_locale",
    "choose_theme",
    "claim_first_administrator",
    "clear_profile",
    "close_unit",
    "disable_person",
    "edit_profile",
    "enable_person",
    "end_other_sign_ins",
    "end_sign_in",
    "first_administrator_link",
    "grant_role",
    "invite_people",
    "invite_person",
    "move_unit",
    "note_denial",
    "offer_demo_sign_ins",
    "record_audit",
    "reset_password",
    "revoke_role",
    "save_demo_people",
    "save_jobs",
    "save_people",
    "save_units",
    "set_head",
    "sign_in",
    "sign_in_as_demo",
    "touch_sign_in",
    "unblock_person",
]
