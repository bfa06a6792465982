"""How one of the communities lives: its charter, what it measures, gatherings, decisions, a reviewed page, a library."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People, content
from mentorlink.community import queries
from mentorlink.community.actions import decisions, gatherings, knowledge, lives
from mentorlink.community.inputs.decisions import DecisionInput, StanceInput
from mentorlink.community.inputs.gatherings import ComingInput, FollowUpInput, GatheringInput, MinutesInput, PresentInput
from mentorlink.community.inputs.knowledge import AcceptInput, MaterialInput, PageInput, PageVerdict, QuestionInput
from mentorlink.community.inputs.lives import CharterInput, MeasureInput, MoveInput, PromiseInput
from mentorlink.community.models import Community, Membership, Message, Topic
from mentorlink.community.models.decisions import Decision
from mentorlink.community.models.gatherings import Gathering
from mentorlink.community.models.knowledge import Material
from mentorlink.community.queries.decisions import alternatives_of, decision_for
from mentorlink.community.queries.gatherings import gathering_for
from mentorlink.community.queries.knowledge import page_for
from mentorlink.competencies.models import Competency, CurrentLevel, Framework
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.text import fold
from mentorlink.learning.actions.plans import point_line
from mentorlink.learning.models import DevelopmentPlan, PlanLine
from mentorlink.sessions.meetings.models import Meeting, SeriesMember

SEAT = ZoneInfo("Asia/Makassar")


def make(people: People) -> None:
    """Let the community of open data live for three weeks."""
    plan = content("commons")
    found = db.session.scalars(sa.select(Community).where(Community.folded_name == fold(plan["name"]))).one()
    Living(people, found.id, plan).tell()


def point(people: People) -> None:
    """The next session of a pair, a line of the mentee's plan and a gathering point to what lies in the library."""
    material = db.session.scalars(sa.select(Material).where(Material.open_to == "agency").order_by(Material.id)).first()
    ahead = sa.select(Meeting, SeriesMember.person_id).join(SeriesMember, SeriesMember.series_id == Meeting.series_id)
    ahead = ahead.where(SeriesMember.person_id.in_(people.cast.values()), Meeting.state == "planned")
    meeting, member_id = db.session.execute(ahead.order_by(Meeting.starts_at, Meeting.id)).first() or (None, 0)
    lines = sa.select(PlanLine).join(DevelopmentPlan).where(DevelopmentPlan.person_id == people.cast["mentee"])
    line = db.session.scalars(lines.order_by(PlanLine.id)).first()
    gathering = db.session.scalars(sa.select(Gathering).where(Gathering.state == "planned").order_by(Gathering.id)).first()
    if material is None or meeting is None or line is None or gathering is None:
        return
    knowledge.point_meeting(people.actor(member_id), meeting, material)
    point_line(people.actor(line.plan.person_id), line, material)
    knowledge.point_gathering(people.actor(gathering.host_id), gathering, material)


