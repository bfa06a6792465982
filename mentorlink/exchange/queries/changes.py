"""What rows would write: what is new, and what changes from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from mentorlink.exchange.queries.plans import Deed, key_of
from mentorlink.exchange.rules.columns import COLUMNS
from mentorlink.kernel.db import db
from mentorlink.people.models import Field, Job, Person, Tier, Unit
from mentorlink.people.queries import filled_in


class Change(NamedTuple):
    """One column of one row: what stands there now and what will."""

    column: str
    before: str
    after: str
    value: Any = None
    """Of a new row what is written: a day, yes or no, a number, a code or codes, a text."""
    name: str = ""
    """Of a new row whom an e-mail address or a NIP names."""


_MODELS: Mapping[str, Any] = {"units": Unit, "jobs": Job, "people": Person}
_BY_ID: Mapping[str, tuple[str, Any, Any]] = {
    "unit_id": ("unit", Unit, Unit.code),
    "job_id": ("job", Job, Job.code),
    "tier_id": ("tier", Tier, Tier.code),
    "field_id": ("field", Field, Field.code),
    "head_id": ("head", Person, Person.email),
    "parent_id": ("parent", Unit, Unit.code),
}
_HIDDEN = {"id", "folded_name"}
_FILLED = {"contract", "languages", "timezone", "locale"}
"""What somebody new is given where the row says nothing of it."""


def shown_changes(kind: str, deed: Deed, places: Sequence[int]) -> dict[int, list[Change]]:
    """Position of a row → its changes. A handful of queries whatever the number of rows."""
    if kind not in _MODELS:
        return {
            at: [Change(name, _said(old), _said(new)) for name, (old, new) in deed.changes.get(at, {}).items()] for at in places
        }
    ids = [deed.found[at] for at in places]
    model = _MODELS[kind]
    before = {row.id: row for row in db.session.execute(sa.select(*model.__table__.columns).where(model.id.in_(ids)))}
    pairs = [(at, name, old, new) for at in places for name, old, new in _pairs(deed.changes[at], before[deed.found[at]])]
    words = _words(pairs)
    found: dict[int, list[Change]] = {at: [] for at in places}
    for at, name, old, new in pairs:
        found[at] += _told(name, old, new, words)
    for at in places:
        if kind == "people" and not found[at]:
            found[at].append(Change("heads_unit", "", "✓"))
    return found


def shown_news(kind: str, deed: Deed, rows: Mapping[int, Any], *, nips: bool) -> dict[int, list[Change]]:
    """Position of a new row → all that is written for it, in the order of the columns. One query, whatever the number of rows.

    ``nips``: whether they are told in full.
    """
    forms = {column.code: column.form for column in COLUMNS[kind]}
    keys = {getattr(row, name) for row in rows.values() for name, form in forms.items() if form == "person"}
    names = _names(key_of(key) for key in keys if key)
    found: dict[int, list[Change]] = {}
    for at, row in rows.items():
        filled = filled_in(deed.fresh[at]) if kind == "people" else {}
        said = {name: getattr(row, name) for name in forms}
        values = {name: filled.get(name) if name in _FILLED and value is None else value for name, value in said.items()}
        found[at] = [
            Change(name, "", _said(told), told, names.get(key_of(value), "") if forms[name] == "person" else "")
            for name, value in values.items()
            if value not in (None, "", (), []) and not (value is False and name == "heads_unit")
            for told in (_told_key(value) if forms[name] == "person" or (name == "nip" and not nips) else value,)
        ]
    return found


def _names(keys: Iterable[str]) -> dict[str, str]:
    wanted = set(keys)
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(Person.email, Person.nip, Person.name).where(sa.or_(Person.email.in_(wanted), Person.nip.in_(wanted)))
    )
    return {key: name for email, nip, name in rows for key in (email, nip) if key in wanted}


def _told_key(key: str) -> str:
    """An e-mail address as it is, of a NIP its end."""
    return key if "@" in key else f"…{key.strip()[-3:]}"


def _pairs(values: Mapping[str, Any], row: Any) -> list[tuple[str, Any, Any]]:
    pairs = [(name, getattr(row, name), new) for name, new in values.items() if name not in _HIDDEN and name != "parent"]
    if "parent" in values:
        pairs.append(("parent", row.parent_id, values["parent"]))
    return pairs


def _words(pairs: Sequence[tuple[int, str, Any, Any]]) -> dict[tuple[str, int], str]:
    words: dict[tuple[str, int], str] = {}
    wanted: dict[str, set[int]] = {}
    for _, name, old, new in pairs:
        for kind in {name, "parent_id" if name == "parent" else name} & _BY_ID.keys():
            wanted.setdefault(kind, set()).update(value for value in (old, new) if isinstance(value, int))
    for name, ids in wanted.items():
        _, model, column = _BY_ID[name]
        words.update(
            {(name, id_): word for id_, word in db.session.execute(sa.select(model.id, column).where(model.id.in_(ids)))}
        )
    return words


def _told(name: str, old: Any, new: Any, words: Mapping[tuple[str, int], str]) -> list[Change]:
    if name == "name" and isinstance(new, dict):
        old = old or {}
        return [Change(f"name_{key}", old.get(key, ""), new[key]) for key in new if old.get(key) != new[key]]
    if name == "parent":
        return [Change("parent", words.get(("parent_id", old), ""), new)]
    if name in _BY_ID:
        return [Change(_BY_ID[name][0], words.get((name, old), ""), words.get((name, new), ""))]
    return [Change(name, _masked(name, old), _masked(name, new))]


def _masked(name: str, value: Any) -> str:
    text = _said(value)
    return f"…{text[-3:]}" if name == "nip" and text else text


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
