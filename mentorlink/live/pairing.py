"""Tell open pages how many places an offer has left, that lists have moved, and that a kept place came or went."""

from __future__ import annotations

from mentorlink.kernel.events import Event
from mentorlink.live import push
from mentorlink.pairing.events import OfferRoomChanged, PlaceEvent, PlacesTaken


def show_room(event: OfferRoomChanged) -> None:
    """Everyone who looks at the offer sees the new number."""
    push.to_all("offer-room", {"offer_id": event.offer_id, "person_id": event.person_id, "free": event.free})


def show_rooms(event: PlacesTaken) -> None:
    """The same for many offers."""
    for offer_id, person_id, free in event.rooms:
        push.to_all("offer-room", {"offer_id": offer_id, "person_id": person_id, "free": free})


def show_moved(_event: Event) -> None:
    """Levels, room or wishes changed: whoever looks at suggestions may read theirs again. It says nothing of whom."""
    push.to_all("pool-moved", {})


def show_place(event: PlaceEvent) -> None:
    """The person for whom a place is or was kept sees it in their line."""
    push.to_person(event.person_id, "place-moved", {})
