"""What is learned elsewhere is claimed with evidence and decided by who stands above; the ledger is only added to."""

from __future__ import annotations

import io
import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Denied, DomainError, Fault, Invalid, NotFound
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision, Reason, Upload
from mentorlink.learning.models import Claim, Evidence, HoursEntry
from mentorlink.learning.queries import claim_for, deeds_for, evidence_for, jp_of, waiting_claims_for, year_for
from mentorlink.learning.queries.credit import foreseen
from mentorlink.learning.rules import (
    Deed,
    allocate,
    forecast_of,
    full_jp,
    kind_of_file,
    paths_of,
    shipped_paths,
    spread,
    suggestion_of,
    target_of,
)
from mentorlink.learning.rules.year import calendar_year
from mentorlink.notifications.models import Notice
from mentorlink.people.models import Person, Unit
from tests import story
from tests.cast import Cast
from tests.learning.ledger import without_guards

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
EICAR = b"%PDF-1.4 X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H* %%EOF"
PATHS = paths_of(shipped_paths())

# Rules


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("path", "given_", "jp"),
    [
        ("self_study", {"minutes": 90}, 2),
        ("self_study", {"minutes": 89}, 1),
        ("e_learning", {"minutes": 180}, 4),
        ("community", {"minutes": 225, "abroad": True}, 6),
        ("coaching", {"units": 2}, 4),
        ("guidance", {"units": 5, "abroad": True}, 12),
        ("workshop", {"units": 2}, 10),
        ("seminar", {"units": 3}, 12),
        ("socialisation", {"units": 1}, 4),
        ("benchmarking", {}, 10),
        ("internship", {}, 20),
        ("internship", {"abroad": True}, 24),
        ("exchange", {"abroad": True}, 24),
        ("secondment", {}, 20),
        ("workshop", {"units": 2, "stated": 16}, 16),
        ("technical", {"stated": 40}, 40),
        ("distance", {"stated": 12, "abroad": True}, 12),
    ],
)
def test_the_worked_examples_of_the_table(path: str, given_: dict[str, Any], jp: int) -> None:
    assert full_jp(PATHS[path], **given_) == jp


DEEDS = st.lists(st.builds(Deed, jp=st.integers(0, 12), units=st.integers(1, 6)), max_size=8)


@pytest.mark.one_database
@given(st.data(), DEEDS, st.integers(0, 9), st.sampled_from(["session", "jp"]))
def test_caps_hold_and_the_order_of_arrival_changes_no_sum(data: st.DataObject, deeds: list[Deed], cap: int, unit: str) -> None:
    shares = allocate(deeds, cap, unit)
    assert sum(share.units if unit == "session" else share.jp for share in shares) <= cap
    assert all(0 <= share.jp <= deed.jp for share, deed in zip(shares, deeds, strict=True))
    other = allocate(data.draw(st.permutations(deeds)), cap, unit)
    assert sum(share.jp for share in other) == sum(share.jp for share in shares)


@pytest.mark.one_database
@given(st.integers(0, 60), st.integers(0, 3000), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 30))
def test_spreading_over_days_loses_nothing(jp: int, minutes: int, first: date, more: int) -> None:
    days = spread(jp, minutes, first, date.fromordinal(first.toordinal() + more))
    assert sum(part for _day, part, _some in days) == jp
    assert sum(some for _day, _part, some in days) == (minutes if jp else 0)
    assert all(part > 0 for _day, part, _some in days)


