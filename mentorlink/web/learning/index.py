"""Pages of the professionalism index: where somebody stands, what HR enters, the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import Invalid, NotFound
from mentorlink.kernel.inputs import read, read_form
from mentorlink.learning import actions
from mentorlink.learning.inputs import ContractInput, IndexFactInput, IndexRuleInput
from mentorlink.learning.policy import may_change_hours_rule, may_enter_index
from mentorlink.learning.queries import paths_known
from mentorlink.learning.queries.index import (
    every_tier,
    index_for,
    index_rule_on,
    index_rules_for,
    newest_index_rule,
    person_with_index_for,
)
from mentorlink.learning.rules.index import POSTS, kind_of_post
from mentorlink.people.models import Person
from mentorlink.web.forms import Form, sent, tree
from mentorlink.web.guard import actor, requires, signed_in
from mentorlink.web.learning.blueprint import asked_year, pages, this_year
from mentorlink.web.locale import in_language

TABLES = ("qualification", "performance", "discipline")


def index_word(code: str) -> str:
    """A part, a value or a band of the index."""
    return {
        "qualification": _("Qualification"), "performance": _("Performance"), "discipline": _("Discipline"),
        "leadership": _("Leadership training"), "functional": _("Functional training"),
        "technical": _("Technical learning"), "seminar": _("Seminar and the like"),
        "s3": _("Doctorate (S3)"), "s2": _("Master (S2)"), "s1": _("Bachelor (S1, D4)"), "d3": _("Diploma (D3)"),
        "sma": _("D2, D1 or secondary school"), "below": _("Below secondary school"),
        "very_good": _("Very good"), "good": _("Good"), "fair": _("Fair"), "poor": _("Poor"), "very_poor": _("Very poor"),
        "none": _("No penalty"), "light": _("Light penalty"), "medium": _("Medium penalty"), "severe": _("Severe penalty"),
        "done": _("Done"), "not_done": _("Not done"),
    }.get(code, code)  # fmt: skip


def index_post(code: str) -> str:
    """A kind of post."""
    return {"structural": _("Leading posts"), "functional": _("Functional posts"), "executive": _("Executing posts")}[code]


def index_category(content: Mapping[str, Any], table: str, code: str) -> str:
    """A step of a table, as this version of the weights names it."""
    own = content.get("names", {}).get(table, {}).get(code)
    return in_language(own) if own else index_word(code)


def index_band(code: str) -> str:
    """How high an index is."""
    return {
        "very_high": _("very high"), "high": _("high"), "medium": _("middling"), "low": _("low"), "very_low": _("very low"),
    }[code]  # fmt: skip


pages.app_template_filter("index_word")(index_word)
pages.app_template_filter("index_band")(index_band)
pages.app_template_filter("index_post")(index_post)
pages.app_template_filter("index_category")(index_category)


@pages.get("/professionalism-index")
@signed_in
def my_index() -> str:
    """Where the actor stands."""
    return _index(person_with_index_for(actor(), actor().person_id or 0), Form())


@pages.get("/people/<int:person_id>/professionalism-index")
@signed_in
def person_index(person_id: int) -> str:
    """Where somebody stands whom HR looks after."""
    return _index(person_with_index_for(actor(), person_id), Form())


def _index(person: Person, form: Form) -> str:
    year = asked_year()
    standing = index_for(actor(), person, year)
    options = [
        (
            index_word(dimension),
            [
                (f"{dimension}:{code}", index_category(standing.rule.content, dimension, code))
                for code in standing.rule.content[dimension]
            ],
        )
        for dimension in TABLES
    ] + [
        (index_word(dimension), [(f"{dimension}:{code}", index_word(code)) for code in ("done", "not_done")])
        for dimension in ("leadership", "functional")
    ]
    return render_template(
        "learning/index.html",
        person=person,
        year=year,
        this_year=this_year(),
        standing=standing,
        form=form,
        options=options,
        may_enter=may_enter_index(actor(), person),
        may_change=may_change_hours_rule(actor()),
        today=clock.today(actor().timezone),
    )


@pages.post("/people/<int:person_id>/professionalism-index")
@signed_in
def enter_index_fact(person_id: int) -> Any:
    """Write down what a paper says."""
    person = person_with_index_for(actor(), person_id)
    dimension, _colon, value = request.form.get("fact", "").partition(":")
    said = {"dimension": dimension, "value": value, **{name: request.form.get(name, "") for name in ("source", "as_of")}}
    try:
        actions.enter_index_fact(actor(), person, read(IndexFactInput, {key: text for key, text in said.items() if text}))
    except Invalid as error:
        return _index(person_with_index_for(actor(), person_id), sent(error)), 422
    flash(_("Written down. The index counts it from now on."), "good")
    return redirect(url_for("learning.person_index", person_id=person_id), 303)


@pages.get("/professionalism-index/weights")
@requires(Role.MANAGER)
def index_weights() -> str:
    """The form of a new version of the weights, filled with the newest."""
    return _weights(None)


def _weights(form: Form | None) -> str:
    newest = newest_index_rule()
    if newest is None or not may_change_hours_rule(actor()):
        raise NotFound()
    if form is None:
        data: dict[str, Any] = {"technical_jp": newest.content["technical_jp"]}
        data |= {f"{name}.{code}": points for name in TABLES for code, points in newest.content[name].items()}
        for post, parts in newest.content["competency"].items():
            data |= {f"competency.{post}.{code}": points for code, points in parts.items()}
        data |= {f"bands.{band}": points for band, points in newest.content["bands"].items()}
        data |= {f"buckets.{path}": part for part, paths in newest.content["paths"].items() for path in paths}
        data |= {f"posts.{tier.code}": kind_of_post(newest.content, tier.code) for tier in every_tier()}
        data |= {
            f"names.{table}.{code}.{language}": name
            for table, names in newest.content.get("names", {}).items()
            for code, name in names.items()
            for language, name in name.items()
        }
        form = Form(data)
    bands = sorted(newest.content["bands"], key=lambda band: -newest.content["bands"][band])[:-1]
    return render_template(
        "learning/index_weights.html", form=form, newest=newest, tables=TABLES, bands=bands, paths=paths_known(),
        rules=index_rules_for(actor()), today=clock.today(), in_force=index_rule_on(clock.today()), tiers=every_tier(),
        posts=[(post, index_post(post)) for post in POSTS],
        buckets=[("technical", index_word("technical")), ("seminar", index_word("seminar")), ("none", _("nowhere"))],
    )  # fmt: skip


@pages.post("/professionalism-index/weights")
@requires(Role.MANAGER)
def save_index_weights() -> Any:
    """Make a new version."""
    try:
        made = actions.save_index_rule(actor(), read(IndexRuleInput, tree(request.form)))
    except Invalid as error:
        return _weights(sent(error)), 422
    flash(_("Version %(number)s of the weights holds from its day on.", number=made.number), "good")
    return redirect(url_for("learning.my_index"), 303)


@pages.post("/people/<int:person_id>/contract")
@signed_in
def note_contract(person_id: int) -> Any:
    """From which day the contract years of somebody are counted."""
    person = person_with_index_for(actor(), person_id)
    try:
        actions.note_contract(actor(), person, read_form(ContractInput, request.form))
        flash(_("Contract years are counted from this day on."), "good")
    except Invalid:
        flash(_("Please give the first day of the contract."), "warn")
    return redirect(url_for("learning.hours", person_id=person_id), 303)
