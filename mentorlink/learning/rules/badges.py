"""A certificate as Open Badge 3.0: a Verifiable Credential, signed as a compact JWS (VC-JWT, RS256)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def new_key() -> tuple[str, dict[str, str], str]:
    """A fresh key: its name (RFC 7638 thumbprint), its public half as JSON Web Key, its private half as PKCS 8."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = key.public_key().public_numbers()
    core = {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}
    name = _b64(hashlib.sha256(json.dumps(core, separators=(",", ":"), sort_keys=True).encode()).digest())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return name, {**core, "alg": "RS256", "use": "sig", "kid": name}, private


def signed_badge(credential: Mapping[str, Any], private: str, key: Mapping[str, str], *, address: str) -> str:
    """The credential under its signature. The header carries the key and where the issuer gives it out (``address``)."""
    jwk = {name: key[name] for name in ("kty", "n", "e")}
    header = {"alg": "RS256", "typ": "JWT", "kid": address, "jwk": jwk}
    body = ".".join(_b64(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in (header, credential))
    signer = serialization.load_pem_private_key(private.encode(), password=None)
    if not isinstance(signer, rsa.RSAPrivateKey):
        raise TypeError("badges are signed with RSA")
    return f"{body}.{_b64(signer.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def identity_of(email: str, salt: str) -> dict[str, Any]:
    """Whose badge it is, told only to who knows the address already."""
    digest = hashlib.sha256((email + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject", "hashed": True, "identityHash": f"sha256${digest}", "identityType": "emailAddress",
        "salt": salt,
    }  # fmt: skip


def credential_of(
    facts: Mapping[str, Any],
    *,
    number: str,
    address: str,
    issuer: Mapping[str, Any],
    achievement: Mapping[str, Any],
    identity: Mapping[str, Any],
    issued_at: datetime,
    status: Mapping[str, Any],
) -> dict[str, Any]:
    """The achievement credential of a certificate, with the claims by which a JWT says the same; ``status`` says where it is
    told whether it still holds."""
    moment = issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    subject = {
        "type": ["AchievementSubject"],
        "identifier": [dict(identity)],
        "activityStartDate": f"{facts['began_on']}T00:00:00Z",
        "activityEndDate": f"{facts['ended_on']}T00:00:00Z",
        "creditsEarned": float(facts["jp"]),
        "achievement": dict(achievement),
    }
    return {
        "@context": list(CONTEXTS),
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{achievement['name']} · {number}",
        "issuer": dict(issuer),
        "validFrom": moment,
        "credentialSubject": subject,
        "credentialStatus": dict(status),
        "evidence": [{"id": address, "type": ["Evidence"], "name": number}],
        "iss": issuer["id"],
        "jti": address,
        "nbf": int(issued_at.timestamp()),
        "iat": int(issued_at.timestamp()),
    }


LIST = 131_072
"""Badges in one list of what was revoked: so many that a look at the list does not tell whose badge is asked for."""


def place_of(certificate_id: int) -> tuple[int, int]:
    """Which list a certificate stands in, and where."""
    return divmod(certificate_id, LIST)


def status_of(certificate_id: int, listed_at: str) -> dict[str, Any]:
    """What a badge says of where to look whether it was revoked (Bitstring Status List)."""
    place = str(place_of(certificate_id)[1])
    return {
        "id": f"{listed_at}#{place}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": place, "statusListCredential": listed_at,
    }  # fmt: skip


def status_list(revoked: Iterable[int], *, address: str, issuer: str, at: datetime) -> dict[str, Any]:
    """The list itself, as a credential: a bit for each badge, set where it was revoked. ``revoked``: places in the list."""
    bits = bytearray(LIST // 8)
    for place in revoked:
        bits[place // 8] |= 0x80 >> place % 8
    subject = {
        "id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
        "encodedList": f"u{_b64(gzip.compress(bytes(bits), mtime=0))}",
    }  # fmt: skip
    return {
        "@context": [CONTEXTS[0]],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": subject,
        "iss": issuer,
        "jti": address,
        "iat": int(at.timestamp()),
    }
