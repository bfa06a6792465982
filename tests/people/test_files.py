"""Many at once from a file: added, changed, left alone; all faults together; the plan is the deed."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Denied, Invalid
from mentorlink.people import actions, queries
from mentorlink.people.inputs import JobRow, PersonRow, UnitRow
from mentorlink.people.models import Job, Person, Unit
from tests.cast import Cast
from tests.people.ways import deeds
from tests.queries import count_queries

NIP, OTHER_NIP = "198901012014032001", "199002022015041002"


def row(number: int, **other: Any) -> PersonRow:
    return PersonRow(
        **({"email": f"p{number}@nusaraya.example", "name": f"Pegawai {number}", "unit": "budget", "job": "analis"} | other)
    )


def faults(error: Invalid) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in error.faults}


def test_the_same_rows_again_change_nothing_and_say_so(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    rows = [row(n, nip=None, languages=["id", "en"], place="makassar", bio="Halo", heads_unit=n == 3) for n in range(5)]
    first = actions.save_people(actor, rows)
    assert (len(first.added), first.changed, first.unchanged) == (5, (), ())
    before = db.session.execute(sa.select(*Person.__table__.columns).order_by(Person.id)).all()
    again = actions.save_people(actor, rows)
    assert (again.added, again.changed, again.ids) == ((), (), first.ids)
    assert set(again.unchanged) == set(first.ids)
    assert db.session.execute(sa.select(*Person.__table__.columns).order_by(Person.id)).all() == before
    assert deeds().count("people_saved") == 1


def test_people_are_known_by_nip_or_e_mail_and_blank_leaves_as_is(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    first = actions.save_people(actor, [row(1, nip=NIP, rank="III/a", place="Ambon"), row(2)])
    second = actions.save_people(
        actor,
        [PersonRow(nip=NIP, email="moved@nusaraya.example"), PersonRow(email="p2@nusaraya.example", nip=OTHER_NIP, place="")],
    )
    assert second.ids == first.ids
    one, two = (db.session.get_one(Person, person_id) for person_id in first.ids)
    assert (one.email, one.rank, one.place, one.name) == ("moved@nusaraya.example", "III/a", "Ambon", "Pegawai 1")
    assert (two.nip, two.place) == (OTHER_NIP, None)


def test_new_people_take_what_is_left_open_from_unit_and_settings(cast: Cast) -> None:
    cast.budget.timezone = "Asia/Jayapura"
    db.session.commit()
    saved = actions.save_people(cast.actor(cast.coordinator), [row(1), row(2, unit="statistics", timezone="Asia/Makassar")])
    one, two = (db.session.get_one(Person, person_id) for person_id in saved.ids)
    assert (one.timezone, one.state, one.contract, one.locale, one.folded_name) == (
        "Asia/Jayapura",
        "invited",
        "pns",
        "id",
        "pegawai 1",
    )
    assert two.timezone == "Asia/Makassar"


def test_every_fault_of_every_row_comes_at_once_and_nothing_is_saved(cast: Cast) -> None:
    cast.person("owner", cast.budget, nip=NIP)
    rows = [
        row(0),
        row(1, unit="nowhere", job="nothing"),
        PersonRow(name="Tanpa Kunci", unit="budget"),
        PersonRow(email="new@nusaraya.example"),
        row(0, name="Lagi"),
        PersonRow(nip=NIP, email="mentee@nusaraya.example"),
        PersonRow(nip=OTHER_NIP, email="owner@nusaraya.example"),
    ]
    cast.mentee  # noqa: B018  made when asked for
    with pytest.raises(Invalid) as refused:
        actions.save_people(cast.actor(cast.coordinator), rows)
    assert faults(refused.value) == {
        ("1.unit", "unit_unknown"), ("1.job", "job_unknown"), ("2.email", "key_missing"), ("3.name", "needed_for_new"),
        ("3.unit", "needed_for_new"), ("4.email", "twice_in_file"), ("5.email", "email_of_another"), ("6.nip", "nip_differs"),
    }  # fmt: skip
    assert db.session.scalar(sa.select(Person.id).where(Person.email == "p0@nusaraya.example")) is None


def test_two_rows_about_one_person_are_a_fault(cast: Cast) -> None:
    cast.person("owner", cast.budget, nip=NIP)
    with pytest.raises(Invalid) as refused:
        actions.save_people(
            cast.actor(cast.coordinator),
            [PersonRow(nip=NIP, rank="III/a"), PersonRow(email="owner@nusaraya.example", rank="III/b")],
        )
    assert faults(refused.value) == {("1.", "twice_in_file")}


def test_the_plan_says_what_the_deed_does(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    actions.save_people(actor, [row(1), row(2)])
    rows = [row(1), row(2, rank="III/b"), row(3), row(4, unit="nowhere")]
    plan = queries.plan_people(rows)
    assert [found is None for found in plan.found] == [False, False, True, True]
    assert [change["id"] for change in plan.changes] == [plan.found[1]]
    assert [position for position, _fault in plan.faults] == [3]
    saved = actions.save_people(actor, rows[:3])
    assert [len(saved.unchanged), len(saved.changed), len(saved.added)] == [1, 1, 1]


def test_a_manager_gives_no_administrator_another_address_by_file(cast: Cast) -> None:
    boss = cast.administrator
    boss.nip = NIP
    db.session.commit()
    theft = [PersonRow(nip=NIP, email="mine@nusaraya.example")]
    with pytest.raises(Invalid) as refused:
        actions.save_people(cast.actor(cast.coordinator), theft)
    assert faults(refused.value) == {("0.email", "administrators_email")}
    actions.save_people(cast.actor(cast.administrator), theft)


def test_files_are_for_hr_of_the_whole_agency(cast: Cast) -> None:
    local = cast.person("local", cast.budget)
    actions.grant_role(cast.actor(cast.administrator), local, "manager", cast.finance)
    for who in (cast.mentee, cast.supervisor, db.session.get_one(Person, local.id)):
        for save in (
            lambda a: actions.save_people(a, [row(1)]),
            lambda a: actions.save_units(a, []),
            lambda a: actions.save_jobs(a, []),
        ):
            with pytest.raises(Denied):
                save(cast.actor(db.session.get_one(Person, who.id)))


def test_units_come_in_any_order_and_move_with_all_below(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    rows = [
        UnitRow(code="leaf", name_id="Daun", parent="branch", head="mentor@nusaraya.example"),
        UnitRow(code="branch", name_id="Cabang", parent="agency", place="ambon"),
        UnitRow(code="budget", name_id="Budget", parent="leaf"),
    ]
    mentor = cast.mentor
    saved = actions.save_units(actor, rows)
    assert (len(saved.added), saved.changed) == (2, (cast.budget.id,))
    by_code = {unit.code: unit for unit in queries.units_for(actor)}
    assert by_code["budget"].path == f"{cast.agency.path}{by_code['branch'].id}/{by_code['leaf'].id}/{cast.budget.id}/"
    assert (by_code["leaf"].head_id, by_code["branch"].place) == (mentor.id, "Ambon")
    again = actions.save_units(actor, rows)
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), 3)


def test_a_circle_of_units_is_refused(cast: Cast) -> None:
    rows = [UnitRow(code="agency", name_id="Agency", parent="budget")]
    with pytest.raises(Invalid) as refused:
        actions.save_units(cast.actor(cast.coordinator), rows)
    assert faults(refused.value) == {("0.parent", "unit_below_itself")}
    with pytest.raises(Invalid) as refused:
        actions.save_units(
            cast.actor(cast.coordinator),
            [
                UnitRow(code="a", name_id="A", parent="b"),
                UnitRow(code="b", name_id="B", parent="none"),
            ],
        )
    assert faults(refused.value) == {("1.parent", "unit_unknown")}
    assert db.session.scalar(sa.select(Unit.id).where(Unit.code == "a")) is None


def test_a_unit_whose_head_is_not_here_goes_in_and_keeps_the_head_it_has(cast: Cast) -> None:
    mentor = cast.mentor
    rows = [
        UnitRow(code="leaf", name_id="Daun", head=mentor.email),
        UnitRow(code="new", name_id="Baru", head="a@nowhere.example"),
    ]
    actions.save_units(cast.actor(cast.coordinator), rows)
    actions.save_units(cast.actor(cast.coordinator), [UnitRow(code="leaf", name_id="Daun", head="b@nowhere.example")])
    heads = dict(db.session.execute(sa.select(Unit.code, Unit.head_id).where(Unit.code.in_(("leaf", "new")))).all())
    assert heads == {"leaf": mentor.id, "new": None}


def test_jobs_are_added_and_changed_by_code(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    rows = [JobRow(code="analis", name_id="Analis Anggaran", name_en="Budget Analyst", tier="jf_ahli_pertama", field="keuangan"),
            JobRow(code="baru", name_id="Baru", tier="jf_ahli_muda")]  # fmt: skip
    saved = actions.save_jobs(actor, rows)
    assert (len(saved.added), saved.changed) == (1, (cast.job.id,))
    assert db.session.scalar(sa.select(Job.tier_id).where(Job.code == "analis")) == cast.junior_tier.id
    assert actions.save_jobs(actor, rows).changed == ()
    with pytest.raises(Invalid) as refused:
        actions.save_jobs(actor, [JobRow(code="x", name_id="X", tier="none", field="none")])
    assert faults(refused.value) == {("0.tier", "tier_unknown"), ("0.field", "field_unknown")}


def test_the_number_of_statements_does_not_grow_with_the_rows(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    counts = []
    for size in (10, 1000):
        rows = [row(n, name=f"Pegawai {n} {size}") for n in range(size)]
        actions.save_people(actor, rows)
        with count_queries() as statements:
            actions.save_people(actor, [one.model_copy(update={"rank": f"I/{'ab'[size > 10]}"}) for one in rows])
        counts.append(len(statements))
    assert counts[0] == counts[1]
