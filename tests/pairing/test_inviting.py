"""Who offers help sees whom they could help, of those who allow it, and invites; the invited says yes or no."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from mentorlink.insights.queries.record import record_for
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actions import record, transaction
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, NotFound
from mentorlink.notifications.models import Notice
from mentorlink.pairing.actions import (
    accept_request,
    choose_finding,
    close_offer,
    decline_request,
    invite_mentee,
    refuse_invitation,
    take_invitation,
    withdraw_invitation,
)
from mentorlink.pairing.inputs import ChoicesInput, DeclineInput, InviteInput, RefuseInvitationInput, TakeInvitationInput
from mentorlink.pairing.models import Invitation, Offer, Request
from mentorlink.pairing.queries import candidate_for, candidates_for, invitation_for, invitation_view, invitations_for, inviting
from mentorlink.pairing.rules import INVITATION_OPEN, MOST_INVITED
from mentorlink.people.actions import block_person
from mentorlink.people.events import ErasureGranted
from mentorlink.people.models import Person, Unit
from mentorlink.sessions.mentoring.actions import end_early
from mentorlink.sessions.mentoring.inputs import EarlyEndInput
from mentorlink.sessions.mentoring.models import Mentorship, Target
from tests.cast import Cast
from tests.pairing.stage import ask, offer
from tests.queries import count_queries

WORDS = "I have set up three budgets and would gladly show you how."


def findable(cast: Cast, name: str, levels: tuple[int | None, ...] = (1, 2, 3), **columns: object) -> Person:
    """Somebody with gaps who lets mentors see them."""
    person = cast.person(name, columns.pop("unit", cast.budget), levels=levels, **columns)  # type: ignore[arg-type]
    choose_finding(cast.actor(person), ChoicesInput(open_to_offers=True))
    return person


def names(cast: Cast, there: Offer) -> list[str]:
    return [each.person.name for each in candidates_for(cast.actor(there.person), there).items]


def invite(cast: Cast, there: Offer, person: Person) -> Invitation:
    return invite_mentee(cast.actor(there.person), there, person, InviteInput(message=WORDS))


def test_only_who_allows_it_is_seen_and_at_once(cast: Cast) -> None:
    there, person = offer(cast, cast.mentor), cast.mentee
    assert names(cast, there) == []
    choose_finding(cast.actor(person), ChoicesInput(open_to_offers=True))
    assert names(cast, there) == ["Mentee"]
    choose_finding(cast.actor(person), ChoicesInput())
    assert names(cast, there) == []
    with pytest.raises(Conflict) as refused:
        invite(cast, there, person)
    assert refused.value.code == "not_open_to_offers"


def test_best_fit_comes_first_and_ties_share_a_place(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    findable(cast, "little", (2, 3, 3))
    findable(cast, "much", (1, 1, 3))
    findable(cast, "more", (1, 1, 3))
    findable(cast, "nothing", (3, 3, 3))
    found = candidates_for(cast.actor(cast.mentor), there)
    by_score = sorted(found.items, key=lambda each: -each.why.score)
    assert [each.place for each in found.items] == [1 + sum(b.why.score > a.why.score for b in found.items) for a in found.items]
    assert found.items == by_score
    assert "Nothing" not in [each.person.name for each in found.items]
    assert [set(each.helps) for each in found.items if each.person.name == "Little"] == [{"T.1"}]


def test_rules_hold_in_this_list_as_in_the_other(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    blocked, paired, below = findable(cast, "blocked"), findable(cast, "paired"), findable(cast, "below", unit=cast.statistics)
    free = findable(cast, "free")
    assert set(names(cast, there)) == {"Blocked", "Paired", "Below", "Free"}
    block_person(cast.actor(blocked), cast.mentor)
    request = accept_request(cast.actor(cast.mentor), ask(cast, paired, there))
    end_early(cast.actor(paired), db.session.get_one(Mentorship, request.mentorship_id), EarlyEndInput(code="other"))
    db.session.execute(sa.update(Unit).where(Unit.id == cast.statistics.id).values(head_id=cast.mentor.id))
    db.session.commit()
    assert names(cast, there) == [free.name]
    for person in (blocked, paired, below):
        with pytest.raises(NotFound):
            candidate_for(cast.actor(cast.mentor), there, person.id)
        with pytest.raises(Conflict) as refused:
            invite(cast, there, person)
        assert refused.value.code == "pair_not_allowed"


def test_the_list_is_the_owners_alone(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    for who in (cast.stranger, cast.coordinator, cast.administrator):
        with pytest.raises(NotFound):
            candidates_for(cast.actor(who), there)


def test_who_objects_to_ranking_is_listed_by_name_after_the_others(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    for name in ("zoe", "adi"):
        person = findable(cast, name, (1, 1, 1))
        choose_finding(cast.actor(person), ChoicesInput(open_to_offers=True, unranked=True))
    findable(cast, "middle", (2, 3, 3))
    found = candidates_for(cast.actor(cast.mentor), there)
    assert [(each.person.name, each.place) for each in found.items] == [("Middle", 1), ("Adi", 0), ("Zoe", 0)]
    choose_finding(cast.actor(cast.mentor), ChoicesInput(unranked=True))
    found = candidates_for(cast.actor(cast.mentor), there)
    assert [each.person.name for each in found.items] == ["Adi", "Middle", "Zoe"]
    assert not found.ranked


def test_the_list_takes_as_many_queries_for_two_as_for_twenty(cast: Cast) -> None:
    there, who = offer(cast, cast.mentor), cast.actor(cast.mentor)

    def queries_with(number: int) -> int:
        for each in range(number):
            findable(cast, f"n{each}")
        db.session.expire_all()
        candidates_for(who, there)
        with count_queries() as sent:
            candidates_for(who, there)
        return len(sent)

    few = queries_with(2)
    assert queries_with(20) == few


# Inviting and answering


def test_a_yes_begins_at_once_with_what_the_invited_ticked(cast: Cast) -> None:
    there, person = offer(cast, cast.mentor, capacity=1), findable(cast, "invited")
    invitation = invite(cast, there, person)
    assert [need.code for need in invitation_view(cast.actor(person), invitation).needs] == ["T.1", "T.2"]
    assert invitation_view(cast.actor(cast.mentor), invitation).needs == []
    take_invitation(cast.actor(person), invitation, TakeInvitationInput(competencies=("T.1",), reply="Gladly."))
    take_invitation(cast.actor(person), invitation, TakeInvitationInput())
    request = db.session.get_one(Request, invitation.request_id)
    pair = db.session.get_one(Mentorship, request.mentorship_id)
    assert (pair.mentor_id, pair.mentee_id, there.taken) == (cast.mentor.id, person.id, 1)
    targets = db.session.scalars(sa.select(Target.competency_id).where(Target.mentorship_id == pair.id)).all()
    assert targets == [cast.competencies[0].id]
    kinds = [
        db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == each.id)).all() for each in (person, cast.mentor)
    ]
    assert kinds == [["help_offered"], ["help_taken"]]
    end_early(cast.actor(person), pair, EarlyEndInput(code="other"))
    assert there.free == 1


def test_what_is_written_is_not_readable_in_the_database(cast: Cast) -> None:
    invitation = invite(cast, offer(cast, cast.mentor), findable(cast, "invited"))
    raw = db.session.execute(sa.text("SELECT message FROM invitation WHERE id = :id"), {"id": invitation.id}).scalar_one()
    assert invitation.message == WORDS
    assert b"budget" not in bytes(raw)


def test_a_no_is_final_for_this_offer(cast: Cast) -> None:
    there, person = offer(cast, cast.mentor), findable(cast, "invited")
    invitation = invite(cast, there, person)
    assert invite(cast, there, person).id == invitation.id
    refuse_invitation(cast.actor(person), invitation, RefuseInvitationInput(reply="Not now."))
    with pytest.raises(Conflict) as refused:
        invite(cast, there, person)
    assert refused.value.code == "invited_before"
    with pytest.raises(Conflict) as refused:
        take_invitation(cast.actor(person), invitation, TakeInvitationInput())
    assert refused.value.code == "invitation_has_ended"


def test_the_rules_are_checked_again_at_the_yes(cast: Cast) -> None:
    there, person = offer(cast, cast.mentor), findable(cast, "invited")
    invitation = invite(cast, there, person)
    db.session.execute(sa.update(Unit).where(Unit.id == cast.budget.id).values(head_id=cast.mentor.id))
    db.session.commit()
    with pytest.raises(Conflict) as refused:
        take_invitation(cast.actor(person), invitation, TakeInvitationInput())
    assert refused.value.code == "pair_not_allowed"
    assert (there.taken, db.session.scalar(sa.select(sa.func.count()).select_from(Mentorship))) == (0, 0)


def test_whom_rules_keep_away_hides_nobody_behind_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many who need most of it are kept from the mentor, those behind them are found."""
    monkeypatch.setattr(inviting, "NEAREST", 2)
    there = offer(cast, cast.mentor)
    for number in range(5):
        block_person(cast.actor(findable(cast, f"kept{number}", (0, 0, 0))), cast.mentor)
    findable(cast, "below", (0, 0, 0), unit=cast.unit("below", cast.statistics))
    findable(cast, "fitting", (1, 2, 2))
    assert set(names(cast, there)) == {"Below", "Fitting"}
    cast.statistics.head_id = cast.mentor.id
    db.session.commit()
    assert names(cast, there) == ["Fitting"]


