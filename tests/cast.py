"""The cast of the tests: people named by their relation, in an agency of four units.

    Agency
    ├── Finance (head: the supervisor)
    │   └── Budget (the mentee works here)
    └── Statistics (the mentor works here; head: the other head)

Everyone is made when first asked for. ``cast.client(person)`` is a browser in which that person is signed in.
"""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient

from mentorlink.competencies.models import Assessment, Competency, CurrentLevel, Framework, Level, Standard
from mentorlink.kernel import clock, crypto
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import Base, db, key_of
from mentorlink.kernel.text import fold
from mentorlink.people.models import Field, Job, Person, RoleGrant, SignIn, Tier, Unit
from mentorlink.people.queries import actor_of
from mentorlink.web.guard import cookie_name


class Browser(FlaskClient):
    """A client whose requests share nothing with each other or with the test, who acts included.

    After one, the test sees what it did.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = copy_context().run(self._open, args, kwargs)
        db.session.rollback()
        return answer

    def _open(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Away from the test's own context, so that each request has its own, which it has left when its body is read."""
        _cv_app.set(None)  # type: ignore[arg-type]  # what Flask asks is whether there is one
        return super().open(*args, **{"buffered": True} | kwargs)


def lay_ground() -> None:
    """The agency without people: jobs, units, three competencies. Laid once, into the database that tests are copies of."""
    tier = _flush(Tier(code="jf_ahli_muda", name={"id": "JF Ahli Muda", "en": "JF Expert"}, grade=3))
    _flush(Tier(code="jf_ahli_pertama", name={"id": "JF Ahli Pertama", "en": "JF Junior"}, grade=2))
    field = _flush(Field(code="keuangan", name={"id": "Keuangan", "en": "Finance"}))
    _flush(Field(code="statistik", name={"id": "Statistik", "en": "Statistics"}))
    job = _flush(Job(code="analis", name={"id": "Analis Anggaran", "en": "Budget Analyst"}, tier_id=tier.id, field_id=field.id))
    agency = _unit("agency", None)
    finance = _unit("finance", agency)
    _unit("budget", finance)
    _unit("statistics", agency)
    framework = _flush(Framework(code="teknis", kind="technical", name={"id": "Teknis", "en": "Technical"}))
    for number in range(1, 4):
        _competency(number, framework=framework, field=field, job=job)
    db.session.commit()


def _competency(number: int, *, framework: Framework, field: Field, job: Job) -> Competency:
    words = {"id": f"Kompetensi {number}", "en": f"Competency {number}"}
    competency: Competency = _flush(
        Competency(
            framework_id=framework.id, code=f"T.{number}", name=words, definition=words, position=number, field_id=field.id
        )
    )
    for level in range(1, 6):
        _flush(Level(competency_id=competency.id, number=level, title=words, description=words, indicators=[]))
    _flush(Standard(competency_id=competency.id, job_id=job.id, required=3))
    return competency


def _unit(code: str, parent: Unit | None) -> Unit:
    unit = _flush(
        Unit(code=code, name={"id": code.title(), "en": code.title()}, parent_id=parent.id if parent else None, path="")
    )
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    return unit


def _insert(table: type[Base], *rows: dict[str, Any]) -> None:
    """Rows as they stand: what a session does around each takes ten times as long."""
    db.session.connection().execute(sa.insert(table), rows)


def _insert_one(table: type[Base], **values: Any) -> int:
    """One row; returns its id."""
    return int(db.session.connection().execute(sa.insert(table), values).inserted_primary_key[0])  # type: ignore[index]  # it has one


def _assess(person_id: int, levels: dict[int, int]) -> list[int]:
    """Findings (competency → level), and the levels that count from then on; returns the ids of the findings."""
    now = {"person_id": person_id, "assessed_on": clock.today(), "created_at": clock.now(), "source": "assessment_centre"}
    found = [_insert_one(Assessment, competency_id=competency_id, level=level, **now) for competency_id, level in levels.items()]
    counting = zip(levels.items(), found, strict=True)
    _insert(CurrentLevel, *(
        {"person_id": person_id, "competency_id": competency_id, "level": level, "assessment_id": assessment_id}
        for (competency_id, level), assessment_id in counting
    ))  # fmt: skip
    return found


