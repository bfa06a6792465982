"""Pages of rounds: a whole round through forms, files that are inert, queries that do not grow, the real matcher's rules."""

from __future__ import annotations

import io
import re
from typing import Any

import python_calamine
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from mentorlink.kernel import jobs
from mentorlink.kernel.db import db
from mentorlink.people.actions import block_person
from mentorlink.people.models import Job, Person, RoleGrant
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import EnrolInput, RevisionInput, RoundInput
from mentorlink.rounds.models import Proposal, Round
from mentorlink.rounds.queries import draft_page, round_lines, rounds_for
from tests import story
from tests.cast import Cast
from tests.queries import count_queries
from tests.rounds.ground import Ground, drafted


def revision_on(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_whole_round_through_forms(cast: Cast) -> None:
    ground = Ground(cast)
    client, base = cast.client(cast.coordinator), f"/rounds/{ground.round_id}"
    page = client.get(f"{base}/people").text
    sent = client.post(f"{base}/people", data={"revision": revision_on(page), "with_gaps": "1", "ranks": "1"})
    assert sent.status_code == 303
    assert "Learner 0" in client.get(f"{base}/people").text
    assert "is being drawn" in client.get(f"{base}/cover").text
    jobs.run_due()
    assert "Competency 1" in client.get(f"{base}/cover").text
    page = client.get(f"{base}/weights").text
    chosen = {"revision": revision_on(page), "importances.field": "high", "mode": "floor", "bonus": "7"}
    assert client.post(f"{base}/weights", data=chosen).status_code == 303
    assert (ground.round.mode, ground.round.bonus) == ("floor", 7)
    assert client.post(f"{base}/run").status_code == 303
    assert "progress" in client.get(f"{base}/run").text
    jobs.run_due()
    assert "Run 1 is done" in client.get(f"{base}/run").text
    assert "Guide" in client.get(f"{base}/draft").text
    page = client.get(f"{base}/publish").text
    assert "2 pairs will begin" in page
    assert client.post(f"{base}/publish", data={"revision": revision_on(page)}).status_code == 303
    assert "pairs have begun" in client.get(f"{base}/publish").text
    jobs.run_due()
    assert ground.round.state == "published"
    assert "Published on" in client.get(f"{base}/publish").text


def test_the_second_of_two_managers_is_answered_with_what_changed(cast: Cast) -> None:
    ground = drafted(cast)
    first, second = cast.client(cast.coordinator), cast.client(cast.person("second_hr", cast.agency, role="manager"))
    base = f"/rounds/{ground.round_id}"
    seen = revision_on(first.get(f"{base}/draft").text)
    line = next(line for line in ground.lines() if line.mentor_id)
    assert first.post(f"{base}/draft/{line.id}/lock", data={"revision": seen, "locked": "1"}).status_code == 303
    refused = second.post(f"{base}/publish", data={"revision": seen})
    assert refused.status_code == 409
    assert "Coordinator: locked a pair" in refused.text
    assert ground.round.state == "preparing"


def test_a_pair_that_changed_is_named_on_the_page_and_nobody_reads_the_cohort_in_a_request(cast: Cast) -> None:
    ground = drafted(cast)
    line = next(line for line in ground.lines() if line.mentor_id)
    client, address = cast.client(cast.coordinator), f"/rounds/{ground.round_id}/publish"
    assert "being looked at" in client.get(address).text
    jobs.run_due()
    assert "cannot be published" not in client.get(address).text
    assert line.mentor is not None
    block_person(cast.actor(line.mentor), line.mentee)
    client.post(address, data={"revision": revision_on(client.get(address).text)})
    jobs.run_due()
    page = client.get(address).text
    assert "Nothing was published" in page
    jobs.run_due()
    assert "1 pair cannot be published" in client.get(address).text


def test_a_stale_cover_map_is_shown_while_a_new_one_is_drawn(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol()
    client, address = cast.client(cast.coordinator), f"/rounds/{ground.round_id}/cover"
    client.get(address)
    jobs.run_due()
    assert "brought up to date" not in client.get(address).text
    story.offer(cast, cast.person("latecomer", cast.statistics, levels=(5, 5, 5)))
    for _look in range(3):
        page = client.get(address).text
        assert "brought up to date" in page
        assert "Competency 1" in page
    waiting = sa.select(sa.func.count()).where(jobs.Task.kind == "rounds.sheet", jobs.Task.done_at.is_(None))
    assert db.session.scalar(waiting) == 1
    jobs.run_due()
    assert "brought up to date" not in client.get(address).text


def test_rounds_of_others_are_not_there(cast: Cast) -> None:
    ground = drafted(cast)
    local = cast.person("finance_hr", cast.finance)
    at = ground.round.created_at
    cast.add(RoleGrant(person_id=local.id, role="manager", unit_id=cast.statistics.id, granted_at=at))
    client = cast.client(local)
    assert client.get(f"/rounds/{ground.round_id}/draft").status_code == 404
    assert client.get("/rounds/999999/draft").status_code == 404
    assert client.post(f"/rounds/{ground.round_id}/run").status_code == 404


def cells(answer: Any) -> list[list[str]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


def test_files_hold_every_line_and_no_formula(cast: Cast) -> None:
    ground = drafted(cast)
    db.session.execute(sa.update(Person).where(Person.id == ground.mentee_ids[0]).values(name="=HYPERLINK(1)"))
    db.session.commit()
    client = cast.client(cast.coordinator)
    text = client.get(f"/rounds/{ground.round_id}/pairs.csv").text
    assert len(text.splitlines()) == 4
    assert "'=HYPERLINK(1)" in text
    rows = cells(client.get(f"/rounds/{ground.round_id}/pairs.xlsx"))
    assert len(rows) == 4
    assert any("HYPERLINK" in row[0] for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    for row in rows[1:]:
        if row[2]:
            assert round(sum(float(cell) for cell in row[11:]), 1) == float(row[4])
    page = BeautifulSoup(client.get(f"/rounds/{ground.round_id}/draft").text, "html.parser")
    for line in page.select(".round-line:has(.round-parts)"):
        parts = [float(str(cell.contents[0])) for cell in line.select(".round-parts .num")]
        assert round(sum(parts), 1) == float(line.select(".round-fit b")[0].get_text())


def test_a_page_of_the_draft_costs_the_same_at_any_size(cast: Cast) -> None:
    small = drafted(cast, mentees=2, mentors=2)
    line = small.lines()[0]
    with count_queries() as few:
        draft_page(small.round, page=1)
        rounds = rounds_for(small.hr)
        round_lines(rounds)
    rows = [
        {"round_id": small.round_id, "mentee_id": cast.person(f"more_{number}", cast.budget).id, "mentor_id": line.mentor_id,
         "score": number, "decided": "outbid", "why": line.why, "locked": False, "left_out": ""}
        for number in range(60)
    ]  # fmt: skip
    db.session.execute(sa.insert(Proposal), rows)
    db.session.commit()
    with count_queries() as many:
        page = draft_page(small.round, page=1)
        rounds = rounds_for(small.hr)
        round_lines(rounds)
    assert (page.total, len(page.items)) == (62, 20)
    assert len(many) == len(few)


def test_three_rounds_by_the_rules_of_the_real_matcher_give_up_to_three_mentors(cast: Cast) -> None:
    rules = {
        "points": {"grade": 12, "field": 10}, "grade_points": {"1": 0.75, "2": 1},
        "grade_min": 1, "grade_max": 2, "other_unit": True,
    }  # fmt: skip
    ground = Ground(cast, mentees=2, mentors=3, places=3, rules=rules)
    db.session.execute(sa.update(Person).where(Person.id.in_(ground.mentee_ids)).values(job_id=junior_job(cast)))
    db.session.commit()
    for turn in (1, 2, 3):
        if turn > 1:
            ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name=f"Round {turn}")).id
        assert ground.round.own_points
        ground.enrol(without_mentor=False, with_gaps=False)
        actions.set_all_places(ground.hr, ground.round, RevisionInput(revision=ground.revision), places=1)
        assert ground.solve().state == "done"
        mine = {line.mentee_id: line for line in ground.lines() if line.mentee_id in ground.mentee_ids}
        assert all(line.mentor_id for line in mine.values())
        assert {line.score for line in mine.values()} == {round((9 + 10) / 22 * 1_000_000)}
        ground.publish()
        made = sa.select(Proposal.mentee_id, Proposal.mentor_id).where(Proposal.mentorship_id.is_not(None))
        ours = [pair for pair in db.session.execute(made) if pair.mentee_id in ground.mentee_ids]
        assert len(ours) == len(set(ours)) == 2 * turn


def junior_job(cast: Cast) -> int:
    """A job of the same field, one tier below."""
    job = Job(code="pertama", name={"id": "Analis Pertama", "en": "Junior"}, tier_id=cast.junior_tier.id, field_id=cast.field.id)
    db.session.add(job)
    db.session.commit()
    return job.id


def test_pages_show_a_step_before_anything_is_there(cast: Cast) -> None:
    ground = Ground(cast)
    client = cast.client(cast.coordinator)
    for step in ("", "/people", "/cover", "/weights", "/run", "/draft", "/stops", "/fairness", "/compare", "/publish"):
        assert client.get(f"/rounds/{ground.round_id}{step}").status_code == 200, step
    assert "No round yet" not in client.get("/rounds").text


def test_weights_are_tried_without_being_saved(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol()
    client = cast.client(cast.coordinator)
    seen = ground.revision
    page = client.get(f"/rounds/{ground.round_id}/weights/example?importances.cover=off&importances.experience=high")
    assert page.status_code == 200
    assert "Guide" in page.text
    assert ground.revision == seen


def test_an_agency_without_a_programme_is_led_to_one(app: Flask, cast: Cast) -> None:
    assert "Set up a programme first" in cast.client(cast.coordinator).get("/rounds").text
    assert db.session.scalar(sa.select(sa.func.count(Round.id))) == 0
    assert EnrolInput(revision=1).enrolment.with_gaps
