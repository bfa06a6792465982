"""Certificates: one run that may be cut off, a tagged PDF that is read back, a public page, a badge that others can check."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jwt
import pypdf
import pytest
import sqlalchemy as sa
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from PIL import Image

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.actions.giving import credit_giving
from mentorlink.learning.inputs import Revocation
from mentorlink.learning.models import (
    Certificate,
    CertificatePaper,
    CertificateRun,
    Consent,
    HoursEntry,
    LearningPeriod,
    RecapRow,
)
from mentorlink.learning.queries.periods import recap_for, recap_sums_for
from mentorlink.learning.rules.badges import signed_badge
from mentorlink.learning.rules.numerals import in_words
from mentorlink.notifications.models import Notice
from mentorlink.people.models import Person
from mentorlink.web.learning import papers
from tests import story
from tests.cast import Cast
from tests.learning.closing import AFTER, begin, freeze, step
from tests.learning.tagged import faults_of, nodes

NIP = "198503122010012007"


@pytest.fixture
def frozen(cast: Cast) -> LearningPeriod:
    """A frozen period in which the mentee learned from others."""
    return learned(cast)


def learned(cast: Cast, *more: Person) -> LearningPeriod:
    """A frozen period in which the mentee and ``more`` learned from others."""
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    people = [cast.mentee, *more]
    db.session.execute(sa.update(Person).where(Person.id == cast.mentee.id).values(nip=NIP))
    cast.add(Consent(person_id=cast.mentee.id, purpose="public_check", given=True, said_at=AFTER))
    db.session.commit()
    with clock.at(datetime(2026, 5, 12, 5, tzinfo=UTC)):
        for person in people:
            said = {"deed": "gathering_attended", "origin": "gathering:1", "at": clock.now(), "minutes": 90}
            credit_giving(Actor.system(), person.id, **said)  # type: ignore[arg-type]
    return freeze(cast)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers hold a word instead of a drawing: the test is about something else."""
    monkeypatch.setattr(papers, "certificate_pdfs", lambda sheets, _language: [b"paper"] * len(sheets))


def run(cast: Cast, period: LearningPeriod) -> None:
    """Issue the certificates of a period."""
    with clock.at(AFTER):
        actions.start_certificates(cast.actor(cast.coordinator), period)
        jobs.run_due()
    db.session.rollback()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("number", "indonesian", "english"),
    [
        (0, "nol", "zero"), (11, "sebelas", "eleven"), (19, "sembilan belas", "nineteen"), (24, "dua puluh empat", "twenty-four"),
        (100, "seratus", "one hundred"), (115, "seratus lima belas", "one hundred fifteen"), (1000, "seribu", "one thousand"),
        (2340, "dua ribu tiga ratus empat puluh", "two thousand three hundred forty"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(number: int, indonesian: str, english: str) -> None:
    assert (in_words(number, "id"), in_words(number, "en")) == (indonesian, english)


@pytest.mark.one_database
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_no_two_numbers_are_said_alike(one: int, other: int) -> None:
    for language in ("id", "en"):
        assert (in_words(one, language) == in_words(other, language)) == (one == other)


def test_a_run_that_is_killed_half_way_goes_on_and_doubles_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = learned(cast, *(cast.person(f"learner {n}", cast.budget, locale="id") for n in range(6)))
    made: list[Any] = []
    monkeypatch.setattr(papers, "BATCH", 2)

    def dies(sheets: list[papers.Sheet], _language: str) -> list[bytes]:
        made.extend(sheets)
        if len(made) == 4:
            raise KeyboardInterrupt
        return [b"paper"] * len(sheets)

    monkeypatch.setattr(papers, "certificate_pdfs", dies)
    with pytest.raises(KeyboardInterrupt):
        run(cast, frozen)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 2
    with clock.at(AFTER + timedelta(minutes=6)):
        actions.start_certificates(cast.actor(cast.coordinator), db.session.get_one(LearningPeriod, frozen.id))
        jobs.run_due()
    db.session.rollback()
    state = db.session.get_one(CertificateRun, frozen.id)
    assert (state.state, state.issued, state.total) == ("done", 7, 7)
    rows = db.session.scalars(sa.select(Certificate)).all()
    assert len({row.recap_row_id for row in rows}) == len({row.code for row in rows}) == 7
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CertificatePaper)) == 7
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.kind == "hours_certified")) == 7
    with clock.at(AFTER + timedelta(minutes=7)):
        jobs.handlers["learning.certificates"]({"period_id": frozen.id})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 7


