"""Dictionaries and their editions."""

from __future__ import annotations

import threading
from copy import deepcopy
from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.competencies.actions import edit_competency, load_framework, load_reference
from mentorlink.competencies.inputs import CompetencyInput
from mentorlink.competencies.models import Assessment, Competency, Edition, Framework, Standard
from mentorlink.competencies.queries import competency_for, edition_content, edition_for, needs_of
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid
from mentorlink.people.models import Field, Tier
from tests.cast import Cast

SYSTEM = Actor.system()


def entry(code: str, name: str = "Menyusun", *, field: str | None = None) -> dict[str, Any]:
    words = {"id": name, "en": f"{name} (en)"}
    levels = [{"level": level, "title": words, "description": words, "indicators": [words]} for level in range(1, 6)]
    return {"code": code, "field": field, "name": words, "definition": words, "levels": levels}


def dictionary(*entries: dict[str, Any], code: str = "uji") -> dict[str, Any]:
    return {
        "code": code, "type": "technical", "version": "1", "name": {"id": "Kamus", "en": "Dictionary"}, "source": "",
        "competencies": list(entries),
    }  # fmt: skip


def test_loading_publishes_an_edition_and_loading_it_again_does_not(cast: Cast) -> None:
    content = dictionary(entry("U.1"), entry("U.2", field="keuangan"))
    first = load_framework(SYSTEM, content)
    assert (first.number, len(first.content)) == (1, 2)
    assert load_framework(SYSTEM, deepcopy(content)).id == first.id
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 1


def test_a_new_edition_rewords_and_the_old_one_stays_readable(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1", "Lama")))
    second = load_framework(SYSTEM, dictionary(entry("U.1", "Baru")))
    assert second.number == 2
    assert competency_for(SYSTEM, "U.1").name["id"] == "Baru"
    assert edition_for(SYSTEM, "uji", 1).content[0]["name"]["id"] == "Lama"


def test_what_an_edition_hands_out_can_be_loaded_again_as_it_is(cast: Cast) -> None:
    first = load_framework(SYSTEM, dictionary(entry("U.1")))
    assert load_framework(SYSTEM, edition_content(first)).id == first.id


def test_a_competency_left_out_is_retired_with_its_findings_and_can_come_back(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1"), entry("U.2")))
    competency = competency_for(SYSTEM, "U.2")
    db.session.add(Standard(competency_id=competency.id, job_id=cast.job.id, required=3))
    db.session.commit()
    mentee = cast.mentee
    cast.assess(mentee, competency, 2)
    assert "U.2" in [need.code for need in needs_of((mentee.id,))[mentee.id]]
    load_framework(SYSTEM, dictionary(entry("U.1")))
    assert competency_for(SYSTEM, "U.2").retired_at is not None
    assert "U.2" not in [need.code for need in needs_of((mentee.id,))[mentee.id]]
    assert db.session.scalar(sa.select(sa.func.count()).where(Assessment.competency_id == competency.id)) == 1
    load_framework(SYSTEM, dictionary(entry("U.1"), entry("U.2")))
    assert competency_for(SYSTEM, "U.2").retired_at is None
    assert "U.2" in [need.code for need in needs_of((mentee.id,))[mentee.id]]


def test_every_fault_of_a_file_comes_at_once_and_nothing_is_loaded(cast: Cast) -> None:
    broken = dictionary(entry("U.1", field="nowhere"), entry("T.1"))
    with pytest.raises(Invalid) as refused:
        load_framework(SYSTEM, broken)
    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("competencies.0.field", "unknown_field"),
        ("competencies.1.code", "code_elsewhere"),
    }
    assert db.session.scalar(sa.select(Framework.id).where(Framework.code == "uji")) is None


def test_a_file_of_another_shape_is_told_where_it_is_wrong(cast: Cast) -> None:
    four = entry("U.1")
    four["levels"].pop()
    with pytest.raises(Invalid) as refused:
        load_framework(SYSTEM, dictionary(four, entry("U.2") | {"colour": "red"}))
    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("competencies.0", "five_levels"),
        ("competencies.1.colour", "extra_forbidden"),
    }
    with pytest.raises(Invalid) as twice:
        load_framework(SYSTEM, dictionary(entry("U.1"), entry("U.1")))
    assert [fault.code for fault in twice.value.faults] == ["code_twice"]


