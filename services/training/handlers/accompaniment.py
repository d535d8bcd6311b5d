"""Who accompanies whom, visits, and what becomes of what was agreed on them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training.domain import accompaniment
from services.training.domain.calendar import jakarta_day
from services.training.domain.progress import check_past
from services.training.handlers.courses import find_cohort
from services.training.handlers.people import find_rusun
from services.training.handlers.progress import check_maker, withdraw
from services.training.storage import accompaniment as storage
from shared.contracts.message import Event
from shared.contracts.training.accompaniment import (
    AssignCompanion,
    CohortCompanion,
    Companion,
    DropNextStep,
    FinishNextStep,
    NextStep,
    NextStepState,
    RecordVisit,
    RusunCompanion,
    SetCohortCompanion,
    SetRusunCompanion,
    Visit,
    WithdrawVisit,
)
from shared.contracts.training.progress import MakerReachedStep, MakerStepWithdrawn
from shared.db import Tx
from shared.errors import NotFound
from shared.runtime.envelope import Received, named_id

STEP = "accompaniment"


async def assign_companion(command: Received[AssignCompanion], tx: Tx) -> tuple[Companion, list[Event]]:
    """From that day on; what was before stays as it was."""
    wanted = command.data
    await check_maker(tx, wanted.maker_id)
    companion = Companion(
        maker_id=wanted.maker_id,
        companion=wanted.companion,
        since=wanted.since or jakarta_day(command.now),
        recorded_by=command.actor,
    )
    await storage.add_companion(tx, companion, command.now)
    return companion, []


async def set_cohort_companion(command: Received[SetCohortCompanion], tx: Tx) -> tuple[CohortCompanion, list[Event]]:
    """For those who will complete it."""
    wanted = command.data
    await find_cohort(tx, wanted.cohort_id)
    await storage.mark_cohort_companion(tx, wanted.cohort_id, wanted.companion, command.now, command.actor)
    return CohortCompanion(cohort_id=wanted.cohort_id, companion=wanted.companion), []


async def set_rusun_companion(command: Received[SetRusunCompanion], tx: Tx) -> tuple[RusunCompanion, list[Event]]:
    """For those who will complete a cohort while they live there."""
    wanted = command.data
    await find_rusun(tx, wanted.code)
    await storage.mark_rusun_companion(tx, wanted.code, wanted.companion, command.now, command.actor)
    return RusunCompanion(code=wanted.code, companion=wanted.companion), []


async def accompany(tx: Tx, cohort_id: UUID, makers: Sequence[UUID], at: datetime) -> None:
    """Gives those who have just completed a cohort a companion, where one is configured."""
    if makers:
        await storage.add_missing_companions(tx, cohort_id, makers, jakarta_day(at), at)


async def record_visit(command: Received[RecordVisit], tx: Tx) -> tuple[Visit, list[Event]]:
    """What was said stays here: only that and when is told."""
    said = command.data
    check_past("visited_on", said.visited_on, jakarta_day(command.now))
    accompaniment.check_due(said.visited_on, said.next_steps)
    await check_maker(tx, said.maker_id)
    await storage.add_visit(tx, command)
    await storage.add_next_steps(tx, command.id, _agreed(command))
    told = MakerReachedStep(fact_id=command.id, maker_id=said.maker_id, step=STEP, reached_on=said.visited_on)
    return await _show(tx, said.maker_id, command.id), [told]


async def withdraw_visit(command: Received[WithdrawVisit], tx: Tx) -> tuple[Visit, list[Event]]:
    """It stays readable, with the reason."""
    visit_id = command.data.visit_id
    maker_id = await storage.lock_visit_maker(tx, visit_id)
    if maker_id is None:
        raise NotFound("visit_not_found", f"There is no visit {visit_id}")
    await withdraw(command, tx, visit_id, command.data.reason)
    told = MakerStepWithdrawn(fact_id=visit_id, maker_id=maker_id, step=STEP)
    return await _show(tx, maker_id, visit_id), [told]


async def finish_next_step(command: Received[FinishNextStep], tx: Tx) -> tuple[NextStep, list[Event]]:
    return await _end(command, tx, NextStepState.DONE, command.data.note), []


async def drop_next_step(command: Received[DropNextStep], tx: Tx) -> tuple[NextStep, list[Event]]:
    return await _end(command, tx, NextStepState.DROPPED, command.data.reason), []


async def _end(
    command: Received[FinishNextStep] | Received[DropNextStep], tx: Tx, state: NextStepState, note: str | None
) -> NextStep:
    step = await storage.lock_next_step(tx, command.data.step_id)
    if step is None:
        raise NotFound("next_step_not_found", f"There is no next step {command.data.step_id}")
    accompaniment.check_open(step)
    outcome = {"state": state, "note": note, "ended_at": command.now, "ended_by": command.actor}
    ended = step.model_copy(update=outcome)
    await storage.mark_ended(tx, ended)
    return ended


def _agreed(command: Received[RecordVisit]) -> list[NextStep]:
    return [
        NextStep(
            step_id=named_id(command.id, "next-step", number),
            maker_id=command.data.maker_id,
            what=step.what,
            due_on=step.due_on,
            state=NextStepState.OPEN,
            ended_at=None,
            ended_by=None,
            note=None,
        )
        for number, step in enumerate(command.data.next_steps, start=1)
    ]


async def _show(tx: Tx, maker_id: UUID, visit_id: UUID) -> Visit:
    [visit] = await storage.list_visits(tx, maker_id, visit_id)
    return visit
