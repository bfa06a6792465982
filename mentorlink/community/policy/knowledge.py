"""Who may do what with questions, pages and material."""

from __future__ import annotations

from mentorlink.community.models.communities import Community
from mentorlink.community.models.knowledge import HelpAsked, KnowledgePage, Material, TopicQuestion
from mentorlink.community.models.rooms import Topic
from mentorlink.community.policy.communities import lives, may_join_community, role_in
from mentorlink.community.policy.lives import may_take_part
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db


def may_ask_question(actor: Actor, topic: Topic) -> bool:
    """Who began a topic, and facilitators, say that it asks something; the general talk does not."""
    role = role_in(actor, topic.room.community_id)
    mine = role is not None and actor.is_person(topic.created_by_id)
    return bool(topic.title) and (mine or role in ("facilitator", "expert")) and lives(topic.room.community_id)


def may_accept_answer(actor: Actor, question: TopicQuestion) -> bool:
    """Who asked; facilitators and experts where the asker stays silent."""
    role = role_in(actor, question.community_id)
    asked = role is not None and actor.is_person(question.asker_id)
    return (asked or role in ("facilitator", "expert")) and lives(question.community_id)


def may_seek_help(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system


def may_answer_help(actor: Actor, asked: HelpAsked) -> bool:
    """Only who was asked, as long as they belong to the community or may join it."""
    community = asked.question.community_id
    if not actor.is_person(asked.person_id):
        return False
    return role_in(actor, community) is not None or may_join_community(actor, db.session.get_one(Community, community))


def may_pause_help(actor: Actor) -> bool:
    """Everyone for themself."""
    return actor.person_id is not None


def may_make_page(actor: Actor, community: Community) -> bool:
    """Every member."""
    return may_take_part(actor, community)


def may_see_page(actor: Actor, page: KnowledgePage) -> bool:
    """Members; everybody what an expert has reviewed and the members opened."""
    if role_in(actor, page.community_id) is not None:
        return True
    shown = page.open_to == "agency" and page.reviewed_version is not None and page.state != "withdrawn"
    return shown and (actor.is_system or actor.person_id is not None)


def may_edit_page(actor: Actor, page: KnowledgePage) -> bool:
    """Every member: knowledge belongs to the community."""
    return role_in(actor, page.community_id) is not None and lives(page.community_id)


def may_review_page(actor: Actor, page: KnowledgePage) -> bool:
    """The community's experts; nobody stands by what they alone have written."""
    alone = [author.id for author in page.authors] == [actor.person_id]
    return role_in(actor, page.community_id) == "expert" and not alone and lives(page.community_id)


def may_withdraw_page(actor: Actor, page: KnowledgePage) -> bool:
    """Facilitators and experts, while the community lives."""
    return role_in(actor, page.community_id) in ("facilitator", "expert") and lives(page.community_id)


def may_add_material(actor: Actor, community: Community) -> bool:
    """Every member."""
    return may_take_part(actor, community)


def may_see_material(actor: Actor, material: Material) -> bool:
    """Members; everybody what is open to the agency."""
    return role_in(actor, material.community_id) is not None or (material.open_to == "agency" and actor.person_id is not None)


def may_drop_material(actor: Actor, material: Material) -> bool:
    """Who brought it, facilitators and experts, while the community lives."""
    role = role_in(actor, material.community_id)
    theirs = role in ("facilitator", "expert") or (role is not None and actor.is_person(material.by_id))
    return theirs and lives(material.community_id)


def may_let_uses_go(actor: Actor) -> bool:
    """Whoever takes away what points; the use case around it has asked whether they may."""
    return actor.is_system or actor.person_id is not None


def may_tend_pages(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system
