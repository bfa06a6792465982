"""Quotas: held by the run, told beside the draft, kept in what is stored, and taken over by the next round."""

from __future__ import annotations

import base64
import zlib

import pytest
import sqlalchemy as sa

from mentorlink.kernel import jobs
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Invalid
from mentorlink.kernel.inputs import read
from mentorlink.matching import Mentee, Quota, Rules, Weights
from mentorlink.people.models import Person
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import QuotaInput, RevisionInput, RoundInput
from mentorlink.rounds.models import RoundQuota
from mentorlink.rounds.queries import group_choices, quota_standings, quotas_of
from mentorlink.rounds.rules import Cohort, fingerprint, pack, unpack
from tests.cast import Cast
from tests.rounds.ground import Ground, drafted


def quota(ground: Ground, group: str, **bounds: int) -> RoundQuota:
    data = {"side": "mentee", "group": group, "revision": ground.revision} | bounds
    return actions.set_quota(ground.hr, ground.round, read(QuotaInput, data))


def apart(cast: Cast) -> tuple[Ground, list[int]]:
    """A round in which the mentee who misses out works elsewhere."""
    ground = drafted(cast, mentees=3, mentors=2)
    alone = [mentee for mentee, mentor in ground.pairs().items() if mentor is None]
    for person_id in ground.mentee_ids:
        db.session.get_one(Person, person_id).place = "Ambon" if person_id in alone else "Makassar"
    db.session.commit()
    return ground, alone


def test_the_next_run_holds_a_quota_and_says_what_that_took(cast: Cast) -> None:
    ground, (alone,) = apart(cast)
    assert ground.pairs()[alone] is None, "the premise: without a quota nobody from there has a mentor"
    quota(ground, "place:Ambon", at_least=1)
    assert [each.met for each in quota_standings(ground.round)] == [False]
    assert ground.solve().state == "done"
    assert ground.pairs()[alone] is not None
    (standing,) = quota_standings(ground.round)
    assert (standing.met, standing.pairs) == (True, 1)
    assert standing.lift > 0
    actions.ask_check(ground.hr, ground.round, 2)
    jobs.run_due()
    assert ground.run(2).check_state == "same", "quotas are stored with what was solved"
    page = cast.client(cast.coordinator).get(f"/rounds/{ground.round_id}/draft").text
    assert "Ambon" in page
    assert "at least 1 pair" in page


def test_at_most_keeps_a_group_small_and_what_was_said_last_holds(cast: Cast) -> None:
    ground, _alone = apart(cast)
    quota(ground, "place:Makassar", at_least=1, at_most=2)
    quota(ground, "place:Makassar", at_most=0)
    assert [(one.at_least, one.at_most) for one in quotas_of(ground.round)] == [(None, 0)]
    ground.solve()
    assert [each.pairs for each in quota_standings(ground.round)] == [0]
    actions.drop_quota(ground.hr, ground.round, quotas_of(ground.round)[0].id, RevisionInput(revision=ground.revision))
    assert quotas_of(ground.round) == []


def test_only_groups_of_the_round_that_set_somebody_apart_can_be_chosen(cast: Cast) -> None:
    ground, _alone = apart(cast)
    choices = {(each.kind, each.key): (each.mentees, each.mentors) for each in group_choices(ground.round)}
    assert choices["unit", str(cast.budget.id)] == (3, 0)
    assert choices["unit", str(cast.statistics.id)] == (0, 2)
    assert choices["place", "Ambon"][0] == 1
    assert ("unit", str(cast.agency.id)) not in choices
    with pytest.raises(Invalid) as refused:
        quota(ground, "place:Paris", at_least=1)
    assert [fault.code for fault in refused.value.faults] == ["group_unknown"]


@pytest.mark.parametrize(
    ("bounds", "code"),
    [({}, "quota_says_nothing"), ({"at_least": 2, "at_most": 1}, "quota_crossed"), ({"at_least": -1}, "greater_than_equal")],
)
def test_bounds_that_say_nothing_or_contradict_are_refused(bounds: dict[str, int], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(QuotaInput, {"side": "mentee", "group": "place:Ambon", "revision": 1} | bounds)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_of_two_managers_at_once_the_second_is_told(cast: Cast) -> None:
    ground, _alone = apart(cast)
    seen = ground.revision
    quota(ground, "place:Ambon", at_least=1)
    data = QuotaInput(side="mentee", group="place:Makassar", at_least=1, revision=seen)
    with pytest.raises(Conflict) as refused:
        actions.set_quota(ground.hr, ground.round, data)
    assert refused.value.code == "round_changed"


def test_the_next_round_of_the_programme_begins_with_the_quotas_of_the_last(cast: Cast) -> None:
    ground, _alone = apart(cast)
    quota(ground, "place:Ambon", at_least=1)
    later = actions.add_round(ground.hr, ground.programme, RoundInput(name="Second half"))
    assert [(one.side, one.kind, one.key, one.at_least) for one in quotas_of(later)] == [("mentee", "place", "Ambon", 1)]


def test_what_was_stored_before_there_were_quotas_keeps_its_fingerprint() -> None:
    plain = Cohort((Mentee(1),), (), Rules(), Weights(), {}, {}, (0.0,))
    assert "quotas" not in pack_text(plain)
    held = Cohort((Mentee(1),), (), Rules(), Weights(), {}, {}, (0.0,), quotas=(Quota("a", "mentee", (1,), 1, None),))
    assert fingerprint(held) != fingerprint(plain)
    assert fingerprint(unpack(pack(held))) == fingerprint(held)
    assert unpack(pack(held)).quotas == held.quotas


def pack_text(cohort: Cohort) -> str:
    return zlib.decompress(base64.b85decode(pack(cohort))).decode()


def test_quotas_are_set_and_taken_back_on_the_page(cast: Cast) -> None:
    ground, _alone = apart(cast)
    client = cast.client(cast.coordinator)
    base = f"/rounds/{ground.round_id}"
    form = {"side": "mentee", "group": "place:Ambon", "at_least": "1", "at_most": "", "revision": str(ground.revision)}
    refused = client.post(f"{base}/quotas", data=form | {"at_least": ""})
    assert refused.status_code == 422
    assert "Say how many pairs" in refused.text
    assert client.post(f"{base}/quotas", data=form).status_code == 303
    page = client.get(f"{base}/weights").text
    assert "Not held" in page
    number = db.session.scalar(sa.select(RoundQuota.id))
    assert client.post(f"{base}/quotas/{number}/undo", data={"revision": str(ground.revision)}).status_code == 303
    assert quotas_of(ground.round) == []
