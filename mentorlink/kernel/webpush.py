"""Web push: a few words sealed for one browser (RFC 8291), and who sends them (VAPID, RFC 8292). Sends nothing itself.

A subscription is what a browser gives: the address of its push service, its public key and a secret shared with it.
"""

from __future__ import annotations

import base64
import json
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MOST = 3000
"""Bytes of a message; push services take 4096 sealed ones."""

_CURVE = ec.SECP256R1()
_RECORD = 4096
_HOURS = 12
"""Hours for which a signature holds; services accept up to 24."""


def new_key() -> str:
    """A fresh private key, as the settings keep it: 32 bytes in url-safe base64."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def public_key(key: str) -> str:
    """The public half, as a browser takes it."""
    return encode(_point(_private(key).public_key()))


def is_key(key: str) -> bool:
    """True for what ``new_key`` makes."""
    try:
        return len(decode(key)) == 32 and bool(_private(key))
    except ValueError:
        return False


def is_subscription(public: str, shared: str) -> bool:
    """True for a point on the curve and a secret of 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(public))
        return len(decode(shared)) == 16
    except ValueError:
        return False


def seal(words: bytes, *, public: str, shared: str) -> bytes:
    """``words`` so that only the browser with that key and secret reads them: one record of aes128gcm."""
    return seal_with(words, public=public, shared=shared, own=ec.generate_private_key(_CURVE), salt=secrets.token_bytes(16))


def seal_with(words: bytes, *, public: str, shared: str, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The same with a key pair and salt that are given: both are for one message only."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(public))
    ours = _point(own.public_key())
    about = b"WebPush: info\0" + _point(theirs) + ours
    secret = _derive(own.exchange(ec.ECDH(), theirs), salt=decode(shared), info=about, length=32)
    key = _derive(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derive(secret, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, words + b"\x02", None)


def headers(endpoint: str, *, key: str, contact: str, now: datetime, seconds: int) -> dict[str, str]:
    """What goes with the message: who sends it (signed for the service of ``endpoint``), and how long it is kept there."""
    parts = urlsplit(endpoint)
    until = int((now + timedelta(hours=_HOURS)).timestamp())
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until, "sub": contact}
    said = ".".join(encode(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_private(key).sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{said}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return {
        "Authorization": f"vapid t={token}, k={public_key(key)}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Urgency": "normal",
    }


def encode(raw: bytes) -> str:
    """Url-safe base64 without padding, as push takes everything."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The reverse; raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(key), "big"), _CURVE)


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
