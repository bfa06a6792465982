"""A past of which the truth is known: lists that were shown, requests, and what came of them, as rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.matching import TERMS, Evidence
from mentorlink.pairing.models import Offer, RankingModel, Request, ShownList, ShownPerson
from mentorlink.people.models import Person
from mentorlink.sessions.meetings.models import Meeting, Series
from mentorlink.sessions.mentoring.models import Mentorship

MENTORS = 40
AGO = timedelta(days=120)


def live_through(evidence: Evidence, *, unit_id: int, job_id: int | None = None, mentors: int = MENTORS) -> list[int]:
    """Write the evidence down as if it had happened four months ago; ids of those who saw the lists."""
    began = clock.now() - AGO
    first = (db.session.scalar(sa.select(sa.func.max(Person.id))) or 0) + 1
    readers = np.unique(evidence.mentees)
    helpers = [first + at for at in range(mentors)]
    mentees = {int(reader): first + mentors + at for at, reader in enumerate(readers)}
    _people([*helpers, *mentees.values()], unit_id, job_id)
    offers = _add(
        Offer,
        [
            {"person_id": who, "kind": "mentor", "capacity": 50, "taken": 0, "languages": [], "message": "", "opened_at": began}
            for who in helpers
        ],
    )
    lists = _add(
        ShownList,
        [
            {
                "person_id": who, "kind": "mentor", "day": began.date(), "shown_at": began, "door": "find", "filters": {},
                "start": 0, "total": 10, "programme_id": None, "model_id": None, "digest": f"digest-{who}",
            }
            for who in mentees.values()
        ],
    )  # fmt: skip
    list_of = dict(zip(mentees.values(), lists, strict=True))
    lines, requests = [], []
    for at in range(len(evidence)):
        who, slot = mentees[int(evidence.mentees[at])], int(evidence.slots[at])
        helper = (who * 7 + slot) % mentors
        shares = dict(zip(TERMS, evidence.shares[at].tolist(), strict=True))
        lines.append(
            {
                "viewer_id": who, "kind": "mentor", "mentor_id": helpers[helper], "day": began.date(), "list_id": list_of[who],
                "slot": slot, "place": slot, "tied": 1, "chance": 1.0, "shares": shares,
            }
        )  # fmt: skip
        if evidence.asked[at]:
            requests.append((who, helpers[helper], offers[helper], bool(evidence.good[at])))
    db.session.execute(sa.insert(ShownPerson), lines)
    _ask(requests, began)
    db.session.commit()
    return list(mentees.values())


def _people(ids: list[int], unit_id: int, job_id: int | None) -> None:
    rows = [
        {
            "id": number, "email": f"past{number}@nusaraya.example", "name": f"Past {number}", "folded_name": f"past {number}",
            "unit_id": unit_id, "job_id": job_id, "state": "active", "languages": ["id"], "locale": "en",
            "created_at": clock.now(), "timezone": ("Asia/Jakarta", "Asia/Makassar")[number % 2],
        }
        for number in ids
    ]  # fmt: skip
    db.session.execute(sa.insert(Person), rows)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SELECT setval(pg_get_serial_sequence('person', 'id'), (SELECT max(id) FROM person))"))


def _ask(requests: list[tuple[int, int, int, bool]], began: Any) -> None:
    """Who was asked said no because the field did not fit, or yes, and the two met and closed."""
    asked = began + timedelta(days=1)
    good = [request for request in requests if request[3]]
    series = _add(Series, [{"state": "closed", "created_at": asked} for _ in good])
    pairs = _add(
        Mentorship,
        [
            {
                "mentor_id": mentor, "mentee_id": mentee, "series_id": number, "stage": "confirmative", "state": "closed",
                "started_at": asked, "ended_at": asked + timedelta(days=90), "touched_at": asked, "agreement_number": 0,
                "goals_revision": 0,
            }
            for (mentee, mentor, _offer, _good), number in zip(good, series, strict=True)
        ],
    )  # fmt: skip
    _add(
        Meeting,
        [
            {
                "series_id": number, "number": 1, "starts_at": asked + timedelta(days=5), "minutes": 60, "mode": "video",
                "state": "held", "created_at": asked,
            }
            for number in series
        ],
    )  # fmt: skip
    pair_of = {(mentee, mentor): pair for (mentee, mentor, _offer, _good), pair in zip(good, pairs, strict=True)}
    rows = [
        {
            "offer_id": offer, "person_id": mentee, "client_id": f"past-{mentee}-{offer}", "message": "A wish.",
            "state": "accepted" if well else "declined", "sent_at": asked, "expires_at": asked + timedelta(days=7),
            "closed_at": asked + timedelta(days=2), "decline_reason": None if well else "field",
            "mentorship_id": pair_of.get((mentee, mentor)),
        }
        for mentee, mentor, offer, well in requests
    ]  # fmt: skip
    db.session.execute(sa.insert(Request), rows)


def _add(table: Any, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    return list(db.session.scalars(sa.insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def model_row(**columns: Any) -> dict[str, Any]:
    """A proposal as it stands in its table."""
    figures = {
        "shown": 3120, "mentees": 312, "asked": 531, "outcomes": 412, "good": 268, "steepness": 0.63,
        "policy_auc": [0.596, 0.562, 0.631], "model_auc": [0.683, 0.651, 0.716], "gain": [0.087, 0.052, 0.121],
        "error": [0.031, 0.024, 0.058],
        "bins": [[0.42, 0.39, 83], [0.55, 0.57, 82], [0.64, 0.66, 83], [0.74, 0.71, 82], [0.87, 0.88, 82]],
    }  # fmt: skip
    usual = {
        "kind": "mentor", "number": 1, "state": "proposed", "made_at": clock.now(), "inputs_hash": "0" * 64, "seed": 0,
        "figures": figures, "odds": {"slope": 5.2, "base": -1.9}, "reason": "",
        "weights": {"cover": 0.41, "text": 0.29, "experience": 0.14, "place": 0.09, "field": 0.05, "language": 0.02},
        "curves": {
            "text": [[0.0, 0.0], [0.05, 0.28], [0.1, 0.55], [0.2, 0.81], [0.4, 0.93], [1.0, 1.0]],
            "experience": [[0.0, 0.0], [0.2, 0.36], [0.4, 0.64], [0.6, 0.83], [0.8, 0.95], [1.0, 1.0]],
        },
    }  # fmt: skip
    return usual | columns


def a_model(**columns: Any) -> RankingModel:
    """A proposal that waits for a decision."""
    model = RankingModel(**model_row(**columns))
    db.session.add(model)
    db.session.commit()
    return model
