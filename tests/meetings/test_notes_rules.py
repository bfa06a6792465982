"""Two who write at once end with the same text, and nothing that anybody put in is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mentorlink.sessions.meetings.notes.rules import Change, apply, between, carried, merged, passages, span, tidy

texts = st.text(alphabet="ab \n😀é", max_size=14)


@st.composite
def changes(draw: st.DrawFn, text: str, mark: str) -> Change:
    """A change of ``text`` that puts in nothing but ``mark``."""
    left, parts = len(text), []
    while left:
        step = draw(st.integers(1, left))
        kind = draw(st.sampled_from(("keep", "take", "put")))
        parts.append(step if kind == "keep" else -step if kind == "take" else mark * step)
        left -= 0 if kind == "put" and len(parts) < 12 else step
    return [*parts, mark] if draw(st.booleans()) else parts


@st.composite
def two_at_once(draw: st.DrawFn) -> tuple[str, Change, Change]:
    text = draw(texts)
    one, other = draw(changes(text, "X")), draw(changes(text, "Y"))
    return text, [p for p in one if span(one) <= len(text)], [p for p in other if span(other) <= len(text)]


@given(two_at_once())
def test_both_orders_end_in_one_text_and_keep_what_each_put_in(case: tuple[str, Change, Change]) -> None:
    text, later, earlier = case
    over_earlier, over_later = carried(later, earlier)
    one, other = apply(apply(text, earlier), over_earlier), apply(apply(text, later), over_later)
    assert one == other
    for mark, change in (("X", later), ("Y", earlier)):
        assert one.count(mark) == sum(part.count(mark) for part in change if isinstance(part, str))


@given(texts, texts)
def test_a_difference_makes_the_one_text_of_the_other(before: str, after: str) -> None:
    change = between(before, after)
    assert apply(before, change) == after
    assert tidy(change) == change
    assert "".join(words for kind, words in passages(before, after) if kind != "gone") == after
    assert "".join(words for kind, words in passages(before, after) if kind != "new") == before


@given(texts, texts)
def test_a_form_changes_nothing_that_its_writer_did_not_change(base: str, current: str) -> None:
    assert merged(base, base, current) == current
    assert merged(base, current, base) == current
