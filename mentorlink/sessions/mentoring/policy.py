"""Who may do what with a mentorship: its two people, nobody else; the house where it says so."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role
from mentorlink.sessions.mentoring.models import Mentorship, SuperiorWord


def may_start_mentorship(actor: Actor, mentor_id: int, mentee_id: int) -> bool:
    """One of the two (pairing lets them after both said yes), a programme manager's round, or the house."""
    return actor.is_system or actor.person_id in (mentor_id, mentee_id) or actor.has(Role.MANAGER)


def may_start_many_mentorships(actor: Actor) -> bool:
    """The house, for a round that was published."""
    return actor.is_system


def may_see_mentorship(actor: Actor, mentorship: Mentorship) -> bool:
    """The two of them."""
    return mentorship.side_of(actor.person_id) is not None


def may_change_mentorship(actor: Actor, mentorship: Mentorship) -> bool:
    """The two of them: every act of a mentorship that one side takes, either side may take."""
    return mentorship.side_of(actor.person_id) is not None


def may_take_step(actor: Actor, mentorship: Mentorship) -> bool:
    """The two of them, and the house (a return date has come, somebody left)."""
    return actor.is_system or mentorship.side_of(actor.person_id) is not None


def may_see_style(actor: Actor, mentorship: Mentorship) -> bool:
    """The mentor alone: who steers is theirs to think about, and nobody's figure."""
    return actor.is_person(mentorship.mentor_id)


def may_say_superior_word(actor: Actor, word: SuperiorWord) -> bool:
    """The superior who was asked."""
    return actor.is_person(word.superior_id)


def may_ask_superior_word(actor: Actor) -> bool:
    """The house, where the programme asks for it."""
    return actor.is_system


def may_end_for_leaver(actor: Actor) -> bool:
    """The house alone, when somebody left."""
    return actor.is_system


def may_change_stages(actor: Actor) -> bool:
    """HR or an administrator of the whole agency: the table holds for everybody."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)
