"""The pages of pairing, by a browser without scripts."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from mentorlink.kernel.db import db
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import Person
from tests.cast import Cast
from tests.pairing.stage import WISH, ask, offer


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> BeautifulSoup:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, answer.text[:2000]
    return BeautifulSoup(answer.text, "html.parser")


def names_of(soup: BeautifulSoup) -> list[str]:
    return [link.get_text(strip=True) for link in soup.select(".suggestion .card-title a")]


def test_the_list_names_what_a_mentor_covers_and_what_stays_open(cast: Cast) -> None:
    offer(cast, cast.mentor)
    cast.assess(cast.mentee, cast.competencies[2], 1) if False else None
    soup = page(cast.client(cast.mentee), "/find")
    assert names_of(soup) == ["Mentor"]
    told = soup.select_one(".suggestion").get_text(" ", strip=True)
    assert "Covers 2 of your 2 gaps" in told
    assert "1 → 3" in told
    assert "Same field: Finance" in told
    assert "2 free places" in told
    assert "reply time not known yet" in told


def test_smoke(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    client = cast.client(cast.mentee)
    for address in ("/find", "/find?kind=coach", "/find?zone=WIT", "/find?years=25&q=x", "/offers", "/offers/mentor", "/requests", f"/find/{there.id}"):
        page(client, address)
    request = ask(cast, cast.mentee, there, competencies=("T.1",))
    for client in (cast.client(cast.mentee), cast.client(cast.mentor)):
        for address in ("/requests", "/requests?box=in", f"/requests/{request.id}", "/offers", "/offers/mentor", "/find"):
            page(client, address)
