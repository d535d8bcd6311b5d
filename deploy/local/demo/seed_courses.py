"""Holds courses: from who teaches them where, over their waiting lines and sheets, to their certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deploy.local.demo.api import Advance, Api, Json, each
from deploy.local.demo.curricula import HALLS, SUBJECTS, Hall, Subject, subject_of
from deploy.local.demo.training import BUSINESS, WITH_A_PIECE, Course, Presence, Session

REISSUED_OF = BUSINESS
"""The course of which one certificate is issued again."""

MOVED_AWAY = "Pindah jadwal kerja"


@dataclass(frozen=True, slots=True)
class Opened:
    """A course with its cohort, as the system answers it."""

    course: Course
    cohort: Json

    @property
    def path(self) -> str:
        """Of the cohort."""
        return f"/v1/cohorts/{self.cohort['cohort_id']}"


async def teach(api: Api, courses: Sequence[Course], makers: Sequence[str], done: Advance) -> None:
    """All courses. Everybody has a seat, or a place in line, before anybody completes."""
    trainers: dict[str, str] = {}

    async def hire(subject: Subject) -> None:
        trainer = await api.post("/v1/trainers", subject.teacher(), f"trainer/{subject.craft}")
        trainers[subject.craft] = trainer["trainer_id"]
        await api.post("/v1/curricula", subject.curriculum(), f"curriculum/{subject.code}")

    async def find_room(hall: Hall) -> None:
        await api.post("/v1/places", hall.place(), f"place/{hall.code}")

    opened: dict[str, Opened] = {}

    async def fill(course: Course) -> None:
        cohort = await api.post("/v1/cohorts", _plan(course, trainers[course.craft]), f"cohort/{course.craft}")
        opened[course.craft] = Opened(course, cohort)
        await _seat(api, opened[course.craft], makers)

    await each(SUBJECTS, hire, _quietly)
    await each(HALLS, find_room, _quietly)
    await each(courses, fill, _quietly)
    await each(opened.values(), lambda one: _hold(api, one, makers), done)


async def _seat(api: Api, opened: Opened, makers: Sequence[str]) -> None:
    """Makers enrol one after the other: seats go to those who come first, and who leaves makes room for the next."""
    course = opened.course
    for number in course.applicants:
        enrolment = {"maker_id": makers[number], "since": course.enrolled_on(number).isoformat()}
        await api.post(f"{opened.path}/enrolments", enrolment, f"enrolment/{course.craft}/{number}")
    for gone, offers in zip(course.leaving, course.answers, strict=True):
        path = f"{opened.path}/enrolments/{makers[gone]}/cancellation"
        await api.post(path, {"reason": MOVED_AWAY}, f"cancellation/{course.craft}/{gone}")
        for number in offers[:-1]:
            path = f"{opened.path}/enrolments/{makers[number]}/refusal"
            await api.post(path, {}, f"refusal/{course.craft}/{number}")
        path = f"{opened.path}/enrolments/{makers[offers[-1]]}/acceptance"
        since = {"since": course.enrolled_on(offers[-1]).isoformat()}
        await api.post(path, since, f"acceptance/{course.craft}/{offers[-1]}")


async def _hold(api: Api, opened: Opened, makers: Sequence[str]) -> None:
    course = opened.course
    for planned, session in zip(opened.cohort["sessions"], course.sessions, strict=True):
        await _meet(api, planned["session_id"], session, makers)
    if course.craft == WITH_A_PIECE:
        await _look_at_pieces(api, opened, makers)
    end = {"ended_on": course.ended_on.isoformat()}
    ended = await api.post(f"{opened.path}/completion", end, f"completion/{course.craft}")
    if course.craft == REISSUED_OF:
        number = min(certificate["number"] for certificate in ended["certificates"])
        await api.post(f"/v1/certificates/{number}/reissue", {"reason": "Kertasnya rusak terkena air"}, "reissue")


async def _meet(api: Api, session_id: str, session: Session, makers: Sequence[str]) -> None:
    """The sheet names the exceptions, and at the end everybody knows how long it really was."""
    path = f"/v1/sessions/{session_id}"
    sheet = {"entries": [_entry(mark, makers) for mark in session.sheet], "others": "present"}
    await api.post(f"{path}/attendance", sheet, f"attendance/{session_id}")
    held = {"actual_start": _text(session.actual_start), "actual_minutes": session.actual_minutes}
    await api.post(f"{path}/completion", held, f"held/{session_id}")
    if session.amended:
        entries = [_entry(mark, makers) for mark in session.amended]
        amendment = {"entries": entries, "reason": "Di lembar kertas tertulis pulang satu jam lebih awal"}
        await api.post(f"{path}/amendments", amendment, f"amendment/{session_id}")


async def _look_at_pieces(api: Api, opened: Opened, makers: Sequence[str]) -> None:
    """The first piece of one maker is not good enough; her second one is."""
    graduates = opened.course.graduates()
    for number, accepted in [(graduates[0], False), *[(number, True) for number in graduates]]:
        piece = {"maker_id": makers[number], "accepted": accepted, "piece": "Dompet dengan ritsleting"}
        await api.post(f"{opened.path}/practicals", piece, f"practical/{number}/{accepted}")


def _plan(course: Course, trainer_id: str) -> Json:
    timetable = course.timetable
    recurrence = {
        "weekdays": list(timetable.weekdays),
        "start": f"{timetable.start:%H:%M}",
        "from": timetable.since.isoformat(),
        "except": [day.isoformat() for day in timetable.left_out],
    }
    return {
        "curriculum": subject_of(course.craft).code,
        "rusun": course.rusun,
        "place": f"aula-{course.rusun}",
        "trainers": [trainer_id],
        "capacity": course.capacity,
        "recurrence": recurrence,
    }


def _entry(presence: Presence, makers: Sequence[str]) -> Json:
    entry: Json = {"maker_id": makers[presence.number], "status": presence.status}
    return entry if presence.minutes is None else entry | {"minutes": presence.minutes}


def _text(moment: datetime) -> str:
    return moment.isoformat()


def _quietly(parts: int = 1) -> None:
    """Of what is no step of its own nothing is shown."""
