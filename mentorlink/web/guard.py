"""Who stands before a page. Every route carries exactly one guard; a house test reads them off the URL map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request
from flask_login import LoginManager, current_user
from werkzeug.local import LocalProxy

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import NotSignedIn
from mentorlink.kernel.guards import guards
from mentorlink.people.models import Person, SignIn
from mentorlink.people.queries import actor_of, visit_of

View = TypeVar("View", bound=Callable[..., Any])

login_manager = LoginManager()


class Visitor:
    """Flask-Login's user: a person on one signed-in device."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, person: Person, sign_in: SignIn) -> None:
        self.person = person
        self.sign_in = sign_in
        self.is_active = person.is_active

    def get_id(self) -> str:
        """The person's id, as Flask-Login wants it."""
        return str(self.person.id)


def cookie_name() -> str:
    """Name of the cookie that holds the sign-in token."""
    return str(current_app.config["SETTINGS"].sign_in_cookie)


@login_manager.request_loader
def _visitor(_request: Any) -> Visitor | None:
    token = request.cookies.get(cookie_name())
    visit = visit_of(token) if token else None
    return Visitor(visit[1], visit[0]) if visit else None


def unasked(view: View) -> View:
    """Mark, below the guard: an open page asks for this by itself, so it keeps no sign-in awake."""
    view.unasked = True  # type: ignore[attr-defined]  # read after the request; the guard's wrapper takes it over
    return view


def by_itself() -> bool:
    """True where an open page asks this, and nobody: the view is marked ``unasked``, or the page says so."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "unasked") or "X-Unasked" in request.headers


def public(view: View) -> View:
    """Guard: anyone, signed in or not. Each such route is named in the house test."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def actor() -> Actor:
    """Who acts in this request; raises NotSignedIn."""
    if "actor" not in g:
        if not current_user.is_authenticated:
            raise NotSignedIn()
        g.actor = actor_of(current_user.person, door="page")
    return g.actor


signed_in, requires = guards(actor)


def person_here() -> Person | None:
    """The signed-in person themselves: no proxy, which looks them up anew for each word of a page."""
    visitor = current_user._get_current_object() if current_user else None
    return visitor.person if visitor and visitor.is_authenticated else None


current_person: Any = LocalProxy(person_here)
"""The signed-in person, or something false."""
