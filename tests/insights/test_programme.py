"""HR's page: right numbers of a year whenever pairs began, within the manager's units, the same in the files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.insights.actions import refresh_figures
from mentorlink.insights.queries import SILENT_DAYS, funnel_for, pairs_for, silent_pairs_for, waiting_requests_for
from mentorlink.insights.queries.outcome import ProgrammeOutcome, outcome_for
from mentorlink.insights.rules import Sums, mean_from, span_of
from mentorlink.insights.shapes import funnel_shape
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Grant, Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import NotFound
from mentorlink.learning.models import Consent
from mentorlink.learning.rules.evaluation import mean_of
from mentorlink.pairing.models import Offer, Request
from mentorlink.people.models import AuditEntry, Person, RoleGrant, Unit
from mentorlink.programmes.actions import make_default_programme
from mentorlink.rounds.models import Round, RoundMember
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings.models import Series
from mentorlink.sessions.mentoring.groups.models import Group, GroupMember
from mentorlink.sessions.mentoring.models import EarlyEnd, Mentorship, Pause, Target
from tests import story
from tests.cast import Cast
from tests.insights import crowd
from tests.queries import count_queries
from tests.rounds.ground import drafted

NOW = datetime(2026, 6, 15, 5, tzinfo=UTC)
HR = Actor(person_id=1, grants=(Grant(Role.MANAGER),))


def moment(month: int, day: int, year: int = 2026, hour: int = 3) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def offers(people: list[int], kind: str = "mentor") -> list[int]:
    return crowd.add(Offer, [
        {"person_id": person, "kind": kind, "capacity": 3, "taken": 1, "held": 1, "languages": [], "message": "",
         "opened_at": crowd.BEGAN}
        for person in people
    ])  # fmt: skip


def request(offer: int, person: int, sent: datetime, state: str = "sent") -> None:
    crowd.add(Request, [
        {"offer_id": offer, "person_id": person, "client_id": f"{offer}-{person}", "state": state, "message": "SECRETWORDS",
         "sent_at": sent, "expires_at": sent + timedelta(days=14), "closed_at": None if state == "sent" else sent}
    ])  # fmt: skip


@pytest.fixture
def year(cast: Cast) -> Cast:
    """Seven pairs of 2025 and 2026, one of them of Statistics and paused; requests; two coachings."""
    mentor, other, coach = crowd.people(cast, cast.statistics, 3)
    ours = crowd.people(cast, cast.budget, 6)
    theirs = crowd.people(cast, cast.statistics, 1)[0]
    first, second = offers([mentor, other])
    skill = cast.competencies[0].id
    closed = {"state": "closed", "stage": "confirmative"}
    for mentee, began, columns in (
        (ours[0], moment(11, 3, 2025), {}),
        (ours[1], moment(11, 4, 2025), {}),
        (ours[2], moment(2, 2), closed | {"ended_at": moment(5, 5)}),
        (ours[3], moment(3, 3), {"state": "ended_early", "ended_at": moment(4, 4)}),
        (ours[4], moment(3, 3, 2025), closed | {"ended_at": moment(12, 20, 2025)}),
        (ours[5], moment(6, 10), {}),
        (theirs, moment(1, 20), {"state": "paused"}),
    ):
        crowd.mentorships(mentor, [mentee], skill, began, **columns)  # type: ignore[arg-type]
    pairs = list(db.session.scalars(sa.select(Mentorship).order_by(Mentorship.id)))
    crowd.met([pairs[0].series_id, pairs[2].series_id], moment(6, 10), summary="SECRETWORDS")
    crowd.add(EarlyEnd, [{"mentorship_id": pairs[3].id, "code": "distance", "text": "SECRETWORDS", "ended_at": moment(4, 4)}])
    crowd.add(Pause, [{"mentorship_id": pairs[6].id, "since": moment(6, 1), "returns_on": date(2026, 8, 1)}])
    request(second, ours[0], moment(6, 5))
    request(first, ours[1], datetime(2025, 12, 31, 18, 30, tzinfo=UTC), "declined")
    request(first, ours[2], datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "expired")
    request(offers([coach], "coach")[0], ours[3], moment(6, 6))
    series = crowd.add(Series, [{"state": "open", "created_at": NOW}] * 2)
    began = moment(10, 1, 2025)
    agreed = {"coach_yes_at": began, "coachee_yes_at": began, "engaged_at": moment(1, 10)}
    crowd.add(Engagement, [{"coach_id": coach, "coachee_id": ours[4], "series_id": series[0], "state": "engaged",
                            "started_at": began} | agreed])  # fmt: skip
    crowd.add(Engagement, [{"coach_id": coach, "coachee_id": theirs, "series_id": series[1], "state": "conversation",
                            "started_at": moment(6, 1)}])  # fmt: skip
    db.session.commit()
    return cast


def test_the_funnel_of_a_year_counts_what_happened_in_it(year: Cast) -> None:
    with clock.at(NOW):
        this, last, long_ago = (funnel_for(HR, each) for each in (2026, 2025, 2024))
    assert (this.mentors_offering, this.places, this.places_free) == (2, 6, 2)
    assert (this.people_who_asked, this.requests, this.requests_open) == (2, 2, 1)
    assert (this.pairs, this.pairs_who_met, this.pairs_finished) == (4, 1, 1)
    assert (this.people_who_looked, this.people_paired, this.people_who_met, this.people_finished) == (6, 4, 1, 1)
    assert this.looked_by == {"request": 2, "round": 0, "group": 0}
    assert (this.in_stage["persuasive"], this.paused, this.finished, this.ended_early, this.ran) == (4, 1, 1, 1, 6)
    assert (this.coaching["engaged"], this.coaching["conversation"]) == (1, 1)
    assert (last.people_who_asked, last.pairs, last.pairs_who_met, last.pairs_finished) == (1, 3, 1, 1)
    assert (last.in_stage["persuasive"], last.paused, last.finished, last.ended_early, last.ran) == (2, 0, 1, 0, 3)
    assert (last.coaching["engaged"], last.coaching["conversation"]) == (0, 1)
    assert (long_ago.pairs, long_ago.ran, long_ago.requests, sum(long_ago.coaching.values())) == (0, 0, 0, 0)


def test_who_looked_by_a_round_or_a_group_looked_so_that_no_more_are_paired_than_looked(year: Cast) -> None:
    ground = drafted(year)
    joined = crowd.people(year, year.budget, 1)[0]
    series = crowd.add(Series, [{"state": "open", "created_at": NOW}])[0]
    circle = {"mentor_id": year.mentor.id, "series_id": series, "name": "Circle", "about": "", "places": 4, "taken": 0}
    group = crowd.add(Group, [circle | {"state": "open", "made_at": NOW}])[0]
    crowd.add(GroupMember, [{"group_id": group, "person_id": joined, "state": "asked", "began_at": clock.now()}])
    db.session.commit()
    this_year = clock.today().year
    before = funnel_for(HR, this_year)
    assert before.looked_by["round"] == 3
    assert before.looked_by["group"] == 1
    ground.publish()
    funnel = funnel_for(HR, this_year)
    assert funnel.people_paired > before.people_paired
    assert funnel.people_who_looked >= funnel.people_paired >= funnel.people_who_met >= funnel.people_finished
    assert funnel_shape(this_year, clock.now(), funnel)["people_who_looked"] == funnel.people_who_looked
    client = year.client(year.coordinator)
    assert "each person counts once" in client.get("/programme").text
    assert "Looked for a mentor: in a matching round,3" in client.get("/programme/figures.csv").text.replace('"', "")


def test_on_the_second_of_january_pairs_of_last_year_are_still_there(cast: Cast) -> None:
    mentees = crowd.people(cast, cast.budget, 3)
    crowd.mentorships(cast.mentor.id, mentees, cast.competencies[0].id, moment(11, 3, 2025))
    db.session.commit()
    with clock.at(datetime(2026, 1, 2, 3, tzinfo=UTC), everywhere=True):
        client = cast.client(cast.coordinator)
        page = client.get("/programme")
        assert "All 3 pairs that ran in 2026, whenever they began" in page.text
        assert funnel_for(HR, 2026).in_stage["persuasive"] == 3
        assert [len(table(client.get(f"/programme/pairs.csv?year={each}").text)) for each in (2025, 2026)] == [3, 3]
        assert 'href="/programme?year=2025"' in page.text
        before = client.get("/programme?year=2025").text
        assert "Where pairs were at the end of 2025" in before
        assert "Pairs gone quiet" not in before


def test_a_manager_of_one_unit_sees_that_unit_only(year: Cast) -> None:
    with clock.at(NOW):
        hr = Actor(person_id=1, grants=(Grant(Role.MANAGER, year.statistics.path),))
        funnel = funnel_for(hr, 2026)
        assert (funnel.pairs, funnel.ran, funnel.requests) == (1, 1, 0)
        assert waiting_requests_for(hr) == []
        assert silent_pairs_for(hr) == ([], 0)
        assert [pair.state for pair in pairs_for(hr, 2026)] == ["paused"]


def test_who_is_no_manager_gets_no_figures(cast: Cast) -> None:
    for person in (cast.supervisor, cast.administrator):
        for read in (lambda actor: funnel_for(actor, 2026), lambda actor: outcome_for(actor, 2026)):
            with pytest.raises(NotFound):
                read(cast.actor(person))
        client = cast.client(person)
        for path in ("/programme", "/programme/pairs.csv", "/programme/requests.csv", "/programme/figures.csv"):
            assert client.get(path).status_code == 403


def test_the_file_of_pairs_says_who_they_are_and_gives_the_number_to_hr_over_them_alone(year: Cast) -> None:
    number = sa.literal(198503152010120000, sa.BigInteger) + Person.id
    db.session.execute(sa.update(Person).values(nip=sa.cast(number, sa.String)))
    db.session.commit()
    with clock.at(NOW, everywhere=True):
        rows = table(year.client(year.coordinator).get("/programme/pairs.csv?year=2026").text)
        one = Actor(person_id=1, grants=(Grant(Role.MANAGER, year.statistics.path),))
        reaches = [reach for pair in pairs_for(one, 2026) for reach in (pair.mentee_is, pair.mentor_is)]
    first = rows[0]
    person = db.session.scalars(sa.select(Person).where(Person.email == first["Mentee's e-mail"])).one()
    assert first["NIP of the mentee"] == f"'{person.nip}"
    assert first["Unit code of the mentee"] == person.unit.code
    units = dict(db.session.execute(sa.select(Unit.code, Unit.path)).all())
    assert reaches
    assert all(bool(reach.nip) == units[reach.unit_code].startswith(year.statistics.path) for reach in reaches)


def test_page_and_files_tell_the_same_and_no_word_of_a_pair(year: Cast) -> None:
    year.person("evil", year.budget, name="=cmd|calc")
    request(offers([year.mentor.id])[0], year.person("evil").id, moment(6, 1))
    db.session.commit()
    with clock.at(NOW, everywhere=True):
        funnel = funnel_for(HR, 2026)
        client = year.client(year.coordinator)
        page = client.get("/programme").text
        pairs, waiting, figures = (client.get(f"/programme/{name}.csv").text for name in ("pairs", "requests", "figures"))
    assert not [text for text in (page, pairs, waiting, figures) if "SECRETWORDS" in text]
    rows = table(pairs)
    assert len(rows) == funnel.ran
    assert Counter(row["State"] for row in rows) == {"active": 3, "paused": 1, "complete": 1, "ended early": 1}
    assert [(row["Began"], row["Sessions held"]) for row in rows if row["Gone quiet"] == "yes"] == [("2025-11-04", "0")]
    assert [(row["Asked by"], row["As"], row["Sent"], row["Days without a sign"]) for row in table(waiting)] == [
        ("'=cmd|calc", "mentor", "2026-06-01", "14"),
        ("C3", "mentor", "2026-06-05", "10"),
        ("C6", "coach", "2026-06-06", "9"),
    ]
    told = {(row["Part"], row["What"]): row["Count"] for row in table(figures)}
    for part, what, number in (
        ("From offer to finish", "Places free", funnel.places_free), ("From offer to finish", "Pairs that began", funnel.pairs),
        ("Where pairs stand", "Paused", funnel.paused), ("Where pairs stand", "Finished", funnel.finished),
        ("Coaching", "Coaching under way", funnel.coaching["engaged"]),
    ):  # fmt: skip
        assert told[part, what] == str(number)
    for name in ("=cmd|calc", "C6"):
        assert name in page


def test_a_pair_is_quiet_until_they_meet_or_have_a_date(cast: Cast) -> None:
    mentees = crowd.people(cast, cast.budget, 2)
    numbers = crowd.mentorships(cast.mentor.id, mentees, cast.competencies[0].id, NOW - timedelta(days=SILENT_DAYS + 5))
    series = [db.session.get_one(Mentorship, number).series_id for number in numbers]
    with clock.at(NOW):
        found, count = silent_pairs_for(HR)
        assert ([pair.mentorship_id for pair in found], count) == (numbers, len(numbers))
        crowd.met(series[:1], NOW - timedelta(days=1))
        crowd.met(series[1:], NOW + timedelta(days=1), state="planned")
        assert silent_pairs_for(HR) == ([], 0)
    with clock.at(NOW + timedelta(days=SILENT_DAYS + 2)):
        assert [(pair.mentorship_id, pair.sessions_held) for pair in silent_pairs_for(HR)[0]] == [
            (numbers[1], 0),
            (numbers[0], 1),
        ]


def test_of_a_pair_that_never_met_the_page_says_when_it_began(cast: Cast) -> None:
    mentees = crowd.people(cast, cast.budget, 1)
    crowd.mentorships(cast.mentor.id, mentees, cast.competencies[0].id, NOW - timedelta(days=SILENT_DAYS + 5))
    db.session.commit()
    with clock.at(NOW, everywhere=True):
        page = cast.client(cast.coordinator).get("/programme").text
    assert "began on 20 May 2026" in page or "began on May 20, 2026" in page


def test_the_page_takes_the_same_queries_for_few_and_for_many(year: Cast) -> None:
    client = year.client(year.coordinator)

    def queries() -> int:
        client.get("/programme")
        with count_queries() as statements:
            assert client.get("/programme").status_code == 200
        return len(statements)

    with clock.at(NOW, everywhere=True):
        few = queries()
        mentees = crowd.people(year, year.budget, 40)
        crowd.mentorships(year.mentor.id, mentees, year.competencies[0].id, moment(2, 2))
        db.session.commit()
        assert queries() == few


@pytest.fixture
def moved(cast: Cast) -> Cast:
    """Six of Budget had a mentor in 2026, 7 of Statistics had none; five more of Statistics asked, five of the agency's own took
    part in a round; twelve more never looked."""
    programme = make_default_programme(Actor.system())
    skill, second, third = (each.id for each in cast.competencies)
    mentees, alone = crowd.people(cast, cast.budget, 6, 1), crowd.people(cast, cast.statistics, 7, 1, place="Bandung")
    for number in (second, third):
        crowd.assess([mentees[0], alone[0]], number, 1)
    pairs = crowd.mentorships(cast.mentor.id, mentees, skill, moment(2, 2))
    crowd.add(Target, [{"mentorship_id": pairs[0], "competency_id": number, "position": 1} for number in (second, third)])
    crowd.assess(mentees, skill, 2, date(2026, 5, 5))
    crowd.assess(alone[:1], skill, 3, date(2026, 5, 5))
    offer = offers([cast.mentor.id])[0]
    for person in crowd.people(cast, cast.statistics, 5):
        request(offer, person, moment(3, 3))
    round_id = crowd.add(Round, [{"programme_id": programme.id, "name": "R", "importances": {}, "enrolment": {},
                                  "created_at": moment(1, 9)}])[0]  # fmt: skip
    drawn = crowd.people(cast, cast.agency, 5)
    crowd.add(RoundMember, [{"round_id": round_id, "person_id": each, "side": "mentee", "origin": "rule"} for each in drawn])
    crowd.people(cast, cast.agency, 6)
    crowd.people(cast, cast.statistics, 6)
    db.session.commit()
    return cast


def outcome(actor: Actor = HR, year: int = 2026) -> ProgrammeOutcome:
    with clock.at(NOW):
        refresh_figures({})
    found = outcome_for(actor, year)
    assert found
    return found


def test_outcome_counts_each_person_once_before_and_after(moved: Cast) -> None:
    found = outcome()
    assert found.paired
    assert found.alone
    # one of the six worked on three competencies, of which one rose: 1 to 4/3
    assert (found.paired.change.n, found.paired.before.value) == (6, 1)
    assert found.paired.after.value == pytest.approx((5 * 2 + 4 / 3) / 6)
    assert found.paired.change.value == pytest.approx((5 + 1 / 3) / 6)
    assert (found.alone.change.n, found.alone.before.value) == (7, 1)
    assert found.alone.change.value == pytest.approx((2 / 3) / 7)
    assert outcome_for(HR, 2025) is None
    db.session.add(Consent(person_id=moved.person("none", moved.budget).id, purpose="comparison", given=False, said_at=NOW))
    one = db.session.scalars(sa.select(Mentorship.mentee_id).order_by(Mentorship.id)).first()
    db.session.add(Consent(person_id=one, purpose="comparison", given=False, said_at=NOW))
    db.session.commit()
    again = outcome().paired
    assert again
    assert (again.change.n, again.change.value) == (5, 1)


def test_access_counts_requests_and_rounds_and_nobody_can_be_singled_out(moved: Cast) -> None:
    found = outcome()
    names = {unit.id: unit.code for unit in db.session.scalars(sa.select(Unit))}
    by_unit = {names[row.group]: row for row in found.access["unit"]}
    assert [(by_unit[code].told, by_unit[code].people) for code in ("finance", "statistics", "agency")] == [
        ((6, 6), 6), ((5, 0), 19), ((5, 0), 11),
    ]  # fmt: skip
    assert by_unit["statistics"].looking == 5 / 19
    assert {row.groups for row in found.access["unit"]} == {1}
    assert {row.group: row.told for row in found.access["place"]} == {"Bandung": (0, 0), None: (16, 6)}
    asker = db.session.scalars(sa.select(Request.person_id)).first()
    db.session.execute(sa.update(Person).where(Person.id == asker).values(unit_id=moved.finance.id))
    db.session.commit()
    alone, together = outcome().access["unit"]
    assert (names[alone.group], alone.told) == ("agency", (5, 0))
    assert (together.groups, together.people, together.told) == (2, 25, (11, 6)), "four of Statistics asked; finance would tell"


def test_a_manager_of_one_unit_sees_outcome_and_access_of_it(moved: Cast) -> None:
    manager = moved.person("unit_manager", moved.agency)
    db.session.add(RoleGrant(person_id=manager.id, role="manager", unit_id=moved.finance.id, granted_at=NOW))
    db.session.commit()
    found = outcome(moved.actor(manager))
    assert found.paired
    assert (found.paired.change.n, found.alone) == (6, None)
    assert [(row.group, row.told) for row in found.access["unit"]] == [(moved.budget.id, (6, 6))]
    with clock.at(NOW, everywhere=True):
        client = moved.client(manager)
        page = client.get("/programme").text
        rows = table(client.get("/programme/figures.csv").text)
    assert "fewer than five: not told" in page
    assert "+0.89" in page
    told = next(row for row in rows if row["What"] == "With a mentor, in what they worked on")
    assert (told["Count"], told["Before"], told["After"], told["Change"]) == ("6", "1.0", "1.889", "0.889")


def test_access_is_told_of_who_was_there_then(moved: Cast) -> None:
    """Who came later is not counted in a year, who left in it is; and where people worked at its end stays."""
    before = outcome()
    assert before.as_of == date(2026, 6, 15)
    sizes = {row.group: row.people for row in before.access["unit"]}
    late = crowd.people(moved, moved.statistics, 3)
    leaver, gone = crowd.people(moved, moved.statistics, 2)
    db.session.execute(sa.update(Person).where(Person.id.in_(late)).values(created_at=NOW + timedelta(days=300)))
    db.session.execute(sa.update(Person).where(Person.id.in_([leaver, gone])).values(state="disabled"))
    for who, at in ((leaver, NOW), (gone, NOW - timedelta(days=400))):
        db.session.add(AuditEntry(at=at, act="person_disabled", thing="person", thing_id=who))
    db.session.commit()
    now = {row.group: row.people for row in outcome().access["unit"]}
    assert {group: now[group] - size for group, size in sizes.items() if now[group] != size} == {moved.statistics.id: 1}
    with clock.at(datetime(2026, 12, 30, 5, tzinfo=UTC)):
        refresh_figures({})
    db.session.execute(sa.update(Person).values(unit_id=moved.statistics.id))
    db.session.commit()
    with clock.at(datetime(2027, 2, 1, 5, tzinfo=UTC)):
        refresh_figures({})
    kept = outcome_for(HR, 2026)
    assert kept
    assert kept.as_of == date(2026, 12, 30)
    assert len(kept.access["unit"]) == len(before.access["unit"])


@pytest.mark.one_database
@given(st.lists(st.integers(0, 35), max_size=31))
def test_a_mean_from_sums_is_the_mean_of_the_values(codes: list[int]) -> None:
    levels = [divmod(code, 6) for code in codes]
    sums = Sums()
    for before, after in levels:
        sums = sums.and_one(before, after)
    parts = [Sums.together([Sums()]), sums]
    assert Sums.together(parts) == sums
    found = mean_from(len(levels), sums.change, sums.change_squares, bounds=(-5, 5))
    wanted = mean_of([after - before for before, after in levels], bounds=(-5, 5))
    assert (found is None) == (wanted is None) == (len(levels) < 5)
    if found and wanted:
        assert (found.n, found.value) == (wanted.n, pytest.approx(wanted.value))
        assert (found.low, found.high) == (pytest.approx(wanted.low, abs=2e-2), pytest.approx(wanted.high, abs=2e-2))


@pytest.mark.one_database
def test_a_year_begins_at_midnight_where_the_reader_is() -> None:
    assert span_of(2026, "Asia/Jayapura")[0] == datetime(2025, 12, 31, 15, tzinfo=UTC)
    assert span_of(2026) == span_of(2026, clock.zone().key)
    assert span_of(2026, "Asia/Jakarta") == (datetime(2025, 12, 31, 17, tzinfo=UTC), datetime(2026, 12, 31, 17, tzinfo=UTC))


def table(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_programme_without_pairs_says_so_and_what_comes_next(cast: Cast) -> None:
    hr = cast.client(cast.coordinator)
    empty = hr.get("/programme").text
    assert "Nobody offers to mentor yet" in empty
    assert "No pair runs yet" in empty
    assert "Nobody asked yet in" in empty
    assert "Every running pair met" not in empty
    assert "Mentors answered within" not in empty
    offered = story.offer(cast, cast.mentor)
    assert "1 mentor offers a place." in hr.get("/programme").text
    asked = story.request(cast, cast.mentee, offered, "T.1")
    cast.client(cast.mentor).post(f"/requests/{asked.id}/accept")
    begun = hr.get("/programme").text
    assert "Nobody is paired yet" not in begun
    assert "No pair runs yet" not in begun