def test_a_block_or_a_closed_offer_takes_it_back_unseen(cast: Cast) -> None:
    there, person, other = offer(cast, cast.mentor), findable(cast, "invited"), findable(cast, "other")
    invitation, second = invite(cast, there, person), invite(cast, there, other)
    block_person(cast.actor(person), cast.mentor)
    assert invitation.state == "withdrawn"
    assert invitations_for(cast.actor(person)) == []
    with pytest.raises(NotFound):
        invitation_for(cast.actor(cast.mentor), invitation.id)
    close_offer(cast.actor(cast.mentor), there)
    assert second.state == "withdrawn"


def test_an_invitation_ends_by_itself(cast: Cast) -> None:
    invitation = invite(cast, offer(cast, cast.mentor), findable(cast, "invited"))
    with clock.at(invitation.sent_at + INVITATION_OPEN - timedelta(minutes=1)):
        jobs.run_due()
        assert db.session.get_one(Invitation, invitation.id).state == "sent"
    with clock.at(invitation.sent_at + INVITATION_OPEN + timedelta(minutes=1)):
        jobs.run_due()
        assert db.session.get_one(Invitation, invitation.id).state == "expired"


def test_there_is_a_most_of_open_invitations(cast: Cast) -> None:
    there = offer(cast, cast.mentor)
    sent = [invite(cast, there, findable(cast, f"n{number}")) for number in range(MOST_INVITED)]
    late = findable(cast, "late")
    with pytest.raises(Conflict) as refused:
        invite(cast, there, late)
    assert refused.value.code == "too_many_invited"
    withdraw_invitation(cast.actor(cast.mentor), sent[0])
    assert invite(cast, there, late).is_open


