"""Courses of the demo: who gets a seat, which sessions are hers, and that the system plans what the demo plans."""

import pytest

from deploy.local.demo.curricula import HALLS, SUBJECTS, TRAINING_JUROR, subject_of
from deploy.local.demo.desk import JURORS
from deploy.local.demo.people import people
from deploy.local.demo.timetable import HOLIDAYS, TIMETABLES
from deploy.local.demo.training import AMENDED, BUSINESS, LATE_IN, SESSIONS, WENT_HOME, Course, courses
from services.training.domain.recurrence import occurrences
from shared.contracts.training import OpenCohort
from shared.contracts.training.teaching import RegisterPlace, RegisterTrainer, WriteCurriculum
from shared.contracts.training.terms import Craft

COURSES = {course.craft: course for course in courses(people())}


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES.keys())
def test_the_system_plans_the_sessions_that_the_demo_will_hold(course: Course) -> None:
    timetable = course.timetable
    recurrence = {
        "weekdays": timetable.weekdays,
        "start": f"{timetable.start:%H:%M}",
        "from": timetable.since.isoformat(),
        "except": [day.isoformat() for day in timetable.left_out],
    }
    cohort = OpenCohort.model_validate({"rusun": course.rusun, "curriculum": "any", "recurrence": recurrence})
    assert cohort.recurrence
    planned = occurrences(cohort.recurrence, [180] * SESSIONS)
    assert [session.planned_start for session in planned] == [session.planned_start for session in course.sessions]


def test_some_course_would_meet_on_a_holiday_and_does_not() -> None:
    days = {session.planned_start.date() for course in COURSES.values() for session in course.sessions}
    assert days.isdisjoint(HOLIDAYS)
    assert any(timetable.since <= HOLIDAYS[0] for timetable in TIMETABLES.values())


def test_no_place_and_no_maker_is_needed_in_two_sessions_at_once() -> None:
    places = [(course.rusun, session.planned_start) for course in COURSES.values() for session in course.sessions]
    makers = [(n, s.planned_start) for course in COURSES.values() for s in course.sessions for n in course.members]
    assert len(set(places)) == len(places)
    assert len(set(makers)) == len(makers)


def test_seats_that_are_given_up_go_along_the_line_until_somebody_takes_them() -> None:
    business = COURSES[BUSINESS]
    line = business.applicants[business.capacity :]
    assert len(business.leaving) == 2
    assert business.answers == ((line[0],), (line[1], line[2]))
    assert business.refusing == (line[1],)
    assert business.waiting == (line[3],)
    assert len(business.members) == business.capacity
    assert set(business.members).isdisjoint({*business.leaving, *business.refusing, *business.waiting})


def test_who_enrols_late_answers_only_for_the_sessions_after_that() -> None:
    course = COURSES[LATE_IN]
    assert course.late is not None
    first = course.sessions[0]
    assert course.enrolled_on(course.late) > first.planned_start.date()
    assert course.late not in {mark.number for mark in first.sheet}
    assert course.sessions_of(course.late) == course.sessions[1:]
    assert course.late in course.graduates()
    assert all(course.enrolled_on(n) < first.planned_start.date() for n in course.members if n != course.late)


def test_what_was_set_right_counts() -> None:
    [session, *others] = COURSES[AMENDED].sessions
    [mark] = session.amended
    assert session.minutes_of(mark.number) == session.actual_minutes - WENT_HOME
    assert not any(session.amended for session in others)
    assert mark.number in COURSES[AMENDED].graduates()


def test_a_sheet_names_the_exceptions_only() -> None:
    for course in COURSES.values():
        for session in course.sessions:
            named = {mark.number for mark in session.sheet}
            assert named <= set(course.members)
            assert len(named) < len(course.members)
            assert all(mark.status != "present" for mark in session.sheet)


def test_every_craft_has_a_curriculum_a_trainer_and_a_hall_as_the_system_takes_them() -> None:
    for subject in SUBJECTS:
        curriculum = WriteCurriculum.model_validate(subject.curriculum())
        assert len(curriculum.sessions) == SESSIONS
        RegisterTrainer.model_validate(subject.teacher())
    for hall in HALLS:
        RegisterPlace.model_validate(hall.place())
    assert [subject.craft for subject in SUBJECTS] == [str(craft) for craft in Craft]
    assert [subject.code for subject in SUBJECTS if subject.curriculum()["practical_required"]] == ["sewing-dasar"]


def test_the_trainer_who_judges_has_the_last_jurors_key() -> None:
    assert subject_of("batik").account == TRAINING_JUROR == f"demo-juror-{JURORS}"
