"""Words of a text, for Indonesian and English mixed: small letters, no figures, affixes off.

Two rules and no dictionary: one suffix, then at most two prefixes. It need not find the true root, only bring the forms of a
word to one form: *pelatihan, melatih, dilatih* → *latih*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TOKEN = re.compile(r"\w+|[.,;:!?()/\n]")
_SUFFIX = re.compile(r"(?:nya)?(?:kan|(?<=[^aiueo])i|an)?$")
_NASAL = (
    (re.compile(r"^(?:me|pe)ny(?=[aiueo])"), "s"),
    (re.compile(r"^(?:me|pe)ng(?=[aiueo])"), ""),
    (re.compile(r"^(?:me|pe)ng(?=[ghk])"), ""),
    (re.compile(r"^(?:me|pe)m(?=[aiueo])"), "p"),
    (re.compile(r"^(?:me|pe)m(?=[bfp])"), ""),
    (re.compile(r"^(?:me|pe)n(?=[aiueo])"), "t"),
    (re.compile(r"^(?:me|pe)n(?=[cdjsz])"), ""),
    (re.compile(r"^(?:be|pe)l(?=ajar)"), ""),
    (re.compile(r"^(?:be|te|pe)(?=[^aiueo]er)"), ""),
    (re.compile(r"^(?:di|ter|ber|per)(?=[^aiueo][aiueo]|[aiueo][^aiueo])"), ""),
    (re.compile(r"^(?:me(?=[lrwy])|pe)(?=[^aiueo][aiueo])"), ""),
)
_ABSTRACT = re.compile(r"^ke(?=[^aiueo]?[aiueo]\w*an(?:nya)?$)")
_PLURAL = re.compile(r"(?<=[^aiueos])s$")
# Roots that the rules would cut or mistake.
_WHOLE = _set("mentor mentee mentoring menteri metode didik dinas peran perlu periksa perintah")
_MENDED = {"tilai": "nilai", "tasihat": "nasihat", "encana": "rencana"}

STOP_WORDS = _set(
    """
    ada adalah agar akan antara apa atas atau bagi bagaimana bahwa baik banyak bagian beberapa belum bisa bukan cara
    dalam dan dapat dari daripada demi dengan di dia hal hanya harus hingga ia ialah ingin ini itu jadi jika juga kami
    kan karena ke kepada kita lagi lain lebih lewat maka mampu masih mau melalui mereka mulai namun oleh pada para pasti
    per pernah pula pun saat saja salah sambil sampai sangat saya sebagai sebuah secara sedang sehingga sejak selama
    seluruh semua seperti serta setiap siap suatu sudah supaya tahun tanpa tapi telah tentang terhadap tetapi tiap tidak
    untuk yaitu yakni yang
    about after all also am an and any are as at be been before but by can could do does for from had has have how i if
    in into is it its like me more most my not of on one or other our out over own she should so some such than that
    the their them then there these they this those through to too under up us very want was we were what when where
    which who will with would year years you your
    """
)

# Whoever writes such a word about themselves is not to be found or missed for it: sex, religion, ethnicity, marital status, age.
UNCOMPARED = _set(
    """
    pria wanita laki lelaki perempuan gadis ibu bapak male female man men woman women gender kelamin
    istri suami nikah menikah lajang janda duda kawin husband wife married widow
    agama islam muslim muslimah kristen kristiani protestan katolik hindu buddha budha konghucu khonghucu religion
    christian catholic buddhist gereja masjid pura wihara church mosque
    suku etnis ethnic jawa sunda batak minang minangkabau bugis makassar betawi madura melayu dayak banjar bali sasak
    tionghoa cina papua aceh toraja ambon javanese sundanese balinese chinese
    usia umur age aged muda tua young old
    """
)


def words(text: str) -> Iterator[tuple[str, str] | None]:
    """Yield (stem, word as written, in small letters) in order; None where a phrase ends or a word was left out."""
    for match in TOKEN.finditer(text.lower()):
        word = match.group()
        stemmed = stem(word)
        yield (stemmed, word) if stemmed else None


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the compared form of a word in small letters, or ``""`` if it is not compared at all."""
    if len(word) < 2 or not word.isalpha() or word in STOP_WORDS or word in UNCOMPARED:
        return ""
    if len(word) <= 4:
        return word
    if word in _WHOLE:
        return _without_k(word)
    root = _without_prefix(_without_prefix(_without_suffix(_ABSTRACT.sub("", word))))
    return "" if root in UNCOMPARED else _without_k(_MENDED.get(root, root))


def _without_suffix(word: str) -> str:
    found = _SUFFIX.search(word)
    cut = word[: found.start()] if found and found.group() else _PLURAL.sub("", word)
    return cut if len(cut) >= 4 else word


def _without_prefix(word: str) -> str:
    if len(word) <= 4 or word in _WHOLE:
        return word
    for prefix, instead in _NASAL:
        cut, found = prefix.subn(instead, word)
        if found:
            return cut if len(cut) >= 3 else word
    return word


def _without_k(root: str) -> str:
    """Drop the k that *meng-* swallows (*kelola, mengelola*) and that cannot be told from the one of *-kan* (*bentukan*)."""
    if len(root) >= 5 and root[0] == "k" and root[1] in "aiueo":
        root = root[1:]
    return root[:-1] if len(root) >= 5 and root[-1] == "k" else root
