"""An index as a file that several processes map.

Layout: 8 bytes ``MENTORIX``; version, checksum and length of the head, as little-endian 32, 32 and 64 bits; the head, JSON; then
the arrays, each from a multiple of 64 bytes on. The head says of each where it starts, its kind, shape and checksum. Nothing
in the file is code: it may come from anywhere.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._bridge import TextBridge
from ._encoders import CategoryEncoder, LevelEncoder
from ._errors import UnreadableFile
from ._pool import BLOCK, FEATURES, Pool
from ._records import Rules, Weights
from ._text import TextEncoder
from ._texts import Texts

MAGIC = b"MENTORIX"
VERSION = 1
_START = struct.Struct("<8sIIQ")
_ALIGNED = 64
_POOL_ARRAYS = ("levels", "tops", "ids", "state", "digests", "numbers")
_BY_ROW = ("starts", "counts", "changed", "tongues", "points")
_TEXT_ARRAYS = (*_BY_ROW, "terms", "weights", "list_ends", "list_rows", "list_weights", "common")
Arrays = dict[str, npt.NDArray[Any]]


def packed(parameters: Mapping[str, Any], pool: Pool, texts: Texts) -> tuple[dict[str, Any], Arrays]:
    """Return what is to be written: facts for the head, and copies of the arrays with room for an eighth more rows."""
    room = min(pool.capacity, pool.size + pool.size // 8 + 64)
    blocks = len(range(0, room, BLOCK))
    arrays: Arrays = {f"pool.{name}": _trimmed(getattr(pool, name), blocks if name == "tops" else room) for name in _POOL_ARRAYS}
    for name in _TEXT_ARRAYS:
        array = getattr(texts, name)
        if name in _BY_ROW:
            array = array[:room]
        elif name in ("terms", "weights"):
            array = array[: min(len(array), texts.used + texts.used // 8 + 64)]
        arrays[f"texts.{name}"] = np.array(array)
    arrays["texts.idf"] = texts.encoder.idf_
    facts: dict[str, Any] = {
        "parameters": {name: _plain(value) for name, value in parameters.items()},
        "competencies": pool.level_encoder.competencies_,
        "categories": {name: [_plain(value) for value in pool.encoders[name].categories_] for name in FEATURES[2:]},
        "size": pool.size,
        "free": pool.free,
        "blocked": [(row, sorted(people)) for row, people in pool.blocked.items()],
        "failed_with": [(row, sorted(people)) for row, people in pool.failed_with.items()],
        "used": texts.used,
        "rows": texts.size,
        "changes": texts.changes,
        "encoder": texts.encoder.get_params(),
        "vocabulary": list(texts.encoder.vocabulary_),
        "n_documents": texts.encoder.n_documents_,
    }
    if texts.bridge is not None:
        bridge = texts.bridge
        arrays["bridge.directions"], arrays["bridge.idf"] = bridge.directions_, bridge.idf_
        facts["bridge"] = bridge_facts(bridge)
    return facts, arrays


def bridge_facts(bridge: TextBridge) -> dict[str, Any]:
    """Return of a bridge what is no array."""
    return {
        "parameters": bridge.get_params(),
        "vocabulary": list(bridge.vocabulary_),
        "tongues": bridge.tongues_,
        "scale": bridge.scale_,
    }


def restored_bridge(told: Mapping[str, Any], arrays: Arrays) -> TextBridge:
    """Return the bridge of which these are the facts and arrays."""
    return TextBridge(**told["parameters"]).restore(
        told["vocabulary"], told["tongues"], tuple(told["scale"]), arrays["bridge.directions"], arrays["bridge.idf"]
    )


def write(path: str | os.PathLike[str], facts: dict[str, Any], arrays: Arrays) -> None:
    """Write a file beside the old one and put it in its place at once."""
    target = Path(path)
    table, at = {}, 0
    for name, array in arrays.items():
        table[name] = {
            "at": at,
            "kind": array.dtype.str,
            "shape": array.shape,
            "checksum": zlib.crc32(np.ascontiguousarray(array)),
        }
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    head = json.dumps({**facts, "arrays": table, "length": at}, separators=(",", ":")).encode()
    handle, written = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_START.pack(MAGIC, VERSION, zlib.crc32(head), len(head)))
            file.write(head)
            begin = _begin(len(head))
            for name, array in arrays.items():
                file.seek(begin + table[name]["at"])
                file.write(np.ascontiguousarray(array).tobytes())
            file.truncate(begin + at)
            file.flush()
            os.fsync(file.fileno())
        os.replace(written, target)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


def read(path: str | os.PathLike[str], *, mapped: bool) -> tuple[dict[str, Any], Pool, Texts]:
    """Return parameters, pool and texts of a file.

    Raises
    ------
    OSError
        There is no such file, or it may not be read.
    UnreadableFile
        ``not_an_index``, ``other_version``, ``damaged``.
    """
    with open(path, "rb") as file:
        start = file.read(_START.size)
        if len(start) < _START.size or start[: len(MAGIC)] != MAGIC:
            raise UnreadableFile("not_an_index", path=str(path))
        _, version, checksum, length = _START.unpack(start)
        if version != VERSION:
            raise UnreadableFile("other_version", path=str(path), found=version, expected=VERSION)
        size = os.fstat(file.fileno()).st_size
        head = file.read(length) if length <= size - _START.size else b""
        if len(head) != length or zlib.crc32(head) != checksum:
            raise UnreadableFile("damaged", path=str(path), part="head")
        facts = json.loads(head)
        begin = _begin(length)
        if size != begin + facts["length"]:
            raise UnreadableFile("damaged", path=str(path), part="length")
        file.seek(0)
        memory: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) if mapped else bytearray(file.read())
    arrays: Arrays = {}
    for name, told in facts["arrays"].items():
        kind, shape = np.dtype(told["kind"]), tuple(told["shape"])
        count = int(np.prod(shape, dtype=np.int64))
        array = np.frombuffer(memory, kind, count, begin + told["at"]).reshape(shape)
        if zlib.crc32(array) != told["checksum"]:
            raise UnreadableFile("damaged", path=str(path), part=name)
        arrays[name] = array
    return _parameters(facts["parameters"]), _pool(facts, arrays), _texts(facts, arrays)


def _begin(head: int) -> int:
    return -(-(_START.size + head) // _ALIGNED) * _ALIGNED


def _trimmed(array: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
    return np.array(array[..., :length])


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; sets in order."""
    if isinstance(value, Weights | Rules):
        told = {name: _plain(getattr(value, name)) for name in type(value).__slots__}
        return {"type": type(value).__name__, **told}
    if isinstance(value, Mapping):
        return [[key, _plain(each)] for key, each in value.items()]
    if isinstance(value, frozenset | set):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _parameters(told: dict[str, Any]) -> dict[str, Any]:
    found = dict(told)
    if found.get("weights") is not None:
        given = dict(found["weights"])
        del given["type"]
        given["grade_points"] = {int(distance): share for distance, share in given["grade_points"]}
        if given["curves"] is not None:
            given["curves"] = {name: tuple((x, y) for x, y in corners) for name, corners in given["curves"]}
        found["weights"] = Weights(**given)
    if found.get("rules") is not None:
        given = dict(found["rules"])
        del given["type"]
        found["rules"] = Rules(**given)
    if found.get("utc_offsets") is not None:
        found["utc_offsets"] = dict(found["utc_offsets"])
    return found


