"""Sentences about rounds: what was refused, what decided over a line, what somebody did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from mentorlink.pairing.rules import points as score_points

MILLION = 1_000_000


def _changed(facts: dict[str, Any]) -> str:
    told = [_("%(who)s: %(act)s", who=who or _("the house"), act=act_name(act)) for act, who in facts["acts"]]
    return _(
        "Somebody else changed this round since you opened the page. Nothing of yours was saved. What changed: %(acts)s. "
        "The page is up to date now: please decide anew.",
        acts="; ".join(told),
    )


def act_name(act: str) -> str:
    """What HR did to a round, in a few words."""
    return {
        "begun": _("began the round"),
        "enrolled": _("enrolled people by rules"),
        "added": _("added somebody"),
        "taken_out": _("took somebody out"),
        "places": _("changed places"),
        "opened": _("opened the round to participants"),
        "shut": _("ended enrolling and ranking"),
        "weighed": _("changed what counts"),
        "tied": _("pinned a pair or kept one apart"),
        "untied": _("took back a pin or a ban"),
        "quota": _("set or took back a quota"),
        "stop": _("chose another stop of the slider"),
        "moved": _("moved somebody"),
        "freed": _("took a pair apart"),
        "locked": _("locked a pair"),
        "unlocked": _("unlocked a pair"),
        "publishing": _("began to publish the round"),
        "not_published": _("did not get it published: pairs had changed"),
        "published": _("published the round"),
        "dropped": _("dropped the round"),
    }.get(act, act)


def rule_name(code: str) -> str:
    """A hard rule, in words that name and blame nobody."""
    return {
        "self": _("the same person"),
        "line_of_command": _("stands in the line of command"),
        "paused": _("takes nobody at the moment"),
        "took_no_part": _("takes no part in the round any more"),
        "has_mentor": _("has a mentor meanwhile"),
        "other_field": _("works in another field"),
        "same_unit": _("works in the same unit"),
        "grade_distance": _("has another distance of tiers than the programme asks"),
        "no_room": _("no place is left"),
        "offer_closed": _("offers no place any more"),
        "not_active": _("is not active in MentorLink"),
        "kept_apart": _("HR keeps these two apart"),
    }.get(code, _("is a pair, or was one that ended early, or cannot be one for another reason"))


def stop_figures(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is told of an answer: name and value of each figure. ``–`` where there is none, or too few people for it."""
    cover, moved, wishes = figures["cover"], figures["moved"], figures["wishes"]
    return [
        (_("Pairs"), format_decimal(figures["matched"])),
        (_("Without a mentor"), format_decimal(figures["unmatched"])),
        (_("Fit on average"), _one_decimal(figures["mean"])),
        (_("Worst fit"), _one_decimal(figures["lowest"])),
        (_("Fit of the worst tenth, on average"), _one_decimal(figures["lowest_tenth"])),
        (_("Unevenness of the fit (Gini: 0 is even)"), format_decimal(figures["gini"] or 0, format="0.00")),
        (_("Missing levels that the mentors cover, on average"), _percent(cover["mean"])),
        (_("Pairs that cover four fifths of the gaps or more"), _of(cover["large"], cover["people"])),
        (_("Got who fits them best"), format_decimal(figures["best_fits"])),
        (_("Ranked somebody and got one of them"), _of(*wishes) if wishes else "–"),
        (_("Mentors with places and nobody"), _of(figures["idle"], figures["mentors"])),
        (_("Have another mentor than in the draft before"), format_decimal(moved["moved"]) if moved else "–"),
    ]  # fmt: skip


def _of(some: int, every: int) -> str:
    return _("%(some)s of %(all)s", some=format_decimal(some), all=format_decimal(every))


def _one_decimal(value: float) -> str:
    return str(format_decimal(round(value, 1), format="#,##0.0"))


def _percent(value: float | None) -> str:
    return "–" if value is None else _("%(num)s%%", num=_one_decimal(value))