@pytest.mark.parametrize("who", ["mentee", "supervisor", "other_head"])
def test_a_dictionary_is_changed_by_hr_and_administrators_alone(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(Denied, match="may_edit_frameworks"):
        load_framework(actor, dictionary(entry("U.1")))
    assert load_framework(cast.actor(cast.administrator), dictionary(entry("U.1"))).number == 1


def test_hr_of_one_unit_does_not_change_everybodys_dictionary(cast: Cast) -> None:
    from mentorlink.kernel.actor import Grant, Role

    local = Actor(person_id=cast.stranger.id, grants=(Grant(Role.MANAGER, cast.finance.path),))
    with pytest.raises(Denied):
        load_framework(local, dictionary(entry("U.1")))


def test_editing_one_competency_publishes_an_edition_that_leaves_the_others(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1", "Satu"), entry("U.2", "Dua")))
    reworded = CompetencyInput.model_validate(entry("U.1", "Pertama"))
    edition = edit_competency(SYSTEM, competency_for(SYSTEM, "U.1"), reworded, based_on=1)
    assert edition.number == 2
    assert [item["name"]["id"] for item in edition.content] == ["Pertama", "Dua"]
    with pytest.raises(Invalid, match="invalid"):
        edit_competency(SYSTEM, competency_for(SYSTEM, "U.1"), CompetencyInput.model_validate(entry("U.9")), based_on=2)


def test_who_edits_an_edition_that_is_no_longer_the_newest_is_told(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1", "Satu")))
    load_framework(SYSTEM, dictionary(entry("U.1", "Dua")))
    with pytest.raises(Conflict, match="edition_taken"):
        edit_competency(SYSTEM, competency_for(SYSTEM, "U.1"), CompetencyInput.model_validate(entry("U.1", "Tiga")), based_on=1)
    assert competency_for(SYSTEM, "U.1").name["id"] == "Dua"


def test_of_two_editions_at_once_exactly_one_is_published(cast: Cast) -> None:
    load_framework(SYSTEM, dictionary(entry("U.1", "Awal")))
    start, ends = threading.Barrier(6), []

    def publish(name: str) -> None:
        with cast.app.app_context():
            start.wait()
            try:
                load_framework(SYSTEM, dictionary(entry("U.1", name)), based_on=1)
                ends.append(name)
            except Conflict as error:
                ends.append(error.code)

    db.session.rollback()
    threads = [threading.Thread(target=publish, args=(f"Nama {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends.count("edition_taken") == 5
    winner = next(end for end in ends if end != "edition_taken")
    assert competency_for(SYSTEM, "U.1").name["id"] == winner
    assert db.session.scalars(sa.select(Edition.number).order_by(Edition.number)).all() == [1, 2]


def test_reference_tables_are_loaded_once_and_never_over_what_an_agency_changed(cast: Cast) -> None:
    load_reference(SYSTEM)
    counted = (Tier, Field, Framework, Competency, Standard, Edition)
    before = [db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in counted]
    tier = db.session.scalars(sa.select(Tier).where(Tier.code == "pelaksana")).one()
    standard = db.session.scalars(sa.select(Standard).where(Standard.tier_id == tier.id)).first()
    assert standard is not None
    assert standard.required == 1
    standard.required, tier.name = 2, {"id": "Staf", "en": "Staff"}
    db.session.commit()
    load_reference(SYSTEM)
    assert [db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in counted] == before
    db.session.expire_all()
    assert (standard.required, tier.name["id"]) == (2, "Staf")
