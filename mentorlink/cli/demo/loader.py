"""Makes the demo agency in an empty database."""

from __future__ import annotations

import random
from datetime import timedelta

import sqlalchemy as sa
import structlog

from mentorlink.cli.beginnings import load_beginnings
from mentorlink.cli.demo import (
    agency,
    calendars,
    care,
    circles,
    coaching,
    colleagues,
    commons,
    finding,
    groups,
    learning,
    pairs,
    records,
    rounds,
    talk,
    training,
)
from mentorlink.kernel import clock, jobs
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.notifications.actions import read_notices_before
from mentorlink.people.models import Person
from mentorlink.people.queries import demo_runs

SEED = 20_260_105


def kind_of_database() -> str:
    """``empty`` (nobody in it), ``demo``, ``unfinished`` (making the demo was interrupted), ``real``, or ``joined`` (both)."""
    kinds = set(db.session.scalars(sa.select(Person.of_demo).distinct()))
    if kinds == {True}:
        return "demo" if demo_runs() else "unfinished"
    return "joined" if len(kinds) == 2 else "real" if kinds else "empty"


def load() -> None:
    """Make the agency, its pairs and its communities. The last thing made is the list of demo sign-ins: it marks the end."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    dice = random.Random(SEED)  # noqa: S311  the same agency each time, nothing secret
    load_beginnings()
    with clock.at(clock.now() - timedelta(days=330)):
        people = agency.make(dice)
    records.name_signatory(people)
    pairs.change_stages(people)
    pairs.make(people, dice)
    finding.make(people)
    coaching.make(people)
    care.make(people)
    rounds.make(people)
    talk.make(people)
    commons.make(people)
    circles.make(people, random.Random(SEED + 12))  # noqa: S311  the same words each time
    learning.make(people, random.Random(SEED + 6))  # noqa: S311  the same claims each time
    training.make(people, random.Random(SEED + 10))  # noqa: S311  the same people each time
    calendars.make(people, random.Random(SEED + 8))  # noqa: S311  the same hours each time
    groups.make(people)
    colleagues.make(people, random.Random(SEED + 11))  # noqa: S311  the same words each time
    records.make(people, random.Random(SEED + 9))  # noqa: S311  the same year each time
    commons.point(people)
    read_notices_before(Actor.system(), clock.now() - timedelta(days=4))
    jobs.discard("mail.send")
    jobs.discard("mail.soon")
    agency.offer_sign_ins(people)
