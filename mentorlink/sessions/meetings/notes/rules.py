"""Changes of a text that several people write at once: values in, values out.

A change is a list of parts that walk over the text from its beginning: a number above 0 keeps so many characters, one below 0
takes so many out, a text puts itself in. Characters are Unicode code points. The rows give changes an order; a change made
without knowing of earlier ones is carried over them (``carried``), so that both texts come out the same and nothing that
anybody put in is lost. ``static/js/notes/change.js`` holds the same rules; the tests run one against the other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

Part = int | str
Change = list[Part]

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Misfit(ValueError):
    """The change is not of this text."""


def tidy(parts: Sequence[Part]) -> Change:
    """The same change with neighbours of a kind joined, nothing empty, and no keeping at the end."""
    change: Change = []
    for part in parts:
        if not part:
            continue
        last = change[-1] if change else 0
        if _alike(part, last):
            change[-1] += part  # type: ignore[operator]  # both are texts, or both numbers
        elif isinstance(part, str) and isinstance(last, int) and last < 0:
            _put_before_taking(change, part)
        else:
            change.append(part)
    while change and isinstance(change[-1], int) and change[-1] > 0:
        change.pop()
    return change


def _alike(part: Part, last: Part) -> bool:
    if isinstance(part, int) and isinstance(last, int):
        return last != 0 and (part > 0) == (last > 0)
    return isinstance(part, str) and isinstance(last, str)


def _put_before_taking(change: Change, text: str) -> None:
    """What is put in stands before what is taken out at the same place: one way to write one change."""
    taken = change.pop()
    if change and isinstance(change[-1], str):
        change[-1] += text
    else:
        change.append(text)
    change.append(taken)


def span(change: Sequence[Part]) -> int:
    """How much of the text the change walks over."""
    return sum(abs(part) for part in change if isinstance(part, int))


def apply(text: str, change: Sequence[Part]) -> str:
    """The text after the change; Misfit when it walks past the end."""
    if span(change) > len(text):
        raise Misfit
    place, pieces = 0, []
    for part in change:
        if isinstance(part, str):
            pieces.append(part)
        else:
            if part > 0:
                pieces.append(text[place : place + part])
            place += abs(part)
    return "".join([*pieces, text[place:]])


def carried(later: Sequence[Part], earlier: Sequence[Part]) -> tuple[Change, Change]:
    """(later over earlier, earlier over later): the two orders of doing both end in the same text.

    Where both put something in at the same place, the earlier one's stands first. What one puts into a stretch that the other
    takes out stays.
    """
    a, b = list(tidy(later)), list(tidy(earlier))
    over_earlier: list[Part] = []
    over_later: list[Part] = []
    while a or b:
        if b and isinstance(b[0], str):
            over_earlier.append(len(b[0]))
            over_later.append(b.pop(0))
        elif a and isinstance(a[0], str):
            over_later.append(len(a[0]))
            over_earlier.append(a.pop(0))
        else:
            x, y = _step(a, b)
            if x > 0 and y > 0:
                over_earlier.append(x)
                over_later.append(y)
            elif x < 0 < y:
                over_earlier.append(x)
            elif y < 0 < x:
                over_later.append(y)
    return tidy(over_earlier), tidy(over_later)


def _step(a: Change, b: Change) -> tuple[int, int]:
    """Take the same stretch off the head of both; a change that has ended keeps the rest."""
    head_a, head_b = (a[0] if a else None), (b[0] if b else None)
    length = min(abs(head) for head in (head_a, head_b) if isinstance(head, int))
    return _take(a, length), _take(b, length)


def _take(change: Change, length: int) -> int:
    if not change:
        return length
    head = change[0]
    assert isinstance(head, int)
    taken = length if head > 0 else -length
    if head == taken:
        change.pop(0)
    else:
        change[0] = head - taken
    return taken


def between(before: str, after: str) -> Change:
    """A change that makes ``after`` of ``before``, word by word."""
    if before == after:
        return []
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new, kept = old[start : len(old) - end], new[start : len(new) - end], sum(map(len, old[:start]))
    parts: list[Part] = [kept]
    for kind, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(sum(map(len, old[i:j])))
            continue
        parts += _within("".join(old[i:j]), "".join(new[k:m]))
    return tidy(parts)


def _within(gone: str, come: str) -> Change:
    """What changed within a word that became another: all but its own beginning and end."""
    start = 0
    while start < min(len(gone), len(come)) and gone[start] == come[start]:
        start += 1
    end = 0
    while end < min(len(gone), len(come)) - start and gone[-1 - end] == come[-1 - end]:
        end += 1
    return [start, come[start : len(come) - end], -(len(gone) - start - end), end]


def merged(base: str, mine: str, current: str) -> str:
    """``current`` with what somebody changed who began from ``base`` and ended at ``mine``."""
    change, _other = carried(between(base, mine), between(base, current))
    return apply(current, change)


def passages(before: str, after: str) -> list[tuple[str, str]]:
    """(``same`` | ``new`` | ``gone``, text) in reading order: what became different between two states."""
    place, found = 0, []
    for part in between(before, after):
        if isinstance(part, str):
            found.append(("new", part))
            continue
        stretch = before[place : place + abs(part)]
        found.append(("same" if part > 0 else "gone", stretch))
        place += abs(part)
    return [*found, ("same", before[place:])] if before[place:] else found
