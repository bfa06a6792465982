"""Language, dates and time zone of a page, and the filters that templates use for them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request
from flask.globals import app_ctx
from flask_babel import Babel, Domain, format_date, format_datetime, format_time, get_domain, get_locale, to_user_timezone
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from mentorlink.kernel.text import clock_in
from mentorlink.people.queries import agency_names
from mentorlink.web.guard import current_person

LANGUAGES = ("id", "en")
CATALOGUES = Path(__file__).parent.parent / "translations"
FORMATS = {
    "date.medium": "d MMM y",
    "date.long": "d MMMM y",
    "date.full": "EEEE, d MMMM y",
    "time": "short",
    "time.short": "HH:mm",
    "datetime.short": "d MMM y, HH:mm",
    "datetime.medium": "d MMM y, HH:mm",
}
"""Dates and times in one order and on one clock in every language: nobody here writes the month first, or AM and PM."""

ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def chosen_language() -> str | None:
    """The language of this answer: forced (a mail), the person's, the cookie's, the browser's, the default."""
    if "language" in g:
        return str(g.language)
    if not has_request_context():
        return None
    if current_person:
        return str(current_person.locale)
    kept = request.cookies.get("language")
    return kept if kept in LANGUAGES else request.accept_languages.best_match(LANGUAGES)


def chosen_timezone() -> str | None:
    """The time zone of this answer: forced (a mail), the person's, the default."""
    if "timezone" in g:
        return str(g.timezone)
    return str(current_person.timezone) if has_request_context() and current_person else None


def in_language(words: dict[str, str] | None) -> str:
    """The words in the language of this answer, or in whichever there is."""
    if not words:
        return ""
    language = str(get_locale() or "id")
    return words.get(language) or words.get("id") or next(iter(words.values()))


def agency_name() -> str:
    """What the agency is called, in the language of this answer."""
    return in_language(agency_names())


def day(iso: str) -> str:
    """A day kept as ISO text, written out in the language of this answer."""
    return str(format_date(date.fromisoformat(iso), "long"))


def moment(when: datetime | None, pattern: str | None = None, rebase: bool = True) -> str:
    """A day with its time, in the language and time zone of this answer."""
    return clock_in(get_locale(), str(format_datetime(when, pattern, rebase)))


def time_of(when: datetime | None, pattern: str | None = None, rebase: bool = True) -> str:
    """The time of ``when``, in the language and time zone of this answer."""
    return clock_in(get_locale(), str(format_time(when, pattern, rebase)))


def on_clock(words: str) -> str:
    """Times in ``words`` as the language of this answer writes them."""
    return clock_in(get_locale(), words)


def days(first: date, last: date, length: str = "long") -> str:
    """From a day to a day, saying month and year once where they are the same: ``6–10 December 2026``."""
    end = str(format_date(last, length))
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    pattern = FORMATS[f"date.{length}"]
    return f"{format_date(first, pattern.removesuffix(' y') if first.year == last.year else pattern)} – {end}"


def zone_label(timezone: str) -> str:
    """WIB, WITA, WIT, or the name of the place."""
    return ZONE_LABELS.get(timezone) or timezone.rsplit("/", 1)[-1].replace("_", " ")


class Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """The catalogues, looked up once for each language of an answer and not for each word of it."""

    def get_translations(self) -> Any:
        """The words of the language of this answer."""
        here = g.get("_flask_babel") if g else None
        found = getattr(here, "babel_translations", None)  # emptied by flask_babel where the language changes
        if found is None:
            found = super().get_translations()
            if here is not None:
                here.babel_translations = found
        return found


def _catalogue() -> Any:
    """The words of the language of this answer; pages ask for hundreds of words, so the way there is short."""
    here = app_ctx._get_current_object().g.__dict__.get("_flask_babel")  # type: ignore[attr-defined]  # a proxy
    return getattr(here, "babel_translations", None) or get_domain().get_translations()


@pass_context
def _said(context: Context, text: str, /, **values: Any) -> str:
    """A text of a template in the language of this answer."""
    words = _catalogue().gettext(text)
    if context.eval_ctx.autoescape:
        words = Markup(words)  # noqa: S704  # a text of our own catalogues; what is put into it is escaped
    filled: str = words % values
    return filled


class Languages(Babel):  # type: ignore[misc]  # flask_babel has no types
    """Flask-Babel that reads the catalogues once; its own way reads them all anew for every request."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The catalogues, kept."""
        return Catalogues(domain=self.domain)


def set_up(app: Flask) -> None:
    """Join Flask-Babel to the catalogues, one per feature, and add the filters."""
    settings = app.config["SETTINGS"]
    domains = sorted({file.stem for file in CATALOGUES.rglob("*.po")}, key=lambda name: (name == "common", name))
    languages = Languages(
        app,
        default_locale=settings.default_locale,
        default_timezone=settings.default_timezone,
        default_domain=";".join(domains or ["common"]),
        default_translation_directories=";".join([str(CATALOGUES)] * max(1, len(domains))),
        locale_selector=chosen_language,
        timezone_selector=chosen_timezone,
    )
    languages.date_formats.update(FORMATS)
    app.jinja_env.globals.update(_=_said, gettext=_said)
    app.jinja_env.globals["days"] = days
    app.jinja_env.filters["datetimeformat"] = moment
    app.jinja_env.filters["timeformat"] = time_of
    app.jinja_env.filters["on_clock"] = on_clock
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["local"] = to_user_timezone
    app.jinja_env.filters["words"] = in_language
    app.jinja_env.filters["zone"] = zone_label
