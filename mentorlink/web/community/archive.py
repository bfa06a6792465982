"""The archive of a closed community: what is in it, and the file to take away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, Response, current_app, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, refresh
from markupsafe import Markup

from mentorlink.community import queries
from mentorlink.community.actions.archive import note_archive_taken
from mentorlink.community.models import Community
from mentorlink.community.policy.lives import may_take_archive
from mentorlink.community.queries import archive as reads
from mentorlink.community.queries.decisions import ballot_for
from mentorlink.community.queries.gatherings import sheet_for
from mentorlink.community.queries.lives import life_of
from mentorlink.community.rules.archive import file_name, packed, plain_name
from mentorlink.kernel import clock
from mentorlink.kernel.actions import ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.errors import TooMany
from mentorlink.people.queries import kept_away_by
from mentorlink.web.community.frame import pages
from mentorlink.web.guard import actor, current_person, signed_in

AT_ONCE = BoundedSemaphore(4)
"""So many archives are handed out at the same time by one process: each takes a thread for as long as its reader's line needs."""


@pages.get("/communities/<int:community_id>/archive")
@signed_in
def archive(community_id: int) -> str:
    """What is in the archive, and what is not."""
    community = queries.community_for(actor(), community_id)
    ensure(may_take_archive, actor(), community)
    found = reads.holdings_for(actor(), community)
    return render_template("community/archive.html", community=community, holdings=found, most=reads.FILES_MOST)


@pages.get("/communities/<int:community_id>/archive.zip")
@signed_in
def archive_file(community_id: int) -> ResponseReturnValue:
    """The file, made while it is handed out: of what was removed since, there is no copy anywhere."""
    community = queries.community_for(actor(), community_id)
    if not AT_ONCE.acquire(blocking=False):
        raise TooMany("archive_busy", retry_after=60)
    try:
        note_archive_taken(actor(), community)
    except BaseException:
        AT_ONCE.release()
        raise
    app, reader = current_app._get_current_object(), current_person  # type: ignore[attr-defined]  # it outlives this request
    pieces = _pieces(app, actor(), community.id, (reader.name, reader.locale, reader.timezone))
    name = f"mentorlink-{plain_name(community.name) or community_id}.zip"
    response = Response(pieces, mimetype="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
    response.headers["Cache-Control"] = "no-store"
    response.call_on_close(AT_ONCE.release)
    return response


def _pieces(app: Flask, who: Actor, community_id: int, reader: tuple[str, str, str]) -> Iterator[bytes]:
    """The file, written after the request that asked for it is over, in the language and time of who did.

    Between two pieces nothing is held, neither a context nor the database: the reader's line may be slow.
    """
    name, language, timezone = reader
    source: Iterator[bytes] | None = None
    while True:
        with app.test_request_context(base_url=app.config["SETTINGS"].base_url):
            g.language, g.timezone = language, timezone
            refresh()
            with force_locale(language):
                if source is None:
                    community = queries.community_for(who, community_id)
                    source = packed(_Archive(who, community, name).files(), clock.now())
                piece = next(source, None)
        if piece is None:
            return
        yield piece


class _Archive:
    """The files of one archive, one after another, for who asks."""

    def __init__(self, who: Actor, community: Community, reader: str) -> None:
        self.who, self.community, self.reader = who, community, reader
        self.base = current_app.config["SETTINGS"].base_url.rstrip("/")
        self.kept = {(one.kind, one.id): _place(one) for one in reads.files_with(who, community)}
        self.away = kept_away_by(int(who.person_id or 0))
        self.talks: list[dict[str, Any]] = []

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content. The talk comes before the list of it, and the first page last: it says how much there is."""
        yield "look.css", Path(current_app.static_folder or "", "css", "archive.css").read_bytes()
        reviews, measures, promises = reads.all_reviews(*self._of)
        came = {"reviews": reviews, "measures": measures, "promises": promises}
        yield self._page("life.html", "archive_life", life=life_of(self.community.id), **came)
        met = [(row, sheet_for(self.who, row)) for row in reads.past_gatherings(*self._of)]
        yield self._page("gatherings.html", "archive_gatherings", met=met)
        decided = [(row, ballot_for(self.who, row)) for row in reads.past_decisions(*self._of)]
        yield self._page("decisions.html", "archive_decisions", decided=decided)
        written = reads.all_pages(*self._of)
        for row in written:
            yield self._page(f"pages/{row.id}.html", "archive_page", page=row, up="../")
        yield self._page("knowledge.html", "archive_knowledge", pages=written, material=reads.all_material(*self._of))
        yield from self._talk()
        yield from self._brought()
        found = reads.holdings_for(*self._of)
        yield self._page("index.html", "archive_index", holdings=found, talks=self.talks, reader=self.reader, now=clock.now())

    @property
    def _of(self) -> tuple[Any, Community]:
        return self.who, self.community

    def _talk(self) -> Iterator[tuple[str, bytes]]:
        for room, topic, helped in [(r.name, (t.id, t.title), h) for r, t, h in reads.all_topics(*self._of)]:
            names = []
            for number, (messages, more) in enumerate(reads.parts_of(*self._of, topic[0]), 1):
                names.append(f"talk/{topic[0]}{f'-{number}' if number > 1 else ''}.html")
                yield self._page(names[-1], "archive_talk", room=room, title=topic[1], messages=messages, helped=helped,
                                 number=number, first=names[0], follows=more, up="../")  # fmt: skip
            if names:
                self.talks.append({"room": room, "title": topic[1], "names": names})

    def _brought(self) -> Iterator[tuple[str, bytes]]:
        for one in reads.files_with(*self._of):
            yield _place(one), reads.content_of_kept(*self._of, one)

    def _page(self, name: str, template: str, *, up: str = "", **facts: Any) -> tuple[str, bytes]:
        shared = {"community": self.community, "kept": self.kept, "up": up, "whole": self._whole, "away": self.away}
        return name, render_template(f"community/{template}.html", **shared, **facts).encode()

    def _whole(self, html: str) -> Markup:
        """What was rendered for our pages, with addresses that lead here from anywhere."""
        return Markup(html.replace('href="/', f'href="{self.base}/').replace('src="/', f'src="{self.base}/'))  # noqa: S704  # cleaned when it was written


def _place(one: reads.Kept) -> str:
    return f"files/{one.kind}/{file_name(one.id, one.name)}"
