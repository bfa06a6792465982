"""An index as a file: the same ranking, shared pages, clear refusals."""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from mentorlink.matching import (
    Filters,
    Mentee,
    Mentor,
    MentorIndex,
    NotFitted,
    Rules,
    TextBridge,
    TextEncoder,
    TextModel,
    UnreadableFile,
    Weights,
    _shared,
)

from . import people

pytestmark = pytest.mark.one_database

BRIDGE = [("anggaran daerah", "regional budget"), ("pelatihan pegawai", "staff training"), ("data terbuka", "open data")]


@people.brief
@given(people.pools, people.mentees, people.rules, people.filters)
def test_what_comes_back_from_a_file_ranks_as_what_went_in(tmp_path_factory, pool, mentee, rules, filters):
    path = tmp_path_factory.mktemp("files") / "pool"
    index = MentorIndex(text_bridge=TextBridge().fit(BRIDGE)).fit(pool)
    index.update(Mentor(40, {"M.1": 4, "X.9": 2}, text="regional budget", blocked=[3], languages=["en"], unit=(1, "x")))
    index.discard(pool[0].id if pool else 0)
    index.save(path)
    for mapped in (True, False):
        again = MentorIndex.load(path, mmap=mapped)
        asked = {"rules": rules, "filters": filters, "choices": True}
        assert again.rank(mentee, None, **asked) == index.rank(mentee, None, **asked)
        assert again.ids_.tolist() == index.ids_.tolist()
        assert again.feature_names_in_.tolist() == index.feature_names_in_.tolist()
        for person in index.ids_.tolist():
            assert again.why_not(mentee, person, rules=rules) == index.why_not(mentee, person, rules=rules)


def test_parameters_come_back_from_a_file(tmp_path):
    weights = Weights(grade=0.1, grade_points={1: 1.0, -2: 0.5}, curves={"text": ((0, 0), (1, 1))})
    index = MentorIndex(
        weights=weights, rules=Rules(grade_min=1), lead_years=7, utc_offsets={"X": 60}, competencies=["M.1"],
        text_encoder=TextEncoder(pairs=False), kernel="numpy",
    ).fit([Mentor(1, {"M.1": 2}, text="anggaran")])  # fmt: skip
    index.save(tmp_path / "pool")
    again = MentorIndex.load(tmp_path / "pool")
    for name, value in index.get_params(deep=False).items():
        if name != "text_encoder":
            assert again.get_params(deep=False)[name] == value, name
    assert again.text_encoder.get_params() == {"pairs": False, "min_df": 1, "max_terms": 200_000}


def test_a_mapped_index_is_changed_in_its_own_process_alone(tmp_path):
    path = tmp_path / "pool"
    MentorIndex().fit([Mentor(person, {"M.1": 1 + person % 5}, text="anggaran") for person in range(300)]).save(path)
    before = path.read_bytes()
    told = """if True:
        import sys
        from mentorlink.matching import Mentee, Mentor, MentorIndex
        index = MentorIndex.load(sys.argv[1])
        print("loaded", flush=True)
        sys.stdin.readline()
        index.update(Mentor(7, {"M.1": 5, "NEW": 3}, text="statistik anggaran", place="Ende"))
        index.remove(4)
        for person in range(1000, 1400):
            index.update(Mentor(person, {"M.1": 5}, text="anggaran"))
        ranking = index.rank(Mentee(-1, {}, {"M.1": 5, "NEW": 3}, text="anggaran", place="Ende"), 1)
        print(ranking.matches[0].mentor_id, len(index), flush=True)
    """
    other = subprocess.Popen([sys.executable, "-c", told, str(path)], stdin=-1, stdout=-1, text=True)
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline().strip() == "loaded"
    here = MentorIndex.load(path)
    mentee = Mentee(-1, {}, {"M.1": 5, "NEW": 3}, text="anggaran", place="Ende")
    ranking = here.rank(mentee, None)
    said, _ = other.communicate("go\n")
    assert said.strip() == "7 699"
    assert here.rank(mentee, None) == ranking == MentorIndex.load(path).rank(mentee, None)
    here.update(Mentor(8, {"M.1": 5}, text="pajak"))
    assert path.read_bytes() == before


