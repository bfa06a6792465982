"""Two people write the same thing: who saves later is shown what the other wrote, before it is gone.

A form carries a stamp of what it was filled with. Where something else stands by then, the action refuses, and the page shows
both. What a form does not hold may change meanwhile as it likes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mentorlink.kernel.errors import Conflict


def stamp(values: Mapping[str, Any]) -> str:
    """A short name for just these values."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def refuse_if_changed(seen: str | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Conflict where a locked row is written over that is not what ``seen`` is the stamp of. The same once more is no change."""
    if seen and before != after and seen != stamp(before):
        raise Conflict("changed_meanwhile")
