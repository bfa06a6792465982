"""Groups of the demo: one that lives and meets, one that has room."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.cli.demo.pairs import at, free_moment
from mentorlink.kernel import clock
from mentorlink.kernel.actor import Actor
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import AgendaText, MeetingLog, MeetingPlan, PrivateText, Promise
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.actions import save_notes, say_afterwards
from mentorlink.sessions.meetings.notes.inputs import Afterwards, NotesText
from mentorlink.sessions.meetings.queries import free_times_for, meeting_for
from mentorlink.sessions.mentoring.groups import actions
from mentorlink.sessions.mentoring.groups.inputs import Asking, GroupInput, Invited
from mentorlink.sessions.mentoring.groups.models import Group
from mentorlink.sessions.mentoring.groups.queries import group_to_lead_for, mentees_to_invite_for
from mentorlink.sessions.mentoring.models import Mentorship, Target

NAME = "Menulis telaah yang dibaca"
ABOUT = (
    "Sebulan sekali kita membaca satu telaah dari tempat kerja salah satu dari kita, lalu menulis ulang halaman pertamanya "
    "bersama. Sasaran tiap mentee tetap miliknya sendiri."
)
OTHER_NAME = "Data sederhana untuk keputusan sehari-hari"
OTHER_ABOUT = "Dari tabel ke satu grafik, dari satu grafik ke satu kalimat. Bawa data dari pekerjaan Anda sendiri."
WORDS = (
    "Telaah saya sering dikembalikan karena terlalu panjang. Saya ingin belajar dari contoh teman-teman.",
    "Saya pindah unit tahun ini dan banyak menulis untuk pimpinan. Belajar bersama terasa lebih ringan.",
    "Saya ingin tahu bagaimana rekan di unit lain menyusun telaah.",
)
SESSIONS = (
    (40, "Halaman pertama: apa yang diminta dari pembaca, dalam dua kalimat.", ("Telaah dari Biro Umum", "Dua kalimat pertama"),
     "Setiap orang menulis ulang dua kalimat pembuka; yang terpendek ternyata yang paling jelas."),
    (12, "Data pendukung: mana yang masuk lampiran, mana yang di badan telaah.", ("Tabel yang terlalu lebar", "Lampiran"),
     "Aturan kita: satu tabel kecil di badan, sisanya di lampiran. Sesi berikut membawa contoh sendiri."),
)  # fmt: skip
LATELY = 20
"""Who joins so many days ago or later finds only what begins from then on."""
AHEAD = ("Telaah yang dibawa masing-masing", "Apa yang sudah dicoba sejak sesi lalu")
PROMISE = "Membawa satu telaah sendiri dengan halaman pertama yang sudah ditulis ulang"


def make(people: People) -> None:
    """One group that has met twice and meets again; another with room."""
    mentor = people.actor(people.cast["mentor_full"])
    with clock.at(at(75)):
        group = actions.open_group(mentor, GroupInput(name=NAME, about=ABOUT, places=6, competency_ids=_taught(mentor)))
    with clock.at(at(60)):
        for person in mentees_to_invite_for(mentor, group_to_lead_for(mentor, group.id))[:3]:
            member = actions.invite_to_group(mentor, group_to_lead_for(mentor, group.id), Invited(person_id=person.id))
            actions.join_group(people.actor(person.id), member)
    for days, summary, agenda, notes in SESSIONS:
        with clock.at(at(days + 2)):
            if days < LATELY:
                _newcomers(people, mentor, group.id, number=2, join=True)
        _met(people, mentor, group_to_lead_for(mentor, group.id), days, summary, agenda, notes)
    with clock.at(at(2)):
        _newcomers(people, mentor, group.id, number=1, join=False)
        _plan(mentor, group_to_lead_for(mentor, group.id))
    _other(people)


def _taught(mentor: Actor) -> list[int]:
    """What the mentor's mentees work on most."""
    query = (
        sa.select(Target.competency_id)
        .join(Mentorship, Mentorship.id == Target.mentorship_id)
        .where(Mentorship.mentor_id == mentor.person_id)
        .group_by(Target.competency_id)
        .order_by(sa.func.count().desc(), Target.competency_id)
        .limit(2)
    )
    return list(db.session.scalars(query))


