"""Use cases of exchange."""

from mentorlink.exchange.actions.imports import (
    Outcome,
    apply_import,
    bring_file,
    drop_import,
    read_as,
    remap_import,
    take_in,
    tidy_imports,
)
from mentorlink.exchange.actions.mappings import forget_mapping, save_mapping
from mentorlink.exchange.actions.outgoing import note_export
from mentorlink.exchange.actions.packs import PackReport, load_pack, take_in_pack

__all__ = [
    "Outcome",
    "PackReport",
    "apply_import",
    "bring_file",
    "drop_import",
    "forget_mapping",
    "load_pack",
    "note_export",
    "read_as",
    "remap_import",
    "save_mapping",
    "take_in",
    "take_in_pack",
    "tidy_imports",
]
