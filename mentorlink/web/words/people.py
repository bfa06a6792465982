"""Sentences for what use cases about people refuse, and names of deeds in the record."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext


def _wait(f: dict[str, Any]) -> str:
    seconds = int(f["retry_after"])
    if seconds < 90:
        return ngettext("Too many tries. Please wait %(num)s second.", "Too many tries. Please wait %(num)s seconds.", seconds)
    return ngettext(
        "Too many tries. Please wait %(num)s minute.", "Too many tries. Please wait %(num)s minutes.", -(-seconds // 60)
    )


SENTENCES = {
    # signing in
    "sign_in_failed": lambda f: _("This e-mail or NIP and this password do not go together."),
    "too_many_tries": _wait,
    "password_just_changed": lambda f: _("The password was changed a moment ago. Please try again."),
    "password_wrong": lambda f: _("This is not your current password."),
    "password_short": lambda f: _("Please use at least 12 characters. A few words in a row are easy to remember."),
    "password_long": lambda f: _("Please use at most 128 characters."),
    "password_listed": lambda f: _("This is among the first that somebody would guess. Please choose something less usual."),
    "password_contextual": lambda f: _("Please leave out your name, your e-mail address and the name of the agency."),
    "link_gone": lambda f: _("This link has been used already or is too old. Please ask for a new one."),
    "already_joined": lambda f: _("This colleague has taken the invitation already."),
    "administrator_exists": lambda f: _("There is an administrator already. Please ask them for a role."),
    "demo_over_real_people": lambda f: _("The demonstration does not run over data of real people."),
    # fields
    "email_form": lambda f: _("Please give an e-mail address such as name@agency.go.id."),
    "email_taken": lambda f: _("A colleague has this e-mail address already."),
    "nip_taken": lambda f: _("A colleague has this NIP already."),
    "nip_digits": lambda f: _("A NIP has 18 digits."),
    "nip_birth_date": lambda f: _(
        "The first eight digits of a NIP are a birth date (YYYYMMDD), and these are none. For contract staff choose PPPK."
    ),
    "nip_appointment": lambda f: _(
        "Digits 9 to 14 of a NIP are year and month of appointment, and these are none. For contract staff choose PPPK."
    ),
    "nip_too_young": lambda f: _(
        "By this NIP somebody was appointed before the age of 15: its birth date (digits 1 to 8) and its year of appointment"
        " (digits 9 to 12) do not go together. For contract staff choose PPPK."
    ),
    "nip_digit_15": lambda f: _("Digit 15 of a NIP is 1 or 2. For contract staff choose PPPK."),
    "rank_unknown": lambda f: _("A rank (golongan) runs from I/a to IV/e."),
    "timezone_unknown": lambda f: _("Please choose WIB, WITA or WIT."),
    "language_unknown": lambda f: _("Please choose languages from the list."),
    "name_letters": lambda f: _("Please write a name."),
    "year_ahead": lambda f: _("This year has not begun yet."),
    "unit_closed": lambda f: _("This unit is closed. Please choose another."),
    "unit_unknown": lambda f: _("There is no unit with the code “%(code)s”.", code=f.get("code", "")),
    "job_unknown": lambda f: _("There is no job with the code “%(code)s”.", code=f.get("code", "")),
    "tier_unknown": lambda f: _("There is no job tier with the code “%(code)s”.", code=f.get("code", "")),
    "field_unknown": lambda f: _("There is no field with the code “%(code)s”.", code=f.get("code", "")),
    "person_unknown_email": lambda f: _("No colleague has this e-mail address."),
    "twice_in_file": lambda f: _("Row %(row)s has the same.", row=int(f.get("row", 0)) + 1),
    "key_missing": lambda f: _("Please give an e-mail address or a NIP, so that the person can be known again."),
    "email_of_another": lambda f: _("This e-mail address belongs to somebody else than this NIP."),
    "nip_differs": lambda f: _("This e-mail address belongs to somebody with another NIP."),
    "needed_for_new": lambda f: _("This person is new, so this is needed."),
    "needed_if_new": lambda f: _("If this person is new, this is needed."),
    "administrators_email": lambda f: _("Only an administrator changes an administrator's e-mail address."),
    # units
    "unit_code_taken": lambda f: _("Another unit has this code."),
    "unit_below_itself": lambda f: _("A unit cannot hang below itself."),
    "unit_has_people": lambda f: _("People still work in this unit. Please move them first."),
    "unit_has_units": lambda f: _("There are open units below this one. Please move or close them first."),
    "unit_too_deep": lambda f: _("The tree would be more than 30 levels deep."),
    # people and roles
    "person_left": lambda f: _("This colleague has been disabled."),
    "person_here": lambda f: _("This colleague is not disabled."),
    "not_oneself": lambda f: _("You cannot disable yourself. Please ask another administrator."),
    "role_held": lambda f: _("This colleague has that role already."),
    "last_administrator": lambda f: _("This is the last administrator. Please make somebody else administrator first."),
    # locks
    "anyone": lambda f: _("This does not work."),
    "may_see_profile": lambda f: _("This profile is not open to you."),
    "may_edit_own_profile": lambda f: _("Only the person themself writes this."),
    "may_use_own_account": lambda f: _("Please sign in first."),
    "may_open_sign_in": lambda f: _("This account cannot sign in."),
    "may_block_person": lambda f: _("You cannot block yourself."),
    "may_see_directory": lambda f: _("The directory is for HR and administrators."),
    "may_manage_person": lambda f: _("This is for HR over this colleague's unit."),
    "may_change_account": lambda f: _("This colleague has a role that only an administrator may touch."),
    "may_invite_people": lambda f: _("You invite only people of units that you look after."),
    "may_add_person": lambda f: _("You add people only to units that you look after."),
    "may_grant_role": lambda f: _("You give only roles that lie within your own."),
    "may_revoke_role": lambda f: _("You take away only roles that lie within your own."),
    "may_manage_unit": lambda f: _("You change only units that you look after."),
    "may_save_files": lambda f: _("Files are taken in by HR and administrators of the whole agency."),
    "may_make_first_administrator": lambda f: _("This is done at the console."),
    "may_see_audit": lambda f: _("The record is for administrators of the whole agency."),
    "may_load_demo": lambda f: _("This is done at the console."),
    "may_send_reset_link": lambda f: _("This is done at the console."),
    # deeds in the record
    "audit.signed_in": lambda f: _("Signed in"),
    "audit.signed_out": lambda f: _("Signed out"),
    "audit.sign_in_failed": lambda f: _("Sign-in failed"),
    "audit.other_devices_signed_out": lambda f: _("Signed out other devices"),
    "audit.denied": lambda f: _("Was refused"),
    "audit.joined": lambda f: _("Took the invitation"),
    "audit.invitation_sent": lambda f: _("Sent an invitation"),
    "audit.people_invited": lambda f: _("Sent invitations to all who had none"),
    "audit.demo_ended": lambda f: _("The demonstration ended: somebody real came in"),
    "audit.reset_sent": lambda f: _("Link to a new password sent"),
    "audit.password_reset": lambda f: _("New password by link"),
    "audit.password_changed": lambda f: _("Changed the password"),
    "audit.first_administrator_made": lambda f: _("Became the first administrator"),
    "audit.person_added": lambda f: _("Added a person"),
    "audit.person_changed": lambda f: _("Changed a person"),
    "audit.person_disabled": lambda f: _("Disabled a person"),
    "audit.person_enabled": lambda f: _("Enabled a person"),
    "audit.people_saved": lambda f: _("Loaded people from a file"),
    "audit.jobs_saved": lambda f: _("Loaded jobs from a file"),
    "audit.role_granted": lambda f: _("Gave a role"),
    "audit.role_revoked": lambda f: _("Took a role away"),
    "audit.unit_added": lambda f: _("Added a unit"),
    "audit.unit_changed": lambda f: _("Changed a unit"),
    "audit.unit_moved": lambda f: _("Moved a unit"),
    "audit.unit_closed": lambda f: _("Closed a unit"),
    "audit.units_saved": lambda f: _("Loaded units from a file"),
    "audit.head_set": lambda f: _("Set the head of a unit"),
    "audit.role_needed": lambda f: _("Was refused for want of a role"),
    "audit.certificate_revoked": lambda f: _("Revoked a certificate"),
    "audit.certificates_begun": lambda f: _("Had certificates made"),
    "audit.consent_said": lambda f: _("Agreed or objected to a use of their data"),
    "audit.contract_noted": lambda f: _("Noted when a contract began"),
    "audit.data_requested": lambda f: _("Asked about their own data"),
    "audit.data_request_answered": lambda f: _("Answered a request about data"),
    "audit.data_erased": lambda f: _("Erased what somebody asked to have erased"),
    "audit.glass_asked": lambda f: _("Asked to look into a closed room"),
    "audit.glass_broken": lambda f: _("Agreed that a closed room is looked into"),
    "audit.hours_rule_made": lambda f: _("Made a rule by which hours count"),
    "audit.index_rule_made": lambda f: _("Made a rule of the professionalism index"),
    "audit.index_fact_entered": lambda f: _("Entered a fact of the professionalism index"),
    "audit.learning_settings_changed": lambda f: _("Changed the settings of learning"),
    "audit.period_added": lambda f: _("Opened a period of learning"),
    "audit.period_build": lambda f: _("Had the recap of a period made"),
    "audit.period_check": lambda f: _("Checked a recap"),
    "audit.period_return": lambda f: _("Gave a recap back"),
    "audit.period_approve": lambda f: _("Approved a recap"),
    "audit.period_freeze": lambda f: _("Froze a recap"),
    "audit.plans_taken": lambda f: _("Took the plans of the year away"),
    "audit.recap_taken": lambda f: _("Took a recap away"),
    "audit.record_taken": lambda f: _("Took a file for the national record away"),
    "audit.session_withdrawn": lambda f: _("Took the hours of a session out"),
    # things in the record
    "thing.certificate": lambda f: _("certificate %(id)s", **f),
    "thing.community": lambda f: _("community %(id)s", **f),
    "thing.data_request": lambda f: _("request %(id)s", **f),
    "thing.development_plan": lambda f: _("development plan %(id)s", **f),
    "thing.file": lambda f: _("file"),
    "thing.hours_entry": lambda f: _("entry of hours %(id)s", **f),
    "thing.hours_rule": lambda f: _("rule %(id)s", **f),
    "thing.import_file": lambda f: _("file %(id)s", **f),
    "thing.index_rule": lambda f: _("rule %(id)s", **f),
    "thing.learning_period": lambda f: _("period %(id)s", **f),
    "thing.learning_setting": lambda f: _("settings"),
    "thing.opening": lambda f: _("opening %(id)s", **f),
    "thing.ranking_model": lambda f: _("model %(id)s", **f),
    "thing.round": lambda f: _("round %(id)s", **f),
    "thing.unit": lambda f: _("unit %(id)s", **f),
}
