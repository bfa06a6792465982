"""What tests of pairing need besides the cast: offers, requests, and a bare pool to compare with."""

from __future__ import annotations

from itertools import count

from mentorlink.kernel.db import db
from mentorlink.matching import MentorIndex
from mentorlink.pairing.actions import open_offer, send_request
from mentorlink.pairing.inputs import AskInput, OfferInput
from mentorlink.pairing.models import Offer, Request
from mentorlink.pairing.queries.pool import index_of, load_mentors
from mentorlink.people.models import Person
from tests.cast import Cast

_forms = count(1)
WISH = "I would like to learn from you how to set up a budget."


def offer(cast: Cast, person: Person, *, kind: str = "mentor", **columns: object) -> Offer:
    """An open offer of ``person``."""
    if kind == "coach":
        from mentorlink.kernel.clock import now
        from mentorlink.people.models import RoleGrant

        db.session.add(RoleGrant(person_id=person.id, role="coach", granted_at=now()))
        db.session.commit()
    return open_offer(cast.actor(person), kind, OfferInput.model_validate({"capacity": 2} | columns))


def ask(cast: Cast, asker: Person, to: Offer, **columns: object) -> Request:
    """A request from ``asker``."""
    data = {"client_id": f"form-{next(_forms):06}", "message": WISH} | columns
    return send_request(cast.actor(asker), to, AskInput.model_validate(data))


def fresh_index(kind: str = "mentor") -> MentorIndex:
    """A pool built from the rows at this moment, with the same knowledge of words as the one in use."""
    return MentorIndex().fit(load_mentors()[0][kind], text_model=index_of(kind).text_encoder_)
