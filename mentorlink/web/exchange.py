"""Pages of exchange: bring a file, look at what it would do, apply it; take files away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, stream_with_context, url_for
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from mentorlink.competencies.rules import EVIDENCE
from mentorlink.exchange import actions, queries
from mentorlink.exchange.inputs import Mapping, MappingName
from mentorlink.exchange.models import ImportFile
from mentorlink.exchange.policy import may_bring_file
from mentorlink.exchange.queries.changes import Change
from mentorlink.exchange.queries.known import names_of
from mentorlink.exchange.rules.cells import FIXED
from mentorlink.exchange.rules.columns import COLUMNS, KINDS, VERDICTS, column_of, complete, folded, likelier
from mentorlink.exchange.rules.mapping import headings_of, suggested, with_values
from mentorlink.exchange.shapes import FORMATS, csv_pieces, example, faults_table, leftover_rows, xlsx_file
from mentorlink.insights.queries.beginning import beginning_for
from mentorlink.kernel import clock, settings
from mentorlink.kernel.actor import Role
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict, Fault, Invalid, NotFound
from mentorlink.kernel.inputs import read
from mentorlink.kernel.text import fold
from mentorlink.people.queries import LANGUAGES, uninvited_count
from mentorlink.web.forms import Form, sent
from mentorlink.web.guard import actor, requires
from mentorlink.web.locale import in_language, zone_label
from mentorlink.web.words import error_sentence, fault_sentence

pages = Blueprint("exchange", __name__)
pages.app_template_filter("fault_words")(fault_sentence)
pages.app_template_filter("error_words")(error_sentence)

hr = requires(Role.MANAGER, Role.ADMINISTRATOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = 40


def kind_name(kind: str) -> str:
    """What a kind of file is called."""
    return {
        "units": _("Units"),
        "jobs": _("Jobs"),
        "people": _("People"),
        "standards": _("Job standards"),
        "assessments": _("Assessments"),
        "offers": _("Offers of mentors and coaches"),
    }[kind]


def _kind_note(kind: str) -> str:
    return {
        "units": _("The tree of units with their heads."),
        "jobs": _("Jobs with tier and field."),
        "people": _("Everyone with NIP or e-mail, unit and job."),
        "standards": _("What a job or a whole tier asks of each competency."),
        "assessments": _("Who was found at which level, when and by whom."),
        "offers": _("Who takes on how many people."),
    }[kind]


def _kind_icon(kind: str) -> str:
    icons = {
        "units": "network", "jobs": "briefcase", "people": "users-round", "standards": "scale", "assessments": "clipboard-check",
        "offers": "handshake",
    }  # fmt: skip
    return icons[kind]


@pages.get("/files")
@hr
def index() -> str:
    """Kinds of files, what to bring and what to take, and what came lately."""
    return _index(Form({"kind": request.args.get("kind", "")}))


def _index(form: Form) -> str:
    who = actor()
    return render_template(
        "exchange/index.html",
        kinds=[(kind, kind_name(kind), _kind_note(kind), _kind_icon(kind)) for kind in KINDS],
        kind_options=[(kind, kind_name(kind), _kind_note(kind)) for kind in KINDS],
        imports=queries.imports_for(who),
        may_bring=may_bring_file(who),
        form=form,
        limit=settings.current().max_upload_mb,
        kind_name=kind_name,
    )


@pages.post("/files")
@hr
def bring() -> Any:
    """Take a file; its preview is the next page."""
    upload = request.files.get("file")
    kind = request.form.get("kind", "")
    try:
        if kind not in KINDS:
            raise Invalid(Fault("kind", "missing"))
        if upload is None or not upload.filename:
            raise Invalid(Fault("file", "missing"))
        row = actions.bring_file(actor(), kind, upload.filename, content=upload.read())
    except Invalid as error:
        return _index(sent(error)), 422
    return redirect(url_for("exchange.show", import_id=row.id), 303)


@pages.get("/files/<int:import_id>")
@hr
def show(import_id: int) -> Any:
    """Where a file stands: its columns, its preview, or what came of it."""
    row = queries.import_for(actor(), import_id)
    return _show(row)


def _show(row: ImportFile, *, changed: str = "") -> Any:
    if row.state == "applied":
        return render_template(
            "exchange/applied.html",
            row=row,
            kind_name=kind_name,
            next_kind=begun.next if (begun := beginning_for(actor())) else None,
            changed=changed,
            uninvited=uninvited_count(actor()) if row.kind == "people" else 0,
        )
    if row.state == "dropped":
        return render_template("exchange/dropped.html", row=row, kind_name=kind_name)
    if complete(row.kind, list(row.mapping["columns"])):
        return _columns(row, Form())
    try:
        preview = queries.preview_for(actor(), row)
    except Invalid:
        return _columns(row, Form())
    return render_template(
        "exchange/preview.html",
        row=row,
        likelier=likelier(row.kind, preview.head),
        preview=preview,
        counts=preview.counts,
        groups=preview.groups,
        shown=GROUPS,
        changed=changed,
        kind_name=kind_name,
        column_name=_column_name,
        told=_Told(row.kind),
        **(_help_with_faults(row) if preview.faults else {"unknown": 0, "unused": []}),
    )


def _help_with_faults(row: ImportFile) -> dict[str, Any]:
    """What of the file was not understood: how many words, and which columns nothing reads."""
    table, mapping = queries.table_of(row), read(Mapping, row.mapping)
    used = {folded(heading) for source in mapping.columns.values() for heading in headings_of(source)}
    return {
        "unknown": sum(len(words) for words in queries.unknown_words(row.kind, table, mapping).values()),
        "unused": [heading for heading in table.head if heading and folded(heading) not in used | VERDICTS],
    }


def _column_name(kind: str, code: str) -> str:
    if not any(column.code == code for column in COLUMNS[kind]):
        return ""
    return column_of(kind, code).name[str(get_locale())]


class _Told:
    """What is written for a new row, in the reader's words: names beside codes, days and choices as the reader writes them."""

    def __init__(self, kind: str) -> None:
        self._options = {code: dict(options) for code, options in _options(kind).items()}
        self._words = _choice_words()

    def __call__(self, change: Change) -> str:
        value = change.value
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return str(format_date(value, "long"))
        if change.column == "languages":
            return ", ".join(in_language(LANGUAGES[code]) for code in value)
        if isinstance(value, tuple | list):
            return ", ".join(self._named("competency", code) for code in value)
        if change.column == "timezone":
            return zone_label(value)
        return f"{change.name} ({change.after})" if change.name else self._named(change.column, change.after)

    def _named(self, column: str, code: str) -> str:
        return self._words.get((column, code)) or self._options.get(column, {}).get(code, code)


