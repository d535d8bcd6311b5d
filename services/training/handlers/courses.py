"""Opening cohorts and enrolling makers in them."""

from uuid import UUID

from services.training.domain import courses
from services.training.domain.courses import CohortFacts
from services.training.handlers.people import find_rusun
from services.training.storage import courses as storage
from services.training.storage.people import get_registered_at
from shared.contracts.message import Event
from shared.contracts.training import (
    Cohort,
    CohortOpened,
    Enrol,
    Enrolment,
    MakerEnrolled,
    MakerWaitlisted,
    OpenCohort,
    SessionView,
)
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received, named_id


async def open_cohort(command: Received[OpenCohort], tx: Tx) -> tuple[Cohort, list[Event]]:
    """A cohort with its planned sessions, numbered as they follow each other."""
    cohort = _new_cohort(command)
    await find_rusun(tx, cohort.rusun)
    await storage.add_cohort(tx, cohort, command.now, command.actor)
    await storage.add_sessions(tx, cohort)
    opened = CohortOpened(
        cohort_id=cohort.cohort_id,
        craft=cohort.craft,
        title=cohort.title,
        rusun=cohort.rusun,
        capacity=cohort.capacity,
        sessions=len(cohort.sessions),
    )
    return cohort, [opened]


async def enrol(command: Received[Enrol], tx: Tx) -> tuple[Enrolment, list[Event]]:
    """Gives the maker a seat, or a place in the waiting line when there is none."""
    cohort_id, maker_id = command.data.cohort_id, command.data.maker_id
    cohort = await find_cohort(tx, cohort_id)
    courses.check_open(cohort)
    if await get_registered_at(tx, maker_id) is None:
        raise NotFound("maker_not_found", f"There is no maker {maker_id}")
    seat = courses.next_seat(cohort.capacity, await storage.get_taken(tx, cohort_id))
    enrolment = Enrolment(cohort_id=cohort_id, maker_id=maker_id, state=seat.state, position=seat.position)
    if not await storage.add_enrolment(tx, enrolment, command.now, command.actor):
        raise Rejected("already_enrolled", f"Maker {maker_id} is in cohort {cohort_id} already")
    return enrolment, [_enrolled(cohort, enrolment)]


async def find_cohort(tx: Tx, cohort_id: UUID) -> CohortFacts:
    """Locks it until the transaction ends. Raises NotFound."""
    cohort = await storage.lock_cohort(tx, cohort_id)
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    return cohort


def _new_cohort(command: Received[OpenCohort]) -> Cohort:
    data = command.data
    return Cohort(
        cohort_id=command.id,
        craft=data.craft,
        title=data.title,
        rusun=data.rusun,
        trainer=data.trainer,
        capacity=data.capacity,
        required_share=data.required_share,
        practical_required=data.practical_required,
        completed_at=None,
        sessions=[
            SessionView(
                session_id=named_id(command.id, "session", number),
                number=number,
                planned_start=planned.planned_start,
                planned_minutes=planned.planned_minutes,
                actual_start=None,
                actual_minutes=None,
                completed_at=None,
            )
            for number, planned in enumerate(courses.in_order(data.sessions), start=1)
        ],
        enrolments=[],
    )


def _enrolled(cohort: CohortFacts, enrolment: Enrolment) -> Event:
    if enrolment.position is None:
        return MakerEnrolled(cohort_id=cohort.cohort_id, maker_id=enrolment.maker_id, craft=cohort.craft)
    return MakerWaitlisted(cohort_id=cohort.cohort_id, maker_id=enrolment.maker_id, position=enrolment.position)
