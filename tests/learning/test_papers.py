"""Certificates: one run that may be cut off, a tagged PDF that is read back, a public page, a badge that others can check."""

from __future__ import annotations

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
from PIL import Image

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.actions.giving import credit_giving
from mentorlink.learning.inputs import Revocation
from mentorlink.learning.models import Certificate, CertificatePaper, CertificateRun, Consent, LearningPeriod, RecapRow
from mentorlink.learning.rules.numerals import in_words
from mentorlink.notifications.models import Notice
from mentorlink.web.learning import papers
from tests.cast import Cast
from tests.learning.closing import AFTER, freeze

NIP = "198503122010012007"


@pytest.fixture
def frozen(cast: Cast) -> LearningPeriod:
    """A frozen period in which seven people met somebody to learn from."""
    actions.load_hours_rule(Actor.system(), valid_from=date(2025, 1, 1))
    people = [cast.mentee, *(cast.person(f"learner {n}", cast.budget, locale="id") for n in range(6))]
    db.session.execute(sa.update(type(people[0])).where(type(people[0]).id == people[0].id).values(nip=NIP))
    db.session.commit()
    with clock.at(datetime(2026, 5, 12, 5, tzinfo=UTC)):
        for person in people:
            said = {"deed": "gathering_attended", "origin": "gathering:1", "at": clock.now(), "minutes": 90}
            credit_giving(Actor.system(), person.id, **said)  # type: ignore[arg-type]
    return freeze(cast)


def run(cast: Cast, period: LearningPeriod) -> None:
    if not papers.can_draw():
        pytest.skip("Pango is not on this machine")
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


def test_a_run_that_is_killed_half_way_goes_on_and_doubles_nothing(
    cast: Cast, frozen: LearningPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    real = papers.certificate_pdf
    monkeypatch.setattr(papers, "BATCH", 2)

    def dies(*args: Any) -> bytes:
        made.append(args)
        if len(made) == 4:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(papers, "certificate_pdf", dies)
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


def test_the_paper_is_tagged_and_its_code_leads_to_the_public_page(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    client = cast.client(cast.mentee)
    for language, words in (("id", "satu"), ("en", "two")):
        answer = client.get(f"/certificates/{row.id}/{language}.pdf")
        reader = pypdf.PdfReader(io.BytesIO(answer.data))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert (root["/Lang"], "/StructTreeRoot" in root) == (language, True)
        assert {"/H1", "/P", "/Figure"} <= {str(tag) for tag in tags(root["/StructTreeRoot"])}
        assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
        assert len(reader.pages) == 1
        text = " ".join(reader.pages[0].extract_text().split())
        for printed in (row.number, cast.mentee.full_name, NIP, row.code, "Dr. Sri Wahyuni", "2 "):
            assert printed in text
        assert words in text or language == "id"
    seen = zxingcpp.read_barcodes(qr_of(row.code))[0].text
    assert seen == f"http://localhost/c/{row.code}"
    page = cast.client().get(seen.removeprefix("http://localhost"))
    assert page.status_code == 200
    for printed in (row.number, cast.mentee.full_name, "2 JP", "007"):
        assert printed in page.text
    for private in (NIP, cast.mentee.email):
        assert private not in page.text


def tags(node: Any) -> Any:
    """Every structure type below a node of the tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            yield from tags(child)


def qr_of(code: str) -> Image.Image:
    """The QR code of the paper, drawn as the paper draws it."""
    import segno

    out = io.BytesIO()
    segno.make(f"http://localhost/c/{code}", error="m", micro=False, mask=4).save(out, kind="png", scale=6, border=4)
    return Image.open(out)


def test_a_paper_stays_byte_for_byte_what_was_given_out(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    client = cast.client(cast.mentee)
    first = client.get(f"/certificates/{row.id}/id.pdf").data
    db.session.execute(sa.update(type(cast.mentee)).where(type(cast.mentee).id == cast.mentee.id).values(name="Somebody Else"))
    db.session.commit()
    assert client.get(f"/certificates/{row.id}/id.pdf").data == first
    assert cast.client(cast.stranger).get(f"/certificates/{row.id}/id.pdf").status_code == 404


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


def test_the_badge_is_an_open_badge_and_another_library_finds_its_signature_good(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    visitor = cast.client()
    signed = visitor.get(f"/c/{row.code}/badge.json?form=jwt").text
    keys = visitor.get("/badges/keys").json
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(signed)["kid"]]
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
    assert "n" not in jwt.get_unverified_header(signed)
    assert body != other


def test_who_does_not_want_it_is_not_named_on_the_public_page(cast: Cast, frozen: LearningPeriod) -> None:
    run(cast, frozen)
    row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == cast.mentee.id)).one()
    cast._add(Consent(person_id=cast.mentee.id, purpose="public_check", given=False, said_at=clock.now()))
    page = cast.client().get(f"/c/{row.code}").text
    assert row.number in page
    assert cast.mentee.full_name not in page
    assert cast.client().get(f"/c/{row.code}/badge.json").status_code == 404


def test_a_code_that_never_was_leads_nowhere(cast: Cast) -> None:
    answer = cast.client().get("/c/0123456789abcdef0123", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "No certificate has this code" in answer.text
    assert cast.client().get("/c").status_code == 200


def test_certificates_wait_for_the_frozen_period(cast: Cast, frozen: LearningPeriod) -> None:
    with pytest.raises(Exception, match="may_close_period"):
        actions.start_certificates(cast.actor(cast.supervisor), frozen)
    assert db.session.scalar(sa.select(sa.func.count()).where(RecapRow.certifies)) == 7


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
