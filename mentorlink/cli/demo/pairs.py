"""Offers, requests and mentorships: pairs in every stage and of every age, made by the acts of the two."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People, content
from mentorlink.competencies.models import Competency
from mentorlink.competencies.queries import competency_ids_by_code, levels_of, needs_of
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.pairing.actions import (
    accept_request,
    ask_back,
    decline_request,
    expire_request,
    note_shown,
    open_offer,
    send_request,
    withdraw_request,
)
from mentorlink.pairing.inputs import AskInput, DeclineInput, FindInput, OfferInput, QuestionInput
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.queries import best_for, list_shown, suggestions_for
from mentorlink.people.models import Person
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingLog, MeetingOutcome, MeetingPlan, PrivateText, Promise
from mentorlink.sessions.meetings.models import Meeting, SeriesMember
from mentorlink.sessions.meetings.notes.actions import save_notes
from mentorlink.sessions.meetings.notes.inputs import NotesText
from mentorlink.sessions.mentoring import actions as mentoring
from mentorlink.sessions.mentoring import inputs as said
from mentorlink.sessions.mentoring.inputs import StageRuleInput
from mentorlink.sessions.mentoring.models import Mentorship
from mentorlink.sessions.mentoring.queries import issues_for, roadmap_for, targets_for
from mentorlink.sessions.mentoring.rules import shipped_stages

OFFERS = 46
"""People who offer to mentor, beside the cast."""

SEAT = ZoneInfo("Asia/Makassar")


@dataclass(frozen=True)
class Scenario:
    """How far a pair came, and how long ago they began."""

    until: str
    """none, agreement, prescriptive, goals, persuasive, roadmap, collaborative, closing, confirmative, closed, ended or paused"""
    days: int


SCENARIOS = (
    *(Scenario("none", days) for days in (1, 3)),
    *(Scenario("agreement", days) for days in (4, 9, 33)),
    *(Scenario("prescriptive", days) for days in (12, 16, 25, 41)),
    *(Scenario("goals", days) for days in (30, 38, 46)),
    *(Scenario("persuasive", days) for days in (44, 52, 60, 71)),
    *(Scenario("roadmap", days) for days in (58, 66, 75, 90, 96)),
    *(Scenario("collaborative", days) for days in (104, 118, 126)),
    *(Scenario("closing", days) for days in (122, 131, 140)),
    *(Scenario("confirmative", days) for days in (148, 160)),
    *(Scenario("closed", days) for days in (170, 185, 200, 214, 228, 241, 255, 270)),
    *(Scenario("ended", days) for days in (90, 130, 210)),
    *(Scenario("paused", days) for days in (85, 112)),
)

PLANNING = {"prescriptive", "persuasive", "roadmap", "closing"}
"""Pairs who came so far meet again soon, most of them."""

QUIET = 0.12
"""Share of the running pairs that have not been heard of for a month."""

WALK = {
    "agreement": 2,
    "prescriptive": 5,
    "goals": 18,
    "persuasive": 21,
    "roadmap": 35,
    "collaborative": 54,
    "closing": 68,
    "confirmative": 72,
}
"""Days that the acts up to a point take at an even pace."""

ORDER = (
    "none",
    "agreement",
    "prescriptive",
    "goals",
    "persuasive",
    "roadmap",
    "collaborative",
    "closing",
    "confirmative",
    "closed",
)


STAGES_SINCE = 36
"""Days ago the agency changed what the stages ask: pairs that had begun keep the version of before."""

THIRD_TALK = {
    "id": "Masalah umum, masalah khusus, dan peta jalan percakapan berikutnya; sedikitnya satu kali di tempat kerja mentee.",
    "en": "General issues, specific issues, and a roadmap for the discussions to come; one talk at least where the mentee works.",
}


def change_stages(people: People) -> None:
    """A second version of the stages: one session more where the pair works things out."""
    stages = shipped_stages()
    said = {
        stage: {"meetings": gate["meetings"], "checks": dict.fromkeys(gate["checks"], True), **stages["words"][stage]}
        for stage, gate in stages["gates"].items()
    }
    said["collaborative"] |= {"meetings": 3, "content": THIRD_TALK}
    with clock.at(at(STAGES_SINCE)):
        data = {"based_on": 1, "valid_from": clock.today(), "stages": said,
                "note": "Dua sesi ternyata kurang untuk menjalankan peta jalan; hasil evaluasi tahun lalu."}  # fmt: skip
        mentoring.save_stage_rule(people.actor(people.cast["programme_manager"]), StageRuleInput.model_validate(data))


def make(people: People, dice: random.Random) -> None:
    """Offers first, then pairs, then the requests that are still under way or came to nothing."""
    _offer(people, dice)
    stories = [story for story in content("texts")["stories"] if story["lang"] == "id"]
    busy = set(people.cast.values())
    plan = list(SCENARIOS)
    dice.shuffle(plan)
    _pair_of_cast(people, "mentor", Scenario("roadmap", 83), stories, busy, dice)
    for scenario in (Scenario("persuasive", 47), Scenario("closing", 136)):
        _pair_of_cast(people, "mentor_full", scenario, stories, busy, dice)
    for number, scenario in enumerate(plan):
        _pair(people, stories[number % len(stories)], scenario, busy, dice)
    _loose_requests(people, busy, dice)


def at(days_ago: float, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in working hours at the seat, on the working day at or before so many days ago."""
    day = clock.today("Asia/Makassar") - timedelta(days=int(days_ago))
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return datetime.combine(day, time(hour, minute), SEAT)