def test_each_step_is_for_its_own_side(cast: Cast) -> None:
    there, person = offer(cast, cast.mentor), findable(cast, "invited")
    invitation = invite(cast, there, person)
    with pytest.raises(Denied):
        take_invitation(cast.actor(cast.mentor), invitation, TakeInvitationInput())
    with pytest.raises(Denied):
        withdraw_invitation(cast.actor(person), invitation)
    with pytest.raises(Denied):
        invite_mentee(cast.actor(cast.stranger), there, person, InviteInput(message=WORDS))
    for who in (cast.stranger, cast.coordinator, cast.administrator):
        with pytest.raises(NotFound):
            invitation_for(cast.actor(who), invitation.id)


def test_many_who_say_yes_at_once_fill_the_last_place_exactly_once(cast: Cast) -> None:
    there = offer(cast, cast.mentor, capacity=1)
    people = [findable(cast, f"n{number}") for number in range(5)]
    pairs = [(invite(cast, there, person).id, cast.actor(person)) for person in people]
    barrier, refusals = threading.Barrier(len(pairs)), []

    def take(number: int, who: object) -> None:
        with cast.app.app_context():
            barrier.wait()
            try:
                take_invitation(who, db.session.get_one(Invitation, number), TakeInvitationInput())  # type: ignore[arg-type]
            except DomainError as error:
                refusals.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert refusals == ["no_room"] * 4
    assert db.session.get_one(Offer, there.id, populate_existing=True).taken == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mentorship)) == 1


def test_words_of_who_helps_are_in_their_record_and_go_when_they_ask(cast: Cast) -> None:
    there, me, answer = offer(cast, cast.mentor), cast.actor(cast.mentor), "I am on leave until May"
    choose_finding(cast.actor(cast.mentee), ChoicesInput(open_to_offers=True))
    request_id = ask(cast, cast.mentee, there).id
    decline_request(me, db.session.get_one(Request, request_id), DeclineInput(reason="time", words=answer))
    open_id = invite(cast, there, findable(cast, "newcomer")).id
    refused = invite(cast, there, cast.mentee)
    refuse_invitation(cast.actor(cast.mentee), refused, RefuseInvitationInput(reply="Not now"))
    told = str([section.rows for section in record_for(me, cast.mentor)])
    assert (answer in told, WORDS in told, "Not now" in told) == (True, True, False)
    with transaction():
        record(ErasureGranted(cast.mentor.id, ("finding",)))
    assert db.session.get_one(Request, request_id).decline_words is None
    assert db.session.get_one(Invitation, refused.id).message == ""
    assert db.session.get_one(Invitation, open_id).message == WORDS, "what waits for an answer is still read"
    assert cast.client(cast.mentee).get(f"/invitations/{refused.id}").status_code == 200
