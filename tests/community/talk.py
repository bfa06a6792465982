"""What tests of communities have in common: a community, a room, something said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from mentorlink.community import actions, queries, rules
from mentorlink.community.actions import Posted
from mentorlink.community.inputs import CommunityInput, MessageInput, TopicInput
from mentorlink.community.models import Community, Room, Topic
from mentorlink.kernel import clock
from mentorlink.people.models import Person
from tests.cast import Cast


class Talk:
    """A community facilitated by the mentor, to which the mentee belongs; the stranger does not."""

    def __init__(self, cast: Cast, *, joining: str = "open", name: str = "Data circle") -> None:
        self.cast = cast
        self.community_id = self.found(name, joining=joining).id
        if joining == "open":
            actions.join_community(self.actor(cast.mentee), self.community)
        self.room_id = queries.rooms_of(self.actor(cast.mentor), self.community)[0][0].id
        self.moment: datetime | None = clock.now() - timedelta(days=1)
        """When the next message is said: a second after the last; None for the real time."""

    @property
    def community(self) -> Community:
        return queries.community_for(self.actor(self.cast.mentor), self.community_id)

    @property
    def room(self) -> Room:
        return queries.room_for(self.actor(self.cast.mentor), self.room_id)

    @property
    def topic(self) -> Topic:
        """The general talk."""
        return next(line.topic for line in queries.topics_for(self.actor(self.cast.mentor), self.room) if not line.topic.title)

    def found(self, name: str, *, joining: str = "open") -> Community:
        """A community facilitated by the mentor."""
        data = CommunityInput(name=name, purpose="To read numbers together", joining=joining)  # type: ignore[arg-type]
        return actions.create_community(self.actor(self.cast.mentor), data)

    def actor(self, person: Person) -> Any:
        return self.cast.actor(person)

    def say(self, person: Person, body: str, *, topic_id: int | None = None, **more: Any) -> Posted:
        """``person`` writes in the general talk, or in the topic named."""
        data = {"topic_id": topic_id or self.topic.id, "body": body, "client_id": rules.new_client_id()} | more
        with self._next_moment():
            return actions.post_message(self.actor(person), self.room, MessageInput(**data))

    def begin(self, person: Person, title: str, body: str = "To begin with") -> Posted:
        """``person`` starts a topic."""
        data = TopicInput(title=title, body=body, client_id=rules.new_client_id())
        with self._next_moment():
            return actions.start_topic(self.actor(person), self.room, data)

    @contextmanager
    def _next_moment(self) -> Iterator[None]:
        if self.moment is None:
            yield
            return
        self.moment += timedelta(seconds=1)
        with clock.at(self.moment):
            yield