def free_moment(when: datetime, minutes: int, person_ids: Iterable[int]) -> datetime:
    """``when``, or as soon after it as none of these people is in another talk."""
    theirs = sa.select(SeriesMember.series_id).where(SeriesMember.person_id.in_(list(person_ids)))
    met = sa.select(Meeting.starts_at, Meeting.minutes).where(
        Meeting.series_id.in_(theirs), Meeting.state.in_(("held", "planned")), Meeting.of_id.is_(None),
        Meeting.starts_at > when - timedelta(days=1), Meeting.starts_at < when + timedelta(days=1),
    )  # fmt: skip
    for starts_at, lasts in sorted(tuple(row) for row in db.session.execute(met)):
        if starts_at < when + timedelta(minutes=minutes) and starts_at + timedelta(minutes=lasts) > when:
            when = starts_at + timedelta(minutes=lasts)
    return when


# Offers


def _offer(people: People, dice: random.Random) -> None:
    held = levels_of(people.everyone)
    guiding = competency_ids_by_code()["M.6"]
    able = [
        person_id for person_id in people.everyone
        if people.grade.get(person_id, 0) >= 3
        and held.get(person_id, {}).get(guiding, 0) >= 3
        and person_id not in people.cast.values()
    ]  # fmt: skip
    able = able[:]
    dice.shuffle(able)
    for entry in content("cast")["cast"]:
        if entry["capacity"]:
            kind = "coach" if entry["key"] == "coach" else "mentor"
            _open(people.actor(people.cast[entry["key"]]), kind, entry["capacity"], dice)
    for person_id in able[:OFFERS]:
        _open(people.actor(person_id), "mentor", dice.choice((1, 2, 2, 2, 3, 3, 4)), dice)


def _open(actor: Actor, kind: str, places: int, dice: random.Random) -> None:
    with clock.at(at(dice.randint(285, 320), dice.randint(8, 15))):
        person = db.session.get_one(Person, actor.person_id)
        ways = [way["text"] for way in content("texts")["ways"] if way["lang"] == "id"]
        data = OfferInput(capacity=places, languages=tuple(person.languages), message=dice.choice(ways)[:600])
        open_offer(actor, kind, data)


# Pairs


def _pair_of_cast(people: People, key: str, scenario: Scenario, stories: list[Any], busy: set[int], dice: random.Random) -> None:
    mentor = people.cast[key]
    story = next(story for story in stories if story["competency"] == "T.STA.01")
    for mentee in _in_need(people, story["competency"], busy, dice):
        if _begin(people, mentee, mentor, story, scenario, busy, dice):
            return
    raise LookupError(f"nobody to pair with {key}")


def _pair(people: People, story: dict[str, Any], scenario: Scenario, busy: set[int], dice: random.Random) -> None:
    for mentee in _in_need(people, story["competency"], busy, dice):
        with clock.at(at(scenario.days)):
            best = best_for(people.actor(mentee), k=6)
        for suggestion in best:
            mentor = suggestion.offer.person_id
            if mentor not in people.cast.values() and _begin(people, mentee, mentor, story, scenario, busy, dice):
                return


