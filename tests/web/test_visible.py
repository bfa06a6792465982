"""Beside every field of a text that is kept encrypted stands who can see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mentorlink.app import import_rows
from mentorlink.kernel.db import Secret, SecretJson, metadata

pytestmark = pytest.mark.one_database

TEMPLATES = Path(__file__).parents[2] / "templates"
WHOLLY = ("mentoring", "meetings", "coaching", "pairing")
"""Folders in which every text that is written is somebody's own affair."""

WRITTEN = {
    "withheld_message": ("community/_round.html", None),  # written as any message; withheld by the house
    "community_report": ("community/report.html", "note"),
    "moderation_act": ("community/act.html", "text"),
    "break_glass": ("community/glasses.html", "reason"),
    "gathering": ("community/gathering.html", "body"),
    "certificate": ("learning/certificate.html", "note"),
    "learning_period": ("learning/period.html", "note"),
    "data_request": ("learning/data_requests.html", "answer"),
    "development_plan": ("learning/plan.html", "note"),
    "hours_claim": ("learning/claim.html", "note"),
}
"""Tables with encrypted columns elsewhere → the template and the field in which they are written."""

NOT_WRITTEN = {
    "signing_key", "push_device", "test_sitting", "index_fact", "round_run", "calendar_source", "calendar_feed", "peer_voice",
}  # fmt: skip
"""Tables with encrypted columns that hold no text anybody writes for another."""

OF_PAIRS = {
    "meeting", "agenda_item", "meeting_notes", "private_note", "action_item", "time_proposal", "coaching_goal",
    "coaching_question", "coaching_sheet", "coaching_commitment", "coaching_check_in", "coaching_review", "engagement_end",
    "stage_period", "mentorship_pause", "early_end", "agreement", "mentorship_target", "goals_revision", "mentoring_issue",
    "roadmap_item", "reflection", "next_direction", "mentorship_evaluation", "request", "request_message", "invitation",
    "meeting_note_change", "meeting_afterthought", "text_state", "mentoring_group_member", "thanks", "concern",
    "content_opening",
}  # fmt: skip
"""Tables with encrypted columns that are written in the folders of ``WHOLLY``."""

CALL = re.compile(r"ui\.(?P<kind>textarea|field)\(\s*'(?P<name>\w+)'.*?\) ?}}", re.DOTALL)
OWN_LINE = re.compile(r'ui\.form_visible\(|class="form-visible"')
"""A form that says once, at its beginning, who can see every field of it."""

RAW = re.compile(r'<textarea(?![^>]*\bhidden\b)[^>]*name="(?P<name>\w+)"')


def unlabelled(template: Path, only: str | None = None) -> list[str]:
    """Names of fields for a text, in the order they stand, that do not say who can see it."""
    forms = re.compile(r"<form\b.*?</form>", re.DOTALL)
    text = forms.sub(lambda form: "" if OWN_LINE.search(form[0]) else form[0], template.read_text(encoding="utf-8"))
    bare = [call["name"] for call in CALL.finditer(text) if "visible=" not in call[0] and (only or call["kind"] == "textarea")]
    for field in RAW.finditer(text):
        before = text[text.rfind("<label", 0, field.start()) : field.start()]
        if "visible_to" not in before and "w.seen" not in before:
            bare.append(field["name"])
    return [name for name in bare if only in (None, name)]


def test_every_encrypted_column_is_known_by_where_it_is_written() -> None:
    import_rows()
    secret = {
        table.name
        for table in metadata.tables.values()
        if any(isinstance(column.type, Secret | SecretJson) for column in table.columns)
    }
    assert secret == WRITTEN.keys() | NOT_WRITTEN | OF_PAIRS


def test_who_can_see_it_stands_beside_every_field_of_a_confidential_text() -> None:
    found = {str(each): unlabelled(each) for folder in WHOLLY for each in sorted((TEMPLATES / folder).glob("**/*.html"))}
    assert len(found) > 50
    for name, field in WRITTEN.values():
        if field is not None:
            text = (TEMPLATES / name).read_text(encoding="utf-8")
            assert re.search(rf"""((textarea|field)\('{field}'|name="{field}")""", text), name
            found[name] = unlabelled(TEMPLATES / name, field)
    assert {name: fields for name, fields in found.items() if fields} == {}


def test_a_field_without_it_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("{{ ui.textarea('a', _('A'), form) }}{{ ui.textarea('b', _('B'), form, visible='pair') }}", encoding="utf-8")
    assert unlabelled(page) == ["a"]
    page.write_text('<label>{{ ui.visible_to("pair") }}<textarea name="a"></textarea><label><textarea name="b"></textarea>')
    assert unlabelled(page) == ["b"]
    form = "<form>{{ ui.form_visible('pair') }}{{ ui.textarea('a', _('A'), form) }}</form>"
    page.write_text(f"{form}<form>{{{{ ui.textarea('b', _('B'), form) }}}}</form>", encoding="utf-8")
    assert unlabelled(page) == ["b"], "a form’s own line speaks for its fields, not for those of another"
