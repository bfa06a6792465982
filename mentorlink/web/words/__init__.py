"""Codes of errors and faults into sentences. A feature's own codes stand in the file of its name here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel import gettext as _

from mentorlink.kernel.errors import DomainError, Fault
from mentorlink.web.locale import in_language

Sentence = Callable[[dict[str, Any]], str]


@cache
def _sentences() -> dict[str, Sentence]:
    table: dict[str, Sentence] = {}
    for module in pkgutil.iter_modules(__path__):
        table.update(importlib.import_module(f"{__name__}.{module.name}").SENTENCES)
    return table


def knows(code: str) -> bool:
    """True when there is a sentence for ``code``."""
    return code in _sentences()


def error_sentence(error: DomainError) -> str:
    """What to tell a person about a refusal."""
    return _say(error.code, error.facts)


def fault_sentence(fault: Fault) -> str:
    """What to tell a person about one fault of an input, and what may have been meant where that is known."""
    told = _say(fault.code, fault.facts)
    if near := fault.facts.get("near"):
        return told + " " + _("Perhaps: %(what)s.", what=", ".join(map(_option, near)))
    if choice := fault.facts.get("choice"):
        return told + " " + _("There are: %(what)s.", what=", ".join(map(_option, choice)))
    return told


def _option(one: dict[str, Any]) -> str:
    name = in_language(one["name"])
    return f"{name} ({one['code']})" if name and name != one["code"] else one["code"]


def _say(code: str, facts: dict[str, Any]) -> str:
    sentence = _sentences().get(code)
    if sentence is not None:
        return sentence(facts)
    if code.startswith("may_"):  # a predicate without a sentence of its own
        return _("You see this, but doing that is for others.")
    return _("This does not work (%(code)s).", code=code)
