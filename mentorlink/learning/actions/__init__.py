"""Use cases of the learning record."""

from mentorlink.learning.actions.badges import signing_key
from mentorlink.learning.actions.certificates import (
    Draft,
    finish_certificates,
    issue_certificate,
    issue_drafts,
    keep_paper,
    new_code,
    revoke_certificate,
    signed,
    start_certificates,
)
from mentorlink.learning.actions.claims import change_claim, claim_hours, decide_claim, reverse_claim, withdraw_claim
from mentorlink.learning.actions.evaluation import (
    add_indicator,
    add_item,
    ask_behaviour,
    close_form,
    give_feedback,
    make_form,
    note_value,
    retire_item,
    say_behaviour,
    sit_test,
)
from mentorlink.learning.actions.hours import credit_deed, withdraw_deed
from mentorlink.learning.actions.index import enter_index_fact, load_index_rule, save_index_rule
from mentorlink.learning.actions.periods import (
    add_period,
    drop_period,
    note_recap_taken,
    take_period_step,
    write_recap_part,
)
from mentorlink.learning.actions.plans import add_line, begin_plan, change_line, note_plans_taken, remove_line, take_plan_step
from mentorlink.learning.actions.rights import (
    answer_data_request,
    ask_about_data,
    note_contract,
    note_record_taken,
    say_consent,
    watch_clock,
)
from mentorlink.learning.actions.rules import load_hours_rule, save_hours_rule
from mentorlink.learning.actions.sessions import withdraw_session
from mentorlink.learning.actions.settings import save_settings
from mentorlink.learning.actions.year import credit_people, credit_year, parts_of_year

__all__ = [
    "Draft",
    "add_indicator",
    "add_item",
    "add_line",
    "add_period",
    "answer_data_request",
    "ask_about_data",
    "ask_behaviour",
    "begin_plan",
    "change_claim",
    "change_line",
    "claim_hours",
    "close_form",
    "credit_deed",
    "credit_people",
    "credit_year",
    "decide_claim",
    "drop_period",
    "enter_index_fact",
    "finish_certificates",
    "give_feedback",
    "issue_certificate",
    "issue_drafts",
    "keep_paper",
    "load_hours_rule",
    "load_index_rule",
    "make_form",
    "new_code",
    "note_contract",
    "note_plans_taken",
    "note_recap_taken",
    "note_record_taken",
    "note_value",
    "parts_of_year",
    "remove_line",
    "retire_item",
    "reverse_claim",
    "revoke_certificate",
    "save_hours_rule",
    "save_index_rule",
    "save_settings",
    "say_behaviour",
    "say_consent",
    "signed",
    "signing_key",
    "sit_test",
    "start_certificates",
    "take_period_step",
    "take_plan_step",
    "watch_clock",
    "withdraw_claim",
    "withdraw_deed",
    "withdraw_session",
    "write_recap_part",
]
