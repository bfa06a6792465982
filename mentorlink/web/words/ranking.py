"""Sentences for what the ranking by a model refuses, and for its deeds in the record."""

from __future__ import annotations

from flask_babel import gettext as _

SENTENCES = {
    "model_moved_on": lambda f: _("Somebody decided on this model a moment ago. Please look again."),
    "may_decide_model": lambda f: _("Administrators of the whole agency decide what ranks."),
    "may_propose_model": lambda f: _("Models are proposed by the computation alone."),
    "may_see_models": lambda f: _("HR and administrators of the whole agency see what ranks."),
    "may_note_shown": lambda f: _("What somebody saw is noted when they see it, for nobody else."),
    "may_forget_shown": lambda f: _("What lists showed goes by itself when its time is up."),
    "audit.model_proposed": lambda f: _("A model of the ranking was proposed"),
    "audit.model_adopted": lambda f: _("A model of the ranking was adopted"),
    "audit.model_declined": lambda f: _("A model of the ranking was declined"),
    "audit.model_retired": lambda f: _("The ranking went back to the policy weights"),
}
