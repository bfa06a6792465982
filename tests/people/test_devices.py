"""Who acts on a signed-in device, read in one statement, is who acts otherwise."""

from __future__ import annotations

from mentorlink.kernel import clock, crypto
from mentorlink.kernel.db import db
from mentorlink.people.models import SignIn
from mentorlink.people.queries import actor_of, actor_of_sign_in
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