def _in_need(people: People, competency: str, busy: set[int], dice: random.Random) -> list[int]:
    number = competency_ids_by_code()[competency]
    found = [
        person_id
        for person_id, needs in sorted(needs_of(people.everyone).items())
        if person_id not in busy and any(need.competency_id == number and need.gap for need in needs)
    ]
    dice.shuffle(found)
    return found[:25]


def _begin(
    people: People, mentee: int, mentor: int, story: dict[str, Any], scenario: Scenario, busy: set[int], dice: random.Random
) -> bool:
    try:
        request = _ask(people, mentee, mentor, story["competency"], scenario.days + 3, dice)
    except Conflict:
        return False
    with clock.at(at(scenario.days, 10)):
        accepted = accept_request(people.actor(mentor), request)
    busy.add(mentee)
    pair = Pair(
        people.actor(mentor),
        people.actor(mentee),
        db.session.get_one(Mentorship, accepted.mentorship_id).id,
        story,
        scenario.days,
        dice,
        pace=_pace(scenario, dice),
    )
    Walk(pair).go(scenario.until)
    return True


def _pace(scenario: Scenario, dice: random.Random) -> float:
    """How slowly a pair walks so that it is where it is today; most did something lately, a few have gone quiet."""
    lately = 32 if dice.random() < QUIET else dice.choice((2, 3, 5, 8, 12))
    return max(1.0, (scenario.days - lately) / WALK.get(scenario.until, scenario.days))


def _look(people: People, mentee: int, days: float) -> None:
    """They looked at their list that morning."""
    actor = people.actor(mentee)
    with clock.at(at(days, 7)):
        if (seen := list_shown(actor, suggestions_for(actor, FindInput()), door="find")) is not None:
            note_shown(actor, seen)


def _ask(people: People, mentee: int, mentor: int, competency: str, days: float, dice: random.Random) -> Request:
    actor = people.actor(mentee)
    offer = db.session.query(Offer).filter_by(person_id=mentor, kind="mentor", closed_at=None).one()
    gaps = [need for need in needs_of([mentee])[mentee] if need.gap]
    gaps.sort(key=lambda need: (need.code != competency, -need.gap, need.code))
    name = gaps[0].name.get("id", gaps[0].code)
    words = [text["text"].format(competency=name) for text in content("texts")["requests"] if text["lang"] == "id"]
    number = uuid.UUID(int=dice.getrandbits(128), version=4)
    data = AskInput(client_id=str(number), message=dice.choice(words), competencies=tuple(need.code for need in gaps[:2]))
    _look(people, mentee, days)
    with clock.at(at(days, dice.randint(8, 14))):
        return send_request(actor, offer, data)


@dataclass
class Pair:
    """Two people, their story, and the day they have come to (days ago)."""

    mentor: Actor
    mentee: Actor
    mentorship_id: int
    story: dict[str, Any]
    days: float
    dice: random.Random
    pace: float = 1.0

    @property
    def mentorship(self) -> Mentorship:
        """The mentorship, fresh."""
        return db.session.get_one(Mentorship, self.mentorship_id)

    def later(self, days: float) -> datetime:
        """Go on by so many days, never past yesterday; returns the moment."""
        self.days = max(1.0, self.days - days * self.pace)
        return at(self.days, self.dice.randint(8, 15), self.dice.choice((0, 5, 10, 20, 30, 45)))


