"""Opening cohorts and enrolling makers in them."""

from collections.abc import Sequence
from uuid import UUID

from services.training.domain import courses
from services.training.domain.courses import CohortFacts
from services.training.domain.seats import Deed, in_line
from services.training.handlers import teaching
from services.training.handlers.clashes import list_clashes_of_maker
from services.training.handlers.people import find_rusun, lock_trainee
from services.training.storage import courses as storage
from services.training.storage import seats as seats_storage
from services.training.storage.cohorts import get_cohort
from services.training.storage.teaching import list_accounts
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
from shared.contracts.training.teaching import Curriculum
from shared.db import Tx
from shared.errors import NotFound, Rejected
from shared.runtime.envelope import Received, named_id


async def open_cohort(command: Received[OpenCohort], tx: Tx) -> tuple[Cohort, list[Event]]:
    """A cohort with its planned sessions, numbered as they follow each other. Clashes are told, not refused."""
    data = command.data
    await find_rusun(tx, data.rusun)
    curriculum = await teaching.find_curriculum(tx, data.curriculum) if data.curriculum else None
    trainers = await teaching.find_trainers(tx, data.trainers)
    if data.place:
        await teaching.find_place(tx, data.place)
    new = _new_cohort(command, curriculum, list(trainers.values()))
    await storage.add_cohort(tx, new, command.now, command.actor)
    await storage.add_sessions(tx, new)
    await storage.add_trainers(tx, new.cohort_id, list(trainers))
    opened = CohortOpened(
        cohort_id=new.cohort_id,
        craft=new.craft,
        title=new.title,
        rusun=new.rusun,
        capacity=new.capacity,
        sessions=len(new.sessions),
    )
    accounts = await list_accounts(tx, [new.cohort_id])
    return await find_whole(tx, new.cohort_id), [opened, *teaching.assigned(accounts)]


async def enrol(command: Received[Enrol], tx: Tx) -> tuple[Enrolment, list[Event]]:
    """Gives the maker a seat, or a place in the waiting line when there is none."""
    cohort_id, maker_id = command.data.cohort_id, command.data.maker_id
    cohort = await find_cohort(tx, cohort_id)
    courses.check_open(cohort)
    since = courses.moment_on("since", command.data.since, command.now)
    await lock_trainee(tx, maker_id)
    seat = courses.next_seat(cohort.capacity, await storage.get_taken(tx, cohort_id))
    enrolment = Enrolment(cohort_id=cohort_id, maker_id=maker_id, state=seat.state, position=seat.position)
    trained = await seats_storage.has_completed_a_cohort(tx, maker_id)
    if not await storage.add_enrolment(tx, enrolment, trained, since, command.actor):
        raise Rejected("already_enrolled", f"Maker {maker_id} is in cohort {cohort_id} already")
    await seats_storage.add_steps(tx, cohort_id, [maker_id], Deed(command.now, command.actor))
    if seat.position:
        line = await rank(tx, cohort_id)
        enrolment = enrolment.model_copy(update={"position": line.index(maker_id) + 1})
    else:
        enrolment = enrolment.model_copy(update={"clashes": await list_clashes_of_maker(tx, cohort_id, maker_id)})
    return enrolment, [_enrolled(cohort, enrolment)]


async def rank(tx: Tx, cohort_id: UUID) -> list[UUID]:
    """Those who wait, in their order, each with her position. The cohort is locked by whoever asks."""
    line = in_line(await seats_storage.list_waiting(tx, cohort_id))
    await seats_storage.mark_positions(tx, cohort_id, line)
    return line


async def find_whole(tx: Tx, cohort_id: UUID) -> Cohort:
    """As it stands in this transaction. Raises NotFound."""
    cohort = await get_cohort(tx, cohort_id)
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    return cohort


async def find_cohort(tx: Tx, cohort_id: UUID) -> CohortFacts:
    """Locks it until the transaction ends. Raises NotFound."""
    cohort = await storage.lock_cohort(tx, cohort_id)
    if cohort is None:
        raise NotFound("cohort_not_found", f"There is no cohort {cohort_id}")
    return cohort


def _new_cohort(command: Received[OpenCohort], curriculum: Curriculum | None, trainers: list[str]) -> Cohort:
    """`trainers`: their names."""
    data = command.data
    taught = courses.what_is_taught(data, curriculum)
    return Cohort(
        cohort_id=command.id,
        craft=taught.craft,
        title=taught.title,
        rusun=data.rusun,
        trainer=courses.who_teaches(data, trainers),
        capacity=data.capacity,
        required_share=taught.required_share,
        practical_required=taught.practical_required,
        completed_at=None,
        curriculum=curriculum and curriculum.code,
        curriculum_version=curriculum and curriculum.version,
        place=data.place,
        offer_seconds=data.offer_seconds,
        sessions=_new_sessions(command, curriculum, taught.titles),
        enrolments=[],
    )


def _new_sessions(
    command: Received[OpenCohort], curriculum: Curriculum | None, titles: Sequence[str]
) -> list[SessionView]:
    planned = courses.when_it_is_taught(command.data, curriculum)
    return [
        SessionView(
            session_id=named_id(command.id, "session", number),
            number=number,
            planned_start=session.planned_start,
            planned_minutes=session.planned_minutes,
            actual_start=None,
            actual_minutes=None,
            completed_at=None,
            title=titles[number - 1] if number <= len(titles) else None,
        )
        for number, session in enumerate(planned, start=1)
    ]


def _enrolled(cohort: CohortFacts, enrolment: Enrolment) -> Event:
    if enrolment.position is None:
        return MakerEnrolled(cohort_id=cohort.cohort_id, maker_id=enrolment.maker_id, craft=cohort.craft)
    return MakerWaitlisted(cohort_id=cohort.cohort_id, maker_id=enrolment.maker_id, position=enrolment.position)
