"""Time of a file of people from its bytes to its rows, and of the same people taken away again.

    python bench/imports.py [--people 20000] [--export 50000]

Prints for CSV and XLSX: seconds to read the file and hold it (``brought``), to say what it would do (``previewed``), to apply it
(``applied``: computed again under the write lock), their sum, and the peak of memory; then the same file again, which changes
nothing; then the export of all people to both kinds of file, with the number of queries.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from config import Settings
from mentorlink.app import create_app
from mentorlink.exchange import actions, queries
from mentorlink.exchange.shapes import csv_pieces, xlsx_file
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.actions import save_jobs, save_units
from mentorlink.people.inputs import JobRow, UnitRow
from mentorlink.programmes.actions import load_reference

HOUSE = Actor.system()
HEAD = [
    "NIP",
    "Surel",
    "Nama",
    "Gelar depan",
    "Gelar belakang",
    "Status",
    "Golongan",
    "Unit kerja",
    "Jabatan",
    "Sejak tahun",
    "Bahasa",
    "Tempat",
    "Zona waktu",
    "Tentang saya",
]


def rows(start: int, count: int) -> Iterator[list[str]]:
    """People ``start`` … with sound numbers, spread over 400 units and 60 jobs."""
    for number in range(start, start + count):
        born, day = 1970 + number % 28, 1 + number // 28 % 28
        nip = f"{born}{1 + number // 784 % 12:02}{day:02}{born + 24}03{1 + number % 2}{1 + number // 9408 % 999:03}"
        yield [
            nip,
            f"pegawai.{number}@nusaraya.example",
            f"Pegawai Nomor {number}",
            "Dr." if number % 9 == 0 else "",
            "S.E., M.Si.",
            "PNS",
            "III/d",
            f"U{number % 400}",
            f"J{number % 60}",
            str(2000 + number % 20),
            "id, en",
            "Makassar",
            "WITA",
            "Saya bekerja dengan data dan senang berbagi." if number % 2 else "",
        ]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--export", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _application(folder).app_context():
        db.create_all()
        load_reference(HOUSE)
        save_units(
            HOUSE, [UnitRow(code=f"U{number}", name_id=f"Unit {number}", parent="U0" if number else "") for number in range(400)]
        )
        save_jobs(
            HOUSE,
            [JobRow(code=f"J{number}", name_id=f"Jabatan {number}", tier="jf_ahli_muda", field="KEU") for number in range(60)],
        )
        print(f"processors {os.cpu_count()}, load {os.getloadavg()[0]:.1f}; {options.people} people, SQLite, {len(HEAD)} columns")
        _bring("CSV", "".join(csv_pieces(HEAD, rows(0, options.people))).encode())
        _bring("XLSX", xlsx_file(HEAD, rows(options.people, options.people)).read())
        there = 2 * options.people
        if options.export > there:
            _bring("CSV", "".join(csv_pieces(HEAD, rows(there, options.export - there))).encode(), quiet=True)
        _take()


def _application(folder: str):  # type: ignore[no-untyped-def]
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return create_app(
        Settings(
            secret_key=secrets.token_urlsafe(48),
            data_keys=(key,),
            database_url=f"sqlite:///{folder}/bench.db",
            background=False,
            log_level="error",
            max_upload_mb=100,
        )  # type: ignore[arg-type]
    )


@contextmanager
def _timed(parts: dict[str, float], name: str) -> Iterator[None]:
    started, used = time.perf_counter(), time.process_time()
    yield
    parts[name] = time.perf_counter() - started
    parts["processor"] = parts.get("processor", 0) + time.process_time() - used


def _bring(form: str, data: bytes, *, quiet: bool = False) -> None:
    for label in ("new", "again"):
        parts: dict[str, float] = {}
        with _timed(parts, "brought"):
            row = actions.bring_file(HOUSE, "people", f"people.{form.lower()}", content=data)
        with _timed(parts, "previewed"):
            preview = queries.preview_for(HOUSE, row)
        if preview.does_something:
            with _timed(parts, "applied"):
                actions.apply_import(HOUSE, row, seen=preview.digest)
        else:
            actions.drop_import(HOUSE, row)
        counts = {name: count for name, count in preview.counts.items() if count}
        total = sum(parts.values()) - parts["processor"]
        told = ", ".join(f"{name} {seconds:.2f}" for name, seconds in parts.items() if name != "processor")
        if not quiet:
            print(
                f"{form} {label}: {total:.2f} s ({told}; processor {parts['processor']:.2f}),"
                f" {len(data) / 2**20:.1f} MB, {counts}, peak {_peak():.0f} MB"
            )


def _take() -> None:
    from tests.queries import count_queries

    for form in ("CSV", "XLSX"):
        started, used = time.perf_counter(), time.process_time()
        with count_queries() as sent:
            head, lines = queries.head_of("people", "id"), queries.rows_for(HOUSE, "people")
            if form == "CSV":
                out: io.StringIO = io.StringIO()
                for piece in csv_pieces(head, lines):
                    out.write(piece)
                size = len(out.getvalue().encode())
            else:
                with xlsx_file(head, lines) as file:
                    size = len(file.read())
        print(
            f"export {form}: {time.perf_counter() - started:.2f} s (processor {time.process_time() - used:.2f}),"
            f" {size / 2**20:.1f} MB,"
            f" {len(sent)} queries, peak {_peak():.0f} MB"
        )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