@pytest.mark.one_database
def test_what_a_year_asks_and_what_would_close_it() -> None:
    pns, pppk = target_of("pns"), target_of("pppk")
    half = date(2026, 7, 1)
    when: dict[str, Any] = {"within": calendar_year(2026), "today": half}
    assert forecast_of(5, pns, **when).missing == 20 - forecast_of(5, pns, **when).expected > 0
    assert forecast_of(20, pns, **when).missing == 0
    assert (forecast_of(26, pppk, **when).beyond, forecast_of(20, pppk, **when).left) == (2, 4)
    near: dict[str, Any] = {"open_lines": [(1, 4), (2, 12)], "rooms": [2, 2], "session_jp": 2, "day_cap": 3, "days_left": 60}
    for missing, code, number in ((0, None, 0), (4, "plan", 1), (13, "days", 5), (190, "training", 1)):
        found = suggestion_of(missing, **near)
        assert (found.code if found else None, found.number if found else 0) == (code, number)
    sessions = suggestion_of(8, **(near | {"open_lines": []}))
    assert sessions is not None
    assert (sessions.code, sessions.number, sessions.jp) == ("sessions", 4, 8)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "evidence_empty"),
        ("a.pdf", PDF + b"0" * (5 * 2**20), "evidence_too_large"),
        ("a.pdf", EICAR, "evidence_infected"),
        ("a.pdf", PNG, "evidence_misnamed"),
        ("a.exe", PDF, "evidence_other_kind"),
        ("a.pdf", b"MZ" + PDF, "evidence_other_kind"),
        ("a.svg", b"<svg onload=alert(1)>", "evidence_other_kind"),
        ("a.pdf", PDF[:20], "evidence_damaged"),
        *(
            ("a.pdf", PDF.replace(b"<<>>", b"<<" + active + b">>", 1), "evidence_active")
            for active in (
                b"/JavaScript (x)",
                b"/OpenAction 4 0 R",
                b"/OpenAction<</S/GoTo>>",
                b"/AA <</O 5 0 R>>",
                b"/AA 5 0 R",
                b"/JS (app.alert(1))",
                b"/JS 7 0 R",
                b"/S/SubmitForm",
                b"/#4aavaScript (x)",
                b"/J#53 (x)",
                b"/Open#41ction 4 0 R",
            )
        ),
    ],
)
def test_a_file_is_what_it_says_or_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        kind_of_file(name, content)
    assert [fault.code for fault in refusal.value.faults] == [code]


@pytest.mark.one_database
def test_a_pdf_that_only_says_where_it_opens_or_holds_such_letters_is_taken() -> None:
    for harmless in (b"/OpenAction [3 0 R /Fit]", b"/AAPL:Keywords (x)", b"/Author (Mr. #JS)", b"\x9c/JS\x00\x81/AA\xff"):
        assert kind_of_file("a.pdf", PDF.replace(b"<<>>", b"<<" + harmless + b">>", 1)) == "pdf"


# Claims


@pytest.fixture
def june(cast: Cast) -> Any:
    """The middle of June 2026, the shipped rule in force, a superior and HR there."""
    with clock.at(NOON):
        actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
        assert cast.supervisor
        assert cast.coordinator
        yield


def claim(cast: Cast, person: Person | None = None, *, upload: Upload | None = None, **said: Any) -> Claim:
    """One more claim; a seminar of one day, unless said otherwise."""
    person = person or cast.mentee
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Claim)) or 0
    data = {"client_id": f"client-{number}", "path": "seminar", "activity": f"Seminar {number}", "starts_on": date(2026, 5, 4),
            "link": "https://example.org/c"} | said  # fmt: skip
    return actions.claim_hours(cast.actor(person), person, ClaimInput.model_validate(data), upload=upload)


def approve(cast: Cast, row: Claim) -> None:
    actions.decide_claim(cast.actor(cast.supervisor), row, Decision(decision="approve", revision=row.revision))


def faults(call: Any) -> list[Fault]:
    with pytest.raises(Invalid) as refusal:
        call()
    return list(refusal.value.faults)


@pytest.mark.usefixtures("june")
def test_a_claim_counts_when_the_superior_approves_it_and_not_before(cast: Cast) -> None:
    row = claim(cast, upload=Upload("sertifikat.pdf", PDF), link=None)
    assert jp_of([cast.mentee.id], 2026) == {}
    assert [each.id for each in waiting_claims_for(cast.actor(cast.supervisor))] == [row.id]
    approve(cast, row)
    entry = db.session.scalars(sa.select(HoursEntry)).one()
    assert (entry.jp, entry.path, entry.claim_id, entry.approved_by_id) == (4, "seminar", row.id, cast.supervisor.id)
    assert entry.rule.number == 1
    told = db.session.execute(sa.select(Notice.person_id, Notice.kind).order_by(Notice.id)).all()
    assert told == [(cast.supervisor.id, "claim_sent"), (cast.mentee.id, "claim_approved")]


@pytest.mark.usefixtures("june")
def test_nobody_decides_over_themself_and_who_has_no_superior_is_decided_by_hr(cast: Cast) -> None:
    row = claim(cast)
    for person in (cast.mentee, cast.coordinator, cast.other_head, cast.administrator, cast.mentor):
        with pytest.raises(Denied):
            actions.decide_claim(cast.actor(person), row, Decision(decision="approve", revision=row.revision))
    heads_nothing_above = claim(cast, cast.supervisor)
    assert [each.id for each in waiting_claims_for(cast.actor(cast.coordinator))] == [heads_nothing_above.id]
    actions.decide_claim(cast.actor(cast.coordinator), heads_nothing_above, Decision(decision="approve", revision=1))
    assert jp_of([cast.supervisor.id], 2026) == {cast.supervisor.id: 4}


