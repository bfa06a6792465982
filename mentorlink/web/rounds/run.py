"""Step four: solve in the background, see how far it is, stop it, prove it, compare two."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from mentorlink.kernel.actor import Role
from mentorlink.kernel.errors import NotFound
from mentorlink.rounds import actions
from mentorlink.rounds.queries import busy_run, comparison_of, is_silent, run_for, runs_of, stops_of
from mentorlink.web.guard import actor, requires, unasked
from mentorlink.web.rounds.blueprint import found, page_number, pages, stepped


@pages.get("/rounds/<int:round_id>/run")
@requires(Role.MANAGER)
def run(round_id: int) -> Any:
    """What runs now and what ran."""
    round_ = found(round_id)
    runs = runs_of(round_)
    busy = busy_run(round_)
    last = next((each for each in runs if each.state not in ("waiting", "running")), None)
    return stepped("rounds/run.html", round_, "run", runs=runs, busy=busy, silent=busy is not None and is_silent(busy), last=last)


@pages.get("/rounds/<int:round_id>/run/progress")
@requires(Role.MANAGER)
@unasked
def progress(round_id: int) -> Any:
    """The bar alone; when the run is over, the page is to be read again."""
    round_ = found(round_id)
    busy = busy_run(round_)
    html = render_template("rounds/_progress.html", round=round_, busy=busy, silent=busy is not None and is_silent(busy))
    checking = any(each.check_state == "waiting" for each in runs_of(round_, most=5))
    return (html, 200, {"HX-Refresh": "true"}) if busy is None and not checking else html


@pages.post("/rounds/<int:round_id>/run")
@requires(Role.MANAGER)
def start(round_id: int) -> Any:
    """Solve the round."""
    actions.start_run(actor(), found(round_id))
    return redirect(url_for("rounds.run", round_id=round_id), 303)


@pages.post("/rounds/<int:round_id>/run/<int:number>/cancel")
@requires(Role.MANAGER)
def cancel(round_id: int, number: int) -> Any:
    """Stop a run."""
    done = actions.cancel_run(actor(), found(round_id), number)
    if done.state == "cancelled":
        flash(_("The run is stopped. The draft is as it was."), "info")
    return redirect(url_for("rounds.run", round_id=round_id), 303)


@pages.post("/rounds/<int:round_id>/run/<int:number>/check")
@requires(Role.MANAGER)
def check(round_id: int, number: int) -> Any:
    """Solve a run again from what it stored."""
    actions.ask_check(actor(), found(round_id), number)
    flash(_("The run is solved once more from what it stored; the answer appears here."), "info")
    return redirect(url_for("rounds.run", round_id=round_id), 303)


@pages.get("/rounds/<int:round_id>/compare")
@requires(Role.MANAGER)
def compare(round_id: int) -> Any:
    """Two runs side by side."""
    round_ = found(round_id)
    done = [each for each in runs_of(round_, most=50) if each.state == "done"]
    chosen = _chosen(done)
    sides = [_side(round_id, *each) for each in chosen] if len(chosen) == 2 else []
    comparison = None
    if sides:
        (one, at_one), (other, at_other) = ((side["run"], side["stop"].position) for side in sides)
        comparison = comparison_of(round_, (one, at_one), (other, at_other), page=page_number())
    return stepped("rounds/compare.html", round_, "run", done=done, sides=sides, comparison=comparison)


def _chosen(done: list[Any]) -> list[tuple[int, int]]:
    """Run number and stop on each side: as the address says, else the two newest runs at the neutral stop."""
    found_: list[tuple[int, int]] = []
    for name in ("a", "b"):
        number, _dot, stop = request.args.get(name, "").partition("-")
        if number.isascii() and number.isdigit() and len(number) < 9:
            found_.append((int(number), int(stop) if stop.isascii() and stop.isdigit() and len(stop) < 3 else 0))
    if len(found_) == 2:
        return found_
    newest = [(each.number, min(1, len(each.stops) - 1)) for each in done[:2]]
    return newest[::-1]


def _side(round_id: int, number: int, stop: int) -> dict[str, Any]:
    run_ = run_for(found(round_id), number)
    stops = stops_of(run_)
    if not stops:  # a run that came to nothing has no answer to compare
        raise NotFound()
    return {"run": run_, "stop": next((each for each in stops if each.position == stop), stops[0])}
