"""Reads about communities. What one may not know of does not exist: ``<thing>_for(actor, id)`` raises NotFound."""

from mentorlink.community.queries.communities import (
    communities_for,
    community_for,
    entries_for,
    entry_of,
    facilitator_ids,
    member_count,
    members_for,
    rooms_of,
)
from mentorlink.community.queries.log import News, entries_after, newest_entry, newest_of, news_for
from mentorlink.community.queries.rooms import (
    Window,
    message_for,
    newer_for,
    older_for,
    opening_topic,
    room_for,
    shows_presence,
    topic_for,
    topics_for,
    versions_for,
    window_for,
)
from mentorlink.community.queries.unread import unread_by_community, unread_by_room, unread_by_topic, unread_of_topic

__all__ = [
    "News",
    "Window",
    "communities_for",
    "community_for",
    "entries_after",
    "entries_for",
    "entry_of",
    "facilitator_ids",
    "member_count",
    "members_for",
    "message_for",
    "newer_for",
    "newest_entry",
    "newest_of",
    "news_for",
    "older_for",
    "opening_topic",
    "room_for",
    "rooms_of",
    "shows_presence",
    "topic_for",
    "topics_for",
    "unread_by_community",
    "unread_by_room",
    "unread_by_topic",
    "unread_of_topic",
    "versions_for",
    "window_for",
]
