"""The agreement: versions, signatures, and what an outdated page may not do."""

import re

import pytest

from mentorlink.kernel.errors import Conflict, Denied, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.programmes.rules import ProgrammeRules
from mentorlink.sessions.mentoring import actions
from mentorlink.sessions.mentoring.inputs import AgreementDraft, SignedVersion
from mentorlink.sessions.mentoring.queries import agreements_for, mentorship_for, standing_for
from mentorlink.sessions.mentoring.rules import changes
from tests.mentoring.pair import AGREEMENT, Pair, draft


def test_a_version_signed_by_both_is_complete(pair: Pair) -> None:
    pair.agree(signers=(pair.mentor,))
    assert standing_for(pair.mentee, pair.row(pair.mentee)).conditions[0].turn == {"mentee"}
    actions.sign_agreement(pair.mentee, pair.row(pair.mentee), SignedVersion(number=1))
    assert standing_for(pair.mentee, pair.row(pair.mentee)).conditions[0].done


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_usual_texts_do_not_state_what_stands_in_fields(language: str) -> None:
    said = " ".join(texts[language].lower() for texts in ProgrammeRules().agreement.values())
    fields = r"\d|bulan|minggu|\bjam\b|menit|telepon|tatap muka|month|week|hour|minute|telephone|in person|video"
    assert re.findall(fields, said) == []


def test_a_change_makes_a_new_version_and_the_signatures_stay_with_the_old_one(pair: Pair) -> None:
    pair.agree()
    pair.agree(signers=(), minutes=45)
    newest, first = agreements_for(pair.mentor, pair.row())
    assert (newest.number, len(newest.signatures)) == (2, 0)
    assert (first.number, len(first.signatures)) == (1, 2)
    assert [change.code for change in changes(first.clauses, newest.clauses)] == ["minutes"]
    assert not standing_for(pair.mentor, pair.row()).conditions[0].done


def test_an_outdated_version_is_not_signed(pair: Pair) -> None:
    pair.agree(signers=())
    pair.agree(signers=(), minutes=45)
    with pytest.raises(Conflict, match="agreement_outdated") as refused:
        actions.sign_agreement(pair.mentee, pair.row(pair.mentee), SignedVersion(number=1))
    assert refused.value.facts == {"number": 1, "newest": 2}
    assert all(not version.signatures for version in agreements_for(pair.mentor, pair.row()))


def test_signing_twice_is_signing_once(pair: Pair) -> None:
    pair.agree(signers=(pair.mentor, pair.mentor))
    assert len(agreements_for(pair.mentor, pair.row())[0].signatures) == 1


def test_a_version_written_from_an_old_one_is_refused(pair: Pair) -> None:
    pair.agree(signers=())
    with pytest.raises(Conflict, match="agreement_changed"):
        actions.propose_agreement(pair.mentee, pair.row(pair.mentee), draft(based_on=0))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"ends_on": "2026-01-01"}, "ends_on", "ends_before_it_starts"),
        ({"ends_on": "2036-01-01"}, "ends_on", "period_too_long"),
        ({"frequency": "hourly"}, "frequency", "literal_error"),
        ({"topics_in": ""}, "topics_in", "string_too_short"),
        ({"minutes": 5}, "minutes", "greater_than_equal"),
        ({"role": "hr"}, "role", "extra_forbidden"),
    ],
)
def test_a_wrong_clause_is_named(change: dict[str, object], field: str, code: str) -> None:
    good = AGREEMENT | {"starts_on": "2026-02-01", "ends_on": "2026-08-01"}
    assert read(AgreementDraft, good)
    with pytest.raises(Invalid) as refused:
        read(AgreementDraft, good | change)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]


def test_to_everybody_else_the_mentorship_does_not_exist(pair: Pair) -> None:
    row = pair.row()
    for person in (pair.cast.supervisor, pair.cast.coordinator, pair.cast.administrator, pair.cast.stranger):
        actor = pair.cast.actor(person)
        with pytest.raises(NotFound):
            mentorship_for(actor, pair.id)
        with pytest.raises(NotFound):
            agreements_for(actor, row)
        with pytest.raises(Denied, match="may_change_mentorship"):
            actions.propose_agreement(actor, row, draft())
