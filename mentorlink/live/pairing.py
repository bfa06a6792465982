"""Tell open pages how many places an offer has left."""

from __future__ import annotations

from mentorlink.live import push
from mentorlink.pairing.events import OfferRoomChanged


def show_room(event: OfferRoomChanged) -> None:
    """Everyone who looks at the offer sees the new number."""
    push.to_all("offer-room", {"offer_id": event.offer_id, "person_id": event.person_id, "free": event.free})