def _newcomers(people: People, mentor: Actor, group_id: int, *, number: int, join: bool) -> None:
    """People without a mentor ask to join; the mentor takes them in, or has not answered yet."""
    paired = set(db.session.scalars(sa.select(Mentorship.mentee_id))) | set(people.cast.values())
    for person_id in people.everyone[7::13]:
        if number == 0:
            return
        if person_id in paired:
            continue
        with suppress(Conflict):  # who stands in the mentor's line of command
            words = Asking(words=WORDS[number % len(WORDS)])
            member = actions.ask_to_join(people.actor(person_id), db.session.get_one(Group, group_id), words)
            if member.state != "asked":
                continue
            if join:
                actions.join_group(mentor, member)
            number -= 1


def _met(people: People, mentor: Actor, group: Group, days: int, summary: str, agenda: tuple[str, ...], notes: str) -> None:
    """A session that was held, with who was there, written down as it is in a group."""
    members = [member.person_id for member in group.series.members if member.person_id != mentor.person_id]
    there = members if days > 20 else members[:-1] or members
    moment = datetime.combine((clock.now() - timedelta(days=days)).date(), datetime.min.time(), ZoneInfo(mentor.timezone))
    moment += timedelta(days={5: 2, 6: 1}.get(moment.weekday(), 0), hours=14)
    moment = free_moment(moment, 90, [*there, mentor.person_id or 0]).astimezone(ZoneInfo(mentor.timezone))
    with clock.at(moment + timedelta(hours=2)):
        log = MeetingLog(day=moment.date(), at=moment.time(), minutes=90, summary=summary, counted=True, present=there)
        meeting = meetings.log_meeting(mentor, group.series, log)
        for text in agenda:
            meetings.add_agenda_item(mentor, meeting, AgendaText(text=text))
        save_notes(people.actor(there[0]), meeting, NotesText(body=notes))
        meetings.save_private_note(mentor, meeting, PrivateText(body="Beri ruang lebih dulu kepada yang jarang bicara."))
        due = moment.date() + timedelta(days=21)
        meetings.agree_action_item(mentor, group.series, Promise(text=PROMISE, owner_id=there[-1], due_on=due), meeting=meeting)
        _say(people, mentor, meeting, there)


def _say(people: People, mentor: Actor, meeting: Meeting, there: list[int]) -> None:
    for person_id in (mentor.person_id or 0, *there):
        mine = person_id == mentor.person_id
        said = {"agenda": "other" if mine else "me", "proposed": "both", "decided": "both", "useful": 4 + person_id % 2}
        who = people.actor(person_id)
        say_afterwards(who, meeting_for(who, meeting.id), Afterwards.model_validate(said))


def _plan(mentor: Actor, group: Group) -> None:
    """The next session, at a time when all of them are free."""
    free = free_times_for(mentor, group.series, minutes=90, first=clock.today(mentor.timezone) + timedelta(days=5), days=20)
    for moment in free[:40]:
        with suppress(Conflict):
            plan = MeetingPlan(slots=[moment], minutes=90, place="Ruang baca lantai 1", agenda="\n".join(AHEAD), anyway=True)
            meetings.plan_meeting(mentor, group.series, plan)
            return


def _other(people: People) -> None:
    """Another group with room; somebody is invited, and the cast's mentee finds it."""
    mentor = people.actor(people.cast["mentor"])
    with clock.at(at(6)):
        group = actions.open_group(
            mentor, GroupInput(name=OTHER_NAME, about=OTHER_ABOUT, places=5, competency_ids=_taught(mentor))
        )
        for person in mentees_to_invite_for(mentor, group_to_lead_for(mentor, group.id))[:1]:
            actions.invite_to_group(mentor, group_to_lead_for(mentor, group.id), Invited(person_id=person.id))
