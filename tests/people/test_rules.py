"""Rules of people by their properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from mentorlink.people.rules import (
    Count,
    after_failure,
    after_success,
    has_cycle,
    hash_password,
    mask_nip,
    nip_fault,
    password_faults,
    password_matches,
    passwords,
    paths_of,
    wait_seconds,
)

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@given(
    born=st.dates(date(1950, 1, 1), date(2000, 12, 31)),
    years=st.integers(18, 25),
    month=st.integers(1, 12),
    sex=st.sampled_from("12"),
    number=st.integers(0, 999),
)
def test_a_nip_made_as_the_rule_says_is_accepted(born: date, years: int, month: int, sex: str, number: int) -> None:
    assert nip_fault(f"{born:%Y%m%d}{born.year + years}{month:02d}{sex}{number:03d}", "pns", today=TODAY) is None


@pytest.mark.parametrize(
    ("nip", "fault"),
    [
        ("19890230201403 2001".replace(" ", ""), "nip_birth_date"),
        ("198913012014032001", "nip_birth_date"),
        ("198901012014132001", "nip_appointment"),
        ("198901012027032001", "nip_appointment"),
        ("198901011999032001", "nip_too_young"),
        ("198801012000012517", "nip_too_young"),
        ("198901012014033001", "nip_digit_15"),
        ("19890101201403200", "nip_digits"),
        ("19890101201403200a", "nip_digits"),
        ("１98901012014032001", "nip_digits"),
    ],
)
def test_each_part_of_a_nip_is_looked_at(nip: str, fault: str) -> None:
    assert nip_fault("198901012014032001", "pns", today=TODAY) is None
    assert nip_fault(nip, "pns", today=TODAY) == fault


def test_contract_staff_have_18_digits_of_another_make_up() -> None:
    assert nip_fault("999999999999999999", "pns", today=TODAY) is not None
    assert nip_fault("999999999999999999", "pppk", today=TODAY) is None
    assert nip_fault("99999999999999999", "pppk", today=TODAY) == "nip_digits"


@given(st.from_regex(r"[0-9]{18}", fullmatch=True))
def test_a_masked_nip_tells_three_digits_and_no_more(nip: str) -> None:
    masked = mask_nip(nip)
    assert len(masked) == 18
    assert masked[-3:] == nip[-3:]
    assert not any(character.isdigit() for character in masked[:-3])


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "P@ssw0rd2024", "Rahasia123456", "bismillah2024!", "qwertyuiop12", "123456789012", "abcdefghijkl",
        "aaaaaaaaaaaaaaaa", "abcabcabcabc", "IndonesiaMerdeka1945", "mentorlink2026!", "jakarta12jakarta34",
    ],
)  # fmt: skip
def test_what_a_guesser_tries_first_is_refused(password: str) -> None:
    assert password_faults(password) == ["password_listed"]


@pytest.mark.parametrize(
    "password",
    [
        "bukit hujan sepatu",
        "kuda baterai staples benar",
        "Xk9-vLq2-mPz7",
        "9f3b7a2c8d1e",
        "gelas kopi tumpah pagi",
        "纸船过河看见月亮光照亮山",
    ],
)
def test_any_other_twelve_characters_are_welcome(password: str) -> None:
    assert password_faults(password) == []


@pytest.mark.parametrize(
    "password", ["siti.rahma.1989", "Rahmawati-kebun-teh", "teh-hangat-nusaraya", "teh pagi 198901012014032001"]
)
def test_what_everyone_knows_of_a_person_is_refused(password: str) -> None:
    known = ("Siti Rahmawati", "siti.rahma@nusaraya.example", "198901012014032001", "Nusa Raya")
    assert password_faults(password) == []
    assert password_faults(password, known=known) == ["password_contextual"]


@given(st.text(max_size=11))
def test_less_than_twelve_characters_are_too_few(password: str) -> None:
    assert password_faults(password) == ["password_short"]


def test_a_password_has_an_upper_bound() -> None:
    words = "bukit hujan sepatu lampu meja rotan kelapa muda sore cerah angin timur perahu layar pulau seribu bintang malam "
    assert password_faults((words * 2)[:128]) != ["password_long"]
    assert password_faults((words * 2)[:129]) == ["password_long"]


def test_a_hash_is_argon2id_with_the_stated_cost_and_fits_its_password_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(**passwords.STRENGTH))
    made = hash_password("bukit hujan sepatu")
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches(made, "bukit hujan sepatu")
    assert not password_matches(made, "bukit hujan sepatU")
    assert not password_matches(None, "nobody signs in with this")
    assert not password_matches("not a hash", "bukit hujan sepatu")


@given(st.integers(1, 40), st.integers(3, 20))
def test_pauses_begin_at_the_limit_grow_and_are_bounded(failures: int, limit: int) -> None:
    count: Count | None = None
    instant, pauses = NOON, []
    for _ in range(failures):
        count = after_failure(count, limit, now=instant)
        pauses.append(wait_seconds(count, now=instant))
        instant += timedelta(seconds=pauses[-1] + 1)
    assert all(pause == 0 for pause in pauses[: limit - 1])
    assert all(pause > 0 for pause in pauses[limit - 1 :])
    assert pauses == sorted(pauses)
    assert max(pauses) <= 900


def test_a_quiet_quarter_of_an_hour_forgets_the_failures() -> None:
    count = Count(50, NOON, NOON + timedelta(minutes=15))
    assert after_failure(count, 8, now=NOON + timedelta(minutes=29)).failures == 51
    assert after_failure(count, 8, now=NOON + timedelta(minutes=31)).failures == 1


def test_success_takes_back_only_its_own_try() -> None:
    assert after_success(Count(5, NOON)).failures == 4
    assert after_success(Count(0, NOON)).failures == 0


trees = st.integers(1, 40).flatmap(
    lambda size: st.tuples(*(st.none() if n == 0 else st.one_of(st.none(), st.integers(0, n - 1)) for n in range(size)))
)


@given(trees, st.randoms())
def test_paths_lead_from_the_root_through_every_parent(parents: tuple[int | None, ...], dice: object) -> None:
    tree = {number + 1: (parent + 1 if parent is not None else None) for number, parent in enumerate(parents)}
    shuffled = dict(sorted(tree.items(), key=lambda item: dice.random()))  # type: ignore[attr-defined]
    paths = paths_of(shuffled)
    assert has_cycle(tree) is None
    for unit, parent in tree.items():
        assert paths[unit] == f"{paths[parent] if parent else '/'}{unit}/"


@given(st.integers(1, 30), st.integers(0, 30))
def test_a_circle_is_found_wherever_it_hangs(length: int, tail: int) -> None:
    circle = {f"c{n}": f"c{(n + 1) % length}" for n in range(length)}
    line = {f"t{n}": f"t{n + 1}" if n + 1 < tail else "c0" for n in range(tail)}
    assert has_cycle({**line, **circle}) in circle
    assert has_cycle({**line, **circle, "c0": None}) is None
