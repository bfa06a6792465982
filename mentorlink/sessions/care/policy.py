"""Who may do what for a pair from outside it."""

from __future__ import annotations

from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor, Role
from mentorlink.sessions.care.models import Concern, Opening, Thanks
from mentorlink.sessions.meetings.models import Series
from mentorlink.sessions.meetings.policy import is_member


def may_watch_silence(actor: Actor) -> bool:
    """The house."""
    return actor.is_system


def may_send_thanks(actor: Actor, series: Series, to_id: int) -> bool:
    """Who met somebody, to that person."""
    return is_member(actor, series) and not actor.is_person(to_id) and any(m.person_id == to_id for m in series.members)


def may_pass_thanks_on(actor: Actor, thanks: Thanks) -> bool:
    """Who was thanked, where the writer consents."""
    return actor.is_person(thanks.to_id) and thanks.may_pass_on


def may_name_safe_people(actor: Actor) -> bool:
    """HR or an administrator of the whole agency."""
    return actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR)


def may_raise_concern(actor: Actor, series: Series) -> bool:
    """Who meets there."""
    return is_member(actor, series)


def may_see_concern(actor: Actor, concern: Concern) -> bool:
    """Who wrote it and the safe person."""
    return actor.person_id in (concern.raised_by_id, concern.to_id) and actor.person_id is not None


def may_answer_concern(actor: Actor, concern: Concern) -> bool:
    """The safe person."""
    return actor.is_person(concern.to_id)


def may_ask_opening(actor: Actor, series: Series) -> bool:
    """HR or an administrator of the whole agency, not about their own pair."""
    return actor.person_id is not None and actor.has_over(None, Role.MANAGER, Role.ADMINISTRATOR) and not is_member(actor, series)


def may_decide_opening(actor: Actor, opening: Opening, series: Series) -> bool:
    """A second one of them."""
    return may_ask_opening(actor, series) and not actor.is_person(opening.asked_by_id)


def may_see_opening(actor: Actor, opening: Opening, series: Series) -> bool:
    """Those who ask and decide; the pair once it was agreed."""
    if is_member(actor, series):
        return opening.state == "agreed"
    return may_ask_opening(actor, series)


def may_read_opened(actor: Actor, opening: Opening) -> bool:
    """Who asked, from the second person's yes until the day is over."""
    return actor.is_person(opening.asked_by_id) and opening.state == "agreed" and (opening.until or clock.now()) > clock.now()
