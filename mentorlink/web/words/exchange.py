"""Sentences for what files can have wrong, and for what bringing and taking them refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext


def _other_kind(f: dict[str, Any]) -> str:
    what = {
        "pdf": _("a PDF"),
        "image": _("a picture"),
        "document": _("a text document"),
        "slides": _("a presentation"),
        "archive": _("an archive"),
        "web_page": _("a web page, though it may be called .xls"),
        "old_office": _("an old or password-protected Office file"),
        "other_sheet": _("a spreadsheet of another kind"),
    }.get(f["what"])
    if what is None:
        return _("This file is no table. Please save the table as CSV (UTF-8) or XLSX without a password, and bring that.")
    return _("This file is %(what)s. Please save the table as CSV (UTF-8) or XLSX without a password, and bring that.", what=what)


def _settled(f: dict[str, Any]) -> str:
    if f.get("state") == "applied":
        return _("This file has been applied already, by you in another window or by a colleague. It was applied once.")
    return _("This file was taken back. Please bring it again.")


SENTENCES = {
    # the file
    "file_empty": lambda f: _("There is nothing in this file."),
    "no_rows": lambda f: _("This file has headings and no rows below them."),
    "file_other_kind": _other_kind,
    "file_damaged": lambda f: _("This file is damaged and cannot be opened. Please save it once more as XLSX or CSV."),
    "file_bomb": lambda f: _(
        "This file unpacks to far more than a table needs, so it was not opened. Please save the table anew as CSV."
    ),
    "file_too_large": lambda f: _("This file is larger than %(limit)s MB. Please split it.", limit=f["limit"]),
    "table_too_large": lambda f: _(
        "This table reaches to row %(rows)s and column %(columns)s;"
        " at most %(row_limit)s rows and %(column_limit)s columns are taken in."
        " Delete empty rows and columns at its edges, or split it.",
        rows=f["rows"],
        columns=f["columns"],
        row_limit=f["row_limit"],
        column_limit=f["column_limit"],
    ),
    "encoding_unknown": lambda f: _("The letters of this file cannot be read. Please save it as “CSV UTF-8”."),
    "quote_open": lambda f: _(
        "A quotation mark opens in row %(row)s and is never closed. Please correct that row.", row=f["row"]
    ),
    # about the whole file
    "read_as_cp1252": lambda f: _(
        "This file is not in UTF-8; it was read as Windows text. Please check names with accents, for example “%(sample)s”.",
        sample=f["sample"],
    ),
    "heading_twice": lambda f: _(
        "“%(heading)s” heads several columns (%(columns)s). Choose which one is meant.",
        heading=f["heading"],
        columns=f["columns"],
    ),
    "first_sheet_read": lambda f: _(
        "The workbook has several sheets; “%(sheet)s” was read, and not: %(others)s.", sheet=f["sheet"], others=f["others"]
    ),
    "holds_formulas": lambda f: ngettext(
        "%(num)s cell holds a formula (%(cells)s). Its last result was read; please check it.",
        "%(num)s cells hold formulas (%(cells)s …). Their last results were read; please check them.",
        f["num"],
        cells=f["cells"],
    ),
    # mapping
    "mapping_source": lambda f: _("A value comes from a column, from a fixed word, or from parts: exactly one of these."),
    "mapping_column_unknown": lambda f: _("There is no column “%(column)s” in this kind of file.", column=f["column"]),
    "mapping_unreadable": lambda f: _("This is no mapping that can be read. Please compare it with the one that comes along."),
    "too_many_rows": lambda f: _(
        "At most %(most)s rows can be tried out. Bring larger files in as people and offers, and begin a round.", most=f["most"]
    ),
    "nobody_in_file": lambda f: _(
        "Nobody in this file could be read. Please look at the rows that are named, or at the columns."
    ),
    "heading_missing": lambda f: _("This file has no column headed “%(heading)s”.", heading=f["heading"]),
    "column_needed": lambda f: _("Please choose the column of the file that holds this."),
    "mapping_not_found": lambda f: _("There is no saved mapping “%(name)s”.", name=f.get("name", "")),
    "mapping_taken": lambda f: _("Somebody saved a mapping of this name a moment ago. Please choose another name."),
    # cells
    "cell_empty": lambda f: _("This is empty and is needed. Please fill it in."),
    "cell_error": lambda f: _("The spreadsheet shows an error here. Please put the right value."),
    "characters_lost": lambda f: _("Some letters were lost when this file was saved. Please write them again."),
    "number_rounded": lambda f: _(
        "The spreadsheet rounded this number and its last digits are lost."
        " Format the column as text and enter all 18 digits again."
    ),
    "word_unknown": lambda f: _("“%(word)s” is not among the words that this column takes.", word=f["word"]),
    "competency_code_unknown": lambda f: _("There is no competency with the code or name “%(code)s”.", code=f["code"]),
    "person_not_here": lambda f: _("Nobody here has this e-mail address or NIP. Load people first."),
    "mentorship_speaks": lambda f: _("Levels from a mentorship follow from its closing and are not entered by a file."),
    "heads_twice": lambda f: _("Several rows head the same unit. Please leave “yes” in one of them."),
    "head_not_here": lambda f: _(
        "This head is not here yet, so the unit goes in with the head it has now, or without one."
        " Load people next, and then this file again."
    ),
    "rows_disagree_all": lambda f: _("These rows share this value and otherwise say different things. Please keep one of them."),
    "rows_disagree": lambda f: ngettext(
        "Row %(rows)s is about the same and says something else. Please keep one of them.",
        "Rows %(rows)s are about the same and say something else. Please keep one of them.",
        f["num"],
        rows=f["rows"],
    ),
    # applying
    "import_settled": _settled,
    "import_waits": lambda f: _("This file waits already. Please open it from the list."),
    "preview_changed": lambda f: _(
        "Something changed since this preview was made, so nothing was applied. Please look at the new preview below."
    ),
    "nothing_to_apply": lambda f: _("Everything in this file stands already. There is nothing to apply."),
    # locks
    "may_bring_file": lambda f: _("Files are taken in by HR and administrators of the whole agency."),
    "may_settle_import": lambda f: _("Files are taken in by HR and administrators of the whole agency."),
    "may_take_file": lambda f: _("Files are handed out to HR and administrators."),
    "may_tidy_imports": lambda f: _("The house does this by itself."),
    "may_load_pack": lambda f: _("Files are taken in by HR and administrators of the whole agency."),
    # deeds in the record
    "audit.file_applied": lambda f: _("Applied a file"),
    "audit.file_taken": lambda f: _("Took a file away"),
}
