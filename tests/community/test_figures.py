"""The philosophy of a community in figures: shares, sentences, nothing of few, never of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.community import actions as community_actions
from mentorlink.community.actions.decisions import conclude_decision
from mentorlink.community.queries.figures import counts_for
from mentorlink.community.rules.figures import FEWEST, Counts, findings, gini
from mentorlink.kernel.errors import NotFound
from tests.cast import Cast
from tests.community.living import Living

SHARES = st.lists(st.integers(0, 500), min_size=1, max_size=30)


@pytest.mark.one_database
@given(SHARES)
def test_ginis_figure_is_that_of_all_differences(values: list[int]) -> None:
    found, n = gini(values), len(values)
    if not sum(values):
        assert found is None
    else:
        direct = sum(abs(a - b) for a in values for b in values) / (2 * n * sum(values))
        assert found == pytest.approx(direct, abs=1e-9)


@pytest.mark.one_database
@given(SHARES, st.integers(1, 9))
def test_more_who_are_silent_make_the_talk_less_even(values: list[int], silent: int) -> None:
    if sum(values):
        assert gini([*values, *[0] * silent]) > gini(values) - 1e-12  # type: ignore[operator]


@pytest.mark.one_database
@given(st.integers(0, FEWEST - 1), SHARES)
def test_of_fewer_than_eight_nothing_is_said(members: int, said: list[int]) -> None:
    assert findings(Counts(members, tuple(said), unanswered=3, pages_due=1)) == []


@pytest.mark.one_database
def test_the_most_pressing_is_said_first_and_leads_on() -> None:
    counts = Counts(10, (9, 1, *[0] * 8), newcomers=2, newcomers_answered=1, unanswered=3, gatherings=4, hosts=1, grown=2)
    found = findings(counts)
    assert [one.code for one in found] == ["unanswered", "newcomers_waiting", "silent", "few_speak", "one_host", "grown"]
    assert all(one.action for one in found if one.tone == "warn")


def test_what_happened_is_counted_and_told_to_facilitators_alone(cast: Cast) -> None:
    living = Living(cast)
    with pytest.raises(NotFound):
        counts_for(cast.actor(cast.mentee), living.community)
    assert counts_for(cast.actor(cast.mentor), living.community) == Counts(2)
    for number in range(8):
        community_actions.join_community(cast.actor(cast.person(f"guest_{number}", cast.budget)), living.community)
    topic_id = living.begin(cast.mentee, "How large a sample?").topic_id
    asked = living.say(cast.mentee, "Anybody?", topic_id=topic_id)
    living.say(cast.mentor, "Thirty", topic_id=topic_id, reply_to_id=asked.id)
    living.hold(cast.mentee)
    decision = living.ask()
    for person in [cast.mentor, cast.mentee, *(cast.person(f"guest_{number}") for number in range(3))]:
        living.say_where(person, decision)
    living.steer(conclude_decision, decision)
    counts = counts_for(cast.actor(cast.mentor), living.community)
    assert (counts.members, sorted(counts.said)) == (10, [*[0] * 8, 1, 2])
    assert (counts.replies, counts.replies_across) == (1, 1)
    assert (counts.newcomers, counts.newcomers_answered) == (2, 1)
    assert (counts.gatherings, counts.hosts, counts.decisions, counts.stance_share) == (1, 1, 1, 0.5)
    page = cast.client(cast.mentor).get(f"/communities/{living.community_id}/pulse").text
    assert "8 members have not spoken." in page
    assert "guest_0" not in page.lower()
    for address in ("pulse", "pulse.csv"):
        assert cast.client(cast.mentee).get(f"/communities/{living.community_id}/{address}").status_code == 403
    file = cast.client(cast.mentor).get(f"/communities/{living.community_id}/pulse.csv").text
    assert "Democratisation,Members who have not spoken,8,10\r\n" in file
    assert "guest_0" not in file.lower()
    few = living.found("A small circle").id
    assert cast.client(cast.mentor).get(f"/communities/{few}/pulse.csv").text.endswith("Members,Not enough to say,,8\r\n")