@pytest.mark.usefixtures("june")
def test_the_nearest_head_sees_what_waits_and_one_above_may_stand_in(cast: Cast) -> None:
    near = cast.person("near", cast.budget, heads=db.session.get_one(Unit, cast.budget.id))
    row = claim(cast)
    assert [each.id for each in waiting_claims_for(cast.actor(near))] == [row.id]
    assert list(waiting_claims_for(cast.actor(cast.supervisor))) == []
    approve(cast, row)
    assert row.decided_by_id == cast.supervisor.id


@pytest.mark.usefixtures("june")
def test_a_returned_claim_is_corrected_and_sent_again_and_a_refusal_says_why(cast: Cast) -> None:
    row = claim(cast)
    chief = cast.actor(cast.supervisor)
    assert faults(lambda: actions.decide_claim(chief, row, Decision(decision="refuse", revision=1))) == [
        Fault("note", "note_needed")
    ]
    actions.decide_claim(chief, row, Decision(decision="return", revision=1, note="Which day?"))
    again = ClaimInput(client_id="again-again", path="seminar", activity="Seminar of two days", starts_on=date(2026, 5, 4),
                       ends_on=date(2026, 5, 5), link="https://example.org/c")  # fmt: skip
    actions.change_claim(cast.actor(cast.mentee), row, again)
    approve(cast, row)
    assert jp_of([cast.mentee.id], 2026) == {cast.mentee.id: 8}
    with pytest.raises(Conflict):
        actions.change_claim(cast.actor(cast.mentee), row, again)


@pytest.mark.usefixtures("june")
def test_what_was_sent_again_meanwhile_is_not_approved_unread_and_the_note_is_kept_secret(cast: Cast) -> None:
    row, chief = claim(cast), cast.actor(cast.supervisor)
    read = row.revision
    actions.decide_claim(chief, row, Decision(decision="return", revision=read, note="Which day was that?"))
    assert b"Which day" not in db.session.execute(sa.text("SELECT decision_note FROM hours_claim")).scalar_one()
    again = ClaimInput(client_id="again-again", path="seminar", activity="Seminar of two days", starts_on=date(2026, 5, 4),
                       ends_on=date(2026, 5, 5), link="https://example.org/c")  # fmt: skip
    actions.change_claim(cast.actor(cast.mentee), row, again)
    with pytest.raises(Conflict) as refusal:
        actions.decide_claim(chief, row, Decision(decision="approve", revision=read))
    assert refusal.value.code == "claim_changed"
    assert jp_of([cast.mentee.id], 2026) == {}
    page = cast.client(cast.supervisor).get(f"/claims/{row.id}").text
    assert f'name="revision" value="{read + 1}"' in page
    approve(cast, row)
    assert jp_of([cast.mentee.id], 2026) == {cast.mentee.id: 8}


