"""Text of people is harmless, inputs name every fault, confidential columns are sealed, cells are inert."""

from __future__ import annotations

import csv
import io
from typing import Annotated
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from werkzeug.datastructures import MultiDict

from mentorlink.kernel import crypto, text
from mentorlink.kernel.cells import csv_text, inert
from mentorlink.kernel.errors import Invalid
from mentorlink.kernel.inputs import Input, Line, Text, read_form

pytestmark = pytest.mark.one_database

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/p.png)",
    "<svg/onload=alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<a href='vbscript:x'>x</a>",
    "&lt;script&gt;",
    "```\n</code><script>alert(1)</script>\n```",
)


@pytest.mark.parametrize("source", ATTACKS)
def test_markdown_lets_no_script_through(source: str) -> None:
    page = BeautifulSoup(text.markdown(source), "html.parser")
    assert page.find(["script", "img", "svg", "iframe", "style"]) is None
    for element in page.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")]
        assert urlsplit(element.get("href", "")).scheme in ("", "http", "https", "mailto")


@pytest.mark.parametrize(
    ("words", "led"),
    [
        ("see https://a.example/c?x=1&y=2. Good", ["https://a.example/c?x=1&y=2"]),
        ("(https://a.example/wiki/A_(b)), http://b.example:80/x", ["https://a.example/wiki/A_(b)", "http://b.example:80/x"]),
        ("**https://a.example/c**!", ["https://a.example/c"]),
        ("[named](https://a.example/) <https://b.example/>", ["https://a.example/", "https://b.example/"]),
        ("`https://a.example/` and https:// and javascript://a.example and ftp://a.example", []),
    ],
)
def test_a_bare_address_leads_where_it_says(words: str, led: list[str]) -> None:
    page = BeautifulSoup(text.markdown(words), "html.parser")
    assert [link["href"] for link in page.find_all("a")] == led


def test_markdown_keeps_what_people_use() -> None:
    html = text.markdown("**tebal** dan `kode`\n\n- satu\n- dua\n\n[tautan](https://a.example)")
    assert "<strong>tebal</strong>" in html
    assert "<code>kode</code>" in html
    assert html.count("<li>") == 2
    assert 'href="https://a.example"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


@given(st.text(max_size=400), st.integers(20, 200))
def test_an_excerpt_is_never_longer_than_asked(source: str, limit: int) -> None:
    assert len(text.excerpt(source, limit)) <= limit


@pytest.mark.parametrize(
    ("name", "letters"), [("Suparman", "S"), ("Wening Pramesti", "WP"), ("I Gusti Ayu Oka", "IO"), ("", "?"), ("123", "?")]
)
def test_initials_of_one_word_and_many(name: str, letters: str) -> None:
    assert text.initials(name) == letters


def test_folding_makes_names_comparable() -> None:
    assert text.fold("  Élvira   PATTIASINA ") == "elvira pattiasina"


class Words(Input):
    """An input with a field of each sort."""

    title: Annotated[Line, Field(min_length=3, max_length=5)]
    body: Text = ""
    number: int
    chosen: tuple[str, ...] = ()


def test_every_fault_comes_at_once_each_under_its_field() -> None:
    with pytest.raises(Invalid) as refusal:
        read_form(Words, MultiDict([("title", "a\nb"), ("number", "x"), ("role", "administrator"), ("body", "a\x00b")]))
    faults = {fault.field: fault.code for fault in refusal.value.faults}
    assert faults == {"title": "line_break", "number": "int_parsing", "role": "extra_forbidden", "body": "control_character"}


def test_a_form_gives_lists_where_the_field_is_one_and_nothing_for_empty_text() -> None:
    words = read_form(
        Words,
        MultiDict([("title", " abcd "), ("number", "7"), ("chosen", "a"), ("chosen", "b"), ("chosen", ""), ("csrf_token", "x")]),
    )
    assert words == Words(title="abcd", number=7, chosen=("a", "b"))


KEY_TWO = "Wm9tYmllcyBsaWtlIGJyYWlucyAxMjM0NTY3ODkwIT8="


@pytest.fixture
def ring():  # type: ignore[no-untyped-def]
    yield crypto
    crypto.load_keys((KEY_TWO,))


def test_a_new_first_key_still_opens_what_the_old_one_sealed(ring) -> None:  # type: ignore[no-untyped-def]
    new = "bmV3IGtleSBvZiAzMiBieXRlcywgcmVhbGx5IG5ldyE="
    ring.load_keys((KEY_TWO,))
    sealed = ring.seal("rahasia")
    ring.load_keys((new, KEY_TWO))
    assert ring.unseal(sealed) == "rahasia"
    ring.load_keys((new,))
    with pytest.raises(ValueError, match="key ring"):
        ring.unseal(sealed)


@given(st.text(max_size=200))
def test_what_is_sealed_shows_nothing_of_it(secret: str) -> None:
    crypto.load_keys((KEY_TWO,))
    sealed = crypto.seal(secret)
    assert crypto.unseal(sealed) == secret
    assert len(secret) < 4 or secret.encode() not in sealed


@given(
    st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30), min_size=2, max_size=2), max_size=5)
)
def test_no_cell_of_an_export_begins_like_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows).removeprefix("\ufeff"))))
    assert len(read) == len(rows) + 1
    for row in read[1:]:
        for cell in row:
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@"))


def test_numbers_stay_numbers_in_an_export() -> None:
    assert inert(-5) == -5
    assert inert("-5") == "'-5"


def test_the_empty_corner_of_a_table_is_no_heading() -> None:
    shown = text.markdown("| | one |\n|---|---|\n| two | 3 |")
    assert "<th>one</th>" in shown
    assert "<th></th>" not in shown


def test_times_are_written_as_the_language_writes_them() -> None:
    assert text.clock_in("id", "Senin, 30 Nov, 13:00 WITA") == "Senin, 30 Nov, 13.00 WITA"
    assert text.clock_in("en", "Monday, 30 Nov, 13:00 WITA") == "Monday, 30 Nov, 13:00 WITA"
