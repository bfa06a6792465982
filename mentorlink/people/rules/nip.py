"""The NIP, an Indonesian civil servant's number: checked by its make-up, shown masked."""

from __future__ import annotations

from datetime import date

SHOWN = 3


def nip_fault(nip: str, contract: str, *, today: date) -> str | None:
    """What is wrong with ``nip`` as a code, or None.

    Permanent staff (pns): birth date, YYYYMM of appointment, 1 or 2, three digits in sequence. Contract staff have 18
    digits of another make-up, so only their number is checked.
    """
    if len(nip) != 18 or not (nip.isascii() and nip.isdigit()):
        return "nip_digits"
    if contract != "pns":
        return None
    born = _day(nip[:8])
    if born is None or not 1930 <= born.year <= today.year - 15:
        return "nip_birth_date"
    appointed = _day(nip[8:14] + "01")
    if appointed is None or appointed > today:
        return "nip_appointment"
    if appointed.year < born.year + 15:
        return "nip_too_young"
    return None if nip[14] in "12" else "nip_digit_15"


def mask_nip(nip: str) -> str:
    """All but the last three digits hidden: the first eight are the birth date, the fifteenth tells the sex."""
    return "•" * (len(nip) - SHOWN) + nip[-SHOWN:] if nip else ""


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
