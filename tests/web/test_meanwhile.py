"""Two people, or two tabs, write the same thing: who saves later sees both texts, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel.db import db
from mentorlink.pairing.actions import open_offer
from mentorlink.pairing.inputs import OfferInput
from mentorlink.people.models import Person
from tests.cast import Cast

Form = tuple[FlaskClient, str, str, dict[str, str], str]
"""Who writes, where the form is, where it is sent, what stands in it, and the field that is changed."""


def profile(cast: Cast) -> Form:
    return cast.client(cast.mentee), "/me/edit", "/me/edit", {"timezone": "Asia/Jakarta", "languages": "id"}, "bio"


def person(cast: Cast) -> Form:
    who = cast.mentee
    address = f"/people/{who.id}/edit"
    form = {"name": who.name, "email": who.email, "unit_id": str(who.unit_id), "job_id": str(who.job_id), "contract": "pns"}
    return (
        cast.client(cast.coordinator),
        address,
        address,
        form | {"locale": "en", "in_field_since": "2015", "timezone": "Asia/Jakarta"},
        "place",
    )


def unit(cast: Cast) -> Form:
    address = f"/units/{cast.budget.id}"
    return cast.client(cast.coordinator), address, address, {"code": "budget", "name_id": "Budget"}, "name_en"


def offer(cast: Cast) -> Form:
    open_offer(cast.actor(cast.mentor), "mentor", OfferInput(languages=("id",)))
    return cast.client(cast.mentor), "/offers/mentor", "/offers/mentor", {"capacity": "2", "languages": "id"}, "message"


@pytest.mark.parametrize("made", [profile, person, unit, offer])
def test_the_later_of_two_sees_both_texts_and_saves_knowingly(cast: Cast, made: Callable[[Cast], Form]) -> None:
    client, page, address, form, name = made(cast)

    def opened() -> str:
        return stamp_in(client.get(page).text)

    first, second = opened(), opened()
    assert client.post(address, data=form | {name: "Tulisan satu", "stamp": first}).status_code == 303
    assert client.post(address, data=form | {name: "Tulisan satu", "stamp": first}).status_code == 303
    refused = client.post(address, data=form | {name: "Tulisan dua", "stamp": second})
    assert refused.status_code == 409
    soup = BeautifulSoup(refused.text, "html.parser")
    assert [each.text for each in soup.select(".alert dl dd")] == ["Tulisan satu"]
    field = soup.select_one(f"#f-{name}")
    assert field is not None
    assert (field.get("value") or field.text.strip()) == "Tulisan dua"
    assert client.post(address, data=form | {name: "Tulisan dua", "stamp": stamp_in(refused.text)}).status_code == 303
    assert "Tulisan dua" in client.get(page).text


def stamp_in(page: str) -> str:
    found = BeautifulSoup(page, "html.parser").select_one("input[name=stamp]")
    assert found is not None
    return str(found["value"])


def test_what_a_form_does_not_hold_may_change_meanwhile(cast: Cast) -> None:
    client, page, address, form, name = profile(cast)
    stamp = stamp_in(client.get(page).text)
    db.session.get_one(Person, cast.mentee.id).rank = "III/c"
    db.session.commit()
    assert client.post(address, data=form | {name: "Tulisan", "stamp": stamp}).status_code == 303