def _choice_words() -> dict[tuple[str, str], str]:
    kinds = {("contract", "pns"): "PNS", ("contract", "pppk"): "PPPK", ("contract", "other"): _("Other")}
    words = {("locale", "id"): "Bahasa Indonesia", ("locale", "en"): "English", ("kind", "mentor"): _("Mentor")}
    sources = {("source", code): in_language(dict(one.name)) for code, one in EVIDENCE.items()}
    return kinds | words | {("kind", "coach"): _("Coach")} | sources


@pages.get("/files/<int:import_id>/columns")
@hr
def columns(import_id: int) -> Any:
    """Which column of the file is which of ours, and which of its words mean what."""
    row = queries.import_for(actor(), import_id)
    if row.state != "uploaded":
        return redirect(url_for("exchange.show", import_id=row.id), 303)
    return _columns(row, Form())


def _columns(row: ImportFile, form: Form) -> str:
    table, mapping = queries.table_of(row), read(Mapping, row.mapping)
    seen = queries.cells_for(actor(), row)
    plain = {code: source.column for code, source in mapping.columns.items() if source.column is not None}
    return render_template(
        "exchange/columns.html",
        row=row,
        likelier=likelier(row.kind, table.head),
        kind_name=kind_name,
        columns=COLUMNS[row.kind],
        head=table.head,
        notices=table.notices,
        samples={heading: seen(_sample(table.rows, place)) for place, heading in enumerate(table.head)},
        chosen={column.code: form.data.get(f"column.{column.code}", plain.get(column.code, "")) for column in COLUMNS[row.kind]},
        composed={
            code: " + ".join(headings_of(source)) or source.value
            for code, source in mapping.columns.items()
            if source.column is None
        },
        missing=complete(row.kind, list(mapping.columns)),
        unknown=queries.unknown_words(row.kind, table, mapping),
        options=_options(row.kind),
        column_name=_column_name,
        mappings=queries.mappings_for(actor(), row.kind),
        form=form,
        language=str(get_locale()),
    )


