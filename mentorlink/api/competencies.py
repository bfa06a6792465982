"""JSON of competencies."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from mentorlink.api.guard import actor, number, read_json, requires, signed_in
from mentorlink.competencies import actions, queries, rules, shapes
from mentorlink.competencies.inputs import ColleaguesInput, SheetInput, VoiceInput
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Role
from mentorlink.people import queries as people

api = APIBlueprint("api_competencies", __name__)
hr = requires(Role.MANAGER, Role.ADMINISTRATOR)


@api.get("/competencies/map")
@signed_in
def my_map() -> dict[str, Any]:
    """The actor's own competency map."""
    return shapes.map_shape(queries.map_for(actor(), actor().person_id or 0))


@api.get("/people/<int:person_id>/competencies")
@signed_in
def person_map(person_id: int) -> dict[str, Any]:
    """Somebody's competency map, for their superiors and HR."""
    return shapes.map_shape(queries.map_for(actor(), person_id))


@api.post("/people/<int:person_id>/assessments/<source>")
@signed_in
def record_sheet(person_id: int, source: str) -> tuple[dict[str, Any], int]:
    """One sheet of findings as ``self``, ``superior``, ``assessment_centre`` or ``peer``; sent twice it counts once."""
    who = actor()
    added = actions.record_sheet(who, queries.map_owner_for(who, person_id), source, data=read_json(SheetInput))
    return {"added": added, "map": shapes.map_shape(queries.map_for(who, person_id))}, 201


@api.get("/people/<int:person_id>/colleagues")
@signed_in
def colleagues(person_id: int) -> dict[str, Any]:
    """What colleagues were asked about somebody, and whom one may ask (``q`` looks further than the units beside theirs)."""
    who, text = actor(), request.args.get("q", "")[:80]
    person = queries.map_owner_for(who, person_id)
    return {
        "asked": [shapes.asking_shape(asking) for asking in queries.reviews_of(who, person)],
        "colleagues": [shapes.named_shape(each) for each in queries.colleagues_near(who, person, text=text)],
    }


@api.post("/people/<int:person_id>/colleagues")
@signed_in
def ask_colleagues(person_id: int) -> tuple[dict[str, Any], int]:
    """Ask several colleagues how somebody works; one ``token`` asks once."""
    who = actor()
    person = queries.map_owner_for(who, person_id)
    review = actions.ask_colleagues(who, person, read_json(ColleaguesInput))
    asked = next(asking for asking in queries.reviews_of(who, person) if asking.review.id == review.id)
    return shapes.asking_shape(asked), 201


@api.get("/colleagues")
@signed_in
def asked_of_me() -> dict[str, Any]:
    """About whose work the actor's view is asked, the most urgent first."""
    return {"asked": [shapes.question_shape(review) for review in queries.asked_of(actor())]}


@api.get("/colleagues/<int:peer_review_id>")
@signed_in
def question(peer_review_id: int) -> dict[str, Any]:
    """What the actor is asked, with the levels of each competency, and what they said so far."""
    voice = queries.voice_for(actor(), peer_review_id)
    return shapes.voice_shape(voice, queries.asked_about(voice.review))


@api.post("/colleagues/<int:peer_review_id>/answer")
@signed_in
def answer_review(peer_review_id: int) -> dict[str, Any]:
    """Say what one has seen; until it is over the later word counts."""
    who = actor()
    actions.answer_review(who, queries.voice_for(who, peer_review_id), read_json(VoiceInput))
    return question(peer_review_id)  # type: ignore[no-any-return]  # the guard hides what the view returns


@api.post("/colleagues/<int:peer_review_id>/decline")
@signed_in
def decline_review(peer_review_id: int) -> dict[str, Any]:
    """Rather not; nobody is told."""
    who = actor()
    actions.decline_review(who, queries.voice_for(who, peer_review_id))
    return question(peer_review_id)  # type: ignore[no-any-return]  # the guard hides what the view returns


@api.post("/colleagues/<int:peer_review_id>/withdraw")
@signed_in
def withdraw_review(peer_review_id: int) -> dict[str, Any]:
    """Take the question back."""
    who = actor()
    review = queries.review_for(who, peer_review_id)
    actions.withdraw_review(who, review)
    return shapes.question_shape(review)


@api.get("/levels")
@hr
def levels() -> dict[str, Any]:
    """What the jobs of those whom HR looks after ask and what was found, by name, a page at a time; ``unit`` and all below it."""
    unit_id = number("unit", 0, most=2**31 - 1) if request.args.get("unit") else 0
    unit = people.unit_for(actor(), unit_id) if unit_id else None
    after = request.args.get("after", "")[:300]
    found = people.directory_for(actor(), unit=unit, after=after, limit=number("limit", 50, most=200))
    needs = queries.needs_of([person.id for person in found.people])
    limits = queries.limits_on(clock.today())
    rows = [
        {
            "person_id": person.id,
            "job": person.job.code if person.job else None,
            "match": shapes.match_shape(rules.job_person_match(needs[person.id], limits)),
            "levels": [shapes.need_shape(need) for need in needs[person.id]],
        }
        for person in found.people
    ]
    return {"people": rows, "total": found.total, "next_after": found.next_after}


@api.get("/standards")
@signed_in
def standards() -> dict[str, Any]:
    """Tiers, and a page of jobs (``q``, ``page``), to see what each asks."""
    jobs, pages = queries.jobs_for(actor(), request.args.get("q", "")[:80], page=number("page", 1, most=10**6))
    return {
        "tiers": [{"code": tier.code, "name": tier.name, "grade": tier.grade, "asks": asks}
                  for tier, asks in queries.tiers_for(actor())],
        "jobs": [{"code": line.job.code, "name": line.job.name, "tier": line.job.tier.code, "people": line.people,
                  "own": line.own} for line in jobs],
        "pages": pages,
    }  # fmt: skip


@api.get("/standards/jobs/<path:code>")
@signed_in
def job_standard(code: str) -> dict[str, Any]:
    """What a job asks."""
    job = queries.job_for(actor(), code)
    return {"code": job.code, "tier": job.tier.code, "standard": [shapes.standard_shape(line) for line in queries.lines_of(job)]}


@api.get("/standards/tiers/<path:code>")
@signed_in
def tier_standard(code: str) -> dict[str, Any]:
    """What a tier asks by default."""
    tier = queries.tier_for(actor(), code)
    return {"code": tier.code, "standard": [shapes.standard_shape(line) for line in queries.lines_of(tier)]}


@api.get("/frameworks")
@signed_in
def frameworks() -> dict[str, Any]:
    """Every competency dictionary."""
    return {"frameworks": [shapes.framework_shape(shelf) for shelf in queries.frameworks_for(actor())]}


@api.get("/frameworks/<code>/editions/<int:number>")
@signed_in
def edition(code: str, number: int) -> dict[str, Any]:
    """An edition of a dictionary, in the shape in which it is loaded."""
    return queries.edition_content(queries.edition_for(actor(), code, number))


@api.get("/competencies/<code>")
@signed_in
def competency(code: str) -> dict[str, Any]:
    """One competency with its levels."""
    return shapes.competency_shape(queries.competency_for(actor(), code))
