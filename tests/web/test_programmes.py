"""Pages of programmes."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.programmes.actions import make_default_programme
from mentorlink.programmes.models import Programme
from mentorlink.programmes.queries import rules_of, weights_of
from tests.cast import Cast
from tests.web.test_competencies import form_of, page, words


def test_hr_edits_the_programme_on_its_page(cast: Cast) -> None:
    programme = make_default_programme(Actor.system())
    client = cast.client(cast.coordinator)
    assert programme.name["en"] in words(page(client, "/programmes"))
    form = form_of(page(client, f"/programmes/{programme.id}/edit"))
    for flag in ("rules.same_field", "rules.other_unit"):
        del form[flag]
    same = client.post(f"/programmes/{programme.id}/edit", data=form)
    assert same.status_code == 303
    db.session.expire_all()
    assert rules_of(programme).same_field is False
    form |= {"revision": str(programme.revision), "rules.same_field": "1", "rules.grade_min": "1", "weights.field": "high"}
    assert client.post(f"/programmes/{programme.id}/edit", data=form).status_code == 303
    db.session.expire_all()
    assert (rules_of(programme).same_field, rules_of(programme).grade_min) == (True, 1)
    assert weights_of(programme)["field"] == pytest.approx(0.21)
    assert "high" in words(page(client, f"/programmes/{programme.id}"))
    assert client.post(f"/programmes/{programme.id}/edit", data=form).status_code == 409, (
        "the same form again is an older revision"
    )


def test_faults_come_back_beside_their_fields(cast: Cast) -> None:
    programme = make_default_programme(Actor.system())
    client = cast.client(cast.coordinator)
    form = form_of(page(client, f"/programmes/{programme.id}/edit"))
    sent = client.post(f"/programmes/{programme.id}/edit", data=form | {"rules.request_days": "0", "ends_on": "soon"})
    soup = BeautifulSoup(sent.text, "html.parser")
    assert sent.status_code == 422
    assert {link["href"] for link in soup.select(".error-summary a")} == {"#f-rules.request_days", "#f-ends_on"}
    assert soup.select_one("#f-ends_on")["value"] == "soon"  # type: ignore[index]  # the field is there


def test_hr_makes_a_programme(cast: Cast) -> None:
    client = cast.client(cast.coordinator)
    form = form_of(page(client, "/programmes/new")) | {"name.id": "Percontohan", "name.en": "Pilot"}
    sent = client.post("/programmes/new", data=form)
    assert sent.status_code == 303
    assert db.session.query(Programme).one().owner_id == cast.coordinator.id


@pytest.mark.parametrize("who", ["mentee", "supervisor"])
@pytest.mark.parametrize("path", ["/programmes", "/programmes/1", "/programmes/1/edit", "/programmes/new"])
def test_programmes_are_for_hr(cast: Cast, who: str, path: str) -> None:
    make_default_programme(Actor.system())
    page(cast.client(cast.coordinator), path)
    page(cast.client(getattr(cast, who)), path, 403)


def test_administrators_read_programmes(cast: Cast) -> None:
    programme = make_default_programme(Actor.system())
    client = cast.client(cast.administrator)
    page(client, f"/programmes/{programme.id}")
    page(client, f"/programmes/{programme.id}/edit", 403)


def test_shares_are_written_as_the_language_writes_them_and_read_either_way(cast: Cast) -> None:
    programme = make_default_programme(Actor.system())
    cast.coordinator.locale = "id"
    db.session.commit()
    client = cast.client(cast.coordinator)
    form = form_of(page(client, f"/programmes/{programme.id}/edit"))
    assert (form["rules.grade_points.1"], form["rules.grade_points.2"]) == ("0,75", "1")
    form |= {"rules.grade_points.1": "0,5", "rules.grade_points.2": "0.25", "rules.superior_agrees": "1"}
    assert client.post(f"/programmes/{programme.id}/edit", data=form).status_code == 303
    db.session.expire_all()
    assert (rules_of(programme).grade_points[1], rules_of(programme).grade_points[2]) == (0.5, 0.25)
    assert "Atasan mentee menyetujui sebelum tahap pertama selesai ya" in words(page(client, f"/programmes/{programme.id}"))