class Walk:
    """A pair on its way, act by act."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair

    def go(self, until: str) -> None:
        """Walk as far as ``until``."""
        end = {"ended": "goals", "paused": "persuasive"}.get(until, until)
        for step in ORDER[1 : ORDER.index(end) + 1]:
            getattr(self, step)()
        if until in PLANNING:
            self._plan_next()
        if until == "ended":
            self._end()
        elif until == "paused":
            with clock.at(self.pair.later(6)):
                back = clock.today() + timedelta(days=int(self.pair.days) + 21)
                mentoring.pause_mentorship(
                    self.pair.mentee, self.pair.mentorship, said.PauseInput(returns_on=back, reason="Penugasan ke lapangan")
                )

    def agreement(self) -> None:
        """The mentor proposes and signs."""
        pair, texts = self.pair, content("texts")["agreement"]

        def pick(name: str) -> str:
            return pair.dice.choice([text["text"] for text in texts[name] if text["lang"] == "id"])

        with clock.at(pair.later(1.5)):
            begin = clock.today()
            draft = said.AgreementDraft(
                starts_on=begin, ends_on=begin + timedelta(days=182), frequency=pair.dice.choice(("fortnightly", "monthly")),
                minutes=60, mode=pair.dice.choice(("in_person", "video", "mixed")), topics_in=pick("topics_in"),
                topics_out=pick("topics_out"), confidentiality=pick("confidentiality"), ending=pick("ending"),
            )  # fmt: skip
            version = mentoring.propose_agreement(pair.mentor, pair.mentorship, draft)
            mentoring.sign_agreement(pair.mentor, pair.mentorship, said.SignedVersion(number=version.number))

    def prescriptive(self) -> None:
        """The mentee signs; baselines are there; on to the next stage."""
        pair = self.pair
        with clock.at(pair.later(2)):
            mentoring.sign_agreement(pair.mentee, pair.mentorship, said.SignedVersion(number=pair.mentorship.agreement_number))
            for target in targets_for(pair.mentee, pair.mentorship):
                if target.baseline is None:
                    mentoring.say_baseline(pair.mentee, target, said.BaselineSaid(level=1))
                    mentoring.say_baseline(pair.mentor, target, said.BaselineSaid(level=1))
        self._advance()

    def goals(self) -> None:
        """They meet, and the mentee writes down purpose and targets."""
        pair = self.pair
        self._meet(0)
        with clock.at(pair.later(3)):
            targets = [
                said.TargetDraft(
                    competency_id=target.competency_id,
                    target=min(5, (target.baseline or 0) + 1),
                    indicator=self._sign(target.competency, min(5, (target.baseline or 0) + 1)),
                )
                for target in targets_for(pair.mentee, pair.mentorship)
            ]
            mentoring.change_goals(
                pair.mentee, pair.mentorship, said.GoalsDraft(purpose=pair.story["purpose"], targets=tuple(targets))
            )
            self._accept_goals(pair.mentee)

    def _sign(self, competency: Competency, level: int) -> str:
        """What the two will see: of what the story tells its own sign, of anything else what the level itself describes."""
        story = self.pair.story
        if competency.code == story["competency"]:
            return str(story["indicators"][0])
        return str(next(row.indicators[0]["id"] for row in competency.levels if row.number == level))

    def persuasive(self) -> None:
        """The mentor accepts; on to the next stage."""
        with clock.at(self.pair.later(2)):
            self._accept_goals(self.pair.mentor)
        self._advance()

    def roadmap(self) -> None:
        """Issues, roadmap, a session, first steps done."""
        pair = self.pair
        with clock.at(pair.later(2)):
            for issue in pair.story["issues"]:
                mentoring.raise_issue(pair.mentee, pair.mentorship, said.IssueRaised(kind=issue["scope"], text=issue["text"]))
            for number, text in enumerate(pair.story["roadmap"]):
                due = clock.today() + timedelta(days=14 * (number + 1))
                mentoring.add_roadmap_item(pair.mentor, pair.mentorship, said.RoadmapStep(text=text, due_on=due))
        self._meet(1)
        with clock.at(pair.later(1)):
            first, second = roadmap_for(pair.mentee, pair.mentorship)[:2]
            mentoring.set_roadmap_state(pair.mentee, first, said.RoadmapState(state="done"))
            mentoring.set_roadmap_state(pair.mentee, second, said.RoadmapState(state="under_way"))

    def collaborative(self) -> None:
        """A second session, the roadmap done or dropped with a reason; on to the last stage."""
        pair = self.pair
        self._meet(2)
        with clock.at(pair.later(8)):
            items = [item for item in roadmap_for(pair.mentee, pair.mentorship) if item.state in ("planned", "under_way")]
            for number, item in enumerate(items):
                dropped = number == len(items) - 1 and pair.dice.random() < 0.3
                reason = pair.dice.choice([text["text"] for text in content("texts")["roadmap_closed"] if text["lang"] == "id"])
                state = said.RoadmapState(state="dropped", reason=reason) if dropped else said.RoadmapState(state="done")
                mentoring.set_roadmap_state(pair.mentee, item, state)
            for issue in issues_for(pair.mentor, pair.mentorship)[:2]:
                mentoring.settle_issue(pair.mentor, issue, said.IssueSettled(outcome=pair.story["summaries"][2]))
            for actor in (pair.mentee, pair.mentor):
                self._accept_goals(actor)
        self._advance()

    def closing(self) -> None:
        """The last session, and the mentee's side of the closing."""
        pair = self.pair
        self._meet(3)
        with clock.at(pair.later(3)):
            words = pair.story["reflection"]["mentee"]
            mentoring.write_reflection(
                pair.mentee, pair.mentorship, said.ReflectionText(changed=words, helped=pair.story["summaries"][3])
            )
            self._say_levels(pair.mentee)

    def confirmative(self) -> None:
        """The mentor's side; all but the evaluations."""
        pair = self.pair
        with clock.at(pair.later(4)):
            words = pair.story["reflection"]["mentor"]
            mentoring.write_reflection(
                pair.mentor, pair.mentorship, said.ReflectionText(changed=words, helped=pair.story["summaries"][1])
            )
            self._say_levels(pair.mentor)
            mentoring.name_direction(pair.mentor, pair.mentorship, said.DirectionText(text=pair.story["next"]))

    def closed(self) -> None:
        """Both evaluate, and the mentee closes."""
        pair = self.pair
        with clock.at(pair.later(3)):
            for actor, side in ((pair.mentee, "mentee"), (pair.mentor, "mentor")):
                answers = said.EvaluationAnswers(
                    useful=pair.dice.choice((4, 5, 5)), trust=pair.dice.choice((4, 5)), time=pair.dice.choice((3, 4, 5)),
                    comment=pair.story["evaluation"][side],
                )  # fmt: skip
                mentoring.give_evaluation(actor, pair.mentorship, answers)
            mentoring.close_mentorship(pair.mentee, pair.mentorship, said.StepInput(stage="confirmative"))

    def _end(self) -> None:
        pair = self.pair
        reason = pair.dice.choice([text for text in content("texts")["early_end"] if text["lang"] == "id"])
        with clock.at(pair.later(10)):
            mentoring.end_early(pair.mentee, pair.mentorship, said.EarlyEndInput(code=reason["reason"], text=reason["text"]))

    def _plan_next(self) -> None:
        """Most have the next session in the calendar; some have just met and not said how it went."""
        pair = self.pair
        ahead = pair.dice.choice((1, 2, 3, 4, 6, 8, 11, -1, None, None))
        if ahead is None:
            return
        day = clock.today("Asia/Makassar") + timedelta(days=ahead)
        while day.weekday() > 4:
            day += timedelta(days=1 if ahead > 0 else -1)
        agenda = "\n".join(pair.story["agenda"][pair.dice.randint(0, len(pair.story["agenda"]) - 1)])
        mode, first = pair.dice.choice(("in_person", "video")), pair.dice.randint(0, 15)
        with clock.at(at(max(1, 4 - ahead) if ahead < 0 else 1)):
            for number in range(16):
                half_hours = 16 + (first + number) % 16
                begin = time(half_hours // 2, half_hours % 2 * 30)
                try:
                    plan = MeetingPlan(day=day, at=begin, minutes=60, mode=mode, agenda=agenda)
                    meetings.plan_meeting(pair.mentor, pair.mentorship.series, plan)
                    return
                except Conflict:  # one of the two meets somebody else then
                    continue

    def _advance(self) -> None:
        with clock.at(self.pair.later(0.5)):
            mentoring.advance_stage(self.pair.mentor, self.pair.mentorship, said.StepInput(stage=self.pair.mentorship.stage))

    def _accept_goals(self, actor: Actor) -> None:
        mentoring.accept_goals(actor, self.pair.mentorship, said.SignedVersion(number=self.pair.mentorship.goals_revision))

    def _say_levels(self, actor: Actor) -> None:
        levels = {target.id: target.target or 1 for target in targets_for(actor, self.pair.mentorship)}
        mentoring.say_after_levels(actor, self.pair.mentorship, said.AfterLevels(levels=levels))

    def _meet(self, number: int) -> None:
        """One session: planned, held, written down, with something to do."""
        pair, story = self.pair, self.pair.story
        series = pair.mentorship.series
        planned = pair.later(2)
        when = free_moment(pair.later(pair.dice.randint(5, 9)), 60, pair.mentorship.person_ids)
        when = when.astimezone(ZoneInfo(pair.mentor.timezone))
        with clock.at(planned):
            agenda = "\n".join(story["agenda"][number])
            plan = MeetingPlan(
                day=when.date(), at=when.time(), minutes=60, mode=pair.dice.choice(("in_person", "video")), agenda=agenda
            )
            meeting = meetings.plan_meeting(pair.mentor, series, plan) if when > planned else None
        with clock.at(when + timedelta(minutes=65)):
            if meeting is None:
                log = MeetingLog(
                    day=when.date(), at=when.time(), minutes=45, mode="in_person", summary=story["summaries"][number]
                )
                meeting = meetings.log_meeting(pair.mentor, pair.mentorship.series, log)
            else:
                meetings.hold_meeting(pair.mentor, meeting, MeetingOutcome(summary=story["summaries"][number]))
            body = "\n".join(f"- {item}" for item in story["agenda"][number])
            save_notes(pair.mentee, meeting, NotesText(body=body))
            for actor, side in ((pair.mentor, "private_mentor"), (pair.mentee, "private_mentee")):
                if number < len(story[side]):
                    meetings.save_private_note(actor, meeting, PrivateText(body=story[side][number]))
            promise = story["actions"][number]
            owner = pair.mentor if promise["by"] == "mentor" else pair.mentee
            due: date = when.date() + timedelta(days=14)
            item = meetings.agree_action_item(
                pair.mentor,
                pair.mentorship.series,
                Promise(text=promise["text"], owner_id=owner.person_id or 0, due_on=due),
                meeting=meeting,
            )
        if pair.dice.random() < 0.75 and pair.days > 4:
            with clock.at(pair.later(2)):
                meetings.settle_action_item(owner, item, pair.mentorship.series, "done")


# Requests that did not become a pair, or not yet


def _loose_requests(people: People, busy: set[int], dice: random.Random) -> None:
    texts = content("texts")
    ends = ["waiting"] * 9 + ["asked_back"] * 4 + ["declined"] * 7 + ["withdrawn"] * 3 + ["expired"] * 4
    to_cast = {0: "mentor", 1: "mentor", 9: "mentor"}
    for number, end in enumerate(ends):
        days = {"waiting": dice.choice((1, 2, 4, 5)), "asked_back": dice.choice((3, 5))}.get(end, dice.randint(15, 150))
        request = _loose(people, to_cast.get(number), days, busy, dice)
        if request is None:
            continue
        mentor, asker = people.actor(request.mentor_id), people.actor(request.person_id)
        if end == "asked_back":
            with clock.at(at(days - 1, 11)):
                ask_back(mentor, request, QuestionInput(body=dice.choice(_id(texts["questions"]))["text"]))
        elif end == "declined":
            no = dice.choice(_id(texts["declines"]))
            with clock.at(at(days - 2, 11)):
                decline_request(mentor, request, DeclineInput(reason=no["reason"], words=no["text"]))
        elif end == "withdrawn":
            with clock.at(at(days - 1, 16)):
                withdraw_request(asker, request)
        elif end == "expired":
            with clock.at(request.expires_at + timedelta(minutes=1)):
                expire_request(Actor.system(), request)


def _id(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [text for text in texts if text["lang"] == "id"]


def _loose(people: People, key: str | None, days: int, busy: set[int], dice: random.Random) -> Request | None:
    competency = "T.STA.01" if key else dice.choice(["M.3", "M.6", "M.7", "M.8", "M.4"])
    for mentee in _in_need(people, competency, busy, dice):
        with clock.at(at(days)):
            mentors = (
                [people.cast[key]] if key else [suggestion.offer.person_id for suggestion in best_for(people.actor(mentee), k=8)]
            )
        dice.shuffle(mentors)
        for mentor in mentors:
            if key is None and mentor in people.cast.values():
                continue
            try:
                request = _ask(people, mentee, mentor, competency, days, dice)
            except Conflict:
                continue
            busy.add(mentee)
            return request
    return None
