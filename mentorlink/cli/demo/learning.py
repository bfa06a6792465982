"""Claims and development plans in every state, made by the acts of employees, superiors and HR."""

from __future__ import annotations

import random
import zlib
from datetime import date, timedelta

from mentorlink.cli.demo.agency import People
from mentorlink.competencies.queries import Need, needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.inputs import ClaimInput, Decision, LineInput, PlanDecision, Reason, Upload
from mentorlink.learning.models import Claim, DevelopmentPlan
from mentorlink.learning.queries import decider_ids
from mentorlink.people.models import Person

PLANNERS = 50
"""People besides the cast who have a plan this year."""

LEARNT = (
    ("seminar", "Seminar nasional pelayanan publik", "Lembaga Administrasi Nusa Raya", {}),
    ("workshop", "Lokakarya menulis naskah dinas", "Biro Umum", {}),
    ("e_learning", "E-learning dasar analisis data", "Pusat Pembelajaran Digital", {"minutes": 180}),
    ("self_study", "Membaca pedoman survei kepuasan masyarakat", "", {"minutes": 120}),
    ("technical", "Pelatihan pengelolaan anggaran berbasis kinerja", "Balai Diklat Keuangan", {"stated_jp": 12}),
    ("guidance", "Bimbingan menyusun laporan kinerja", "", {"units": 3}),
    ("benchmarking", "Patok banding layanan terpadu satu pintu", "Kota Samudra", {}),
    ("technical_guidance", "Bimbingan teknis arsip digital", "Badan Arsip Nusa Raya", {}),
)
PLANNED = (
    ("mentoring", "Mentoring: {name}", 12, 0), ("coaching", "Coaching: {name}", 8, 0),
    ("community", "Diskusi komunitas: {name}", 6, 0), ("technical", "Pelatihan: {name}", 20, 4_500_000),
    ("e_learning", "E-learning: {name}", 9, 0), ("secondment", "Penugasan di unit lain: {name}", 20, 2_000_000),
    ("workshop", "Lokakarya: {name}", 10, 1_250_000), ("self_study", "Belajar mandiri: {name}", 6, 0),
)  # fmt: skip
ENDS = ("not_begun", "awaiting", "needs_revision", "approved", "approved", "approved")
CLAIM_ENDS = ("approved", "sent", "approved", "returned", "approved", "refused", "approved", "reversed", "withdrawn")


def make(people: People, dice: random.Random) -> None:
    """Plans of this year for the cast and many more, with claims that fill some of them."""
    chosen = list(dict.fromkeys((*people.cast.values(), *dice.sample(people.everyone, PLANNERS))))
    needs = needs_of(chosen)
    for number, person_id in enumerate(chosen):
        person = db.session.get_one(Person, person_id)
        if not person.is_active or not decider_ids(person):
            continue
        gaps = [need for need in needs[person_id] if need.gap] or needs[person_id][:1]
        state = "approved" if person_id == people.cast["mentee"] else ENDS[number % len(ENDS)]
        if gaps:
            _plan(people, person, gaps[:4], state, dice)
        own = len(CLAIM_ENDS) if person_id == people.cast["mentee"] else number % 3
        for each in range(own):
            _claim(people, person, (number + each) % len(LEARNT), CLAIM_ENDS[(number + each) % len(CLAIM_ENDS)], each)


def _plan(people: People, person: Person, gaps: list[Need], state: str, dice: random.Random) -> None:
    who, chief = people.actor(person.id), people.actor(decider_ids(person)[0])
    plan = actions.begin_plan(who, person, clock.today().year)
    for number, need in enumerate(gaps):
        path, activity, jp, budget = dice.choice(PLANNED)
        first = dice.randint(1, 8)
        line = LineInput(
            client_id=f"demo-line-{person.id}-{number}", competency_id=need.competency_id, path=path,
            activity=activity.format(name=need.name["id"])[:200], jp=jp, month_from=first, month_to=min(12, first + 4),
            provider="Balai Diklat Nusa Raya" if budget else "", budget=budget, priority=1 + number % 3,
        )  # fmt: skip
        actions.add_line(who, plan, line)
    if state == "not_begun":
        return
    _step(who, plan, "send")
    if state == "needs_revision":
        _step(chief, plan, "return", "Tolong tambahkan cara belajar dari pekerjaan, bukan pelatihan saja.")
    elif state == "approved":
        _step(chief, plan, "approve")


def _step(actor: Actor, plan: DevelopmentPlan, code: str, note: str = "") -> None:
    data = PlanDecision.model_validate({"step": code, "revision": plan.revision, "note": note})
    actions.take_plan_step(actor, plan, data)


def _claim(people: People, person: Person, kind: int, state: str, each: int) -> None:
    who, chief = people.actor(person.id), people.actor(decider_ids(person)[0])
    path, activity, provider, more = LEARNT[kind]
    day = _day(9 + 23 * each)
    said = ClaimInput(client_id=f"demo-claim-{person.id}-{each}", path=path, activity=activity, provider=provider, starts_on=day,
                      ends_on=day, **more)  # type: ignore[arg-type]  # fmt: skip
    claim = actions.claim_hours(who, person, said, upload=Upload("bukti.pdf", _paper(f"{activity}, {person.id}-{each}")))
    _settle(who, chief, claim, state)


def _settle(who: Actor, chief: Actor, claim: Claim, state: str) -> None:
    if state == "withdrawn":
        actions.withdraw_claim(who, claim)
    elif state == "returned":
        actions.decide_claim(
            chief,
            claim,
            Decision(decision="return", revision=claim.revision, note="Mohon lampirkan sertifikat, bukan undangannya."),
        )
    elif state == "refused":
        actions.decide_claim(
            chief,
            claim,
            Decision(decision="refuse", revision=claim.revision, note="Kegiatan ini sudah dihitung sebagai tugas rutin."),
        )
    elif state in ("approved", "reversed"):
        actions.decide_claim(chief, claim, Decision(decision="approve", revision=claim.revision))
        if state == "reversed":
            actions.reverse_claim(chief, claim, Reason(note="Ternyata sudah diklaim untuk tahun lalu."))


def _day(ago: int) -> date:
    """A day so long ago, of this year."""
    today = clock.today()
    return max(today - timedelta(days=ago), date(today.year, 1, 1))


def _paper(text: str) -> bytes:
    """A one-page PDF that says so."""
    words = zlib.compress(f"BT /F1 18 Tf 60 720 Td ({text}) Tj ET".encode("latin-1", "replace"))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(body),
    )