def fit_points(terms: Mapping[str, int], score: int) -> dict[str, float]:
    """The parts of a score in hundredths to one decimal, so that those shown sum to the score shown."""
    return score_points({term: value / MILLION for term, value in terms.items()}, score / MILLION)


def points(millionths: int) -> str:
    """A score, or a part of one, in hundredths with one decimal."""
    return str(format_decimal(round(millionths / 10_000, 1), format="#,##0.0"))


def decided_sentence(line: Any, firsts: Mapping[int, Any]) -> str:
    """Which rule decided over a line of the draft, and what it cost this person; ``firsts``: line id → whom it may name."""
    person = firsts.get(line.id)
    first = person.full_name if person is not None else ""
    if line.mentor_id is None:
        return _alone(line, first)
    return {
        "first_choice": lambda: _("Nobody in this round fits better."),
        "first_choice_full": lambda: _full(line, first),
        "locked": lambda: _("HR pinned or locked this pair."),
        "wish": lambda: _("They wished for each other, or one of them did, and that decided."),
        "stayed": lambda: _("The pair of the last draft was kept, as others fit hardly better."),
        "quota": lambda: _("A quota of the round decided."),
        "stable": lambda: _("By the ranking of both sides: nobody who would rather have this mentor is ranked higher by them."),
        "moved": lambda: _("HR put these two together by hand."),
    }.get(line.decided, lambda: _("This is the best for the round as a whole."))() + _missed(line)


def _missed(line: Any) -> str:
    if line.decided == "locked" or not line.why.get("missed"):
        return ""
    return " " + _("Counted %(points)s points more, having missed earlier rounds.", points=points(line.why["missed"]))


def _full(line: Any, first: str) -> str:
    told = line.why.get("first")
    if not told or not first:
        return _("This is the best for the round as a whole.")
    lost = points(max(0, told["score"] - line.score))
    if told.get("why") == "floor":
        return _(
            "%(first)s would fit better by %(points)s points, but went to somebody who would otherwise fit worst of all.",
            first=first, points=lost,
        )  # fmt: skip
    if told.get("why") == "pinned":
        return _(
            "%(first)s would fit better by %(points)s points, but HR pinned or locked others to all those places.",
            first=first, points=lost,
        )  # fmt: skip
    return _(
        "First choice was full: the places of %(first)s, who fits better by %(points)s points, went to people who gain "
        "more from them.",
        first=first, points=lost,
    )  # fmt: skip


