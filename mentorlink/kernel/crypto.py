"""Encryption of confidential columns with a key ring: the first key seals, every key opens."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_ring: list[MultiFernet] = []


def load_keys(keys: tuple[str, ...]) -> None:
    """Take the key ring into use, newest key first."""
    _ring[:] = [MultiFernet([Fernet(key) for key in keys])]


def seal(text: str) -> bytes:
    """Encrypt ``text``."""
    return _ring[0].encrypt(text.encode())


def unseal(data: bytes) -> str:
    """Decrypt what ``seal`` made with any key of the ring; raises ValueError under a wrong ring."""
    try:
        return _ring[0].decrypt(data).decode()
    except InvalidToken:
        raise ValueError("a confidential value cannot be read with this key ring") from None


def opens(data: bytes) -> bool:
    """True when a key of the ring sealed this."""
    try:
        unseal(data)
    except ValueError:
        return False
    return True


def new_token() -> str:
    """A fresh 256-bit token for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: its SHA-256, hexadecimal. The token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()
