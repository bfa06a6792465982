"""The templates and what they lean on: icons that exist, nothing that the content security policy refuses."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = [*TEMPLATES, *sorted((ROOT / "static" / "js").rglob("*.js")), *sorted((ROOT / "mentorlink").rglob("*.py"))]
MAIL = "layouts/mail.html"
"""Mail programs know no style sheets, so this one layout carries its own."""

pytestmark = pytest.mark.one_database

ICON = re.compile(r"""icon(?:_end)?(?:=|\(|':\s*|":\s*)\s*['"]([a-z][a-z0-9-]+)['"]""")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>")
HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)


def sprite() -> set[str]:
    """Names of the icons in the sprite."""
    return set(re.findall(r'id="([a-z0-9-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))


def test_what_was_vendored_is_what_the_manifest_says() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/vendor.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    there = sprite()
    assert "check" in there
    named = {(name, path.name) for path in SOURCES for name in ICON.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 50
    assert sorted((name, file) for name, file in named if name not in there) == []


def test_the_list_of_icons_is_the_sprite() -> None:
    listed = {line.strip() for line in (ROOT / "static/img/icons.txt").read_text(encoding="utf-8").splitlines()}
    assert {name for name in listed if name and not name.startswith("#")} == sprite()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    if str(path.relative_to(ROOT / "templates")) == MAIL:
        return
    markup = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert "style=" not in markup
    assert "<style" not in markup
    assert "javascript:" not in markup
    assert SCRIPT.findall(markup) == []
    assert HANDLER.findall(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", markup, flags=re.DOTALL)) == []
    assert "hx-on" not in markup


def test_every_controller_that_a_template_names_is_there() -> None:
    files = {path.stem for path in (ROOT / "static/js/controllers").glob("*.js")}
    named = set()
    for path in TEMPLATES:
        for names in re.findall(r"""data-controller['"]?\s*[=:]\s*['"]([a-z -]+)['"]""", path.read_text(encoding="utf-8")):
            named.update(names.split())
    assert len(named) > 5
    assert named - files == set()


def test_every_template_that_is_named_is_there(whole_app: Flask) -> None:
    there = set(whole_app.jinja_env.list_templates())
    named = set()
    for path in SOURCES:
        named.update(re.findall(r"""['"]([a-z_]+/[a-z_]+\.(?:html|txt))['"]""", path.read_text(encoding="utf-8")))
    assert "layouts/base.html" in named
    assert named - there == set()