@pytest.mark.usefixtures("june")
def test_a_withdrawn_claim_leaves_no_file_and_open_claims_are_limited(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = claim(cast, upload=Upload("sertifikat.pdf", PDF), link=None)
    actions.withdraw_claim(cast.actor(cast.mentee), row)
    assert db.session.scalars(sa.select(Evidence)).all() == []
    assert cast.client(cast.mentee).get(f"/claims/{row.id}").status_code == 200
    monkeypatch.setattr(actions.claims, "MOST_OPEN", 2)
    first = claim(cast, starts_on=date(2026, 5, 11))
    claim(cast, starts_on=date(2026, 5, 12))
    with pytest.raises(Conflict) as refusal:
        claim(cast, starts_on=date(2026, 5, 13))
    assert (refusal.value.code, refusal.value.facts) == ("claims_full", {"limit": 2})
    approve(cast, first)
    claim(cast, starts_on=date(2026, 5, 13))


@pytest.mark.usefixtures("june")
def test_what_cannot_be_true_is_refused_beside_its_field(cast: Cast) -> None:
    def said(**more: Any) -> list[tuple[str, str]]:
        return [(fault.field, fault.code) for fault in faults(lambda: claim(cast, **more))]

    assert said(starts_on=date(2026, 6, 16)) == [("ends_on", "claim_in_future")]
    assert said(ends_on=date(2026, 5, 3)) == [("ends_on", "claim_ends_before")]
    assert said(starts_on=date(2024, 12, 31)) == [("starts_on", "claim_too_old")]
    assert said(starts_on=date(2025, 12, 30), ends_on=date(2026, 1, 2)) == [("ends_on", "claim_over_years")]
    assert said(path="guidance", ends_on=date(2026, 6, 2)) == [("ends_on", "claim_over_months")]
    assert said(path="mentoring") == [("path", "path_not_claimable")]
    assert said(path="self_study") == [("minutes", "minutes_needed")]
    assert said(path="self_study", minutes=44) == [("minutes", "claim_too_little")]
    assert said(path="self_study", minutes=961) == [("minutes", "minutes_beyond")]
    assert said(path="technical") == [("stated_jp", "stated_jp_needed")]
    assert said(units=2) == [("units", "units_beyond_days")]
    assert said(link=None) == [("file", "evidence_needed")]
    assert said(plan_line_id=4711) == [("plan_line_id", "literal_error")]
    claim(cast, activity="Budget week", upload=Upload("a.pdf", PDF))
    assert said(path="technical", stated_jp=3, activity="budget  WEEK") == [("starts_on", "claim_overlaps")]
    assert said(activity="Another seminar that day") == [("starts_on", "claim_overlaps")]
    assert said(starts_on=date(2026, 5, 6), upload=Upload("b.pdf", PDF)) == [("file", "evidence_used")]
    for link in ("javascript:alert(1)", "ftp://example.org", "https://user:word@example.org", "https://"):
        with pytest.raises(ValueError):
            claim(cast, link=link)


@pytest.mark.usefixtures("june")
def test_the_day_cap_holds_over_claims_and_taking_one_back_lets_the_other_count(cast: Cast) -> None:
    first = claim(cast, path="e_learning", minutes=90, activity="First course")
    second = claim(cast, path="e_learning", minutes=180, activity="Second course", ends_on=date(2026, 5, 5))
    for row in (first, second):
        approve(cast, row)
    who = cast.actor(cast.mentee)
    found = {
        (deed.entry.claim_id, deed.entry.happened_on.day): (deed.jp, deed.lost) for deed in deeds_for(who, cast.mentee, 2026)
    }
    assert found == {(first.id, 4): (2, 0), (second.id, 4): (1, 1), (second.id, 5): (2, 0)}
    assert year_for(who, cast.mentee, 2026).lost == 1
    before = db.session.execute(sa.select(HoursEntry.id, HoursEntry.jp).order_by(HoursEntry.id)).all()
    actions.reverse_claim(cast.actor(cast.coordinator), first, Reason(note="Counted twice"))
    deeds = deeds_for(who, cast.mentee, 2026)
    assert [deed.jp for deed in deeds if deed.withdrawn] == [0]
    assert jp_of([cast.mentee.id], 2026) == {cast.mentee.id: 4}
    kept = db.session.execute(sa.select(HoursEntry.id, HoursEntry.jp).where(HoursEntry.turn == 0).order_by(HoursEntry.id)).all()
    assert kept == before
    assert {entry.reason for entry in db.session.scalars(sa.select(HoursEntry).where(HoursEntry.turn > 0))} == {
        "withdrawn", "recount"
    }  # fmt: skip


@pytest.mark.usefixtures("june")
def test_crediting_a_year_again_adds_nothing_and_the_order_of_deeds_makes_the_same_year(cast: Cast) -> None:
    mentorship = story.pair(cast)
    for number in range(3):
        with clock.at(datetime(2026, 6, 16 + number, 5, tzinfo=UTC)):
            story.met(cast, mentorship)
    rows = [
        claim(cast, path="guidance", units=units, abroad=abroad, starts_on=day, activity=f"Guidance {day}")
        for units, abroad, day in ((2, False, date(2026, 5, 2)), (5, True, date(2026, 5, 9)), (1, False, date(2026, 5, 20)))
    ]
    for row in rows:
        approve(cast, row)
    year = jp_of([cast.mentee.id], 2026)
    assert year == {cast.mentee.id: 4 + 4}
    assert actions.credit_year(Actor.system(), 2026) == 0
    without_guards(sa.delete(HoursEntry))
    db.session.execute(sa.update(Claim).where(Claim.id == rows[0].id).values(id=9999))
    db.session.commit()
    said = cast.app.test_cli_runner().invoke(args=["credit-year", "2026"])
    assert (said.exit_code, said.output == "0 entries added\n", "entries added" in said.output) == (0, False, True)
    assert jp_of([cast.mentee.id], 2026) == year


@pytest.mark.usefixtures("june")
def test_of_two_who_decide_at_once_one_is_first(cast: Cast) -> None:
    row_id = claim(cast).id
    actors = [cast.actor(cast.supervisor) for _ in range(6)]
    outcomes: list[str] = []

    def decide(actor: Actor, decision: str) -> None:
        with cast.app.app_context(), clock.at(NOON):
            try:
                actions.decide_claim(actor, claim_for(actor, row_id), Decision(decision=decision, revision=1, note="Decided."))  # type: ignore[arg-type]
                outcomes.append(decision)
            except DomainError as error:
                outcomes.append(error.code)
            db.session.remove()

    threads = [
        threading.Thread(target=decide, args=(actor, ("approve", "refuse")[number % 2])) for number, actor in enumerate(actors)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(outcomes)[-1] in ("claim_settled", "refuse")
    assert outcomes.count("claim_settled") == 5
    assert len(db.session.scalars(sa.select(HoursEntry)).all()) == outcomes.count("approve")


@pytest.mark.usefixtures("june")
def test_the_same_sending_twice_is_one_claim(cast: Cast) -> None:
    first = claim(cast, client_id="the-same-one")
    assert claim(cast, client_id="the-same-one").id == first.id


@pytest.mark.usefixtures("june")
def test_evidence_goes_out_as_an_attachment_under_a_random_name_to_who_may_see_it(cast: Cast) -> None:
    sent = cast.client(cast.mentee).post(
        "/learning-hours/claims",
        data={"client_id": "by-the-page", "path": "seminar", "activity": "Seminar", "starts_on": "2026-05-04",
              "file": (io.BytesIO(PDF), "../../rahasia keluarga.pdf")},
    )  # fmt: skip
    row = db.session.scalars(sa.select(Claim)).one()
    assert sent.headers["Location"].endswith(f"/claims/{row.id}")
    evidence = db.session.scalars(sa.select(Evidence)).one()
    assert evidence.name == "rahasia keluarga.pdf"
    answer = cast.client(cast.supervisor).get(f"/claims/{row.id}/evidence")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == f"attachment; filename={evidence.stored_name}"
    assert "rahasia" not in evidence.stored_name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for person in (cast.stranger, cast.mentor, cast.administrator, cast.other_head):
        assert cast.client(person).get(f"/claims/{row.id}/evidence").status_code == 404
        with pytest.raises(NotFound):
            evidence_for(cast.actor(person), row.id)


@pytest.mark.usefixtures("june")
def test_a_wrong_form_comes_back_with_what_was_written(cast: Cast) -> None:
    data = {"client_id": "by-the-page", "path": "self_study", "activity": "Reading the law", "starts_on": "2026-06-20"}
    answer = cast.client(cast.mentee).post("/learning-hours/claims", data=data)
    assert answer.status_code == 422
    assert "Reading the law" in answer.text
    assert "This day has not come yet" in answer.text


@pytest.mark.usefixtures("june")
def test_who_decides_sees_what_else_is_claimed_of_these_days(cast: Cast) -> None:
    first = claim(cast, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 6), path="technical", stated_jp=12)
    second, later = claim(cast, starts_on=date(2026, 5, 6)), claim(cast, starts_on=date(2026, 5, 7))
    chief = cast.client(cast.supervisor)
    page = chief.get(f"/claims/{second.id}").text
    assert "Other claims of these days" in page
    assert first.activity in page
    assert later.activity not in page
    assert "Other claims of these days" not in chief.get(f"/claims/{later.id}").text


@pytest.mark.usefixtures("june")
def test_who_decides_reads_before_what_the_cap_leaves_and_that_is_what_is_credited(cast: Cast) -> None:
    approve(cast, claim(cast, path="e_learning", minutes=90, activity="First course"))
    second = claim(cast, path="e_learning", minutes=180, activity="Second course", ends_on=date(2026, 5, 5))
    told = foreseen(second)
    assert (told.jp, told.elsewhere) == (3, 0)
    page = cast.client(cast.supervisor).get(f"/claims/{second.id}").text
    assert "3 JP will be credited (of 4; the cap: at most 3 JP a day)" in page
    approve(cast, second)
    assert sum(db.session.scalars(sa.select(HoursEntry.jp).where(HoursEntry.claim_id == second.id))) == told.jp


@pytest.mark.usefixtures("june")
def test_what_better_paid_sessions_take_from_others_is_said_before(cast: Cast) -> None:
    for number in (1, 2):
        day = date(2026, 5, number)
        approve(cast, claim(cast, path="guidance", activity=f"Guidance {number}", starts_on=day, ends_on=day))
    better = claim(cast, path="guidance", activity="Better", stated_jp=6)
    told = foreseen(better)
    assert (told.jp, told.elsewhere) == (6, 2)
    assert "2 JP less count of what stands under the same cap" in cast.client(cast.supervisor).get(f"/claims/{better.id}").text
    approve(cast, better)
    assert jp_of([cast.mentee.id], 2026) == {cast.mentee.id: 8}
