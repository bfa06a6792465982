"""What stands around the demo's pairs: who steered, thanks passed on, safe people, what a superior may see of a coaching."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from mentorlink.cli.demo.agency import People
from mentorlink.cli.demo.pairs import at, free_moment
from mentorlink.kernel import clock
from mentorlink.kernel.db import db
from mentorlink.kernel.errors import Conflict
from mentorlink.sessions.care import actions as care
from mentorlink.sessions.care.inputs import AnswerText, ConcernText, SafePersonChoice, ThanksText
from mentorlink.sessions.care.queries import safe_people
from mentorlink.sessions.coaching import actions as coaching
from mentorlink.sessions.coaching.inputs import CredentialInput, Shares
from mentorlink.sessions.coaching.models import Engagement
from mentorlink.sessions.meetings import actions as meetings
from mentorlink.sessions.meetings.inputs import MeetingLog
from mentorlink.sessions.meetings.models import Meeting
from mentorlink.sessions.meetings.notes.actions import say_afterwards
from mentorlink.sessions.meetings.notes.inputs import Afterwards
from mentorlink.sessions.mentoring.models import Mentorship

THANKS = (
    "Terima kasih sudah sabar mendengarkan sebelum menjawab. Sekarang saya berani memaparkan hitungan saya sendiri.",
    "Contoh-contoh Bapak dari lapangan membuat saya mengerti mengapa, bukan hanya bagaimana.",
    "Enam bulan ini mengubah cara saya menyiapkan rapat. Terima kasih atas waktu Ibu.",
)
TALK = "Membahas laporan akhir lewat telepon; mentor mengusulkan urutan bab dan menetapkan tenggatnya."
CONCERN = "Beberapa kali sesi kami dipindah ke malam hari di luar kantor, dan saya sungkan menolak. Bagaimana sebaiknya?"
ANSWER = "Terima kasih sudah bercerita. Anda berhak menolak. Mari bertemu besok; tidak ada yang diberi tahu tanpa izin Anda."
CREDENTIALS = (
    ("Pelatihan Coaching bagi Pejabat", "Lembaga Administrasi Negara"),
    ("Praktik coaching 60 jam", "Badan Kepegawaian"),
)


def make(people: People) -> None:
    """A few rows of each."""
    hr = people.actor(people.cast["programme_manager"])
    spread = people.everyone[11 :: max(1, len(people.everyone) // 3)][:2]
    for person_id in (people.cast["facilitator"], *spread):
        care.name_safe_person(hr, SafePersonChoice(person_id=person_id))
    _talk_late(people)
    _afterwards(people)
    _thanks(people)
    _concern(people)
    _coaching(people)


def _talk_late(people: People) -> None:
    """The mentor who is full met once more with a mentee who is near the end, so that there is something to look back on."""
    full = people.cast["mentor_full"]
    late = sa.select(Mentorship).where(
        Mentorship.mentor_id == full, Mentorship.state == "active", Mentorship.stage == "confirmative"
    )
    mentorship = db.session.scalars(late.order_by(Mentorship.id)).first()
    if mentorship is not None:
        when = free_moment(at(5, 8), 45, mentorship.person_ids)
        with clock.at(when + timedelta(hours=2)):
            here = when.astimezone(ZoneInfo(people.actor(full).timezone))
            log = MeetingLog(day=here.date(), at=here.time(), minutes=45, mode="phone", summary=TALK)
            meetings.log_meeting(people.actor(full), mentorship.series, log)


def _afterwards(people: People) -> None:
    """Both say who steered; with the mentor who is full it is still the mentor, who therefore gets a tip."""
    query = sa.select(Mentorship).where(Mentorship.state == "active", Mentorship.stage.in_(("collaborative", "confirmative")))
    for mentorship in db.session.scalars(query.order_by(Mentorship.id).limit(12)).all():
        steered = mentorship.mentor_id == people.cast["mentor_full"]
        held = sa.select(Meeting).where(Meeting.series_id == mentorship.series_id, Meeting.state == "held")
        for meeting in db.session.scalars(held.order_by(Meeting.starts_at)).all():
            for person_id in mentorship.person_ids:
                mine = person_id == mentorship.mentor_id
                word = ("me" if mine else "other") if steered else ("other" if mine else "me")
                said = Afterwards.model_validate(
                    {"agenda": word, "proposed": "both", "decided": word, "useful": 4 + meeting.id % 2}
                )
                if steered:
                    said = said.model_copy(update={"proposed": word})
                say_afterwards(people.actor(person_id), meeting, said)


def _thanks(people: People) -> None:
    closed = sa.select(Mentorship).where(Mentorship.state == "closed").order_by(Mentorship.id.desc()).limit(len(THANKS))
    for words, mentorship in zip(THANKS, db.session.scalars(closed).all(), strict=False):
        text = ThanksText(to_id=mentorship.mentor_id, text=words, may_pass_on=True)
        thanks = care.send_thanks(people.actor(mentorship.mentee_id), mentorship.series, text)
        with suppress(Conflict):  # the head of the agency has no superior
            care.pass_thanks_on(people.actor(mentorship.mentor_id), thanks)


def _concern(people: People) -> None:
    cast = set(people.cast.values())
    pairs = (
        sa.select(Mentorship)
        .where(Mentorship.state == "active", Mentorship.mentee_id.not_in(cast))
        .order_by(Mentorship.id.desc())
    )
    for mentorship in db.session.scalars(pairs.limit(20)).all():
        if safe := safe_people(people.actor(mentorship.mentee_id), mentorship.series):
            data = ConcernText(to_id=safe[0].id, text=CONCERN)
            concern = care.raise_concern(people.actor(mentorship.mentee_id), mentorship.series, data)
            care.answer_concern(people.actor(safe[0].id), concern, AnswerText(text=ANSWER))
            return


def _coaching(people: People) -> None:
    coach = people.actor(people.cast["coach"])
    for title, issuer in CREDENTIALS:
        coaching.add_credential(coach, CredentialInput(title=title, issuer=issuer))
    for engagement in db.session.scalars(
        sa.select(Engagement).where(Engagement.state == "engaged").order_by(Engagement.id)
    ).all():
        with suppress(Conflict):  # whose superior coaches them, or who has none
            shares = Shares(items=["coached", "goal", "sessions"])
            coaching.share_with_superior(people.actor(engagement.coachee_id), engagement, shares)
