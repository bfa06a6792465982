"""Who may do what with the learning record."""

from __future__ import annotations

from mentorlink.kernel.actor import Actor, Role
from mentorlink.learning.models import BehaviourReview, Certificate, Claim, DataRequest, DevelopmentPlan, LearningPeriod
from mentorlink.people.models import Person


def may_credit_hours(actor: Actor) -> bool:
    """Only the house itself: hours follow from deeds."""
    return actor.is_system


def may_load_hours_rule(actor: Actor) -> bool:
    """HR of the whole agency, and the house."""
    return actor.has_over(None, Role.MANAGER)


def may_change_hours_rule(actor: Actor) -> bool:
    """HR of the whole agency: the table holds for everybody."""
    return actor.has_over(None, Role.MANAGER)


def may_change_settings(actor: Actor) -> bool:
    """HR of the whole agency: they hold for everybody."""
    return actor.has_over(None, Role.MANAGER)


def may_issue_certificate(actor: Actor) -> bool:
    """Only the house itself: certificates follow from closing."""
    return actor.is_system


def may_see_hours(actor: Actor, person: Person) -> bool:
    """The person, their superiors, and HR over their unit."""
    return actor.is_person(person.id) or actor.heads_over(person.unit.path) or actor.has_over(person.unit.path, Role.MANAGER)


def may_claim_hours(actor: Actor, person: Person) -> bool:
    """Each for themself."""
    return actor.is_person(person.id)


def may_change_claim(actor: Actor, claim: Claim) -> bool:
    """Whose claim it is."""
    return actor.is_person(claim.person_id)


def may_decide(actor: Actor, person: Person, superior: Person | None) -> bool:
    """A superior at any height of the line; where there is none, HR over the unit. Nobody over themself."""
    if actor.is_person(person.id):
        return False
    if superior is None:
        return actor.has_over(person.unit.path, Role.MANAGER)
    return actor.heads_over(person.unit.path)


def may_reverse_claim(actor: Actor, person: Person) -> bool:
    """A superior, or HR over the unit; nobody their own."""
    if actor.is_person(person.id):
        return False
    return actor.heads_over(person.unit.path) or actor.has_over(person.unit.path, Role.MANAGER)


def may_withdraw_session(actor: Actor, person: Person) -> bool:
    """HR over the unit; nobody their own."""
    return actor.has_over(person.unit.path, Role.MANAGER) and not actor.is_person(person.id)


def may_plan(actor: Actor, person: Person) -> bool:
    """Each for themself."""
    return actor.is_person(person.id)


def may_change_lines(actor: Actor, plan: DevelopmentPlan, superior: Person | None) -> bool:
    """Whose plan it is, and whoever decides over it; when, the table of states says."""
    return actor.is_person(plan.person_id) or may_decide(actor, plan.person, superior)


def may_see_plan_sums(actor: Actor) -> bool:
    """HR, each over the units their role covers."""
    return actor.has(Role.MANAGER)


def may_close_period(actor: Actor) -> bool:
    """HR of the whole agency."""
    return actor.has_over(None, Role.MANAGER)


def heads_agency(actor: Actor) -> bool:
    """Whoever heads a unit at the top of the tree."""
    return any(path.count("/") == 2 for path in actor.heads)


def may_see_periods(actor: Actor) -> bool:
    """Who closes periods, and the head of the agency, who may approve them."""
    return may_close_period(actor) or heads_agency(actor)


def may_approve_period(actor: Actor, period: LearningPeriod) -> bool:
    """HR of the whole agency or its head; never who checked it."""
    return may_see_periods(actor) and not (period.checked_by_id and actor.is_person(period.checked_by_id))


def may_write_recap(actor: Actor) -> bool:
    """Only the house itself: a recap follows from the ledger."""
    return actor.is_system


def may_revoke_certificate(actor: Actor, certificate: Certificate) -> bool:
    """HR over the holder's unit; nobody their own."""
    return actor.has_over(certificate.person.unit.path, Role.MANAGER) and not actor.is_person(certificate.person_id)


def may_see_index(actor: Actor, person: Person) -> bool:
    """The person, and HR over their unit: discipline is nobody else's business."""
    return actor.is_person(person.id) or actor.has_over(person.unit.path, Role.MANAGER)


def may_enter_index(actor: Actor, person: Person) -> bool:
    """HR over the unit; nobody for themself."""
    return actor.has_over(person.unit.path, Role.MANAGER) and not actor.is_person(person.id)


def may_ask_about_data(actor: Actor, person: Person) -> bool:
    """Each about themself."""
    return actor.is_person(person.id)


def may_answer_data_request(actor: Actor, request: DataRequest) -> bool:
    """HR over the unit of who asks; nobody their own."""
    return actor.has_over(request.person.unit.path, Role.MANAGER) and not actor.is_person(request.person_id)


def may_watch_clock(actor: Actor) -> bool:
    """Only the house itself."""
    return actor.is_system


def may_note_contract(actor: Actor, person: Person) -> bool:
    """HR over the unit; nobody for themself, because it moves their own ceiling."""
    return actor.has_over(person.unit.path, Role.MANAGER) and not actor.is_person(person.id)


def may_see_data_requests(actor: Actor) -> bool:
    """HR, each over the units their role covers."""
    return actor.has(Role.MANAGER)


def may_react(actor: Actor, person: Person) -> bool:
    """Each for themself."""
    return actor.is_person(person.id)


def may_keep_evaluation(actor: Actor) -> bool:
    """HR of the whole agency: the item bank, its forms, the indicators."""
    return actor.has_over(None, Role.MANAGER)


def may_sit_test(actor: Actor) -> bool:
    """Everybody of the agency."""
    return actor.person_id is not None


def may_say_behaviour(actor: Actor, review: BehaviourReview) -> bool:
    """Who is asked."""
    return actor.is_person(review.asked_id)


def may_ask_behaviour(actor: Actor) -> bool:
    """Only the house itself, months after something ended."""
    return actor.is_system
