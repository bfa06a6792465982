"""An action is one transaction; effects within share its fate, effects after do not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from mentorlink import wiring
from mentorlink.kernel import events
from mentorlink.kernel.actions import action, ensure, record
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, lock
from mentorlink.kernel.errors import Conflict, Denied, NotFound
from mentorlink.people.models import Field
from tests.cast import Cast


@dataclass(frozen=True)
class FieldNamed(events.Event):
    field_id: int


def may_name_field(actor: Actor) -> bool:
    return actor.is_system


@action
def name_field(actor: Actor, field: Field, name: str) -> None:
    ensure(may_name_field, actor)
    field.name = {"id": name, "en": name}
    record(FieldNamed(field.id))


@pytest.fixture
def hear(cast: Cast) -> Iterator[list[tuple[str, str]]]:
    """Effects that note in which state they saw the field."""
    heard: list[tuple[str, str]] = []

    def within(event: FieldNamed) -> None:
        heard.append(("within", db.session.get_one(Field, event.field_id).name["en"]))

    def after(event: FieldNamed) -> None:
        heard.append(("after", db.session.get_one(Field, event.field_id).name["en"]))

    events.wire(within_effects={FieldNamed: (within,)}, after_effects={FieldNamed: (after,)})
    yield heard
    wiring.wire_all()


def stored_name(cast: Cast) -> str:
    """What another connection sees."""
    with db.engine.connect() as connection:
        return str(connection.execute(sa.select(Field.name).where(Field.id == cast.field.id)).scalar_one()["en"])


def test_effects_run_within_and_then_after_the_commit(cast: Cast, hear: list[tuple[str, str]]) -> None:
    name_field(Actor.system(), cast.field, "Treasury")
    assert hear == [("within", "Treasury"), ("after", "Treasury")]
    assert stored_name(cast) == "Treasury"


def test_if_an_effect_within_fails_nothing_happened(cast: Cast, hear: list[tuple[str, str]]) -> None:
    def fail(_event: FieldNamed) -> None:
        raise Conflict("broken")

    events.wire(within_effects={FieldNamed: (fail,)}, after_effects={FieldNamed: (lambda event: hear.append(("after", "")),)})
    with pytest.raises(Conflict):
        name_field(Actor.system(), cast.field, "Treasury")
    assert stored_name(cast) == "Finance"
    assert hear == []


def test_if_an_effect_after_fails_the_deed_stands_and_the_next_effect_runs(cast: Cast, hear: list[tuple[str, str]]) -> None:
    def fail(_event: FieldNamed) -> None:
        raise RuntimeError("listener broken")

    events.wire(within_effects={}, after_effects={FieldNamed: (fail, lambda event: hear.append(("after", "told")))})
    name_field(Actor.system(), cast.field, "Treasury")
    assert stored_name(cast) == "Treasury"
    assert hear == [("after", "told")]


def test_who_may_not_changes_nothing(cast: Cast) -> None:
    with pytest.raises(Denied) as refusal:
        name_field(Actor(person_id=1), cast.field, "Treasury")
    assert refusal.value.code == "may_name_field"
    assert stored_name(cast) == "Finance"


def test_an_action_decides_on_rows_read_again_under_the_lock(cast: Cast) -> None:
    field = db.session.get_one(Field, cast.field.id)
    assert field.name["en"] == "Finance"
    with db.engine.begin() as connection:
        connection.execute(sa.update(Field).where(Field.id == field.id).values(name={"id": "Kas", "en": "Cash"}))
    seen: list[str] = []

    @action
    def look(_actor: Actor, thing: Field) -> None:
        ensure(may_name_field, _actor)
        seen.append(thing.name["en"])

    look(Actor.system(), field)
    assert seen == ["Cash"]


def test_a_row_that_somebody_deleted_meanwhile_is_not_found(cast: Cast) -> None:
    field = db.session.get_one(Field, cast.other_field.id)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(Field).where(Field.id == field.id))
    with pytest.raises(NotFound):
        name_field(Actor.system(), field, "Gone")


def test_a_row_that_is_gone_when_it_is_locked_is_not_found(cast: Cast) -> None:
    field = cast.other_field

    @action
    def hold(actor: Actor, thing: Field) -> None:
        ensure(may_name_field, actor)
        gone = sa.delete(Field).where(Field.id == thing.id)
        db.session.execute(gone, execution_options={"synchronize_session": False})
        lock(thing)

    with pytest.raises(NotFound):
        hold(Actor.system(), field)


def test_rows_changed_outside_an_action_are_refused(cast: Cast) -> None:
    db.session.get_one(Field, cast.field.id).name = {"id": "x", "en": "x"}
    with pytest.raises(RuntimeError, match="outside an action"):
        name_field(Actor.system(), cast.field, "Treasury")
    db.session.rollback()


def test_twenty_at_once_lose_no_update(cast: Cast) -> None:
    field_id = cast.field.id

    @action
    def append(actor: Actor, field_id: int, letter: str) -> None:
        ensure(may_name_field, actor)
        field = db.session.get_one(Field, field_id, with_for_update=True)
        field.name = {"id": "x", "en": field.name["en"] + letter}

    def run() -> None:
        with cast.app.app_context():
            append(Actor.system(), field_id, "a")
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored_name(cast) == "Finance" + "a" * 20


def test_two_who_wait_for_each_others_rows_both_get_done(cast: Cast, hear: list[tuple[str, str]]) -> None:
    other = Field(code="crossed", name={"id": "-", "en": "-"})
    db.session.add(other)
    db.session.commit()
    ids, both_hold_one = (cast.field.id, other.id), threading.Barrier(2)

    @action
    def name_both(actor: Actor, first: int, second: int, name: str) -> None:
        ensure(may_name_field, actor)
        name_field(actor, db.session.get_one(Field, first, with_for_update=True), name)
        db.session.flush()
        with suppress(threading.BrokenBarrierError):
            both_hold_one.wait(1)
        name_field(actor, db.session.get_one(Field, second, with_for_update=True), name)

    def work(first: int, second: int, name: str) -> None:
        with cast.app.app_context():
            name_both(Actor.system(), first, second, name)
            done.append(name)

    done: list[str] = []
    db.session.rollback()
    threads = [
        threading.Thread(target=work, args=(*ids, "one")),
        threading.Thread(target=work, args=(*reversed(ids), "other")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["one", "other"]
    names = {field.name["en"] for field in db.session.scalars(sa.select(Field).where(Field.id.in_(ids)))}
    assert names in ({"one"}, {"other"}), "the later of the two named both"
    assert sum(state == "after" for state, _name in hear) == 4, "what a try that was undone recorded is told to nobody"
