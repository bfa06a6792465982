"""What the parts of somebody's record, their fields and their readers are called."""

from __future__ import annotations

from functools import cache

from flask_babel import get_locale
from flask_babel import gettext as _


def section_name(code: str) -> str:
    """What a part of the record is called."""
    return _section_names(str(get_locale()))[code]


@cache  # a record names hundreds, each out of hundreds
def _section_names(_language: str) -> dict[str, str]:
    return {
        "profile": _("Profile"), "roles": _("Roles"), "units_headed": _("Units that I head"),
        "account": _("When my password was set"), "links": _("Links sent to me for signing in"),
        "devices": _("Signed-in devices"), "presence": _("That my presence is hidden"),
        "hours_of_mine": _("My hours for sessions"), "hours_apart": _("Days that differ from them"),
        "habits": _("Notice and pause that I want"), "calendars": _("Calendars that I joined"),
        "calendar_feed": _("My calendar address"), "busy": _("When I am busy, from my calendars"),
        "notices": _("Notifications"),
        "push": _("Browsers that are told while no page is open"), "notice_choices": _("How I want to be told"),
        "notice_rhythm": _("When I want to be told by mail"), "blocks": _("Whom I blocked"), "deeds": _("What I did"),
        "assessments": _("Assessments"), "peer_reviews": _("When colleagues were asked how I work, or I had it asked"),
        "peer_voices": _("When I was asked how a colleague works"), "hours": _("Learning hours"),
        "given": _("What I gave and got in communities"),
        "claims": _("Claims"), "plans": _("Development plans"), "certificates": _("Certificates"),
        "recaps": _("Lines about me in recaps"), "contract": _("Since when my contract years are counted"),
        "index": _("Professionalism index"), "tests": _("Tests"), "feedback": _("What I said of sessions"),
        "behaviour": _("What I said months later"), "consents": _("What I agreed to"),
        "data_requests": _("What I asked about my data"), "offers": _("My offers"), "requests": _("My requests"),
        "request_answers": _("What I answered to requests"), "request_words": _("Questions and answers about requests"),
        "invitations": _("Help that was offered to me"), "invitations_sent": _("Help that I offered to somebody"),
        "saved": _("People whom I saved"), "waiting": _("Lines in which I wait"), "held_places": _("Places kept for me"),
        "needs": _("Needs that I voiced"), "finding_choices": _("How I want to be found"),
        "lists": _("Lists that were shown to me"), "list_people": _("Who stood in them"),
        "rounds": _("Matching rounds in which I took part"), "round_wishes": _("My choices in rounds"),
        "round_ties": _("Pairs about me that HR set or ruled out"), "round_pairs": _("Pairs about me that were published"),
        "mentorships": _("Mentorships"), "groups": _("Groups that I lead"), "group_places": _("Groups that I asked to join"),
        "agreements": _("Agreements that I proposed"), "signatures": _("Agreements that I signed"),
        "targets": _("Levels that a mentorship works on"), "purposes": _("Purposes that I wrote"),
        "acceptances": _("Goals that I accepted"), "issues": _("Issues that I raised or settled"),
        "roadmap": _("Steps that I added"), "stage_steps": _("Stages that I moved on or back"),
        "pauses": _("Pauses that I began"), "early_ends": _("Mentorships that I ended early, and why"),
        "directions": _("Next directions that I wrote"), "after_levels": _("Levels that I confirmed afterwards"),
        "evaluations": _("My evaluations"), "reflections": _("My reflections"), "superior_words": _("What I said as superior"),
        "coaching": _("Coaching"), "goals": _("My coaching goals"), "scales": _("Where I said I stood"),
        "sheets": _("What we worked out in coaching, as I wrote it"), "coaching_reviews": _("My looks back on coaching"),
        "coaching_shares": _("What I shared with my superior"), "coaching_questions": _("What I asked my superior"),
        "coaching_ends": _("Coaching that I ended early, and why"), "credentials": _("My papers as a coach"),
        "meetings": _("Sessions"), "attendance_of_sessions": _("Whether I came to group sessions"),
        "times_proposed": _("Times that I proposed"), "agenda": _("What I put on agendas"),
        "tasks": _("What I have to do, and what I gave others to do"), "notes": _("Shared notes that I wrote"),
        "private_notes": _("My private notes"), "afterthoughts": _("What I said after sessions"),
        "earlier_texts": _("Earlier states of shared texts that I wrote"), "thanks_given": _("Thanks that I gave"),
        "thanks_got": _("Thanks that I got"), "concerns": _("What I confided to a safe person"),
        "safe_person": _("Since when people may confide in me"), "communities": _("Communities"),
        "founded": _("Communities that I founded"), "entries": _("How I came to communities"),
        "keeping": _("What I look after in communities"), "promises": _("What I promised a community"),
        "cycle_reviews": _("Looks back that I wrote for a community"), "moderating": _("Communities that I moderate"),
        "moderation": _("What moderators did about me"), "reports": _("What I reported"),
        "messages": _("What I wrote in communities"), "attachments": _("Files that I shared"),
        "mentions": _("When I was named"), "reactions": _("My reactions"), "votes": _("My votes in polls"),
        "rooms_made": _("Rooms that I opened"), "topics": _("Topics that I opened or settled"),
        "room_choices": _("Rooms that I follow or mute"), "topic_choices": _("Topics that I follow or mute"),
        "gatherings": _("Gatherings that I led or planned"), "attendance": _("Gatherings that I came to"),
        "points": _("Points that I put on the agenda of gatherings"), "follow_ups": _("What I took on after gatherings"),
        "hands": _("When I asked to speak"), "decisions": _("Decisions that I opened"),
        "stances": _("Where I stood in decisions"), "questions": _("Questions that I asked or settled"),
        "help_asked": _("Questions that I was asked to answer"), "help_pause": _("Until when I am asked nothing"),
        "knowledge_pages": _("Knowledge pages that I wrote or reviewed"), "page_versions": _("Versions of pages that I wrote"),
        "material": _("Material that I added"),
    }  # fmt: skip