@pytest.mark.one_database
def test_the_paper_is_tagged_and_stays_and_its_code_leads_to_the_public_page(cast: Cast, frozen: LearningPeriod) -> None:
    if not papers.can_draw():
        pytest.skip("Pango is not on this machine")
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    client = cast.client(cast.mentee)
    for language, words in (("id", "satu"), ("en", "two")):
        answer = client.get(f"/certificates/{row.id}/{language}.pdf")
        reader = pypdf.PdfReader(io.BytesIO(answer.data))
        assert faults_of(answer.data) == []
        assert reader.trailer["/Root"]["/Lang"] == language
        assert {"/H1", "/P", "/Figure", "/Link"} <= {str(node["/S"]) for node, _above in nodes(reader)}
        assert len(reader.pages) == 1
        text = " ".join(reader.pages[0].extract_text().split())
        for printed in (row.number, cast.mentee.full_name, NIP, row.code, "Dr. Sri Wahyuni", "2 "):
            assert printed in text
        assert words in text or language == "id"
        assert [seen.text for seen in zxingcpp.read_barcodes(picture_of(reader))] == [f"http://localhost/c/{row.code}"]
    seen = zxingcpp.read_barcodes(picture_of(reader))[0].text
    assert seen == f"http://localhost/c/{row.code}"
    page = cast.client().get(seen.removeprefix("http://localhost"))
    assert page.status_code == 200
    for printed in (row.number, cast.mentee.full_name, "2 JP", "007"):
        assert printed in page.text
    for private in (NIP, cast.mentee.email):
        assert private not in page.text
    first = client.get(f"/certificates/{row.id}/id.pdf").data
    db.session.execute(sa.update(Person).where(Person.id == cast.mentee.id).values(name="Somebody Else"))
    db.session.commit()
    assert client.get(f"/certificates/{row.id}/id.pdf").data == first
    assert cast.client(cast.stranger).get(f"/certificates/{row.id}/id.pdf").status_code == 404


def picture_of(reader: pypdf.PdfReader) -> Image.Image:
    """The QR code as it is in the file."""
    (picture,) = reader.pages[0].images
    found = picture.image
    assert found is not None
    return found.convert("L")


@pytest.mark.parametrize("frozen_first", [True, False])
def test_hours_of_a_mentorship_are_certified_once_whichever_comes_first(cast: Cast, frozen_first: bool) -> None:
    """A session of May; the period to June is closed in July, and so is the mentorship."""
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    with clock.at(datetime(2026, 5, 12, 5, tzinfo=UTC)):
        pair = story.pair(cast)
        story.met(cast, pair)
    period, hr = begin(cast), cast.actor(cast.coordinator)
    if frozen_first:
        freeze(cast, period)
    else:
        step(hr, period, "build")
    with clock.at(AFTER + timedelta(hours=1 if frozen_first else -12)):
        story.walk(cast, pair)
    row = db.session.scalars(sa.select(Certificate)).one()
    if not frozen_first:
        head = cast.actor(cast.person("agency_head", cast.agency, heads=cast.agency))
        for actor, code in ((hr, "check"), (head, "approve"), (hr, "freeze")):
            step(actor, period, code)
    total = db.session.scalar(sa.select(sa.func.sum(HoursEntry.jp)))
    sums = recap_sums_for(hr, db.session.get_one(LearningPeriod, period.id))
    before = [{"jp": 2, "number": None}] if frozen_first else []
    assert (row.facts["certified_before"], row.facts["jp"]) == (before, total - 2 if frozen_first else total)
    assert sums.certifies == (1 if frozen_first else 0)
    numbers = [number for _row, number in recap_for(hr, db.session.get_one(LearningPeriod, period.id))]
    assert numbers == [None if frozen_first else row.number]


