"""Holds a course from its opening to its certificates."""

from collections.abc import Sequence
from datetime import datetime

from deploy.local.demo.api import Api, Json
from deploy.local.demo.training import PLANNED, REQUIRED_SHARE, Course, Presence, Session


async def hold(api: Api, course: Course, makers: Sequence[str]) -> None:
    """Makers enrol one after the other: seats go to those who come first."""
    cohort = await api.post("/v1/cohorts", _plan(course), f"cohort/{course.craft}")
    for number in course.applicants:
        enrolment = {"maker_id": makers[number]}
        once = f"enrolment/{course.craft}/{number}"
        await api.post(f"/v1/cohorts/{cohort['cohort_id']}/enrolments", enrolment, once)
    for planned, session in zip(cohort["sessions"], course.sessions, strict=True):
        await _meet(api, planned, session, makers)
    await api.post(f"/v1/cohorts/{cohort['cohort_id']}/completion", {}, f"completion/{course.craft}")


async def _meet(api: Api, planned: Json, session: Session, makers: Sequence[str]) -> None:
    """The sheet goes round, and at the end everybody knows how long it really was."""
    path = f"/v1/sessions/{planned['session_id']}"
    sheet = {"entries": [_entry(presence, makers) for presence in session.sheet]}
    await api.post(f"{path}/attendance", sheet, f"attendance/{planned['session_id']}")
    held = {"actual_start": _text(session.actual_start), "actual_minutes": session.actual_minutes}
    await api.post(f"{path}/completion", held, f"held/{planned['session_id']}")


def _plan(course: Course) -> Json:
    return {
        "craft": course.craft,
        "title": course.title,
        "rusun": course.rusun,
        "trainer": course.trainer,
        "capacity": course.capacity,
        "required_share": REQUIRED_SHARE,
        "sessions": [
            {"planned_start": _text(session.planned_start), "planned_minutes": PLANNED} for session in course.sessions
        ],
    }


def _entry(presence: Presence, makers: Sequence[str]) -> Json:
    entry: Json = {"maker_id": makers[presence.number], "status": presence.status}
    return entry if presence.minutes is None else entry | {"minutes": presence.minutes}


def _text(moment: datetime) -> str:
    return moment.isoformat()
