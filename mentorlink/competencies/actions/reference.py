"""The tables a new agency starts with."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import sqlalchemy as sa

from mentorlink.competencies.actions.frameworks import load_framework
from mentorlink.competencies.models import Competency, Framework, Standard
from mentorlink.competencies.policy import may_edit_frameworks
from mentorlink.kernel.actions import action, ensure
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.people.models import Field, Tier

DATA = Path(__file__).parent.parent / "data"


@action
def load_reference(actor: Actor) -> None:
    """Tiers, fields, the nine common competencies and their standards are there. What an agency has changed stays as it is."""
    ensure(may_edit_frameworks, actor)
    _load_tiers()
    _load_fields()
    db.session.flush()
    for name in ("managerial", "socio_cultural"):
        if db.session.scalar(sa.select(Framework.id).where(Framework.code == name)) is None:
            load_framework(actor, json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))
    _load_standards()


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _load_tiers() -> None:
    there = set(db.session.scalars(sa.select(Tier.code)))
    for row in _table("tiers"):
        if row["code"] not in there:
            db.session.add(Tier(code=row["code"], grade=int(row["grade"]), name={"id": row["name_id"], "en": row["name_en"]}))


def _load_fields() -> None:
    there = set(db.session.scalars(sa.select(Field.code)))
    for row in _table("fields"):
        if row["code"] not in there:
            db.session.add(Field(code=row["code"], name={"id": row["name_id"], "en": row["name_en"]}))


def _load_standards() -> None:
    tiers = dict(db.session.execute(sa.select(Tier.code, Tier.id)).all())
    competencies = dict(db.session.execute(sa.select(Competency.code, Competency.id)).all())
    query = sa.select(Standard.tier_id, Standard.competency_id).where(Standard.tier_id.is_not(None))
    there = {(tier_id, competency_id) for tier_id, competency_id in db.session.execute(query)}
    for row in _table("standards"):
        key = (tiers[row["tier"]], competencies[row["competency"]])
        if key not in there:
            db.session.add(Standard(tier_id=key[0], competency_id=key[1], required=int(row["level"])))
