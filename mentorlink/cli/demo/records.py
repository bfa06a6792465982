"""A closed period, the index, an evaluation on four levels, a question about one's data, and the figures of the agency."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.competencies.models import Competency
from mentorlink.insights.actions import refresh_figures
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.learning import actions
from mentorlink.learning.actions.periods import write_recap_part
from mentorlink.learning.inputs import (
    BehaviourInput,
    ConsentInput,
    DataAnswer,
    DataRequestInput,
    FeedbackInput,
    FormInput,
    IndexFactInput,
    IndicatorInput,
    ItemInput,
    PeriodInput,
    PeriodStep,
    SettingsInput,
    ValueInput,
)
from mentorlink.learning.models import BehaviourReview, Certificate, HoursEntry, LearningPeriod, TestForm
from mentorlink.learning.queries.evaluation import questions_of, set_of, unsaid_for
from mentorlink.learning.rules.settings import Settings
from mentorlink.people.models import Person, Unit

ITEMS = (
    (1, "Apa tujuan utama standar pelayanan publik?",
     ("Memberi kepastian kepada pengguna layanan", "Menambah jumlah formulir", "Mengurangi jam layanan"), 0),
    (2, "Keluhan datang di luar jam layanan. Langkah pertama yang tepat?",
     ("Mengabaikannya", "Mencatat dan memberi tahu kapan dijawab", "Meneruskan ke atasan tanpa catatan"), 1),
    (2, "Waktu tunggu rata-rata naik dua kali lipat. Data apa yang dilihat lebih dahulu?",
     ("Jumlah pemohon per jam", "Warna ruang tunggu", "Masa kerja petugas"), 0),
    (3, "Dua unit memakai syarat yang berbeda untuk layanan yang sama. Apa yang dilakukan?",
     ("Membiarkannya", "Memilih yang paling panjang", "Menyamakan syarat bersama kedua unit"), 2),
    (3, "Survei kepuasan turun pada satu pertanyaan saja. Apa tindak lanjutnya?",
     ("Mengganti surveinya", "Mencari sebab pada langkah layanan itu", "Menunggu tahun depan"), 1),
    (4, "Bagaimana menilai apakah perbaikan layanan berhasil?",
     ("Membandingkan ukuran sebelum dan sesudah", "Menanyakan pada tim sendiri", "Melihat anggaran"), 0),
)  # fmt: skip
INDICATORS = (
    ("test_score", "Nilai rata-rata tes pelayanan publik", "poin", "62", "74.4", "Tes sebelum dan sesudah, Biro SDM", "69.5"),
    ("productivity", "Berkas selesai per pegawai per bulan", "berkas", "40", "46", "Sistem persuratan, laporan bulanan", "43.2"),
    ("job_satisfaction", "Kepuasan kerja", "poin", "71", "81", "Survei pegawai, Biro SDM", "75.8"),
    ("public_satisfaction", "Indeks kepuasan masyarakat", "poin", "78", "89.7", "Survei pengguna layanan, semua unit", "82.4"),
)
FACTS = (
    ("qualification", "s1", "Ijazah sarjana"), ("performance", "good", "Penilaian kinerja tahun lalu"),
    ("discipline", "none", "Keterangan Biro SDM"),
)  # fmt: skip


SIGNS = {
    "issuing_unit": "Biro Sumber Daya Manusia", "signatory_name": "Dr. Ratna Kusumawati, M.Si.",
    "signatory_title": "Kepala Biro Sumber Daya Manusia", "place": "Jakarta",
}  # fmt: skip


def name_signatory(people: People) -> None:
    """Who signs certificates, said before the first of them is issued."""
    said = SettingsInput.model_validate({**Settings().told(), **SIGNS, "based_on": 0})
    actions.save_settings(people.actor(people.cast["programme_manager"]), said)


def make(people: People, dice: random.Random) -> None:
    """Everything of the record that follows from a year."""
    manager = people.actor(people.cast["programme_manager"])
    for person_id in (people.cast["mentee"], *dice.sample(people.everyone, 12)):
        person = db.session.get_one(Person, person_id)
        if not manager.is_person(person_id):
            for dimension, value, source in FACTS:
                said = {"dimension": dimension, "value": value, "source": source, "as_of": clock.today() - timedelta(days=200)}
                actions.enter_index_fact(manager, person, IndexFactInput.model_validate(said))
    _feedback(people, dice)
    _test(people, manager, dice)
    _results(manager)
    actions.ask_behaviour(Actor.system(), clock.today())
    for review in db.session.scalars(sa.select(BehaviourReview).limit(30)).all():
        if review.asked_id is not None and dice.random() < 0.7:
            actions.say_behaviour(people.actor(review.asked_id), review, _score(dice))
    asker = db.session.get_one(Person, people.cast["mentee"])
    words = "Golongan saya sudah III/c sejak bulan lalu; di profil masih III/b."
    said = DataRequestInput(client_id="demo-data-request", kind="correction", text=words)
    with clock.at(clock.now() - timedelta(hours=30)):
        actions.ask_about_data(people.actor(asker.id), asker, said)
    _period(people, manager)
    _rights(people, manager, dice)
    refresh_figures({})


def _rights(people: People, manager: Actor, dice: random.Random) -> None:
    """Most holders of certificates let the public page name them; somebody asked for deletion and has their answer."""
    holders = sorted(set(db.session.scalars(sa.select(Certificate.person_id))))
    for person_id in holders:
        if dice.random() < 0.7:
            person = db.session.get_one(Person, person_id)
            actions.say_consent(people.actor(person_id), person, ConsentInput(purpose="public_check", given=True))
    asker = db.session.get_one(Person, dice.choice([each for each in holders if not manager.is_person(each)]))
    words = "Mohon hapus catatan pribadi saya dan riwayat daftar yang pernah ditampilkan kepada saya."
    with clock.at(clock.now() - timedelta(days=12)):
        said = DataRequestInput(client_id="demo-deletion", kind="deletion", text=words)
        row = actions.ask_about_data(people.actor(asker.id), asker, said)
    with clock.at(clock.now() - timedelta(days=11)):
        answer = DataAnswer(
            state="done", answer="Sudah dihapus. Jam pelajaran dan sertifikat tetap disimpan menurut peraturan.",
            erase=["private", "finding"],
        )  # fmt: skip
        actions.answer_data_request(manager, row, answer)


def _score(dice: random.Random) -> BehaviourInput:
    return BehaviourInput(score=dice.choice((3, 3, 4, 4, 5)))


def _feedback(people: People, dice: random.Random) -> None:
    """Those who met and learned say how it was, some months ago and of late."""
    since = clock.today() - timedelta(days=180)
    there = db.session.scalars(
        sa.select(HoursEntry.person_id).where(HoursEntry.happened_on >= since, HoursEntry.person_id != people.cast["mentee"])
    )
    chosen = sorted(set(there))[:40]
    for ago in (120, 60, 0):
        with clock.at(clock.now() - timedelta(days=ago)):
            for person_id in chosen:
                person, who = db.session.get_one(Person, person_id), people.actor(person_id)
                for deed in unsaid_for(who, person)[:1]:
                    useful, usable = dice.choice((3, 4, 4, 5, 5)), dice.choice((2, 3, 4, 4, 5))
                    actions.give_feedback(who, person, FeedbackInput(origin=deed.origin, useful=useful, usable=usable))


def _test(people: People, manager: Actor, dice: random.Random) -> None:
    competency = db.session.scalar(sa.select(Competency.id).where(Competency.code == "M.5"))
    if competency is None:
        return
    today = clock.today()
    with clock.at(clock.now() - timedelta(days=60)):
        for level, stem, options, correct in ITEMS:
            said = {"competency_id": competency, "level": level, "stem": stem, "options": list(options), "correct": correct}
            actions.add_item(manager, ItemInput.model_validate(said))
        said = FormInput(title="Pelayanan publik", competency_id=competency, questions=3,
                         after_from=today - timedelta(days=10), closes_on=today + timedelta(days=20))  # fmt: skip
        form = actions.make_form(manager, said)
        sitting = dice.sample([each for each in people.everyone if each != people.cast["mentee"]], 18)
        for person_id in sitting:
            _sit(people, form, person_id, "before", 0.4, dice)
        _sit(people, form, people.cast["mentee"], "before", 0.5, dice)
    for person_id in sitting[:14]:
        _sit(people, form, person_id, "after", 0.75, dice)


def _sit(people: People, form: TestForm, person_id: int, part: str, knows: float, dice: random.Random) -> None:
    answers = {
        item.id: item.correct if dice.random() < knows else (item.correct + 1) % len(item.options)
        for item in questions_of(set_of(form, part, person_id))
    }
    actions.sit_test(people.actor(person_id), form, part, answers=answers)


def _results(manager: Actor) -> None:
    year = clock.today().year
    for kind, name, measure, baseline, target, source, value in INDICATORS:
        said = {"kind": kind, "name": name, "measure": measure, "baseline": baseline, "target": target, "source": source,
                "begins_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}  # fmt: skip
        row = actions.add_indicator(manager, IndicatorInput.model_validate(said))
        measured = max(date(year, 1, 1), clock.today() - timedelta(days=20))
        people = 412 if kind == "public_satisfaction" else 286
        actions.note_value(manager, row, ValueInput(measured_on=measured, value=Decimal(value), people=people))


def _period(people: People, manager: Actor) -> None:
    """The first months of this year, closed by HR and the head of the agency; its certificates are issued once the house runs."""
    today = clock.today()
    first = date(today.year if today.month > 3 else today.year - 1, 1, 1)
    head_id = db.session.scalar(sa.select(Unit.head_id).where(Unit.parent_id.is_(None), Unit.head_id.is_not(None)))
    said = PeriodInput(name=f"Triwulan I {first.year}", begins_on=first, ends_on=first.replace(month=3, day=31), **SIGNS)
    period = actions.add_period(manager, said)
    _step(manager, period, "build")
    after: int | None = 0
    while after is not None:
        after = write_recap_part(Actor.system(), period.id, build=1, after=after)
    _step(manager, period, "check")
    if head_id is None or manager.is_person(head_id):
        return
    _step(people.actor(head_id), period, "approve")
    _step(manager, period, "freeze")
    actions.start_certificates(manager, period)


def _step(actor: Actor, period: LearningPeriod, code: str) -> None:
    db.session.refresh(period)
    actions.take_period_step(actor, period, PeriodStep.model_validate({"step": code, "revision": period.revision}))
