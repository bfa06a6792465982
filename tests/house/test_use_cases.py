"""Every action begins at its lock, every event has an effect, every code has a sentence, every string a translation."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import mentorlink
from config import Settings
from mentorlink import wiring
from mentorlink.cli import words
from mentorlink.kernel.events import Event
from mentorlink.web.words import knows
from tests.house.sources import SOURCE, modules

pytestmark = pytest.mark.one_database

UNHEARD = {
    "JoinedCommunity", "PersonAdded",
    "RoleRevoked",
}  # fmt: skip
"""Events that nothing follows from yet, by name."""

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"}
"""What asks for a string in the reader's language."""


def test_every_action_begins_at_its_lock() -> None:
    open_doors = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) == "action" for d in node.decorator_list):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if not ast.unparse(body[0]).startswith("ensure("):
                    open_doors.append(f"{path.relative_to(SOURCE)}: {node.name}")
    assert open_doors == []


def test_every_event_has_an_effect() -> None:
    for module in pkgutil.walk_packages(mentorlink.__path__, "mentorlink."):
        if module.name.endswith(".events"):
            importlib.import_module(module.name)
    heard = set(wiring.WITHIN) | set(wiring.AFTER)
    assert {kind.__name__ for kind in leaves(Event) - heard} == UNHEARD


def leaves(kind: type[Event]) -> set[type[Event]]:
    """The events below ``kind`` that are recorded: those without events below them."""
    below = kind.__subclasses__()
    found = set().union(*(leaves(part) for part in below)) if below else {kind}
    return {event for event in found if event.__module__.startswith("mentorlink.")}


def refusals() -> Iterator[tuple[str, str]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            where = f"{path.relative_to(SOURCE)}:{node.lineno}"
            if name in ("Conflict", "Denied", "NotFound", "TooMany") and node.args and isinstance(node.args[0], ast.Constant):
                yield where, str(node.args[0].value)
            elif name == "Fault" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield where, str(node.args[1].value)


def test_every_refusal_has_a_sentence() -> None:
    assert sorted({f"{code} ({where})" for where, code in refusals() if not knows(code)}) == []


def recorded() -> Iterator[tuple[str, str]]:
    """Each deed and each thing of the record of who did what, as the code names it, with where it stands."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "record_audit":
                for sort, said in zip(("audit", "thing"), node.args[1:3], strict=False):
                    for part in ast.walk(said):
                        if isinstance(part, ast.Constant) and part.value and not isinstance(said, ast.JoinedStr):
                            yield f"{path.relative_to(SOURCE)}:{node.lineno}", f"{sort}.{part.value}"


def test_every_deed_of_the_record_is_told_in_words() -> None:
    assert sorted({f"{code} ({where})" for where, code in recorded() if not knows(code) and code != "thing.person"}) == []


def test_every_string_is_translated() -> None:
    assert words.untranslated() == []


def test_every_string_stands_where_it_is_found() -> None:
    """What stands within an f-string is taken for no string of its own, and would be shown in English to everybody."""
    hidden = [
        f"{path.relative_to(SOURCE)}:{call.lineno}"
        for path, tree in modules()
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in GETTEXT
    ]
    assert hidden == []


def test_every_setting_is_documented() -> None:
    page = (SOURCE.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in page] == []