def test_a_newer_file_takes_the_place_of_the_old_one_under_those_who_have_mapped_it(tmp_path):
    path = tmp_path / "pool"
    MentorIndex().fit([Mentor(1, {"M.1": 3})]).save(path)
    old = MentorIndex.load(path)
    MentorIndex().fit([Mentor(2, {"M.1": 4})]).save(path)
    assert old.rank(Mentee(9, {}, {"M.1": 4})).matches[0].mentor_id == 1
    assert MentorIndex.load(path).rank(Mentee(9, {}, {"M.1": 4})).matches[0].mentor_id == 2
    assert [each.name for each in tmp_path.iterdir()] == ["pool"]


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "pool"
    index = MentorIndex().fit([Mentor(1)])
    index.save(path)
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", _refuse)
    with pytest.raises(OSError, match="full"):
        index.save(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["pool"]


def test_a_foreign_an_older_and_a_damaged_file_are_refused_by_name(tmp_path):
    path = tmp_path / "pool"
    MentorIndex().fit([Mentor(1, {"M.1": 3}, text="anggaran")]).save(path)
    whole = path.read_bytes()
    for content, code in [
        (b"", "not_an_index"),
        (b"PK\x03\x04" + whole, "not_an_index"),
        (whole[:8] + struct.pack("<I", 0) + whole[12:], "other_version"),
        (whole[:60], "damaged"),
        (_with_a_head_of(2**62, whole), "damaged"),
        (whole[:40] + b"?" + whole[41:], "damaged"),
        (whole[:-1], "damaged"),
        (whole + b"\0", "damaged"),
        (_changed_in_the_arrays(whole), "damaged"),
    ]:
        path.write_bytes(content)
        for mapped in (True, False):
            with pytest.raises(UnreadableFile) as error:
                MentorIndex.load(path, mmap=mapped)
            assert error.value.code == code
            assert error.value.facts["path"] == str(path)
    with pytest.raises(FileNotFoundError):
        MentorIndex.load(tmp_path / "nothing")
    with pytest.raises(NotFitted):
        MentorIndex().save(path)


def test_both_kernels_rank_a_mapped_index(tmp_path):
    pool = [Mentor(person, {"M.1": 1 + person % 5}, text="anggaran kas", years=person % 30) for person in range(9000)]
    MentorIndex().fit(pool).save(tmp_path / "pool")
    mentee = Mentee(-1, {}, {"M.1": 5}, text="kas", years=3)
    found = []
    for kernel in ("numpy", "numba"):
        index = MentorIndex.load(tmp_path / "pool").set_params(kernel=kernel)
        index.update(replace(pool[5], levels={"M.1": 5}, years=20))
        found.append(index.rank(mentee, filters=Filters(min_years=2), choices=True))
    assert found[0] == found[1]
    assert np.array_equal(index.ids_, np.arange(9000))


def _refuse(*_: object) -> None:
    raise OSError("disk full")


def _with_a_head_of(length: int, whole: bytes) -> bytes:
    at = struct.calcsize("<8sII")
    return whole[:at] + struct.pack("<Q", length) + whole[at + 8 :]


def _changed_in_the_arrays(whole: bytes) -> bytes:
    changed = bytearray(whole)
    last = max(at for at, value in enumerate(whole) if value)
    changed[last] ^= 1
    return bytes(changed)


def test_the_file_holds_no_text_that_somebody_wrote(tmp_path):
    path: Path = tmp_path / "pool"
    MentorIndex().fit([Mentor(1, text="Saya pernah gagal memimpin proyek jembatan")]).save(path)
    assert b"Saya pernah" not in path.read_bytes()


def test_words_come_back_from_bytes_as_they_were():
    said = [("anggaran kas", "cash budget"), ("menulis surat", "writing letters"), ("rapat kerja", "working meeting")]
    texts = ["anggaran kas negara", "writing letters", "rapat anggaran", ""]
    model = TextModel({"mentor": TextEncoder().fit(texts), "coach": TextEncoder(pairs=False).fit([])}, TextBridge().fit(said))
    again = TextModel.from_bytes(model.to_bytes())
    pool = [Mentor(person, {"M.1": person}, text=text) for person, text in enumerate(texts, 1)]
    lists = [
        MentorIndex(text_bridge=each.bridge)
        .fit(pool, text_model=each.encoders["mentor"])
        .rank(Mentee(9, text="budget letters"), None)
        for each in (model, again)
    ]
    assert lists[0] == lists[1]
    assert lists[0].matches[0].explanation.text_similarity > 0
    assert again.encoders["coach"].get_params()["pairs"] is False
    assert TextModel.from_bytes(TextModel({}, None).to_bytes()) == TextModel({}, None)


def test_damaged_words_and_those_of_another_version_are_refused(monkeypatch):
    packed = TextModel({"mentor": TextEncoder().fit(["anggaran"])}, None).to_bytes()
    middle = len(packed) // 2
    for damaged in (b"", b"PK", packed[:middle], packed[:90] + bytes(40) + packed[130:]):
        with pytest.raises(UnreadableFile, match="damaged"):
            TextModel.from_bytes(damaged)
    monkeypatch.setattr(_shared, "VERSION", _shared.VERSION + 1)
    with pytest.raises(UnreadableFile, match="other_version"):
        TextModel.from_bytes(packed)
