"""Step five: the draft, its slider, moving somebody, fairness."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel import later
from mentorlink.kernel.actor import Role
from mentorlink.kernel.groups import FEWEST
from mentorlink.kernel.inputs import read, read_form
from mentorlink.rounds import actions
from mentorlink.rounds.inputs import LockInput, MoveInput, RevisionInput, StopInput
from mentorlink.rounds.queries import (
    GROUPINGS,
    KINDS,
    draft_figures,
    draft_page,
    draft_run,
    fairness_of,
    junior_count,
    moving_of,
    people_named,
    proposal_for,
    quota_standings,
    stop_of,
    stops_of,
    warm_board,
)
from mentorlink.web.guard import actor, requires
from mentorlink.web.rounds.blueprint import found, page_number, pages, stepped

SORTS = ("score", "name", "mentor")
PAGE = 20


@pages.get("/rounds/<int:round_id>/draft")
@requires(Role.MANAGER)
def draft(round_id: int) -> Any:
    """Every line of the draft with its reasons, a page at a time."""
    round_ = found(round_id)
    kind, sort = request.args.get("kind", "pairs"), request.args.get("sort", "score")
    kind, text = kind if kind in KINDS else "pairs", request.args.get("q", "")[:80]
    run = draft_run(round_)
    return stepped(
        "rounds/draft.html",
        round_,
        "draft",
        draft=draft_page(
            round_, kind=kind, text=text, sort=sort if sort in SORTS else "score", down=request.args.get("dir") == "desc",
            page=page_number(),
        ),
        figures=draft_figures(round_),
        junior=junior_count(round_),
        run=run,
        solved=stop_of(run, round_.draft_stop) if run else None,
        quotas=quota_standings(round_),
        kind=kind,
        q=text,
        sort=sort,
        dir=request.args.get("dir", "asc"),
    )  # fmt: skip


@pages.get("/rounds/<int:round_id>/stops")
@requires(Role.MANAGER)
def stops(round_id: int) -> Any:
    """The slider from best fit to most people: what each stop means, and for whom."""
    round_ = found(round_id)
    run = draft_run(round_)
    all_stops = stops_of(run) if run else []
    position = request.args.get("stop", round_.draft_stop, type=int)
    chosen = next((each for each in all_stops if each.position == position), all_stops[0] if all_stops else None)
    which = request.args.get("who", "gains")
    which = which if which in ("gains", "loses", "enters", "leaves") else "gains"
    rows = chosen.changes[which] if chosen else []
    shown = rows[(page_number() - 1) * PAGE :][:PAGE]
    people = people_named({row[0] if isinstance(row, list) else row for row in shown})
    return stepped(
        "rounds/stops.html", round_, "draft", run=run, stops=all_stops, chosen=chosen, which=which, shown=shown, people=people,
        page=page_number(), pages=max(1, -(-len(rows) // PAGE)),
    )  # fmt: skip


@pages.post("/rounds/<int:round_id>/stops")
@requires(Role.MANAGER)
def choose_stop(round_id: int) -> Any:
    """Make a stop of the slider the draft."""
    actions.choose_stop(actor(), found(round_id), read_form(StopInput, request.form))
    return redirect(url_for("rounds.draft", round_id=round_id), 303)


@pages.get("/rounds/<int:round_id>/draft/<int:proposal_id>")
@requires(Role.MANAGER)
def move(round_id: int, proposal_id: int) -> Any:
    """Where somebody could go instead, and what that would cost, before it is done."""
    round_ = found(round_id)
    proposal = proposal_for(round_, proposal_id)
    asked = request.args.get("mentor", type=int)
    moving = moving_of(round_, proposal, mentor_id=asked, page=page_number())
    if not moving.ready and (run_id := round_.draft_run_id) is not None:
        later.after_answer(lambda: warm_board(run_id))
    return stepped("rounds/move.html", round_, "draft", proposal=proposal, moving=moving, asked=asked)


@pages.post("/rounds/<int:round_id>/draft/<int:proposal_id>/move")
@requires(Role.MANAGER)
def do_move(round_id: int, proposal_id: int) -> Any:
    """Put somebody elsewhere."""
    round_ = found(round_id)
    moved = actions.move_pair(actor(), round_, proposal_for(round_, proposal_id), read_form(MoveInput, request.form))
    flash(
        _("%(mentee)s is with %(mentor)s now. The next run keeps that.", mentee=moved.mentee.name,
          mentor=moved.mentor.name if moved.mentor else ""), "good",
    )  # fmt: skip
    return redirect(url_for("rounds.draft", round_id=round_id), 303)


@pages.post("/rounds/<int:round_id>/draft/<int:proposal_id>/lock")
@requires(Role.MANAGER)
def lock(round_id: int, proposal_id: int) -> Any:
    """Keep a pair in the next run, or not."""
    round_ = found(round_id)
    proposal = proposal_for(round_, proposal_id)
    data = read(LockInput, {"locked": request.form.get("locked") == "1", "revision": request.form.get("revision")})
    actions.lock_pair(actor(), round_, proposal, data)
    return redirect(_back(round_id), 303)


@pages.post("/rounds/<int:round_id>/draft/<int:proposal_id>/free")
@requires(Role.MANAGER)
def free(round_id: int, proposal_id: int) -> Any:
    """Take a pair apart."""
    round_ = found(round_id)
    actions.free_pair(actor(), round_, proposal_for(round_, proposal_id), read_form(RevisionInput, request.form))
    flash(_("The pair is taken apart. The next run may find another mentor."), "info")
    return redirect(url_for("rounds.draft", round_id=round_id), 303)


@pages.get("/rounds/<int:round_id>/fairness")
@requires(Role.MANAGER)
def fairness(round_id: int) -> Any:
    """How groups fare in the draft; small ones are held back."""
    round_ = found(round_id)
    grouping = request.args.get("by", "tier")
    grouping = grouping if grouping in GROUPINGS else "tier"
    return stepped(
        "rounds/fairness.html", round_, "draft", groups=fairness_of(round_, grouping), grouping=grouping, groupings=GROUPINGS,
        least=FEWEST, figures=draft_figures(round_),
    )  # fmt: skip


def _back(round_id: int) -> str:
    """The page of the draft on which somebody stood."""
    kept = {name: request.form[name] for name in ("page", "kind", "q", "sort", "dir") if request.form.get(name)}
    return url_for("rounds.draft", round_id=round_id, **kept)