def _pool(facts: dict[str, Any], arrays: Arrays) -> Pool:
    levels = LevelEncoder(competencies=facts["parameters"]["competencies"]).partial_fit(facts["competencies"])
    pool = Pool.empty(levels)
    for name, values in facts["categories"].items():
        made = frozenset if name == "languages" else tuple if name == "unit" else str
        pool.encoders[name] = CategoryEncoder(feature=name).fit([made(value) for value in values[1:]])
    for name in _POOL_ARRAYS:
        setattr(pool, name, arrays[f"pool.{name}"])
    pool.size, pool.free = facts["size"], facts["free"]
    rows = np.ones(pool.size, np.bool_)
    rows[pool.free] = False
    present = np.flatnonzero(rows)
    pool.row_of = dict(zip(pool.ids[present].tolist(), present.tolist(), strict=True))
    for name in ("blocked", "failed_with"):
        pool.point(name, {row: frozenset(people) for row, people in facts[name]})
    return pool


def _texts(facts: dict[str, Any], arrays: Arrays) -> Texts:
    encoder = TextEncoder(**facts["encoder"]).restore(facts["vocabulary"], arrays["texts.idf"], facts["n_documents"])
    bridge = restored_bridge(facts["bridge"], arrays) if "bridge" in facts else None
    texts = Texts(encoder, bridge)
    for name in _TEXT_ARRAYS:
        setattr(texts, name, arrays[f"texts.{name}"])
    texts.used, texts.size, texts.changes = facts["used"], facts["rows"], facts["changes"]
    texts.look_through()
    return texts
