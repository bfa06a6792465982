"""What the fields of our forms are called: read off the templates that show them, so that a form is named alike everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from jinja2 import nodes

CONTROLS = {"field", "textarea"}
"""Macros of ``parts/ui.html`` into which one writes; their first two arguments are a field's name and its label."""

CHOICES = {"select", "check", "checks", "radios", "choice_cards", "level_picker"}
"""Likewise those by which one chooses."""


def said(feature: str, form: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(label, text) of what somebody wrote into a form of ``feature``, in its order; chosen ids and codes say nothing."""
    labels = _labels(str(current_app.root_path), feature)
    found = []
    for name, text in form:
        words = any(mark.isspace() for mark in text.strip())
        if text.strip() and (name in labels or words):
            found.append((_(labels[name]) if name in labels else _("Your text"), text))
    return found


def meanwhile(
    feature: str, now: Mapping[str, Any], *, options: Mapping[str, Iterable[Any]] | None = None
) -> list[tuple[str, str]]:
    """(label, words) of what stands there by ``now`` and is not what the form of ``feature`` was sent with.

    ``options``: field → (code, words) of what it chooses from, in groups or not.
    """
    labels, found = _labels(str(current_app.root_path), feature, every=True), []
    for name, value in now.items():
        several = isinstance(value, list)
        theirs = {str(each) for each in value} if several else {_plain(value)} - {""}
        mine = {_plain(each) for each in request.form.getlist(name)} - {""}
        if theirs != mine:
            words = _words_of((options or {}).get(name, ()))
            text = ", ".join(sorted(words.get(code, code) for code in theirs)) or _("empty")
            found.append((_(labels[name]) if name in labels else name.upper(), text))
    return found


def _plain(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _words_of(options: Iterable[Any]) -> dict[str, str]:
    words: dict[str, str] = {}
    for key, text, *_more in options:
        words |= {str(key): str(text)} if isinstance(text, str) else _words_of(text)
    return words


@cache
def _labels(root: str, feature: str, *, every: bool = False) -> dict[str, str]:
    """Field → the label most of the feature's templates give it, as it stands in them."""
    names: dict[str, Counter[str]] = {}
    for template in sorted((Path(root) / "templates" / feature).glob("**/*.html")):
        tree = current_app.jinja_env.parse(template.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            named = _named(call, CONTROLS | CHOICES if every else CONTROLS)
            if named is not None:
                names.setdefault(named[0], Counter())[named[1]] += 1
    return {name: labels.most_common(1)[0][0] for name, labels in names.items()}


def _named(call: nodes.Call, controls: set[str]) -> tuple[str, str] | None:
    if not (isinstance(call.node, nodes.Getattr) and call.node.attr in controls and len(call.args) > 1):
        return None
    name, label = call.args[:2]
    if not (isinstance(name, nodes.Const) and isinstance(label, nodes.Call) and len(label.args) == 1):
        return None
    text = label.args[0]
    return (str(name.value), str(text.value)) if isinstance(text, nodes.Const) else None
