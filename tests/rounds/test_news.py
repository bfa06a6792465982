"""What comes after a run is said before it is published, and nobody who came late is left without a word."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from mentorlink.competencies.models import Competency
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Invalid
from mentorlink.notifications.models import Notice
from mentorlink.pairing.models import Offer
from mentorlink.people.models import Job, Person
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import (
    MemberInput,
    OpenInput,
    PlacesInput,
    RevisionInput,
    RoundInput,
    SeekInput,
    WeightsInput,
    WishesInput,
)
from mentorlink.rounds.models import Round, RoundMember, RoundSheet
from mentorlink.rounds.queries import (
    draft_page,
    junior_count,
    limits_like,
    member_of,
    members_of,
    news_of,
    overlaps_of,
    published_figures,
    round_lines,
    sizes_of,
)
from mentorlink.web.words.rounds import decided_for_mentee
from tests import story
from tests.cast import Cast
from tests.queries import count_queries
from tests.rounds.ground import Ground, contested, drafted


def latecomer(ground: Ground, name: str = "latecomer") -> Person:
    """Somebody of Budget with gaps who was not there when the round was solved."""
    return ground.cast.person(name, ground.cast.budget, levels=(1, 1, 1))


def add(ground: Ground, person: Person) -> None:
    data = MemberInput(person_id=person.id, side="mentee", revision=ground.revision)
    actions.add_member(ground.hr, ground.round, data)


def test_who_came_in_after_the_run_is_said_before_publishing_and_told_like_everybody_without_a_mentor(cast: Cast) -> None:
    ground = drafted(cast)
    late = latecomer(ground)
    add(ground, late)
    assert news_of(ground.round).late == 1
    page = cast.client(cast.coordinator).get(f"/rounds/{ground.round_id}/publish").text
    assert "1 person is not in this draft" in page
    assert "2 people learn that there is nobody for them" in page
    ground.publish()
    assert published_figures(ground.round).alone == 2
    assert ground.line(late.id).decided == "late"
    told = sa.select(Notice.kind).where(Notice.person_id == late.id)
    assert list(db.session.scalars(told)) == ["round_missed"]
    page = cast.client(late).get(f"/rounds/{ground.round_id}/me").text
    assert "You joined after the pairs had been worked out" in page


def test_who_joins_by_themself_after_the_run_is_no_different(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol(self_enrol=True)
    late = latecomer(ground)
    assert ground.solve().state == "done"
    until = clock.today() + timedelta(days=5)
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=until, revision=ground.revision))
    actions.join_round(cast.actor(late), ground.round, "mentee")
    assert news_of(ground.round).late == 1
    ground.publish()
    assert ground.line(late.id).decided == "late"


def test_a_published_round_is_never_a_blank_page_to_who_took_part(cast: Cast) -> None:
    ground = drafted(cast)
    late = latecomer(ground)
    add(ground, late)
    story.pair(cast, mentee=late, codes=())
    assert news_of(ground.round).late == 0
    ground.publish()
    page = cast.client(late).get(f"/rounds/{ground.round_id}/me").text
    assert "did not look for a mentor for you" in page


def test_a_draft_that_does_not_know_a_wish_a_person_or_other_weights_says_so(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol(ranks=True)
    until = clock.today() + timedelta(days=5)
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=until, revision=ground.revision))
    assert ground.solve().state == "done"
    assert not news_of(ground.round).some
    client, base = cast.client(cast.coordinator), f"/rounds/{ground.round_id}"
    assert "New since run 1" not in client.get(f"{base}/draft").text
    mentee = cast.actor(db.session.get_one(Person, ground.mentee_ids[0]))
    actions.save_wishes(mentee, ground.round, "mentee", WishesInput(wished=(ground.mentor_ids[0],)))
    add(ground, latecomer(ground))
    weights = WeightsInput(importances={"experience": "high"}, revision=ground.revision)
    actions.set_weights(ground.hr, ground.round, weights)
    for step in ("", "/draft", "/publish", "/run"):
        assert "New since run 1: 1 wish, 1 person, other weights or rules" in client.get(f"{base}{step}").text, step
    assert "Still open until" in client.get(f"{base}/publish").text
    assert ground.solve().state == "done"
    assert not news_of(ground.round).some


def test_saving_the_same_weights_and_wishes_again_is_no_news(cast: Cast) -> None:
    ground = drafted(cast)
    actions.set_weights(ground.hr, ground.round, WeightsInput(revision=ground.revision))
    assert not news_of(ground.round).weighed


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_who_went_out_after_the_run_is_news_too(cast: Cast, side: str) -> None:
    ground = drafted(cast)
    person_id = (ground.mentee_ids if side == "mentee" else ground.mentor_ids)[0]
    actions.take_out_member(
        ground.hr, ground.round, MemberInput.model_validate({"person_id": person_id, "side": side, "revision": ground.revision})
    )
    assert news_of(ground.round).people == 1


def test_two_rounds_over_the_same_people_are_noticed(cast: Cast) -> None:
    ground = drafted(cast)
    first, name = ground.round_id, ground.round.name
    ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half")).id
    assert not overlaps_of(ground.hr, ground.round)
    ground.enrol()
    assert [(row.round.id, row.people) for row in overlaps_of(ground.hr, ground.round)] == [(first, 3)]
    assert ground.solve().state == "done"
    client = cast.client(cast.coordinator)
    for step in ("people", "publish"):
        page = client.get(f"/rounds/{ground.round_id}/{step}").text
        assert "3 people are in both" in page
        assert name in page
    ground.round_id = first
    ground.publish()
    assert "are in both" not in client.get(f"/rounds/{ground.round_id}/people").text


def test_a_published_round_keeps_the_places_it_had(cast: Cast) -> None:
    ground = drafted(cast, mentees=3, mentors=2, places=2)
    ground.publish()
    assert sizes_of(ground.round).places == 4
    db.session.execute(sa.update(Offer).values(capacity=9))
    db.session.commit()
    assert sizes_of(ground.round).places == 4
    assert [line.sizes.places for line in round_lines([ground.round])] == [4]
    assert {line.places for line in members_of(ground.round, "mentor").items} == {2}


def test_a_round_published_before_places_were_kept_tells_those_it_gave(cast: Cast) -> None:
    ground = drafted(cast, mentees=3, mentors=2)
    ground.publish()
    db.session.execute(sa.update(RoundMember).values(places=None))
    db.session.commit()
    assert sizes_of(ground.round).places == 2


def test_more_places_than_free_are_refused_in_words(cast: Cast) -> None:
    ground = Ground(cast, places=4)
    ground.enrol()
    data = {"person_id": ground.mentor_ids[0], "places": 9, "revision": ground.revision}
    with pytest.raises(Invalid):
        actions.set_places(ground.hr, ground.round, PlacesInput.model_validate(data))
    answer = cast.client(cast.coordinator).post(f"/rounds/{ground.round_id}/people/places", data=data)
    assert answer.status_code == 422
    assert "Their offer has 4 free places" in answer.text
    assert set(db.session.scalars(sa.select(RoundMember.places))) == {None}


def test_a_file_of_pairs_tells_what_those_without_a_mentor_miss(cast: Cast) -> None:
    ground = contested(cast, mentees=3, mentors=1)
    text = cast.client(cast.coordinator).get(f"/rounds/{ground.round_id}/pairs.csv").text
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    alone = [row for row in rows if not row["Mentor"]]
    assert len(alone) == 2
    for row in alone:
        assert int(row["Levels missing"]) > 0
        assert (row["Levels covered"], row["Covers"]) == ("0", "")
        assert "→" in row["Leaves open"]


@pytest.mark.parametrize(
    ("decided", "why", "said"),
    [
        ("outbid", {}, "full"),
        ("no_places", {}, "more people than places"),
        ("displaced", {}, "by hand"),
        ("no_allowed_mentor", {"rules": {"line_of_command": [2, 1], "not_possible": [1, 1]}}, "your line of command"),
        ("late", {}, "You joined after"),
    ],
)
def test_who_has_nobody_reads_what_decided(cast: Cast, decided: str, why: dict[str, object], said: str) -> None:
    ground = contested(cast, mentees=3, mentors=1)
    line = next(line for line in ground.lines() if line.mentor_id is None)
    line.decided, line.why = decided, why
    with cast.app.test_request_context(), force_locale("en"):
        told = decided_for_mentee(line)
    assert said in told
    assert "another reason" not in told


def test_a_pair_whose_mentor_is_of_a_lower_tier_is_marked_and_found(cast: Cast) -> None:
    ground = drafted(cast)
    junior = Job(code="pertama", name={"id": "Pertama", "en": "Junior"}, tier_id=cast.junior_tier.id, field_id=cast.field.id)
    line = next(line for line in ground.lines() if line.mentor_id)
    db.session.add(junior)
    db.session.flush()
    db.session.execute(sa.update(Person).where(Person.id == line.mentor_id).values(job_id=junior.id))
    db.session.commit()
    assert junior_count(ground.round) == 1
    assert [each.id for each in draft_page(ground.round, kind="junior").items] == [line.id]
    page = cast.client(cast.coordinator).get(f"/rounds/{ground.round_id}/draft").text
    assert page.count("tier is below the mentee") == 1


def test_rules_taken_over_from_the_last_round_are_named_and_can_be_cleared(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol(units=[cast.budget.id])
    ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half")).id
    client, address = cast.client(cast.coordinator), f"/rounds/{ground.round_id}/people"
    page = client.get(address).text
    assert "as in First half" in page
    assert f'value="{cast.budget.id}" checked' in page
    assert f'value="{cast.budget.id}" checked' not in client.get(f"{address}?anew=1").text
    ground.enrol()
    assert limits_like(ground.round) is None
    assert "as in First half" not in client.get(address).text


def mapped(ground: Ground, *person_ids: int) -> Competency:
    """A competency for which the cover map names these people."""
    competency = db.session.scalars(sa.select(Competency).order_by(Competency.id)).first()
    assert competency is not None
    figures = {"needed": 7, "levels": 9, "covered": 2, "unfillable": 1, "level": 4, "recruit": 2}
    body = [{"code": competency.code, "candidates": [[id_, 4] for id_ in person_ids]} | figures]
    db.session.add(RoundSheet(round_id=ground.round_id, kind="cover", body=body, made_at=clock.now(), stamp=""))
    db.session.commit()
    return competency


def test_whoever_asks_for_help_asks_others_each_once_and_says_when(cast: Cast) -> None:
    ground = Ground(cast)
    ground.enrol()
    own = ground.mentee_ids[0]
    sought = mapped(ground, cast.stranger.id, cast.coordinator.id, own)
    client, base = cast.client(cast.coordinator), f"/rounds/{ground.round_id}"
    page = client.get(f"{base}/cover").text
    assert f'value="{cast.coordinator.id}" id="c-' not in page
    assert "A mentee of this round" in page
    assert f'id="c-{sought.id}-{own}" checked' not in page
    everybody = SeekInput(competency_id=sought.id, person_ids=(cast.stranger.id, cast.coordinator.id))
    assert actions.seek_mentors(ground.hr, ground.round, everybody) == 1
    assert actions.seek_mentors(ground.hr, ground.round, everybody) == 0
    assert "Asked on" in client.get(f"{base}/cover").text
    again = {"competency_id": sought.id, "person_ids": [cast.stranger.id]}
    assert "They were asked before" in client.post(f"{base}/seek", data=again, follow_redirects=True).text
    told = sa.select(Notice.person_id).where(Notice.kind == "mentors_sought")
    assert list(db.session.scalars(told)) == [cast.stranger.id]


def test_the_columns_of_the_cover_map_add_up(cast: Cast) -> None:
    ground = Ground(cast)
    mapped(ground)
    page = cast.client(cast.coordinator).get(f"/rounds/{ground.round_id}/cover").text
    assert '<td class="num" data-label="No place left for them">4</td>' in page


def test_no_empty_cover_map_is_shown_while_it_is_drawn(cast: Cast) -> None:
    ground = Ground(cast)
    client, address = cast.client(cast.coordinator), f"/rounds/{ground.round_id}/cover"
    client.get(address)
    jobs.run_due()
    assert "No gap among those who take part" in client.get(address).text
    ground.enrol()
    page = client.get(address).text
    assert "is being drawn" in page
    assert "No gap among" not in page
    assert 'hx-trigger="every 2s"' in page
    jobs.run_due()
    assert "Competency 1" in client.get(address).text


def test_a_refusal_stands_on_the_page_where_it_was_asked_for(cast: Cast) -> None:
    ground = Ground(cast)
    client, base = cast.client(cast.coordinator), f"/rounds/{ground.round_id}"
    page = client.get(f"{base}/run").text
    assert "Enrol people first" in page
    assert "disabled" in page
    refused = client.post(f"{base}/run")
    assert refused.status_code == 409
    assert "round-steps" in refused.text
    old = ground.revision
    ground.enrol()
    data = {"person_id": ground.mentee_ids[0], "side": "mentee", "revision": old}
    refused = client.post(f"{base}/people/out", data=data)
    assert refused.status_code == 409
    assert "Coordinator: enrolled people by rules" in refused.text
    assert f'name="revision" value="{ground.revision}"' in refused.text


def test_joining_looks_at_nobody_elses_rounds_before(cast: Cast) -> None:
    ground = drafted(cast, mentees=12, mentors=1)
    ground.publish()
    ground.round_id = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half")).id
    ground.enrol(self_enrol=True)
    late = latecomer(ground)
    actions.open_round(ground.hr, ground.round, OpenInput(open_until=clock.today(), revision=ground.revision))
    person, round_ = cast.actor(late), ground.round
    with count_queries() as sent:
        actions.join_round(person, round_, "mentee")
    counting = [text for text in sent if "round_member.missed" in text and text.startswith("SELECT round_member.person_id,")]
    assert len(counting) == 1
    assert "round_member.person_id = " in counting[0]
    member = member_of(ground.round, "mentee", late.id)
    assert member is not None
    assert member.moved_at is not None


def test_all_places_at_once_are_a_ceiling_and_not_refused(cast: Cast) -> None:
    ground = Ground(cast, places=2)
    ground.enrol()
    actions.set_all_places(ground.hr, ground.round, RevisionInput(revision=ground.revision), places=9)
    assert sizes_of(ground.round).places == 4
    assert db.session.get_one(Round, ground.round_id).state == "preparing"