def _sample(rows: list[tuple[int, list[str]]], place: int) -> str:
    return ", ".join([line[place][:24] for _number, line in rows[:40] if line[place]][:3])


def _options(kind: str) -> dict[str, list[tuple[str, str]]]:
    """Column → codes to choose from, with their names."""
    language = str(get_locale())
    found = {code: [(value, value) for value in sorted(set(words.values()))] for code, words in FIXED.items()}
    for name, pairs in names_of(kind).items():
        found[name] = [(code, f"{names.get(language) or names.get('id', '')} ({code})") for code, names in pairs]
    if "unit" in found:
        found["parent"] = found["unit"]
    return found


@pages.post("/files/<int:import_id>/columns")
@hr
def map_columns(import_id: int) -> Any:
    """Read the file by the columns and words chosen; keep the mapping if it was named."""
    row = queries.import_for(actor(), import_id)
    try:
        mapping, name = _mapping_sent(row)
        actions.remap_import(actor(), row, mapping, name=name)
        if request.form.get("save_as", "").strip():
            kept = actions.save_mapping(
                actor(),
                row.kind,
                read(MappingName, {"name": request.form["save_as"]}),
                mapping=mapping,
                headings=queries.table_of(row).head,
            )
            flash(_("The mapping is kept as “%(name)s” and is used for files with the same headings.", name=kept.name), "good")
    except Invalid as error:
        named = Invalid(
            *(
                Fault(fault.field.replace("columns.", "column.").replace("name", "save_as"), fault.code, fault.facts)
                for fault in error.faults
            )
        )
        return _columns(row, sent(named)), 422
    return redirect(url_for("exchange.show", import_id=row.id), 303)


def _mapping_sent(row: ImportFile) -> tuple[Mapping, str | None]:
    if request.form.get("use_saved"):
        kept = queries.mapping_for(actor(), row.kind, request.form["use_saved"])
        return read(Mapping, kept.content), kept.name
    if request.form.get("use_suggested"):
        return suggested(row.kind, queries.table_of(row).head), None
    before = row.mapping["columns"]
    chosen: dict[str, Any] = {}
    for column in COLUMNS[row.kind]:
        heading = request.form.get(f"column.{column.code}", "")
        old = before.get(column.code)
        if heading == "=" and old is not None:
            chosen[column.code] = old
        elif heading and heading != "=":
            chosen[column.code] = {"column": heading, "values": old["values"] if old and old["column"] == heading else {}}
    mapping = read(Mapping, {"columns": chosen, "only": row.mapping.get("only")})
    return with_values(mapping, _words_sent()), None


def _words_sent() -> dict[str, dict[str, str]]:
    """Column → the file's word → ours, from pairs of fields ``word.<column>.<n>`` and ``means.<column>.<n>``."""
    words: dict[str, dict[str, str]] = {}
    for name, theirs in request.form.items():
        prefix, code, number = [*name.split(".", 2), "", ""][:3]
        if prefix == "word":
            words.setdefault(code, {})[theirs] = request.form.get(f"means.{code}.{number}", "").strip()
    return words


@pages.post("/files/<int:import_id>/kind")
@hr
def read_as(import_id: int) -> Any:
    """Take a waiting file as one of another kind."""
    row = queries.import_for(actor(), import_id)
    try:
        row = actions.read_as(actor(), row, request.form.get("kind", ""))
    except Invalid as error:
        return _index(Form({"kind": request.form.get("kind", "")}, error)), 422
    return redirect(url_for("exchange.show", import_id=row.id), 303)