def _alone(line: Any, first: str) -> str:
    why = line.why
    if line.decided == "no_allowed_mentor":
        rules = sorted((why.get("rules") or {}).items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
        if not rules:
            return _("No mentor of this round may be paired with them.")
        told = "; ".join(
            ngettext("%(num)s mentor: %(rule)s", "%(num)s mentors: %(rule)s", counts[0], rule=rule_name(code))
            for code, counts in rules[:3]
        )
        return _("No mentor of this round may be paired with them. %(rules)s.", rules=told)
    sentences = {
        "outbid": lambda: _("Every mentor who fits them well enough is full, with people who are helped more there."),
        "below_floor": lambda: _("Nobody left fits them well enough for the floor of this round."),
        "below_value": lambda: _("At this stop of the slider a pair must fit better than the one that was left for them."),
        "no_places": lambda: _("The round has no place left."),
        "displaced": lambda: _("HR took this pair apart by hand."),
        "overruled": lambda: _("The pair that this stop had is not possible any more."),
        "quota": lambda: _("A quota of the round left no place for them."),
        "late": lambda: _("They came in after the last run; nobody was looked for."),
    }
    told = sentences.get(line.decided, lambda: _("Nobody is left for them in this round."))()
    if line.decided == "outbid" and first and why["first"].get("why") == "pinned":
        told = _("The places of %(first)s, who fits them, are pinned or locked to others.", first=first)
    elif line.decided == "outbid" and first and why.get("short", 0) >= 1000:
        told += " " + _(
            "With %(points)s points more, %(first)s would have had a place for them.", points=points(why["short"]), first=first
        )
    return told


_OWN_RULES = ("line_of_command", "same_unit", "other_field", "grade_distance")
"""Rules that tell of a mentee and of where mentors stand, of no third person's choice."""


def decided_for_mentee(line: Any) -> str:
    """Why there is nobody for somebody, in words to themself: what decided, but no name and no rule that tells of a third
    person."""
    if line.left_out:
        return {
            "has_mentor": _("You have a mentor meanwhile, so this round gave you no other."),
            "no_room": _("There was a mentor for you, but by the time of publishing they had no place left."),
            "offer_closed": _("There was a mentor for you, but by the time of publishing they offered no place any more."),
        }.get(line.left_out, _("There was somebody for you, but something changed just before the round was published."))
    if line.decided == "no_allowed_mentor":
        told = [_rule_to_mentee(code) for code in _OWN_RULES if code in (line.why.get("rules") or {})]
        sentence = _("By the rules of the programme no mentor of this round could be paired with you.")
        return sentence + (" " + _("Mentors fell away because they %(rules)s.", rules="; ".join(told)) if told else "")
    return {
        "outbid": lambda: _(
            "Every mentor who fits you well enough is full: the places went to people whose gaps they cover more of."
        ),
        "below_floor": lambda: _(
            "There was a place left, but the mentor with it would help you too little for this round to make a pair of it."
        ),
        "below_value": lambda: _("The mentor who was left would help you too little for this round to make a pair of it."),
        "no_places": lambda: _("There were more people than places in this round."),
        "displaced": lambda: _(
            "Who runs the round changed the pairs by hand and found nobody else for you. You can ask them why."
        ),
        "quota": lambda: _("The round had to hold a number of pairs for each group, and no place was left for you within it."),
        "overruled": lambda: _("The pair that was meant for you was not possible any more in the end."),
        "late": lambda: _("You joined after the pairs had been worked out, so nobody was looked for on your behalf."),
    }.get(line.decided, lambda: _("There were more people than places, or the places went to people who gain more from them."))()


def _rule_to_mentee(code: str) -> str:
    return {
        "line_of_command": _("stand in your line of command"),
        "same_unit": _("work in your unit"),
        "other_field": _("work in another field than you"),
        "grade_distance": _("have another distance of tiers to you than the programme asks"),
    }[code]


def chance_sentence(line: Any, round_: Any) -> str:
    """What the next chance of somebody without a mentor is."""
    if line.decided == "no_allowed_mentor":
        told = _("Next chance: a rule changes, or a mentor from elsewhere joins.")
    else:
        told = _("Next chance: a place becomes free, or one more mentor joins.")
    return f"{told} {bonus_sentence(round_)}".strip()


def bonus_sentence(round_: Any) -> str:
    """What having missed this round is worth in the next one, if anything."""
    if not round_.bonus or round_.mode == "stable":
        return ""
    return ngettext(
        "In the next round this counts %(num)s point more.", "In the next round this counts %(num)s points more.", round_.bonus
    )


def phase_name(code: str) -> str:
    """What a run is doing."""
    return {
        "": _("waiting for its turn"),
        "reading": _("reading who takes part"),
        "candidates": _("looking for the best mentors of everybody"),
        "prices": _("sharing out places"),
        "proof": _("proving that nothing better exists"),
        "exact": _("making it exact"),
        "floor": _("lifting those who fit worst"),
        "quotas": _("keeping quotas"),
        "result": _("writing down the reasons"),
    }.get(code, _("solving"))


def fault_name(code: str) -> str:
    """Why a run failed."""
    return {
        "lock_forbidden": _("A pinned or locked pair breaks a rule by now. Unlock it and solve again."),
        "locks_over_capacity": _("More people are pinned or locked to a mentor than the mentor has places."),
        "lock_twice": _("Somebody is pinned to two mentors."),
        "lock_and_ban": _("A pair is pinned and kept apart at once."),
        "lock_unknown": _("Somebody of a pinned or locked pair takes no part any more."),
        "unknown_competency": _("A competency is not known any more."),
    }.get(code, _("Something unexpected happened; it is in the log."))


SENTENCES = {
    "group_unknown": lambda f: _("Nobody of this group takes part. Please choose one from the list."),
    "quota_says_nothing": lambda f: _("Say how many pairs there must be at least, or may be at most."),
    "quota_crossed": lambda f: _("“At least” cannot be more than “at most”."),
    "round_changed": _changed,
    "round_settled": lambda f: (
        _("This round is published already.") if f["state"] == "published" else _("This round was dropped.")
    ),
    "round_publishing": lambda f: _("This round is being published; nothing about it can be changed any more."),
    "stop_under_way": lambda f: _("The draft is being brought to another stop of the slider. Please wait a moment."),
    "round_exists": lambda f: _("The programme has a round of this name already."),
    "round_of_coaching": lambda f: _("Rounds pair for mentoring. In coaching the coachee chooses."),
    "round_not_open": lambda f: _("This round is not open for that today."),
    "day_is_over": lambda f: _("This day is over. Please choose today or a later one."),
    "no_own_points": lambda f: _("The programme has no points of its own."),
    "takes_no_part": lambda f: _("This person takes no part in the round on that side."),
    "nobody_to_ask": lambda f: _("Please choose somebody whom the cover map names, and not yourself."),
    "more_than_free": lambda f: ngettext(
        "Their offer has %(num)s free place. Please enter that many at most.",
        "Their offer has %(num)s free places. Please enter that many at most.",
        f["free"],
    ),
    "same_person": lambda f: _("These are one and the same person."),
    "offers_no_place": lambda f: _("They have no open offer with a free place."),
    "other_programme": lambda f: _("They work outside the part of the agency that this programme is for."),
    "unit_of_another": lambda f: _("Choose units within the part of the agency that this programme is for."),
    "nobody_takes_part": lambda f: _("A round needs mentees and mentors. Enrol people first."),
    "run_goes_on": lambda f: _("A run of this round is going on. Wait for it, or stop it."),
    "run_without_inputs": lambda f: _("This run has no result to go back to."),
    "nobody_to_keep": lambda f: _("There is no pair in this line to keep."),
    "round_pair_not_allowed": lambda f: _("These two cannot be paired: %(rules)s.", rules="; ".join(map(rule_name, f["rules"]))),
    "place_has_moved_on": lambda f: _("This place has gone to somebody else meanwhile. Please look again."),
    "no_place_in_round": lambda f: _("This mentor has no place left in the round. Say who gives theirs up."),
    "nothing_to_publish": lambda f: _("There is no pair in the draft to publish."),
    "wished_twice": lambda f: _("Each person can stand on your list once."),
    "too_many_wishes": lambda f: _("Please rank at most five people."),
    "may_add_round": lambda f: _("Rounds are begun by whoever runs the programme."),
    "may_see_round": lambda f: _("This round is run by somebody else."),
    "may_edit_round": lambda f: _("This round is run by somebody else."),
    "may_run_round": lambda f: _("This round is run by somebody else."),
    "may_publish_round": lambda f: _("This round is published by whoever runs the programme."),
    "may_work_run": lambda f: _("Runs are worked by the house."),
    "may_join_round": lambda f: _("This round is not open to you."),
    "may_rank": lambda f: _("Only participants rank, each for themself."),
    "may_free_place": lambda f: _("Places are given back by the house."),
    "audit.round_begun": lambda f: _("Began a matching round"),
    "audit.round_run": lambda f: _("Solved a matching round"),
    "audit.round_run_cancelled": lambda f: _("Stopped a run of a matching round"),
    "audit.round_checked": lambda f: _("Had a run checked"),
    "audit.round_quota": lambda f: _("Set a quota of a matching round"),
    "audit.round_tied": lambda f: _("Pinned a pair or kept one apart"),
    "audit.round_moved": lambda f: _("Moved somebody in a draft"),
    "audit.round_publishing": lambda f: _("Had a matching round published"),
    "audit.round_published": lambda f: _("Published a matching round"),
    "audit.round_dropped": lambda f: _("Dropped a matching round"),
    "audit.mentors_sought": lambda f: _("Asked people to offer mentoring"),
}
