"""Adding, changing, disabling people; who sees and does what; roles; blocks."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from mentorlink.kernel.actor import Actor, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.people import actions, policy, queries
from mentorlink.people.inputs import PersonInput, ProfileInput, SignInInput
from mentorlink.people.models import Block, Person, RoleGrant, SignIn, Unit
from tests.cast import Cast
from tests.people.ways import NOBODY, PASSWORD, at_once, deeds, give_password, mails

NIP = "198901012014032001"


def said_of(person: Person, **other: Any) -> PersonInput:
    values = {"name": person.name, "email": person.email, "nip": person.nip, "unit_id": person.unit_id, "job_id": person.job_id}
    return PersonInput(**(values | other))


def newcomer(cast: Cast, **other: Any) -> PersonInput:
    return PersonInput(**({"name": "Suparman", "email": "Suparman@NusaRaya.example", "unit_id": cast.budget.id} | other))


def fresh(person_id: int) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person_id)


def manager_of(cast: Cast, unit: Unit) -> Person:
    """HR of one unit and all below it."""
    unit_id = unit.id
    person = cast.person(f"manager_of_{unit_id}", cast.statistics)
    person_id = person.id
    system = Actor.system()
    actions.grant_role(system, person, "manager", db.session.get_one(Unit, unit_id))
    return fresh(person_id)


def test_somebody_taken_in_is_invited_by_mail(cast: Cast) -> None:
    person = actions.add_person(cast.actor(cast.coordinator), cast.budget, newcomer(cast, nip=NIP, place="  makassar "))
    assert (person.email, person.state, person.folded_name, person.place) == (
        "suparman@nusaraya.example",
        "invited",
        "suparman",
        "Makassar",
    )
    assert [mail["to_person_id"] for mail in mails("people/invitation")] == [person.id]
    assert deeds() == ["person_added", "invitation_sent"]


def test_an_address_or_nip_that_is_taken_is_refused_beside_its_field(cast: Cast) -> None:
    taken = cast.person("mentee", cast.budget, nip=NIP)
    actor = cast.actor(cast.coordinator)
    with pytest.raises(Invalid) as refused:
        actions.add_person(actor, cast.budget, newcomer(cast, email=taken.email, nip=NIP))
    assert {(fault.field, fault.code) for fault in refused.value.faults} == {("email", "email_taken"), ("nip", "nip_taken")}
    assert db.session.scalar(sa.select(sa.func.count()).where(Person.folded_name == "suparman")) == 0


def test_of_two_at_once_with_one_address_one_is_taken_in(cast: Cast) -> None:
    actor, unit_id, data = cast.actor(cast.coordinator), cast.budget.id, newcomer(cast)

    def add() -> None:
        actions.add_person(actor, db.session.get_one(Unit, unit_id), data)

    assert sorted(type(error).__name__ for error in at_once(cast, add, add)) == ["Invalid", "NoneType"]


def test_hr_of_a_unit_reaches_its_people_and_no_others(cast: Cast) -> None:
    inside, outside = cast.mentee, cast.mentor
    actor = cast.actor(manager_of(cast, cast.finance))
    assert queries.person_to_manage_for(actor, inside.id)
    with pytest.raises(NotFound):
        queries.person_to_manage_for(actor, outside.id)
    actions.change_person(actor, inside, cast.budget, said_of(inside, rank="III/c"))
    with pytest.raises(Denied):
        actions.change_person(actor, fresh(outside.id), cast.budget, said_of(outside))
    with pytest.raises(Denied):
        actions.change_person(actor, fresh(inside.id), cast.statistics, said_of(inside))
    with pytest.raises(Denied):
        actions.add_person(actor, cast.statistics, newcomer(cast))


def test_an_employee_manages_nobody_not_even_themself(cast: Cast) -> None:
    person = cast.mentee
    actor = cast.actor(person)
    for act in (
        lambda: actions.change_person(actor, fresh(person.id), cast.budget, said_of(person, rank="IV/e")),
        lambda: actions.disable_person(actor, fresh(person.id)),
        lambda: actions.invite_person(actor, fresh(person.id)),
        lambda: actions.add_person(actor, cast.budget, newcomer(cast)),
        lambda: actions.grant_role(actor, fresh(person.id), "mentor"),
    ):
        with pytest.raises(Denied):
            act()


def test_a_manager_does_not_reach_an_administrators_account(cast: Cast) -> None:
    boss, manager = cast.administrator, cast.coordinator
    actor = cast.actor(manager)
    assert policy.may_manage_person(actor, boss)
    with pytest.raises(Denied) as refused:
        actions.change_person(actor, boss, cast.agency, said_of(boss, email="mine@nusaraya.example"))
    assert refused.value.code == "may_change_account"
    with pytest.raises(Denied):
        actions.disable_person(actor, fresh(boss.id))
    actions.change_person(cast.actor(fresh(boss.id)), fresh(manager.id), cast.agency, said_of(manager, rank="III/d"))


def test_hr_of_a_unit_does_not_reach_an_agency_managers_account(cast: Cast) -> None:
    lead = cast.person("lead", cast.finance, role="manager")
    with pytest.raises(Denied):
        actions.disable_person(cast.actor(manager_of(cast, cast.finance)), fresh(lead.id))


def test_saving_the_same_again_changes_and_records_nothing(cast: Cast) -> None:
    person, actor = cast.mentee, cast.actor(cast.coordinator)
    actions.change_person(actor, person, cast.budget, said_of(person, rank="III/c", in_field_since=2015))
    assert deeds() == ["person_changed"]
    actions.change_person(actor, fresh(person.id), cast.budget, said_of(person, rank="III/c", in_field_since=2015))
    assert deeds() == ["person_changed"]


def test_who_leaves_is_signed_out_heads_nothing_and_cannot_come_back_in(cast: Cast) -> None:
    head = give_password(cast.supervisor)
    finance_id, head_id = cast.finance.id, head.id
    actions.sign_in(NOBODY, SignInInput(login=head.email, password=PASSWORD))
    actions.disable_person(cast.actor(cast.coordinator), fresh(head_id))
    assert db.session.scalar(sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))) == 0
    assert db.session.get_one(Unit, finance_id).head_id is None
    with pytest.raises(Invalid):
        actions.sign_in(NOBODY, SignInInput(login=fresh(head_id).email, password=PASSWORD))
    with pytest.raises(NotFound):
        queries.person_for(cast.actor(cast.mentee), head_id)
    assert queries.person_for(cast.actor(cast.coordinator), head_id)
    actions.enable_person(cast.actor(cast.coordinator), fresh(head_id))
    assert actions.sign_in(NOBODY, SignInInput(login=fresh(head_id).email, password=PASSWORD))


def test_nobody_disables_themself(cast: Cast) -> None:
    person = cast.coordinator
    with pytest.raises(Conflict) as refused:
        actions.disable_person(cast.actor(person), person)
    assert refused.value.code == "not_oneself"


def test_people_write_about_themselves_and_only_they(cast: Cast) -> None:
    person, person_id = cast.mentee, cast.mentee.id
    data = ProfileInput(
        timezone="Asia/Jayapura", bio="Suka belajar.\r\nSenang bertanya.", languages=("id", "jv", "id"), place="ambon"
    )
    actions.edit_profile(cast.actor(person), person, data)
    assert (person.bio, person.languages, person.place) == ("Suka belajar.\nSenang bertanya.", ["id", "jv"], "Ambon")
    for other in (cast.administrator, cast.coordinator, cast.stranger):
        with pytest.raises(Denied):
            actions.edit_profile(cast.actor(other), fresh(person_id), data)


@pytest.mark.parametrize("field", ["unit_id", "nip", "state", "rank", "email", "name", "roles"])
def test_what_hr_keeps_is_not_part_of_a_profile(field: str) -> None:
    from mentorlink.kernel.inputs import read

    with pytest.raises(Invalid) as refused:
        read(ProfileInput, {"timezone": "Asia/Jakarta", field: "1"})
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, "extra_forbidden")]


def test_the_nip_is_masked_to_all_but_the_person_and_hr_over_the_unit(cast: Cast) -> None:
    person = cast.person("mentee", cast.budget, nip=NIP)
    in_full = (person, cast.coordinator, manager_of(cast, cast.finance))
    masked = (cast.mentor, cast.supervisor, cast.administrator, cast.other_head, cast.stranger, manager_of(cast, cast.statistics))
    assert {queries.nip_for(cast.actor(who), person) for who in in_full} == {NIP}
    assert {queries.nip_for(cast.actor(who), person) for who in masked} == {"•" * 15 + "001"}
    assert queries.nip_for(cast.actor(person), cast.mentor) == ""


# Roles


def test_hr_gives_roles_but_makes_no_administrator(cast: Cast) -> None:
    person, actor = cast.mentor, cast.actor(cast.coordinator)
    grant = actions.grant_role(actor, person, "mentor")
    assert queries.actor_of(fresh(person.id), door="page").has(Role.MENTOR)
    with pytest.raises(Conflict) as refused:
        actions.grant_role(actor, fresh(person.id), "mentor")
    assert refused.value.code == "role_held"
    with pytest.raises(Denied):
        actions.grant_role(actor, fresh(person.id), "administrator")
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == person.id))
    actions.revoke_role(actor, fresh(person.id), grant_id)
    assert not queries.actor_of(fresh(person.id), door="page").has(Role.MENTOR)
    assert grant is not None


def test_a_role_reaches_its_unit_and_all_below_and_nothing_beside(cast: Cast) -> None:
    actor = cast.actor(manager_of(cast, cast.finance))
    assert actor.has_over(cast.budget.path, Role.MANAGER)
    assert not actor.has_over(cast.statistics.path, Role.MANAGER)
    assert not actor.has_over(None, Role.MANAGER)


def test_nobody_gives_more_than_they_have(cast: Cast) -> None:
    inside = cast.mentee
    actor = cast.actor(manager_of(cast, cast.finance))
    actions.grant_role(actor, inside, "manager", db.session.get_one(Unit, cast.budget.id))
    for unit in (None, cast.statistics):
        with pytest.raises(Denied):
            actions.grant_role(actor, fresh(inside.id), "manager", unit)


def test_a_unit_administrator_makes_no_agency_administrator(cast: Cast) -> None:
    local = cast.person("local", cast.finance)
    local_id = local.id
    actions.grant_role(cast.actor(cast.administrator), local, "administrator", cast.finance)
    actor = cast.actor(fresh(local_id))
    with pytest.raises(Denied):
        actions.grant_role(actor, fresh(local_id), "administrator")
    actions.grant_role(actor, fresh(cast.mentee.id), "administrator", db.session.get_one(Unit, cast.budget.id))


def test_the_last_administrator_stays(cast: Cast) -> None:
    person = cast.administrator
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == person.id))
    with pytest.raises(Conflict) as refused:
        actions.revoke_role(cast.actor(person), person, grant_id)
    assert refused.value.code == "last_administrator"
    second = cast.person("second", cast.agency, role="administrator")
    with_two = cast.actor(fresh(second.id))
    actions.revoke_role(with_two, fresh(person.id), grant_id)
    assert queries.people_with_role(Role.ADMINISTRATOR) == {second.id}


def test_an_administrator_who_was_disabled_does_not_count_as_one_who_is_left(cast: Cast) -> None:
    person, second = cast.administrator, cast.person("second", cast.agency, role="administrator")
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == person.id))
    actions.disable_person(cast.actor(person), second)
    with pytest.raises(Conflict):
        actions.revoke_role(cast.actor(fresh(person.id)), fresh(person.id), grant_id)


def test_two_administrators_who_remove_each_other_at_once_leave_one(cast: Cast) -> None:
    one, two = cast.administrator, cast.person("second", cast.agency, role="administrator")
    grants = dict(db.session.execute(sa.select(RoleGrant.person_id, RoleGrant.id)).all())
    pairs = [(cast.actor(one), two.id), (cast.actor(two), one.id)]

    def revoke(actor: Actor, other: int) -> None:
        actions.revoke_role(actor, db.session.get_one(Person, other), grants[other])

    raised = at_once(cast, *[lambda pair=pair: revoke(*pair) for pair in pairs])
    assert sorted(getattr(error, "code", "done") for error in raised) == ["done", "last_administrator"]
    assert len(queries.people_with_role(Role.ADMINISTRATOR)) == 1


def test_taking_the_role_and_disabling_at_once_leave_one_administrator(cast: Cast) -> None:
    one, two = cast.administrator, cast.person("second", cast.agency, role="administrator")
    grant_id = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == one.id))
    by_two, by_one, one_id, two_id = cast.actor(two), cast.actor(one), one.id, two.id
    raised = at_once(
        cast,
        lambda: actions.revoke_role(by_two, db.session.get_one(Person, one_id), grant_id),
        lambda: actions.disable_person(by_one, db.session.get_one(Person, two_id)),
    )
    assert sorted(getattr(error, "code", "done") for error in raised) == ["done", "last_administrator"]
    assert len(queries.people_with_role(Role.ADMINISTRATOR)) == 1


def test_anothers_grant_is_not_revoked_through_a_person_one_may_manage(cast: Cast) -> None:
    boss_grant = cast.administrator and db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.role == "administrator"))
    with pytest.raises(NotFound):
        actions.revoke_role(cast.actor(cast.coordinator), cast.mentee, boss_grant)


# Blocks and search


def test_a_block_counts_both_ways_and_stands_once(cast: Cast) -> None:
    one, other = cast.mentee, cast.mentor
    one_id, other_id = one.id, other.id
    assert queries.blocked_with(one_id) == set()
    for _ in range(2):
        actions.block_person(cast.actor(fresh(one_id)), fresh(other_id))
    assert (queries.blocked_with(one_id), queries.blocked_with(other_id)) == ({other_id}, {one_id})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Block)) == 1
    actions.unblock_person(cast.actor(fresh(other_id)), fresh(one_id))
    assert queries.blocked_with(one_id) == {other_id}
    actions.unblock_person(cast.actor(fresh(one_id)), fresh(other_id))
    assert queries.blocked_with(one_id) == set()


def test_nobody_blocks_themself(cast: Cast) -> None:
    with pytest.raises(Denied):
        actions.block_person(cast.actor(cast.mentee), cast.mentee)


def test_the_blocked_person_still_sees_the_profile_and_is_told_nothing(cast: Cast) -> None:
    one, other = cast.mentee, cast.mentor
    actions.block_person(cast.actor(one), other)
    assert queries.person_for(cast.actor(other), one.id)
    assert not queries.has_blocked(cast.actor(other), one)
    assert queries.has_blocked(cast.actor(one), other)


def test_search_finds_the_beginnings_of_any_words_of_a_name(cast: Cast) -> None:
    for key, name in (("a", "Ni Luh Ayu Pratiwi"), ("b", "Luhut Prasetyo"), ("c", "Suparman"), ("d", "René Luhulima")):
        cast.person(key, cast.budget, name=name)
    cast.person("gone", cast.budget, name="Luh Gone", state="disabled")
    actor = cast.actor(cast.mentor)

    def names(text: str) -> list[str]:
        return [person.name for person in queries.search_people(actor, text)]

    assert names("luh") == ["Luhut Prasetyo", "Ni Luh Ayu Pratiwi", "René Luhulima"]
    assert names("pra luh") == ["Luhut Prasetyo", "Ni Luh Ayu Pratiwi"]
    assert names("rene") == ["René Luhulima"]
    assert names("parman") == []
    assert names("%") == names("_") == names("") == []
    assert queries.search_people(NOBODY, "luh") == []


def test_the_directory_shows_hr_their_own_part_page_by_page(cast: Cast) -> None:
    for number in range(7):
        cast.person(f"p{number}", cast.budget if number % 2 else cast.statistics, name=f"Agus {number // 2}")
    agency = cast.actor(cast.coordinator)
    seen, after = [], ""
    while True:
        page = queries.directory_for(agency, text="agus", after=after, limit=3)
        assert page.total == 7
        seen += [(person.folded_name, person.id) for person in page.people]
        if page.next_after is None:
            break
        after = page.next_after
    assert seen == sorted(seen)
    assert len(set(seen)) == 7
    own = queries.directory_for(cast.actor(manager_of(cast, cast.finance)), text="agus")
    assert {person.unit_id for person in own.people} == {cast.budget.id}
    assert queries.directory_for(cast.actor(cast.mentee), text="agus").total == 0


def test_the_list_and_the_lock_agree_about_whom_one_manages(cast: Cast) -> None:
    everybody = [cast.mentee, cast.mentor, cast.supervisor, cast.other_head, cast.coordinator, cast.administrator, cast.stranger]
    for who in [*everybody, manager_of(cast, cast.finance)]:
        actor = cast.actor(fresh(who.id))
        listed = {person.id for person in queries.directory_for(actor, limit=100).people}
        for person in everybody:
            assert (person.id in listed) == policy.may_manage_person(actor, fresh(person.id))
