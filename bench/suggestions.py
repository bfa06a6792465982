"""Time of the page "Find a mentor", request to HTML, with many offers in the database; beside an empty page of the same run.

    python bench/suggestions.py [--mentors 10000] [--people 40000] [--requests 100] [--keep DIR]

Printed: seconds until the pool stands (done in the background when a process starts), p50 and p99 in milliseconds of the page, of
the answer to a filter, of a search by name, of three side by side, of the list by name that somebody sees who objects to
ranking, of the reverse list (whom a mentor could help), of the home page, and of a page without a list; each also as
milliseconds over that page; milliseconds until a changed offer is in the list, and until who is next in a long line has a place;
number of queries; bytes on the wire. ``--keep`` leaves the database in DIR, to be looked at with a server.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")

import sqlalchemy as sa

from config import Settings
from mentorlink.app import create_app
from mentorlink.competencies.models import Assessment, Competency, CurrentLevel, Framework, Standard
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db, metadata
from mentorlink.kernel.text import fold
from mentorlink.pairing.actions import OfferRow, change_offer, give_places, save_offers
from mentorlink.pairing.inputs import OfferInput
from mentorlink.pairing.models import FindingChoice, Offer, Waiting
from mentorlink.pairing.queries import warm_pool
from mentorlink.people.models import Field, Job, Person, SignIn, Tier, Unit

GIVEN = [
    "Sri",
    "Agus",
    "Dewi",
    "Budi",
    "Ratna",
    "Eko",
    "Wayan",
    "Made",
    "Ketut",
    "Siti",
    "Nur",
    "Andi",
    "Rizky",
    "Fitri",
    "Yohanes",
    "Maria",
    "Putu",
    "Hendra",
    "Lestari",
    "Bambang",
]
FAMILY = [
    "Wijaya",
    "Santoso",
    "Siregar",
    "Nasution",
    "Hidayat",
    "Purnomo",
    "Saputra",
    "Simanjuntak",
    "Lubis",
    "Rahman",
    "Kusuma",
    "Tanjung",
    "Hasanah",
    "Wulandari",
]
FIELDS = [
    "Keuangan",
    "Pengadaan",
    "Kepegawaian",
    "Perencanaan",
    "Statistik",
    "Hukum",
    "Komunikasi",
    "Informatika",
    "Arsip",
    "Pengawasan",
]
COMMON = [
    "Integritas",
    "Kerja Sama",
    "Komunikasi",
    "Orientasi pada Hasil",
    "Pelayanan Publik",
    "Pengembangan Diri",
    "Mengelola Perubahan",
    "Pengambilan Keputusan",
    "Perekat Bangsa",
]
SKILLS = [
    "Penyusunan Anggaran",
    "Analisis Data",
    "Penulisan Naskah Dinas",
    "Negosiasi Kontrak",
    "Audit Internal",
    "Pemetaan Risiko",
    "Layanan Digital",
    "Evaluasi Program",
]
PLACES = [
    ("Jakarta", "Asia/Jakarta"),
    ("Bandung", "Asia/Jakarta"),
    ("Makassar", "Asia/Makassar"),
    ("Denpasar", "Asia/Makassar"),
    ("Ambon", "Asia/Jayapura"),
    ("Jayapura", "Asia/Jayapura"),
]
HELP = [
    "Menyusun anggaran berbasis kinerja dan membaca laporan realisasi.",
    "Menulis naskah dinas yang jelas dan ringkas.",
    "Merancang survei dan mengolah data untuk laporan pimpinan.",
    "Negosiasi kontrak dan pengadaan yang akuntabel.",
    "Membangun layanan digital bersama warga.",
    "Memimpin tim kecil di masa perubahan.",
]


def build(mentors: int, people: int, seed: int) -> int:
    """Fill the empty database; the id of somebody who looks for a mentor."""
    dice = random.Random(seed)
    words = lambda text: {"id": text, "en": text}  # noqa: E731
    session = db.session
    tiers = [
        Tier(code=f"tier{n}", name=words(name), grade=n)
        for n, name in enumerate(("Pelaksana", "JF Ahli Pertama", "JF Ahli Muda", "JF Ahli Madya"), 1)
    ]
    fields = [Field(code=f"F{n:02}", name=words(name)) for n, name in enumerate(FIELDS)]
    root = Unit(code="root", name=words("Badan Nusa Raya"), path="", place="Jakarta")
    session.add_all([*tiers, *fields, root])
    session.flush()
    root.path = f"/{root.id}/"
    jobs = [
        Job(code=f"J{f}-{t}", name=words(f"Analis {FIELDS[f]}"), tier_id=tiers[t].id, field_id=fields[f].id)
        for f in range(len(FIELDS))
        for t in range(4)
    ]
    units = [
        Unit(code=f"U{n}", name=words(f"Biro {FIELDS[n % len(FIELDS)]} {n // len(FIELDS) + 1}"), parent_id=root.id, path="")
        for n in range(24)
    ]
    frameworks = [
        Framework(code="m", kind="managerial", name=words("Manajerial")),
        Framework(code="t", kind="technical", name=words("Teknis")),
    ]
    session.add_all([*jobs, *units, *frameworks])
    session.flush()
    for unit in units:
        unit.path = f"/{root.id}/{unit.id}/"
    names = [(f"M.{n}", name, None, 0) for n, name in enumerate(COMMON, 1)]
    names += [
        (f"T.{f}.{n}", f"{skill} {FIELDS[f]}", fields[f].id, 1) for f in range(len(FIELDS)) for n, skill in enumerate(SKILLS)
    ]
    known = [
        Competency(
            framework_id=frameworks[kind].id, code=code, name=words(name), definition=words(name), field_id=field, position=n
        )
        for n, (code, name, field, kind) in enumerate(names)
    ]
    session.add_all(known)
    session.flush()
    for place, job in enumerate(jobs):
        for each in (*known[:9], *known[9 + 8 * (place // 4) :][:6]):
            session.add(Standard(competency_id=each.id, job_id=job.id, required=2 + place % 4 if place % 4 < 3 else 4))
    session.flush()
    total = mentors + people + 1
    rows = [_person(dice, number, units, jobs) for number in range(1, total + 1)]
    session.execute(sa.insert(Person), rows)
    levels = [
        {
            "person_id": row["id"],
            "competency_id": each.id,
            "level": dice.choices(range(1, 6), (2, 4, 6, 4, 2) if row["id"] <= mentors else (3, 5, 3, 1, 0))[0],
        }
        for row in rows
        for place in [jobs.index(next(job for job in jobs if job.id == row["job_id"])) // 4]
        for each in (*known[:9], *known[9 + 8 * place :][:8])
    ]
    findings = [
        {"id": n, **row, "source": "assessment_centre", "assessed_on": clock.today(), "created_at": clock.now()}
        for n, row in enumerate(levels, 1)
    ]
    session.execute(sa.insert(Assessment), findings)
    session.execute(sa.insert(CurrentLevel), [{**row, "assessment_id": n} for n, row in enumerate(levels, 1)])
    session.commit()
    save_offers(
        Actor.system(),
        [
            OfferRow(number, capacity=dice.randint(1, 4), languages=("id",), message=dice.choice(HELP))
            for number in range(1, mentors + 1)
        ],
    )
    return total


def _person(dice: random.Random, number: int, units: list[Unit], jobs: list[Job]) -> dict[str, Any]:
    name = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
    place, zone = dice.choice(PLACES)
    return {
        "id": number, "email": f"p{number}@nusaraya.example", "name": name, "folded_name": fold(name),
        "unit_id": dice.choice(units).id, "state": "active", "locale": "id",
        "job_id": dice.choice(jobs).id, "in_field_since": dice.randint(1995, 2022),
        "languages": dice.sample(["id", "en", "jv", "su"], dice.randint(1, 2)),
        "place": place, "timezone": zone, "can_help_with": dice.choice(HELP), "wants_to_grow_in": dice.choice(HELP),
        "created_at": clock.now(),
    }  # fmt: skip


def times(repeat: int, deed: Callable[[int], Any]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    deed(0)
    taken = []
    for number in range(repeat):
        start = time.perf_counter()
        deed(number)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.99))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mentors", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(
        Settings(
            secret_key="k3Jx9-qLw7_Zt5vB1nRm8YpDf2Hs6Gc4", data_keys=("Wm9tYmllcyBsaWtlIGJyYWlucyAxMjM0NTY3ODkwIT8=",),
            database_url=f"sqlite:///{folder}/bench.db", base_url="http://localhost", background=False, log_level="error",
        )
    )  # fmt: skip
    with app.app_context():
        metadata.create_all(db.engine)
        asker = build(options.mentors, options.people, options.seed)
        token, objector, mentor = _sign_in(asker), _sign_in(asker - 1), _sign_in(1)
        choices = [{"person_id": asker - 1, "unranked": True, "open_to_offers": False, "changed_at": clock.now()}]
        seen = range(options.mentors + 1, min(asker - 1, options.mentors + 5001))
        choices += [{"person_id": n, "unranked": False, "open_to_offers": True, "changed_at": clock.now()} for n in seen]
        db.session.execute(sa.insert(FindingChoice), choices)
        db.session.commit()
        start = time.perf_counter()
        warm_pool()
        print(f"pool of {options.mentors} mentors stands after {time.perf_counter() - start:.2f} s")
        db.session.remove()
    if options.keep:
        print(f"sign-in cookie {token}")
    clients = {}
    for who, cookie in (("asker", token), ("objector", objector), ("mentor", mentor)):
        clients[who] = app.test_client()
        clients[who].set_cookie("mentorlink", cookie, domain="localhost")

    def get(address: str, who: str = "asker", **headers: str) -> Any:
        answer = clients[who].get(address, headers=headers)
        assert answer.status_code == 200, answer.status
        return answer

    filtered = {"HX-Request": "true", "HX-Target": "results"}
    table: list[tuple[str, Callable[[int], Any]]] = [
        ("a page without a list", lambda _n: get("/requests?box=out")),
        ("find a mentor", lambda _n: get("/find")),
        ("answer to a filter", lambda n: get(f"/find?zone={('WIB', 'WITA', 'WIT')[n % 3]}&years=5", **filtered)),
        ("search by name", lambda n: get(f"/find?q={GIVEN[n % len(GIVEN)]}", **filtered)),
        ("three side by side", lambda n: get(f"/find/compare?pick={n + 1}&pick={n + 2}&pick={n + 3}")),
        ("list by name", lambda _n: get("/find", "objector")),
        ("whom a mentor could help", lambda _n: get("/offers/mentor/people", "mentor")),
        ("home", lambda _n: get("/")),
    ]
    empty = 0.0
    for label, deed in table:
        p50, p99 = times(options.requests, deed)
        size = len(gzip.compress(deed(0).data, 5))
        empty = empty or p50
        told = f"{label:24} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {p50 - empty:+6.1f} ms over an empty page"
        print(f"{told}   {size / 1024:5.1f} kB gzip   {_queries(app, deed)} queries")
    print("a changed offer is in the list after {:.1f} ms (p99 {:.1f}), page included".format(*_freshness(app, get)))
    print("who is next of {} in line is found and told in {:.0f} ms".format(*_line(app, options.mentors, asker)))


def _sign_in(person_id: int) -> str:
    token = crypto.new_token()
    db.session.add(SignIn(person_id=person_id, token_hash=crypto.token_hash(token), created_at=clock.now(), seen_at=clock.now()))
    db.session.commit()
    return token


def _line(app: Any, mentors: int, asker: int, waiting: int = 1000) -> tuple[int, float]:
    """How many wait for one offer whose last place opens, and milliseconds until the first of them has it."""
    with app.app_context():
        offer = db.session.scalars(sa.select(Offer).order_by(Offer.id).offset(30).limit(1)).one()
        rows = [
            {
                "person_id": n,
                "kind": "mentor",
                "offer_id": offer.id,
                "state": "waiting",
                "joined_at": clock.now(),
                "since": clock.now(),
            }
            for n in range(mentors + 1, min(asker, mentors + waiting + 1))
        ]
        db.session.execute(sa.insert(Waiting), rows)
        db.session.commit()
        start = time.perf_counter()
        assert give_places(Actor.system(), [offer.id])
        return len(rows), (time.perf_counter() - start) * 1000


def _queries(app: Any, deed: Callable[[int], Any]) -> int:
    from tests.queries import count_queries

    with app.app_context(), count_queries() as sent:
        deed(0)
    return len(sent)


def _freshness(app: Any, get: Callable[..., Any]) -> tuple[float, float]:
    taken = []
    for number in range(20):
        with app.app_context():
            offer = db.session.scalars(sa.select(Offer).order_by(Offer.id).offset(number).limit(1)).one()
            change_offer(Actor.system(), offer, OfferInput(capacity=6, languages=("id", "en"), message=f"Baru {number}"))
        start = time.perf_counter()
        get("/find")
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[-1]


if __name__ == "__main__":
    main()
