"""What a round refuses, said on the page where it was asked for, as that page stands now."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, make_response, request

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, DomainError
from mentorlink.web import errors
from mentorlink.web.rounds.blueprint import pages
from mentorlink.web.words import error_sentence

PAGES = {
    "people": ("enrol", "add_person", "take_out", "places", "all_places", "open_up", "shut"),
    "cover": ("seek",),
    "weights": ("save_weights", "tie", "untie", "set_quota", "drop_quota"),
    "run": ("start", "cancel", "check"),
    "stops": ("choose_stop",),
    "draft": ("do_move", "lock", "free"),
    "publish": ("do_publish",),
    "show": ("drop",),
    "new": ("create",),
    "me": ("join", "leave", "save_wishes"),
}
"""Page → what is asked for on it."""

_PAGE_OF = {f"rounds.{form}": f"rounds.{page}" for page, forms in PAGES.items() for form in forms}


@pages.errorhandler(Conflict)
def said_in_place(error: Conflict) -> Any:
    """The page again with the sentence above it; the plain page of a refusal where there is none, or a script asked."""
    db.session.rollback()
    sentence, page = error_sentence(error), _PAGE_OF.get(request.endpoint or "")
    by_script = request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
    if page is not None and not by_script:
        g.refusal = sentence
        try:
            answer = make_response(current_app.view_functions[page](**_place(request.view_args or {})))
        except DomainError:
            db.session.rollback()
        else:
            answer.status_code = 409
            return answer
    return errors.page(409, reason=sentence, code=error.code)


def _place(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name in ("round_id", "programme_id")}
