"""What stands before each address of pages and API: who may come in at all. The policy in the action decides over what."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.errors import Denied

View = TypeVar("View", bound=Callable[..., Any])
Guard = Callable[[View], View]


def guards(actor: Callable[[], Actor]) -> tuple[Guard[Any], Callable[..., Guard[Any]]]:
    """``signed_in`` and ``requires`` of one door; ``actor`` says who acts in a request, or raises NotSignedIn."""

    def signed_in(view: View) -> View:
        """Guard: anyone who is signed in."""
        return _guarded(view, actor, "signed_in")

    def requires(*roles: Role) -> Guard[Any]:
        """Guard: whoever holds one of ``roles`` anywhere."""

        def check() -> None:
            if not actor().has(*roles):
                raise Denied("role_needed", roles=[str(role) for role in roles])

        return lambda view: _guarded(view, check, "requires " + " or ".join(roles))

    return signed_in, requires


def _guarded(view: View, check: Callable[[], object], name: str) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        check()
        return view(*args, **kwargs)

    guarded.guard = name  # type: ignore[attr-defined]  # read by the house test of routes
    return guarded  # type: ignore[return-value]  # wraps keeps the signature
