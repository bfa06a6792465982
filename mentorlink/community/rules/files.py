"""Files in rooms: images are drawn anew, so that only a picture is left; documents must be what they say."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from mentorlink.kernel.errors import Fault, Invalid

FILE_MB = 10
"""Largest file taken in."""

FILES = 6
"""Files one message may carry."""

SIDE, SMALL_SIDE = 2048, 720
"""Longest side of an image as kept, and as the talk shows it."""

PIXELS = 50_000_000
"""An image of more is not opened."""

NAME_LENGTH = 120
_UNPACKED = 200 * 2**20
_INFECTED = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/markdown",
}
_PICTURES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|SubmitForm|OpenAction(?!\s*\[)|AA\s*(?:<<|\d+\s+\d+\s+R)|JS\s*(?:[(<]|\d+\s+\d+\s+R))"
)
"""Names in a PDF that make a reader do something, or that carry files of their own."""
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    name: str
    kind: str
    media_type: str
    content: bytes
    small: bytes | None = None
    width: int | None = None
    height: int | None = None


def check(name: str, content: bytes) -> Checked:
    """The file as it is kept; raises Invalid with one clear fault."""
    name = clean_name(name)
    end = PurePath(name).suffix.lower().lstrip(".")
    if not content:
        raise _fault("attached_empty", name)
    if len(content) > FILE_MB * 2**20:
        raise _fault("attached_too_large", name, limit=FILE_MB)
    if _INFECTED in content:
        raise _fault("attached_infected", name)
    if end in _PICTURES:
        return _picture(name, content)
    if end not in _DOCUMENTS:
        raise _fault("attached_other_kind", name)
    _check_document(name, end, content)
    return Checked(name, "document", _DOCUMENTS[end], content)


def clean_name(name: str) -> str:
    """A name without path and control characters, of bearable length; its end stays."""
    name = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"<>|*?:]", "", re.split(r"[\\/]", name)[-1]).strip(". ")
    path = PurePath(name or "file")
    return path.stem[: NAME_LENGTH - len(path.suffix[:12])] + path.suffix[:12]


def _picture(name: str, content: bytes) -> Checked:
    from PIL import Image, ImageOps  # a tenth of a second that only pictures need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=sorted(set(_PICTURES.values()))) as found:
                if found.width * found.height > PIXELS:
                    raise _fault("image_too_large", name)
                found.draft("RGB", (SIDE, SIDE))
                image = ImageOps.exif_transpose(found)
                clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
                image = image.convert("RGBA" if clear else "RGB")
    except Invalid:
        raise
    except Exception:  # a decoder may stumble over broken bytes in any way
        raise _fault("attached_damaged", name) from None
    image.thumbnail((SIDE, SIDE))
    small = image.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    kept = _drawn(image, 82)
    return Checked(f"{PurePath(name).stem}.webp", "image", "image/webp", kept, _drawn(small, 74), image.width, image.height)


def _drawn(image: object, quality: int) -> bytes:
    """The picture's points and nothing else that its file held."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")  # type: ignore[attr-defined]
    return out.getvalue()


def _check_document(name: str, end: str, content: bytes) -> None:
    if end == "pdf":
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
            raise _fault("attached_damaged", name)
        if _ACTIVE.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)):
            raise _fault("attached_active", name)
    elif end in ("txt", "csv", "md"):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            raise _fault("attached_not_text", name) from None
        if b"\x00" in content:
            raise _fault("attached_not_text", name)
    else:
        _check_package(name, end, content)


def _check_package(name: str, end: str, content: bytes) -> None:
    """An office file: a package of the kind it says, without programs, that does not unpack to something enormous."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if len(parts) > 5000 or sum(part.file_size for part in parts) > _UNPACKED:
                raise _fault("attached_too_large", name, limit=FILE_MB)
            if any(part.flag_bits & 1 for part in parts):
                raise _fault("attached_locked", name)
            if any(
                part.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) or part.startswith("Basic/")
                for part in names
            ):
                raise _fault("attached_active", name)
            good = _PARTS[end] in names if end in _PARTS else package.read("mimetype").decode() == _DOCUMENTS[end]
    except Invalid:
        raise
    except Exception:  # whatever is wrong with the package
        raise _fault("attached_damaged", name) from None
    if not good:
        raise _fault("attached_damaged", name)


def _fault(code: str, name: str, **facts: object) -> Invalid:
    return Invalid(Fault("files", code, {"name": name, **facts}))
