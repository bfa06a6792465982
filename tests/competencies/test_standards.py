"""What tiers and jobs ask, and what people need because of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mentorlink.competencies.actions import save_standards, set_standards
from mentorlink.competencies.inputs import StandardRow
from mentorlink.competencies.models import Standard
from mentorlink.competencies.queries import changes_of, lines_of, map_for, needs_for, needs_of, team_for
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.people.models import Job
from tests.cast import Cast
from tests.queries import count_queries

SYSTEM = Actor.system()


def asked(cast: Cast, person_id: int) -> dict[str, int]:
    return {need.code: need.required for need in needs_of((person_id,))[person_id]}


def test_a_job_asks_what_its_tier_asks_unless_it_says_otherwise(cast: Cast) -> None:
    one, two, three = (competency.id for competency in cast.competencies)
    job = Job(code="baru", name={"id": "Baru", "en": "New"}, tier_id=cast.tier.id)
    db.session.add(job)
    db.session.commit()
    save_standards(SYSTEM, [StandardRow(tier_id=cast.tier.id, competency_id=each, required=2) for each in (one, two, three)])
    person = cast.person("newcomer", cast.budget, job_id=job.id)
    assert asked(cast, person.id) == {"T.1": 2, "T.2": 2, "T.3": 2}
    save_standards(
        SYSTEM,
        [StandardRow(job_id=job.id, competency_id=one, required=5), StandardRow(job_id=job.id, competency_id=two, required=0)],
    )
    assert asked(cast, person.id) == {"T.1": 5, "T.3": 2}, "a job's own figure holds, and 0 asks nothing"


def test_saving_standards_again_changes_nothing(cast: Cast) -> None:
    rows = [StandardRow(tier_id=cast.tier.id, competency_id=competency.id, required=4) for competency in cast.competencies]
    assert save_standards(SYSTEM, rows) == (3, 0, 0)
    assert save_standards(SYSTEM, rows) == (0, 0, 3)
    assert save_standards(SYSTEM, [rows[0].model_copy(update={"required": 1})]) == (0, 1, 0)


def test_a_row_names_a_tier_or_a_job(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        read(StandardRow, {"competency_id": 1, "required": 3})
    assert [fault.code for fault in refused.value.faults] == ["tier_or_job"]


def test_hr_sets_and_takes_away_what_a_job_asks(cast: Cast) -> None:
    hr = cast.actor(cast.coordinator)
    one, two = cast.competencies[0].id, cast.competencies[1].id
    counts = set_standards(hr, cast.job, {one: 5, two: None}, seen={one: 3, two: 3})
    assert counts == (0, 2, 0)
    own = {line.competency_id: line.own for line in lines_of(cast.job, everything=True)}
    assert (own[one], own[two]) == (5, None)


def test_every_change_of_a_figure_is_kept_and_what_stays_leaves_no_trace(cast: Cast) -> None:
    hr, job, one = cast.actor(cast.coordinator), cast.mentee.job, cast.competencies[0].id
    assert job is not None
    before = len(changes_of(job))
    set_standards(hr, job, {one: 5})
    set_standards(hr, job, {one: 5})
    save_standards(SYSTEM, [StandardRow(job_id=job.id, competency_id=one, required=4)])
    set_standards(hr, job, {one: None})
    assert [(row.was, row.required) for row in changes_of(job)][: -before or None] == [(4, None), (5, 4), (3, 5)]


def test_who_saves_over_figures_they_did_not_see_is_told(cast: Cast) -> None:
    one = cast.competencies[0].id
    set_standards(SYSTEM, cast.job, {one: 5}, seen={one: 3})
    with pytest.raises(Conflict, match="standards_changed"):
        set_standards(SYSTEM, cast.job, {one: 1}, seen={one: 3})
    assert (
        db.session.scalar(sa.select(Standard.required).where(Standard.job_id == cast.job.id, Standard.competency_id == one)) == 5
    )


@pytest.mark.parametrize("who", ["mentee", "supervisor", "stranger"])
def test_standards_are_changed_by_hr_alone(cast: Cast, who: str) -> None:
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(Denied, match="may_edit_standards"):
        save_standards(actor, [])
    with pytest.raises(Denied, match="may_edit_standards"):
        set_standards(actor, cast.job, {cast.competencies[0].id: 1})


def test_needs_tell_required_actual_and_gap(cast: Cast) -> None:
    mentee = cast.mentee
    needs = needs_of((mentee.id,))[mentee.id]
    assert [(need.code, need.required, need.actual, need.gap) for need in needs] == [
        ("T.1", 3, 1, 2),
        ("T.2", 3, 2, 1),
        ("T.3", 3, 3, 0),
    ]


def test_needs_of_many_take_as_many_queries_as_of_one(cast: Cast) -> None:
    ids = [cast.person(f"clerk_{number}", cast.budget, levels=(1, 2)).id for number in range(12)]
    with count_queries() as one:
        needs_of(ids[:1])
    with count_queries() as many:
        needs = needs_of(ids)
    assert len(one) == len(many) == 3
    assert all([need.actual for need in needs[person_id]] == [1, 2, None] for person_id in ids)


def test_who_has_no_job_needs_nothing(cast: Cast) -> None:
    person = cast.person("trainee", cast.budget, job_id=None)
    assert needs_of((person.id,)) == {person.id: []}
    assert map_for(cast.actor(person), person).rows == ()


def test_a_map_is_open_to_the_person_the_line_above_and_hr(cast: Cast) -> None:
    mentee = cast.mentee
    for who in (mentee, cast.supervisor, cast.coordinator):
        assert len(needs_for(cast.actor(who), mentee)) == 3
    for who in (cast.mentor, cast.other_head, cast.stranger, cast.administrator):
        with pytest.raises(NotFound):
            needs_for(cast.actor(who), mentee)
        with pytest.raises(NotFound):
            map_for(cast.actor(who), mentee.id)


def test_the_map_lists_gaps_by_size_what_is_open_and_what_is_beyond(cast: Cast) -> None:
    person = cast.person("clerk", cast.budget, levels=(2, 5, None))
    view = map_for(cast.actor(person), person)
    assert [row.code for row in view.gaps] == ["T.1"]
    assert [row.code for row in view.unassessed] == ["T.3"]
    assert [(row.code, row.surplus) for row in view.met] == [("T.2", 2)]
    assert (view.match.assessed, view.match.asked, view.match.percent) == (2, 3, 100.0)
    assert view.gaps[0].ahead is not None
    assert view.gaps[0].ahead.number == 3


def test_a_team_is_who_reports_directly(cast: Cast) -> None:
    clerk, supervisor, mentee = cast.person("clerk", cast.finance, levels=(3, 3, 3)), cast.supervisor, cast.mentee
    team = team_for(cast.actor(supervisor))
    assert [member.person.id for member in team] == [clerk.id], "Budget has a head of its own to come; the mentee is not direct"
    assert (team[0].gaps, team[0].match.percent) == (0, 100.0)
    assert mentee.id not in [member.person.id for member in team]
    assert team_for(cast.actor(clerk)) == []
