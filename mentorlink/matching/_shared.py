"""What is known of words, as bytes: processes that share them read every text alike, so that their lists are the same."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from ._bridge import TextBridge
from ._errors import UnreadableFile
from ._files import bridge_facts, restored_bridge
from ._text import TextEncoder

VERSION = 1
"""Raised whenever words are read in another way than before, stems included."""
_MEMBER = "words"


class TextModel(NamedTuple):
    """Fitted encoders by name, and the bridge that they share.

    Attributes
    ----------
    encoders : mapping of str to TextEncoder
    bridge : TextBridge or None

    Examples
    --------
    >>> from mentorlink.matching import Mentor, MentorIndex, TextEncoder, TextModel
    >>> model = TextModel({"mentor": TextEncoder().fit(["anggaran", "rapat"])}, None)
    >>> again = TextModel.from_bytes(model.to_bytes())
    >>> len(MentorIndex(text_bridge=again.bridge).fit([Mentor(1)], text_model=again.encoders["mentor"]))
    1
    """

    encoders: Mapping[str, TextEncoder]
    bridge: TextBridge | None

    def to_bytes(self) -> bytes:
        """Return all of it, packed: numbers and words of the vocabulary, no text that somebody wrote.

        Raises
        ------
        NotFitted
        """
        arrays: dict[str, npt.NDArray[Any]] = {}
        facts: dict[str, Any] = {"version": VERSION, "encoders": {}}
        for name, encoder in self.encoders.items():
            encoder._check_fitted()
            arrays[f"idf.{name}"] = encoder.idf_
            facts["encoders"][name] = [encoder.get_params(), list(encoder.vocabulary_), encoder.n_documents_]
        if self.bridge is not None:
            self.bridge._check_fitted()
            facts["bridge"] = bridge_facts(self.bridge)
            arrays["bridge.directions"], arrays["bridge.idf"] = self.bridge.directions_, self.bridge.idf_
        told = np.frombuffer(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode(), np.uint8)
        written = io.BytesIO()
        np.savez_compressed(written, **{_MEMBER: told, **arrays})
        return written.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Return what was packed.

        Raises
        ------
        UnreadableFile
            ``damaged``: cut off, changed, or something else; ``other_version``: read words in another way, to be learnt anew.
        """
        try:
            with np.load(io.BytesIO(packed), allow_pickle=False) as members:
                arrays = {name: members[name] for name in members.files}
            facts = json.loads(arrays[_MEMBER].tobytes())
            if facts["version"] == VERSION:
                return cls._restored(facts, arrays)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise UnreadableFile("damaged", part=type(error).__name__) from None
        raise UnreadableFile("other_version", found=facts["version"], expected=VERSION)

    @classmethod
    def _restored(cls, facts: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> Self:
        encoders = {
            name: TextEncoder(**parameters).restore(terms, arrays[f"idf.{name}"], documents)
            for name, (parameters, terms, documents) in facts["encoders"].items()
        }
        return cls(encoders, restored_bridge(facts["bridge"], arrays) if "bridge" in facts else None)
