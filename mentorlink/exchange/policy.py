"""Who may bring files and take them away."""

from __future__ import annotations

from mentorlink.exchange.models import ImportFile
from mentorlink.kernel.actor import Actor
from mentorlink.people.policy import HR, may_save_files, reads_every_nip


def may_bring_file(actor: Actor) -> bool:
    """HR and administrators of the whole agency: a file may name anybody."""
    return may_save_files(actor)


def may_settle_import(actor: Actor, _row: ImportFile) -> bool:
    """Whoever may bring files; colleagues of HR share what waits."""
    return may_save_files(actor)


def may_read_numbers(actor: Actor, row: ImportFile) -> bool:
    """HR, and who brought the file: an administrator does not read in it whom a colleague of HR named by their NIP."""
    return reads_every_nip(actor) or actor.is_person(row.uploaded_by_id)


def may_take_file(actor: Actor) -> bool:
    """HR and administrators, each of the people that they look after."""
    return actor.has(*HR)


def may_tidy_imports(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system


def may_load_pack(actor: Actor) -> bool:
    """What a pack of mappings brings along belongs to the whole agency."""
    return may_save_files(actor)
