"""Papers: the same words as the pages, as tagged PDF (PDF/UA) in either language. Nothing is fetched from anywhere."""

from __future__ import annotations

import atexit
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, g, render_template, url_for
from flask_babel import force_locale, refresh
from flask_babel import gettext as _

from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.learning import actions
from mentorlink.learning.models import Certificate, LearningPeriod, RecapRow
from mentorlink.learning.queries import paper_of_certificate
from mentorlink.learning.queries.periods import uncertified
from mentorlink.learning.rules.numerals import in_words
from mentorlink.learning.rules.papers import facts_of_row
from mentorlink.web.locale import LANGUAGES, agency_name

BATCH = 50
"""Certificates rendered, then issued in one transaction: what is lost at most when the process dies."""

TAGGED = "pdf/ua-1"

WEIGHTS = {400: "normal", 700: "bold"}


@cache
def _kit() -> tuple[Any, Any, Any]:
    """What every paper needs, made once per process: the fetcher that fetches nothing, the style, the fonts."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    static = Path(current_app.static_folder or "")
    faces = []
    for weight, name in WEIGHTS.items():
        font = (static / f"vendor/inter/{weight}.ttf").as_uri()
        faces.append(f"@font-face {{ font-family: Inter; font-weight: {name}; src: url({font}) }}")
    config = FontConfiguration()
    style = "\n".join((*faces, (static / "css" / "papers.css").read_text(encoding="utf-8")))
    local = URLFetcher(allowed_protocols=("file",))
    return URLFetcher(allowed_protocols=("data",)), CSS(string=style, font_config=config, url_fetcher=local), config


atexit.register(_kit.cache_clear)  # the fonts are let go while the library that holds them is still there


@cache
def can_draw() -> bool:
    """Whether this machine has the library below WeasyPrint, Pango."""
    try:
        import weasyprint  # noqa: F401  # it looks for the library at once
    except OSError:
        return False
    return True


def as_pdf(html: str) -> bytes:
    """A page as tagged PDF; Conflict where this machine cannot make any."""
    return bytes(_drawn(html).write_pdf(pdf_variant=TAGGED) or b"")


def _drawn(html: str) -> Any:
    if not can_draw():
        raise Conflict("no_papers")
    from weasyprint import HTML

    fetcher, style, config = _kit()
    return HTML(string=html, url_fetcher=fetcher).render(stylesheets=[style], font_config=config, pdf_variant=TAGGED)


@contextmanager
def in_tongue(language: str) -> Iterator[None]:
    """Words, dates and addresses as for somebody who reads ``language``, wherever this runs."""
    settings = current_app.config["SETTINGS"]
    with current_app.test_request_context(base_url=settings.base_url):
        g.language, g.timezone = language, settings.default_timezone
        refresh()
        with force_locale(language):
            yield


@dataclass(frozen=True)
class Sheet:
    """What a certificate says: its facts, its number, and the code that checks it."""

    facts: dict[str, Any]
    number: str
    code: str


def certificate_pdfs(sheets: Sequence[Sheet], language: str) -> list[bytes]:
    """The papers of some certificates in one language, each a file of its own.

    They are laid out together, so that the style is worked out once and not for each, and written apart.
    """
    if not sheets:
        return []
    with in_tongue(language):
        html = render_template(
            "learning/papers/certificate.html",
            papers=[(sheet, *_address(sheet.code)) for sheet in sheets],
            in_words=lambda jp: in_words(jp, language),
            language=language,
            agency_name=(agency := agency_name()),
        )
        drawn, title = _drawn(html), _("Certificate")
    begins = [
        number for number, page in enumerate(drawn.pages) if page.bookmarks
    ]  # each paper has one heading, on its first page
    ends = [*begins[1:], len(drawn.pages)]
    return [
        _written(drawn, drawn.pages[begin:end], f"{title} {sheet.number}", sheet, agency)
        for begin, end, sheet in zip(begins, ends, sheets, strict=True)
    ]


def _address(code: str) -> tuple[str, str]:
    """Where a certificate is checked, as an address and as a QR code of it."""
    import segno

    address = url_for("learning.check", code=code, _external=True)
    return address, segno.make(address, error="m", micro=False, mask=4).png_data_uri(scale=4, border=2)


def _written(drawn: Any, pages: list[Any], title: str, sheet: Sheet, agency: str) -> bytes:
    one = drawn.copy(pages)
    one.metadata = copy(drawn.metadata)
    one.metadata.title, one.metadata.description = title, sheet.facts["name"]
    one.metadata.authors = [sheet.facts.get("issuing_unit") or agency]
    return bytes(one.write_pdf(pdf_variant=TAGGED) or b"")


def paper_for(certificate: Certificate, language: str) -> bytes:
    """The paper of a certificate that stands: as it was given out first, or made and kept now."""
    kept = paper_of_certificate(certificate, language)
    if kept is None:
        (content,) = certificate_pdfs([Sheet(certificate.facts, certificate.number, certificate.code)], language)
        actions.keep_paper(Actor.system(), certificate, language, content=content)
        kept = paper_of_certificate(certificate, language) or content
    return kept


def issue_certificates(payload: dict[str, Any]) -> None:
    """Job: issue what a frozen period still lacks, in batches; killed half-way and begun again it goes on where it stopped."""
    house = Actor.system()
    while True:
        period = db.session.get(LearningPeriod, payload["period_id"])
        if period is None:
            return
        drafts = drafts_of(period, uncertified(period, limit=BATCH))
        db.session.rollback()
        if not drafts:
            actions.finish_certificates(house, period)
            return
        actions.issue_drafts(house, period, drafts)
        jobs.keep_lease()


def drafts_of(period: LearningPeriod, rows: Sequence[RecapRow]) -> list[actions.Draft]:
    """Lines of a recap as certificates with their papers, each in the language of who gets it."""
    by_language: dict[str, list[tuple[RecapRow, Sheet]]] = defaultdict(list)
    for row in rows:
        facts = facts_of_row(row, actions.signed(period), clock.today())
        sheet = Sheet(facts, f"ML/{period.ends_on.year}/JP-{row.id:06d}", actions.new_code())
        by_language[row.person.locale if row.person.locale in LANGUAGES else "id"].append((row, sheet))
    return [
        actions.Draft(row.id, row.person_id, sheet.number, sheet.code, sheet.facts, language, paper)
        for language, some in by_language.items()
        for (row, sheet), paper in zip(some, certificate_pdfs([sheet for _row, sheet in some], language), strict=True)
    ]
