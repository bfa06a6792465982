"""What a template shows of a form that came back: what was written, and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.web.words import fault_sentence


class Form:
    """Values (``data``: name → value, or list where the name came several times) and worded ``errors`` (name → list)."""

    def __init__(self, data: Mapping[str, Any] | None = None, error: Invalid | None = None) -> None:
        self.data: dict[str, Any] = dict(data or {})
        self.errors: dict[str, list[str]] = {}
        for fault in error.faults if error else ():
            self.errors.setdefault(fault.field, []).append(fault_sentence(fault))


def sent(error: Invalid | None = None) -> Form:
    """The form as it was sent in this request, with the faults found in it."""
    lists = request.form.to_dict(flat=False)
    return Form({name: values[0] if len(values) == 1 else values for name, values in lists.items()}, error)


_DEEPEST = 5
"""No field of ours lies deeper; one that claims to is refused like any unknown one."""


def tree(form: MultiDict[str, str]) -> dict[str, Any]:
    """Fields named ``rules.usual_days.persuasive`` as an object in an object; what is empty says nothing."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        if name in ("csrf_token", "draft_key") or value.strip() == "":
            continue
        *path, leaf = name.split(".", _DEEPEST)
        place = found
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place[leaf] = value
    return found


def id_in(form: Mapping[str, str], name: str) -> int | None:
    """The id that a field chooses; None where it says nothing. What no id can be is refused like one that never was."""
    chosen = form.get(name, "").strip()
    if not chosen:
        return None
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
        raise NotFound()
    return int(chosen)