class Living:
    """One community on its way, told by its facilitator."""

    def __init__(self, people: People, community_id: int, plan: dict[str, Any]) -> None:
        self.people, self.id, self.plan = people, community_id, plan
        rows = db.session.execute(
            sa.select(Membership.person_id, Membership.role)
            .where(Membership.community_id == community_id)
            .order_by(Membership.person_id)
        ).all()
        spoken = set(db.session.scalars(sa.select(Message.author_id).distinct()))
        self.host = next(row.person_id for row in rows if row.role == "facilitator")
        self.experts = [row.person_id for row in rows if row.role == "expert"]
        self.active = [row.person_id for row in rows if row.person_id in spoken]

    @property
    def community(self) -> Community:
        """The row, fresh."""
        return db.session.get_one(Community, self.id)

    def tell(self) -> None:
        """From the charter to a page that an expert stands by."""
        host = self.people.actor(self.host)
        with self.at(-17):
            self.prepare(host)
        for gathering in self.plan["gatherings"]:
            self.gather(host, gathering)
        for asked in self.plan["decisions"]:
            self.decide(host, asked)
        self.know()
        with self.at(-3):
            for material in self.plan["material"]:
                data = MaterialInput(kind="link", competency_ids=self.focus, open_to="agency", **material)
                knowledge.add_material(host, self.community, data)

    def at(self, days: int, hour: int = 10) -> Any:
        """The clock stands so many days from today."""
        return clock.at(datetime.combine(self.day(days), time(hour), SEAT))

    def day(self, days: int) -> date:
        """So many days from today."""
        return clock.today("Asia/Makassar") + timedelta(days=days)

    @property
    def focus(self) -> list[int]:
        """The technical competency in which its experts are strongest."""
        strongest = sa.select(CurrentLevel.competency_id).join(Competency, Competency.id == CurrentLevel.competency_id)
        strongest = strongest.join(Framework, Framework.id == Competency.framework_id)
        strongest = strongest.where(CurrentLevel.person_id.in_(self.experts), Framework.kind == "technical")
        return list(db.session.scalars(strongest.order_by(CurrentLevel.level.desc(), CurrentLevel.competency_id).limit(1)))

    def prepare(self, host: Actor) -> None:
        """Who belongs, what is measured, what members promise; then the work begins."""
        community = self.community
        charter = CharterInput(
            purpose=community.purpose, why=community.why, belongs=self.plan["belongs"], competency_ids=self.focus
        )
        lives.write_charter(host, community, charter)
        for measure in self.plan["measures"]:
            lives.add_measure(host, self.community, MeasureInput(start_on=self.day(-20), **measure))
        everybody = db.session.scalars(sa.select(Membership.person_id).where(Membership.community_id == self.id)).all()
        promising = [*self.active, *(one for one in everybody if one not in self.active)][: len(everybody) // 2 + 1]
        for number, person_id in enumerate(promising):
            text = self.plan["promises"][number % len(self.plan["promises"])]
            lives.make_promise(self.people.actor(person_id), self.community, PromiseInput(text=text))
        lives.take_step(host, self.community, MoveInput(code="begin", step="preparation"))

    def gather(self, host: Actor, plan: dict[str, Any]) -> None:
        """A gathering, held and written down where its day is over."""
        data = GatheringInput(
            title=plan["title"], day=self.day(plan["days"]), at=time(plan["hour"]), minutes=plan["minutes"], place=plan["place"],
            mode="video" if "://" in plan["place"] else "in_person", places=plan.get("places"), agenda="\n".join(plan["agenda"]),
        )  # fmt: skip
        with self.at(min(plan["days"], 0) - 4):
            row_id = gatherings.plan_gathering(host, self.community, data).id
            for person_id in self.active[:9]:
                actor = self.people.actor(person_id)
                gatherings.answer_gathering(actor, db.session.get_one(Gathering, row_id), ComingInput(answer="going"))
        if plan["days"] >= 0:
            return
        with self.at(plan["days"], plan["hour"] + 2):
            for person_id in self.active[:8]:
                present = PresentInput(person_id=person_id, present=True)
                gatherings.note_presence(host, db.session.get_one(Gathering, row_id), present)
            gatherings.hold_gathering(host, db.session.get_one(Gathering, row_id))
            minutes = MinutesInput(body=plan["minutes_text"], version=0)
            gatherings.write_minutes(host, gathering_for(host, row_id), minutes)
            task = FollowUpInput(text=plan["follow_up"], owner_id=self.active[0], due_on=self.day(7))
            gatherings.agree_follow_up(host, gathering_for(host, row_id), task)

    def decide(self, host: Actor, plan: dict[str, Any]) -> None:
        """A question, with where members stand."""
        ways = {}
        for number, (way, pros, cons) in enumerate(plan["ways"], 1):
            ways |= {f"way{number}": way, f"pros{number}": pros, f"cons{number}": cons}
        with self.at(plan["days"]):
            closes = self.day(5)
            data = DecisionInput(question=plan["question"], method=plan["method"], closes_on=closes, **ways)
            row_id = decisions.open_decision(host, self.community, data).id
            alternatives = [way.id for way in alternatives_of(row_id)]
            for number, person_id in enumerate(self.active):
                if not plan["conclude"] and number % 2:
                    continue
                chosen = alternatives[number % 3 == 2] if plan["method"] == "vote" else None
                stance = StanceInput(stance="agree", alternative_id=chosen)
                decisions.take_stance(self.people.actor(person_id), db.session.get_one(Decision, row_id), stance)
        if plan["conclude"]:
            with self.at(plan["days"] + 4):
                decisions.conclude_decision(host, decision_for(host, row_id))

    def know(self) -> None:
        """An answered question that became a page, and one that waits for an answer to be accepted."""
        topics = content("communities")["communities"][0]["rooms"]
        titles = {topic["key"]: topic["title"] for room in topics for topic in room["topics"]}
        for key in (self.plan["open_question"], self.plan["question"]):
            topic = db.session.scalars(sa.select(Topic).where(Topic.title == titles[key])).one()
            asker = self.people.actor(topic.created_by_id or self.host)
            about = QuestionInput(competency_id=self.focus[0] if self.focus else None)
            question = knowledge.ask_question(asker, queries.topic_for(asker, topic.id), about)
        answer = sa.select(Message).where(Message.topic_id == question.topic_id, Message.author_id != question.asker_id)
        message = db.session.scalars(answer.order_by(sa.func.length(Message.body).desc(), Message.id)).first()
        with self.at(-5):
            knowledge.accept_answer(asker, question, AcceptInput(message_id=message.id if message else None))
            page_id = knowledge.make_page(asker, queries.topic_for(asker, question.topic_id)).id
            page = page_for(asker, page_id)
            tags = [one.id for one in page.competencies]
            knowledge.edit_page(
                asker,
                page,
                PageInput(title=page.title, body=page.body, competency_ids=tags, open_to="agency", version=page.version),
            )
            knowledge.send_page(asker, page_for(asker, page_id))
        with self.at(-4):
            expert = self.people.actor(self.experts[0])
            verdict = PageVerdict(verdict="approve", version=page_for(expert, page_id).version, months=12)
            knowledge.review_page(expert, page_for(expert, page_id), verdict)
