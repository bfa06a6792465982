"""What stood earlier in a roadmap and an issue log: every wording with who and when, for the two alone."""

from __future__ import annotations

from datetime import timedelta

from mentorlink.kernel import clock
from mentorlink.sessions.meetings.notes.queries import text_histories
from mentorlink.sessions.mentoring import actions, inputs
from mentorlink.sessions.mentoring.actions.roadmap import step_parts
from tests.mentoring.pair import Pair


def test_every_state_of_a_step_and_an_issue_is_kept_with_who_and_when(pair: Pair) -> None:
    pair.go_to("collaborative")
    due = clock.today() + timedelta(days=9)
    step = actions.add_roadmap_item(pair.mentee, pair.row(), inputs.RoadmapStep(text="Draft", due_on=due))
    actions.change_roadmap_item(pair.mentor, step, inputs.RoadmapStep(text="Draft, then read", due_on=due))
    actions.set_roadmap_state(pair.mentor, step, inputs.RoadmapState(state="dropped", reason="No time"))
    issue = actions.raise_issue(pair.mentee, pair.row(), inputs.IssueRaised(kind="general", text="Too long"))
    actions.reword_issue(pair.mentor, issue, inputs.IssueRaised(kind="general", text="Papers are too long"))
    actions.settle_issue(pair.mentee, issue, inputs.IssueSettled(outcome="One page"))
    assert issue.settled_by_id == pair.mentee_id
    found = text_histories({"step": [step.id], "issue": [issue.id], "outcome": [issue.id]})
    steps = [(step_parts(state.body), state.author_id) for state in found["step", step.id]]
    assert [(part.state, part.words, part.due_on, who) for part, who in steps] == [
        ("dropped", "Draft, then read\nNo time", due, pair.mentor_id),
        ("planned", "Draft, then read", due, pair.mentor_id),
        ("planned", "Draft", due, pair.mentee_id),
    ]
    wordings = [(state.body, state.author_id) for state in found["issue", issue.id]]
    assert wordings == [("Papers are too long", pair.mentor_id), ("Too long", pair.mentee_id)]
    page = pair.cast.client(pair.cast.mentee).get(f"/mentoring/{pair.id}/roadmap").get_data(as_text=True)
    assert "earlier versions" in page
    assert "Too long" in page
    assert pair.cast.client(pair.cast.stranger).get(f"/mentoring/{pair.id}/roadmap").status_code == 404


def test_a_settled_issue_keeps_its_words(pair: Pair) -> None:
    pair.go_to("collaborative")
    client = pair.cast.client(pair.cast.mentee)
    issue = actions.raise_issue(pair.mentee, pair.row(), inputs.IssueRaised(kind="specific", text="One paper"))
    data = {"kind": "specific", "text": "One paper, the next"}
    assert client.post(f"/mentoring/issues/{issue.id}", data=data).status_code == 303
    actions.settle_issue(pair.mentor, issue, inputs.IssueSettled(outcome="Written"))
    assert client.post(f"/mentoring/issues/{issue.id}", data=data | {"text": "Else"}).status_code == 409