@pytest.mark.one_database
def test_papers_drawn_together_are_each_their_own(cast: Cast) -> None:
    if not papers.can_draw():
        pytest.skip("Pango is not on this machine")
    long = {"code": "M.1", "name": {"id": "Kompetensi " + "panjang sekali " * 20, "en": "C"}, "from": 1, "to": 2}
    facts = {"nip": None, "job": None, "unit": {"id": "Biro", "en": "Bureau"}, "path": "seminar", "competencies": [],
             "path_name": {"id": "Seminar", "en": "Seminar"}, "theme": None, "helper": None, "began_on": "2026-05-01",
             "ended_on": "2026-05-02", "sessions": None, "jp": 8, "rules": [1], "issued_on": "2026-07-06"}  # fmt: skip
    sheets = [
        papers.Sheet(facts | {"name": f"Pegawai {name}", "competencies": [long] * 8 if name == "Dua" else []}, f"N/{name}", name)
        for name in ("Satu", "Dua", "Tiga")
    ]
    made = papers.certificate_pdfs(sheets, "id")
    assert papers.certificate_pdfs([], "id") == []
    for sheet, content in zip(sheets, made, strict=True):
        reader = pypdf.PdfReader(io.BytesIO(content))
        text = "".join(page.extract_text() for page in reader.pages)
        assert faults_of(content) == []
        assert sheet.number in text
        assert sheet.facts["name"] in text
        assert text.count("Kompetensi panjang") == len(sheet.facts["competencies"])
        assert reader.metadata is not None
        assert (reader.metadata.title, reader.metadata.subject) == (f"Sertifikat {sheet.number}", sheet.facts["name"])
        assert sum(other.number in text for other in sheets) == 1


