"""Who acts on a signed-in device, read in one statement, is who acts otherwise."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.kernel import clock, crypto, settings
from mentorlink.kernel.db import db
from mentorlink.people.models import SignIn
from mentorlink.people.queries import actor_of, actor_of_sign_in, sign_ins_for
from tests.cast import Cast


def test_the_actor_of_a_device_is_the_actor_of_its_person(cast: Cast) -> None:
    people = [cast.mentee, cast.mentor, cast.coordinator, cast.administrator, cast.supervisor, cast.stranger]
    now = clock.now()
    sign_ins = [
        SignIn(person_id=person.id, token_hash=crypto.token_hash(crypto.new_token()), created_at=now, seen_at=now)
        for person in people
    ]
    db.session.add_all(sign_ins)
    db.session.commit()
    for person, sign_in in zip(people, sign_ins, strict=True):
        assert actor_of_sign_in(sign_in.id, door="socket") == actor_of(person, door="socket")
    assert any(actor_of_sign_in(sign_in.id, door="socket").grants for sign_in in sign_ins)  # type: ignore[union-attr]
    sign_ins[0].ended_at = now
    db.session.commit()
    assert actor_of_sign_in(sign_ins[0].id, door="socket") is None


def test_the_list_of_devices_leaves_out_what_counts_no_more(cast: Cast) -> None:
    person, now, chosen = cast.mentee, clock.now(), settings.current()
    idle, whole = timedelta(minutes=chosen.session_idle_minutes), timedelta(hours=chosen.session_absolute_hours)
    ages = {"fresh": (now, now), "idle": (now - idle, now - idle), "too old": (now - whole, now)}
    rows = {
        name: SignIn(person_id=person.id, token_hash=crypto.token_hash(name), created_at=created_at, seen_at=seen_at)
        for name, (created_at, seen_at) in ages.items()
    }
    db.session.add_all(rows.values())
    db.session.commit()
    with clock.at(now):
        assert [row.id for row in sign_ins_for(cast.actor(person))] == [rows["fresh"].id]
