"""Decisions of communities: values in, values out."""

from mentorlink.community.rules.messages import (
    DEEDS,
    NAME_WORDS,
    POSTS,
    POSTS_WITHIN,
    competency_ids,
    link_names,
    mentioned_ids,
    new_client_id,
    render,
    typed_names,
    unlink_names,
)

__all__ = [
    "DEEDS",
    "NAME_WORDS",
    "POSTS",
    "POSTS_WITHIN",
    "competency_ids",
    "link_names",
    "mentioned_ids",
    "new_client_id",
    "render",
    "typed_names",
    "unlink_names",
]