@pages.post("/files/<int:import_id>/apply")
@hr
def apply(import_id: int) -> Any:
    """Apply exactly what was seen; show the new preview if it would be something else by now."""
    row = queries.import_for(actor(), import_id)
    try:
        outcome = actions.apply_import(actor(), row, seen=request.form.get("seen", ""))
    except Conflict as error:
        if error.code == "import_settled":
            db.session.refresh(row)
        return _show(row, changed=error_sentence(error)), 409
    done = outcome.counts["add"] + outcome.counts["change"]
    flash(ngettext("%(num)s row is in.", "%(num)s rows are in.", done), "good")
    return redirect(url_for("exchange.show", import_id=row.id), 303)


@pages.post("/files/<int:import_id>/drop")
@hr
def drop(import_id: int) -> Any:
    """Let go of a file that waits."""
    actions.drop_import(actor(), queries.import_for(actor(), import_id))
    flash(_("The file is gone. Nothing of it was applied."), "info")
    return redirect(url_for("exchange.index"), 303)


@pages.get("/files/<int:import_id>/faults.<form>")
@hr
def faults(import_id: int, form: str) -> Response:
    """The faulty rows as a file: the same columns, and a last one that says what to correct."""
    row = queries.import_for(actor(), import_id)
    if row.state == "applied":
        head, rows = queries.leftover_of(actor(), row)
        leftover = {"head": head, "rows": rows}
    elif row.state == "uploaded":
        leftover = leftover_rows(queries.preview_for(actor(), row))
    else:
        raise NotFound()
    head, lines = faults_table(leftover, str(get_locale()), _say_stored)
    return _file(form, _("to-correct-%(kind)s", kind=row.kind), head, lines)


def _say_stored(kept: dict[str, Any]) -> str:
    sentence = fault_sentence(Fault(kept["column"], kept["code"], kept["facts"]))
    named = not kept["heading"] or fold(kept["heading"]) in fold(sentence).split()
    return sentence if named else f"{kept['heading']}: {sentence}"


@pages.get("/files/example-<kind>.<form>")
@hr
def template(kind: str, form: str) -> Response:
    """An empty file with the headings in the reader's language and one example row."""
    if kind not in KINDS:
        raise NotFound()
    language = str(get_locale())
    head, rows = example(kind, language)
    notes = [[_("Column"), _("What to write")], *([column.name[language], column.help[language]] for column in COLUMNS[kind])]
    return _file(form, _("example-%(kind)s", kind=kind), head, iter(rows), notes=notes)


@pages.get("/files/take-<kind>.<form>")
@hr
def take(kind: str, form: str) -> Response:
    """Everything of a kind that the reader may take away."""
    if kind not in KINDS or form not in FORMATS:
        raise NotFound()
    actions.note_export(actor(), kind, form)
    name = f"{kind}-{clock.today().isoformat()}"
    return _file(form, name, queries.head_of(kind, str(get_locale())), queries.rows_for(actor(), kind))


def _file(form: str, name: str, head: list[str], rows: Iterator[list[str]], *, notes: Any = ()) -> Response:
    if form == "csv":
        body = stream_with_context(csv_pieces(head, rows))
        disposition = f'attachment; filename="{name}.csv"'
        return Response(body, mimetype="text/csv", headers={"Content-Disposition": disposition})
    if form == "xlsx":
        return send_file(xlsx_file(head, rows, notes=notes), mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")
    raise NotFound()


@pages.post("/files/mappings/<kind>/forget")
@hr
def forget(kind: str) -> Any:
    """Let go of a saved mapping."""
    actions.forget_mapping(actor(), queries.mapping_for(actor(), kind, request.form.get("name", "")))
    flash(_("The mapping is gone."), "info")
    back = request.form.get("import_id", type=int)
    return redirect(url_for("exchange.columns", import_id=back) if back else url_for("exchange.index"), 303)
