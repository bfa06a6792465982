"""The stages as the agency has them: versions, what a running mentorship keeps, and what no version can take away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import Conflict, Denied, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.sessions.mentoring import actions, queries
from mentorlink.sessions.mentoring.inputs import EarlyEndInput, StageRuleInput
from mentorlink.sessions.mentoring.rules import checks_of, shipped_asks, shipped_stages
from mentorlink.sessions.mentoring.stages import STAGES
from mentorlink.web.forms import tree
from tests.meetings.threads import at_once
from tests.mentoring.pair import Pair


def shipped(based_on: int = 1) -> dict[str, Any]:
    """The form of a new version as it opens over the shipped one."""
    found = shipped_stages()
    return {
        "based_on": based_on,
        "valid_from": clock.today().isoformat(),
        "stages": {
            str(stage): {
                "meetings": found["gates"][stage]["meetings"],
                "checks": dict.fromkeys(found["gates"][stage]["checks"], True),
                **found["words"][stage],
            }
            for stage in STAGES
        },
    }


@pytest.fixture
def versions(pair: Pair) -> Pair:
    """A pair that began with the version that is shipped."""
    actions.end_early(pair.mentor, pair.row(), EarlyEndInput(code="other"))
    actions.load_stage_rule(Actor.system(), valid_from=clock.today() - timedelta(days=400))
    return Pair(pair.cast)


def test_a_running_mentorship_keeps_the_version_it_began_with(versions: Pair) -> None:
    said, cast = shipped(), versions.cast
    said["stages"]["prescriptive"] |= {"meetings": 1, "checks": {}, "content": {"id": "Berkenalan dulu", "en": ""}}
    hr = cast.actor(cast.coordinator)
    assert actions.save_stage_rule(hr, read(StageRuleInput, said)).number == 2
    running = queries.standing_for(versions.mentor, versions.row())
    assert [condition.code for condition in running.conditions] == list(checks_of(STAGES[0], shipped_asks()[STAGES[0]]))
    actions.end_early(versions.mentor, versions.row(), EarlyEndInput(code="other"))

    after = Pair(cast)
    begun = queries.standing_for(after.mentor, after.row())
    assert {str(condition.code): condition.facts.get("needed") for condition in begun.conditions} == {
        "meeting_held": 1, "agreement_signed": None,
    }  # fmt: skip
    after.agree()
    with pytest.raises(Conflict) as refused:
        after.advance()
    assert refused.value.facts["missing"] == ["meeting_held"]
    page = cast.client(cast.mentor).get(f"/mentoring/{after.id}").text
    assert "Berkenalan dulu" in page
    assert "0 of at least 1 in this stage" in page
    assert "/mentoring/stages/2" in page
    assert cast.client(cast.mentor).get(f"/api/v1/mentorships/{after.id}").json["stages_version"] == 2
    after.meet()
    assert after.advance().stage == "persuasive"

    start = actions.Start(cast.mentor.id, cast.person("newcomer").id)
    many = actions.start_many_mentorships(Actor.system(), [start])
    assert queries.mentorship_for(after.mentor, many[0]).stage_rule_number == 2


def test_of_two_who_change_the_stages_at_once_the_second_is_told(versions: Pair) -> None:
    cast = versions.cast
    hr, administrator = cast.actor(cast.coordinator), cast.actor(cast.administrator)
    said = read(StageRuleInput, shipped())
    made = at_once(
        cast.app,
        lambda: actions.save_stage_rule(hr, said).number,
        lambda: actions.save_stage_rule(administrator, said).number,
    )
    assert made.count(2) == 1
    assert [each.code for each in made if isinstance(each, Conflict)] == ["stages_changed"]
    assert [rule.number for rule, _running in queries.stage_rules_for(hr)] == [2, 1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": "2001-01-01"}, "valid_from"),
        ({"stages.persuasive.checks.goals_accepted": "1"}, "stages.persuasive.checks.goals_accepted"),
        ({"stages.persuasive.checks.roadmap_finished": "1"}, "stages.persuasive.checks.roadmap_finished"),
        ({"stages.confirmative.meetings": "13"}, "stages.confirmative.meetings"),
        ({"stages.confirmative.short.id": "", "stages.confirmative.short.en": ""}, "stages.confirmative.short"),
    ],
)
@pytest.mark.one_database
def test_what_no_version_can_say_is_refused_beside_its_field(versions: Pair, change: dict[str, str], field: str) -> None:
    flat: dict[str, str] = {}

    def lay(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                lay(part, f"{name}.{key}" if name else key)
        else:
            flat[name] = str(value)

    lay(shipped(), "")
    with pytest.raises(Invalid) as refused:
        actions.save_stage_rule(
            versions.cast.actor(versions.cast.coordinator), read(StageRuleInput, tree(MultiDict(flat | change)))
        )
    assert [fault.field for fault in refused.value.faults] == [field]


@pytest.mark.one_database
def test_hr_changes_the_stages_on_their_page_and_everybody_reads_them(versions: Pair) -> None:
    cast = versions.cast
    hr = cast.client(cast.coordinator)
    form = hr.get("/mentoring/stages/change").text
    assert "Always asked" in form
    assert 'name="stages.collaborative.meetings"' in form
    flat = {"based_on": "1", "valid_from": (clock.today() + timedelta(days=3)).isoformat(), "note": "Three talks"}
    for stage, row in shipped_stages()["gates"].items():
        flat[f"stages.{stage}.meetings"] = "3" if stage == "collaborative" else str(row["meetings"])
        for name, words in shipped_stages()["words"][stage].items():
            flat |= {f"stages.{stage}.{name}.{language}": text for language, text in words.items()}
    wrong = hr.post("/mentoring/stages", data=flat | {"valid_from": "2020-01-01", "stages.persuasive.meetings": "99"})
    summary = wrong.text.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert wrong.status_code == 422
    assert "#f-valid_from" in summary
    assert "Persuasive: " in summary
    sent = hr.post("/mentoring/stages", data=flat)
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith("/mentoring/stages/2")
    mentee = cast.client(cast.mentee)
    page = mentee.get("/mentoring/stages/2").text
    assert "at least 3 sessions in this stage" in page
    assert "Three talks" in page
    assert "Starting levels are recorded" not in page
    assert "at least 2 sessions in this stage" in mentee.get("/mentoring/stages").text, "the new one holds from its day on"
    assert mentee.get("/mentoring/stages/change").status_code == 403
    assert hr.post("/mentoring/stages", data=flat).status_code == 409, "made over a version that is not the newest"
    with pytest.raises(Denied):
        actions.save_stage_rule(versions.mentor, read(StageRuleInput, shipped(2)))
    assert mentee.get("/api/v1/mentoring/stages").json["in_force"] == 1
    assert mentee.get("/api/v1/mentoring/stages/2").json["stages"]["collaborative"]["meetings"] == 3
