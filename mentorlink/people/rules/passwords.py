"""Passwords: what is refused, and their hash.

12 to 128 characters, whatever they are. Refused is what a guesser tries first: listed words, repeats, runs on the keyboard or
in the alphabet, and what everyone knows about the person and the agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mentorlink.kernel.text import fold

SHORTEST, LONGEST = 12, 128
ENOUGH = 8
"""Letters and digits that must be left over once guessable words are taken out."""

STRENGTH = {"time_cost": 2, "memory_cost": 19456, "parallelism": 1}
"""Of argon2id; a hash takes about 20 ms."""

_hasher = PasswordHasher(**STRENGTH)
_LEET = str.maketrans("4310579@$!", "aeiostgasi")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")


def hash_password(password: str) -> str:
    """Its argon2id hash; about 20 ms."""
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """True when ``password`` made ``password_hash``. Without a hash the same work is done, so the time tells nothing."""
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(password_hash: str) -> bool:
    """True when it was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def password_faults(password: str, *, known: Iterable[str] = ()) -> list[str]:
    """Codes of what is wrong with a new password; ``known``: names and words that everyone connects with the person."""
    if len(password) < SHORTEST:
        return ["password_short"]
    if len(password) > LONGEST:
        return ["password_long"]
    folded = fold(password)
    if any(_contains(folded, word) for word in _parts(known)):
        return ["password_contextual"]
    return ["password_listed"] if _guessable(folded) else []


def _guessable(folded: str) -> bool:
    if len(set(folded)) < 5 or _repeats(folded):
        return True
    readings = {re.sub(r"[^a-z0-9]", "", text) for text in (folded, folded.translate(_LEET))}
    return any(reading and len(_left_over(reading)) < ENOUGH for reading in readings)


def _left_over(text: str) -> str:
    for word in _listed():
        text = text.replace(word, " ")
    for run in _RUNS:
        text = _without_run(text, run)
    without_dates_and_counts = re.sub(r"(?:^|(?<= ))\d{1,8}(?!\d)|(?<!\d)\d{1,8}(?= |$)", " ", text)
    return without_dates_and_counts.replace(" ", "")


def _without_run(text: str, run: str) -> str:
    for source in (run, run[::-1]):
        for length in range(len(source), 3, -1):
            for start in range(len(source) - length + 1):
                text = text.replace(source[start : start + length], " ")
    return text


def _repeats(folded: str) -> bool:
    return re.fullmatch(r"(.{1,6}?)\1{2,}.{0,5}", folded) is not None


def _contains(folded: str, word: str) -> bool:
    if len(word) >= 5:
        return word in folded or word in folded.translate(_LEET)
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", folded) is not None


def _parts(known: Iterable[str]) -> set[str]:
    return {part for text in known for part in re.split(r"[^a-z0-9]+", fold(text)) if len(part) >= 4}


@cache
def _listed() -> tuple[str, ...]:
    lines = (Path(__file__).parent.parent / "data" / "passwords.txt").read_text(encoding="utf-8").split()
    return tuple(sorted(set(lines), key=lambda word: (-len(word), word)))


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody signs in with this")