@pytest.mark.one_database
def test_the_reader_of_tags_sees_what_is_missing() -> None:
    """A page with text in it and nothing else that is asked."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf (words) Tj ET")
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject()
    writer.root_object[pypdf.generic.NameObject("/StructTreeRoot")] = pypdf.generic.DictionaryObject()
    out = io.BytesIO()
    writer.write(out)
    assert {fault.split()[0] for fault in faults_of(out.getvalue())} >= {
        "06-002",
        "11-006",
        "07-001",
        "06-003",
        "28-001",
        "01-005",
    }


@pytest.mark.usefixtures("undrawn")
def test_a_revoked_certificate_says_so_to_everybody_and_why_to_its_holder(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    code, number = row.code, row.id
    said = {"reason": "evidence", "note": "The list of participants was not right."}
    assert cast.client(cast.supervisor).post(f"/certificates/{number}/revoke", data=said).status_code == 403
    assert cast.client(cast.coordinator).post(f"/certificates/{number}/revoke", data=said).status_code == 303
    page = cast.client().get(f"/c/{code}", headers={"Accept-Language": "en"}).text
    assert "was revoked" in page
    assert said["note"] not in page
    assert said["note"] in cast.client(cast.mentee).get(f"/certificates/{number}").text
    assert cast.client().get(f"/c/{code}/badge.json").status_code == 404
    with pytest.raises(Exception, match="certificate_revoked"):
        actions.revoke_certificate(cast.actor(cast.coordinator), db.session.get_one(Certificate, number),
                                   Revocation(reason="error", note="Again"))  # fmt: skip


@pytest.mark.one_database
@pytest.mark.usefixtures("undrawn")
def test_the_badge_is_an_open_badge_and_another_library_finds_its_signature_good(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    visitor = cast.client()
    signed = visitor.get(f"/c/{row.code}/badge.json?form=jwt").text
    keys, head = visitor.get("/badges/keys").json, jwt.get_unverified_header(signed)
    given = visitor.get(head["kid"].removeprefix("http://localhost")).json
    assert given in keys["keys"]
    assert head["jwk"] == {name: given[name] for name in ("kty", "n", "e")}
    key = jwt.PyJWK(head["jwk"], algorithm="RS256")
    issuer = visitor.get("/badges/issuer").json
    told = jwt.decode(signed, key, algorithms=["RS256"], issuer=issuer["id"], options={"verify_iat": False, "verify_nbf": False})
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["credentialSubject"]["creditsEarned"] == row.facts["jp"]
    assert told["credentialSubject"]["achievement"]["id"].endswith("/badges/achievements/community")
    assert visitor.get("/badges/achievements/community").json["type"] == ["Achievement"]
    assert cast.mentee.email not in json.dumps(told)
    head, body, signature = signed.split(".")
    other = jwt.utils.base64url_encode(json.dumps(told | {"name": "Forged"}).encode()).decode()
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{head}.{other}.{signature}", key, algorithms=["RS256"], options={"verify_iat": False, "verify_nbf": False})
    assert body != other


@pytest.mark.one_database
@pytest.mark.usefixtures("undrawn")
def test_a_library_of_others_verifies_the_badge_and_refuses_it_once_it_is_revoked(cast: Cast, frozen: LearningPeriod) -> None:
    """Signature, claims, shape and status list, by a verifier of Open Badge 3.0 that others wrote."""
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    visitor = cast.client()
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return visitor.get(address.removeprefix("http://localhost")).data

    signed = visitor.get(f"/c/{row.code}/badge.json?form=jwt").text
    given = visitor.get(jwt.get_unverified_header(signed)["kid"].removeprefix("http://localhost")).json
    verifier = OB3Verifier(jwt.PyJWK(given, algorithm="RS256").key)
    badge = verifier.verify(signed, check_status=True, download=fetch)
    assert (badge.issuer.id, badge.id) == ("http://localhost/badges/issuer", f"http://localhost/c/{row.code}")
    assert (badge.credits_earned, badge.achievement.name) == (row.facts["jp"], row.facts["path_name"]["id"])
    proof = hashlib.sha256(f"{cast.mentee.email}{badge.identifiers[0].salt}".encode()).hexdigest()
    assert badge.identifiers[0].identity_hash == f"sha256${proof}"
    assert asked == ["http://localhost/badges/status/0"]
    told = jwt.decode(signed, options={"verify_signature": False})
    key = actions.signing_key(Actor.system())
    for wrong in ({"iss": "http://other"}, {"type": ["VerifiableCredential"]}, {"credentialSubject": {}}, {"jti": "x"}):
        forged = signed_badge(told | wrong, key.private, key.public, address="x")
        with pytest.raises(OB3VerificationError):
            verifier.verify(forged)
    actions.revoke_certificate(cast.actor(cast.coordinator), db.session.get_one(Certificate, row.id),
                               Revocation(reason="error", note="Wrong date"))  # fmt: skip
    with pytest.raises(OB3VerificationError, match="revocation"):
        verifier.verify(signed, check_status=True, download=fetch)
    assert visitor.get(f"/c/{row.code}/badge.json").status_code == 404


@pytest.mark.usefixtures("undrawn")
def test_who_has_not_agreed_is_not_named_on_the_public_page(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    assert cast.mentee.full_name in cast.client().get(f"/c/{row.code}").text
    holder, own = cast.client(cast.mentee), f"/certificates/{row.id}"
    no, yes = ({"purpose": "public_check", "given": given} for given in ("false", "true"))
    for silence in (lambda: db.session.execute(sa.delete(Consent)), lambda: holder.post("/my-record/consent", data=no)):
        silence()
        db.session.commit()
        page = cast.client().get(f"/c/{row.code}").text
        assert row.number in page
        assert cast.mentee.full_name not in page
        assert cast.client().get(f"/c/{row.code}/badge.json").status_code == 404
        assert "does not say whose paper this is" in holder.get(own).text
    assert holder.post(f"/my-record/consent?certificate={row.id}", data=yes).location == own
    assert cast.client().get(f"/c/{row.code}/badge.json").status_code == 200


def test_a_code_that_never_was_leads_nowhere(cast: Cast) -> None:
    answer = cast.client().get("/c/0123456789abcdef0123", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "No certificate has this code" in answer.text
    assert cast.client().get("/c").status_code == 200


def test_certificates_wait_for_the_frozen_period(cast: Cast, frozen: LearningPeriod) -> None:
    with pytest.raises(Exception, match="may_close_period"):
        actions.start_certificates(cast.actor(cast.supervisor), frozen)
    assert db.session.scalar(sa.select(sa.func.count()).where(RecapRow.certifies)) == 1


def test_a_machine_without_the_library_says_so_and_the_rest_goes_on(
    cast: Cast, frozen: LearningPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "can_draw", lambda: False)
    answer = cast.client(cast.mentee).get("/my-record.pdf")
    assert answer.status_code == 409
    assert "Pango" in answer.text
    started = cast.client(cast.coordinator).post(f"/learning-periods/{frozen.id}/certificates")
    assert started.status_code == 409
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CertificateRun)) == 0


@pytest.mark.usefixtures("undrawn")
def test_a_certificate_of_one_day_names_that_day_once(cast: Cast) -> None:
    period = learned(cast)
    run(cast, period)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    assert row.facts["began_on"] == row.facts["ended_on"]
    page = cast.client(cast.mentee).get(f"/certificates/{row.id}").text
    assert "on the day of " in page
