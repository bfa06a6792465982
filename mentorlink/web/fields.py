"""What the fields of our forms are called: read off the templates that show them, so that a form is named alike everywhere."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from jinja2 import nodes

CONTROLS = {"field", "textarea"}
"""Macros of ``parts/ui.html`` into which one writes; their first two arguments are a field's name and its label."""


def said(feature: str, form: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(label, text) of what somebody wrote into a form of ``feature``, in its order; chosen ids and codes say nothing."""
    labels = _labels(str(current_app.root_path), feature)
    found = []
    for name, text in form:
        words = any(mark.isspace() for mark in text.strip())
        if text.strip() and (name in labels or words):
            found.append((_(labels[name]) if name in labels else _("Your text"), text))
    return found


@cache
def _labels(root: str, feature: str) -> dict[str, str]:
    """Field → the label most of the feature's templates give it, as it stands in them."""
    names: dict[str, Counter[str]] = {}
    for template in sorted((Path(root) / "templates" / feature).glob("**/*.html")):
        tree = current_app.jinja_env.parse(template.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            named = _named(call)
            if named is not None:
                names.setdefault(named[0], Counter())[named[1]] += 1
    return {name: labels.most_common(1)[0][0] for name, labels in names.items()}


def _named(call: nodes.Call) -> tuple[str, str] | None:
    if not (isinstance(call.node, nodes.Getattr) and call.node.attr in CONTROLS and len(call.args) > 1):
        return None
    name, label = call.args[:2]
    if not (isinstance(name, nodes.Const) and isinstance(label, nodes.Call) and len(label.args) == 1):
        return None
    text = label.args[0]
    return (str(name.value), str(text.value)) if isinstance(text, nodes.Const) else None