def theme_name(code: str) -> str:
    """The heading under which parts stand together."""
    return {
        "house": _("My account"),
        "growth": _("My learning"),
        "finding": _("Finding each other"),
        "pairs": _("Mentoring, coaching, sessions"),
        "rooms": _("Learning communities"),
    }[code]


def reason_name(code: str) -> str:
    """Why something that names a person is not in their record."""
    return {
        "office": _("What you did in an office for the agency stands as a deed under “What I did”."),
        "theirs": _("What others said of you, chose or keep to themselves is in their record, not in yours."),
        "derived": _("What is worked out anew from these data is not told twice."),
        "elsewhere": _("What is here already by another of its fields is not told twice."),
        "passing": _("What is kept only so that pages open where you left them is not listed."),
    }[code]


def seen_by(code: str) -> str:
    """Who else could see it."""
    return {
        "me": _("only you"),
        "agency_hr": _("colleagues see name, unit, job and what you tell of yourself; NIP, rank and contract only you and HR"),
        "hr": _("you and HR of your unit"),
        "superior_hr": _("you, your superiors and HR of your unit"),
        "pair": _("you and the other of the two"),
        "pair_hr": _("you and the other of the two; HR sees counts, dates and stages, never a text"),
        "sums": _("only you; others see sums of five people and more"),
        "agency": _("everybody of the agency"),
        "room": _("the members of the community"),
        "administrator": _("administrators, as codes without texts"),
        "public": _("you, your superiors, HR, and whoever holds the paper"),
        "agency_times": _("colleagues with whom you may meet see free times, never what for"),
        "moderators": _("you and the moderators of the community"),
        "safe": _("you and the safe person whom you chose"),
        "stance": _("you; the members of the community where the decision is not secret"),
    }[code]


def field_name(code: str) -> str:
    """What a field is."""
    return _field_names(str(get_locale()))[code]


@cache  # a record names hundreds, each out of hundreds
def _field_names(_language: str) -> dict[str, str]:
    return {
        "name": _("Name"), "email": _("E-mail"), "nip": _("NIP, the civil servant number"), "title_before": _("Title before"),
        "title_after": _("Title after"), "contract": _("Kind of contract"), "rank": _("Rank"), "unit": _("Unit"),
        "job": _("Job"), "in_field_since": _("In the field since"), "languages": _("Languages"), "place": _("Place"),
        "timezone": _("Time zone"), "locale": _("Language of the pages"), "bio": _("About me"),
        "can_help_with": _("What I can help with"), "wants_to_grow_in": _("What I want to grow in"), "state": _("State"),
        "created_at": _("Made on"), "role": _("Role"), "at": _("When"), "device": _("Device"), "address": _("Network address"),
        "seen_at": _("Last seen"), "ended_at": _("Ended"), "competency": _("Competency"), "level": _("Level"),
        "source": _("Source"), "day": _("Day"), "by": _("By"), "path": _("Path"), "minutes": _("Minutes"), "jp": _("JP"),
        "origin": _("The deed it came from"), "reason": _("Why it was corrected"), "activity": _("Activity"),
        "note": _("What the superior said"), "year": _("Year"), "number": _("Number"), "revoked_at": _("Revoked"),
        "dimension": _("Part of the index"), "value": _("Value"), "title": _("Title"), "before": _("Right answers before"),
        "after": _("Right answers after"), "most": _("Questions"), "useful": _("How useful, 1 to 5"),
        "usable": _("Usable at work, 1 to 5"), "side": _("As"), "with": _("With"), "stage": _("Stage"), "text": _("Text"),
        "why": _("Why it matters"), "sign": _("How one will notice"), "mode": _("How we met"), "summary": _("Outcome"),
        "kind": _("Kind"), "capacity": _("Places"), "message": _("Message"), "closed_at": _("Closed"),
        "community": _("Community"), "read_at": _("Read"), "purpose": _("Purpose"),
        "given": _("Agreed"), "answer": _("Answer"),
        "answers": _("Answers"), "barriers": _("Barriers"), "budget": _("Budget in rupiah"), "by_mail": _("By mail"),
        "changed": _("What changed"), "count": _("How many"), "ends": _("Ends"), "file": _("File"), "filters": _("Filters"),
        "hours": _("Hours"),
        "in_app": _("In the app"), "keep": _("What to keep"), "last": _("Last day"), "lessons": _("Lessons"), "link": _("Link"),
        "open_to_offers": _("Mentors may offer me help"), "opportunities": _("Opportunities"), "options": _("Options"),
        "out": _("Taken out, or left"), "provider": _("Provider"), "reality": _("Reality"), "starts": _("Begins"),
        "unranked": _("I object to being ranked"), "until": _("Until"), "used_at": _("Used"),
        "weekday": _("Weekday, 0 is Monday"), "where": _("Where"), "units": _("Sessions, days or activities"),
        "counted": _("Counted of them"), "full": _("JP without the cap"), "rule": _("Version of the rule"),
        "abroad": _("Abroad"), "decided_at": _("Decided"), "required": _("Required level"), "actual": _("Level held"),
        "month_from": _("From month"), "month_to": _("To month"), "priority": _("Priority, 1 is high"),
        "printed": _("What stands in it"), "code": _("Code of its public page"),
    }  # fmt: skip