def _flush(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


class Cast:
    """Who plays in a test, over the ground of ``lay_ground``."""

    def __init__(self, app: Flask, people: dict[str, int] | None = None) -> None:
        self.app = app
        self.people: dict[str, int] = people or {}
        """Who has been made, by key."""
        units = {unit.code: unit for unit in db.session.scalars(sa.select(Unit))}
        tiers = {tier.code: tier for tier in db.session.scalars(sa.select(Tier))}
        fields = {field.code: field for field in db.session.scalars(sa.select(Field))}
        self.tier, self.junior_tier = tiers["jf_ahli_muda"], tiers["jf_ahli_pertama"]
        self.field, self.other_field = fields["keuangan"], fields["statistik"]
        self.job = db.session.scalars(sa.select(Job)).one()
        self.agency, self.finance = units["agency"], units["finance"]
        self.budget, self.statistics = units["budget"], units["statistics"]
        self.competencies = list(db.session.scalars(sa.select(Competency).order_by(Competency.position)))

    # People by relation

    @property
    def mentee(self) -> Person:
        """Works in Budget; the job asks for level 3 of three competencies, levels 1, 2 and 3 were found."""
        return self.person("mentee", self.budget, levels=(1, 2, 3))

    @property
    def mentor(self) -> Person:
        """Works in Statistics, outside the mentee's line; levels 4, 4 and 2."""
        return self.person("mentor", self.statistics, levels=(4, 4, 2))

    @property
    def second_mentor(self) -> Person:
        """Another possible mentor."""
        return self.person("second_mentor", self.statistics, levels=(3, 2, 4))

    @property
    def supervisor(self) -> Person:
        """Heads Finance, so stands in the mentee's line."""
        return self.person("supervisor", self.finance, heads=self.finance, levels=(5, 5, 5))

    @property
    def other_head(self) -> Person:
        """Heads Statistics: the mentor's superior, nobody to the mentee."""
        return self.person("other_head", self.statistics, heads=self.statistics)

    @property
    def coordinator(self) -> Person:
        """Programme manager (HR) of the whole agency."""
        return self.person("coordinator", self.agency, role="manager")

    @property
    def administrator(self) -> Person:
        """Administrator of the whole agency."""
        return self.person("administrator", self.agency, role="administrator")

    @property
    def stranger(self) -> Person:
        """Has nothing to do with any of them."""
        return self.person("stranger", self.statistics)

    # Making and acting

    def person(self, key: str, unit: Unit | None = None, *, role: str | None = None, heads: Unit | None = None,
               levels: tuple[int | None, ...] = (), **columns: Any) -> Person:  # fmt: skip
        """The person known as ``key``; made with these columns when first asked for."""
        if key in self.people:
            return db.session.get_one(Person, self.people[key])
        name = columns.pop("name", key.replace("_", " ").title())
        defaults: dict[str, Any] = {
            "email": f"{key}@nusaraya.example", "name": name, "folded_name": fold(name), "unit_id": key_of(unit or self.agency),
            "job_id": key_of(self.job), "state": "active", "in_field_since": 2015, "languages": ["id"], "locale": "en",
            "created_at": clock.now(), "timezone": "Asia/Jakarta",
        }  # fmt: skip
        db.session.flush()
        number = self.people[key] = _insert_one(Person, **(defaults | columns))
        if role:
            _insert_one(RoleGrant, person_id=number, role=role, granted_at=clock.now())
        if heads:
            db.session.execute(sa.update(Unit).where(Unit.id == key_of(heads)).values(head_id=number))
        found = dict(zip(map(key_of, self.competencies), levels, strict=False))
        if known := {competency_id: level for competency_id, level in found.items() if level is not None}:
            _assess(number, known)
        db.session.commit()
        return db.session.get_one(Person, number)

    def unit(self, code: str, parent: Unit | None) -> Unit:
        """A unit below ``parent``."""
        unit = _unit(code, parent)
        db.session.commit()
        return unit

    def competency(self, number: int) -> Competency:
        """One more competency, of which the job asks level 3."""
        made = _competency(number, framework=self.competencies[0].framework, field=self.field, job=self.job)
        db.session.commit()
        return made

    def assess(self, person: Person, competency: Competency, level: int) -> Assessment:
        """An assessment-centre finding that counts now."""
        found = _assess(key_of(person), {key_of(competency): level})
        db.session.commit()
        return db.session.get_one(Assessment, found[0])

    def actor(self, person: Person, *, door: str = "page") -> Actor:
        """The person as actor."""
        return actor_of(person, door=door)

    def client(self, person: Person | None = None) -> FlaskClient:
        """A browser, signed in as ``person`` if one is given."""
        client = Browser(self.app, self.app.response_class)
        if person is not None:
            token = crypto.new_token()
            now = clock.now()
            _insert_one(SignIn, person_id=key_of(person), token_hash=crypto.token_hash(token), created_at=now, seen_at=now)
            db.session.commit()
            client.set_cookie(cookie_name(), token, domain="localhost")
        return client

    def add(self, row: Any) -> Any:
        """Any row, as it is."""
        db.session.add(row)
        db.session.commit()
        return row
