"""The tree of units, and the line of command that follows from it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.people import actions, queries
from mentorlink.people.inputs import UnitInput
from mentorlink.people.models import Person, Unit
from tests.cast import Cast
from tests.people.ways import at_once


def unit(code: str, **other: object) -> UnitInput:
    return UnitInput(code=code, name_id=code.title(), **other)


def paths() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(sa.select(Unit.code, Unit.path)).all())


def sound(tree: dict[str, str]) -> bool:
    """Each path is that of the parent and the unit's own id."""
    rows = db.session.scalars(sa.select(Unit)).all()
    return all(row.path == f"{row.parent.path if row.parent else '/'}{row.id}/" for row in rows) and len(tree) == len(rows)


def test_a_unit_is_added_below_another(cast: Cast) -> None:
    added = actions.add_unit(cast.actor(cast.coordinator), cast.budget, unit("team"))
    assert added.path == f"{cast.budget.path}{added.id}/"
    with pytest.raises(Invalid) as refused:
        actions.add_unit(cast.actor(cast.coordinator), cast.finance, unit("team"))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("code", "unit_code_taken")]


def test_moving_a_unit_moves_all_below_it(cast: Cast) -> None:
    actor = cast.actor(cast.coordinator)
    actions.add_unit(actor, cast.budget, unit("team"))
    actions.move_unit(actor, cast.finance, cast.statistics)
    tree = paths()
    assert sound(tree)
    assert tree["team"].startswith(tree["statistics"])
    assert tree["budget"] == f"{tree['statistics']}{cast.finance.id}/{cast.budget.id}/"


def test_no_unit_hangs_below_itself(cast: Cast) -> None:
    actor, before = cast.actor(cast.coordinator), paths()
    for parent in (cast.finance, cast.budget):
        with pytest.raises(Conflict) as refused:
            actions.move_unit(actor, cast.finance, parent)
        assert refused.value.code == "unit_below_itself"
    assert paths() == before


def test_two_moves_at_once_make_no_circle(cast: Cast) -> None:
    actor, finance_id, statistics_id = cast.actor(cast.coordinator), cast.finance.id, cast.statistics.id

    def move(what: int, below: int) -> None:
        actions.move_unit(actor, db.session.get_one(Unit, what), db.session.get_one(Unit, below))

    raised = at_once(cast, lambda: move(finance_id, statistics_id), lambda: move(statistics_id, finance_id))
    assert sorted(getattr(error, "code", "done") for error in raised) == ["done", "unit_below_itself"]
    assert sound(paths())


def test_a_unit_with_people_or_open_units_stays_open(cast: Cast) -> None:
    person, actor = cast.mentee, cast.actor(cast.coordinator)
    with pytest.raises(Conflict) as refused:
        actions.close_unit(actor, cast.budget)
    assert refused.value.code == "unit_has_people"
    with pytest.raises(Conflict) as refused:
        actions.close_unit(actor, cast.finance)
    assert refused.value.code == "unit_has_units"
    actions.disable_person(actor, db.session.get_one(Person, person.id))
    actions.close_unit(actor, cast.budget)
    actions.close_unit(actor, cast.finance)
    assert {row.code for row in queries.units_for(actor)} == {"agency", "statistics"}
    assert {row.code for row in queries.units_for(actor, closed=True)} == {"agency", "finance", "budget", "statistics"}
    for refused_act in (
        lambda: actions.close_unit(actor, cast.budget),
        lambda: actions.add_unit(actor, cast.budget, unit("late")),
        lambda: actions.set_head(actor, cast.budget, cast.mentor),
        lambda: actions.move_unit(actor, cast.statistics, cast.budget),
    ):
        with pytest.raises(Conflict) as refused:
            refused_act()
        assert refused.value.code == "unit_closed"


def test_employees_and_heads_do_not_change_the_tree(cast: Cast) -> None:
    for who in (cast.mentee, cast.supervisor):
        actor = cast.actor(who)
        assert queries.unit_for(actor, cast.finance.id)
        with pytest.raises(NotFound):
            queries.unit_to_manage_for(actor, cast.finance.id)
        with pytest.raises(Denied):
            actions.move_unit(actor, cast.budget, cast.statistics)
        with pytest.raises(Denied):
            actions.set_head(actor, cast.budget, who)


