"""A file of many files that is handed out while it is made: nothing of it is kept anywhere."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import PurePosixPath

from mentorlink.kernel.outlet import Outlet
from mentorlink.kernel.text import fold

SMALL_ALREADY = {".webp", ".png", ".jpg", ".jpeg", ".gif", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip"}
"""Files that packing makes no smaller."""


def packed(files: Iterable[tuple[str, bytes]], at: datetime) -> Iterator[bytes]:
    """Pieces of a ZIP of ``files`` (name, content), each as soon as it is there; ``at``: when they are said to be made."""
    out = Outlet()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files:
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if PurePosixPath(name).suffix in SMALL_ALREADY else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            package.writestr(info, content)
            yield out.taken()
    yield out.taken()


def plain_name(words: str, most: int = 60) -> str:
    """``words`` as a part of a file's name: letters and digits that every system knows."""
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:most].strip("-")


def file_name(number: int, name: str) -> str:
    """The name of somebody's file in the archive: never a path, and no two alike."""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix.lower()
    ending = suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""
    return f"{number}-{plain_name(stem) or 'file'}{ending}"