def test_hr_of_a_unit_does_not_move_things_in_or_out_of_other_parts(cast: Cast) -> None:
    local = cast.person("local", cast.statistics)
    actions.grant_role(Actor.system(), local, "manager", cast.finance)
    actor = cast.actor(db.session.get_one(Person, local.id))
    for parent in (cast.statistics, None):
        with pytest.raises(Denied):
            actions.move_unit(actor, cast.budget, parent)
    with pytest.raises(Denied):
        actions.move_unit(actor, cast.statistics, cast.budget)


# The line of command


def test_the_superior_heads_the_unit_or_the_nearest_one_above(cast: Cast) -> None:
    boss, head, clerk = cast.person("boss", cast.agency, heads=cast.agency), cast.supervisor, cast.mentee
    assert queries.superior_of(clerk) == head
    assert queries.superior_of(head) == boss
    assert queries.superior_of(boss) is None
    assert queries.superiors_of([clerk, head, boss]) == {clerk.id: head, head.id: boss}


def test_who_heads_the_own_unit_and_the_one_above_has_the_next_above_as_superior(cast: Cast) -> None:
    boss, head = cast.person("boss", cast.agency, heads=cast.agency), cast.supervisor
    actions.set_head(cast.actor(cast.coordinator), cast.budget, head)
    assert queries.superior_of(db.session.get_one(Person, head.id)).id == boss.id


def test_the_line_reaches_up_and_down_at_any_depth(cast: Cast) -> None:
    boss = cast.person("boss", cast.agency, heads=cast.agency)
    head, clerk, other_head, mentor = cast.supervisor, cast.mentee, cast.other_head, cast.mentor
    peer = cast.person("peer", cast.budget)
    assert queries.line_of(clerk) == {head.id, boss.id}
    assert queries.line_of(head) == {boss.id, clerk.id, peer.id}
    assert queries.line_of(boss) >= {head.id, clerk.id, peer.id, other_head.id, mentor.id}
    assert queries.line_of(mentor) == {other_head.id, boss.id}
    assert queries.line_heads(cast.budget.path) == [boss.id, head.id]


def test_the_line_is_symmetric(cast: Cast) -> None:
    cast.person("boss", cast.agency, heads=cast.agency)
    everybody = [cast.mentee, cast.mentor, cast.supervisor, cast.other_head, cast.stranger, cast.person("boss"), cast.coordinator]
    lines = {person.id: queries.line_of(person) for person in everybody}
    for one, line in lines.items():
        assert one not in line
        assert all(one in lines[other] for other in line if other in lines)


def test_who_heads_a_unit_in_which_they_do_not_work_is_in_its_line(cast: Cast) -> None:
    head = cast.other_head
    actions.set_head(cast.actor(cast.coordinator), cast.budget, head)
    clerk = cast.mentee
    assert head.id in queries.line_of(clerk)
    assert clerk.id in queries.line_of(db.session.get_one(Person, head.id))


def test_a_line_follows_the_unit_as_it_moves(cast: Cast) -> None:
    head, other_head, clerk = cast.supervisor, cast.other_head, cast.mentee
    assert queries.line_of(clerk) == {head.id}
    actions.move_unit(cast.actor(cast.coordinator), cast.budget, cast.statistics)
    assert queries.line_of(db.session.get_one(Person, clerk.id)) == {other_head.id}


def test_a_unit_whose_number_begins_like_anothers_is_not_below_it(cast: Cast) -> None:
    finance = cast.finance
    alike = next(
        made for made in (cast.unit(f"u{n}", cast.agency) for n in range(99)) if str(made.id).startswith(str(finance.id))
    )
    assert alike.path.startswith(finance.path.rstrip("/"))
    head, outsider = cast.supervisor, cast.person("outsider", alike)
    assert outsider.id not in queries.line_of(db.session.get_one(Person, head.id))
    assert queries.line_of(outsider) == set()
